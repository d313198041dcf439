"""Signs that do not belong in a file: conflict markers, directives of another YAML, and spaces that are none."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent, ScalarEvent

from commetctl.catalog.source import DEEPEST
from commetctl.core.errors import Problem
from commetctl.core.lines import Lines
from commetctl.core.resource import Origin
from commetctl.core.spaces import ALIKE, LINE_ENDS, SIGNS, WAY_OUT, alike_in, instead, named, odd_in, way_out
from commetctl.kinds.section import Finding
from commetctl.yamltext.directives import directives
from commetctl.yamltext.sites import events

VERSION = "1.2"
_MARKER = re.compile(r"(?:^|(?<=\r))(?P<sign><{7}|\|{7}|={7}|>{7})(?=\s|\Z)", re.MULTILINE)
_INDENTED = re.compile(r"[ \t]+(?P<sign><{7}|\|{7}|={7}|>{7})(?=\s|\Z)")
#: Where YAML wants a space, or nothing: before a key or an item, behind a colon or dash, beside a bracket.
_STRUCTURAL = re.compile(
    rf"^[ \t-]*(?P<a>[{SIGNS}])|[:\-{{[,](?P<b>[{SIGNS}])|^[ \t-]*[\w-]+(?P<c>[{SIGNS}])[ \t]*:"
    rf"|(?P<d>[{SIGNS}])[ \t]*(?:[#}}\],]|$)"
)
#: Where a colon, comma, bracket or quote of another script was probably meant as one of YAML.
_ALIKE = re.compile(
    rf"^[ \t-]*(?P<a>[{''.join(ALIKE)}])|^[ \t-]*[\w-]+(?P<b>\uff1a)|[:,{{[] *(?P<c>[{''.join(ALIKE)}])"
    r"|[{,].*(?P<d>[\uff1a\uff0c\uff5d\uff3d])|\"[^\"]*(?P<e>[\u201c\u201d])|'[^']*(?P<f>[\u2018\u2019])"
)
#: Where such a space does no harm: in quotes and in comments.
_HARMLESS = re.compile(r"\"[^\"]*\"|'[^']*'|(?:^|(?<=[ \t]))#.*")
#: How many lines above its place the cause of a syntax error is looked for.
_NEAR = 3


def strangers(text: str, file: str) -> Iterator[Problem]:
    """What is found before a text is parsed: conflict markers, a second byte order mark, directives of another YAML."""
    if "<<<<<<<" in text or ">>>>>>>" in text:
        yield from conflicts(text, file)
    lines = Lines(text)
    if text.startswith("\ufeff"):
        yield odd_space(Origin.at(file, lines, 0, 1), text[0])
    if LINE_ENDS.search(text):
        yield from _line_ends(text, file)
    found, after = directives(text)
    for number, directive in enumerate(found):
        name, begin = directive.words[0], directive.at
        origin = Origin.at(file, lines, begin, begin + len(lines.line(directive.line).rstrip()))
        again = name == "%YAML" and any(name == other.words[0] for other in found[:number])
        if odd := odd_in(name):
            at = begin + name.index(odd)
            yield odd_space(Origin.at(file, lines, at, at + 1), odd)
        elif name not in ("%YAML", "%TAG"):
            yield Problem("yaml_directive", f"`{name}` is not a YAML directive", "remove the line", origin)
        elif again or (name == "%YAML" and directive.words[1:] != (VERSION,)):
            what = "stands here twice" if again else f"is not supported: a catalog is read as YAML {VERSION}"
            hint = "remove the line" if again else f"remove the line, or write `%YAML {VERSION}`"
            yield Problem("yaml_directive", f"`{' '.join(directive.words)}` {what}", hint, origin)
    if found and not re.match(r"---(?=\s|\Z)", after):
        last = found[-1].at
        origin = Origin.at(file, lines, last, last + len(lines.line(found[-1].line).rstrip()))
        yield Problem("yaml_directive", "no `---` follows the directives", "write `---` in the line below", origin)


def conflicts(text: str, file: str) -> Iterator[Problem]:
    """One problem for each conflict that a merge left, and for each marker that stands alone."""
    begun, lines = "", Lines(text)
    for found in _MARKER.finditer(text):
        sign = found["sign"]
        if not (begun and sign[0] in "|=>"):
            yield _conflict(sign, Origin.at(file, lines, found.start(), found.end()))
        begun = sign if sign[0] == "<" else "" if sign[0] == ">" else begun


def _conflict(sign: str, origin: Origin) -> Problem:
    hint = "keep the lines of one side, and remove the markers `<<<<<<<`, `=======` and `>>>>>>>`"
    return Problem("conflict_marker", f"`{sign}` is left from a merge conflict", hint, origin)


def _line_ends(text: str, file: str) -> Iterator[Problem]:
    """A problem for each character that ends a line only to some readers, unless it is kept in quotes.

    What follows one in a comment would count, although the line looks like a comment.
    """
    lines, quoted = Lines(text), list(_quoted(text))
    starts = [each.start for each in quoted]
    for found in LINE_ENDS.finditer(text):
        at = found.start()
        before = bisect_right(starts, at)
        # Even in quotes, the parser makes a space of U+0085.
        if found[0] == "\x85" or not (before and at in quoted[before - 1]):
            message = f"{named(found[0])} ends a line for some YAML readers and not for others"
            hint = (
                f"use an ordinary line break, or remove it; to keep it, write `\\u{ord(found[0]):04x}` in double quotes"
            )
            yield Problem("odd_space", message, hint, Origin.at(file, lines, at, at + 1))


def _quoted(text: str) -> Iterator[range]:
    """The places of quoted values, as far as the text can be read and is not nested too deep for a catalog."""
    depth = 0
    for event in events(text):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST:
            return
        if isinstance(event, ScalarEvent) and event.style in ("'", '"'):
            yield range(event.start_mark.index, event.end_mark.index)


def odd_space(origin: Origin, sign: str) -> Problem:
    """The problem of a space that is none, at its place."""
    return Problem("odd_space", f"{named(sign)} is not a space to YAML", way_out(sign), origin)


def alike(origin: Origin, sign: str) -> Problem:
    """The problem of a sign that was meant as one of YAML, at its place."""
    return Problem("yaml_syntax", f"{named(sign)} is not `{ALIKE[sign]}` to YAML", instead(sign), origin)


def explained(finding: Finding, value: object) -> Finding:
    """A finding about a value or key of the wrong form, perhaps because of a space or another sign in it."""
    told = finding.message
    if sign := odd_in(value):
        return replace(finding, code="odd_space", message=f"{told}, and has {named(sign)}", hint=WAY_OUT, fix="")
    if sign := alike_in(value):
        return replace(finding, message=f"{told}, and has {named(sign)}", hint=instead(sign), fix="")
    return finding


def cause(text: str, file: str, index: int) -> Problem | None:
    """The sign that probably caused a syntax error: a space that is none, a colon or quote of another script, a marker.

    The error is at an index of the text.
    """
    lines = Lines(text)
    if re.match(f"[{SIGNS}]", text[index : index + 1]):
        return odd_space(Origin.at(file, lines, index, index + 1), text[index])
    line = lines.place(index)[0]
    for number in range(line, max(0, line - _NEAR - 1), -1):
        row, start = lines.line(number), lines.start(number)
        if marker := _INDENTED.match(row):
            place = Origin.at(file, lines, start + marker.start("sign"), start + marker.end("sign"))
            return _conflict(marker["sign"], place)
        plain = _HARMLESS.sub(lambda part: "x" * len(part[0]), row)
        if found := _STRUCTURAL.search(plain):
            at = start + found.start(str(found.lastgroup))
            return odd_space(Origin.at(file, lines, at, at + 1), text[at])
        if found := _ALIKE.search(plain):
            at = start + found.start(str(found.lastgroup))
            # A text of another line may well begin with such a quote.
            if number != line and found.lastgroup in ("a", "c") and ALIKE[text[at]] in "\"'":
                continue
            return alike(Origin.at(file, lines, at, at + 1), text[at])
    return None
