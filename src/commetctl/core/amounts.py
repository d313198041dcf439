"""Moves of amounts: how far an update takes an amount or an exchange rate that was there before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_UP, Context, Decimal

from commetctl.core.address import Address
from commetctl.core.change import Change, FieldChange, Update
from commetctl.core.money import Derived, Money

_TENTH = Decimal("0.1")
#: Enough digits for the quotient of any two exchange rates.
_DIGITS = Context(prec=100)


@dataclass(frozen=True)
class AmountMove:
    """One amount, or one exchange rate, that was something and becomes something else."""

    address: Address
    path: str
    was: Money | Decimal
    becomes: Money | Decimal

    @property
    def before(self) -> Decimal:
        """The number that it was."""
        return _number(self.was)

    @property
    def after(self) -> Decimal:
        """The number that it becomes."""
        return _number(self.becomes)

    @property
    def percent(self) -> Decimal | None:
        """How far it moves, down being negative; None from zero, of which nothing is a share."""
        return (self.after - self.before) / self.before * 100 if self.before else None

    @property
    def percent_text(self) -> str:
        """`+20.5%`, never nearer to zero than it is; `from zero` where there is no share."""
        if self.percent is None:
            return "from zero"
        # Rounded away from zero, so that what exceeds a limit is never written as that limit.
        return f"{self.percent.quantize(_TENTH, ROUND_UP, _DIGITS).normalize(_DIGITS):+f}%"


def amount_moves(changes: Iterable[Change]) -> Iterator[AmountMove]:
    """Every amount and exchange rate that an update moves, in the order of the changes.

    What Commet derives is left out: it follows an amount and a rate that are here themselves. So is what is not known,
    and what one of both sides does not have.
    """
    for change in changes:
        if isinstance(change, Update):
            yield from (move for item in change.fields if (move := amount_move(change.address, item)))


def amount_move(address: Address, item: FieldChange) -> AmountMove | None:
    """The move of one field, if it is one."""
    match item.before, item.after:
        case Money() as was, Money() as becomes:
            return AmountMove(address, item.path, was, becomes)
        # A rate is no amount, but every amount that is derived from it moves as far as it does.
        case Decimal() as was, Decimal() as becomes if address.kind == "exchange_rate":
            return AmountMove(address, item.path, was, becomes)
        case _:
            return None


def percent_text(address: Address, item: FieldChange) -> str:
    """How far a field goes, `+20.5%`, derived amounts included; empty for what is no amount, or does not move."""
    before, after = (value.about if isinstance(value, Derived) else value for value in (item.before, item.after))
    move = amount_move(address, FieldChange(item.path, before, after))
    return move.percent_text if move and before != after else ""


def _number(value: Money | Decimal) -> Decimal:
    return value.amount if isinstance(value, Money) else value
