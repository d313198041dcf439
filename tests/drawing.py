"""Catalogs for hypothesis to draw: always valid, from small pools of codes so that two of them overlap.

What Commet fixes at creation is the same for a code in every catalog: a change to it would be blocked, and that has
tests of its own.
"""

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, composite

from commetctl.core.contract import V2026_07_11
from commetctl.core.money import EXPONENTS

FEATURES = {"calls": "usage", "tokens": "usage", "seats": "seats", "space": "quota", "sso": "boolean"}
#: Plan code to what is fixed: consumption model, free or not.
PLANS = {
    "basic": (None, True),
    "pro": ("metered", False),
    "team": ("metered", False),
    "studio": ("credits", False),
    "purse": ("balance", False),
}
INTERVALS = ("weekly", "monthly", "quarterly", "yearly", "one_time")
PACKS = st.lists(st.sampled_from(["small", "large", "huge"]), unique=True)
#: Feature code to the consumption model of its add-on, which is fixed.
ADDONS = {"calls": "metered", "tokens": "balance", "seats": "credits", "space": "metered", "sso": "boolean"}
CURRENCIES = ("eur", "brl", "jpy", "clp", "inr")
#: Markets by the key of the file, which is not always made of the name.
MARKETS = {
    "brazil": {"name": "Brazil", "countries": ["BR"]},
    "dach": {"name": "D-A/CH", "countries": ["DE", "AT", "CH"]},
    "asia": {"name": "Far East", "countries": ["JP", "KR"]},
}
#: Offers by the key of the file; the codes of each need it to be there.
OFFERS = {"launch": "Launch: 50 %", "welcome": "Willkommen"}
#: Promo code to what is fixed: its offer, or its discount in the older version.
CODES: dict[str, tuple[str, dict[str, Any]]] = {
    "SPRING": ("launch", {"percent": "50", "cycles": 3}),
    "VIP-10": ("launch", {"percent": "33.33"}),
    "FRIENDS": ("welcome", {"amount": "10.00"}),
}
OLDER = V2026_07_11.version


def amounts(currency: str = "usd", decimals: int | None = None) -> st.SearchStrategy[str]:
    """Amounts as text, zero included."""
    places = EXPONENTS[currency] if decimals is None else decimals
    return st.integers(0, 10**7).map(lambda n: f"{n // 10**places}.{n % 10**places:0{places}d}" if places else str(n))


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value, or none."""
    return st.none() | strategy


texts = st.sampled_from(["one", "two: three", "für Größere", "日本語", "# not a comment", "a\nb"])


@composite
def catalogs(draw: DrawFn) -> dict[str, Any]:
    """A valid catalog as plain data."""
    codes = draw(st.lists(st.sampled_from(sorted(FEATURES)), unique=True, min_size=1))
    features = {code: draw(feature(code)) for code in codes}
    markets = draw(declared_markets())
    chosen = draw(st.lists(st.sampled_from(sorted(PLANS)), unique=True, max_size=3))
    plans = {code: draw(plan(code, codes, sorted(markets))) for code in chosen}
    return {
        "version": 1,
        "features": features,
        "markets": markets,
        "plans": plans,
        "plan_groups": draw(plan_groups(plans)),
        "credit_packs": draw(packs()),
        "addons": draw(addons(codes)),
        "offers": {key: draw(offer(name)) for key, name in OFFERS.items()},
        "promo_codes": draw(promo_codes(chosen)),
    }


@composite
def exchanges(draw: DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two catalogs, of which the second has other features in each plan, another plan on sale, and another pack."""
    codes = draw(st.permutations(sorted(FEATURES)))
    plans = draw(st.lists(st.sampled_from(sorted(PLANS)), unique=True, min_size=2, max_size=3))
    parted = draw(st.integers(1, len(codes) - 1))
    markets = draw(declared_markets())
    sides = []
    for mine, on_sale, pack in ((codes[:parted], plans[0], "small"), (codes[parted:], plans[1], "large")):
        features = {code: draw(feature(code)) for code in codes}
        drawn = {code: draw(plan(code, mine, sorted(markets))) for code in plans}
        shown = {code: {"visibility": "public" if code == on_sale else "private"} for code in plans}
        packed = draw(packs(keys=st.just([pack])))
        sides.append(
            {
                "version": 1,
                "features": features,
                "markets": markets,
                "plans": {code: drawn[code] | shown[code] for code in plans},
                "credit_packs": packed,
            }
        )
    return sides[0], sides[1]


