"""Fields on the wire: the name of each in the API, and how its value is written and read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal
from typing import Any

from pydantic import BaseModel

from commetctl.core import values as known
from commetctl.core.call import Body, Ref
from commetctl.core.contract import Contract
from commetctl.core.money import EXPONENTS, Money, places
from commetctl.core.resource import UNKNOWN, Address, Value

#: How much of a value that is not understood is shown.
_LONGEST = 60
#: Enough digits for any amount.
_EXACT = Context(prec=120)
_NO_IDS: Mapping[str, Address] = {}

Encode = Callable[[Any, Contract], Body]
Decode = Callable[[Any, Contract], Value]


def _same(value: Any, _: Contract) -> Any:
    return value


def word(value: Any) -> str:
    """Text of an answer that is always there: a code, an id, a name."""
    if not isinstance(value, str) or not value:
        raise TypeError(value)
    return value


def part(value: Any) -> str:
    """The same for a part of an address, in which a slash would name something else."""
    if "/" in word(value):
        raise ValueError(value)
    return str(value)


@contextmanager
def within(place: str) -> Iterator[None]:
    """Add the place in the answer to an error, from the inside out."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        error.add_note(place)
        raise


def named(number: int, row: Mapping[str, Any]) -> str:
    """The name of a row in messages: its code or name, else its number."""
    name = next((row[key] for key in ("code", "name") if isinstance(row.get(key), str) and row[key]), None)
    return f"`{name}`" if name else f"row {number}"


def _words(value: Any, _: Contract) -> Value:
    return word(value)


def plain(value: Any) -> Any:
    """What a resource has for a value of a spec: lists as tuples, models as mappings of what they set."""
    if isinstance(value, BaseModel):
        fields = ((name, plain(getattr(value, name))) for name in type(value).model_fields)
        return {name: item for name, item in fields if item is not None}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return tuple(map(plain, value)) if isinstance(value, list | tuple) else value


def spoken(value: Any) -> Any:
    """What the file has for a value of a resource: the reverse of `plain`, with amounts as price tags."""
    if isinstance(value, Mapping):
        return {key: spoken(item) for key, item in value.items()}
    if isinstance(value, datetime):
        return known.time_text(value)
    return list(map(spoken, value)) if isinstance(value, tuple) else price_tag(value)


def price_tag(value: Any) -> Any:
    """An amount with the digits that its currency has; one of a unit may have more. Anything else as it is."""
    if not isinstance(value, Money):
        return value
    digits = max(places(value.amount), min(EXPONENTS[value.currency], value.decimals))
    return value.amount.quantize(Decimal(1).scaleb(-digits), context=_EXACT)


@dataclass(frozen=True)
class WireField:
    """One field: its name in the file, its name in requests, and the way in each direction.

    `read` is its name in answers where that is another one. `cleared` is what takes the value away: null where the
    API's type allows it. One that is `needed` is there in every object of the file. `make` turns the value of a spec
    into that of a resource, and `tag` turns it back. The items of a list that is `unordered` have the order of
    the file, which `make` forgets.

    `ref` is the kind of the object that it names; requests have its id, and answers its id, or an object with its `id`
    or `code`, or its key where the field is `keyed`. With `many`, it is a list of such objects in order. The file names
    them by the keys of the section `among`, the first one that the section uses where empty. With `by_entry`, those are
    keys of the file alone.
    """

    name: str
    wire: str
    encode: Encode = _same
    decode: Decode = _words
    cleared: Body = None
    needed: bool = False
    read: str = ""
    ref: str = ""
    many: bool = False
    among: str = ""
    by_entry: bool = False
    unordered: bool = False
    keyed: bool = False
    make: Callable[[Any], Value] = plain
    tag: Callable[[Any], Any] = spoken

    @property
    def answered(self) -> str:
        """Its name in answers."""
        return self.read or self.wire

    def written(self, value: Any, contract: Contract) -> Body:
        """What a request has for a value."""
        if value is None:
            return self.cleared
        if self.many:
            return [Ref(address) for address in self.refs(value)]
        return Ref(Address(self.ref, value)) if self.ref else self.encode(value, contract)

    def refs(self, value: Value) -> tuple[Address, ...]:
        """The objects that a value names."""
        keys = value if isinstance(value, tuple) else (value,)
        return tuple(Address(self.ref, key) for key in keys if self.ref and isinstance(key, str))

    def named(self, refs: Sequence[Address]) -> Value:
        """The value that names some objects: the reverse of `refs`."""
        return tuple(address.key for address in refs) if self.many else refs[0].key if refs else None

    def said(self, value: Value, spec: Any) -> Any:
        """What the file has for a value of a resource, in the order of the entry that it may have so far."""
        written = getattr(spec, self.name, None) if self.unordered else None
        return list(written) if written is not None and self.make(written) == value else self.tag(value)

    def understood(self, value: Any, contract: Contract, ids: Mapping[str, Address]) -> Value:
        """The value in an answer; raises TypeError, ValueError or LookupError for any other value."""
        if not self.ref:
            return self.decode(value, contract)
        if self.keyed:
            return None if value is None else word(value)
        if self.many:
            return tuple(_key(item, ids) for item in value)
        return _key(value, ids)


def _key(value: Any, ids: Mapping[str, Address]) -> str | None:
    """The key of the object that an answer names."""
    if isinstance(value, Mapping) and "code" in value:
        return word(value["code"])
    found = value["id"] if isinstance(value, Mapping) else value
    return None if found is None else ids[word(found)].key


def encode(
    table: Sequence[WireField], names: Iterable[str], values: Mapping[str, Value], contract: Contract
) -> dict[str, Body]:
    """The body that sets the named fields, in the order of the table."""
    wanted = frozenset(names)
    return {field.wire: field.written(values[field.name], contract) for field in table if field.name in wanted}


def present(values: Mapping[str, Value]) -> list[str]:
    """The names of the fields that have a value: what a create sends."""
    return [name for name, value in values.items() if value is not None]


def understood(
    table: Sequence[WireField], row: Mapping[str, Any], contract: Contract, ids: Mapping[str, Address] = _NO_IDS
) -> tuple[dict[str, Value], list[str]]:
    """The fields of an answer, and the values that do not fit their field, as the answer has them.

    Such a field is unknown. One that the answer lacks is unknown too, and never a default.
    """
    fields: dict[str, Value] = {}
    odd: list[str] = []
    for field in table:
        fields[field.name] = UNKNOWN
        if field.answered not in row:
            continue
        try:
            fields[field.name] = field.understood(row[field.answered], contract, ids)
        except (TypeError, ValueError, LookupError, AttributeError):
            odd.append(shown(field.answered, row[field.answered]))
    return fields, odd


def lacking(table: Sequence[WireField], row: Mapping[str, Any]) -> list[str]:
    """The names, in the API, of the needed fields that an answer does not have."""
    return [field.answered for field in table if field.needed and field.answered not in row]


def shown(wire: str, value: Any) -> str:
    """`price: "4900"`, cut off where it is long."""
    said = known.text(value)
    return f"`{wire}: {said if len(said) <= _LONGEST else said[:_LONGEST] + '…'}`"
