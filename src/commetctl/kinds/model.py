"""The one reflection of the pydantic models: the fields that a spec declares, and what each may hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from commetctl.core.permissions import Limit, Share
from commetctl.kinds.values import Amount, Metadata, Name, Percent, Rate, Spec, Text

#: The types with names of their own, the more special ones first.
_NAMED: tuple[tuple[str, Any], ...] = (
    ("name", Name),
    ("text", Text),
    ("amount", Amount),
    ("amount", Percent),
    ("rate", Rate),
)
_PLAIN = {bool: "boolean", int: "whole number", str: "id", Limit: "limit", Share | None: "share"}


@dataclass(frozen=True)
class Type:
    """What a value may be.

    `word` is one of `name`, `text`, `id`, `amount`, `rate`, `boolean`, `whole number`, `limit`, `share`, `choice`,
    `labels`, `object` and `mapping`. `item` is what a mapping holds, `spec` the model of an object, `limits` what
    pydantic keeps a value to.
    """

    word: str
    choices: tuple[str, ...] = ()
    item: "Type | None" = None
    spec: type[BaseModel] | None = None
    limits: Mapping[str, Any] = field(default_factory=dict)


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


def fields(spec: type[BaseModel]) -> Iterator[Described]:
    """The fields of a model, in its order, with what stands in the models that it is made of at the end."""
    hints = get_type_hints(spec, include_extras=True)
    own = [name for name in spec.model_fields if name in spec.__annotations__]
    for name in [*own, *(name for name in spec.model_fields if name not in own)]:
        info = spec.model_fields[name]
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        examples = tuple(map(str, info.examples or ()))
        type_ = _type(hints[name])
        yield Described(name, type_, info.description or "", examples, info.is_required(), _default(info), extra)


def _default(info: FieldInfo) -> Any:
    found = info.get_default(call_default_factory=True, validated_data={})
    if found is PydanticUndefined or isinstance(found, Spec):
        return None
    return str(found) if isinstance(found, Share) else found


def _type(annotation: Any) -> Type:
    """The type of an annotation; what is optional is what it is when it is there."""
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    base, *marks = get_args(annotation) if get_origin(annotation) is Annotated else (annotation,)
    limits = _limits(marks)
    for word, named in _NAMED:
        known, *validators = get_args(named)
        if base is known and marks[: len(validators)] == validators:
            return Type(word, limits=limits)
    if annotation == Metadata:
        return Type("labels")
    if get_origin(base) is Literal:
        return Type("choice", choices=get_args(base))
    if get_origin(base) is dict:
        return Type("mapping", item=_type(get_args(base)[1]))
    if isinstance(base, type) and issubclass(base, BaseModel):
        return Type("object", spec=base)
    return Type(_PLAIN[base], limits=limits)


def _limits(marks: list[Any]) -> dict[str, Any]:
    rules = [rule for mark in marks if isinstance(mark, FieldInfo) for rule in mark.metadata]
    names = ("ge", "le", "max_length", "pattern")
    return {name: getattr(rule, name) for rule in rules for name in names if getattr(rule, name, None) is not None}
