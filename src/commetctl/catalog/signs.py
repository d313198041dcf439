"""Signs that do not belong in a file: conflict markers, directives of another YAML, and spaces that are none."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import replace

from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent, ScalarEvent

from commetctl.catalog.source import DEEPEST
from commetctl.core.errors import Problem
from commetctl.core.resource import Origin
from commetctl.core.spaces import ALIKE, LINE_ENDS, SIGNS, WAY_OUT, alike_in, instead, named, odd_in, way_out
from commetctl.kinds.section import Finding
from commetctl.yamltext.directives import directives
from commetctl.yamltext.sites import BREAK, events

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
    if text.startswith("\ufeff"):
        yield odd_space(file, 1, 1, text[0])
    if LINE_ENDS.search(text):
        yield from _line_ends(text, file)
    found, after = directives(text)
    for number, directive in enumerate(found):
        origin, name = Origin(file, directive.line, 1), directive.words[0]
        again = name == "%YAML" and any(name == other.words[0] for other in found[:number])
        if odd := odd_in(name):
            yield odd_space(file, directive.line, name.index(odd) + 1, odd)
        elif name not in ("%YAML", "%TAG"):
            yield Problem("yaml_directive", f"`{name}` is not a YAML directive", "remove the line", origin)
        elif again or (name == "%YAML" and directive.words[1:] != (VERSION,)):
            what = "stands here twice" if again else f"is not supported: a catalog is read as YAML {VERSION}"
            hint = "remove the line" if again else f"remove the line, or write `%YAML {VERSION}`"
            yield Problem("yaml_directive", f"`{' '.join(directive.words)}` {what}", hint, origin)
    if found and not re.match(r"---(?=\s|\Z)", after):
        origin = Origin(file, found[-1].line, 1)
        yield Problem("yaml_directive", "no `---` follows the directives", "write `---` in the line below", origin)


def conflicts(text: str, file: str) -> Iterator[Problem]:
    """One problem for each conflict that a merge left, and for each marker that stands alone."""
    begun, place = "", _places(text, file)
    for found in _MARKER.finditer(text):
        sign = found["sign"]
        if not (begun and sign[0] in "|=>"):
            yield _conflict(sign, place(found.start()))
        begun = sign if sign[0] == "<" else "" if sign[0] == ">" else begun


def _places(text: str, file: str) -> Callable[[int], Origin]:
    """A function that gives the place of an index of a text."""
    starts = [0, *(found.end() for found in BREAK.finditer(text))]

    def place(index: int) -> Origin:
        line = bisect_right(starts, index)
        return Origin(file, line, index - starts[line - 1] + 1)

    return place


def _conflict(sign: str, origin: Origin) -> Problem:
    hint = "keep the lines of one side, and remove the markers `<<<<<<<`, `=======` and `>>>>>>>`"
    return Problem("conflict_marker", f"`{sign}` is left from a merge conflict", hint, origin)


def _line_ends(text: str, file: str) -> Iterator[Problem]:
    """A problem for each character that ends a line only to some readers, unless it is kept in quotes.

    What follows one in a comment would count, although the line looks like a comment.
    """
    place, quoted = _places(text, file), list(_quoted(text))
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
            yield Problem("odd_space", message, hint, place(at))


def _quoted(text: str) -> Iterator[range]:
    """The places of quoted values, as far as the text can be read and is not nested too deep for a catalog."""
    depth = 0
    for event in events(text):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST:
            return
        if isinstance(event, ScalarEvent) and event.style in ("'", '"'):
            yield range(event.start_mark.index, event.end_mark.index)


def odd_space(file: str, line: int, column: int, sign: str) -> Problem:
    """The problem of a space that is none, at its place."""
    message = f"{named(sign)} is not a space to YAML"
    return Problem("odd_space", message, way_out(sign), Origin(file, line, column))


def alike(file: str, line: int, column: int, sign: str) -> Problem:
    """The problem of a sign that was meant as one of YAML, at its place."""
    message = f"{named(sign)} is not `{ALIKE[sign]}` to YAML"
    return Problem("yaml_syntax", message, instead(sign), Origin(file, line, column))


def explained(finding: Finding, value: object) -> Finding:
    """A finding about a value or key of the wrong form, perhaps because of a space or another sign in it."""
    sign = odd_in(value)
    if sign:
        return replace(finding, code="odd_space", message=f"{finding.message}, and has {named(sign)}", hint=WAY_OUT)
    if sign := alike_in(value):
        return replace(finding, message=f"{finding.message}, and has {named(sign)}", hint=instead(sign))
    return finding


def cause(text: str, file: str, line: int, column: int) -> Problem | None:
    """The sign that probably caused a syntax error: a space that is none, a colon or quote of another script, a marker.

    The line and the column of the error count from 0.
    """
    rows = BREAK.split(text)
    if line < len(rows) and re.match(f"[{SIGNS}]", rows[line][column:]):
        return odd_space(file, line + 1, column + 1, rows[line][column])
    for number in range(min(line, len(rows) - 1), max(-1, line - _NEAR - 1), -1):
        if marker := _INDENTED.match(rows[number]):
            return _conflict(marker["sign"], Origin(file, number + 1, marker.start("sign") + 1))
        if found := _STRUCTURAL.search(_HARMLESS.sub(lambda part: "x" * len(part[0]), rows[number])):
            at = found.start(str(found.lastgroup))
            return odd_space(file, number + 1, at + 1, rows[number][at])
        if found := _ALIKE.search(_HARMLESS.sub(lambda part: "x" * len(part[0]), rows[number])):
            at = found.start(str(found.lastgroup))
            # A text of another line may well begin with such a quote.
            if number != line and found.lastgroup in ("a", "c") and ALIKE[rows[number][at]] in "\"'":
                continue
            return alike(file, number + 1, at + 1, rows[number][at])
    return None
