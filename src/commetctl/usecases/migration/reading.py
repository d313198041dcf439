"""JSON as plain data with the place of every key and value, within limits that no file can exceed.

Numbers never become floats, duplicate keys are problems, and nothing is ever executed. It is a parser of its own
because the one of Python gives no places, and a parser of YAML accepts much that is not JSON.
"""

import codecs
import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from commetctl.core.errors import InvalidCatalog, Problem
from commetctl.core.files import LARGEST_FILE
from commetctl.core.lines import Lines
from commetctl.core.resource import Origin
from commetctl.kinds.scalars import OddNumber

#: A place inside JSON: keys of objects, and indexes of arrays.
JsonPath = tuple[str | int, ...]

#: A configuration is five levels deep where everything is known.
DEEPEST = 24

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORD = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*\Z")
_WORDS = {"true": True, "false": False, "null": None}
_NO_NUMBERS = ("NaN", "Infinity", "-Infinity", "undefined")
#: Digits of a number, before and after the point together; no amount has more.
_MOST_DIGITS = 40
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass
class Json:
    """The data of a file, the place of each part of it, and its problems as JSON."""

    file: str
    data: Any = None
    places: dict[JsonPath, Origin] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def origin(self, path: JsonPath) -> Origin:
        """The place of a path, or of the nearest value around it that has one."""
        for length in range(len(path), 0, -1):
            if place := self.places.get(path[:length]):
                return place
        return self.places.get((), Origin(self.file, 1, 1))


def printing(file: str = "./commet.config.ts") -> str:
    """How to print a configuration that is code, which commetctl never runs."""
    script = f'import config from "{file}"; console.log(JSON.stringify(config, null, 2))'
    return f"print it as JSON: `npx tsx -e '{script}' > commet.config.json`"


def dotted(path: JsonPath) -> str:
    """A path as in code: `plans.pro.prices[0].amount`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _WORD.match(part):
            text += f".{part}" if text else part
        else:
            text += f"[{json.dumps(part, ensure_ascii=False)}]"
    return text


def read(name: str, content: bytes) -> Json:
    """The JSON in the content of a file called `name`; raises InvalidCatalog for content that is not JSON."""
    found = Json(name)
    parser = _Parser(found, _text(name, content))
    found.data = parser.document()
    return found


def _text(name: str, content: bytes) -> str:
    first = Origin(name, 1, 1)
    if len(content) > LARGEST_FILE:
        raise InvalidCatalog(name, [Problem("too_large", f"is larger than {LARGEST_FILE // 1024**2} MB", "", first)])
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        hint = "save it as UTF-8; in Windows PowerShell, print it with `| Out-File -Encoding utf8 commet.config.json`"
        raise InvalidCatalog(name, [Problem("not_utf8", "is UTF-16 text", hint, first)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        lines = Lines(error.object.decode(errors="replace"))
        place = Origin.at(name, lines, len(error.object[: error.start].decode()))
        raise InvalidCatalog(name, [Problem("not_utf8", "is not UTF-8 text", "save it as UTF-8", place)]) from None


class _Parser:
    """Reads one text from its beginning to its end."""

    def __init__(self, found: Json, text: str) -> None:
        self._found = found
        self._text = text
        self._at = 0
        self._lines = Lines(text)

    def document(self) -> Any:
        """The one value of the text."""
        self._skip()
        value = self._value(())
        self._skip()
        if self._at < len(self._text):
            raise self._wrong("there is more text after the end of the JSON")
        return value

    def _value(self, path: JsonPath) -> Any:
        if len(path) > DEEPEST:
            raise self._stop("too_deep", f"is nested more than {DEEPEST} levels deep", "")
        self._found.places.setdefault(path, self._place())
        sign = self._text[self._at : self._at + 1]
        if sign == "{":
            return self._object(path)
        if sign == "[":
            return self._array(path)
        if sign == '"':
            return self._string()
        if match := _NUMBER.match(self._text, self._at):
            self._at = match.end()
            return _number(match.group())
        for word, value in _WORDS.items():
            if self._text.startswith(word, self._at):
                self._at += len(word)
                return value
        raise self._wrong("a value is missing here")

    def _object(self, path: JsonPath) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self._at += 1
        while not self._ends("}", first=not found):
            start = self._at
            if self._text[self._at : self._at + 1] != '"':
                raise self._wrong("a key in double quotes is missing here")
            key = self._string()
            place = self._place(start)
            self._skip()
            if self._text[self._at : self._at + 1] != ":":
                raise self._wrong("a `:` is missing here")
            self._at += 1
            self._skip()
            within = (*path, key)
            if key in found:
                message = (
                    f"`{dotted(within)}` is declared twice: the first is in line {self._found.places[within].line}"
                )
                self._found.problems.append(Problem("duplicate_key", message, "remove one of them", place))
            self._found.places.setdefault(within, place)
            found[key] = self._value(within)
        return found

    def _array(self, path: JsonPath) -> list[Any]:
        found: list[Any] = []
        self._at += 1
        while not self._ends("]", first=not found):
            found.append(self._value((*path, len(found))))
        return found

    def _ends(self, end: str, *, first: bool) -> bool:
        """Whether an object or an array ends here; otherwise, its next part begins here."""
        self._skip()
        if self._text.startswith(end, self._at):
            self._at += 1
            return True
        if first:
            return False
        if not self._text.startswith(",", self._at):
            raise self._wrong(f"a `,` or `{end}` is missing here")
        self._at += 1
        self._skip()
        if self._text.startswith(end, self._at):
            raise self._wrong(f"there is a `,` before `{end}`")
        return False

    def _string(self) -> str:
        match = _STRING.match(self._text, self._at)
        if match is None:
            raise self._wrong("the text that begins here does not end, or has a character that JSON does not allow")
        start, self._at = self._at, match.end()
        text: str = json.loads(match.group())
        if _SURROGATE.search(text):
            message = "contains half of a surrogate pair"
            self._found.problems.append(
                Problem("not_unicode", message, "write the character itself", self._place(start))
            )
            return _SURROGATE.sub("\ufffd", text)
        return text

    def _skip(self) -> None:
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at

    def _place(self, start: int | None = None) -> Origin:
        """The place that is read next, or what was read since another one."""
        return Origin.at(self._found.file, self._lines, self._at if start is None else start, self._at)

    def _wrong(self, message: str) -> InvalidCatalog:
        if self._text.startswith(_NO_NUMBERS, self._at):
            return self._stop("not_json", "is a value that JSON does not have", "write a number, or leave it out")
        return self._stop("not_json", f"is not JSON: {message}", printing())

    def _stop(self, code: str, message: str, hint: str) -> InvalidCatalog:
        problem = Problem(code, message, hint, self._place())
        return InvalidCatalog(self._found.file, [*self._found.problems, problem])


def _number(text: str) -> int | Decimal | OddNumber:
    """The number that a text stands for, exactly: a whole one is an integer, however it is written."""
    mantissa, _, exponent = text.lower().partition("e")
    if len(mantissa) + len(exponent) > _MOST_DIGITS or (exponent and abs(int(exponent)) > _MOST_DIGITS):
        return OddNumber(text)
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else value
