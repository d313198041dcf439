"""Contracts: what differs between the versions of the Commet API, as data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from commetctl.core.call import ApiCall, Body, Ref
from commetctl.core.footprint import Footprint
from commetctl.core.money import EXPONENTS, Scale
from commetctl.core.resource import Address

#: Operations that are alike in every version, as (method, path).
_COMMON = {
    "list_features": ("GET", "/features"),
    "list_plans": ("GET", "/plans"),
    "get_plan": ("GET", "/plans/{plan}"),
    "list_credit_packs": ("GET", "/credit-packs"),
    "set_visibility": ("PUT", "/plans/{plan}/visibility"),
    "add_price": ("POST", "/plans/{plan}/prices"),
    "delete_price": ("DELETE", "/plans/{plan}/prices/{price}"),
    "set_default_price": ("PUT", "/plans/{plan}/prices/{price}/default"),
    "set_regional_prices": ("PUT", "/plans/{plan}/prices/{price}/regional"),
    "delete_regional_prices": ("DELETE", "/plans/{plan}/prices/{price}/regional"),
    "set_regional_pricing": ("PUT", "/plans/{plan}/regional"),
    "add_plan_feature": ("POST", "/plans/{plan}/features"),
    "remove_plan_feature": ("DELETE", "/plans/{plan}/features/{feature}"),
    "delete_credit_pack": ("DELETE", "/credit-packs/{id}"),
    "list_subscriptions": ("GET", "/subscriptions"),
    "get_subscription": ("GET", "/subscriptions/{subscription}"),
    "purchase_credits": ("POST", "/subscriptions/{subscription}/credits"),
}

_FROM_2026_07_24 = _COMMON | {
    "create_feature": ("POST", "/features"),
    "update_feature": ("PATCH", "/features/{id}"),
    "delete_feature": ("DELETE", "/features/{id}"),
    "create_plan": ("POST", "/plans"),
    "update_plan": ("PATCH", "/plans/{plan}"),
    "delete_plan": ("DELETE", "/plans/{plan}"),
    "update_price": ("PATCH", "/plans/{plan}/prices/{price}"),
    "update_plan_feature": ("PATCH", "/plans/{plan}/features/{feature}"),
    "create_credit_pack": ("POST", "/credit-packs"),
    "update_credit_pack": ("PATCH", "/credit-packs/{id}"),
}

_UNTIL_2026_07_11 = _COMMON | {
    "create_feature": ("POST", "/features/manage"),
    "update_feature": ("PUT", "/features/{id}/manage"),
    "delete_feature": ("DELETE", "/features/{id}/manage"),
    "create_plan": ("POST", "/plans/manage"),
    "update_plan": ("PUT", "/plans/{plan}/manage"),
    "delete_plan": ("DELETE", "/plans/{plan}/manage"),
    "update_price": ("PUT", "/plans/{plan}/prices/{price}"),
    "update_plan_feature": ("PUT", "/plans/{plan}/features/{feature}"),
    "create_credit_pack": ("POST", "/credit-packs/manage"),
    "update_credit_pack": ("PUT", "/credit-packs/{id}"),
}


@dataclass(frozen=True)
class Contract:
    """What one version of the API asks for and answers.

    `price_scale` holds for plan prices and regional prices, and `price_scale_settled` says whether all sources agree on
    it. `balance_scale` holds for included balances; sources disagree on it in every version, so it is an assumption
    unless `balance_scale_stated`. Unit prices are in rate scale and credit packs in minor units in every version.
    `price_ids` says whether a read of a plan names the ids of its prices.
    """

    version: str
    operations: Mapping[str, tuple[str, str]]
    price_scale: Scale
    price_scale_settled: bool
    price_ids: bool
    intervals: tuple[str, ...]
    currencies: frozenset[str]
    #: Cents, as the official configuration contract has it (August 2026); rate scale by Commet's skills and guides.
    balance_scale: Scale = Scale.MINOR
    #: Whether the file says so. A choice, and no proof.
    balance_scale_stated: bool = False

    unit_price_scale = Scale.RATE
    credit_pack_scale = Scale.MINOR

    def call(
        self,
        operation: str,
        body: Mapping[str, Body] | None = None,
        *,
        leaves: Iterable[Footprint] = (),
        creates: Address | None = None,
        unread: Mapping[str, Body] | None = None,
        keyed: Address | None = None,
        **ids: str | Ref,
    ) -> ApiCall:
        """The request of an operation, with its footprint; `ids` fill the placeholders of its path."""
        method, template = self.operations[operation]
        segments = template.strip("/").split("/")
        path = tuple(ids[part[1:-1]] if part.startswith("{") else part for part in segments)
        return ApiCall(method, path, body, creates, unread, tuple(leaves), ids, keyed)


#: Today's version: bare objects, amounts in minor units, price ids in plan reads. (API reference 2026-08-27)
V2026_08_27 = Contract(
    version="2026-08-27",
    operations=_FROM_2026_07_24,
    price_scale=Scale.MINOR,
    price_scale_settled=True,
    price_ids=True,
    intervals=("weekly", "monthly", "quarterly", "semiannual", "yearly", "one_time"),
    currencies=frozenset(EXPONENTS),
)

#: The last version of the /manage generation. Its page on adding a price says rate scale; its official command line,
#: its skills and its SDK comments say cents, which is why `price_scale` can be chosen and is compared before a write.
V2026_07_11 = Contract(
    version="2026-07-11",
    operations=_UNTIL_2026_07_11,
    price_scale=Scale.RATE,
    price_scale_settled=False,
    price_ids=False,
    intervals=("weekly", "monthly", "quarterly", "yearly", "one_time"),
    currencies=frozenset(EXPONENTS) - {"gbp"},
)

CONTRACTS = {contract.version: contract for contract in (V2026_08_27, V2026_07_11)}
DEFAULT_VERSION = V2026_08_27.version

#: How often a year has each interval that recurs, from the shortest to the longest: twelve months, and fifty-two weeks,
#: as price lists and reports count.
PER_YEAR = {"weekly": 52, "monthly": 12, "quarterly": 4, "semiannual": 2, "yearly": 1}
#: How often a month has it, a month being a twelfth of a year.
PER_MONTH = {interval: Fraction(times, 12) for interval, times in PER_YEAR.items()}
