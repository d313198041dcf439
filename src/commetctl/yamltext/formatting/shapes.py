"""Shapes: what the models say about each place of a file: the order of its keys, and what its amounts are in."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from commetctl.catalog.policy import PolicySpec
from commetctl.catalog.top import KNOWN
from commetctl.core.contract import PER_YEAR
from commetctl.core.money import EXPONENTS, Money, UnitPrice
from commetctl.kinds import SECTIONS
from commetctl.kinds.values import OddNumber, number
from commetctl.kinds.wire import price_tag
from commetctl.yamltext.tokens import Site

_INTERVALS = (*PER_YEAR, "one_time")
_PROBE = Decimal(7)
_POLICY = "policy"
_SECTIONS = {section.name: section.spec for section in SECTIONS}
#: What the keys of a mapping are, where each of its entries is an object that is managed by itself.
_OBJECTS = ("entry", "interval", "feature")


@dataclass(frozen=True)
class Shape:
    """What stands at a place: the whole file, an object by its model, entries by key, or a number.

    Without anything of this, nothing is known about the place.
    """

    whole: bool = False
    spec: type[BaseModel] | None = None
    item: "Shape | None" = None
    keys: str = ""
    #: `amount`, `unit price`, or `number` for what has no currency.
    number: str = ""
    currency: str = "usd"

    @property
    def block(self) -> bool:
        """Whether it is always written with a line for each of its keys, as `pull` does."""
        return self.whole or self.keys in _OBJECTS or self.spaced

    @property
    def spaced(self) -> bool:
        """Whether it is an object that a blank line sets off: one that holds others, which is a plan."""
        return self.spec is not None and any(self.child(name).block for name in self.spec.model_fields)

    def child(self, key: str) -> "Shape":
        """What stands at a key of it."""
        if self.whole:
            return _at_top(key)
        if self.item is not None:
            return replace(self.item, currency=key) if self.keys == "currency" else self.item
        return _field(self.spec, key, self.currency) if self.spec is not None else NOTHING

    def rank(self, key: str) -> int:
        """Where a key belongs among its siblings; the same for all where their order is the author's."""
        if self.whole:
            order: tuple[str, ...] = KNOWN
        elif self.keys == "interval":
            order = _INTERVALS
        elif self.spec is not None:
            order = _fields(self.spec)
        else:
            order = ()
        return order.index(key) if key in order else len(order)

    def amount(self, text: str) -> str | None:
        """A plain number as it is written at this place; None for what is none, or where none belongs."""
        if self.spec is not None:
            short = _short(self.spec)
            return self.child(short).amount(text) if short else None
        value = number(text) if self.number else OddNumber(text)
        if isinstance(value, OddNumber) or text.startswith("-"):
            return None
        if self.number == "number" or self.currency not in EXPONENTS:
            return text
        unit = self.number == "unit price"
        tag = str(price_tag((UnitPrice if unit else Money)(Decimal(value), self.currency)))
        # Who writes 0.0020 beside 0.0018 means the digits.
        return text if unit and len(text.partition(".")[2]) > len(tag.partition(".")[2]) else tag


NOTHING = Shape()
WHOLE = Shape(whole=True)


def shapes(root: Site) -> dict[Site, Shape]:
    """What stands at each value of a file. What aliases bring to places of different shapes has none."""
    found: dict[Site, Shape] = {}
    rest: list[tuple[Site, Shape]] = [(root, WHOLE)]
    while rest:
        site, shape = rest.pop()
        if site.target is not None:
            rest.append((site.target, shape))
            continue
        if site in found:
            if found[site] in (shape, NOTHING):
                continue
            shape = NOTHING
        found[site] = shape
        for entry in site.entries:
            rest += [(value, shape) for value in _merged(entry.value)] if entry.merge else ()
            rest += [(entry.value, shape.child(entry.name))] if not entry.merge else ()
            rest.append((entry.key, NOTHING))
        rest += [(item, NOTHING) for item in site.items]
    return found


def _merged(value: Site) -> Iterator[Site]:
    """The mappings that a merge brings in."""
    value = value.target or value
    yield from value.items if value.kind == "seq" else (value,)


def _at_top(key: str) -> Shape:
    if key == _POLICY:
        return Shape(spec=PolicySpec)
    return Shape(item=Shape(spec=_SECTIONS[key]), keys="entry") if key in _SECTIONS else NOTHING


def _fields(spec: type[BaseModel]) -> tuple[str, ...]:
    """The fields of an object in the order of `told`: what may not happen to it is said last."""
    return tuple(sorted(spec.model_fields, key=lambda name: name == "lifecycle"))


@cache
def _short(spec: type[BaseModel]) -> str:
    """The field that a number alone stands for in the short form of an object, if it has such a form."""
    try:
        found = spec.model_validate(_PROBE)
    except ValidationError:
        return ""
    return next((name for name in spec.model_fields if getattr(found, name) == _PROBE), "")


@lru_cache(maxsize=1024)
def _field(spec: type[BaseModel], key: str, currency: str) -> Shape:
    field = spec.model_fields.get(key)
    if field is None:
        return NOTHING
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    found = _shape(field.annotation, extra)
    return replace(found, currency=currency) if extra.get("unit") == "of its currency" else found


def _shape(annotation: Any, extra: dict[str, Any]) -> Shape:
    if get_origin(annotation) is Annotated:
        return _shape(get_args(annotation)[0], extra)
    if get_origin(annotation) is dict:
        return Shape(item=_shape(get_args(annotation)[1], extra), keys=str(extra.get("keys", "")))
    if isinstance(annotation, type):
        if issubclass(annotation, BaseModel):
            return Shape(spec=annotation)
        return Shape(number=_number(extra)) if issubclass(annotation, Decimal) else NOTHING
    return next((found for part in get_args(annotation) if (found := _shape(part, extra)) != NOTHING), NOTHING)


def _number(extra: dict[str, Any]) -> str:
    if "decimals" in extra:
        return "unit price"
    unit = str(extra.get("unit", ""))
    return "amount" if unit.startswith("US dollars") or unit == "of its currency" else "number"
