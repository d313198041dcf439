"""Price lists: what each plan costs and includes, before and after, as tables of cells."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from commetctl.core.amount_move import currency_of, field_percent
from commetctl.core.change import FieldChange
from commetctl.core.contract import INTERVALS
from commetctl.core.resource import Address, Resource, ResourceSet, Value
from commetctl.core.values import same
from commetctl.kinds.plans import addresses

_ANY = Address("amount", "moved")
#: The currency that every price has, which comes first.
_BASE = "usd"
#: In place of a currency, of an amount that is not known.
_NONE = ""
_TERMS = ("is_default", "trial_days", "included_credits", "included_balance")
_FEATURE = (
    "enabled", "included_amount", "unlimited", "overage", "credits_per_unit", "pricing_mode", "margin_percent",
)  # fmt: skip
_PACK = ("credits", "price", "is_active", "description")


@dataclass(frozen=True)
class Cell:
    """One value before and after; None if it does not exist on that side."""

    before: Value = None
    after: Value = None

    @property
    def is_changed(self) -> bool:
        """Whether the two sides differ."""
        return not same(self.before, self.after)

    @property
    def percent(self) -> str:
        """The percentage by which an amount moves; empty if it does not, or exists on one side only."""
        return field_percent(_ANY, FieldChange("amount", self.before, self.after))


@dataclass(frozen=True)
class Line:
    """One line of a table, such as an interval or a feature, with its cells by column."""

    key: str
    name: Cell
    cells: Mapping[str, Cell]

    @property
    def is_changed(self) -> bool:
        """Whether anything in it differs."""
        return self.name.is_changed or any(cell.is_changed for cell in self.cells.values())


@dataclass(frozen=True)
class PlanList:
    """The prices of one plan by interval and currency, and what it includes by feature.

    `fields` are those of the plan itself, by name; `terms` are the other fields of its prices, by interval. `balances`
    are included balances, by interval and currency; `unit_prices` are overage prices, by feature and currency.
    `markets` are market prices by currency, each a line with the name of its market: its key is the interval, the
    variant where it is of one, and the market.
    """

    address: Address
    fields: Mapping[str, Cell]
    currencies: tuple[str, ...]
    prices: tuple[Line, ...]
    terms: tuple[Line, ...]
    features: tuple[Line, ...]
    balances: tuple[Line, ...]
    unit_prices: tuple[Line, ...]
    markets: tuple[Line, ...]
    is_new: bool
    is_gone: bool

    @property
    def code(self) -> str:
        """The code of the plan."""
        return self.address.key

    @property
    def name(self) -> str:
        """Its name after the changes, or else before."""
        cell = self.fields["name"]
        return str(cell.after if cell.after is not None else cell.before)

    @property
    def amounts(self) -> tuple[Line, ...]:
        """Its prices, overage prices and market prices."""
        return (*self.prices, *self.unit_prices, *self.markets)

    @property
    def is_changed(self) -> bool:
        """Whether anything of it differs."""
        lines = (*self.amounts, *self.terms, *self.features, *self.balances)
        return any(cell.is_changed for cell in self.fields.values()) or any(line.is_changed for line in lines)


def plan_lists(before: ResourceSet, after: ResourceSet) -> list[PlanList]:
    """The plans of both sides, in the order of the side after."""
    plans = dict.fromkeys(address for side in (after, before) for address in side if address.kind == addresses.PLAN)
    return [_Plan(plan, before, after).made() for plan in plans]


def pack_lines(before: ResourceSet, after: ResourceSet) -> list[Line]:
    """The credit packs of both sides, in the order of the side after."""
    packs = dict.fromkeys(address for side in (after, before) for address in side if address.kind == "credit_pack")
    return [_line(before.get(pack), after.get(pack), pack.key, _PACK) for pack in packs]


@dataclass(frozen=True)
class _Plan:
    plan: Address
    before: ResourceSet
    after: ResourceSet

    def made(self) -> PlanList:
        old, new = self.before.get(self.plan), self.after.get(self.plan)
        prices = sorted(self._of(addresses.PRICE), key=_position)
        currencies = dict.fromkeys(self._currencies(prices))
        return PlanList(
            self.plan,
            _cells(old, new, [*(new.fields if new else ()), *(old.fields if old else ())]),
            tuple(sorted(currencies, key=lambda currency: (currency != _BASE, currency))),
            tuple(self._regional(price, "price") for price in prices),
            tuple(self._terms(price) for price in prices),
            tuple(self._feature(feature) for feature in self._of(addresses.FEATURE)),
            tuple(line for price in prices if (line := self._regional(price, "included_balance")).cells),
            tuple(line for feature in self._of(addresses.FEATURE) if (line := self._unit_prices(feature)).cells),
            tuple(self._market(found) for price in prices for found in self._in_markets(price)),
            is_new=old is None,
            is_gone=new is None,
        )

    def _of(self, kind: str, parent: Address | None = None) -> list[Address]:
        sides = [side.children(parent or self.plan, kind) for side in (self.after, self.before)]
        return list(dict.fromkeys(resource.address for side in sides for resource in side))

    def _in_markets(self, price: Address) -> Iterator[Address]:
        """The market prices of a price, then those of each of its variants."""
        yield from self._of(addresses.MARKET_PRICE, price)
        for variant in self._of(addresses.VARIANT, price):
            yield from self._of(addresses.VARIANT_PRICE, variant)

    def _market(self, address: Address) -> Line:
        old, new = (side.get(address) for side in (self.before, self.after))
        amounts = self._cell(address, "price")
        cells: dict[str, Cell] = {}
        # An amount in another currency than before is in a column of its own.
        for currency in dict.fromkeys([currency_of(amounts.before) or _NONE, currency_of(amounts.after) or _NONE]):
            sides = (
                side if currency_of(side) in (None, currency) else None for side in (amounts.before, amounts.after)
            )
            cells[currency] = Cell(*sides)
        found = {currency: cell for currency, cell in cells.items() if cell != Cell() and currency}
        return Line(address.key.partition("/")[2], Cell(_market_name(old or new), _market_name(new or old)), found)

    def _currencies(self, prices: Iterable[Address]) -> Iterator[str]:
        for price in prices:
            yield _BASE
            for side in (self.after, self.before):
                for regional in side.children(price, addresses.REGIONAL_PRICE):
                    yield addresses.last(regional.address)

    def _regional(self, price: Address, field: str) -> Line:
        return self._by_currency(price, addresses.REGIONAL_PRICE, field, field)

    def _unit_prices(self, feature: Address) -> Line:
        return self._by_currency(feature, addresses.REGIONAL_UNIT_PRICE, "overage", "unit_price")

    def _by_currency(self, of: Address, kind: str, base: str, field: str) -> Line:
        """The amount of a price or a feature in each currency in which it exists."""
        cells = {_BASE: self._cell(of, base)}
        for side in (self.after, self.before):
            for regional in side.children(of, kind):
                cells[addresses.last(regional.address)] = self._cell(regional.address, field)
        return Line(addresses.last(of), Cell(), {name: cell for name, cell in cells.items() if cell != Cell()})

    def _terms(self, price: Address) -> Line:
        return _line(self.before.get(price), self.after.get(price), addresses.last(price), _TERMS)

    def _feature(self, feature: Address) -> Line:
        code = addresses.last(feature)
        line = _line(self.before.get(feature), self.after.get(feature), code, _FEATURE)
        old, new = (side.get(addresses.catalog_feature(code)) for side in (self.before, self.after))
        # A feature that is new or gone has its one name on both sides, so that it does not read as renamed.
        return Line(code, Cell(_name(old or new, code), _name(new or old, code)), line.cells)

    def _cell(self, address: Address, field: str) -> Cell:
        return _cells(self.before.get(address), self.after.get(address), (field,))[field]


def _position(price: Address) -> int:
    interval = addresses.last(price)
    return INTERVALS.index(interval) if interval in INTERVALS else len(INTERVALS)


def _market_name(market_price: Resource | None) -> Value:
    """The name of the market, or its key where only a part of a file is known."""
    if market_price is None:
        return None
    market = addresses.market_of(market_price.refs)
    return market.key if market else addresses.last(market_price.address)


def _name(feature: Resource | None, code: str) -> Value:
    return feature.fields["name"] if feature else code


def _line(before: Resource | None, after: Resource | None, key: str, names: Iterable[str]) -> Line:
    name = _cells(before, after, ("name",))["name"]
    return Line(key, name, _cells(before, after, names))


def _cells(before: Resource | None, after: Resource | None, names: Iterable[str]) -> dict[str, Cell]:
    return {
        name: Cell(before.fields.get(name) if before else None, after.fields.get(name) if after else None)
        for name in names
    }
