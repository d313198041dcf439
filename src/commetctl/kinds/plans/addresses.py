"""The addresses of a plan and of what belongs to it."""

from commetctl.core.resource import Address

PLAN = "plan"
PRICE = "plan_price"
REGIONAL_PRICE = "regional_price"
FEATURE = "plan_feature"
REGIONAL_UNIT_PRICE = "regional_unit_price"
EXCHANGE_RATE = "exchange_rate"
#: Objects that are not resources, because the file cannot declare them.
VARIANT = "price_variant"
MARKET_PRICE = "market_price"

KINDS = (PLAN, PRICE, FEATURE, EXCHANGE_RATE, REGIONAL_PRICE, REGIONAL_UNIT_PRICE)


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


def marks(address: Address) -> dict[str, str]:
    """What an answer says of an object that tells it apart, by the name that the API has for it."""
    name = {PLAN: "code", FEATURE: "code", "feature": "code", PRICE: "billingInterval"}.get(address.kind)
    return {name: last(address)} if name else {}


def plan_of(address: Address) -> Address:
    """The plan that an address belongs to."""
    return plan(address.key.partition("/")[0])


def last(address: Address) -> str:
    """The last part of a key: the interval, the feature, the currency."""
    return address.key.rpartition("/")[2]
