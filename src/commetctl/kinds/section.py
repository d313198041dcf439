"""The section: what each top-level key of the file says and does."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from commetctl.core.amount_move import AmountMove
from commetctl.core.call import Step
from commetctl.core.change import Change
from commetctl.core.changeset import Notice
from commetctl.core.contract import Contract, Listing, Rows
from commetctl.core.resource import Address, Origin, Resource, ResourceSet
from commetctl.core.values import KeyPath
from commetctl.kinds.kind import Kind
from commetctl.kinds.scalars import CODE, Spec
from commetctl.kinds.sides import Known, Ledgers, Live, Payments, Read, Sides, Users

#: The keys and specs of one section.
Entries = Mapping[str, Any]


class KeyForm(NamedTuple):
    """What the keys of a section look like: a pattern, what one is called, and what to write instead of another."""

    pattern: re.Pattern[str]
    noun: str
    hint: str


CODES = KeyForm(CODE, "code", "use lower-case letters, digits and underscores")


@dataclass(frozen=True)
class Finding:
    """Something wrong at a path of the file.

    `lacks` are paths whose presence would resolve it. If one of them failed to parse, the finding is suppressed. `fix`
    is what should be written there, where only one thing can be meant.
    """

    path: KeyPath
    code: str
    message: str
    hint: str = ""
    lacks: tuple[KeyPath, ...] = ()
    fix: str = ""


@dataclass(frozen=True)
class Sheet:
    """What a section may know about the file while it checks and expands its own entries.

    `keys` are the declared keys of every section that the file has, also of entries that have mistakes.
    """

    contract: Contract
    sections: Mapping[str, Entries]
    keys: Mapping[str, frozenset[str]]
    origin: Callable[[KeyPath], Origin | None]


@dataclass
class Collapsed:
    """The entries of a section as plain data in the order of a careful writer, amounts with the digits of a price tag.

    No default is spelled out. `remarks` say, at a path inside the section, what Commet does not reveal; `notices`, what
    the file has no way to say; and `unsettled`, what really is at a path where the entries have what it should be.
    """

    entries: dict[str, Any] = field(default_factory=dict)
    unsettled: dict[KeyPath, Any] = field(default_factory=dict)
    remarks: dict[KeyPath, str] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)


class Section(ABC):
    """One top-level key of the file: its kinds, its shape, its rules, its calls.

    Optional members have a default here.
    """

    #: The top-level key, and a sentence on what it holds.
    name: str
    about: str
    #: A comment that a new file has above the section.
    remark: str = ""
    #: The kinds of resource that it yields, by name, top-level kind first.
    kinds: Mapping[str, Kind]
    #: The shape of one entry.
    spec: type[Spec]
    #: The names of the sections whose objects it refers to.
    uses: tuple[str, ...] = ()
    #: What its keys look like; None where any text is a key.
    keys: KeyForm | None = CODES
    #: The field that its addresses are made of, where that is not the key of the file.
    named: str = ""
    #: Keys of an entry, at any depth, below which objects stand by key.
    objects: frozenset[str] = frozenset()
    #: Warnings about a valid file, and about the changes to an account: rules by their code.
    lint: Mapping[str, Callable[["Sheet"], Iterable[Finding]]] = {}
    lint_changes: Mapping[str, Callable[[Iterable[Change]], Iterable[Finding]]] = {}

    @property
    def top(self) -> Kind:
        """The kind of its top-level objects."""
        return next(iter(self.kinds.values()))

    def in_full(self, path: KeyPath, value: Any) -> Any:
        """What a short form at a path inside the section stands for; any other value as it is."""
        return value

    @abstractmethod
    def check(self, sheet: Sheet) -> Iterator[Finding]:
        """What is wrong with the section's entries beyond the shape of each."""

    @abstractmethod
    def expand(self, sheet: Sheet) -> Iterator[Resource]:
        """The resources that the section's entries stand for."""

    @abstractmethod
    def collapse(self, resources: ResourceSet, entries: Entries) -> Collapsed:
        """The inverse of `expand`: the entries that stand for resources; `entries` are those of the file so far.

        What is unknown is left out.
        """

    @abstractmethod
    def listings(self, contract: Contract) -> tuple[Listing, ...]:
        """The lists that hold the section's live objects; none where the API version does not have the section."""

    def refers(self, answers: Sequence[Rows | None]) -> Collection[str]:
        """The names of those sections in `uses` that are needed to read the rows of the listings."""
        return self.uses

    @abstractmethod
    def read(self, answers: Sequence[Rows | None], contract: Contract, ids: Mapping[str, Address]) -> Read:
        """The live objects in the rows of the listings; `ids` are the objects of the sections that it refers to."""

    @abstractmethod
    def steps(self, changes: Sequence[Change], sides: Sides) -> Iterable[Step]:
        """The calls that make the changes, grouped as the API takes them, each with its footprint; performs no I/O."""

    def applied(self, entries: Entries, desired: ResourceSet) -> Known:
        """What an account has beside its resources once it is as `desired` says."""
        return Known()

    def adopt(self, entries: Entries, desired: ResourceSet, live: Live) -> tuple[Live, tuple[Notice, ...]]:
        """The account with the objects matched that their address alone does not find, and notices about them."""
        return live, ()

    def companions(self, change: Change, changes: Mapping[Address, Change]) -> Iterator[Address]:
        """The changes without which one cannot be made, beyond those of what it refers to."""
        yield from ()

    def replacements(self, changes: Sequence[Change]) -> Mapping[Address, Collection[Address]]:
        """For each change that takes something away from customers, the changes that put something in its place.

        They are made first. Where one of them cannot be made, nothing is removed.
        """
        return {}

    def as_dependency(self, change: Change, *, begun: bool) -> Change | None:
        """A change as it is made only because another one needs it; None where nothing of it is needed.

        With `begun`, the rest of what an earlier run of the same command began for that reason.
        """
        return change

    def ledgers(self, rows: Rows) -> Ledgers | None:
        """The ledgers in the rows of a list; None where its objects have none."""
        return None

    def users(self, address: Address, live: Live) -> Users | None:
        """The subscriptions that use an object; None where only those of the objects that refer to it do."""
        return None

    def payments(self, before: ResourceSet, after: ResourceSet, live: Live) -> Payments | None:
        """What subscriptions may pay for its objects, before and after; None where they pay for none."""
        return None

    def moves(self, before: ResourceSet, after: ResourceSet) -> Iterator[AmountMove]:
        """Every amount of its kinds that customers pay or get and that differs between two accounts."""
        yield from ()


