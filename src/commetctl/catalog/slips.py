"""Slips of YAML that a parser notices too late, such as a brace without its end, each where it was made."""

import re
from collections.abc import Iterator

from ruamel.yaml.error import MarkedYAMLError

from commetctl.catalog.variables import PREFIX
from commetctl.core.errors import Problem
from commetctl.core.lines import Lines
from commetctl.core.resource import Origin
from commetctl.core.text import json_text

_VARIABLE = re.compile(r"[^\s,{\[]*\$\{" + PREFIX + r"[^}\s]*\}[^\s,}\]]*")
_CLOSES = {"{": "}", "[": "]"}
#: What decides where a collection between brackets ends. A quote opens a text only where a value can begin.
_SIGN = re.compile(r"(?:^|(?<=\s))#[^\r\n]*|(?P<quote>[\"'])|[{}\[\]]")
_QUOTED = {'"': re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL), "'": re.compile(r"'(?:[^']|'')*'")}
_BEFORE_VALUE = re.compile(r"(?:^|[{\[,:?\-]\s*|\s)\Z")
#: A key or an item without the space that makes it one: `name:Pro`, `-pro`.
_NO_SPACE = re.compile(r"[ \t]*(?P<all>(?P<mark>[\w-]+:|-)(?P<rest>[^\s:/{\[\]}#-][^\s#]*))[ \t]*\Z")
#: A key, and a text with a colon in it.
_COLON_IN_TEXT = re.compile(r"[ \t]*(?:- +)?[\w-]+:[ \t]+(?P<text>[^\s\"'{\[|>&*!%@`][^\"#\\]*[^\s\"#\\])[ \t]*\Z")
#: Longer lines are not quoted in a message.
_LONGEST = 60
_REST = re.compile(r"[^\s,\[\]{}#]*")


class _Place:
    """Makes the places of one text."""

    def __init__(self, name: str, text: str) -> None:
        self._name, self.text, self.lines = name, text, Lines(text)

    def __call__(self, start: int, end: int) -> Origin:
        return Origin.at(self._name, self.lines, start, end)

    def row(self, index: int, above: int = 0) -> tuple[int, str]:
        """The line at an index, or one above it, with the index at which it begins."""
        number = self.lines.place(index)[0] - above
        return (self.lines.start(number), self.lines.line(number)) if number > 0 else (0, "")


def word_end(text: str, index: int) -> int:
    """The end of the word at an index: of a sign alone where there is no word."""
    found = _REST.match(text, index)
    end = found.end() if found else index
    return end if end > index or text[index : index + 1] in ("", "\r", "\n") else index + 1


def slip(error: MarkedYAMLError, text: str, name: str) -> Problem | None:
    """The slip behind an error of the parser; None where none is known."""
    context, what, place = str(error.context or ""), str(error.problem or ""), _Place(name, text)
    begin = error.context_mark.index if error.context_mark else 0
    index = error.problem_mark.index if error.problem_mark else begin
    if "quoted scalar" in context and "unexpected" in what:
        return _open_quote(place, begin)
    if "flow" in context and (found := _bare_variable(place, index)):
        return found
    if "flow" in context and text[begin : begin + 1] in _CLOSES:
        return _no_comma(place, index) if _is_closed(text, begin) else _open_bracket(place, begin)
    if "could not find expected ':'" in what:
        return _no_key(place, begin)
    if "mapping values" in what:
        return _no_space(place, index) or _colon_in_text(place, index)
    if "cannot start any token" in what and text[index : index + 1] in ("@", "`"):
        message = f"a text cannot begin with `{text[index]}`"
        return Problem("yaml_syntax", message, "put it in quotes", place(index, word_end(text, index)))
    return _quote_above(place, index) or _no_end(place, index, what) if "block end" in what else None


def _bare_variable(place: _Place, index: int) -> Problem | None:
    """A variable between braces without quotes, whose own braces YAML reads as a mapping."""
    start, row = place.row(index)
    for found in _VARIABLE.finditer(row):
        if not any(row[: found.start()].count(quote) % 2 for quote in _QUOTED):
            message, hint = "a variable is not in quotes", "put a variable between braces in quotes"
            origin = place(start + found.start(), start + found.end())
            return Problem("yaml_syntax", message, hint, origin, fix=f'"{found[0]}"')
    return None


def _open_quote(place: _Place, at: int) -> Problem:
    quote = place.text[at]
    return Problem(
        "yaml_syntax", f"the quote `{quote}` is not closed", f"write `{quote}` where the text ends", place(at, at + 1)
    )


