"""Groups: the changes of a review by the plan that they belong to, and long runs of like changes made short.

What holds an amount is never folded away: in a long run it takes one line, and the names of other things are counted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from commetctl.core.change import Change, Create, Delete, FieldChange, Update
from commetctl.core.money import Derived, Money
from commetctl.core.move import AmountMove, Sense, leading
from commetctl.core.resource import ABSENT, Address, Resource, Value
from commetctl.core.text import counted, notable, value_text
from commetctl.kinds.plans import addresses
from commetctl.render.review import Review

#: A run of like changes is made short when it is longer than the first number, after the second.
_LONGEST_RUN, _SHOWN = 8, 4
#: Fields that are amounts although they are plain numbers: of credits, of units, of one currency for another.
_COUNTS = frozenset({"included_credits", "included_amount", "credits_per_unit", "margin_percent", "credits", "rate"})
#: Fields that hold words, of which none costs anybody anything.
_WORDS = frozenset({"name", "description", "unit_name", "metadata"})
#: What says how an amount counts: without it, a line of amounts alone would mislead.
_TERMS = frozenset({"unlimited", "pricing_mode", "is_free", "is_active"})


@dataclass(frozen=True)
class Group:
    """The changes of one plan, or of one other kind."""

    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Run:
    """Changes of one kind and sort that stand side by side.

    `shown` are told whole. Of `short`, only the fields and amounts are told, on one line each. `folded` hold no amount,
    and are counted.
    """

    shown: tuple[Change, ...]
    short: tuple[Change, ...] = ()
    folded: tuple[Change, ...] = ()

    @property
    def folded_text(self) -> str:
        """`… and 16 more features`"""
        noun = self.folded[0].address.kind.replace("_", " ")
        return f"… and {counted(len(self.folded), 'more ' + noun)}"


def groups(review: Review) -> list[Group]:
    """The changes by what they belong to, in their order."""
    found = groupby(review.changeset.changes, key=lambda change: _owner(change.address))
    return [Group(_title(owner, review), tuple(changes)) for owner, changes in found]


def runs(changes: Sequence[Change], *, whole: bool = False) -> Iterator[Run]:
    """The changes in runs; where the `whole` is wanted all are shown, and deletions always are."""
    for _, run in groupby(changes, key=lambda change: (type(change), change.address.kind)):
        like = tuple(run)
        if whole or len(like) <= _LONGEST_RUN or isinstance(like[0], Delete):
            yield Run(like)
            continue
        rest = like[_SHOWN:]
        short = tuple(change for change in rest if telling(change))
        yield Run(like[:_SHOWN], short, tuple(change for change in rest if change not in short))


def telling(change: Change) -> list[FieldChange]:
    """What of a change is never folded away: amounts that come or go, and every field of an update but words."""
    match change:
        case Update(fields=fields):
            return [item for item in fields if item.path.partition(".")[0] not in _WORDS]
        case Create(after):
            return [FieldChange(name, ABSENT, value) for name, value in amounts_of(after).items()]
        case Delete(before):
            return [FieldChange(name, value, ABSENT) for name, value in amounts_of(before).items()]


def amounts_of(resource: Resource) -> dict[str, Value]:
    """The amounts of a resource, and what says how they count."""
    said = notable(resource)
    found = {name: value for name, value in said.items() if is_amount(name, value)}
    return found | {name: value for name, value in said.items() if name in _TERMS}


def is_amount(name: str, value: Value) -> bool:
    """Whether a value is an amount of money, or a number that customers pay by."""
    return isinstance(value, Money | Derived) or name in _COUNTS


@dataclass(frozen=True)
class Gone:
    """What customers paid for an object that goes, and in its other currencies; `along` where it goes with another."""

    along: Address | None
    amounts: tuple[str, ...]

    def __str__(self) -> str:
        about = f"along: {self.along} " if self.along else "was: "
        return about + ", ".join(self.amounts)


def gone(review: Review, change: Delete) -> list[Gone]:
    """What customers paid for what goes, and for what goes along with it."""
    found: dict[Address | None, list[tuple[str, Value]]] = {None: [*amounts_of(change.before).items()]}
    for address in review.changeset.along.get(change.address, ()):
        resource = review.before.get(address)
        parent = resource.parent if resource else None
        owner = address if parent is None or parent.kind == addresses.PLAN else parent
        amounts = amounts_of(resource) if resource else {}
        found.setdefault(None if owner == change.address else owner, []).extend(amounts.items())
    return [Gone(owner, tuple(_said(amounts))) for owner, amounts in found.items() if amounts]


def _said(amounts: list[tuple[str, Value]]) -> Iterator[str]:
    """`price 49.00 USD`, `45.00 EUR`: each name once, where several amounts have it."""
    before = ""
    for name, value in sorted(amounts, key=lambda item: item[0]):
        yield value_text(value) if name == before else f"{name} {value_text(value)}"
        before = name


def largest_moves(review: Review) -> list[AmountMove]:
    """The moves that go farthest, the farthest first: those from nothing before those by any share.

    What Commet derives is left out where it only follows another move, and so is a currency in which nobody pays yet.
    """
    moves = (move for move in leading(review.moves) if move.sense is not Sense.NEW_CURRENCY)
    return sorted(moves, key=lambda move: move.distance, reverse=True)


def _owner(address: Address) -> Address:
    return addresses.plan_of(address) if address.kind in addresses.KINDS else Address(address.kind, "")


def _title(owner: Address, review: Review) -> str:
    if owner.kind != addresses.PLAN:
        return owner.kind.replace("_", " ").capitalize() + "s"
    resource = review.after.get(owner) or review.before.get(owner)
    called = resource.fields.get("name") if resource else None
    name = f"Plan {called} ({owner.key})" if called else f"Plan {owner.key}"
    new = any(isinstance(change, Create) and change.address == owner for change in review.changeset.changes)
    return f"{name}, new" if new else name