def bad_keys(sheet: Sheet, section: Section) -> Iterator[Finding]:
    """Entries whose key does not have the form that the section requires."""
    for key in sheet.sections[section.name]:
        if section.keys and not section.keys.pattern.match(key):
            message = f"`{key}` is not a {section.keys.noun}"
            yield Finding((section.name, key), "bad_code", message, section.keys.hint)


def duplicate_names(sheet: Sheet, section: Section) -> Iterator[Finding]:
    """Entries that share a name, where Commet is known to refuse that."""
    kind, seen = section.top, dict[str, str]()
    if "name" not in kind.unique or "name" in kind.unsettled:
        return
    for key, spec in sheet.sections[section.name].items():
        if spec.name in seen:
            message = f"`{spec.name}` is already the name of `{seen[spec.name]}`"
            yield Finding((section.name, key, "name"), "duplicate_name", message, "give each its own name")
        seen.setdefault(spec.name, key)


def shared_items(
    sheet: Sheet, section: Section, field: str, nouns: tuple[str, str]
) -> Iterator[tuple[KeyPath, str, str]]:
    """The place, the message and the hint of each item that stands twice in the lists that entries have as a field.

    `nouns` are those of an item and of what holds it.
    """
    seen: dict[str, str] = {}
    item_noun, noun = nouns
    for key, spec in sheet.sections[section.name].items():
        for index, item in enumerate(getattr(spec, field)):
            if other := seen.get(item):
                where = f"twice in this {noun}" if other == key else f"in the {noun} `{other}` already"
                hint = f"a {item_noun} is in one {noun} at most: remove it from one of them"
                yield (section.name, key, field, str(index)), f"`{item}` is {where}", hint
            seen.setdefault(item, key)
