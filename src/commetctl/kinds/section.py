"""What a section of the catalog is: the protocol that each top-level key of the file satisfies."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from commetctl.core.call import Step
from commetctl.core.change import Change
from commetctl.core.changeset import Notice
from commetctl.core.contract import Contract
from commetctl.core.resource import Address, Beside, Origin, Resource, ResourceSet
from commetctl.core.times import Times
from commetctl.kinds.values import Spec

#: A place inside the file, as keys from the top.
Path = tuple[str, ...]
#: The keys and specs of one section.
Entries = Mapping[str, Any]


@dataclass(frozen=True)
class Finding:
    """Something wrong at a path of the file.

    `lacks` are the paths at which something would make it untrue: where one of them has a mistake of its own, what is
    missing there may just not have been understood.
    """

    path: Path
    code: str
    message: str
    hint: str = ""
    lacks: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """What a section may know about the file while it checks and expands its own entries.

    `keys` are the declared keys of every section that the file has, also of entries that have mistakes.
    """

    contract: Contract
    sections: Mapping[str, Entries]
    keys: Mapping[str, frozenset[str]]
    origin: Callable[[Path], Origin | None]


class Obstacle(NamedTuple):
    """Why something cannot be done with a live object, and the way out.

    `own`: the object itself cannot be changed. `below`: what belongs to it, or is made with it, cannot either.
    `unknown`: part of it is not understood, so a plan says so, and neither it nor what it belongs to can be deleted.
    `kept`: the file has no way to declare the object, so that it is missing there means nothing.
    """

    reason: str
    way_out: str
    own: bool = True
    below: bool = False
    unknown: bool = False
    kept: bool = False

    @property
    def said(self) -> tuple[str, str]:
        """The reason and the way out."""
        return self.reason, self.way_out


@dataclass(frozen=True)
class Found:
    """One live object: the resource, its id where it has one, and what stands in the way of changing it, if so.

    `aside` are addresses of what belongs to it and is no resource, because the file has no way to say it.
    """

    resource: Resource
    id: str | None = None
    obstacle: Obstacle | None = None
    aside: tuple[Address, ...] = ()


@dataclass(frozen=True)
class Listing:
    """A list operation that a section is read from, and its query.

    A listing with a `version` is asked of that version of the API instead of the chosen one, only where the listing
    before it has rows, and may fail: its rows are None then.
    """

    operation: str
    query: Mapping[str, str] = field(default_factory=dict)
    version: str | None = None


Row = Mapping[str, Any]
Rows = Sequence[Row]


class Block(dict[str, Any]):
    """A mapping of the file that is always written with a line for each of its keys."""


class Shorthand(dict[str, Any]):
    """A mapping of the file that has a short form: the text or amount alone."""

    def __init__(self, long: Mapping[str, Any], short: Any) -> None:
        super().__init__(long)
        self.short = short


@dataclass
class Collapsed:
    """The entries of a section as plain data in the order of a careful writer, amounts with the digits of a price tag.

    No default is spelled out. `remarks` say, at a path inside the section, what Commet does not reveal; `notices`, what
    the file has no way to say; and `unsettled`, what really is at a path where the entries have what it should be.
    """

    entries: dict[str, Any] = field(default_factory=dict)
    unsettled: dict[Path, Any] = field(default_factory=dict)
    remarks: dict[Path, str] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)


#: What a section remembers about objects beside their resources.
Memory = Mapping[Address, Mapping[str, Any]]


@dataclass(frozen=True)
class Read:
    """What one section found in the answers of the API.

    `scale_proven` is None where the section has no prices whose scale could be proven. `beside` is what prices have
    that the file cannot declare.
    """

    found: tuple[Found, ...]
    memory: Memory = field(default_factory=dict)
    scale_proven: bool | None = None
    notices: tuple[Notice, ...] = ()
    beside: Mapping[Address, Beside] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """What an account has beside its resources, as far as the file says it."""

    ids: Mapping[Address, str] = field(default_factory=dict)
    memory: Memory = field(default_factory=dict)


@dataclass(frozen=True)
class Live:
    """The account as it was read: resources, ids, and what stands in the way of changing them.

    `livemode` is None when nothing was read that says. `scale_proven` says whether prices were seen that prove what
    their integers mean, where sources differ on it. `memory` holds what a section remembers about an object beside its
    resource; `beside`, what a price has that the file cannot declare, and that customers may pay in its place.
    `foreign` holds, by plan, the metadata that the file cannot say, which every write has to repeat. `aside` are
    addresses of what no resource stands for, and `notices` what to tell of all that is not understood. `times` says
    when something was changed last. Nothing in it can be changed: reading more makes a new one.
    """

    resources: ResourceSet = field(default_factory=ResourceSet)
    ids: Mapping[Address, str] = field(default_factory=dict)
    obstacles: Mapping[Address, Obstacle] = field(default_factory=dict)
    memory: Memory = field(default_factory=dict)
    beside: Mapping[Address, Beside] = field(default_factory=dict)
    livemode: bool | None = None
    scale_proven: bool = True
    times: Times = field(default_factory=Times)
    foreign: Memory = field(default_factory=dict)
    aside: tuple[Address, ...] = ()
    notices: tuple[Notice, ...] = ()

    def __post_init__(self) -> None:
        for name in ("ids", "obstacles", "memory", "beside", "foreign"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))


@dataclass(frozen=True)
class World:
    """What the file wants, what the account is, and the contract between both."""

    desired: ResourceSet
    live: Live
    contract: Contract


@dataclass(frozen=True)
class Sides:
    """The account before a run and after it: all that a section needs to turn changes into calls.

    `after` is the live side with the changes of the run made, and nothing else of the file.
    """

    live: Live
    after: ResourceSet
    contract: Contract


class Section(Protocol):
    """One top-level key of the file: its shape, its resources, its rules, its calls."""

    @property
    def name(self) -> str:
        """The top-level key."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of resource that it yields, top-level kind first."""

    @property
    def spec(self) -> type[Spec]:
        """The shape of one entry."""

    @property
    def uses(self) -> tuple[str, ...]:
        """The names of the sections whose objects it refers to."""

    @property
    def fixed(self) -> Mapping[str, Mapping[str, str]]:
        """For each kind, the fields that the API fixes at creation, each with the way out."""

    @property
    def permanent(self) -> Mapping[str, tuple[str, str]]:
        """The kinds that the API has no way to delete, each with the reason and the way out."""

    @property
    def unique(self) -> Mapping[str, tuple[str, ...]]:
        """For each kind, fields that no two objects may share, so that one must let go before another takes."""

    def locate(self, path: Path) -> tuple[Address, Path]:
        """The object that a path inside the section leads to, and what is left of the path inside the object."""

    def check(self, sheet: Sheet) -> Iterator[Finding]:
        """What is wrong with the section's entries beyond the shape of each."""

    def expand(self, sheet: Sheet) -> Iterator[Resource]:
        """The resources that the section's entries stand for."""

    def collapse(self, resources: ResourceSet, entries: Entries) -> Collapsed:
        """The inverse of `expand`: the entries that stand for resources; `entries` are those of the file so far.

        What is unknown is left out.
        """

    def listings(self, contract: Contract) -> tuple[Listing, ...]:
        """What to ask the API for, to know the section's live objects."""

    def read(self, answers: Sequence[Rows | None], contract: Contract) -> Read:
        """The live objects in the rows of the listings, and what is known beside them."""

    def applied(self, entries: Entries, desired: ResourceSet) -> Known:
        """What an account has beside its resources once it is as `desired` says."""

    def adopt(self, entries: Entries, desired: ResourceSet, live: Live) -> tuple[Live, tuple[Notice, ...]]:
        """The account with the objects matched that their address alone does not find, and what to tell of that."""

    def steps(self, changes: Sequence[Change], sides: Sides) -> Iterable[Step]:
        """The calls that make the changes, grouped as the API takes them, each with its footprint; performs no I/O."""

    def companions(self, change: Change, changes: Mapping[Address, Change]) -> Iterator[Address]:
        """The changes without which one cannot be made, beyond those of what it refers to."""

    def as_dependency(self, change: Change, *, begun: bool) -> Change | None:
        """A change as it is made only because another one needs it; None where nothing of it is needed.

        With `begun`, the rest of what an earlier run of the same command began for that reason.
        """
