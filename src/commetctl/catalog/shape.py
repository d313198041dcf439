"""The shape of entries: each is read by its spec, and what is wrong is said in words, all of it at once."""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from commetctl.sections.names import nearest
from commetctl.sections.section import Finding, Path

#: One round for each layer of mistakes that hide each other; more than nesting allows.
_ROUNDS = 12


@dataclass(frozen=True)
class Shaped:
    """What became of an entry: the spec of what is right in it, what is wrong, and the objects that have a mistake."""

    spec: Any
    findings: tuple[Finding, ...]
    spoiled: frozenset[Path]


def shape(data: Any, spec: type[BaseModel], path: Path) -> Shaped:
    """Read one entry. Mistakes are taken out and the rest is read again, so that its rules can still be checked."""
    found: dict[Path, Finding] = {}
    spoiled: set[Path] = set()
    rest = deepcopy(data)
    for _ in range(_ROUNDS):
        try:
            return Shaped(spec.model_validate(rest), tuple(found.values()), frozenset(spoiled))
        except ValidationError as error:
            for mistake in error.errors(include_url=False):
                place = _place(mistake["loc"], rest)
                if path + place not in found:
                    # What was taken out because it is wrong is missing now, which is no mistake of its own.
                    found[path + place] = _finding(path + place, mistake, spec)
                spoiled.add((path + place)[:-1] if place else path)
                if not place or not _take_out(rest, place, missing=mistake["type"] == "missing"):
                    return Shaped(None, tuple(found.values()), frozenset(spoiled | {path}))
    return Shaped(None, tuple(found.values()), frozenset(spoiled | {path}))


def _place(loc: Iterable[int | str], data: Any) -> Path:
    """A pydantic location as a path of the file: what a short form stands for is at the short form's place."""
    place: list[str] = []
    for part in map(str, loc):
        if isinstance(data, dict) and part != "[key]":
            place.append(part)
            data = data.get(part)
    return tuple(place)


def _take_out(data: Any, place: Path, *, missing: bool) -> bool:
    """Remove a value, or the object that lacks one; False when that leaves nothing to read."""
    target = place[:-1] if missing else place
    if not target:
        return False
    for part in target[:-1]:
        data = data[part]
    data.pop(target[-1], None)
    return True


def _finding(path: Path, mistake: Mapping[str, Any], spec: type[BaseModel]) -> Finding:
    kind, context = mistake["type"], mistake.get("ctx", {})
    if kind == "extra_forbidden":
        near = nearest(path[-1], frozenset(_names(spec)))
        hint = f"did you mean `{near}`?" if near else ""
        return Finding(path, "unknown_key", "is not a key that is known here", hint)
    if kind == "missing":
        return Finding(path, "missing_key", "is required", f"add `{path[-1]}:`")
    words = {
        "literal_error": "must be one of: " + str(context.get("expected", "")).replace("'", "").replace(" or ", ", "),
        "bool_type": "must be true or false",
        "int_type": "must be a whole number",
        "string_type": "must be text",
        "dict_type": "must be a mapping of keys to values",
        "model_type": "must be a mapping of keys to values",
        "greater_than_equal": f"must be at least {context.get('ge')}",
        "less_than_equal": f"must be at most {context.get('le')}",
        "string_too_long": f"is longer than {context.get('max_length')} characters",
        "too_long": f"is longer than {context.get('max_length')} characters",
        "string_pattern_mismatch": "has a character that is not allowed",
    }
    code = kind if kind in ("amount", "rate", "text", "metadata", "bad_code") else "bad_value"
    return Finding(path, code, words.get(kind, str(mistake["msg"])))


def _names(spec: type[BaseModel]) -> Iterator[str]:
    """The keys of a spec and of the specs inside it."""
    for name, field in spec.model_fields.items():
        yield name
        for inner in _specs(field.annotation):
            yield from _names(inner)


def _specs(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _specs(argument)
