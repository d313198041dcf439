"""The section of a kind without children: one object of the file is one resource, one change is one call."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal
from typing import Any

from commetctl.core.call import ApiCall, Ref, Step
from commetctl.core.change import Change, Create, Delete, Update, narrowed
from commetctl.core.changeset import Notice
from commetctl.core.contract import Contract
from commetctl.core.footprint import Footprint, Gone, Put, Set
from commetctl.core.money import EXPONENTS, Money, places
from commetctl.core.resource import UNKNOWN, Address, Resource, ResourceSet, Value
from commetctl.kinds.obstacles import joined, lacks, odd_values
from commetctl.kinds.section import (
    Collapsed,
    Entries,
    Finding,
    Found,
    Known,
    Listing,
    Live,
    Obstacle,
    Path,
    Read,
    Row,
    Rows,
    Sheet,
    Sides,
)
from commetctl.kinds.spelling import bad_codes, duplicate_names
from commetctl.kinds.values import Spec
from commetctl.kinds.wire import WireField, encode, lacking, named, present, understood, within, word

#: Enough digits for any amount.
_EXACT = Context(prec=120)


def told(spec: type[Spec], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of an object that the file has to say: neither a default nor unknown, amounts as price tags."""
    usual = {name: item.get_default(call_default_factory=True) for name, item in spec.model_fields.items()}
    return {
        name: price_tag(value)
        for name in sorted(usual, key=lambda name: name == "lifecycle")
        if (value := values.get(name)) not in (None, UNKNOWN, {}) and value != usual[name]
    }


def price_tag(value: Any) -> Any:
    """An amount with the digits that its currency has; one of a unit may have more. Anything else as it is."""
    if not isinstance(value, Money):
        return value
    digits = max(places(value.amount), min(EXPONENTS[value.currency], value.decimals))
    return value.amount.quantize(Decimal(1).scaleb(-digits), context=_EXACT)


def _own(spec: Any, known: Collection[str]) -> dict[str, Any]:
    """What an entry of the file says beside its resource, as plain data."""
    if spec is None:
        return {}
    written: dict[str, Any] = spec.model_dump(exclude_defaults=True, exclude=set(known))
    return written


@dataclass(frozen=True)
class Crud:
    """A kind with one operation to list, create, update and delete each; `singular` names it in those operations."""

    name: str
    singular: str
    spec: type[Spec]
    table: tuple[WireField, ...]
    #: The wire name of the field that the address is made of.
    key: str
    fixed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    permanent: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    unique: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The one kind."""
        return (self.singular,)

    def address(self, key: str) -> Address:
        """The address of the object with a key."""
        return Address(self.singular, key)

    def locate(self, path: Path) -> tuple[Address, Path]:
        """The entry, and the field."""
        return self.address(path[0]), path[1:]

    def values(self, key: str, spec: Any) -> tuple[str, Mapping[str, Value]]:
        """The address key and the fields of an entry."""
        return key, {name: getattr(spec, name) for name in (column.name for column in self.table)}

    def check(self, sheet: Sheet) -> Iterator[Finding]:
        """Codes that are none, and names that two entries share."""
        if self.key == "code":
            yield from bad_codes(sheet, self.name)
        yield from duplicate_names(sheet, self.name)

    def expand(self, sheet: Sheet) -> Iterator[Resource]:
        """One resource for each entry."""
        for entry, spec in sheet.sections[self.name].items():
            key, values = self.values(entry, spec)
            yield Resource(self.address(key), values, origin=sheet.origin((self.name, entry)))

    def collapse(self, resources: ResourceSet, entries: Entries) -> Collapsed:
        """One entry for each resource, with what the file alone knows of it."""
        mine = [resource for resource in resources.values() if resource.address.kind == self.singular]
        keys = self.entry_keys([resource.address for resource in mine], entries)
        collapsed = Collapsed()
        for resource in mine:
            key = keys[resource.address]
            collapsed.entries[key] = self._entry(resource, entries.get(key))
        return collapsed

    def entry_keys(self, found: Sequence[Address], entries: Entries) -> Mapping[Address, str]:
        """The key of the file for each address."""
        return {address: address.key for address in found}

    def _entry(self, resource: Resource, spec: Any) -> dict[str, Any]:
        known = {column.name for column in self.table}
        values = {**_own(spec, known), **resource.fields}
        # An earlier name that is the name again is no renaming any more, and would be refused.
        values |= {"previous_name": None} if values.get("previous_name") == values.get("name") else {}
        return told(self.spec, values)

    @property
    def uses(self) -> tuple[str, ...]:
        """None: such objects refer to nothing."""
        return ()

    def listings(self, contract: Contract) -> tuple[Listing, ...]:
        """The one list of the kind."""
        return (Listing(f"list_{self.name}"),)

    def read(self, answers: Sequence[Rows | None], contract: Contract) -> Read:
        """One resource for each row."""
        found: list[Found] = []
        for number, row in enumerate(answers[0] or (), 1):
            with within(named(number, row)):
                found.append(self.found(row, contract))
        return Read(tuple(found))

    def found(self, row: Row, contract: Contract) -> Found:
        """The object in a row, with what of it is not understood."""
        fields, odd = understood(self.table, row, contract)
        found = Found(Resource(self.address(word(row[self.key])), fields), word(row["id"]))
        return replace(found, obstacle=joined([odd_values(odd), lacks(lacking(self.table, row)), *self.doubts(row)]))

    def doubts(self, row: Row) -> Iterator[Obstacle]:
        """What else of a row is not understood."""
        yield from ()

    def applied(self, entries: Entries, desired: ResourceSet) -> Known:
        """Nothing: Commet gives back all there is."""
        return Known()

    def adopt(self, entries: Entries, desired: ResourceSet, live: Live) -> tuple[Live, tuple[Notice, ...]]:
        """Nothing: the address finds every object."""
        return live, ()

    def creation(self, after: Resource, contract: Contract) -> dict[str, Any]:
        """The body of a create."""
        return encode(self.table, present(after.fields), after.fields, contract)

    def path_id(self, address: Address) -> str | Ref:
        """What stands for the object in a path."""
        return Ref(address)

    def steps(self, changes: Sequence[Change], sides: Sides) -> Iterator[Step]:
        """One step with one call for each change."""
        for change in changes:
            yield Step(str(change.address), (change.address,), (self._call(change, sides.contract),))

    def companions(self, change: Change, changes: Mapping[Address, Change]) -> Iterator[Address]:
        """None: each change stands for itself."""
        yield from ()

    def as_dependency(self, change: Change, *, begun: bool) -> Change | None:
        """A creation as it is; of an update, the value that another object takes over."""
        if isinstance(change, Update) and not begun:
            return narrowed(change, self.unique.get(self.singular, ()))
        return change

    def _call(self, change: Change, contract: Contract) -> ApiCall:
        match change:
            case Create(after):
                body = self.creation(after, contract)
                leaves: Footprint = Put(after)
                return contract.call(f"create_{self.singular}", body, leaves=(leaves,), creates=after.address)
            case Update(after=after, names=names):
                body = encode(self.table, names, after.fields, contract)
                leaves = Set(change.address, {name: after.fields[name] for name in names})
                at = self.path_id(change.address)
                return contract.call(f"update_{self.singular}", body, leaves=(leaves,), keyed=change.address, id=at)
            case Delete():
                leaves = Gone(change.address)
                at = self.path_id(change.address)
                return contract.call(f"delete_{self.singular}", leaves=(leaves,), keyed=change.address, id=at)
