"""From what the models say to plain JSON Schema: the digits of amounts, known keys, variables and `null`."""

from collections.abc import Mapping
from typing import Any

from commetctl.catalog.variables import PREFIX
from commetctl.core.contract import INTERVALS
from commetctl.core.money import EXPONENTS
from commetctl.reference import words

JsonSchema = dict[str, Any]

_DEFINITIONS = "#/$defs/"
#: A text with a variable, which may stand for any scalar.
_VARIABLE = r"\$\{" + PREFIX + r"[A-Za-z0-9_]+\}"
#: The digits of an amount that is not keyed by a currency: it is in US dollars.
_USD = EXPONENTS["usd"]
#: What editors say of a text where something else should be.
_SAID = {"boolean": "Must be true or false.", "integer": "Must be a whole number.", "number": "Must be a number."}
#: What the keys of a mapping stand for, by its `keys`.
_KNOWN_KEYS = {
    "currency": {code: words.currency(code) for code in sorted(EXPONENTS)},
    "interval": {name: words.interval(name) for name in INTERVALS},
}


class Resolver:
    """Turns the schema of the models into plain JSON Schema; `made` are its definitions.

    Three keywords of ours are resolved: `keys` says what a mapping is keyed by, `decimals` marks an amount and limits
    its digits after the point (None: to those of its currency), and a `$ref` gets the name of its title.
    """

    def __init__(self, made: JsonSchema) -> None:
        self._made = made
        self.definitions: JsonSchema = {}
        self._named: dict[tuple[str, int], str] = {}

    def schema(self, found: JsonSchema, digits: int = _USD) -> JsonSchema:
        """A schema without keywords of our own, in which amounts have so many digits after the point."""
        decimals, known = found.get("decimals"), _KNOWN_KEYS.get(found.get("keys", ""))
        digits = digits if decimals is None else decimals
        made = {name: self._part(name, value, digits) for name, value in without(found, "decimals", "keys").items()}
        if known:
            return made | {"additionalProperties": False, "properties": self._known(found, known)}
        return _or_variable(_plain_number(made, digits) if "decimals" in found and _scalar(found) else made)

    def _known(self, found: JsonSchema, known: Mapping[str, str]) -> JsonSchema:
        """The values of a mapping by what their keys stand for; an amount has the digits of its currency."""
        held, decimals = found["additionalProperties"], found.get("decimals")
        digits = {name: EXPONENTS.get(name, _USD) if decimals is None else decimals for name in known}
        return {name: {"description": about, **self.schema(held, digits[name])} for name, about in known.items()}

    def _part(self, keyword: str, value: Any, digits: int) -> Any:
        match keyword:
            case "$ref":
                return self._ref(value.removeprefix(_DEFINITIONS), digits)
            case "properties":
                return {name: self.schema(one, digits) for name, one in value.items()}
            case "anyOf":
                return [self.schema(one, digits) for one in value]
            case "items" | "additionalProperties" | "else" if isinstance(value, dict):
                return self.schema(value, digits)
            case _:
                return value

    def _ref(self, name: str, digits: int) -> str:
        """A reference to an object, which is defined when it is met first: once more where other digits change it."""
        if (name, digits) not in self._named:
            usual, own = self.schema(self._made[name]), self.schema(self._made[name], digits)
            known = words.snake(usual["title"]) + ("" if own == usual else f"_{digits}_digits")
            self.definitions[known] = own
            self._named[name, digits] = _DEFINITIONS + known
        return self._named[name, digits]


def _plain_number(found: JsonSchema, decimals: int) -> JsonSchema:
    """A number with at most so many digits after the point, as far as a schema can say it.

    A number has no digits to count, and what divides it exactly is not the same everywhere; but in quotes it has.
    """
    digits = rf"(\.[0-9]{{1,{decimals}}}0*)?" if decimals else r"(\.0+)?"
    said = f"at most {decimals} digits after the point" if decimals else "no digits after the point"
    allowed = [name if name == "null" or decimals else "integer" for name in _types(found)]
    pattern = {"pattern": rf"^(0|[1-9][0-9]*){digits}$", "patternErrorMessage": f"A plain number with {said}."}
    return found | {"type": allowed} | pattern


def unless_variable(found: JsonSchema, key: str = "") -> JsonSchema:
    """The same, unless it is a variable, or an object that has one at a key.

    Not one of several schemas: editors would show the messages of each.
    """
    variable = {"type": "string", "pattern": _VARIABLE}
    return {
        "if": {"type": "object", "required": [key], "properties": {key: variable}} if key else variable,
        "else": found,
    }


def _or_variable(found: JsonSchema) -> JsonSchema:
    """The same, or a variable in place of a scalar; text without a pattern may be one anyway."""
    for name in ("enum", "format"):
        if name in found:
            own = {key: found[key] for key in ("type", name) if key in found}
            return without(found, *own) | unless_variable(own)
    type_, pattern = _scalar(found), found.get("pattern")
    if not type_ or (type_ == "string" and not pattern):
        return found
    if type_ != "string":
        found = {"patternErrorMessage": _SAID[type_], **found, "type": [type_, "string", *_types(found)[1:]]}
    return found | {"pattern": f"{pattern}|{_VARIABLE}" if pattern else _VARIABLE}


def _types(found: JsonSchema) -> list[str]:
    type_ = found.get("type", [])
    return [type_] if isinstance(type_, str) else list(type_)


def _scalar(found: JsonSchema) -> str:
    """The one scalar type of a schema; empty for objects, lists, and what has several types."""
    held = [name for name in _types(found) if name != "null"]
    return held[0] if len(held) == 1 and held[0] in (*_SAID, "string") else ""


def or_null(found: JsonSchema) -> JsonSchema:
    """The same, or null, which means that the key is absent; references are to objects, which allow it themselves."""
    if "const" in found:
        return without(found, "const") | {"enum": [found["const"], None]}
    if "enum" in found:
        return found | {"enum": [*found["enum"], None]}
    if "anyOf" in found:
        return found | {"anyOf": [*found["anyOf"], {"type": "null"}]}
    return found | {"type": [*_types(found), "null"]} if "type" in found else found


def without(found: JsonSchema, *names: str) -> JsonSchema:
    """The same without some keywords."""
    return {name: value for name, value in found.items() if name not in names}
