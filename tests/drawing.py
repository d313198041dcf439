"""Catalogs for hypothesis to draw: always valid, from small pools of codes so that two of them overlap.

What Commet fixes at creation is the same for a code in every catalog: a change to it would be blocked, and that has
tests of its own.

Hypothesis takes longer to make a strategy than to draw from it, so each is made once: pools are tuples.
"""

import json
from functools import cache
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
PACKS = ("small", "large", "huge")
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


@cache
def amounts(currency: str = "usd", decimals: int | None = None) -> st.SearchStrategy[str]:
    """Amounts as text, zero included."""
    places = EXPONENTS[currency] if decimals is None else decimals
    return st.integers(0, 10**7).map(lambda n: f"{n // 10**places}.{n % 10**places:0{places}d}" if places else str(n))


@cache
def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value, or none."""
    return st.none() | strategy


@cache
def one(*pool: Any) -> st.SearchStrategy[Any]:
    """One of a pool, in which no two are equal."""
    return st.sampled_from(pool)


@cache
def some(pool: tuple[str, ...], least: int = 0, most: int | None = None) -> st.SearchStrategy[list[str]]:
    """Several of a pool, each once."""
    return st.lists(st.sampled_from(pool), unique=True, min_size=least, max_size=most)


@cache
def mapped(keys: tuple[str, ...], values: tuple[Any, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the keys, each with one of the values."""
    return st.dictionaries(st.sampled_from(keys), st.sampled_from(values))


@cache
def whole(least: int, most: int) -> st.SearchStrategy[int]:
    """A whole number."""
    return st.integers(least, most)


yes_or_no = st.booleans()
texts = st.sampled_from(["one", "two: three", "für Größere", "日本語", "# not a comment", "a\nb"])


@cache
@composite
def catalogs(draw: DrawFn) -> dict[str, Any]:
    """A valid catalog as plain data."""
    codes = tuple(draw(some(tuple(sorted(FEATURES)), 1)))
    features = {code: draw(feature(code)) for code in codes}
    markets = draw(declared_markets())
    chosen = tuple(draw(some(tuple(sorted(PLANS)), most=3)))
    plans = {code: draw(plan(code, codes, tuple(sorted(markets)))) for code in chosen}
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