@composite
def declared_markets(draw: DrawFn) -> dict[str, Any]:
    """Some of the markets, with labels."""
    keys = draw(st.lists(st.sampled_from(sorted(MARKETS)), unique=True))
    labels = st.dictionaries(st.just("owner"), st.sampled_from(["a", 7]))
    return {key: without_none(**MARKETS[key], metadata=draw(labels)) for key in keys}


@composite
def feature(draw: DrawFn, code: str) -> dict[str, Any]:
    """A feature of the type that its code always has."""
    return without_none(
        name=f"{code} {draw(st.sampled_from('xyz'))}",
        type=FEATURES[code],
        description=draw(maybe(texts)),
        unit_name=draw(maybe(st.sampled_from(["unit", "GB"]))),
    )


@composite
def plan(draw: DrawFn, code: str, feature_codes: list[str], markets: Sequence[str] = ()) -> dict[str, Any]:
    """A plan of the model that its code always has."""
    model, free = PLANS[code]
    usable = [c for c in feature_codes if model or FEATURES[c] != "usage"]
    included = draw(st.lists(st.sampled_from(usable), unique=True)) if usable else []
    intervals = [] if free else draw(st.lists(st.sampled_from(INTERVALS), unique=True, min_size=1, max_size=3))
    rates = draw(rates_of(code)) if intervals else {}
    return without_none(
        name=f"{code} {draw(st.sampled_from('xyz'))}",
        description=draw(maybe(texts)),
        consumption_model=model,
        visibility=draw(st.sampled_from(["public", "private"])),
        is_free=free,
        metadata=draw(st.dictionaries(st.sampled_from(["tier", "team", "old"]), st.sampled_from(["1", "b", 7, True]))),
        prices=draw(prices(intervals, model, markets)),
        features={c: draw(plan_feature(c, model, sorted(rates), free=free)) for c in included},
        exchange_rates=rates,
    )


@composite
def rates_of(draw: DrawFn, code: str) -> dict[str, str]:
    """Exchange rates; which currencies have one is the same for a code, because none can be taken away."""
    currencies = {"pro": ["brl", "jpy"], "team": ["brl", "jpy"], "purse": ["brl"], "studio": []}[code]
    return {currency: draw(st.sampled_from(["0.92", "5.2", "5.37", "151.25"])) for currency in currencies}


@composite
def prices(draw: DrawFn, intervals: list[str], model: str | None, markets: Sequence[str]) -> dict[str, Any]:
    """Prices, one of them the default."""
    drawn = {}
    for interval in intervals:
        balance = draw(maybe(amounts())) if model == "balance" else None
        currencies = draw(st.lists(st.sampled_from(CURRENCIES), unique=True, max_size=3))
        in_markets = draw(market_prices(markets))
        drawn[interval] = without_none(
            price=draw(amounts()),
            trial_days=draw(maybe(st.integers(0, 90))) if interval != "one_time" else None,
            included_credits=draw(maybe(st.integers(0, 10**6))) if model == "credits" else None,
            included_balance=balance,
            regional_prices={
                currency: without_none(
                    price=draw(amounts(currency)), included_balance=draw(amounts(currency)) if balance else None
                )
                for currency in currencies
            },
            market_prices=in_markets,
            variants=draw(variants(sorted(in_markets))),
        )
    if intervals:
        drawn[draw(st.sampled_from(intervals))]["is_default"] = True
    return drawn


@composite
def market_prices(draw: DrawFn, markets: Sequence[str], least: int = 0) -> dict[str, Any]:
    """Amounts in some markets, in any currency."""
    chosen = draw(st.lists(st.sampled_from(markets), unique=True, min_size=least)) if markets else []
    currencies = {market: draw(st.sampled_from([*CURRENCIES, "usd"])) for market in chosen}
    return {market: {"currency": found, "price": draw(amounts(found))} for market, found in currencies.items()}


