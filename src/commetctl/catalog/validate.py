"""Validating entries: each is read by its model, and all its mistakes are reported at once, in words."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from commetctl.catalog.signs import explained
from commetctl.core.separators import plain_digits, separated
from commetctl.core.text import nearest, the_only_near
from commetctl.core.values import KeyPath
from commetctl.kinds import by_name
from commetctl.kinds.model import Type
from commetctl.kinds.section import Finding, Sheet

#: One round for each layer of mistakes that hide each other; more than nesting allows.
_ROUNDS = 12
_WORDS = {
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "string_type": "must be text",
    "list_type": "must be a list",
    "dict_type": "must be a mapping of keys to values",
    "model_type": "must be a mapping of keys to values",
    "model_attributes_type": "must be a mapping of keys to values",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "string_too_long": "is longer than {max_length} characters",
    "too_long": "is longer than {max_length} characters",
    # No list or mapping needs more than one.
    "too_short": "must not be empty",
    "string_pattern_mismatch": "has a character that is not allowed",
}
_WORDS_OF_LISTS = {"too_long": "has more than {max_length} items"}
#: Types of mistakes of a value that has to be one of a few words.
_OF_WORDS = ("literal_error", "union_tag_invalid")
#: Types of mistakes that are codes of their own.
_CODES = frozenset({"amount", "decimal_comma", "digit_separator", "rate", "text", "metadata", "time"})
#: Types of mistakes of a value that is no text for people.
_FORMS = frozenset(
    {"amount", "bool_type", "dict_type", "int_type", "limit", "list_type", "literal_error", "model_attributes_type"}
    | {"model_type", "rate", "short_form", "time", "union_tag_invalid"}
)
#: Mistakes after which anything may be missing from the object they are in.
_UNREAD = frozenset({"model_type", "model_attributes_type", "short_form", "extra_forbidden", "union_tag_invalid"})


@dataclass(frozen=True)
class Validated:
    """The result for an entry: the model of the valid part of it, the mistakes, and the paths of what was taken out.

    In an object with an unknown key, anything may be missing; so the object itself is among `lost`.
    """

    spec: Any
    findings: tuple[Finding, ...]
    lost: frozenset[KeyPath]


@dataclass(frozen=True)
class _Mistake:
    """One mistake that pydantic found: its place in the entry, and the key that an unknown key was meant to be.

    `fix` is what was meant, where only one thing can be.
    """

    place: KeyPath
    kind: str
    near: str | None
    fix: str
    value: Any
    message: str
    context: Mapping[str, Any]


class _Items(list[Any]):
    """A list from which items are taken out, while each of the others keeps its number."""

    def __init__(self, items: Iterable[Any]) -> None:
        super().__init__(items)
        self.numbers = [str(number) for number in range(len(self))]

    def pop_number(self, number: str) -> None:
        """Take out the item with a number, if it is still there."""
        if number in self.numbers:
            index = self.numbers.index(number)
            del self[index], self.numbers[index]


def validate(data: Any, spec: type[BaseModel], path: KeyPath) -> Validated:
    """Read an entry. Mistakes are taken out and the rest is read again, so that its rules can still be checked."""
    found: dict[KeyPath, Finding] = {}
    lost: set[KeyPath] = set()
    rest, type_ = _copied(data), Type("object", spec=spec)
    for _ in range(_ROUNDS):
        try:
            return Validated(spec.model_validate(rest), tuple(found.values()), frozenset(lost))
        except ValidationError as error:
            mistakes = [_mistake(mistake, rest, type_) for mistake in error.errors(include_url=False)]
        meant = {(*mistake.place[:-1], mistake.near) for mistake in mistakes if mistake.near}
        for mistake in mistakes:
            here = path + mistake.place
            # A value that was taken out is missing now, from what is around it too, which is no mistake of its own.
            caused = mistake.kind == "missing" and mistake.place in meant
            caused |= any(place[: len(here)] == here for place in lost)
            if here not in found and not caused:
                found[here] = _finding(here, mistake)
        gone = [_take_out(rest, mistake) for mistake in mistakes]
        lost |= {path + place for places in gone for place in places}
        if not all(gone):
            break
    return Validated(None, tuple(found.values()), frozenset(lost | {path}))


def broken_rules(sheet: Sheet, lost: Collection[KeyPath]) -> Iterator[Finding]:
    """What breaks the rules of the sections, except where something was lost that may explain it."""
    for name, section in by_name().items():
        for finding in section.check(sheet) if name in sheet.sections else ():
            if not any(path[:length] in lost for path in finding.lacks for length in range(len(path) + 1)):
                yield finding


def _copied(data: Any) -> Any:
    """A copy from which mistakes can be taken out."""
    if isinstance(data, dict):
        return {key: _copied(value) for key, value in data.items()}
    return _Items(map(_copied, data)) if isinstance(data, list) else data


def _mistake(error: Mapping[str, Any], data: Any, type_: Type) -> _Mistake:
    kind, place = error["type"], []
    of: Type | None = type_
    holder = of
    for part in error["loc"]:
        if of is not None and part in of.variants:
            # Pydantic names the variant that it tried, which is no key of the file.
            of = of.variants[part]
        elif isinstance(data, dict) and (part != "[key]" or part in data):
            # "[key]" is pydantic's mark for a mistake in the key itself, but may be a key of the file.
            place.append(str(part))
            holder, of, data = of, of.at(str(part)) if of else None, data.get(part)
        elif isinstance(data, _Items) and isinstance(part, int):
            place.append(data.numbers[part])
            holder, of, data = of, of.item if of else None, data[part]
    if of is not None and kind in ("union_tag_not_found", "union_tag_invalid"):
        place.append(of.tag)
        kind = "missing" if kind == "union_tag_not_found" else kind
    known = holder.spec.model_fields if holder and holder.spec else ()
    near = nearest(place[-1], known) if kind == "extra_forbidden" else None
    context = error.get("ctx", {})
    if kind == "extra_forbidden":
        fix = the_only_near(place[-1], known)
    elif kind in _OF_WORDS:
        fix = the_only_near(error["input"], _words(context))
    else:
        fix = str(context.get("fix", ""))
    return _Mistake(tuple(place), kind, near, fix, error["input"], error["msg"], context)


def _words(context: Mapping[str, Any]) -> list[str]:
    """The words of which a value has to be one."""
    expected = str(context.get("expected") or context.get("expected_tags"))
    return expected.replace("'", "").replace(" or ", ", ").split(", ")


def _take_out(data: Any, mistake: _Mistake) -> tuple[KeyPath, ...]:
    """Remove a wrong value, or the object that lacks one. Returns the paths that are lost; none if nothing was left.

    An unknown key may have been any other of its object; and a removed object, the one that another needs.
    """
    place = mistake.place
    target = place[:-1] if mistake.kind == "missing" else place
    if not target:
        return ()
    for part in target[:-1]:
        if isinstance(data, _Items):
            data = data[data.numbers.index(part)] if part in data.numbers else {}
        else:
            data = data.get(part, {})
    if isinstance(data, _Items):
        data.pop_number(target[-1])
    else:
        data.pop(target[-1], None)
    return (target[:-1],) if mistake.kind == "missing" or mistake.kind in _UNREAD else (target,)


def _finding(path: KeyPath, mistake: _Mistake) -> Finding:
    kind, context = mistake.kind, mistake.context
    if kind == "extra_forbidden":
        hint = f"did you mean `{mistake.near}`?" if mistake.near else ""
        found = Finding(path, "unknown_key", "is not a known key", hint, fix=mistake.fix)
        return explained(found, path[-1])
    if kind == "missing":
        return Finding(path, "missing_key", "is required", f"add `{path[-1]}:`")
    if kind == "int_type" and (number := separated(mistake.value, whole=True)):
        message = f"has {number.sign}, but must be a whole number"
        return Finding(path, number.code, message, number.hint, fix=number.fix)
    if kind in _OF_WORDS:
        message = "must be one of: " + ", ".join(_words(context))
    else:
        words = _WORDS_OF_LISTS.get(kind) if isinstance(mistake.value, list) else None
        words = words or _WORDS.get(kind)
        message = words.format(**context) if words else mistake.message
    hint = plain_digits(mistake.value, whole=True) if kind == "int_type" else str(context.get("hint", ""))
    found = Finding(path, kind if kind in _CODES else "bad_value", message, hint, fix=mistake.fix)
    return explained(found, mistake.value) if kind in _FORMS else found
