"""What makes a plan wrong although each of its values is right: the business rules that can be checked offline.

Sources: the official configuration contract (August 2026) and the dashboard guides for free plans, consumption models,
trials and defaults; the API reference for limits, intervals and currencies.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from commetctl.core.money import EXPONENTS, Money, Scale, UnitPrice, places
from commetctl.sections.names import nearest
from commetctl.sections.plans import ledger
from commetctl.sections.plans.spec import OverageSpec, PlanFeatureSpec, PlanSpec, PriceSpec
from commetctl.sections.section import Finding, Path, Sheet
from commetctl.sections.values import CODE

_OTHER_VERSION = "use API version 2026-08-27, which is also what counts when no other is chosen"
#: What people call an interval that the API calls otherwise.
_USUAL = {"annual": "yearly", "anual": "yearly", "month": "monthly", "year": "yearly", "week": "weekly"}
_LARGEST_MARGIN = Decimal(1000)


@dataclass(frozen=True)
class PlanRules:
    """The rules for one plan of a sheet."""

    code: str
    spec: PlanSpec
    sheet: Sheet

    def findings(self) -> Iterator[Finding]:
        """Everything that is wrong, from the plan inwards."""
        if not CODE.match(self.code):
            yield self._at(
                (), "bad_code", f"`{self.code}` is not a code", "use lower-case letters, digits and underscores"
            )
        if ledger.KEY in self.spec.metadata:
            yield self._at(
                ("metadata", ledger.KEY), "reserved_key", "belongs to commetctl", "choose another metadata key"
            )
        yield from self._exchange_rates()
        yield from self._default()
        for interval, price in self.spec.prices.items():
            yield from self._interval(interval)
            yield from self._price(interval, price)
        for feature_code, feature in self.spec.features.items():
            yield from self._feature(feature_code, feature)

    def _at(self, path: Path, code: str, message: str, hint: str = "", lacks: tuple[Path, ...] = ()) -> Finding:
        """A finding; both the path and what it lacks are inside the plan."""
        within = ("plans", self.code)
        return Finding((*within, *path), code, message, hint, tuple((*within, *lacking) for lacking in lacks))

    @property
    def _lacks_model(self) -> tuple[Path, ...]:
        return () if self.spec.consumption_model else (("consumption_model",),)

    def _exchange_rates(self) -> Iterator[Finding]:
        for currency in self.spec.exchange_rates:
            yield from self._currency(("exchange_rates", currency), currency)
        if self.spec.exchange_rates and not self.spec.prices and not self.spec.features:
            lacks: tuple[Path, ...] = (("prices",), ("features",))
            yield self._at(("exchange_rates",), "nothing_to_convert", "the plan has no price to convert", lacks=lacks)

    def _currency(self, path: Path, currency: str) -> Iterator[Finding]:
        if currency in self.sheet.contract.currencies:
            return
        if currency in EXPONENTS:
            message = f"`{currency}` is not a currency of API version {self.sheet.contract.version}"
            yield self._at(path, "currency_not_in_version", message, _OTHER_VERSION)
            return
        near = currency.lower() if currency.lower() in EXPONENTS else None
        hint = f"write `{near}`" if near else "known: " + ", ".join(sorted(self.sheet.contract.currencies))
        yield self._at(path, "unknown_currency", f"`{currency}` is not a currency that Commet prices in", hint)

    def _default(self) -> Iterator[Finding]:
        if self.spec.prices and self.spec.default_interval() is None:
            marked = [interval for interval, price in self.spec.prices.items() if price.is_default]
            found = "none of the prices is" if not marked else ", ".join(marked) + " are all marked as"
            hint = "set `is_default: true` on exactly one price"
            unmarked: list[Path] = (
                [] if marked else [("prices", interval, "is_default") for interval in self.spec.prices]
            )
            yield self._at(("prices",), "default_price", f"{found} the default", hint, tuple(unmarked))

    def _convertible(self, path: Path, amount: Money) -> Iterator[Finding]:
        """Derived amounts have to be sendable too."""
        for currency, rate in self.spec.exchange_rates.items():
            if currency in EXPONENTS and amount.converted(rate, currency).problem(self._scale(amount)):
                message = f"at this rate, {amount} becomes more than can be sent exactly"
                yield self._at((*path, currency), "bad_rate", message)

    def _interval(self, interval: str) -> Iterator[Finding]:
        known = self.sheet.contract.intervals
        if interval in known:
            return
        if interval == "semiannual":
            message = f"`semiannual` is not an interval of API version {self.sheet.contract.version}"
            yield self._at(("prices", interval), "interval_not_in_version", message, _OTHER_VERSION)
            return
        near = _USUAL.get(interval.lower()) or nearest(interval, known)
        hint = f"did you mean `{near}`?" if near else "one of " + ", ".join(known)
        yield self._at(("prices", interval), "unknown_interval", f"`{interval}` is not a billing interval", hint)

    def _price(self, interval: str, spec: PriceSpec) -> Iterator[Finding]:
        path: Path = ("prices", interval)
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
            yield from self._amount((*path, "included_balance"), Money(spec.included_balance))
            if model != "balance":
                yield self._wrong_model((*path, "included_balance"), "balance")
        for currency, regional in spec.regional_prices.items():
            at = (*path, "regional_prices", currency)
            yield from self._currency(at, currency)
            if currency in EXPONENTS:
                yield from self._amount((*at, "price"), Money(regional.price, currency))
                if regional.included_balance is not None:
                    yield from self._amount((*at, "included_balance"), Money(regional.included_balance, currency))
            yield from self._regional_balance(at, spec.included_balance, regional.included_balance)

    def _regional_balance(self, at: Path, base: object, regional: object) -> Iterator[Finding]:
        if base is not None and regional is None:
            yield self._at(
                at,
                "balance_missing",
                "the price includes a balance, and what that is in this currency is not said",
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

    def _wrong_model(self, path: Path, model: str) -> Finding:
        return self._at(
            path,
            "wrong_model",
            f"only means something where `consumption_model` is `{model}`",
            f"set `consumption_model: {model}` on the plan, or remove `{path[-1]}`",
            self._lacks_model,
        )

    def _feature(self, feature_code: str, spec: PlanFeatureSpec) -> Iterator[Finding]:
        path: Path = ("features", feature_code)
        yield from self._known(path, feature_code)
        if self._type(feature_code) == "usage" and self.spec.consumption_model is None:
            yield self._at(
                path,
                "usage_without_model",
                "a usage feature needs a consumption model",
                "set `consumption_model` on the plan to metered, credits or balance",
                self._lacks_model,
            )
        yield from self._boolean(path, feature_code, spec)
        if spec.unlimited and spec.included_amount:
            yield self._at(
                (*path, "included_amount"), "unlimited_and_amount", "`unlimited` already includes any amount"
            )
        if spec.unlimited and spec.overage:
            yield self._at((*path, "overage"), "unlimited_and_overage", "what is unlimited has no overage")
        if spec.overage:
            yield from self._overage((*path, "overage"), spec.overage)
        yield from self._models(path, spec)

    def _known(self, path: Path, feature_code: str) -> Iterator[Finding]:
        declared = self.sheet.keys.get("features")
        if declared is None or feature_code in declared:
            return
        near = nearest(feature_code, declared)
        hint = f"did you mean `{near}`?" if near else "declare it under `features:`"
        message = f"`{feature_code}` is not declared under `features:`"
        # Absent in the section of that name, which is beside the plans.
        yield replace(self._at(path, "unknown_feature", message, hint), lacks=(("features", feature_code),))

    def _type(self, feature_code: str) -> str | None:
        feature = self.sheet.sections.get("features", {}).get(feature_code)
        return feature.type if feature else None

    def _boolean(self, path: Path, feature_code: str, spec: PlanFeatureSpec) -> Iterator[Finding]:
        if self._type(feature_code) == "boolean":
            for name in ("included_amount", "unlimited", "overage", "credits_per_unit", "margin_percent"):
                if getattr(spec, name) not in (None, 0, False):
                    yield self._at((*path, name), "boolean_feature", "a boolean feature is only on or off")

    def _overage(self, path: Path, spec: OverageSpec) -> Iterator[Finding]:
        yield from self._amount((*path, "unit_price"), UnitPrice(spec.unit_price))
        if self.spec.is_free:
            yield self._at(path, "overage_on_free_plan", "a free plan has no overage", "remove `overage`")
        elif self.spec.consumption_model == "credits":
            yield self._at(
                path,
                "overage_on_credits_plan",
                "a plan on credits has no overage",
                "sell more credits with `credit_packs`, or use another consumption model",
            )
        elif self.spec.consumption_model is None:
            yield self._at(
                path,
                "overage_without_model",
                "an overage needs a consumption model",
                "set `consumption_model` on the plan to metered or balance",
                self._lacks_model,
            )
        yield from self._convertible(("exchange_rates",), UnitPrice(spec.unit_price))
        for currency, amount in spec.regional_prices.items():
            at = (*path, "regional_prices", currency)
            yield from self._currency(at, currency)
            if currency in EXPONENTS:
                yield from self._amount(at, UnitPrice(amount, currency))
            if currency in EXPONENTS and currency not in self.spec.exchange_rates:
                yield self._at(
                    at,
                    "rate_missing",
                    "the API sets a regional unit price only together with the plan's exchange rate",
                    f"add `exchange_rates: {{{currency}: …}}` to the plan",
                    (("exchange_rates", currency),),
                )

    def _models(self, path: Path, spec: PlanFeatureSpec) -> Iterator[Finding]:
        model = self.spec.consumption_model
        if spec.credits_per_unit is not None and model != "credits":
            yield self._wrong_model((*path, "credits_per_unit"), "credits")
        if spec.pricing_mode == "ai_model" and model != "balance":
            yield self._wrong_model((*path, "pricing_mode"), "balance")
        if spec.margin_percent is None:
            return
        if spec.pricing_mode != "ai_model":
            yield self._at(
                (*path, "margin_percent"),
                "margin_without_ai_model",
                "only means something where `pricing_mode` is `ai_model`",
                "set `pricing_mode: ai_model`, or remove it",
                ((*path, "pricing_mode"),),
            )
        if places(spec.margin_percent) > 2 or spec.margin_percent > _LARGEST_MARGIN:
            yield self._at(
                (*path, "margin_percent"),
                "bad_margin",
                "must be a percentage of at most 1000 with at most two decimals",
                "20 means twenty percent on top of what the model costs",
            )

    def _amount(self, path: Path, amount: Money) -> Iterator[Finding]:
        if problem := amount.problem(self._scale(amount)):
            yield self._at(path, "bad_amount", problem)

    def _scale(self, amount: Money) -> Scale:
        contract = self.sheet.contract
        return contract.unit_price_scale if isinstance(amount, UnitPrice) else contract.price_scale