@composite
def variants(draw: DrawFn, markets: Sequence[str]) -> dict[str, Any]:
    """Variants of a price that has amounts in some markets."""
    names = draw(st.lists(st.sampled_from(["b", "Test: 50 %", "für alle"]), unique=True, max_size=2)) if markets else []
    return {name: {"market_prices": draw(market_prices(markets, least=1))} for name in names}


@composite
def plan_feature(draw: DrawFn, code: str, model: str | None, rated: list[str], *, free: bool) -> Any:
    """A feature inside a plan."""
    if FEATURES[code] == "boolean":
        return draw(st.booleans())
    ai = {"pricing_mode": "ai_model", "margin_percent": "20"} if model == "balance" and code == "tokens" else {}
    if draw(st.booleans()):
        return {"unlimited": True, **ai}
    overage = None
    if not free and model != "credits" and draw(st.booleans()):
        written = draw(st.lists(st.sampled_from(rated), unique=True)) if rated else []
        overage = {
            "unit_price": draw(amounts(decimals=4)),
            "regional_prices": {currency: draw(amounts(decimals=4)) for currency in written},
        }
    return without_none(
        enabled=draw(st.booleans()),
        included_amount=draw(st.integers(0, 10**6)),
        overage=overage,
        credits_per_unit=draw(maybe(st.integers(0, 100))) if model == "credits" else None,
        **ai,
    )


@composite
def packs(draw: DrawFn, keys: st.SearchStrategy[list[str]] = PACKS) -> dict[str, Any]:
    """Credit packs."""
    return {
        key: without_none(
            name=f"The {key} one",
            credits=draw(st.integers(1, 10**6)),
            price=draw(amounts()),
            description=draw(maybe(st.sampled_from(["some", "more"]))),
        )
        for key in draw(keys)
    }


@composite
def plan_groups(draw: DrawFn, plans: dict[str, Any]) -> dict[str, Any]:
    """Groups of plans that go together. Only one plan moves between groups: two that swap plans are blocked."""
    metered = [code for code in draw(st.permutations(["pro", "team"])) if code in plans]
    if len({frozenset(currencies(plans[code])) for code in metered}) > 1:
        metered.pop()
    main = metered[: draw(st.integers(0, 2))]
    side = [code for code in draw(st.sampled_from([["team"], []])) if code in plans and code not in main]
    rest = [code for code in draw(st.sampled_from([["basic"], ["studio"], []])) if code in plans]
    return {
        key: without_none(
            name=f"The {key} group",
            description=draw(maybe(texts)),
            visibility=draw(maybe(st.sampled_from(["public", "private"]))),
            plans=codes,
        )
        for key, codes in {"main": main, "side": side, "rest": rest}.items()
    }


def currencies(plan: dict[str, Any]) -> set[str]:
    """The currencies of a plan beside US dollars."""
    written = (currency for price in plan.get("prices", {}).values() for currency in price.get("regional_prices", {}))
    return {*written, *plan.get("exchange_rates", {})}


@composite
def addons(draw: DrawFn, codes: list[str]) -> dict[str, Any]:
    """Add-ons of some features, each of the model that the feature's add-on always has."""
    drawn = {}
    for code in draw(st.lists(st.sampled_from(codes), unique=True)):
        model = ADDONS[code]
        drawn[f"more_{code}"] = without_none(
            name=f"More {code}",
            feature=code,
            consumption_model=model,
            base_price=draw(amounts()),
            included_units=draw(st.integers(0, 10**6)) if model == "metered" else None,
            overage_rate=draw(amounts(decimals=4)) if model in ("metered", "balance") else None,
            credit_cost=3 if model == "credits" else None,
            description=draw(maybe(st.sampled_from(["some", "more"]))),
        )
    return drawn


