"""The addresses of a plan and of what belongs to it."""

from collections.abc import Iterable

from commetctl.core.resource import Address

PLAN = "plan"
PRICE = "plan_price"
REGIONAL_PRICE = "regional_price"
FEATURE = "plan_feature"
REGIONAL_UNIT_PRICE = "regional_unit_price"
EXCHANGE_RATE = "exchange_rate"
MARKET_PRICE = "market_price"
VARIANT = "price_variant"
VARIANT_PRICE = "variant_price"
#: The kind of a market, which is no part of a plan.
MARKET = "market"
#: The section of the file that declares markets.
MARKETS = "markets"

KINDS = (
    PLAN,
    PRICE,
    FEATURE,
    EXCHANGE_RATE,
    REGIONAL_PRICE,
    REGIONAL_UNIT_PRICE,
    MARKET_PRICE,
    VARIANT,
    VARIANT_PRICE,
)
#: The kinds of amounts in a market.
IN_MARKETS = (MARKET_PRICE, VARIANT_PRICE)
#: The kinds that a file manages only where it has the section of markets.
WITH_MARKETS = (*IN_MARKETS, VARIANT)


def plan(code: str) -> Address:
    """`plan.pro`"""
    return Address(PLAN, code)


def price(code: str, interval: str) -> Address:
    """`plan_price.pro/monthly`"""
    return Address(PRICE, f"{code}/{interval}")


def regional_price(code: str, interval: str, currency: str) -> Address:
    """`regional_price.pro/monthly/eur`"""
    return Address(REGIONAL_PRICE, f"{code}/{interval}/{currency}")


def feature(code: str, feature_code: str) -> Address:
    """`plan_feature.pro/api_calls`"""
    return Address(FEATURE, f"{code}/{feature_code}")


def regional_unit_price(code: str, feature_code: str, currency: str) -> Address:
    """`regional_unit_price.pro/api_calls/brl`"""
    return Address(REGIONAL_UNIT_PRICE, f"{code}/{feature_code}/{currency}")


def exchange_rate(code: str, currency: str) -> Address:
    """`exchange_rate.pro/brl`"""
    return Address(EXCHANGE_RATE, f"{code}/{currency}")


def catalog_feature(feature_code: str) -> Address:
    """`feature.api_calls`, the feature itself."""
    return Address("feature", feature_code)


def market_price(price_address: Address, market: str) -> Address:
    """`market_price.pro/monthly/brazil`, or `variant_price.pro/monthly/experiment_b/brazil` of a variant."""
    kind = VARIANT_PRICE if price_address.kind == VARIANT else MARKET_PRICE
    return Address(kind, f"{price_address.key}/{market}")


def variant(price_address: Address, name: str) -> Address:
    """`price_variant.pro/monthly/experiment_b`"""
    return Address(VARIANT, f"{price_address.key}/{name}")


def base_of(address: Address) -> Address:
    """The price that something of a price belongs to, directly or below it."""
    return price(*address.key.split("/")[:2])


def market_of(refs: Iterable[Address]) -> Address | None:
    """The market among what a resource refers to."""
    return next((ref for ref in refs if ref.kind == MARKET), None)


def marks(address: Address) -> dict[str, str]:
    """What an answer says of an object that tells it apart, by the name that the API has for it."""
    if address.kind == VARIANT:
        return {"billingInterval": last(base_of(address))}
    name = {PLAN: "code", FEATURE: "code", "feature": "code", PRICE: "billingInterval"}.get(address.kind)
    return {name: last(address)} if name else {}


def plan_of(address: Address) -> Address:
    """The plan that an address belongs to."""
    return plan(address.key.partition("/")[0])


def last(address: Address) -> str:
    """The last part of a key: the interval, the feature, the currency, the market, the name of a variant."""
    return address.key.rpartition("/")[2]
