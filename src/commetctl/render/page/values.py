"""Values of the page: amounts and fields as a reader of prices expects them, marked where two sides differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from commetctl.core.money import Derived, Money
from commetctl.core.resource import ResourceSet, Value
from commetctl.reading.amounts import grouped
from commetctl.reading.amounts import said as in_text
from commetctl.render.pricing import Cell


@dataclass(frozen=True)
class Amount:
    """An amount in the parts that the page styles differently: `about`, `49.00`, `USD`, `(derived)`."""

    number: str
    unit: str = ""
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.before, self.number, self.unit, self.after)))


def amount(value: Value) -> Amount:
    """An amount for people, with its thousands grouped."""
    match value:
        case Derived(about):
            return Amount(grouped(about.number()), about.currency.upper(), "about", "(derived)")
        case Money():
            return Amount(grouped(value.number()), value.currency.upper())
        case _:
            return Amount(said(value))


def said(value: Value) -> str:
    """A value for people, in words a screen reader speaks: a derived amount is `about 45.08 EUR (derived)`."""
    return str(amount(value)) if isinstance(value, Money | Derived) else in_text(value)


@dataclass(frozen=True)
class Shown:
    """A text of one side; `mark` is `was` or `is` if the other side differs, else empty."""

    text: str
    mark: str = ""


@dataclass(frozen=True)
class Priced:
    """An amount of one side; `move` is the percentage by which it differs from the other."""

    currency: str
    amount: Amount
    mark: str = ""
    move: str = ""


@dataclass(frozen=True)
class Choice:
    """An amount in several currencies, and the currencies of the page in which it does not exist."""

    amounts: list[Priced] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Side:
    """The side to show, its resources, and whether to mark where the other side differs."""

    name: str
    resources: ResourceSet
    is_marked: bool
    currencies: Sequence[str]

    def value(self, cell: Cell | None) -> Value:
        """The value of a cell on this side."""
        return getattr(cell, self.name) if cell else None

    def mark(self, cell: Cell | None) -> str:
        """The mark of a cell."""
        differs = self.is_marked and cell is not None and cell.is_changed
        return ("was" if self.name == "before" else "is") if differs else ""

    def shown(self, cell: Cell | None, text: str) -> Shown:
        """A text with the mark of a cell."""
        return Shown(text, self.mark(cell))

    def choice(self, cells: Mapping[str, Cell]) -> Choice:
        """An amount in its currencies, in the order of the page."""
        there = [currency for currency in self.currencies if self.value(cells.get(currency)) is not None]
        if not there:
            return Choice()
        return Choice(
            [self._priced(name, cells[name]) for name in there], [n for n in self.currencies if n not in there]
        )

    def alone(self, cells: Mapping[str, Cell]) -> Priced | None:
        """An amount that exists in one currency on this side."""
        there = (currency for currency, cell in cells.items() if self.value(cell) is not None)
        return next((self._priced(currency, cells[currency]) for currency in there), None)

    def _priced(self, currency: str, cell: Cell) -> Priced:
        mark = self.mark(cell)
        return Priced(currency, amount(self.value(cell)), mark, cell.percent if mark == "is" else "")
