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
from commetctl.core.text import counted, value_text
from commetctl.kinds import kind_of, owner, section_of
from commetctl.review.review import Review

#: A run of like changes is made short when it is longer than the first number, after the second.
_LONGEST_RUN, _SHOWN = 8, 4


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
    found = groupby(review.changeset.changes, key=lambda change: _group(change.address))
    return [Group(_title(group, review), tuple(changes)) for group, changes in found]


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
            kind = kind_of(change.address)
            return [item for item in fields if not kind or item.name not in kind.wording]
        case Create(after):
            return [FieldChange(name, ABSENT, value) for name, value in amounts_of(after).items()]
        case Delete(before):
            return [FieldChange(name, value, ABSENT) for name, value in amounts_of(before).items()]


def amounts_of(resource: Resource) -> dict[str, Value]:
    """The amounts of a resource, and what says how they count."""
    kind, said = kind_of(resource.address), notable(resource)
    terms = kind.terms if kind else ()
    found = {name: value for name, value in said.items() if is_amount(resource.address, name, value)}
    # Without what says how an amount counts, a line of amounts alone would mislead.
    return found | {name: value for name, value in said.items() if name in terms}


def is_amount(address: Address, name: str, value: Value) -> bool:
    """Whether a field is an amount of money, or a number that customers pay by."""
    kind = kind_of(address)
    return isinstance(value, Money | Derived) or bool(kind and name in kind.counts)


def notable(resource: Resource) -> dict[str, Value]:
    """The fields of a resource that say something: amounts, and what is not none, off, zero, empty or usual."""
    kind = kind_of(resource.address)
    usual = kind.usual if kind else {}
    return {name: value for name, value in resource.fields.items() if _says_something(value, usual.get(name), name)}


def _says_something(value: Value, usual: Value, name: str) -> bool:
    if isinstance(value, Money | Derived) or name == "enabled":
        return True
    return value not in (None, False, 0, "", {}, ()) and usual != value


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
        # What goes with a part of an object is listed under that part.
        holder = address if parent is None or parent == owner(parent) else parent
        amounts = amounts_of(resource) if resource else {}
        found.setdefault(None if holder == change.address else holder, []).extend(amounts.items())
    return [Gone(holder, tuple(_said(amounts))) for holder, amounts in found.items() if amounts]


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


def _group(address: Address) -> Address:
    """What an object is grouped by: the object that it is a part of, or else its kind."""
    section = section_of(address)
    return owner(address) if len(section.kinds) > 1 else Address(address.kind, "")


def _title(group: Address, review: Review) -> str:
    noun = group.kind.replace("_", " ").capitalize()
    if not group.key:
        return noun + "s"
    resource = review.after.get(group) or review.before.get(group)
    called = resource.fields.get("name") if resource else None
    name = f"{noun} {called} ({group.key})" if called else f"{noun} {group.key}"
    new = any(isinstance(change, Create) and change.address == group for change in review.changeset.changes)
    return f"{name}, new" if new else name
