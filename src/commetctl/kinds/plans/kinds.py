"""The kinds of a plan and of its parts: what each says of itself."""

from collections.abc import Mapping
from functools import partial

from commetctl.kinds.effects import TODAY
from commetctl.kinds.kind import Alone, Kind, Replacement
from commetctl.kinds.plans import addresses, ledger, wire
from commetctl.kinds.plans.meaning import effects, feature_effects, market_effects, titles
from commetctl.kinds.plans.price_spec import MarketPriceSpec, PriceSpec, RegionalPriceSpec, VariantSpec
from commetctl.kinds.plans.spec import OverageSpec, PlanFeatureSpec, PlanSpec

_NEW_PLAN = "declare a new plan under a new code with the value you want, and hide this one"
_REATTACH = (
    "remove the feature from the plan, apply, and add it again with the value you want; customers of the plan lose it "
    "in between"
)
_KEPT = {"lifecycle": "no, it is not sent: commetctl records it in the plan's metadata"}
_UNREAD = {
    column.name: f"never, it is only sent, as `{column.wire}`: commetctl records the value in the plan's metadata, "
    "or shows `unknown`"
    for column in wire.FEATURE
    if any(column.name in names for names in ledger.UNREAD.values())
}

_part = partial(Kind, returned=_KEPT, givens=effects.givens)

#: Top-level kind first.
KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        _part(
            addresses.PLAN,
            "A billing plan.",
            "plans.CODE",
            "CODE",
            "pro",
            PlanSpec,
            words=("plans",),
            table=wire.PLAN,
            sent={
                "metadata": "metadata",
                "prices": "prices",
                "features": "features",
                "exchange_rates": "exchangeRates",
            },
            fixed=dict.fromkeys(("consumption_model", "is_free", "block_on_exhaustion"), _NEW_PLAN),
            unique=("name",),
            unsettled={"name": "plan_names"},
            terms=frozenset({"is_free"}),
            wording=frozenset({"name", "description", "metadata"}),
            used=True,
            effects=effects.PLAN,
            title=titles.plan,
        ),
        _part(
            addresses.PRICE,
            "The price of a plan for one billing interval, in US dollars.",
            "plans.PLAN.prices.INTERVAL",
            "PLAN/INTERVAL",
            "pro/monthly",
            PriceSpec,
            words=("prices", "price"),
            table=wire.PRICE,
            sent={
                "regional_prices": "regionalPrices",
                "market_prices": "marketPrices",
                "variants": "inheritsFromPriceId",
            },
            gone="archived",
            counts=frozenset({"included_credits"}),
            used=True,
            effects=effects.PRICE,
            title=titles.price,
        ),
        _part(
            addresses.REGIONAL_PRICE,
            "The price in one currency; short form: the amount alone.",
            "plans.PLAN.prices.INTERVAL.regional_prices.CURRENCY",
            "PLAN/INTERVAL/CURRENCY",
            "pro/monthly/eur",
            RegionalPriceSpec,
            words=("regional_prices",),
            sent={"price": "price", "included_balance": "includedBalance"},
            gone="removed",
            used=True,
            effects=effects.REGIONAL,
            title=titles.price,
        ),
        _part(
            addresses.MARKET_PRICE,
            "The price in the countries of one market.",
            "plans.PLAN.prices.INTERVAL.market_prices.MARKET",
            "PLAN/INTERVAL/MARKET",
            "pro/monthly/brazil",
            MarketPriceSpec,
            words=("market_prices",),
            sent={"currency": "currency", "price": "price"},
            gone="removed",
            used=True,
            versions=TODAY,
            effects=market_effects.MARKET_PRICE,
            title=titles.market_price,
        ),
        _part(
            addresses.VARIANT,
            "Another version of a price: it costs the same, except in its market prices.",
            "plans.PLAN.prices.INTERVAL.variants.VARIANT",
            "PLAN/INTERVAL/VARIANT",
            "pro/monthly/experiment_b",
            VariantSpec,
            words=("variants", "variant"),
            sent={"market_prices": "marketPrices"},
            gone="archived",
            used=True,
            versions=TODAY,
            effects=market_effects.VARIANT,
            title=titles.variant,
        ),
        _part(
            addresses.VARIANT_PRICE,
            "The price of a variant in the countries of one market.",
            "plans.PLAN.prices.INTERVAL.variants.VARIANT.market_prices.MARKET",
            "PLAN/INTERVAL/VARIANT/MARKET",
            "pro/monthly/experiment_b/brazil",
            MarketPriceSpec,
            words=("variant_prices",),
            sent={"currency": "currency", "price": "price"},
            gone="removed",
            used=True,
            versions=TODAY,
            effects=market_effects.VARIANT_PRICE,
            title=titles.market_price,
        ),
        _part(
            addresses.FEATURE,
            "A feature inside a plan; short forms: `true`, `false`, `unlimited`.",
            "plans.PLAN.features.FEATURE",
            "PLAN/FEATURE",
            "pro/api_calls",
            PlanFeatureSpec,
            words=("plan_features",),
            table=wire.FEATURE,
            sent={"overage.unit_price": "overage.unitPrice", "overage.regional_prices": "overageUnitPrice"},
            returned=_KEPT | _UNREAD,
            fixed=dict.fromkeys(wire.AT_ATTACH, _REATTACH),
            replacement=Replacement(wire.AT_ATTACH, "removed from the plan and added again"),
            gone="removed from the plan",
            usual={"pricing_mode": "fixed"},
            counts=frozenset({"included_amount", "credits_per_unit", "margin_percent"}),
            terms=frozenset({"unlimited", "pricing_mode"}),
            used=True,
            effects=feature_effects.PLAN_FEATURE,
            title=titles.feature,
        ),
        _part(
            addresses.EXCHANGE_RATE,
            "The exchange rate from US dollars to a currency, for all derived amounts of a plan.",
            "plans.PLAN.exchange_rates.CURRENCY",
            "PLAN/CURRENCY",
            "pro/brl",
            alone=Alone("rate", "exchange rate", PlanSpec, "exchange_rates", "5.20"),
            words=("exchange_rates", "rate"),
            sent={"rate": "exchangeRate"},
            permanent=(
                "the API cannot remove an exchange rate",
                "keep it in the catalog, or remove the currency from the plan in the dashboard",
            ),
            counts=frozenset({"rate"}),
            effects=effects.RATE,
            title=titles.exchange_rate,
        ),
        _part(
            addresses.REGIONAL_UNIT_PRICE,
            "The price in one currency of a unit beyond the included amount.",
            "plans.PLAN.features.FEATURE.overage.regional_prices.CURRENCY",
            "PLAN/FEATURE/CURRENCY",
            "pro/api_calls/brl",
            alone=Alone("unit_price", "amount", OverageSpec, "regional_prices", "0.011"),
            words=("regional_unit_prices", "unit_price"),
            sent={"unit_price": "overageUnitPrice"},
            gone="removed",
            effects=feature_effects.REGIONAL_UNIT_PRICE,
            title=titles.unit_price,
        ),
    )
}
