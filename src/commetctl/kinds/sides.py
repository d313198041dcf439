"""The live side of an account as kinds read it, and both sides as they turn changes into calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol, TypeVar

from commetctl.core.changeset import Notice
from commetctl.core.contract import Contract
from commetctl.core.impact import Doubt, Option, Use
from commetctl.core.resource import Address, Resource, ResourceSet
from commetctl.core.times import Times


class Obstacle(NamedTuple):
    """Why something cannot be done with a live object, and the way out.

    `own`: the object itself cannot be changed. `below`: what belongs to it, or is made with it, cannot either.
    `unknown`: part of it is not understood, so a plan shows it, and neither it nor its parent can be deleted.
    `kept`: the file cannot declare the object, so that it is not in the file means nothing. With `kinds`, of what is
    below only these cannot be changed.
    """

    reason: str
    way_out: str
    own: bool = True
    below: bool = False
    unknown: bool = False
    kept: bool = False
    kinds: frozenset[str] = frozenset()

    def is_above(self, address: Address) -> bool:
        """Whether an object that belongs to the one with the obstacle, or refers to it, cannot be changed."""
        return self.below and (not self.kinds or address.kind in self.kinds)

    @property
    def said(self) -> tuple[str, str]:
        """The reason and the way out."""
        return self.reason, self.way_out


@dataclass(frozen=True)
class Found:
    """One live object: the resource, its id where it has one, and what prevents changing it, if so."""

    resource: Resource
    id: str | None = None
    obstacle: Obstacle | None = None


class Users(NamedTuple):
    """The subscriptions that use an object: all of a plan's, or those to one price of it.

    They name its id, or that of one of its `variants`; with `only`, that one. With a `currency`, only those of them
    that pay in it, and with `in_market`, only those in some countries: Commet does not say which those are.
    """

    plan: Address
    price: Address | None = None
    currency: str = ""
    in_market: bool = False
    variants: frozenset[str] = frozenset()
    only: str | None = None


class Payments(Protocol):
    """What subscriptions may pay for the objects of an account, before and after some changes."""

    def options(self, use: Use) -> tuple[Option, ...]:
        """The amounts that a subscription may pay, one of which is true; none where its price is not listed."""

    def doubts(self, use: Use) -> frozenset[Doubt]:
        """Why there are several options."""


class Ledgers(NamedTuple):
    """How many objects of a list have a ledger of commetctl, and those whose ledger cannot be read."""

    held: int
    damaged: tuple[Address, ...]


Kept = TypeVar("Kept")

#: What a section remembers about objects beside their resources.
Memory = Mapping[Address, Mapping[str, Any]]


@dataclass(frozen=True)
class Read:
    """What one section found in the answers of the API.

    `scale_proven` is None where the section has no prices whose scale could be proven. `unread` are the prices in place
    of which customers may pay another amount that is not known.
    """

    found: tuple[Found, ...]
    memory: Memory = field(default_factory=dict)
    scale_proven: bool | None = None
    notices: tuple[Notice, ...] = ()
    unread: frozenset[Address] = frozenset()


@dataclass(frozen=True)
class Known:
    """What the file says about an account, apart from its resources."""

    ids: Mapping[Address, str] = field(default_factory=dict)
    memory: Memory = field(default_factory=dict)


@dataclass(frozen=True)
class Live:
    """The account as it was read: resources, ids, and what prevents changing them.

    `livemode` is None when nothing was read that says. `scale_proven` says whether prices were seen that prove what
    their integers mean, where sources differ on it. `memory` holds what a section remembers about an object beside its
    resource; `unread` are prices in place of which customers may pay another amount that is not known. `foreign` holds,
    by plan, the metadata that the file cannot say, which every write has to repeat. `notices` describe what is not
    understood. `times` says when something was changed last. `inactive` are objects that read as none and still have
    their names; `switches` are the quirks that a local Commet has and says. `managed` are the names of the sections
    that the file has; `denied`, of those that may refer to their objects and that the key may not read. It is frozen:
    reading more makes a new one.
    """

    resources: ResourceSet = field(default_factory=ResourceSet)
    ids: Mapping[Address, str] = field(default_factory=dict)
    obstacles: Mapping[Address, Obstacle] = field(default_factory=dict)
    memory: Memory = field(default_factory=dict)
    unread: frozenset[Address] = frozenset()
    livemode: bool | None = None
    scale_proven: bool = True
    times: Times = field(default_factory=Times)
    foreign: Memory = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    inactive: Mapping[Address, Resource] = field(default_factory=dict)
    switches: Mapping[str, str] = field(default_factory=dict)
    managed: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for name in ("ids", "obstacles", "memory", "foreign", "inactive", "switches"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def renamed(self, names: Mapping[Address, Address]) -> "Live":
        """The same account, with some objects under other addresses, all at once: two may swap.

        A renamed object takes the address even if another one has it.
        """

        def at(address: Address) -> Address:
            return names.get(address, address)

        def moved(resource: Resource) -> Resource:
            refs = tuple(map(at, resource.refs))
            parent = resource.parent and at(resource.parent)
            return replace(resource, address=at(resource.address), refs=refs, parent=parent)

        over = frozenset(names.values()) - names.keys()

        def moved_keys(items: Mapping[Address, Kept]) -> dict[Address, Kept]:
            return {at(address): item for address, item in items.items() if address not in over}

        return replace(
            self,
            resources=ResourceSet(moved(resource) for a, resource in self.resources.items() if a not in over),
            ids=moved_keys(self.ids),
            obstacles=moved_keys(self.obstacles),
            memory=moved_keys(self.memory),
            unread=frozenset(map(at, self.unread)),
            foreign=moved_keys(self.foreign),
        )


@dataclass(frozen=True)
class World:
    """The desired resources, the live account, and the contract between both."""

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
