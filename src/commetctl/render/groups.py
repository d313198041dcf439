"""Groups: the changes of a review by the object that they belong to, with long runs of similar changes shortened.

A change of an amount is never folded: in a long run it takes one line. Other changes are counted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from commetctl.core.amount_move import AmountMove, Sense, field_percent, leading
from commetctl.core.change import Change, Create, Delete, FieldChange, Update, takes_away
from commetctl.core.money import Derived, Money
from commetctl.core.resource import ABSENT, Address, Resource, Value
from commetctl.core.text import change_text, counted, value_text
from commetctl.kinds import kind_of, owner, section_of
from commetctl.review.review import Review

#: A run of similar changes longer than the first number is shortened after the second.
_LONGEST_RUN, _SHOWN = 8, 4
#: The most moves that a summary names.
FEW_MOVES = 5


@dataclass(frozen=True)
class Group:
    """The changes of one top-level object with its parts, or of one kind that has no parts."""

    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Run:
    """Adjacent changes of one kind and action.

    `shown` are shown in full, `short` on one line each with what must not be folded, and `folded` are only counted.
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
    """The changes in groups, in their order."""
    found = groupby(review.changeset.changes, key=lambda change: _group(change.address))
    return [Group(_title(group, review), tuple(changes)) for group, changes in found]


def runs(changes: Sequence[Change], *, whole: bool = False) -> Iterator[Run]:
    """The changes in runs; what is deleted or replaced is always shown in full, and with `whole` all changes are."""
    for _, run in groupby(changes, key=lambda change: (type(change), takes_away(change), change.address.kind)):
        like = tuple(run)
        if whole or len(like) <= _LONGEST_RUN or takes_away(like[0]):
            yield Run(like)
            continue
        rest = like[_SHOWN:]
        short = tuple(change for change in rest if telling(change))
        yield Run(like[:_SHOWN], short, tuple(change for change in rest if change not in short))


def telling(change: Change) -> list[FieldChange]:
    """The fields of a change that are never folded: its amounts, and every field of an update except words."""
    match change:
        case Update(fields=fields):
            kind = kind_of(change.address)
            return [item for item in fields if not kind or item.name not in kind.wording]
        case Create(after):
            return [FieldChange(name, ABSENT, value) for name, value in amounts_of(after).items()]
        case Delete(before):
            return [FieldChange(name, value, ABSENT) for name, value in amounts_of(before).items()]


def amounts_of(resource: Resource) -> dict[str, Value]:
    """The amounts of a resource, and the fields that say how these count."""
    kind, said = kind_of(resource.address), notable(resource)
    terms = kind.terms if kind else ()
    found = {name: value for name, value in said.items() if is_amount(resource.address, name, value)}
    # Amounts without the fields that say how they count would mislead.
    return found | {name: value for name, value in said.items() if name in terms}


def is_amount(address: Address, name: str, value: Value) -> bool:
    """Whether a field is an amount of money or a number that customers pay by."""
    kind = kind_of(address)
    return isinstance(value, Money | Derived) or bool(kind and name in kind.counts)


def notable(resource: Resource) -> dict[str, Value]:
    """The fields of a resource worth showing: amounts, and whatever is not none, off, zero, empty or usual."""
    kind = kind_of(resource.address)
    usual = kind.usual if kind else {}
    return {name: value for name, value in resource.fields.items() if _says_something(value, usual.get(name), name)}


def _says_something(value: Value, usual: Value, name: str) -> bool:
    if isinstance(value, Money | Derived) or name == "enabled":
        return True
    return value not in (None, False, 0, "", {}, ()) and usual != value


def fields_of(change: Change) -> Sequence[FieldChange]:
    """The fields of a change that are worth showing, with ABSENT for the side that does not exist."""
    match change:
        case Update(fields=fields):
            return fields
        case Create(after):
            return [FieldChange(name, ABSENT, value) for name, value in notable(after).items()]
        case Delete(before):
            return [FieldChange(name, value, ABSENT) for name, value in notable(before).items()]


def field_said(address: Address, item: FieldChange) -> str:
    """`49.00 → 59.00 USD (+20.4%)`, or the value alone if the other side does not exist."""
    if ABSENT in (item.before, item.after):
        return value_text(item.after if item.before is ABSENT else item.before)
    percent = field_percent(address, item)
    return change_text(item.before, item.after) + (f" ({percent})" if percent else "")


@dataclass(frozen=True)
class Gone:
    """The amounts of a deleted object; `along` is its address if it is deleted along with another."""

    along: Address | None
    amounts: tuple[str, ...]

    def __str__(self) -> str:
        about = f"along: {self.along} " if self.along else "was: "
        return about + ", ".join(self.amounts)


def gone(review: Review, change: Delete) -> list[Gone]:
    """The amounts of a deleted object, and of the objects that are deleted along with it."""
    found: dict[Address | None, list[tuple[str, Value]]] = {None: [*amounts_of(change.before).items()]}
    for address in review.changeset.along.get(change.address, ()):
        resource = review.before.get(address)
        parent = resource.parent if resource else None
        # The parts of a part are listed under that part.
        holder = address if parent is None or parent == owner(parent) else parent
        amounts = amounts_of(resource) if resource else {}
        found.setdefault(None if holder == change.address else holder, []).extend(amounts.items())
    return [Gone(holder, tuple(_said(amounts))) for holder, amounts in found.items() if amounts]


def _said(amounts: list[tuple[str, Value]]) -> Iterator[str]:
    """`price 49.00 USD`, `45.00 EUR`: a name that several amounts share is given once."""
    before = ""
    for name, value in sorted(amounts, key=lambda item: item[0]):
        yield value_text(value) if name == before else f"{name} {value_text(value)}"
        before = name


def largest_moves(review: Review) -> list[AmountMove]:
    """The moves of amounts, the largest first: those from or to nothing before those by a percentage.

    Derived amounts that only follow another move are left out, and so are currencies in which nobody pays yet.
    """
    moves = (move for move in leading(review.moves) if move.sense is not Sense.NEW_CURRENCY)
    return sorted(moves, key=lambda move: move.distance, reverse=True)


def _group(address: Address) -> Address:
    """The group of an object: its top-level object if that can have parts, or else its kind."""
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
