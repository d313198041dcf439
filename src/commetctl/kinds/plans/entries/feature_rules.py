"""What makes a plan's features wrong although each of their values is right.

Sources: the official configuration contract (August 2026) and the guides to consumption models and AI pricing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from commetctl.core.money import EXPONENTS, UnitPrice, places
from commetctl.core.text import nearest, the_only_near
from commetctl.core.values import KeyPath
from commetctl.kinds.plans.entries.checks import PlanChecks
from commetctl.kinds.plans.spec import OverageSpec, PlanFeatureSpec
from commetctl.kinds.section import Finding

_LARGEST_MARGIN = Decimal(1000)


@dataclass(frozen=True)
class FeatureRules(PlanChecks):
    """The rules for what one plan includes."""

    def findings(self) -> Iterator[Finding]:
        """Everything that is wrong with the plan's features."""
        for feature_code, feature in self.spec.features.items():
            yield from self._feature(feature_code, feature)

    def _feature(self, feature_code: str, spec: PlanFeatureSpec) -> Iterator[Finding]:
        path: KeyPath = ("features", feature_code)
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
            yield self._at((*path, "overage"), "unlimited_and_overage", "an unlimited feature has no overage")
        if spec.overage:
            yield from self._overage((*path, "overage"), spec.overage)
        yield from self._models(path, spec)

    def _known(self, path: KeyPath, feature_code: str) -> Iterator[Finding]:
        declared = self.sheet.keys.get("features")
        if declared is None or feature_code in declared:
            return
        near = nearest(feature_code, declared)
        hint = f"did you mean `{near}`?" if near else "declare it under `features:`"
        message = f"`{feature_code}` is not declared under `features:`"
        # Absent in the section of that name, which is beside the plans.
        found = self._at(path, "unknown_feature", message, hint, fix=the_only_near(feature_code, declared))
        yield replace(found, lacks=(("features", feature_code),))

    def _type(self, feature_code: str) -> str | None:
        feature = self.sheet.sections.get("features", {}).get(feature_code)
        return feature.type if feature else None

    def _boolean(self, path: KeyPath, feature_code: str, spec: PlanFeatureSpec) -> Iterator[Finding]:
        if self._type(feature_code) == "boolean":
            for name in ("included_amount", "unlimited", "overage", "credits_per_unit", "margin_percent"):
                if getattr(spec, name) not in (None, 0, False):
                    yield self._at((*path, name), "boolean_feature", "a boolean feature is only on or off")

    def _overage(self, path: KeyPath, spec: OverageSpec) -> Iterator[Finding]:
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

    def _models(self, path: KeyPath, spec: PlanFeatureSpec) -> Iterator[Finding]:
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
                "only applies where `pricing_mode` is `ai_model`",
                "set `pricing_mode: ai_model`, or remove it",
                ((*path, "pricing_mode"),),
            )
        if places(spec.margin_percent) > 2 or spec.margin_percent > _LARGEST_MARGIN:
            yield self._at(
                (*path, "margin_percent"),
                "bad_margin",
                "must be a percentage of at most 1000 with at most two decimals",
                "20 means twenty percent on top of the cost of the model",
            )
