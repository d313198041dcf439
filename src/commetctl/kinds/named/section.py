"""The section of a kind whose objects the API knows by name and id only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from commetctl.core.changeset import Notice
from commetctl.core.resource import Address, Resource, ResourceSet, Value
from commetctl.kinds.crud import Crud
from commetctl.kinds.named.keys import keys_of
from commetctl.kinds.named.matching import Matching
from commetctl.kinds.named.rules import findings
from commetctl.kinds.named.spec import NamedSpec
from commetctl.kinds.section import Entries, Finding, Sheet
from commetctl.kinds.sides import Known, Live


@dataclass(frozen=True, eq=False)
class Named(Crud):
    """A kind whose entries have a key of the file, and whose addresses are made of names.

    `noun` is what one object is called in messages.
    """

    key: str = "name"
    named: str = "name"
    noun: str = ""

    def values(self, key: str, spec: NamedSpec) -> tuple[str, Mapping[str, Value]]:
        """The name, and the fields of an entry."""
        return spec.name, super().values(key, spec)[1]

    def expand(self, sheet: Sheet) -> Iterator[Resource]:
        """One resource for each entry, which knows the key of the entry."""
        for entry, resource in zip(sheet.sections[self.name], super().expand(sheet), strict=True):
            yield replace(resource, handle=entry)

    def entry_keys(self, found: Sequence[Resource], entries: Entries) -> Mapping[Address, str]:
        """The keys that the file has; for a new object, a key that is made of its name."""
        known = {self.address(spec.name): key for key, spec in entries.items()}
        known |= {resource.address: resource.handle for resource in found if resource.handle}
        return keys_of([resource.address for resource in found], known, self.kind)

    def check(self, sheet: Sheet) -> Iterator[Finding]:
        """What is wrong with any entry, and which object an entry means."""
        yield from super().check(sheet)
        yield from findings(sheet, self.name, self.noun)

    def applied(self, entries: Entries, desired: ResourceSet) -> Known:
        """The ids that the file names."""
        return Known({self.address(spec.name): spec.id for spec in entries.values() if spec.id})

    def adopt(self, entries: Entries, desired: ResourceSet, live: Live) -> tuple[Live, tuple[Notice, ...]]:
        """Match objects by `id` and by `previous_name`."""
        live, notices = super().adopt(entries, desired, live)
        return Matching(self.kind, self.noun, entries, live).matched(), notices
