"""Cards of the page: one side of a plan or a credit pack as a customer reads it, with differences marked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from commetctl.core.resource import UNKNOWN, Address, Resource, ResourceSet, Value
from commetctl.kinds.plans import addresses
from commetctl.kinds.plans.meaning.titles import interval_name, interval_per
from commetctl.render.page.values import Choice, Priced, Shown, Side, said
from commetctl.render.pricing import Cell, Line, PlanList

_MODELS = {"metered": "metered", "credits": "credits", "balance": "prepaid balance"}
_NOTHING = (None, False, 0, "")
#: The kinds that the cards and the table of packs show; exchange rates are listed apart.
_SHOWN = frozenset({*addresses.KINDS, "feature", "credit_pack"}) - {addresses.EXCHANGE_RATE}


def has_card(address: Address) -> bool:
    """Whether an object has a card, on which its parts are shown too."""
    return address.kind == addresses.PLAN


def is_shown(address: Address) -> bool:
    """Whether an object is shown on a card or in a table."""
    return address.kind in _SHOWN


@dataclass(frozen=True)
class InMarket:
    """An amount in the countries of a market."""

    market: str
    price: Priced


@dataclass(frozen=True)
class Variant:
    """A variant of a price, with its amounts in markets; the amounts of the price itself have no name."""

    name: str
    markets: list[InMarket]


@dataclass(frozen=True)
class Interval:
    """The price of a plan at one billing interval, with its terms."""

    key: str
    name: str
    per: str
    is_default: bool
    prices: Choice
    balances: Choice
    terms: list[Shown]
    in_markets: list[Variant]


@dataclass(frozen=True)
class Included:
    """A feature of a plan: how much is included, and the price of more."""

    name: Shown
    about: str
    terms: list[Shown]
    unit_prices: Choice
    per: str


@dataclass(frozen=True)
class Card:
    """One side of a plan."""

    name: Shown
    description: Shown | None
    facts: list[Shown]
    is_free: bool
    intervals: list[Interval]
    features: list[Included]


def card(plan: PlanList, side: Side) -> Card:
    """The card of one side of a plan."""
    fields = plan.fields
    description = side.value(fields.get("description"))
    return Card(
        side.shown(fields["name"], said(side.value(fields["name"]))),
        side.shown(fields.get("description"), said(description)) if description else None,
        list(_facts(plan, side)),
        side.value(fields.get("is_free")) is True,
        list(_intervals(plan, side)),
        [_included(plan, line, side) for line in plan.features if _is_there(line, side)],
    )


def _is_there(line: Line, side: Side) -> bool:
    return any(side.value(cell) is not None for cell in line.cells.values())


def _facts(plan: PlanList, side: Side) -> Iterator[Shown]:
    fields = plan.fields
    model = side.value(fields.get("consumption_model"))
    visible = side.value(fields.get("visibility"))
    yield side.shown(
        fields.get("visibility"), "Private: not offered to everybody" if visible == "private" else "Public"
    )
    if side.value(fields.get("is_free")) is True:
        yield side.shown(fields.get("is_free"), "Free")
    if model not in _NOTHING:
        yield side.shown(fields.get("consumption_model"), f"Model: {_MODELS.get(said(model), said(model))}")
    if side.value(fields.get("block_on_exhaustion")) is True:
        yield side.shown(fields.get("block_on_exhaustion"), "Stops when it is used up")


def _intervals(plan: PlanList, side: Side) -> Iterator[Interval]:
    terms = {line.key: line for line in plan.terms}
    balances = {line.key: line.cells for line in plan.balances}
    for line in plan.prices:
        if not _is_there(line, side):
            continue
        cells = terms[line.key].cells
        yield Interval(
            line.key,
            interval_name(line.key),
            interval_per(line.key),
            side.value(cells["is_default"]) is True and len(plan.prices) > 1,
            side.choice(line.cells),
            side.choice(balances.get(line.key, {})),
            list(_terms(cells, side)),
            list(_in_markets(plan, line.key, side)),
        )


def _in_markets(plan: PlanList, interval: str, side: Side) -> Iterator[Variant]:
    """The amounts of a price in markets, then those of its variants."""
    found: dict[str, list[InMarket]] = {}
    for line in plan.markets:
        of, *variants, _ = line.key.split("/")
        if of == interval and (price := side.alone(line.cells)):
            found.setdefault("/".join(variants), []).append(InMarket(said(side.value(line.name)), price))
    yield from (Variant(name, markets) for name, markets in found.items())


def _terms(cells: Mapping[str, Cell], side: Side) -> Iterator[Shown]:
    trial, units = (side.value(cells[name]) for name in ("trial_days", "included_credits"))
    if trial not in _NOTHING or side.mark(cells["trial_days"]):
        yield side.shown(cells["trial_days"], _days(trial))
    if units not in _NOTHING:
        yield side.shown(cells["included_credits"], f"{said(units)} credits included per month")


def _days(trial: Value) -> str:
    if trial in _NOTHING:
        return "No trial"
    return "Trial: unknown" if trial is UNKNOWN else f"{said(trial)} {'day' if trial == 1 else 'days'} of trial"


def _included(plan: PlanList, line: Line, side: Side) -> Included:
    feature = side.resources.get(addresses.catalog_feature(line.key))
    unit_prices = next((prices.cells for prices in plan.unit_prices if prices.key == line.key), {})
    about = feature.fields.get("description") if feature else None
    return Included(
        side.shown(line.name, said(side.value(line.name))),
        said(about) if about else "",
        list(_amounts(line.cells, feature, side)),
        side.choice(unit_prices),
        f"per {_unit(feature)}",
    )


def _unit(feature: Resource | None) -> str:
    unit = feature.fields.get("unit_name") if feature else None
    return said(unit) if unit else "unit"


def _measure(feature: Resource | None) -> str:
    """The unit of a feature if it is an abbreviation such as GB, which has no plural."""
    unit = _unit(feature)
    return f" {unit}" if unit.isupper() else ""


def _amounts(cells: Mapping[str, Cell], feature: Resource | None, side: Side) -> Iterator[Shown]:
    """How much of a feature is included."""
    values = {name: side.value(cell) for name, cell in cells.items()}
    if values["enabled"] is False:
        yield side.shown(cells["enabled"], "Not included")
        return
    extra = list(_extra(cells, values, feature, side))
    if values["unlimited"] is True:
        yield side.shown(cells["unlimited"], "Unlimited")
    elif values["included_amount"] not in _NOTHING:
        text = f"{said(values['included_amount'])}{_measure(feature)} included"
        yield side.shown(_either(cells, "included_amount", "unlimited"), text)
    elif feature is not None and feature.fields.get("type") == "boolean":
        yield side.shown(cells["enabled"], "Included")
    elif not extra and values["overage"] is None:
        yield side.shown(_either(cells, "included_amount", "unlimited"), "None included" if feature else "Included")
    elif side.mark(_either(cells, "included_amount", "unlimited")):
        yield side.shown(_either(cells, "included_amount", "unlimited"), "None included")
    yield from extra


def _either(cells: Mapping[str, Cell], *names: str) -> Cell:
    """The first of the cells that differs, else the first one."""
    return next((cells[name] for name in names if cells[name].is_changed), cells[names[0]])


def _extra(
    cells: Mapping[str, Cell], values: Mapping[str, Value], feature: Resource | None, side: Side
) -> Iterator[Shown]:
    if values["credits_per_unit"] is not None:
        text = f"{said(values['credits_per_unit'])} credits per {_unit(feature)}"
        yield side.shown(cells["credits_per_unit"], text)
    if values["pricing_mode"] == "ai_model":
        margin = said(values["margin_percent"]) if values["margin_percent"] is not None else "0"
        cell = _either(cells, "margin_percent", "pricing_mode")
        yield side.shown(cell, f"What the model costs, plus a margin of {margin}{'' if margin == 'unknown' else '%'}")


@dataclass(frozen=True)
class Pack:
    """A credit pack on both sides."""

    name: str
    cells: Mapping[str, Cell]
    status: str
    move: str
    about: str

    def text(self, column: str, side: str) -> str:
        """One cell on one side, for people."""
        return said(getattr(self.cells[column], side))


def pack(line: Line, before: ResourceSet, after: ResourceSet) -> Pack:
    """A credit pack on both sides, with its name after the changes or else before."""
    address = Address("credit_pack", line.key)
    there = (address in before, address in after)
    status = {(False, True): "New", (True, False): "Removed"}.get(there, "Changed" if line.is_changed else "")
    name, about = line.name, line.cells["description"]
    return Pack(
        said(name.after if name.after is not None else name.before),
        line.cells,
        status,
        line.cells["price"].percent,
        said(about.after or about.before) if about.after or about.before else "",
    )
