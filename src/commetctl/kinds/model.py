"""The one reflection of the pydantic models: the fields that a spec declares, and what each may hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from commetctl.core.policy import Limit, Share
from commetctl.kinds.scalars import Amount, Currency, Metadata, Name, Percent, Rate, Spec, Text

#: The types with names of their own, the more special ones first.
_NAMED: tuple[tuple[str, Any], ...] = (
    ("name", Name),
    ("text", Text),
    ("amount", Amount),
    ("amount", Percent),
    ("rate", Rate),
    ("currency", Currency),
)
_PLAIN = {bool: "boolean", int: "whole number", str: "id", datetime: "time", Limit: "limit", Share | None: "share"}


@dataclass(frozen=True)
class Type:
    """What a value may be.

    `word` is one of `name`, `text`, `id`, `amount`, `rate`, `currency`, `boolean`, `whole number`, `time`, `limit`,
    `share`, `choice`, `labels`, `object`, `union`, `mapping`, `list` and `any`. `item` is what a mapping or a list
    holds, `spec` the model of an object, `limits` the constraints that pydantic checks. A `union` is one of several
    objects: `variants` by the value of its key `tag`, or by the names of their models where no key tells them apart.
    """

    word: str
    choices: tuple[str, ...] = ()
    item: "Type | None" = None
    spec: type[BaseModel] | None = None
    limits: Mapping[str, Any] = field(default_factory=dict)
    tag: str = ""
    variants: Mapping[str, "Type"] = field(default_factory=dict)

    def at(self, key: str) -> "Type | None":
        """The type of what stands at a key or an index; None where it is not known."""
        if self.word == "union":
            return next((found for variant in self.variants.values() if (found := variant.at(key))), None)
        if self.spec is not None:
            return next((item.type for item in fields(self.spec) if item.name == key), None)
        return self.item


@dataclass(frozen=True)
class Described:
    """One field as it is declared: its default, and `null` where there is none to give; its examples are YAML."""

    name: str
    type: Type
    description: str
    examples: tuple[str, ...]
    required: bool
    default: Any
    extra: Mapping[str, Any]

    @property
    def unit(self) -> str:
        """What its numbers count; empty where it has none."""
        return str(self.extra.get("unit", ""))


@cache
def fields(spec: type[BaseModel]) -> tuple[Described, ...]:
    """The fields of a model, in its order, with what stands in the models that it is made of at the end."""
    return tuple(_described(spec))


def _described(spec: type[BaseModel]) -> Iterator[Described]:
    hints = get_type_hints(spec, include_extras=True)
    own = [name for name in spec.model_fields if name in spec.__annotations__]
    for name in [*own, *(name for name in spec.model_fields if name not in own)]:
        info = spec.model_fields[name]
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        examples = tuple(map(str, info.examples or ()))
        type_ = _type(hints[name], info.discriminator)
        yield Described(name, type_, info.description or "", examples, info.is_required(), _default(info), extra)


def _default(info: FieldInfo) -> Any:
    found = info.get_default(call_default_factory=True, validated_data={})
    if found is PydanticUndefined or isinstance(found, Spec):
        return None
    return str(found) if isinstance(found, Share) else found


def _type(annotation: Any, discriminator: Any = None) -> Type:
    """The type of an annotation; an optional one has the type of its value."""
    base, marks = _unwrapped(annotation)
    tag = next((mark.discriminator for mark in marks if isinstance(mark, FieldInfo)), None) or discriminator
    if get_origin(base) in (Union, UnionType) and base not in _PLAIN:
        parts = [part for part in get_args(base) if part is not type(None)]
        return _union(parts, str(tag or "")) if len(list(filter(_is_spec, parts))) > 1 else _type(parts[0])
    for word, named in _NAMED:
        known, *validators = get_args(named)
        if base is known and marks[: len(validators)] == validators:
            return Type(word, limits=_limits(marks))
    if base == Metadata:
        return Type("labels")
    if _is_spec(base):
        return Type("object", spec=base)
    match get_origin(base), get_args(base):
        case origin, choices if origin is Literal:
            return Type("choice", choices=choices)
        case origin, (_, item) if origin is dict:
            return Type("mapping", item=_type(item))
        case origin, (item, *_) if origin in (list, tuple):
            return Type("list", item=_type(item), limits=_limits(marks))
        case _:
            return Type(_PLAIN.get(base, "any"), limits=_limits(marks))


def _unwrapped(annotation: Any) -> tuple[Any, list[Any]]:
    """An annotation without what it is annotated with, and that."""
    base, *marks = get_args(annotation) if get_origin(annotation) is Annotated else (annotation,)
    return base, marks


def _is_spec(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _union(parts: list[Any], tag: str) -> Type:
    variants: dict[str, Type] = {}
    for spec in parts:
        names = get_args(spec.model_fields[tag].annotation) if tag else (spec.__name__,)
        variants |= dict.fromkeys(map(str, names), Type("object", spec=spec))
    return Type("union", tag=tag, variants=variants)


def _limits(marks: list[Any]) -> dict[str, Any]:
    rules = [rule for mark in marks if isinstance(mark, FieldInfo) for rule in mark.metadata]
    names = ("ge", "le", "min_length", "max_length", "pattern")
    return {name: getattr(rule, name) for rule in rules for name in names if getattr(rule, name, None) is not None}
