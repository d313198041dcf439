"""Groups: the changes of a review by the plan that they belong to, and long runs of like changes folded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from commetctl.core.address import Address
from commetctl.core.amounts import AmountMove, amount_moves
from commetctl.core.change import Change, Create, Delete
from commetctl.core.review import Review
from commetctl.render.words import counted
from commetctl.sections.plans import addresses

#: A run of like changes is folded when it is longer than the first number, to the second.
_LONGEST_RUN, _SHOWN = 8, 4


@dataclass(frozen=True)
class Group:
    """The changes of one plan, or of one other kind."""

    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Run:
    """Changes of one kind and sort that stand side by side: those to show, and those that are folded."""

    shown: tuple[Change, ...]
    folded: tuple[Change, ...] = ()

    @property
    def folded_text(self) -> str:
        """`… and 16 more regional prices`"""
        noun = self.folded[0].address.kind.replace("_", " ")
        return f"… and {counted(len(self.folded), 'more ' + noun)}"


def groups(review: Review) -> list[Group]:
    """The changes by what they belong to, in their order."""
    found = groupby(review.changeset.changes, key=lambda change: _owner(change.address))
    return [Group(_title(owner, review), tuple(changes)) for owner, changes in found]


def runs(changes: Sequence[Change], *, whole: bool = False) -> Iterator[Run]:
    """The changes in runs; nothing is folded where the `whole` is wanted, and a deletion never."""
    for _, run in groupby(changes, key=lambda change: (type(change), change.address.kind)):
        like = tuple(run)
        if whole or len(like) <= _LONGEST_RUN or isinstance(like[0], Delete):
            yield Run(like)
        else:
            yield Run(like[:_SHOWN], like[_SHOWN:])


def largest_moves(review: Review) -> list[AmountMove]:
    """The amounts and rates that move, the farthest first; from zero is farther than any share."""
    moves = list(amount_moves(review.changeset.changes))
    return sorted(moves, key=_distance, reverse=True)


def _distance(move: AmountMove) -> tuple[bool, Decimal]:
    return move.percent is None, abs(move.percent or Decimal(0))


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