@composite
def offer(draw: DrawFn, name: str) -> dict[str, Any]:
    """An offer: perhaps a trial, then discounts and prices, of which the last may have no end."""
    trial = draw(st.sampled_from([[], [{"free_trial": {"days": 14}}]]))
    phases = [draw(phase()) for _ in range(draw(st.integers(1, 3)))]
    if draw(st.booleans()):
        next(iter(phases[-1].values())).pop("cycles")
    return without_none(
        name=name,
        phases=trial + phases,
        starts_at=draw(maybe(st.just("2026-01-01T00:00:00Z"))),
        ends_at=draw(maybe(st.just("2999-01-01T00:00:00Z"))),
        active=draw(st.booleans()),
        metadata=draw(st.dictionaries(st.sampled_from(["tier", "old"]), st.sampled_from(["1", 7, True]))),
    )


@composite
def phase(draw: DrawFn) -> dict[str, Any]:
    """A discount or a price for some billing periods."""
    cycles = draw(st.integers(1, 24))
    if draw(st.booleans()):
        # Whether all of a price can be taken off is not settled.
        share = draw(st.integers(1, 9_999))
        return {"percentage": {"percent": f"{share // 100}.{share % 100:02d}", "cycles": cycles}}
    chosen = draw(st.lists(st.sampled_from([*CURRENCIES, "usd"]), unique=True, min_size=1, max_size=3))
    if draw(st.booleans()):
        some = {currency: draw(amounts(currency).filter(lambda amount: float(amount) > 0)) for currency in chosen}
        return {"amount_off": {"amounts": some, "cycles": cycles}}
    interval = draw(st.sampled_from([{}, {"interval": "monthly"}]))
    return {"fixed_price": {"prices": {c: draw(amounts(c)) for c in chosen}, "cycles": cycles, **interval}}


@composite
def promo_codes(draw: DrawFn, plans: list[str]) -> dict[str, Any]:
    """Some of the codes, for some of the plans or for all."""
    some = st.lists(st.sampled_from(plans), unique=True, min_size=1) if plans else st.none()
    return {
        code: without_none(
            offer=CODES[code][0],
            plans=draw(maybe(some)),
            billing_interval=draw(maybe(st.sampled_from(INTERVALS))),
            max_redemptions=draw(maybe(st.integers(1, 100))),
            expires_at=draw(maybe(st.just("2999-01-31T23:59:59Z"))),
        )
        for code in draw(st.lists(st.sampled_from(sorted(CODES)), unique=True))
    }


def without_none(**values: Any) -> dict[str, Any]:
    """A mapping without what is none or empty."""
    return {key: value for key, value in values.items() if value is not None and value != {}}


def as_yaml(catalog: dict[str, Any], **settings: str) -> str:
    """The catalog as a file; JSON is YAML too. Without what an older `api_version` among the settings does not have."""
    if settings.get("api_version") == OLDER:
        catalog = with_discounts(without_markets(catalog))
    return json.dumps(catalog | settings, ensure_ascii=False, indent=1)


def with_discounts(catalog: dict[str, Any]) -> dict[str, Any]:
    """The catalog with discounts of codes in place of offers. Every code is there, because none can be taken away."""
    if "promo_codes" not in catalog:
        return {key: value for key, value in catalog.items() if key != "offers"}
    drawn = {code: dict(catalog["promo_codes"].get(code, {})) for code in CODES}
    codes = {code: {**spec, "discount": CODES[code][1]} for code, spec in drawn.items()}
    for spec in codes.values():
        spec.pop("offer", None)
    return {**{key: value for key, value in catalog.items() if key != "offers"}, "promo_codes": codes}


def without_codes(catalog: dict[str, Any]) -> dict[str, Any]:
    """The catalog without what the two versions say in two ways."""
    return {key: value for key, value in catalog.items() if key not in ("offers", "promo_codes")}


def without_markets(catalog: dict[str, Any]) -> dict[str, Any]:
    """The catalog without markets, and without all that needs them."""
    left = {key: value for key, value in catalog.items() if key != "markets"}
    plans = {code: dict(plan) for code, plan in left.get("plans", {}).items()}
    for plan in (plan for plan in plans.values() if "prices" in plan):
        gone = ("market_prices", "variants")
        plan["prices"] = {
            interval: {key: value for key, value in price.items() if key not in gone}
            for interval, price in plan["prices"].items()
        }
    return {**left, "plans": plans} if "plans" in left else left
