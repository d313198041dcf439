"""Contracts: what differs between the versions of the Commet API, as data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from commetctl.core.call import ApiCall, Body, Ref
from commetctl.core.footprint import Footprint
from commetctl.core.money import EXPONENTS, Scale
from commetctl.core.resource import Address


@dataclass(frozen=True)
class Route:
    """A request of the API: its method, and its path with placeholders.

    `otherwise` holds, by version, where it is another one, or None where that version has no such request.
    """

    method: str
    path: str
    otherwise: Mapping[str, tuple[str, str] | None] = field(default_factory=dict)

    def at(self, version: str) -> tuple[str, str] | None:
        """The method and the path in a version; None where it has no such request."""
        return self.otherwise.get(version, (self.method, self.path))


@dataclass(frozen=True)
class Listing:
    """A list that is read, and its query.

    A listing with a `version` is asked of that version of the API instead of the chosen one, only where the listing
    before it has rows, and may fail: its rows are None then. One with `each` has rows that do not say all: each row is
    read again by that route, with its `id`.
    """

    route: Route
    query: Mapping[str, str] = field(default_factory=dict)
    version: str | None = None
    each: Route | None = None


Row = Mapping[str, Any]
Rows = Sequence[Row]


@dataclass(frozen=True)
class Contract:
    """What one version of the API asks for and answers.

    `price_scale` holds for plan prices and regional prices, and `price_scale_settled` says whether all sources agree on
    it. `balance_scale` holds for included balances; sources disagree on it in every version, so it is an assumption
    unless `balance_scale_stated`. Unit prices are in rate scale, credit packs and add-ons in minor units in every
    version. `price_ids` says whether a read of a plan names the ids of its prices, `market_prices` whether prices have
    market prices and variants.
    """

    version: str
    price_scale: Scale
    price_scale_settled: bool
    price_ids: bool
    intervals: tuple[str, ...]
    currencies: frozenset[str]
    #: Cents, as the official configuration contract has it (August 2026); rate scale by Commet's skills and guides.
    balance_scale: Scale = Scale.MINOR
    #: Whether the file states `balance_scale`: a choice, not a proof.
    balance_scale_stated: bool = False
    market_prices: bool = True

    unit_price_scale = Scale.RATE
    credit_pack_scale = Scale.MINOR
    #: Schemas, PlanPricesItem.
    market_price_scale = Scale.MINOR
    addon_scale = Scale.MINOR

    def has(self, route: Route) -> bool:
        """Whether this version has a request."""
        return route.at(self.version) is not None

    def at(self, route: Route) -> tuple[str, str]:
        """The method and the path of a request; raises LookupError where this version has no such request."""
        if found := route.at(self.version):
            return found
        raise LookupError(f"{route.method} {route.path} does not exist in API version {self.version}")

    def call(
        self,
        route: Route,
        body: Mapping[str, Body] | None = None,
        *,
        leaves: Iterable[Footprint] = (),
        creates: Address | None = None,
        unread: Mapping[str, Body] | None = None,
        subject: Address | None = None,
        marks: Mapping[str, str] | None = None,
        **ids: str | Ref,
    ) -> ApiCall:
        """The request of a route, with its footprint; `ids` fill the placeholders of its path.

        Raises LookupError where this version has no such request.
        """
        method, template = self.at(route)
        segments = template.strip("/").split("/")
        path = tuple(ids[part[1:-1]] if part.startswith("{") else part for part in segments)
        return ApiCall(method, path, body, creates, unread, tuple(leaves), ids, subject, marks or {})


#: Today's version: bare objects, amounts in minor units, price ids in plan reads. (API reference 2026-08-27)
V2026_08_27 = Contract(
    version="2026-08-27",
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
    price_scale=Scale.RATE,
    price_scale_settled=False,
    price_ids=False,
    intervals=("weekly", "monthly", "quarterly", "yearly", "one_time"),
    currencies=frozenset(EXPONENTS) - {"gbp"},
    market_prices=False,
)

CONTRACTS = {contract.version: contract for contract in (V2026_08_27, V2026_07_11)}
DEFAULT_VERSION = V2026_08_27.version
#: Every interval of any version, the shortest first.
INTERVALS = tuple(dict.fromkeys(interval for contract in CONTRACTS.values() for interval in contract.intervals))

#: How often a year has each interval that recurs, from the shortest to the longest: twelve months, and fifty-two weeks,
#: as price lists and reports count.
PER_YEAR = {"weekly": 52, "monthly": 12, "quarterly": 4, "semiannual": 2, "yearly": 1}
#: How often a month has it. A month is a twelfth of a year.
PER_MONTH = {interval: Fraction(times, 12) for interval, times in PER_YEAR.items()}

SUBSCRIPTIONS = Route("GET", "/subscriptions")
SUBSCRIPTION = Route("GET", "/subscriptions/{subscription}")
PURCHASE = Route("POST", "/subscriptions/{subscription}/credits")
