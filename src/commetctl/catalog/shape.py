"""The shape of entries: each is read by its spec, and what is wrong is said in words, all of it at once."""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from commetctl.core.text import comma_hint
from commetctl.kinds.section import Finding, Path
from commetctl.kinds.spelling import nearest

#: One round for each layer of mistakes that hide each other; more than nesting allows.
_ROUNDS = 12


@dataclass(frozen=True)
class Shaped:
    """What became of an entry: the spec of what is right in it, what is wrong, and where something was taken out.

    In an object with a key that is not known, anything may be missing; so the object itself is among `lost`.
    """

    spec: Any
    findings: tuple[Finding, ...]
    lost: frozenset[Path]


def shape(data: Any, spec: type[BaseModel], path: Path) -> Shaped:
    """Read one entry. Mistakes are taken out and the rest is read again, so that its rules can still be checked."""
    found: dict[Path, Finding] = {}
    lost: set[Path] = set()
    rest = deepcopy(data)
    for _ in range(_ROUNDS):
        try:
            return Shaped(spec.model_validate(rest), tuple(found.values()), frozenset(lost))
        except ValidationError as error:
            mistakes = [(_place(mistake["loc"], rest), mistake) for mistake in error.errors(include_url=False)]
        meant = {(*place[:-1], near) for place, mistake in mistakes if (near := _meant(place, mistake, spec))}
        for place, mistake in mistakes:
            # What was taken out because it is wrong is missing now, which is no mistake of its own.
            if path + place not in found and not (mistake["type"] == "missing" and place in meant):
                found[path + place] = _finding(path + place, mistake, _meant(place, mistake, spec))
        gone = [_take_out(rest, place, mistake["type"]) for place, mistake in mistakes]
        lost |= {path + place for places in gone for place in places}
        if not all(gone):
            break
    return Shaped(None, tuple(found.values()), frozenset(lost | {path}))


def _place(loc: Iterable[int | str], data: Any) -> Path:
    """A pydantic location as a path of the file: what a short form stands for is at the short form's place."""
    place: list[str] = []
    for part in map(str, loc):
        # Pydantic's mark for a mistake in the key itself; but a file may have that for a key.
        if isinstance(data, dict) and (part != "[key]" or part in data):
            place.append(part)
            data = data.get(part)
    return tuple(place)


def _take_out(data: Any, place: Path, kind: str) -> tuple[Path, ...]:
    """Remove a value, or the object that lacks one; where something is lost by that, nowhere if nothing would be left.

    A key that is not known may be any other of its object; and an object that is gone, the one that another needs.
    """
    target = place[:-1] if kind == "missing" else place
    if not target:
        return ()
    for part in target[:-1]:
        data = data.get(part, {})
    data.pop(target[-1], None)
    return (target[:-1],) if kind in ("missing", "model_type", "short_form", "extra_forbidden") else (target,)


def _meant(place: Path, mistake: Mapping[str, Any], spec: type[BaseModel]) -> str | None:
    """The key that a key which is not known was probably meant to be."""
    return nearest(place[-1], _inside(spec, place[:-1]).model_fields) if mistake["type"] == "extra_forbidden" else None


def _finding(path: Path, mistake: Mapping[str, Any], near: str | None) -> Finding:
    kind, context = mistake["type"], mistake.get("ctx", {})
    if kind == "extra_forbidden":
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
    if kind == "int_type" and isinstance(mistake["input"], str) and (meant := comma_hint(mistake["input"], whole=True)):
        return Finding(path, "decimal_comma", "has a comma, and must be a whole number", meant)
    code = kind if kind in ("amount", "decimal_comma", "rate", "text", "metadata") else "bad_value"
    return Finding(path, code, words.get(kind, str(mistake["msg"])), str(context.get("hint", "")))


def _inside(spec: type[BaseModel], place: Path) -> type[BaseModel]:
    """The spec of the object at a place."""
    keys = iter(place)
    for key in keys:
        annotation = spec.model_fields[key].annotation
        spec = next(_specs(annotation))
        if get_origin(annotation) is dict:
            next(keys)
    return spec


def _specs(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _specs(argument)
