"""From the plans that the API lists to the same flat resources that the file expands to."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from commetctl.core.address import Address
from commetctl.core.contract import Contract
from commetctl.core.money import EXPONENTS, Derived, Money, UnitPrice
from commetctl.core.resource import UNKNOWN, Resource, Value
from commetctl.sections.plans import addresses, ledger, tables
from commetctl.sections.section import Found, Obstacle
from commetctl.sections.wire import decode, part, read_balance, read_price, read_rate, read_unit_price, word

_TWO_PRICES = Obstacle("Commet has two base prices for this interval", "archive one of them in the dashboard")
_UNKNOWN_CURRENCY = Obstacle("this version of commetctl does not know the currency", "upgrade commetctl")
_NO_ID = Obstacle(
    "this version of the API does not reveal the id of a price that it did not just create, and the newer one that "
    "does could not be read",
    "use `--api-version 2026-08-27` for this change",
)


@dataclass(frozen=True)
class Reading:
    """One plan of a listing, on its way to resources.

    A list of parts that the answer lacks is an error (KeyError) and not an empty list: what is there would be created
    again.
    """

    row: Mapping[str, Any]
    contract: Contract
    remembered: ledger.Entries

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
        metadata = self.row.get("metadata") or {}
        fields = decode(tables.PLAN, self.row, self.contract)
        # A key whose value is null is a key that was taken away: see `PlanSteps.metadata`.
        fields["metadata"] = {k: v for k, v in metadata.items() if k != ledger.KEY and v is not None}
        yield Found(self._resource(self.plan, fields), word(self.row["id"]))
        yield from self._exchange_rates()
        yield from self._prices()
        for row in self.row["features"] or ():
            yield from self._feature(row)

    @cached_property
    def _rates(self) -> dict[str, Decimal]:
        return {
            part(row["currency"]).lower(): read_rate(row["exchangeRate"]) for row in self.row["exchangeRates"] or ()
        }

    def _exchange_rates(self) -> Iterator[Found]:
        for currency, rate in self._rates.items():
            yield Found(self._child(addresses.exchange_rate(self.code, currency), {"rate": rate}, self.plan))

    def _prices(self) -> Iterator[Found]:
        # A variant shares the interval of the base price that it inherits from, and is not declared in the file.
        rows = [row for row in self.row["prices"] or () if row.get("inheritsFromPriceId") is None]
        intervals = Counter(part(row["billingInterval"]) for row in rows)
        for row in rows:
            address = addresses.price(self.code, row["billingInterval"])
            price_id = word(row["id"]) if row.get("id") else None
            obstacle = None if price_id else _NO_ID
            if intervals[row["billingInterval"]] > 1:
                obstacle = _TWO_PRICES
            fields = decode(tables.PRICE, row, self.contract)
            yield Found(self._child(address, fields, self.plan), price_id, obstacle)
            for regional in row["regionalPrices"] or ():
                yield self._regional_price(address, fields, regional)

    def _regional_price(self, price: Address, base: Mapping[str, Value], row: Mapping[str, Any]) -> Found:
        currency = part(row["currency"]).lower()
        address = addresses.regional_price(self.code, addresses.last(price), currency)
        if currency not in EXPONENTS:
            fields: dict[str, Value] = {"price": UNKNOWN, "included_balance": UNKNOWN}
            return Found(self._child(address, fields, price), obstacle=_UNKNOWN_CURRENCY)
        fields = {
            name: self._regional(read(row.get(wire), self.contract, currency), base[name], bool(row.get("autoSynced")))
            for name, wire, read in (
                ("price", "price", read_price),
                ("included_balance", "includedBalance", read_balance),
            )
        }
        return Found(self._child(address, fields, price, *self._rate(currency)))

    def _rate(self, currency: str) -> tuple[Address, ...]:
        return (addresses.exchange_rate(self.code, currency),) if currency in self._rates else ()

    def _regional(self, actual: Money | None, base: Value, synced: bool) -> Value:
        return None if actual is None else self._derived(actual, base, synced)

    def _derived(self, actual: Money, base: Value, synced: bool) -> Money | Derived:
        """The value as derived, when Commet says that it is and it still fits the rate; else as it stands.

        One smallest step of difference is allowed, because how Commet rounds is not documented.
        """
        rate = self._rates.get(actual.currency)
        if not synced or rate is None or not isinstance(base, Money):
            return actual
        about = base.converted(rate, actual.currency)
        return Derived(about) if about.is_near(actual) else actual

    def _feature(self, row: Mapping[str, Any]) -> Iterator[Found]:
        address = addresses.feature(self.code, part(row["code"]))
        fields = decode(tables.FEATURE_READ, row, self.contract)
        fields |= {"credits_per_unit": None, "pricing_mode": "fixed", "margin_percent": None}
        unread = ledger.unread_fields(self.row.get("consumptionModel"), row.get("type"))
        fields |= ledger.recall(ledger.entry(self.remembered, address), unread)
        yield Found(self._child(address, fields, self.plan, addresses.catalog_feature(row["code"])))
        if not isinstance(fields["overage"], UnitPrice):
            return
        for regional in row["regionalPrices"] or ():
            if regional.get("overageUnitPrice") is not None:
                yield self._regional_unit_price(address, fields["overage"], regional)

    def _regional_unit_price(self, feature: Address, base: UnitPrice, row: Mapping[str, Any]) -> Found:
        currency = part(row["currency"]).lower()
        address = addresses.regional_unit_price(self.code, addresses.last(feature), currency)
        if currency not in EXPONENTS:
            return Found(self._child(address, {"unit_price": UNKNOWN}, feature), obstacle=_UNKNOWN_CURRENCY)
        actual = read_unit_price(row["overageUnitPrice"], self.contract, currency)
        value = self._derived(actual, base, bool(row.get("autoSynced")))
        return Found(self._child(address, {"unit_price": value}, feature, *self._rate(currency)))

    def _child(self, address: Address, fields: dict[str, Value], parent: Address, *refs: Address) -> Resource:
        return self._resource(address, fields, (parent, *refs), parent)

    def _resource(
        self, address: Address, fields: dict[str, Value], refs: tuple[Address, ...] = (), parent: Address | None = None
    ) -> Resource:
        if address.kind not in (addresses.EXCHANGE_RATE, addresses.REGIONAL_UNIT_PRICE):
            fields["protect"] = bool(ledger.entry(self.remembered, address).get("protect"))
        return Resource(address, fields, refs, parent)
