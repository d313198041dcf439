"""Moves: amounts of live objects that a changeset replaces by others."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_UP, Context, Decimal

from commetctl.core.address import Address
from commetctl.core.change import FieldChange
from commetctl.core.money import Money
from commetctl.guards.subject import Subject
from commetctl.render.words import change_text, printable
from commetctl.sections.plans.addresses import EXCHANGE_RATE

_TENTH = Decimal("0.1")
#: Enough digits for the quotient of any two exchange rates.
_DIGITS = Context(prec=100)


@dataclass(frozen=True)
class Move:
    """One amount before and after, and how to tell of it."""

    address: Address
    path: str
    before: Decimal
    after: Decimal
    text: str

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

    def __str__(self) -> str:
        return f"{printable(str(self.address))} `{self.path}` {self.text}"


def moves(subject: Subject) -> Iterator[Move]:
    """Every amount and exchange rate that an update moves, in the order of the changes.

    What Commet derives is left out: it follows an amount and a rate that are here themselves. So is what is not known,
    and what one of both sides does not have.
    """
    for change in subject.updates:
        for item in change.fields:
            pair = _amounts(change.address, item)
            if pair:
                yield Move(change.address, item.path, *pair, change_text(item.before, item.after))


def _amounts(address: Address, item: FieldChange) -> tuple[Decimal, Decimal] | None:
    match item.before, item.after:
        case Money() as before, Money() as after:
            return before.amount, after.amount
        # A rate is no amount, but every amount that is derived from it moves as far as it does.
        case Decimal() as before, Decimal() as after if address.kind == EXCHANGE_RATE:
            return before, after
        case _:
            return None