def _open_bracket(place: _Place, at: int) -> Problem:
    bracket = place.text[at]
    hint = f"write `{_CLOSES[bracket]}` where it ends"
    return Problem("yaml_syntax", f"`{bracket}` is not closed", hint, place(at, at + 1))


def _no_comma(place: _Place, index: int) -> Problem:
    """Two entries between brackets with nothing between them, or a key in the middle of a text."""
    message, sign = "a comma is missing between two entries", place.text[index : index + 1]
    if sign == ":":
        return Problem("yaml_syntax", message, "write a comma before the second key", place(index, index + 1))
    behind = len(place.text[:index].rstrip())
    return Problem("yaml_syntax", message, "write `,`", place(behind, behind + 1), fix=",")


def _no_key(place: _Place, index: int) -> Problem:
    """A text where a key should be."""
    start, row = place.row(index)
    end = start + len(row.rstrip())
    named = f"`{place.text[index:end]}`" if end - index <= _LONGEST else "the line"
    message, hint = f"{named} has no colon, so it is not a key", "write a colon and a value after it, or remove it"
    return Problem("yaml_syntax", message, hint, place(index, end))


def _no_end(place: _Place, index: int, what: str) -> Problem | None:
    """A bracket that closes nothing, a text behind a quoted one, or a line that begins in the wrong column."""
    sign, end = place.text[index : index + 1], word_end(place.text, index)
    if sign in _CLOSES.values():
        opening = next(key for key, value in _CLOSES.items() if value == sign)
        message, hint = f"`{sign}` has no matching `{opening}`", f"remove it, or write `{opening}` where it begins"
    elif place.text[:index].rstrip(" ")[-1:] in _QUOTED:
        message, hint = "text follows the closing quote", "inside quotes, write `''` for `'`, and `\\\"` for `\"`"
    elif "<block" in what:
        message = "the indentation of the line does not match the lines above"
        hint = "begin all keys of a mapping, and all dashes of a list, in the same column"
    else:
        return None
    return Problem("yaml_syntax", message, hint, place(index, end))


def _is_closed(text: str, begin: int) -> bool:
    """Whether the bracket at an index has its end, with all others between the two."""
    open_: list[str] = []
    for sign in _brackets(text, begin):
        if sign in _CLOSES:
            open_.append(_CLOSES[sign])
        elif not open_ or open_.pop() != sign:
            return False
        elif not open_:
            return True
    return False


def _brackets(text: str, at: int) -> Iterator[str]:
    """The brackets from an index on that are neither in quotes nor in comments."""
    while found := _SIGN.search(text, at):
        at = found.end()
        if found["quote"]:
            quoted = _QUOTED[found["quote"]].match(text, found.start())
            if quoted and _can_begin(text, found.start()):
                at = quoted.end()
        elif found[0] in "{}[]":
            yield found[0]


def _no_space(place: _Place, index: int) -> Problem | None:
    """A key or an item in the line above whose colon or dash is part of a text."""
    start, row = place.row(index, above=1)
    found = _NO_SPACE.match(row)
    if not found:
        return None
    what, fix = "colon" if found["mark"] != "-" else "dash", f"{found['mark']} {found['rest']}"
    origin = place(start + found.start("all"), start + found.end("all"))
    return Problem("yaml_syntax", f"a space is missing after the {what}", f"write `{fix}`", origin, fix=fix)


def _colon_in_text(place: _Place, index: int) -> Problem | None:
    """A text that has a colon in it, and no quotes around it."""
    start, row = place.row(index)
    found = _COLON_IN_TEXT.match(row)
    if not found or not start + found.start("text") < index < start + found.end("text"):
        return None
    fix = json_text(found["text"]) if found["text"].isascii() else f'"{found["text"]}"'
    message, hint = "the text contains `: ` and has no quotes", f"write `{fix}`"
    return Problem("yaml_syntax", message, hint, place(start + found.start("text"), start + found.end("text")), fix=fix)


def _quote_above(place: _Place, index: int) -> Problem | None:
    """A quote that was closed by the one that opens a text in a later line."""
    text, quote = place.text, place.text[index - 1 : index]
    if quote not in _QUOTED or index < 2:
        return None
    opened = text.rfind(quote, 0, index - 1)
    row = place.row(index)[0]
    both = 0 <= opened < row and _can_begin(text, opened) and _can_begin(text, index - 1)
    return _open_quote(place, opened) if both else None


def _can_begin(text: str, at: int) -> bool:
    """Whether a value can begin at an index."""
    return _BEFORE_VALUE.search(text, max(0, at - 80), at) is not None
