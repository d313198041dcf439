"""What the older generation leaves out of its answers, taken from the newer one: price ids, and what a price means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from commetctl.core.contract import Contract, Row, Rows
from commetctl.core.errors import Refused
from commetctl.core.money import Money, Scale
from commetctl.kinds.codecs import whole

#: What the older version leaves out of a price.
_SHOWN = ("id", "marketPrices", "offerId")


@dataclass(frozen=True)
class OlderPlans:
    """The plans as the older version lists them, beside the same plans as the newer one does, if it could be read."""

    rows: Rows
    newer: Rows | None
    contract: Contract

    def with_price_ids(self) -> list[Row]:
        """The older rows, their prices completed with ids; a price that has no counterpart stays without.

        Also with what only the newer version shows beside a price, which would go with it all the same.
        """
        return [{**plan, "prices": self._all(plan)} if _prices(plan) else plan for plan in self.rows]

    def _all(self, plan: Row) -> list[Row]:
        newer = [row for other in self.newer or () if other.get("id") == plan.get("id") for row in _prices(other)]
        variants = [row for row in newer if row.get("inheritsFromPriceId") is not None]
        return [*(self._completed(plan, price) for price in _prices(plan)), *variants]

    def _completed(self, plan: Row, price: Row) -> Row:
        same = self._counterparts(plan, price)
        return {**price, **{name: same[0].get(name) for name in _SHOWN}} if len(same) == 1 else price

    def _counterparts(self, plan: Row, price: Row) -> list[Row]:
        return [
            other
            for newer in self.newer or ()
            if newer.get("id") == plan.get("id")
            for other in _prices(newer)
            if other.get("billingInterval") == price.get("billingInterval") and other.get("inheritsFromPriceId") is None
        ]

    def prove_scale(self) -> bool:
        """Whether the prices prove the chosen scale; raises Refused when they prove another.

        The newer version answers in minor units, on which all sources agree.
        """
        proven = False
        for code, interval, older, minor in self._pairs():
            if minor == 0 and older == 0:
                continue
            ratio = self.contract.price_scale.per_unit("usd") // Scale.MINOR.per_unit("usd")
            if older != minor * ratio:
                chosen = self.contract.price_scale
                assumed = Money.from_wire(older, "usd", chosen)
                actual = Money.from_wire(minor, "usd", Scale.MINOR)
                raise Refused(
                    f"API version {self.contract.version} returns {older} for the price {code}/{interval}, which "
                    f"in {chosen.value} scale is {assumed}; the newer version returns {actual}",
                    _way_out(older, minor),
                    code="price_scale",
                )
            proven = True
        return proven

    def _pairs(self) -> Iterator[tuple[str, str, int, int]]:
        for plan in self.rows:
            for price in _prices(plan):
                for other in self._counterparts(plan, price):
                    amounts = price.get("price"), other.get("price")
                    if all(isinstance(amount, int) and not isinstance(amount, bool) for amount in amounts):
                        yield plan["code"], price["billingInterval"], whole(amounts[0]), whole(amounts[1])


def _way_out(older: int, minor: int) -> str:
    fitting = {minor: Scale.MINOR, minor * 100: Scale.RATE}.get(older)
    if fitting is None:
        return 'neither scale fits; use `api_version: "2026-08-27"`'
    return f'set `price_scale: {fitting.value}` in the file, or use `api_version: "2026-08-27"`'


def _prices(plan: Mapping[str, Any]) -> list[Row]:
    """The prices of a plan; none where the answer has no list of them, which the reader of the plan reports."""
    found = plan.get("prices")
    return found if isinstance(found, list) and all(isinstance(row, Mapping) for row in found) else []
