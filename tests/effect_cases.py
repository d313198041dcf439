"""What each change means for existing customers, by hand from Commet's documentation: the table has to say the same.

`@` in a file is where it is edited.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from commetctl.core.change import FieldChange, Update
from commetctl.core.contract import V2026_07_11, V2026_08_27
from commetctl.core.impact import When
from commetctl.core.money import UnitPrice
from commetctl.core.resource import Address, Resource, Value

TODAY, OLDER = (V2026_08_27.version,), (V2026_07_11.version,)
BOTH = TODAY + OLDER

AT_ONCE, NEXT, RENEWAL = When.AT_ONCE, When.NEXT_PERIOD, When.AT_RENEWAL
NEW_ONLY, NONE, UNKNOWN = When.NEW_ONLY, When.NOT_AT_ALL, When.UNKNOWN


@dataclass(frozen=True)
class Case:
    """One edit of a file, and what it means; where `text` is empty, nothing is said.

    `switched` says that Commet has plan versions, and `replaced` that the object is taken away and made again.
    """

    file: str
    was: str
    now: str
    address: str
    field: str
    when: When
    text: str
    versions: tuple[str, ...] = BOTH
    switched: bool = False
    replaced: bool = False

    @property
    def before(self) -> str:
        """The file before the edit."""
        return "version: 1\n" + self.file.replace("@", self.was)

    @property
    def after(self) -> str:
        """The file after it."""
        return "version: 1\n" + self.file.replace("@", self.now)


@dataclass(frozen=True)
class Unseen:
    """A file that was applied, what Commet does not tell of it then, and what it means to apply it again.

    `hidden` is a key that the answers lack, or `metadata`: all that is remembered of the plan.
    """

    file: str
    hidden: str
    address: str
    field: str
    when: When
    text: str
    versions: tuple[str, ...] = BOTH

    @property
    def yaml(self) -> str:
        """The file."""
        return "version: 1\n" + self.file


@dataclass(frozen=True)
class Odd:
    """An object as no file can declare it, and what it means that fields of it change; most are features of plans."""

    was: Mapping[str, Value]
    now: Mapping[str, Value]
    field: str
    when: When
    text: str
    address: str = "plan_feature.pro/calls"
    versions: tuple[str, ...] = BOTH
    rest: Mapping[str, Value] = dataclasses.field(
        default_factory=lambda: {"enabled": True, "unlimited": False, "included_amount": 0, "overage": None}
    )

    @property
    def change(self) -> Update:
        """The change from the one to the other."""
        before, after = (Resource(Address.parse(self.address), {**self.rest, **some}) for some in (self.was, self.now))
        pairs = ((name, before.fields[name], after.fields[name]) for name in self.rest)
        return Update(before, after, tuple(FieldChange(*pair) for pair in pairs if pair[1] != pair[2]))


FEATURE = "features: {calls: {name: Calls, type: usage}@}"
FEATURE_FIELD = "features: {calls: {name: Calls, type: usage, @}}"
PLANS = "plans: {pro: {name: Pro}@}"
PLAN = "plans: {pro: {name: Pro, @}}"
PRICES = "plans: {pro: {name: Pro, prices: {monthly: {price: 49, is_default: true}@}}}"
PRICE = "plans: {pro: {name: Pro, prices: {monthly: {@}}}}"
ONCE = "plans: {pro: {name: Pro, prices: {one_time: {@}}}}"
DEFAULT = "plans: {pro: {name: Pro, prices: {@}}}"
CREDITS = "plans: {pro: {name: Pro, consumption_model: credits, prices: {monthly: {price: 20@}}}}"
BALANCE = "plans: {pro: {name: Pro, consumption_model: balance, prices: {monthly: {price: 20@}}}}"
REGION = "plans: {pro: {name: Pro, prices: {monthly: {price: 49, regional_prices: {@}}}}}"
REGION_ONCE = "plans: {pro: {name: Pro, prices: {one_time: {price: 49, regional_prices: {@}}}}}"
REGION_BALANCE = (
    "plans: {pro: {name: Pro, consumption_model: balance, "
    "prices: {monthly: {price: 20, included_balance: 10, regional_prices: {eur: {price: 18, @}}}}}}"
)
RATED = "plans: {pro: {name: Pro, prices: {monthly: {price: 10, @}}, exchange_rates: {brl: 5}}}"
RATED_BALANCE = (
    "plans: {pro: {name: Pro, consumption_model: balance, "
    "prices: {monthly: {price: 20, included_balance: 10@}}, exchange_rates: {brl: 5}}}"
)
RATE = "plans: {pro: {name: Pro, prices: {monthly: {price: 10}}@}}"

CALLS = "features: {calls: {name: Calls, type: usage}}\n"
SPACE = "features: {space: {name: Space, type: quota}}\n"
SEATS = "features: {seats: {name: Seats, type: seats}}\n"
SSO = "features: {sso: {name: SSO, type: boolean}}\n"
METERED = CALLS + "plans: {pro: {name: Pro, consumption_model: metered, features: {@}}}"
USAGE = CALLS + "plans: {pro: {name: Pro, consumption_model: metered, features: {calls: {@}}}}"
QUOTA = SPACE + "plans: {pro: {name: Pro, consumption_model: metered, features: {space: {@}}}}"
SEAT = SEATS + "plans: {pro: {name: Pro, consumption_model: metered, features: {seats: {@}}}}"
ACCESS = SSO + "plans: {pro: {name: Pro, features: {@}}}"
COSTS = CALLS + "plans: {pro: {name: Pro, consumption_model: credits, features: {calls: {@}}}}"
ABROAD = (
    CALLS + "plans: {pro: {name: Pro, consumption_model: metered, prices: {monthly: {price: 9}}, "
    "features: {calls: {overage: {unit_price: 0.02@}}}, exchange_rates: {brl: 5}}}"
)
ABROAD_NEW = (
    CALLS + "plans: {pro: {name: Pro, consumption_model: metered, prices: {monthly: {price: 9}}, "
    "features: {calls: {@}}, exchange_rates: {brl: 5}}}"
)
ABROAD_ADDED = ABROAD_NEW.replace("calls: {@}}, exch", "@}, exch")
NEW_PLAN = "features: {calls: {name: Calls, type: usage}}\nplans: {pro: {name: Pro}@}"
PACKS = "credit_packs: {small: {name: Small, credits: 100, price: 10}@}"
PACK = "credit_packs: {small: {name: Small, @}}"
ADDONS = CALLS.replace("}}", "}, space: {name: Space, type: quota}}") + (
    "addons: {extra: {name: Extra, feature: calls, consumption_model: boolean, base_price: 5}@}"
)
ADDON = CALLS + (
    "addons: {extra: {name: Extra, feature: calls, consumption_model: metered, "
    "base_price: 5, overage_rate: 2, included_units: 9}}"
)

_FEATURES = (
    Case(FEATURE, "", ", sso: {name: SSO, type: boolean}", "feature.sso", "", NONE, "a plan has to include it first"),
    Case(
        FEATURE,
        ", sso: {name: SSO, type: boolean}",
        "",
        "feature.sso",
        "",
        NONE,
        "while a plan or an add-on includes it",
    ),
    Case("features: {calls: {name: @, type: usage}}", "Calls", "API calls", "feature.calls", "name", NONE, ""),
    Case(FEATURE_FIELD, "", "description: Requests", "feature.calls", "description", NONE, ""),
    Case(FEATURE_FIELD, "unit_name: call", "unit_name: request", "feature.calls", "unit_name", NONE, ""),
)

_PLANS = (
    Case(PLANS, "", ", team: {name: Team}", "plan.team", "", NONE, "the plan has no subscribers yet"),
    # Deleted: existing subscriptions are unaffected and keep billing normally; a customer who cancels cannot come back.
    Case(PLANS, ", team: {name: Team}", "", "plan.team", "", NONE, "keep it and are billed as before", TODAY),
    Case(
        PLANS,
        ", team: {name: Team}",
        "",
        "plan.team",
        "",
        NONE,
        "customers who cancel cannot subscribe to it again",
        TODAY,
    ),
    Case(PLANS, ", team: {name: Team}", "", "plan.team", "", UNKNOWN, "whether its subscribers keep it", OLDER),
    Case(
        PLAN, "visibility: private", "visibility: public", "plan.pro", "visibility", NONE, "any customer can choose it"
    ),
    Case(PLAN, "visibility: public", "visibility: private", "plan.pro", "visibility", NONE, "subscribers keep it"),
    Case(
        PLAN,
        "visibility: public",
        "",
        "plan.pro",
        "visibility",
        NONE,
        "customers who cancel cannot subscribe to it again",
    ),
    Case("plans: {pro: {name: @}}", "Pro", "Professional", "plan.pro", "name", NONE, ""),
    Case(PLAN, "description: For teams", "", "plan.pro", "description", NONE, ""),
    Case(PLAN, 'metadata: {tier: "1"}', 'metadata: {tier: "2"}', "plan.pro", "metadata.tier", NONE, ""),
    Case(PLAN, "", "metadata: {sold: true}", "plan.pro", "metadata.sold", NONE, ""),
    Case(PLAN, "metadata: {seats: 5}", "", "plan.pro", "metadata.seats", NONE, ""),
    Case(PLAN, "", "lifecycle: {protect: true}", "plan.pro", "protect", NONE, ""),
)

_YEARLY = ", yearly: {price: 490}"
_MONTHLY = "plan_price.pro/monthly"

_PRICES = (
    Case(PRICES, "", _YEARLY, "plan_price.pro/yearly", "", NONE, "customers can choose it from now on"),
    # Archived: no new selection; subscriptions bound to it continue.
    Case(PRICES, _YEARLY, "", "plan_price.pro/yearly", "", NONE, "subscribers keep it", TODAY),
    Case(PRICES, _YEARLY, "", "plan_price.pro/yearly", "", NONE, "new customers cannot choose it", TODAY),
    Case(PRICES, _YEARLY, "", "plan_price.pro/yearly", "", UNKNOWN, "whether its subscribers keep it", OLDER),
    # A base price moves at renewal in both directions; a trial ends at the price of then.
    Case(PRICE, "price: 49", "price: 59", _MONTHLY, "price", RENEWAL, "pay the higher price"),
    Case(PRICE, "price: 49", "price: 59", _MONTHLY, "price", RENEWAL, "in a trial pay it when the trial ends"),
    Case(PRICE, "price: 49", "price: 39", _MONTHLY, "price", RENEWAL, "pay the lower price"),
    Case(PRICE, "price: 49", "price: 39", _MONTHLY, "price", RENEWAL, "in a trial pay it when the trial ends"),
    # A one-time price never bills again.
    Case(
        ONCE,
        "price: 499",
        "price: 599",
        "plan_price.pro/one_time",
        "price",
        NEW_ONLY,
        "who have bought it pay nothing more",
    ),
    Case(
        ONCE,
        "price: 499",
        "price: 399",
        "plan_price.pro/one_time",
        "price",
        NEW_ONLY,
        "who have bought it pay nothing more",
    ),
    Case(
        PRICE,
        "price: 49",
        "price: 49, trial_days: 14",
        _MONTHLY,
        "trial_days",
        NEW_ONLY,
        "have begun keep their end date",
    ),
    Case(
        PRICE,
        "price: 49, trial_days: 14",
        "price: 49",
        _MONTHLY,
        "trial_days",
        NEW_ONLY,
        "have begun keep their end date",
    ),
    Case(
        DEFAULT,
        "monthly: {price: 49, is_default: true}, yearly: {price: 490}",
        "monthly: {price: 49}, yearly: {price: 490, is_default: true}",
        "plan_price.pro/yearly",
        "is_default",
        NEW_ONLY,
        "new customers who choose no price get this one",
    ),
    Case(CREDITS, "", ", included_credits: 100", _MONTHLY, "included_credits", AT_ONCE, "the larger amount"),
    Case(CREDITS, ", included_credits: 9", ", included_credits: 10", _MONTHLY, "included_credits", AT_ONCE, "larger"),
    Case(CREDITS, ", included_credits: 10", ", included_credits: 9", _MONTHLY, "included_credits", RENEWAL, "keep the"),
    Case(CREDITS, ", included_credits: 10", "", _MONTHLY, "included_credits", RENEWAL, "keep the larger amount until"),
    # A balance follows at its next reset, up and down.
    *(
        Case(
            BALANCE,
            was,
            now,
            _MONTHLY,
            "included_balance",
            NEXT,
            "the new balance at its next reset, whether higher or lower",
        )
        for was, now in (
            ("", ", included_balance: 10"),
            (", included_balance: 9.99", ", included_balance: 10"),
            (", included_balance: 10", ", included_balance: 9"),
            (", included_balance: 10", ""),
        )
    ),
    Case(PRICE, "price: 49", "price: 49, lifecycle: {protect: true}", _MONTHLY, "protect", NONE, ""),
)

_EUR, _BRL = "regional_price.pro/monthly/eur", "regional_price.pro/monthly/brl"

_REGIONS = (
    Case(REGION, "", "eur: 45", _EUR, "", NEW_ONLY, "keep the currency of their first payment"),
    Case(REGION, "eur: 45", "", _EUR, "", NEW_ONLY, "customers in this currency see the US dollar price", TODAY),
    Case(REGION, "eur: 45", "", _EUR, "", NEW_ONLY, "refuses the deletion while a subscription depends on it", TODAY),
    Case(REGION, "eur: 45", "", _EUR, "", UNKNOWN, "are billed then", OLDER),
    Case(REGION, "eur: 45", "eur: 55", _EUR, "price", RENEWAL, "pay the higher price"),
    Case(REGION, "eur: 45", "eur: 35", _EUR, "price", RENEWAL, "pay the lower price"),
    Case(
        REGION_ONCE,
        "eur: 45",
        "eur: 55",
        "regional_price.pro/one_time/eur",
        "price",
        NEW_ONLY,
        "who have bought it pay nothing more",
    ),
    # From about 50.00, which Commet derives, to 50.00 in writing.
    Case(RATED, "", "regional_prices: {brl: 50}", _BRL, "price", RENEWAL, "pay the price in the catalog"),
    Case(RATED, "", "regional_prices: {brl: 51}", _BRL, "price", RENEWAL, "pay the higher price"),
    Case(RATED, "regional_prices: {brl: 51}", "", _BRL, "price", RENEWAL, "pay the lower price"),
    *(
        Case(
            REGION_BALANCE,
            "included_balance: 9",
            now,
            _EUR,
            "included_balance",
            NEXT,
            "the new balance at its next reset",
        )
        for now in ("included_balance: 10", "included_balance: 8")
    ),
    Case(
        RATED_BALANCE,
        "",
        ", regional_prices: {brl: {price: 100, included_balance: 50}}",
        _BRL,
        "included_balance",
        NEXT,
        "the new balance at its next reset",
    ),
    Case(
        REGION,
        "eur: 45",
        "eur: {price: 45, lifecycle: {protect: true}}",
        _EUR,
        "protect",
        NONE,
        "",
    ),
    Case(RATE, "", ", exchange_rates: {brl: 5}", "exchange_rate.pro/brl", "", NEW_ONLY, "keep the currency of their"),
    Case(
        RATE,
        ", exchange_rates: {brl: 5}",
        ", exchange_rates: {brl: 6}",
        "exchange_rate.pro/brl",
        "rate",
        RENEWAL,
        "each is listed separately",
    ),
    Case(RATE, ", exchange_rates: {brl: 5}", ", exchange_rates: {brl: 6}", _BRL, "price", RENEWAL, "the higher price"),
)

_USED, _HAS, _STORED, _SITS = (
    "plan_feature.pro/calls",
    "plan_feature.pro/sso",
    "plan_feature.pro/space",
    "plan_feature.pro/seats",
)
_PRICED, _DEARER = "included_amount: 5, overage: {unit_price: 0.02}", "included_amount: 5, overage: {unit_price: 0.03}"

_PLAN_FEATURES = (
    Case(ACCESS, "", "sso: true", _HAS, "", AT_ONCE, "existing customers get it"),
    Case(ACCESS, "sso: true", "", _HAS, "", RENEWAL, "existing customers keep it until then"),
    Case(ACCESS, "sso: false", "sso: true", _HAS, "enabled", AT_ONCE, "existing customers get it"),
    Case(ACCESS, "sso: true", "sso: false", _HAS, "enabled", RENEWAL, "existing customers keep it until then"),
    # What is not enabled, nobody has.
    Case(ACCESS, "", "sso: false", _HAS, "", NONE, "no customer gets it"),
    Case(ACCESS, "sso: false", "", _HAS, "", NONE, "no customer loses it"),
    Case(USAGE, "included_amount: 5", "included_amount: 6", _USED, "included_amount", AT_ONCE, "get the larger amount"),
    Case(
        USAGE, "included_amount: 6", "included_amount: 5", _USED, "included_amount", RENEWAL, "keep the larger amount"
    ),
    Case(SEAT, "included_amount: 5", "included_amount: 6", _SITS, "included_amount", AT_ONCE, "get the larger amount"),
    Case(QUOTA, "included_amount: 6", "", _STORED, "included_amount", RENEWAL, "keep the larger amount"),
    Case(USAGE, "included_amount: 0", "unlimited: true", _USED, "unlimited", AT_ONCE, "no longer have a limit"),
    Case(
        USAGE,
        "unlimited: true",
        "included_amount: 0",
        _USED,
        "unlimited",
        RENEWAL,
        "stays unlimited for existing customers until then",
    ),
    # Without limit until renewal; from then on an amount is included, and more is charged where it has a price.
    Case(
        USAGE,
        "unlimited: true",
        "included_amount: 9",
        _USED,
        "included_amount",
        RENEWAL,
        "after that they get this amount",
    ),
    Case(USAGE, "unlimited: true", _PRICED, _USED, "included_amount", RENEWAL, "after that they get this amount"),
    Case(USAGE, "unlimited: true", _PRICED, _USED, "overage", RENEWAL, "pay overage"),
    Case(USAGE, "unlimited: true", _PRICED, _USED, "unlimited", RENEWAL, "pay overage"),
    # Unlimited at once: what was included, and what more cost, is no matter.
    Case(USAGE, "included_amount: 9", "unlimited: true", _USED, "included_amount", NONE, "the feature is unlimited"),
    Case(USAGE, _PRICED, "unlimited: true", _USED, "overage", AT_ONCE, "no longer pay overage"),
    # A feature comes with what it costs.
    Case(METERED, "", f"calls: {{{_PRICED}}}", _USED, "", AT_ONCE, "get it, and pay overage"),
    Case(METERED, "", "calls: unlimited", _USED, "", AT_ONCE, "existing customers get it"),
    Case(USAGE, f"enabled: false, {_PRICED}", _PRICED, _USED, "enabled", AT_ONCE, "get it, and pay overage"),
    *(
        Case(USAGE, f"enabled: false, {was}", now, _USED, field, AT_ONCE, f"with its new settings{text}")
        for was, now, field, text in (
            ("included_amount: 5", "included_amount: 6", "included_amount", ""),
            ("included_amount: 6", "included_amount: 5", "included_amount", ""),
            ("included_amount: 0", "unlimited: true", "unlimited", ""),
            ("unlimited: true", "included_amount: 0", "unlimited", ""),
            ("included_amount: 5", _PRICED, "overage", ", and pay overage"),
            (_PRICED, _DEARER, "overage", ", and pay overage"),
            (_PRICED, "included_amount: 5", "overage", ""),
        )
    ),
    Case(
        COSTS,
        "enabled: false, credits_per_unit: 6",
        "credits_per_unit: 5",
        _USED,
        "credits_per_unit",
        AT_ONCE,
        "with its new settings",
    ),
    # A feature that customers have until renewal never gets what would come then.
    Case(USAGE, "unlimited: true", "enabled: false", _USED, "unlimited", NONE, "disabled before this takes effect"),
    *(
        Case(file, was, f"enabled: false, {now}", _USED, field, NONE, "disabled before this takes effect")
        for file, was, now, field in (
            (USAGE, "included_amount: 6", "included_amount: 5", "included_amount"),
            (USAGE, _PRICED, _DEARER, "overage"),
            (COSTS, "credits_per_unit: 5", "credits_per_unit: 6", "credits_per_unit"),
        )
    ),
    Case(
        USAGE, "included_amount: 5", "enabled: false, included_amount: 6", _USED, "included_amount", AT_ONCE, "larger"
    ),
    Case(
        USAGE,
        "included_amount: 5",
        _PRICED,
        _USED,
        "overage",
        UNKNOWN,
        "instead of being stopped at the included amount",
    ),
    Case(USAGE, _PRICED, "included_amount: 5", _USED, "overage", UNKNOWN, "instead of paying overage"),
    Case(USAGE, _PRICED, _DEARER, _USED, "overage", NEXT, "the higher unit price"),
    Case(
        USAGE,
        _DEARER,
        _PRICED,
        _USED,
        "overage",
        AT_ONCE,
        "already pay the lower unit price in the current period",
        TODAY,
    ),
    Case(USAGE, _DEARER, _PRICED, _USED, "overage", NEXT, "pay the lower unit price", OLDER),
    Case(SEAT, _PRICED, _DEARER, _SITS, "overage", NEXT, "the higher unit price"),
    Case(
        SEAT,
        _DEARER,
        _PRICED,
        _SITS,
        "overage",
        AT_ONCE,
        "already pay the lower unit price in the current period",
        TODAY,
    ),
    Case(QUOTA, _PRICED, _DEARER, _STORED, "overage", NEXT, "the higher unit price"),
    Case(QUOTA, _DEARER, _PRICED, _STORED, "overage", NEXT, "pay the lower unit price", OLDER),
    Case(COSTS, "credits_per_unit: 5", "credits_per_unit: 6", _USED, "credits_per_unit", RENEWAL, "costs more credits"),
    Case(
        COSTS, "credits_per_unit: 6", "credits_per_unit: 5", _USED, "credits_per_unit", AT_ONCE, "costs fewer credits"
    ),
    Case(COSTS, "", "credits_per_unit: 5", _USED, "credits_per_unit", UNKNOWN, "when units start to cost credits"),
    Case(COSTS, "credits_per_unit: 5", "", _USED, "credits_per_unit", UNKNOWN, "what a unit costs then"),
    Case(USAGE, "", "lifecycle: {protect: true}", _USED, "protect", NONE, ""),
    *(
        Case(file, f"enabled: false, {was}", f"enabled: false, {now}", _USED, field, NONE, "the feature is disabled")
        for file, was, now, field in (
            (USAGE, "included_amount: 5", "included_amount: 6", "included_amount"),
            (USAGE, "included_amount: 0", "unlimited: true", "unlimited"),
            (USAGE, _PRICED, _DEARER, "overage"),
            (COSTS, "credits_per_unit: 6", "credits_per_unit: 5", "credits_per_unit"),
        )
    ),
)

_ABROAD = "regional_unit_price.pro/calls/brl"

_UNIT_PRICES = (
    Case(ABROAD_NEW, "", "overage: {unit_price: 0.02}", _ABROAD, "", UNKNOWN, "start to pay it"),
    Case(ABROAD_NEW, "overage: {unit_price: 0.02}", "", _ABROAD, "", UNKNOWN, "pay then"),
    Case(
        ABROAD_ADDED,
        "",
        "calls: {overage: {unit_price: 0.02}}",
        _ABROAD,
        "",
        AT_ONCE,
        "get the feature, and pay this price",
    ),
    Case(
        ABROAD, ", regional_prices: {brl: 0.2}", ", regional_prices: {brl: 0.3}", _ABROAD, "unit_price", NEXT, "higher"
    ),
    Case(
        ABROAD,
        ", regional_prices: {brl: 0.3}",
        ", regional_prices: {brl: 0.2}",
        _ABROAD,
        "unit_price",
        AT_ONCE,
        "already pay the lower unit price in the current period",
        TODAY,
    ),
    Case(
        ABROAD,
        ", regional_prices: {brl: 0.3}",
        ", regional_prices: {brl: 0.2}",
        _ABROAD,
        "unit_price",
        NEXT,
        "pay the lower unit price",
        OLDER,
    ),
    Case(ABROAD, "", ", regional_prices: {brl: 0.1}", _ABROAD, "unit_price", NEXT, "pay the price in the catalog"),
)

_ALL_MARKETS = "markets: {br: {name: Brazil, countries: [BR]}@}"
_MARKET = "markets: {br: {name: Brazil, countries: [BR@}}"
_BRAZIL = "market.Brazil"

_MARKETS = (
    Case(_ALL_MARKETS, "", ", cl: {name: Chile, countries: [CL]}", "market.Chile", "", NONE, "no price has", TODAY),
    Case(_ALL_MARKETS, ", cl: {name: Chile, countries: [CL]}", "", "market.Chile", "", NONE, "Commet refuses", TODAY),
    Case(_MARKET, "]", ", PT]", _BRAZIL, "countries", NEW_ONLY, "from the next checkout", TODAY),
    Case(_MARKET, ", PT]", "]", _BRAZIL, "countries", NEW_ONLY, "in a country that moves", TODAY),
    Case(_MARKET, "]", "], metadata: {owner: a}", _BRAZIL, "metadata.owner", NONE, "", TODAY),
    Case(
        "markets: {br: {name: @, countries: [BR]}}",
        "Brazil",
        "Brasil, previous_name: Brazil",
        "market.Brasil",
        "name",
        NONE,
        "",
        TODAY,
    ),
)

_TWO_MARKETS = "markets: {br: {name: Brazil, countries: [BR]}, cl: {name: Chile, countries: [CL]}}\n"
IN_MARKETS = _TWO_MARKETS + "plans: {pro: {name: Pro, prices: {monthly: {price: 49@}}}}"
IN_MARKETS_ONCE = _TWO_MARKETS + "plans: {pro: {name: Pro, prices: {one_time: {price: 49@}}}}"
IN_MARKETS_NEW = _TWO_MARKETS + "plans: {pro: {name: Pro@}}"
_BR = ", market_prices: {br: {currency: brl, price: 199}}"
_BR_CL = ", market_prices: {br: {currency: brl, price: 199}, cl: {currency: clp, price: 40000}}"
_B = ", variants: {b: {market_prices: {br: {currency: brl, price: 149}}}}"
_B_CL = ", variants: {b: {market_prices: {br: {currency: brl, price: 149}, cl: {currency: clp, price: 30000}}}}"
_IN_BR, _IN_CL = "market_price.pro/monthly/br", "market_price.pro/monthly/cl"
_OF_B, _B_IN_BR, _B_IN_CL = "price_variant.pro/monthly/b", *(f"variant_price.pro/monthly/b/{it}" for it in ("br", "cl"))
_PROTECTED = ", lifecycle: {protect: true}}"

#: The same of the market price of a price, and of a variant: what is before it, the amount, and the address.
_AMOUNTS = (("", _BR, "199", _IN_BR), (_BR, _B, "149", _B_IN_BR))

_MARKET_PRICES = (
    Case(IN_MARKETS, "", _BR, _IN_BR, "", UNKNOWN, "checkouts from these countries use it from now on", TODAY),
    Case(IN_MARKETS, _BR, "", _IN_BR, "", UNKNOWN, "use the price in their currency or in US dollars", TODAY),
    Case(IN_MARKETS, _BR_CL + _B, _BR_CL + _B_CL, _B_IN_CL, "", UNKNOWN, "countries use it from now on", TODAY),
    Case(IN_MARKETS, _BR_CL + _B_CL, _BR_CL + _B, _B_IN_CL, "", UNKNOWN, "the market price of the base price", TODAY),
    Case(IN_MARKETS, _BR, _BR + _B, _OF_B, "", NONE, "customers can choose it from now on", TODAY),
    Case(IN_MARKETS, _BR, _BR + _B, _B_IN_BR, "", NONE, "no customer pays it yet", TODAY),
    Case(
        IN_MARKETS_NEW,
        "",
        f", prices: {{monthly: {{price: 49{_BR}}}}}",
        _IN_BR,
        "",
        NONE,
        "no customer pays it yet",
        TODAY,
    ),
    Case(IN_MARKETS, _BR + _B, _BR, _OF_B, "", NONE, "its subscribers keep it", TODAY),
    Case(IN_MARKETS, _BR + _B, _BR + _B.replace("}}}}", "}}" + _PROTECTED + "}"), _OF_B, "protect", NONE, "", TODAY),
    *(
        Case(IN_MARKETS, of + rows, of + rows.replace(was, now), address, field, when, text, TODAY)
        for of, rows, was, address in _AMOUNTS
        for now, field, when, text in (
            ("219", "price", RENEWAL, "customers in this market pay the higher price"),
            ("99", "price", RENEWAL, "customers in this market pay the lower price"),
            (was + _PROTECTED[:-1], "protect", NONE, ""),
        )
    ),
    *(
        Case(
            IN_MARKETS_ONCE,
            of + rows,
            of + rows.replace(was, "219"),
            address,
            "price",
            NEW_ONLY,
            "who have bought it pay nothing more",
            TODAY,
        )
        for of, rows, was, address in ((*some, at.replace("monthly", "one_time")) for *some, at in _AMOUNTS)
    ),
    *(
        # The same number in another currency.
        Case(
            IN_MARKETS,
            of + rows,
            of + rows.replace("brl", "usd"),
            address,
            "price",
            UNKNOWN,
            "if the currency changes",
            TODAY,
        )
        for of, rows, _, address in _AMOUNTS
    ),
)

_SMALL = "credit_pack.Small"

_PACKS = (
    Case(
        PACKS,
        "",
        ", big: {name: Big, credits: 900, price: 80}",
        "credit_pack.Big",
        "",
        NONE,
        "customers can buy it from now on",
    ),
    Case(
        PACKS,
        ", big: {name: Big, credits: 9, price: 8}",
        "",
        "credit_pack.Big",
        "",
        NEW_ONLY,
        "bought stay as they are",
    ),
    Case(PACK, "credits: 9, price: 8", "credits: 9, price: 10", _SMALL, "price", NEW_ONLY, "purchases from now on"),
    Case(PACK, "credits: 9, price: 8", "credits: 9, price: 6", _SMALL, "price", NEW_ONLY, "bought stay as they are"),
    Case(PACK, "credits: 9, price: 8", "credits: 10, price: 8", _SMALL, "credits", NEW_ONLY, "purchases from now on"),
    Case(PACK, "credits: 9, price: 8", "credits: 8, price: 8", _SMALL, "credits", NEW_ONLY, "bought stay as they are"),
    Case(
        PACK,
        "credits: 9, price: 8",
        "credits: 9, price: 8, is_active: false",
        _SMALL,
        "is_active",
        NEW_ONLY,
        "customers can no longer buy it",
    ),
    Case(
        PACK,
        "credits: 9, price: 8, is_active: false",
        "credits: 9, price: 8",
        _SMALL,
        "is_active",
        NEW_ONLY,
        "customers can buy it from now on",
    ),
    Case(PACK, "credits: 9, price: 8", "credits: 9, price: 8, description: Few", _SMALL, "description", NONE, ""),
    Case(
        "credit_packs: {small: {name: @, credits: 9, price: 8}}",
        "Small",
        "Tiny, previous_name: Small",
        "credit_pack.Tiny",
        "name",
        NONE,
        "",
    ),
)

_SOLD = ", more: {name: More, feature: space, consumption_model: boolean, base_price: 5}"


def _addon(was: str, now: str, field: str, when: When, text: str, *, switched: bool = False) -> Case:
    return Case(ADDON.replace(was, "@"), was, now, "addon.calls", field, when, text, switched=switched)


_ADDONS = (
    Case(ADDONS, "", _SOLD, "addon.space", "", NONE, "customers on a plan that can have it can activate it"),
    Case(ADDONS, _SOLD, "", "addon.space", "", NONE, "Commet refuses the deletion while a subscription has it"),
    _addon("base_price: 5", "base_price: 6", "base_price", UNKNOWN, "customers who activate it from now on do"),
    _addon("base_price: 5", "base_price: 4", "base_price", UNKNOWN, "pay the new price too, and from when"),
    _addon("overage_rate: 2", "overage_rate: 1", "overage_rate", UNKNOWN, "pay the new rate too"),
    _addon("included_units: 9", "included_units: 8", "included_units", UNKNOWN, "get the new amount too"),
    _addon("name: Extra", "name: More", "name", NONE, ""),
    _addon("base_price: 5", "base_price: 5, description: More calls", "description", NONE, ""),
    # With plan versions, customers buy what these contain.
    Case(ADDONS, "", _SOLD, "addon.space", "", NEW_ONLY, "once a plan version contains it", switched=True),
    Case(ADDONS, _SOLD, "", "addon.space", "", UNKNOWN, "whether existing plan versions get the change", switched=True),
    _addon(
        "base_price: 5",
        "base_price: 6",
        "base_price",
        UNKNOWN,
        "whether existing plan versions get the change",
        switched=True,
    ),
    _addon(
        "overage_rate: 2",
        "overage_rate: 3",
        "overage_rate",
        UNKNOWN,
        "whether existing plan versions get the change",
        switched=True,
    ),
    _addon(
        "units: 9",
        "units: 10",
        "included_units",
        UNKNOWN,
        "whether existing plan versions get the change",
        switched=True,
    ),
)

GROUPS = "plans: {a: {name: A}, b: {name: B}, c: {name: C}}\nplan_groups: {main: {name: Main, plans: [a]}@}"
GROUP = "plans: {a: {name: A}, b: {name: B}, c: {name: C}}\nplan_groups: {main: {name: Main, @}}"
_MAIN, _SIDE = "plan_group.Main", ", side: {name: Side, plans: [b, c]}"

_GROUPS = (
    Case(GROUPS, "", _SIDE, "plan_group.Side", "", AT_ONCE, "can switch between them on their own"),
    Case(GROUPS, _SIDE, "", "plan_group.Side", "", AT_ONCE, "can no longer switch between them on their own"),
    Case(GROUP, "plans: [a, b]", "plans: [a, c, b]", _MAIN, "plans", AT_ONCE, "to and from a plan that joins"),
    Case(GROUP, "plans: [a, b, c]", "plans: [a, c]", _MAIN, "plans", AT_ONCE, "to or from a plan that leaves"),
    # Up is charged at once, down waits for renewal, whatever the prices; a group goes from low to high.
    Case(GROUP, "plans: [a, b, c]", "plans: [b, a, c]", _MAIN, "plans", AT_ONCE, "charged at once: `b` to `a`"),
    Case(GROUP, "plans: [a, b, c]", "plans: [b, a, c]", _MAIN, "plans", AT_ONCE, "the end of the period: `a` to `b`"),
    # Both at once: what leaves counts first, and the order is said all the same.
    Case(
        GROUP, "plans: [a, b, c]", "plans: [c, a]", _MAIN, "plans", AT_ONCE, "from a plan that leaves; now an upgrade"
    ),
    Case(GROUP, "visibility: public", "visibility: private", _MAIN, "visibility", UNKNOWN, "visibility of a group"),
    Case(GROUP, "", "description: All of them", _MAIN, "description", NONE, ""),
    Case(
        GROUP.replace("name: Main, @", "@"),
        "name: Main",
        "name: Teams, previous_name: Main",
        "plan_group.Teams",
        "name",
        NONE,
        "",
    ),
)

_NEW_PLAN = (
    ", team: {name: Team, consumption_model: metered, prices: {monthly: {price: 9}}, exchange_rates: {brl: 5}, "
    "features: {calls: {overage: {unit_price: 0.02}}}}"
)
_NEW = tuple(
    Case(NEW_PLAN, "", _NEW_PLAN, address, "", NONE, "the plan has no subscribers yet")
    for address in (
        "plan_price.team/monthly",
        "regional_price.team/monthly/brl",
        "exchange_rate.team/brl",
        "plan_feature.team/calls",
        "regional_unit_price.team/calls/brl",
    )
)

_NEW_MARKETS = tuple(
    Case(
        _TWO_MARKETS + "plans: {pro: {name: Pro}@}",
        "",
        f", team: {{name: Team, prices: {{monthly: {{price: 9{_BR}{_B}}}}}}}",
        address.replace(".pro/", ".team/"),
        "",
        NONE,
        "the plan has no subscribers yet",
        TODAY,
    )
    for address in (_IN_BR, _OF_B, _B_IN_BR)
)

_KEEP = "existing subscriptions keep the plan version that they accepted"


def _kept(file: str, was: str, now: str, address: str, field: str) -> Case:
    return Case(file, was, now, address, field, NEW_ONLY, _KEEP, switched=True)


_MARGIN = CALLS + (
    "plans: {pro: {name: Pro, consumption_model: balance, "
    "features: {calls: {pricing_mode: ai_model, margin_percent: @}}}}"
)
_OF_CREDITS = CALLS + (
    "addons: {extra: {name: Extra, feature: calls, consumption_model: credits, base_price: 5, credit_cost: @}}"
)


def _replaced(file: str, address: str, when: When, text: str, *, switched: bool = False) -> Case:
    return Case(file, "2", "3", address, "", when, text, switched=switched, replaced=True)


_REPLACED = (
    _replaced(_MARGIN, _USED, UNKNOWN, "whether their usage in this period still counts"),
    _replaced(_MARGIN.replace("@", "@, enabled: false"), _USED, NONE, "no customer has it"),
    _replaced(_MARGIN, _USED, NEW_ONLY, _KEEP, switched=True),
    _replaced(_OF_CREDITS, "addon.calls", NONE, "refuses to delete an add-on that a subscription has"),
    _replaced(_OF_CREDITS, "addon.calls", UNKNOWN, "whether existing plan versions get the change", switched=True),
)

_SWITCHED = (
    _kept(PRICE, "price: 49", "price: 59", _MONTHLY, "price"),
    _kept(PRICES, _YEARLY, "", "plan_price.pro/yearly", ""),
    _kept(CREDITS, ", included_credits: 9", ", included_credits: 10", _MONTHLY, "included_credits"),
    _kept(BALANCE, ", included_balance: 9", ", included_balance: 10", _MONTHLY, "included_balance"),
    _kept(REGION, "eur: 45", "eur: 55", _EUR, "price"),
    _kept(REGION, "eur: 45", "", _EUR, ""),
    _kept(REGION_BALANCE, "included_balance: 9", "included_balance: 10", _EUR, "included_balance"),
    _kept(RATE, ", exchange_rates: {brl: 5}", ", exchange_rates: {brl: 6}", "exchange_rate.pro/brl", "rate"),
    _kept(ACCESS, "", "sso: true", _HAS, ""),
    _kept(ACCESS, "sso: true", "", _HAS, ""),
    _kept(ACCESS, "sso: false", "sso: true", _HAS, "enabled"),
    _kept(USAGE, "included_amount: 5", "included_amount: 6", _USED, "included_amount"),
    _kept(USAGE, "unlimited: true", _PRICED, _USED, "unlimited"),
    _kept(USAGE, "unlimited: true", _PRICED, _USED, "overage"),
    _kept(COSTS, "credits_per_unit: 6", "credits_per_unit: 5", _USED, "credits_per_unit"),
    _kept(ABROAD_NEW, "", "overage: {unit_price: 0.02}", _ABROAD, ""),
    _kept(ABROAD_NEW, "overage: {unit_price: 0.02}", "", _ABROAD, ""),
    _kept(ABROAD, ", regional_prices: {brl: 0.2}", ", regional_prices: {brl: 0.3}", _ABROAD, "unit_price"),
    *(
        Case(IN_MARKETS, was, now, address, field, NEW_ONLY, _KEEP, TODAY, switched=True)
        for was, now, address, field in (
            (_BR, _BR.replace("199", "219"), _IN_BR, "price"),
            (_BR, _BR_CL, _IN_CL, ""),
            (_BR, "", _IN_BR, ""),
            (_BR + _B, _BR, _OF_B, ""),
            (_BR + _B, _BR + _B.replace("149", "159"), _B_IN_BR, "price"),
            (_BR_CL + _B, _BR_CL + _B_CL, _B_IN_CL, ""),
            (_BR_CL + _B_CL, _BR_CL + _B, _B_IN_CL, ""),
        )
    ),
    # What nobody has yet, and what no bill depends on, is as it was.
    Case(
        NEW_PLAN, "", _NEW_PLAN, "plan_price.team/monthly", "", NONE, "the plan has no subscribers yet", switched=True
    ),
    Case("plans: {pro: {name: @}}", "Pro", "Professional", "plan.pro", "name", NONE, "", switched=True),
    Case(PRICES, "", _YEARLY, "plan_price.pro/yearly", "", NONE, "customers can choose it from now on", switched=True),
    Case(
        PACKS,
        "",
        ", b: {name: B, credits: 9, price: 8}",
        "credit_pack.B",
        "",
        NEW_ONLY,
        "only once a plan version contains it",
        switched=True,
    ),
    *(
        Case(file, was, now, address, field, UNKNOWN, "whether existing plan versions get the change", switched=True)
        for file, was, now, address, field in (
            (PACKS, ", b: {name: B, credits: 9, price: 8}", "", "credit_pack.B", ""),
            (PACK, "credits: 9, price: 8", "credits: 9, price: 10", _SMALL, "price"),
            (PACK, "credits: 9, price: 8", "credits: 10, price: 8", _SMALL, "credits"),
            (PACK, "credits: 9, price: 8", "credits: 9, price: 8, is_active: false", _SMALL, "is_active"),
        )
    ),
)

OFFERS = "offers: {half: {name: Half, phases: [{percentage: {percent: 50}}]}@}"
OFFER = "offers: {half: {name: Half, phases: [{percentage: {percent: @}}]}}"
OFFER_FIELD = "offers: {half: {name: Half, phases: [{percentage: {percent: 50}}], @}}"
_OFFER = "offer.Half"
_KEPT_TERMS = "customers who accepted it keep its terms"
_NEXT_YEAR, _YEAR_AFTER = "2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z"

_OFFERS = (
    Case(OFFERS, "", ", b: {name: B, phases: [{free_trial: {days: 7}}]}", "offer.B", "", NONE, "accepted", TODAY),
    Case(
        OFFERS,
        ", b: {name: B, phases: [{free_trial: {days: 7}}]}",
        "",
        "offer.B",
        "",
        NEW_ONLY,
        "new customers cannot accept it",
        TODAY,
    ),
    Case(OFFER, "50", "40", _OFFER, "phases.0.percentage.percent", NEW_ONLY, _KEPT_TERMS, TODAY),
    *(
        Case(OFFER_FIELD, f"{name}: {was}", f"{name}: {now}", _OFFER, name, NEW_ONLY, _KEPT_TERMS, TODAY)
        for name in ("starts_at", "ends_at")
        for was, now in ((_NEXT_YEAR, _YEAR_AFTER), (_YEAR_AFTER, _NEXT_YEAR))
    ),
    Case(
        OFFER_FIELD,
        "active: true",
        "active: false",
        _OFFER,
        "active",
        NEW_ONLY,
        "new customers cannot accept it",
        TODAY,
    ),
    Case(OFFER_FIELD, "active: false", "active: true", _OFFER, "active", NEW_ONLY, "customers can accept it", TODAY),
    Case(OFFER_FIELD, "active: true", "metadata: {a: b}", _OFFER, "metadata.a", NONE, "", TODAY),
    Case(
        "offers: {half: {name: @, phases: [{percentage: {percent: 50}}]}}",
        "Half",
        "50 %, previous_name: Half",
        "offer.50 %",
        "name",
        NONE,
        "",
        TODAY,
    ),
)

CODE = {
    TODAY: f"plans: {{pro: {{name: Pro}}, team: {{name: Team}}}}\n{OFFERS.replace('@', '')}\n"
    "promo_codes: {A: {offer: half@}}",
    OLDER: "plans: {pro: {name: Pro}, team: {name: Team}}\npromo_codes: {A: {discount: {percent: 50}@}}",
}
_MORE_CODES = {TODAY: "}, B: {offer: half", OLDER: "}, B: {discount: {amount: 5}"}
_CODE = "promo_code.A"
_FROM_NOW_ON = "it applies to redemptions from now on"

_CODES = (
    *(
        Case(file, "", _MORE_CODES[versions], "promo_code.B", "", NONE, "can redeem it from now on", versions)
        for versions, file in CODE.items()
    ),
    Case(CODE[TODAY], _MORE_CODES[TODAY], "", "promo_code.B", "", NEW_ONLY, "customers can no longer redeem it", TODAY),
    *(
        Case(file, f", {name}: {was}", f", {name}: {now}", _CODE, name, NEW_ONLY, _FROM_NOW_ON, versions)
        for versions, file in CODE.items()
        for name, was, now in (
            ("billing_interval", "monthly", "yearly"),
            ("max_redemptions", "5", "6"),
            ("max_redemptions", "6", "5"),
            ("expires_at", _NEXT_YEAR, _YEAR_AFTER),
        )
    ),
    Case(CODE[TODAY], ", plans: [pro]", ", plans: [pro, team]", _CODE, "plans", NEW_ONLY, _FROM_NOW_ON, TODAY),
    Case(
        CODE[OLDER],
        ", plans: [pro]",
        ", plans: [team], max_redemptions: 5",
        _CODE,
        "plans",
        NEW_ONLY,
        _FROM_NOW_ON,
        OLDER,
    ),
)

CASES = (
    *_FEATURES,
    *_PLANS,
    *_PRICES,
    *_REGIONS,
    *_PLAN_FEATURES,
    *_UNIT_PRICES,
    *_MARKETS,
    *_MARKET_PRICES,
    *_PACKS,
    *_NEW,
    *_NEW_MARKETS,
    *_SWITCHED,
    *_ADDONS,
    *_GROUPS,
    *_REPLACED,
    *_OFFERS,
    *_CODES,
)

_AI = CALLS + (
    "plans: {pro: {name: Pro, consumption_model: balance, "
    "features: {calls: {pricing_mode: ai_model, margin_percent: 20}}}}"
)

_UNIT, _MORE = UnitPrice(Decimal("0.01")), UnitPrice(Decimal("0.02"))

#: Unlimited with a price for more, as other clients can leave it: nobody pays that, until there is a limit.
ODD = (
    Odd(
        {"is_active": False},
        {"is_active": True},
        "is_active",
        NEW_ONLY,
        "can redeem it again",
        _CODE,
        rest={"is_active": True},
    ),
    Odd({"unlimited": True, "overage": _UNIT}, {"unlimited": True}, "overage", NONE, "the feature is unlimited"),
    Odd({"unlimited": True}, {"unlimited": True, "overage": _UNIT}, "overage", NONE, "the feature is unlimited"),
    Odd({"unlimited": True, "included_amount": 9}, {"unlimited": True}, "included_amount", NONE, "is unlimited"),
    Odd({"unlimited": True, "overage": _UNIT}, {}, "overage", NONE, "no customer pays overage while"),
    Odd(
        {"unlimited": True, "overage": _UNIT},
        {},
        "unlimited",
        RENEWAL,
        "stays unlimited for existing customers until then",
    ),
    Odd({"unlimited": True, "overage": _UNIT}, {"overage": _UNIT}, "unlimited", RENEWAL, "pay overage"),
    Odd({"unlimited": True, "overage": _UNIT}, {"overage": _MORE}, "overage", RENEWAL, "pay overage"),
    Odd({"unlimited": True, "overage": _MORE}, {"overage": _UNIT}, "overage", RENEWAL, "pay overage"),
    Odd({}, {"unlimited": True, "overage": _UNIT}, "overage", NONE, "the feature is unlimited"),
    Odd({"overage": _UNIT}, {"unlimited": True, "overage": _MORE}, "overage", NONE, "the feature is unlimited"),
    Odd({"enabled": False, "unlimited": True}, {"overage": _UNIT}, "overage", AT_ONCE, "pay overage"),
    Odd({"enabled": False}, {"unlimited": True, "overage": _UNIT}, "enabled", AT_ONCE, "existing customers get it"),
)

#: The older version proves its prices by the newer one, and refuses an answer that lacks them.
UNSEEN = (
    *(
        Unseen(file.replace("@", ""), "isActive", _CODE, "is_active", NEW_ONLY, _FROM_NOW_ON, versions)
        for versions, file in CODE.items()
    ),
    Unseen(OFFERS.replace("@", ""), "active", _OFFER, "active", NEW_ONLY, _KEPT_TERMS, TODAY),
    Unseen(PLAN.replace("@", "visibility: public"), "isPublic", "plan.pro", "visibility", NONE, "subscribers keep it"),
    Unseen(PRICE.replace("@", "price: 49"), "price", _MONTHLY, "price", RENEWAL, "pay the price in the catalog", TODAY),
    Unseen(
        CREDITS.replace("@", ", included_credits: 9"),
        "includedCredits",
        _MONTHLY,
        "included_credits",
        UNKNOWN,
        "depends on the previous value",
    ),
    Unseen(
        BALANCE.replace("@", ", included_balance: 9"),
        "includedBalance",
        _MONTHLY,
        "included_balance",
        NEXT,
        "the new balance at its next reset",
    ),
    Unseen(ACCESS.replace("@", "sso: true"), "enabled", _HAS, "enabled", UNKNOWN, "depends on the previous value"),
    Unseen(
        USAGE.replace("@", "included_amount: 5"),
        "includedAmount",
        _USED,
        "included_amount",
        UNKNOWN,
        "depends on the previous value",
    ),
    Unseen(
        USAGE.replace("@", "unlimited: true"), "unlimited", _USED, "unlimited", UNKNOWN, "depends on the previous value"
    ),
    Unseen(USAGE.replace("@", _PRICED), "overage", _USED, "overage", UNKNOWN, "depends on the previous value"),
    Unseen(
        COSTS.replace("@", "credits_per_unit: 5"),
        "metadata",
        _USED,
        "credits_per_unit",
        UNKNOWN,
        "at once if it falls, at renewal if it rises",
    ),
    Unseen(_AI, "metadata", _USED, "pricing_mode", NONE, ""),
    Unseen(_AI, "metadata", _USED, "margin_percent", NONE, ""),
)
