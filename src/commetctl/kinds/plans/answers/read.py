"""From the plans that the API lists to the same flat resources that the file expands to.

What of a plan this version does not understand is unknown, and an obstacle at its address: nothing that would harm it
is planned, and everything else goes on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import get_args

from commetctl.core.contract import Contract, Row
from commetctl.core.money import Derived, Money, UnitPrice
from commetctl.core.resource import UNKNOWN, Address, Resource, Value
from commetctl.kinds import memory
from commetctl.kinds.codecs import flag, read_balance, read_price, read_rate, read_unit_price
from commetctl.kinds.features import TYPES
from commetctl.kinds.obstacles import beside, joined, lacks, odd_values, overwritten, unknown_word, unread_list, wiped
from commetctl.kinds.plans import addresses, ledger, wire
from commetctl.kinds.plans.answers import foreign, variants
from commetctl.kinds.plans.answers.markets import MarketReading
from commetctl.kinds.plans.spec import PlanSpec
from commetctl.kinds.sides import Found, Obstacle
from commetctl.kinds.wire import lacking, part, shown, understood, within, word

_MODELS = get_args(get_args(PlanSpec.model_fields["consumption_model"].annotation)[0])

_NO_ID = Obstacle(
    "this API version does not return the id of an existing price, and the newer version, which does, could not "
    "be read",
    "use `--api-version 2026-08-27` for this change",
)
_NO_RATE = Obstacle(
    "the plan no longer has an exchange rate for this currency, which the API needs to write a unit price",
    "declare the exchange rate, or remove the unit price in the dashboard",
    own=False,
    kept=True,
)


@dataclass(frozen=True)
class Reading:
    """One plan of a list, to be turned into resources."""

    row: Row
    contract: Contract
    remembered: memory.Entries
    ids: Mapping[str, Address]

    @property
    def code(self) -> str:
        """The plan's code."""
        return part(self.row["code"])

    @property
    def plan(self) -> Address:
        """The plan's address."""
        return addresses.plan(self.code)

    def found(self) -> Iterator[Found]:
        """The plan, then what belongs to it."""
        yield self._plan()
        with within("`exchangeRates`"):
            yield from self._exchange_rates()
        for number, row in enumerate(variants.bases(self._prices or ()), 1):
            with within(f"price {number}"):
                yield from self._price(row)
        for number, row in enumerate(rows_of(self.row, "features") or (), 1):
            with within(f"feature {number}"):
                yield from self._feature(row)

    def _plan(self) -> Found:
        fields, odd = understood(wire.PLAN, self.row, self.contract)
        metadata = self.row.get("metadata")
        metadata = {} if metadata is None or metadata == [] else metadata
        fields["metadata"] = foreign.labels(metadata) if isinstance(metadata, Mapping) else UNKNOWN
        if fields["metadata"] is UNKNOWN:
            odd.append(shown("metadata", metadata))
        model = fields["consumption_model"]
        obstacle = joined(
            [
                odd_values(odd),
                lacks(lacking(wire.PLAN, self.row)),
                *(unread_list(n) for n in ("prices", "features", "exchangeRates") if rows_of(self.row, n) is None),
                unknown_word("consumption model", model) if isinstance(model, str) and model not in _MODELS else None,
                foreign.obstacle(metadata),
                variants.orphans(self._prices or ()),
            ]
        )
        return Found(self._resource(self.plan, fields), word(self.row["id"]), obstacle)

    @cached_property
    def _prices(self) -> list[Row] | None:
        return rows_of(self.row, "prices")

    @cached_property
    def _markets(self) -> MarketReading:
        return MarketReading(self.contract, self.remembered, self.ids)

    @cached_property
    def _rates(self) -> dict[str, Decimal]:
        """The exchange rates that are known; one that is there twice, or is no number, is not."""
        found: dict[str, list[Value]] = {}
        for row in rows_of(self.row, "exchangeRates") or ():
            found.setdefault(part(row["currency"]).lower(), []).append(_rate(row))
        return {c: rates[0] for c, rates in found.items() if len(rates) == 1 and isinstance(rates[0], Decimal)}

    def _exchange_rates(self) -> Iterator[Found]:
        for row in rows_of(self.row, "exchangeRates") or ():
            currency, rate = part(row["currency"]).lower(), _rate(row)
            odd = [] if isinstance(rate, Decimal) else [shown("exchangeRate", row.get("exchangeRate"))]
            resource = self._child(addresses.exchange_rate(self.code, currency), {"rate": rate}, self.plan)
            written = overwritten(currency) if currency in self._unrepeatable else None
            yield Found(resource, obstacle=joined([odd_values(odd), self._currency(currency), written]))

    @cached_property
    def _unrepeatable(self) -> frozenset[str]:
        """The currencies with a rate in which a price that cannot be declared has amounts of its own."""
        return variants.written_in(self._prices or (), self.contract) & self._rates.keys()

    def _currency(self, currency: str) -> Obstacle | None:
        return None if currency in self.contract.currencies else unknown_word("currency", currency)

    def _price(self, row: Row) -> Iterator[Found]:
        interval = part(row["billingInterval"])
        address = addresses.price(self.code, interval)
        fields, odd = understood(wire.PRICE, row, self.contract)
        price_id = word(row["id"]) if row.get("id") else None
        declarable = interval in self.contract.intervals
        regional = list(self._regional_prices(address, fields, row)) if declarable else []
        lost = [addresses.last(item.resource.address) for item in regional if item.obstacle and item.obstacle.unknown]
        markets = self._markets.market_prices(address, row) if declarable else []
        obstacle = joined(
            [
                None if declarable else unknown_word("billing interval", interval),
                None if price_id else _NO_ID,
                odd_values(odd),
                lacks(lacking(wire.PRICE, row)),
                unread_list("regionalPrices") if rows_of(row, "regionalPrices") is None else None,
                beside("an introductory offer") if variants.has_offer(row) else None,
                wiped("regional prices", lost) if lost else None,
                self._markets.obstacle(row, markets),
                *(overwritten(currency)._replace(own=False) for currency in sorted(self._unrepeatable)),
            ]
        )
        yield Found(self._child(address, fields, self.plan), price_id, obstacle)
        yield from regional
        yield from markets
        if declarable:
            yield from self._markets.variants(address, row, self._prices or ())

    def _regional_prices(self, price: Address, base: Mapping[str, Value], row: Row) -> Iterator[Found]:
        for regional in rows_of(row, "regionalPrices") or ():
            yield self._regional_price(price, base, regional)

    def _regional_price(self, price: Address, base: Mapping[str, Value], row: Row) -> Found:
        currency = part(row["currency"]).lower()
        address = addresses.regional_price(self.code, addresses.last(price), currency)
        fields: dict[str, Value] = {"price": UNKNOWN, "included_balance": UNKNOWN}
        if obstacle := self._currency(currency):
            return Found(self._child(address, fields, price), obstacle=obstacle)
        odd: list[str] = []
        for name, sent, read in (("price", "price", read_price), ("included_balance", "includedBalance", read_balance)):
            try:
                actual = read(row.get(sent), self.contract, currency)
                fields[name] = self._regional(actual, base[name], synced=_is_synced(row))
            except (TypeError, ValueError):
                odd.append(shown(sent, row.get(sent)))
        return Found(self._child(address, fields, price, *self._rate(currency)), obstacle=odd_values(odd))

    def _rate(self, currency: str) -> tuple[Address, ...]:
        return (addresses.exchange_rate(self.code, currency),) if currency in self._rates else ()

    def _regional(self, actual: Money | None, base: Value, *, synced: bool) -> Value:
        return None if actual is None else self._derived(actual, base, synced)

    def _derived(self, actual: Money, base: Value, synced: bool) -> Money | Derived:
        """The value as derived, when Commet says that it is and it still fits the rate; else as it stands."""
        rate = self._rates.get(actual.currency)
        if not synced or rate is None or not isinstance(base, Money):
            return actual
        return Derived(base.converted(rate, actual.currency)) if base.converts_to(actual, rate) else actual

    def _feature(self, row: Row) -> Iterator[Found]:
        address = addresses.feature(self.code, part(row["code"]))
        fields, odd = understood(wire.FEATURE_READ, row, self.contract)
        fields |= {"credits_per_unit": None, "pricing_mode": "fixed", "margin_percent": None}
        unread = ledger.unread_fields(self.row.get("consumptionModel"), row.get("type"))
        fields |= ledger.recall(ledger.entry(self.remembered, address), unread)
        kind = row.get("type")
        odd += [] if isinstance(kind, str | None) else [shown("type", kind)]
        charged = isinstance(fields["overage"], UnitPrice)
        obstacle = joined(
            [
                odd_values(odd),
                unknown_word("feature type", kind) if isinstance(kind, str) and kind not in TYPES else None,
                unread_list("regionalPrices") if charged and rows_of(row, "regionalPrices") is None else None,
            ]
        )
        resource = self._child(address, fields, self.plan, addresses.catalog_feature(row["code"]))
        yield Found(resource, obstacle=obstacle)
        for regional in (rows_of(row, "regionalPrices") or ()) if charged else ():
            if regional.get("overageUnitPrice") is not None:
                yield self._regional_unit_price(address, fields["overage"], regional)

    def _regional_unit_price(self, feature: Address, base: Value, row: Row) -> Found:
        currency = part(row["currency"]).lower()
        address = addresses.regional_unit_price(self.code, addresses.last(feature), currency)
        unknown = self._child(address, {"unit_price": UNKNOWN}, feature)
        if obstacle := self._currency(currency):
            return Found(unknown, obstacle=obstacle)
        try:
            actual = read_unit_price(row["overageUnitPrice"], self.contract, currency)
            value = self._derived(actual, base, _is_synced(row))
        except (TypeError, ValueError):
            return Found(unknown, obstacle=odd_values([shown("overageUnitPrice", row["overageUnitPrice"])]))
        resource = self._child(address, {"unit_price": value}, feature, *self._rate(currency))
        return Found(resource, obstacle=None if currency in self._rates else _NO_RATE)

    def _child(self, address: Address, fields: dict[str, Value], parent: Address, *refs: Address) -> Resource:
        return self._resource(address, fields, (parent, *refs), parent)

    def _resource(
        self, address: Address, fields: dict[str, Value], refs: tuple[Address, ...] = (), parent: Address | None = None
    ) -> Resource:
        if address.kind not in (addresses.EXCHANGE_RATE, addresses.REGIONAL_UNIT_PRICE):
            fields["protect"] = bool(ledger.entry(self.remembered, address).get("protect"))
        return Resource(address, fields, refs, parent)


def rows_of(row: Row, name: str) -> list[Row] | None:
    """The objects in a list of an answer; None where there is no list of objects."""
    found = row.get(name)
    return found if isinstance(found, list) and all(isinstance(item, Mapping) for item in found) else None


def _is_synced(row: Row) -> bool:
    """Whether Commet derives the amounts of a row; where it does not say, they are as they stand."""
    return bool(flag(row.get("autoSynced")))


def _rate(row: Row) -> Value:
    try:
        return read_rate(row.get("exchangeRate"))
    except (TypeError, ValueError):
        return UNKNOWN
