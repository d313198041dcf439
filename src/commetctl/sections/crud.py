"""The section of a kind without children: one object of the file is one resource, one change is one call."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from commetctl.core.address import Address
from commetctl.core.call import ApiCall, Ref
from commetctl.core.change import Change, Create, Delete, Update
from commetctl.core.changeset import Notice
from commetctl.core.contract import Contract
from commetctl.core.resource import Resource, ResourceSet, Value
from commetctl.core.step import Step
from commetctl.sections.names import bad_codes, duplicate_names
from commetctl.sections.section import Entries, Finding, Found, Listing, Live, Path, Rows, Sheet, World
from commetctl.sections.values import Spec
from commetctl.sections.wire import WireField, decode, encode, present, word


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

    @property
    def uses(self) -> tuple[str, ...]:
        """None: such objects refer to nothing."""
        return ()

    def listings(self, contract: Contract) -> tuple[Listing, ...]:
        """The one list of the kind."""
        return (Listing(f"list_{self.name}"),)

    def read(self, answers: Sequence[Rows | None], contract: Contract, live: Live) -> Iterator[Found]:
        """One resource for each row."""
        for row in answers[0] or ():
            address = self.address(word(row[self.key]))
            yield Found(Resource(address, decode(self.table, row, contract)), word(row["id"]))

    def applied(self, entries: Entries, desired: ResourceSet, live: Live) -> None:
        """Nothing: Commet gives back all there is."""

    def adopt(self, entries: Entries, desired: ResourceSet, live: Live) -> Iterator[Notice]:
        """Nothing: the address finds every object."""
        yield from ()

    def creation(self, after: Resource, contract: Contract) -> dict[str, Any]:
        """The body of a create."""
        return encode(self.table, present(after.fields), after.fields, contract)

    def path_id(self, address: Address) -> str | Ref:
        """What stands for the object in a path."""
        return Ref(address)

    def steps(self, changes: Sequence[Change], world: World) -> Iterator[Step]:
        """One step with one call for each change."""
        for change in changes:
            yield Step(str(change.address), (change.address,), (self._call(change, world.contract),))

    def _call(self, change: Change, contract: Contract) -> ApiCall:
        match change:
            case Create(after):
                return contract.call(f"create_{self.singular}", self.creation(after, contract), creates=after.address)
            case Update(after=after):
                body = encode(self.table, change.names, after.fields, contract)
                return contract.call(f"update_{self.singular}", body, id=self.path_id(change.address))
            case Delete():
                return contract.call(f"delete_{self.singular}", id=self.path_id(change.address))
