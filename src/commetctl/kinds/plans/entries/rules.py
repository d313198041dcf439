"""What makes a plan wrong although each of its values is right: the business rules that can be checked offline.

Sources: the official configuration contract (August 2026) and the dashboard guides for free plans, consumption models,
trials and defaults; the API reference for limits, intervals and currencies.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from commetctl.core.money import EXPONENTS, Money
from commetctl.core.text import nearest, the_only_near
from commetctl.core.values import KeyPath
from commetctl.kinds import memory
from commetctl.kinds.currencies import OTHER_VERSION
from commetctl.kinds.plans.entries.checks import PlanChecks
from commetctl.kinds.plans.entries.feature_rules import FeatureRules
from commetctl.kinds.plans.entries.market_rules import MarketRules
from commetctl.kinds.plans.price_spec import PriceSpec
from commetctl.kinds.section import Finding

#: Other words for intervals.
_USUAL = {"annual": "yearly", "anual": "yearly", "month": "monthly", "year": "yearly", "week": "weekly"}


@dataclass(frozen=True)
class PlanRules(PlanChecks):
    """The rules for one plan of a sheet."""

    def findings(self) -> Iterator[Finding]:
        """Everything that is wrong, from the plan inwards."""
        yield from memory.reserved(("plans", self.code), self.spec.metadata)
        yield from self._exchange_rates()
        yield from self._default()
        for interval, price in self.spec.prices.items():
            yield from self._interval(interval)
            yield from self._price(interval, price)
        yield from MarketRules(self.code, self.spec, self.sheet).findings()
        yield from FeatureRules(self.code, self.spec, self.sheet).findings()

    def _exchange_rates(self) -> Iterator[Finding]:
        for currency in self.spec.exchange_rates:
            yield from self._currency(("exchange_rates", currency), currency)
        if self.spec.exchange_rates and not self.spec.prices and not self.spec.features:
            lacks: tuple[KeyPath, ...] = (("prices",), ("features",))
            yield self._at(("exchange_rates",), "nothing_to_convert", "the plan has no price to convert", lacks=lacks)

    def _default(self) -> Iterator[Finding]:
        if self.spec.prices and self.spec.default_interval() is None:
            marked = [interval for interval, price in self.spec.prices.items() if price.is_default]
            found = "none of the prices is" if not marked else ", ".join(marked) + " are all marked as"
            hint = "set `is_default: true` on exactly one price"
            unmarked: list[KeyPath] = (
                [] if marked else [("prices", interval, "is_default") for interval in self.spec.prices]
            )
            yield self._at(("prices",), "default_price", f"{found} the default", hint, tuple(unmarked))

    def _interval(self, interval: str) -> Iterator[Finding]:
        known = self.sheet.contract.intervals
        if interval in known:
            return
        if interval == "semiannual":
            message = f"`semiannual` is not an interval of API version {self.sheet.contract.version}"
            yield self._at(("prices", interval), "interval_not_in_version", message, OTHER_VERSION)
            return
        near = _USUAL.get(interval.lower()) or nearest(interval, known)
        hint = f"did you mean `{near}`?" if near else "one of " + ", ".join(known)
        message, fix = f"`{interval}` is not a billing interval", _USUAL.get(interval.lower(), "")
        fix = fix or the_only_near(interval, known)
        yield self._at(("prices", interval), "unknown_interval", message, hint, fix=fix)

    def _price(self, interval: str, spec: PriceSpec) -> Iterator[Finding]:
        path: KeyPath = ("prices", interval)
        yield from self._amount((*path, "price"), Money(spec.price))
        yield from self._convertible(("exchange_rates",), Money(spec.price))
        if self.spec.is_free:
            yield self._at(path, "price_on_free_plan", "a free plan has no prices", "remove it, or `is_free`")
        if interval == "one_time" and spec.trial_days:
            yield self._at(
                (*path, "trial_days"), "trial_on_one_time", "a one-time price has no trial", "remove `trial_days`"
            )
        model = self.spec.consumption_model
        if spec.included_credits is not None and model != "credits":
            yield self._wrong_model((*path, "included_credits"), "credits")
        if spec.included_balance is not None:
            yield from self._balance((*path, "included_balance"), Money(spec.included_balance))
            if model != "balance":
                yield self._wrong_model((*path, "included_balance"), "balance")
        for currency, regional in spec.regional_prices.items():
            at = (*path, "regional_prices", currency)
            yield from self._currency(at, currency)
            if currency in EXPONENTS:
                yield from self._amount((*at, "price"), Money(regional.price, currency))
                if regional.included_balance is not None:
                    yield from self._balance((*at, "included_balance"), Money(regional.included_balance, currency))
            yield from self._regional_balance(at, spec.included_balance, regional.included_balance)

    def _regional_balance(self, at: KeyPath, base: object, regional: object) -> Iterator[Finding]:
        if base is not None and regional is None:
            yield self._at(
                at,
                "balance_missing",
                "the price includes a balance, and the regional price does not say how much in this currency",
                "add `included_balance`, or remove the regional price and give the plan an exchange rate",
                ((*at, "included_balance"),),
            )
        if base is None and regional is not None:
            yield self._at(
                (*at, "included_balance"),
                "balance_without_base",
                "the price in US dollars includes no balance",
                "add `included_balance` to the price, or remove it here",
                ((*at[:-2], "included_balance"),),
            )
