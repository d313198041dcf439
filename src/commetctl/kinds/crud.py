"""The section of a kind without children: one object of the file is one resource, one change is one call."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from commetctl.core.amount_move import AmountMove
from commetctl.core.call import ApiCall, Body, Ref, Step
from commetctl.core.change import Change, Create, Delete, Update, begins, ends, halves, heirs, narrowed
from commetctl.core.changeset import Notice
from commetctl.core.contract import Contract, Listing, Row, Rows
from commetctl.core.footprint import Footprint, Gone, Put, Set
from commetctl.core.resource import UNKNOWN, Address, Resource, ResourceSet, Value
from commetctl.kinds.entry import own, told
from commetctl.kinds.kind import Kind
from commetctl.kinds.obstacles import joined, lacks, odd_values
from commetctl.kinds.references import References
from commetctl.kinds.routes import Routes
from commetctl.kinds.scalars import Spec
from commetctl.kinds.section import (
    CODES,
    Collapsed,
    Entries,
    Finding,
    KeyForm,
    Section,
    Sheet,
    bad_keys,
    duplicate_names,
)
from commetctl.kinds.sides import Found, Live, Obstacle, Read, Sides
from commetctl.kinds.wire import encode, lacking, named, present, understood, within, word

#: What an update sends to deactivate an object.
_OFF: Mapping[str, Body] = {"active": False}


@dataclass(frozen=True, eq=False)
class Crud(Section):
    """A kind with one request to list, create, update and delete each.

    `key` is the API's name of the field that addresses are made of. With `sends_key`, a create sends it too; with
    `path_key`, paths name objects by it instead of by their id. `replaces` says that an update sets every field, so
    each is sent. With `active`, the name of a field in answers, objects are deactivated and not deleted: an inactive
    object is read as none unless the file declares it, and is then activated again. Of what is `for_sale`, nothing goes
    before what the same run puts on sale is there.
    """

    name: str
    about: str
    kind: Kind
    spec: type[Spec]
    routes: Routes
    key: str
    keys: KeyForm | None = CODES
    uses: tuple[str, ...] = ()
    named: str = ""
    remark: str = ""
    sends_key: bool = False
    path_key: bool = False
    replaces: bool = False
    active: str = ""
    for_sale: bool = False
    lint: Mapping[str, Callable[[Sheet], Iterable[Finding]]] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kinds", {self.kind.name: self.kind})

    def address(self, key: str) -> Address:
        """The address of the object with a key."""
        return Address(self.kind.name, key)

    def values(self, key: str, spec: Any) -> tuple[str, Mapping[str, Value]]:
        """The address key and the fields of an entry."""
        return key, {column.name: column.make(getattr(spec, column.name, None)) for column in self.kind.table}

    def check(self, sheet: Sheet) -> Iterator[Finding]:
        """Malformed keys, names that two entries share, and references to undeclared objects."""
        yield from bad_keys(sheet, self)
        yield from duplicate_names(sheet, self)
        for key, spec in sheet.sections[self.name].items():
            yield from self._references.undeclared((self.name, key), spec, sheet)

    @property
    def _references(self) -> References:
        return References(self.kind.table, self.uses)

    def expand(self, sheet: Sheet) -> Iterator[Resource]:
        """One resource for each entry."""
        for entry, spec in sheet.sections[self.name].items():
            key, values = self.values(entry, spec)
            named = self._references.by_name(values, sheet)
            yield self._resource(self.address(key), {**values, **named}, sheet.origin((self.name, entry)))

    def _resource(self, address: Address, values: Mapping[str, Value], origin: Any = None) -> Resource:
        refs = self._references.of(values)
        own = {"is_active": True} if self.active else {}
        return Resource(address, {**values, **own}, refs, origin=origin)

    def collapse(self, resources: ResourceSet, entries: Entries) -> Collapsed:
        """One entry for each resource, with what the file alone knows of it."""
        mine = [resource for resource in resources.values() if resource.address.kind == self.kind.name]
        keys = self.entry_keys(mine, entries)
        collapsed = Collapsed()
        for resource in mine:
            key = keys[resource.address]
            collapsed.entries[key] = self._entry(self._references.by_entry(resource, resources), entries.get(key))
        return collapsed

    def entry_keys(self, found: Sequence[Resource], entries: Entries) -> Mapping[Address, str]:
        """The key of the file for each object."""
        return {resource.address: resource.address.key for resource in found}

    def _entry(self, resource: Resource, spec: Any) -> dict[str, Any]:
        known = {column.name: column for column in self.kind.table}
        fields = {n: known[n].said(value, spec) if n in known else value for n, value in resource.fields.items()}
        values = {**own(spec, known), **fields}
        # An earlier name that is the name again is no renaming any more, and would be refused.
        values |= {"previous_name": None} if values.get("previous_name") == values.get("name") else {}
        return told(self.spec, values)

    def listings(self, contract: Contract) -> tuple[Listing, ...]:
        """The one list of the kind."""
        own = Listing(self.routes.list, self.routes.query, each=self.routes.each)
        return (own,) if contract.has(own.route) else ()

    def read(self, answers: Sequence[Rows | None], contract: Contract, ids: Mapping[str, Address]) -> Read:
        """One resource for each row."""
        found: list[Found] = []
        for number, row in enumerate(answers[0] or (), 1):
            with within(named(number, row)):
                found.append(self.found(row, contract, ids))
        return Read(tuple(found))

    def found(self, row: Row, contract: Contract, ids: Mapping[str, Address]) -> Found:
        """The object in a row, and an obstacle for what is not understood."""
        fields, odd = understood(self.kind.table, row, contract, ids)
        resource = self._resource(self.address(word(row[self.key])), fields)
        if self.active and row.get(self.active) is not True:
            active = False if row.get(self.active) is False else UNKNOWN
            resource = replace(resource, fields={**resource.fields, "is_active": active})
        doubts = joined([odd_values(odd), lacks(lacking(self.kind.table, row)), *self.doubts(row)])
        return Found(resource, word(row["id"]), doubts)

    def doubts(self, row: Row) -> Iterator[Obstacle]:
        """What else of a row is not understood."""
        yield from ()

    def adopt(self, entries: Entries, desired: ResourceSet, live: Live) -> tuple[Live, tuple[Notice, ...]]:
        """The address finds every object; an inactive one that is not declared is left out."""
        live = self._references.followed(self.kind.name, live)
        if not self.active:
            return live, ()
        mine = [a for a in live.resources if a.kind == self.kind.name and a not in desired]
        gone = {a: live.resources[a] for a in mine if live.resources[a].fields["is_active"] is False}
        kept = ResourceSet(r for a, r in live.resources.items() if a not in gone)
        return replace(live, resources=kept, inactive={**live.inactive, **gone}), ()

    def creation(self, after: Resource, contract: Contract) -> dict[str, Any]:
        """The body of a create."""
        body = encode(self.kind.table, present(after.fields), after.fields, contract)
        return {self.key: after.address.key, **body} if self.sends_key else body

    def replacements(self, changes: Sequence[Change]) -> Mapping[Address, Collection[Address]]:
        """For each object that goes off sale, those that come on sale, and the one that takes over its name.

        What is not on sale may not be listed, so a later run could not see that the name is free.
        """
        sold = changes if self.for_sale else ()
        new = [change.address for change in sold if begins(change, _is_offered)]
        found = {change.address: [*new] for change in sold if ends(change, _is_offered)}
        for former, heir in heirs(sold, self.kind.unique):
            if former in found:
                found[former].append(heir)
        return {address: others for address, others in found.items() if others}

    def steps(self, changes: Sequence[Change], sides: Sides) -> Iterator[Step]:
        """One step for each change; two where one has to wait for what comes, and the rest has not."""
        replacements = self.replacements(changes)
        for change in changes:
            name, covers = str(change.address), (change.address,)
            new = frozenset(map(str, replacements.get(change.address, ())))
            *rest, last = _off_last(change) if new else (change,)
            before = [Step(name, covers, self._calls(part, sides.contract)) for part in rest]
            yield from before
            step = Step(name, covers, self._calls(last, sides.contract), replaced_by=new)
            after = frozenset(step.name for step in before)
            yield replace(step, name=f"{name} (closing)", after=after, closing=True) if before else step

    def moves(self, before: ResourceSet, after: ResourceSet) -> Iterator[AmountMove]:
        """Every amount that differs in an object that is there before and after."""
        for becomes in after.values():
            if becomes.address.kind == self.kind.name and (was := before.get(becomes.address)):
                yield from self.moves_of(was, becomes)

    def moves_of(self, was: Resource, becomes: Resource) -> Iterator[AmountMove]:
        """The amounts of one object that differ; none where customers pay for no field of the kind."""
        yield from ()

    def as_dependency(self, change: Change, *, begun: bool) -> Change | None:
        """A creation as it is; of an update, the value that another object takes over."""
        if isinstance(change, Update) and not begun:
            return narrowed(change, (*self.kind.unique, *self.kind.exclusive))
        return change

    def _calls(self, change: Change, contract: Contract) -> tuple[ApiCall, ...]:
        return tuple(self._call(half, contract) for half in halves(change))

    def _call(self, change: Change, contract: Contract) -> ApiCall:
        address = change.address
        at = address.key if self.path_key else Ref(address)
        marks = {self.key: address.key} if self.path_key else {}
        match change:
            case Create(after):
                body = self.creation(after, contract)
                return contract.call(self.routes.create, body, leaves=(Put(after),), creates=address, marks=marks)
            case Update(after=after, names=changed):
                names = frozenset(after.fields) if self.replaces else changed
                body = encode(self.kind.table, names, after.fields, contract)
                body |= {"active": after.fields["is_active"] is True} if "is_active" in names and self.active else {}
                leaves: Footprint = Set(address, {name: after.fields[name] for name in names})
                return contract.call(self.routes.update, body, leaves=(leaves,), subject=address, marks=marks, id=at)
            case Delete():
                gone, off = (Gone(address),), None if self.routes.delete else _OFF
                route = self.routes.delete or self.routes.update
                return contract.call(route, off, leaves=gone, subject=address, marks=marks, id=at)


def _is_offered(resource: Resource) -> bool:
    return resource.fields.get("is_active") is not False


def _off_last(change: Change) -> tuple[Change, ...]:
    """A change that takes an object off sale, in two parts if it does more: what comes may need the old name."""
    rest = narrowed(change, change.names - {"is_active"}) if isinstance(change, Update) else None
    if rest is None or not isinstance(change, Update):
        return (change,)
    off = tuple(item for item in change.fields if item.name == "is_active")
    return rest, replace(change, before=rest.after, fields=off)
