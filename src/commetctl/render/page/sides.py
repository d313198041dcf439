"""Sides of the page: before and after, and how a value of one is marked where the other has another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from commetctl.core.resource import ResourceSet, Value
from commetctl.render.page.words import Amount, amount
from commetctl.render.pricing import Cell


@dataclass(frozen=True)
class Shown:
    """A text of one side; `mark` is `was` or `is` where the other side has another, else empty."""

    text: str
    mark: str = ""


@dataclass(frozen=True)
class Priced:
    """An amount of one side; `move` says how far it has come from the other."""

    currency: str
    amount: Amount
    mark: str = ""
    move: str = ""


@dataclass(frozen=True)
class Choice:
    """The same amount in several currencies, and the currencies of the page that it is not stated in."""

    amounts: list[Priced] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Side:
    """Which side to show, with its catalog features; whether to mark what the other has differently."""

    name: str
    resources: ResourceSet
    is_marked: bool
    currencies: Sequence[str]

    def value(self, cell: Cell | None) -> Value:
        """What a cell has on this side."""
        return getattr(cell, self.name) if cell else None

    def mark(self, cell: Cell | None) -> str:
        """How a cell is marked."""
        differs = self.is_marked and cell is not None and cell.is_changed
        return ("was" if self.name == "before" else "is") if differs else ""

    def shown(self, cell: Cell | None, text: str) -> Shown:
        """A text that stands for a cell."""
        return Shown(text, self.mark(cell))

    def choice(self, cells: Mapping[str, Cell]) -> Choice:
        """An amount in its currencies, in the order of the page."""
        there = [currency for currency in self.currencies if self.value(cells.get(currency)) is not None]
        if not there:
            return Choice()
        return Choice(
            [self._priced(name, cells[name]) for name in there], [n for n in self.currencies if n not in there]
        )

    def _priced(self, currency: str, cell: Cell) -> Priced:
        mark = self.mark(cell)
        return Priced(currency, amount(self.value(cell)), mark, cell.percent if mark == "is" else "")
