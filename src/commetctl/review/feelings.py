"""Feelings: what the changes of amounts are to customers: an object costs more or less, or includes more or less."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from commetctl.core.amount_move import UNLIMITED, AmountMove, Sense, currency_of, number_of
from commetctl.core.change import Change, Update
from commetctl.core.impact import Effect, Feeling, Felt, When
from commetctl.core.resource import Address
from commetctl.kinds import owner
from commetctl.review.review import Review

#: The times from which an amount that moves is noticed.
_NOTICED = frozenset({When.AT_ONCE, When.NEXT_PERIOD, When.AT_RENEWAL, When.NEW_ONLY})
#: Fields that change no amount by themselves: what follows from them is a move of its own.
_INDIRECT = frozenset({"rate"})


def feelings(review: Review, among: Callable[[AmountMove], bool] | None = None) -> dict[Felt, list[Change]]:
    """The changes that customers notice, by object, by what they notice, and from when, in the order of the file.

    With `among`, only of some moves of amounts.
    """
    by_address: Mapping[Address, Change] = {change.address: change for change in review.changeset.changes}
    found: dict[Felt, list[Change]] = {}
    for move in filter(among, review.moves) if among else review.moves:
        change, feeling = by_address.get(move.address), _feeling(move)
        if change is None or feeling is None or owner(move.address) in review.created:
            continue
        for effect in _effects(review, change, move):
            changes = found.setdefault(Felt(owner(move.address), feeling, effect.when), [])
            changes += [] if change in changes else [change]
    return found


def _effects(review: Review, change: Change, move: AmountMove) -> list[Effect]:
    effects = review.effects.get(change.address, ())
    own = [effect for effect in effects if effect.path in ("", move.path)]
    return [effect for effect in own if effect.when in _NOTICED and _reaches(change, move)]


def _reaches(change: Change, move: AmountMove) -> bool:
    """Whether there is an amount after the change: what is deleted altogether costs nothing, and is no bargain."""
    return isinstance(change, Update) or number_of(move.becomes) is not None


def _feeling(move: AmountMove) -> Feeling | None:
    if move.path in _INDIRECT or move.is_unknown or move.sense is Sense.NEW_CURRENCY:
        return None
    included = move.sense is Sense.INCLUDED
    share = move.share
    if share is None:
        if currency_of(move.was) and currency_of(move.becomes) and currency_of(move.was) != currency_of(move.becomes):
            return Feeling.COSTS_OTHER
        gains = move.becomes == UNLIMITED or (move.was != UNLIMITED and bool(number_of(move.becomes)))
        share = Fraction(1 if gains else -1)
    if not share:
        return None
    if included:
        return Feeling.INCLUDES_MORE if share > 0 else Feeling.INCLUDES_LESS
    return Feeling.COSTS_MORE if share > 0 else Feeling.COSTS_LESS