@cache
@composite
def exchanges(draw: DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two catalogs, of which the second has other features in each plan, another plan on sale, and another pack."""
    codes = tuple(draw(st.permutations(sorted(FEATURES))))
    plans = draw(some(tuple(sorted(PLANS)), 2, 3))
    parted = draw(whole(1, len(codes) - 1))
    markets = draw(declared_markets())
    sides = []
    for mine, on_sale, pack in ((codes[:parted], plans[0], "small"), (codes[parted:], plans[1], "large")):
        features = {code: draw(feature(code)) for code in codes}
        drawn = {code: draw(plan(code, mine, tuple(sorted(markets)))) for code in plans}
        shown = {code: {"visibility": "public" if code == on_sale else "private"} for code in plans}
        packed = draw(packs((pack,), 1))
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


@cache
@composite
def declared_markets(draw: DrawFn) -> dict[str, Any]:
    """Some of the markets, with labels."""
    keys = draw(some(tuple(sorted(MARKETS))))
    return {key: without_none(**MARKETS[key], metadata=draw(mapped(("owner",), ("a", 7)))) for key in keys}


@cache
@composite
def feature(draw: DrawFn, code: str) -> dict[str, Any]:
    """A feature of the type that its code always has."""
    return without_none(
        name=f"{code} {draw(one(*'xyz'))}",
        type=FEATURES[code],
        description=draw(maybe(texts)),
        unit_name=draw(maybe(one("unit", "GB"))),
    )


@cache
@composite
def plan(draw: DrawFn, code: str, feature_codes: tuple[str, ...], markets: tuple[str, ...] = ()) -> dict[str, Any]:
    """A plan of the model that its code always has."""
    model, free = PLANS[code]
    usable = tuple(c for c in feature_codes if model or FEATURES[c] != "usage")
    included = draw(some(usable)) if usable else []
    intervals = () if free else tuple(draw(some(INTERVALS, 1, 3)))
    rates = draw(rates_of(code)) if intervals else {}
    return without_none(
        name=f"{code} {draw(one(*'xyz'))}",
        description=draw(maybe(texts)),
        consumption_model=model,
        visibility=draw(one("public", "private")),
        is_free=free,
        metadata=draw(mapped(("tier", "team", "old"), ("1", "b", 7, True))),
        prices=draw(prices(intervals, model, markets)),
        features={c: draw(plan_feature(c, model, tuple(sorted(rates)), free=free)) for c in included},
        exchange_rates=rates,
    )


@cache
@composite
def rates_of(draw: DrawFn, code: str) -> dict[str, str]:
    """Exchange rates; which currencies have one is the same for a code, because none can be taken away."""
    currencies = {"pro": ["brl", "jpy"], "team": ["brl", "jpy"], "purse": ["brl"], "studio": []}[code]
    return {currency: draw(one("0.92", "5.2", "5.37", "151.25")) for currency in currencies}


@cache
@composite
def prices(draw: DrawFn, intervals: tuple[str, ...], model: str | None, markets: tuple[str, ...]) -> dict[str, Any]:
    """Prices, one of them the default."""
    drawn = {}
    for interval in intervals:
        balance = draw(maybe(amounts())) if model == "balance" else None
        currencies = draw(some(CURRENCIES, most=3))
        in_markets = draw(market_prices(markets))
        drawn[interval] = without_none(
            price=draw(amounts()),
            trial_days=draw(maybe(whole(0, 90))) if interval != "one_time" else None,
            included_credits=draw(maybe(whole(0, 10**6))) if model == "credits" else None,
            included_balance=balance,
            regional_prices={
                currency: without_none(
                    price=draw(amounts(currency)), included_balance=draw(amounts(currency)) if balance else None
                )
                for currency in currencies
            },
            market_prices=in_markets,
            variants=draw(variants(tuple(sorted(in_markets)))),
        )
    if intervals:
        drawn[draw(one(*intervals))]["is_default"] = True
    return drawn


@cache
@composite
def market_prices(draw: DrawFn, markets: tuple[str, ...], least: int = 0) -> dict[str, Any]:
    """Amounts in some markets, in any currency."""
    chosen = draw(some(markets, least)) if markets else []
    currencies = {market: draw(one(*CURRENCIES, "usd")) for market in chosen}
    return {market: {"currency": found, "price": draw(amounts(found))} for market, found in currencies.items()}


@cache
@composite
def variants(draw: DrawFn, markets: tuple[str, ...]) -> dict[str, Any]:
    """Variants of a price that has amounts in some markets."""
    names = draw(some(("b", "Test: 50 %", "für alle"), most=2)) if markets else []
    return {name: {"market_prices": draw(market_prices(markets, 1))} for name in names}


@cache
@composite
def plan_feature(draw: DrawFn, code: str, model: str | None, rated: tuple[str, ...], *, free: bool) -> Any:
    """A feature inside a plan."""
    if FEATURES[code] == "boolean":
        return draw(yes_or_no)
    ai = {"pricing_mode": "ai_model", "margin_percent": "20"} if model == "balance" and code == "tokens" else {}
    if draw(yes_or_no):
        return {"unlimited": True, **ai}
    overage = None
    if not free and model != "credits" and draw(yes_or_no):
        written = draw(some(rated)) if rated else []
        overage = {
            "unit_price": draw(amounts(decimals=4)),
            "regional_prices": {currency: draw(amounts(decimals=4)) for currency in written},
        }
    return without_none(
        enabled=draw(yes_or_no),
        included_amount=draw(whole(0, 10**6)),
        overage=overage,
        credits_per_unit=draw(maybe(whole(0, 100))) if model == "credits" else None,
        **ai,
    )


@cache
@composite
def packs(draw: DrawFn, keys: tuple[str, ...] = PACKS, least: int = 0) -> dict[str, Any]:
    """Some of the credit packs."""
    return {
        key: without_none(
            name=f"The {key} one",
            credits=draw(whole(1, 10**6)),
            price=draw(amounts()),
            description=draw(maybe(one("some", "more"))),
        )
        for key in draw(some(keys, least))
    }


@composite
def plan_groups(draw: DrawFn, plans: dict[str, Any]) -> dict[str, Any]:
    """Groups of plans that go together. Only one plan moves between groups: two that swap plans are blocked."""
    metered = [code for code in draw(one(("pro", "team"), ("team", "pro"))) if code in plans]
    if len({frozenset(currencies(plans[code])) for code in metered}) > 1:
        metered.pop()
    main = metered[: draw(whole(0, 2))]
    side = [code for code in draw(one(("team",), ())) if code in plans and code not in main]
    rest = [code for code in draw(one(("basic",), ("studio",), ())) if code in plans]
    return {
        key: without_none(
            name=f"The {key} group",
            description=draw(maybe(texts)),
            visibility=draw(maybe(one("public", "private"))),
            plans=codes,
        )
        for key, codes in {"main": main, "side": side, "rest": rest}.items()
    }


def currencies(plan: dict[str, Any]) -> set[str]:
    """The currencies of a plan beside US dollars."""
    written = (currency for price in plan.get("prices", {}).values() for currency in price.get("regional_prices", {}))
    return {*written, *plan.get("exchange_rates", {})}


@cache
@composite
def addons(draw: DrawFn, codes: tuple[str, ...]) -> dict[str, Any]:
    """Add-ons of some features, each of the model that the feature's add-on always has."""
    drawn = {}
    for code in draw(some(codes)):
        model = ADDONS[code]
        drawn[f"more_{code}"] = without_none(
            name=f"More {code}",
            feature=code,
            consumption_model=model,
            base_price=draw(amounts()),
            included_units=draw(whole(0, 10**6)) if model == "metered" else None,
            overage_rate=draw(amounts(decimals=4)) if model in ("metered", "balance") else None,
            credit_cost=3 if model == "credits" else None,
            description=draw(maybe(one("some", "more"))),
        )
    return drawn


@cache
@composite
def offer(draw: DrawFn, name: str) -> dict[str, Any]:
    """An offer: perhaps a trial, then discounts and prices, of which the last may have no end."""
    trial = [{"free_trial": {"days": 14}}] if draw(yes_or_no) else []
    phases = [draw(phase()) for _ in range(draw(whole(1, 3)))]
    if draw(yes_or_no):
        next(iter(phases[-1].values())).pop("cycles")
    return without_none(
        name=name,
        phases=trial + phases,
        starts_at=draw(one(None, "2026-01-01T00:00:00Z")),
        ends_at=draw(one(None, "2999-01-01T00:00:00Z")),
        active=draw(yes_or_no),
        metadata=draw(mapped(("tier", "old"), ("1", 7, True))),
    )


@cache
@composite
def phase(draw: DrawFn) -> dict[str, Any]:
    """A discount or a price for some billing periods."""
    cycles = draw(whole(1, 24))
    if draw(yes_or_no):
        # Whether all of a price can be taken off is not settled.
        share = draw(whole(1, 9_999))
        return {"percentage": {"percent": f"{share // 100}.{share % 100:02d}", "cycles": cycles}}
    chosen = draw(some((*CURRENCIES, "usd"), 1, 3))
    if draw(yes_or_no):
        return {"amount_off": {"amounts": {c: draw(discounts(c)) for c in chosen}, "cycles": cycles}}
    interval = {"interval": "monthly"} if draw(yes_or_no) else {}
    return {"fixed_price": {"prices": {c: draw(amounts(c)) for c in chosen}, "cycles": cycles, **interval}}


@cache
def discounts(currency: str) -> st.SearchStrategy[str]:
    """Amounts that are taken off."""
    return amounts(currency).filter(lambda amount: float(amount) > 0)


@cache
@composite
def promo_codes(draw: DrawFn, plans: tuple[str, ...]) -> dict[str, Any]:
    """Some of the codes, for some of the plans or for all."""
    return {
        code: without_none(
            offer=CODES[code][0],
            plans=draw(maybe(some(plans, 1))) if plans else None,
            billing_interval=draw(maybe(one(*INTERVALS))),
            max_redemptions=draw(maybe(whole(1, 100))),
            expires_at=draw(one(None, "2999-01-31T23:59:59Z")),
        )
        for code in draw(some(tuple(sorted(CODES))))
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
