"""What changes of plans, prices and exchange rates mean for existing customers."""

from collections.abc import Iterator, Mapping

from commetctl.core.change import Change, Create, Delete
from commetctl.core.money import Money
from commetctl.core.resource import Value
from commetctl.kinds.effects import (
    ANY,
    AT_ONCE,
    DOWN,
    GONE,
    LEDGER,
    NEW,
    NEW_ONLY,
    NEXT,
    NONE,
    OFF,
    OLDER,
    ON,
    PLAN_VERSIONS,
    RENEWAL,
    SILENT,
    SKILLS,
    TODAY,
    UNDOCUMENTED,
    UP,
    VERSIONS,
    Given,
    Row,
    Setting,
    quiet,
    where_switched,
)
from commetctl.kinds.plans import addresses

CHANGES = "guide, pricing changes"
BILLING = "guide, how billing works, when you make changes"
FEATURES = "guide, when a customer changes plans, feature changes"
TRIALS = "guide, trial periods"
BALANCES = "skills of July 2026, balance model"
OLDER_CHANGES = "older guide, pricing changes"
ENABLED = f"{FEATURES}: enable, disable"
UNLIMITED = f"{FEATURES}: make it unlimited, reduce what is included"
ONCE = "guide, one-time payments: never billed again"

IT_DEPENDS = "it depends on the previous value"
_TRIAL = "customers in a trial pay it when the trial ends"
_BOUGHT = "customers who have bought it pay nothing more"
_CANCELLED = "customers who cancel cannot subscribe to it again"
_BALANCE = "get the new balance at its next reset, whether higher or lower"
IN_IT = "customers who pay in this currency"

#: The plan is new too: nobody is on it.
NEW_PLAN = Given("with a new plan", "with a new plan")
#: The price is paid once and never again.
ONE_TIME = Given("one-time", "of a one-time price")
#: The price that the amount is of, or its variant, is new too.
NEW_PRICE = Given("with a new price", "with a new price or variant")
#: The feature is new in the plan too.
NEW_FEATURE = Given("with a new feature", "with a new feature")
#: The feature of the plan is not enabled, neither before nor after.
DISABLED = Given("disabled", "while the feature is disabled")
#: The feature of the plan gets enabled too.
ENABLED_TOO = Given("with enabled", "where the feature is enabled in the same change")
#: The feature of the plan gets disabled too.
DISABLED_TOO = Given("with disabled", "where the feature is disabled in the same change")
#: The feature was unlimited, and no longer is.
LIMITED_TOO = Given("with a limit", "where the feature stops being unlimited in the same change")
#: The feature becomes unlimited too.
UNLIMITED_TOO = Given("with unlimited", "where the feature becomes unlimited in the same change")
#: The feature is unlimited, before and after.
STILL_UNLIMITED = Given("unlimited", "while the feature is unlimited")
#: What is used beyond the included amount is charged after the change.
CHARGED = Given("with overage", "where the feature has an overage price")

KEPT = "existing subscriptions keep the plan version that they accepted"
_PRICES = (addresses.PRICE, addresses.REGIONAL_PRICE, *addresses.IN_MARKETS)


def in_a_plan(*fields: str, new: bool = False, gone: bool = True) -> tuple[Row, ...]:
    """The rows of a part of a plan that hold for every part: nobody is on a new plan, and plan versions keep theirs.

    With plan versions, an edit of a plan makes a new version for new purchases, whatever the API version of the client
    that made it. Each subscription keeps the version that it accepted until it is moved to another.
    """
    ways = [(field, ANY) for field in fields] + [("", NEW)] * new + [("", GONE)] * gone
    return (
        Row("", NEW, NONE, "the plan has no subscribers yet", "reference, create a plan", counts=False, given=NEW_PLAN),
        *(Row(f, way, NEW_ONLY, KEPT, VERSIONS, counts=False, given=PLAN_VERSIONS) for f, way in ways),
    )


def givens(change: Change, setting: Setting) -> Iterator[Given]:
    """The circumstances of a change of a plan or of a part of one, the most specific one first."""
    address, resource = change.address, change.before if isinstance(change, Delete) else change.after
    if address.kind != addresses.PLAN and addresses.plan_of(address) in setting.created:
        yield NEW_PLAN
    yield from where_switched(change, setting)
    if address.kind in _PRICES and address.key.split("/")[1:2] == ["one_time"]:
        yield ONE_TIME
    if resource.parent in setting.created and address.kind in addresses.IN_MARKETS:
        yield NEW_PRICE
    if resource.parent in setting.created and address.kind == addresses.REGIONAL_UNIT_PRICE:
        yield NEW_FEATURE
    if given := _ENABLING.get(_sides(change, "enabled")):
        yield given
    if given := _LIMITING.get(_sides(change, "unlimited")):
        yield given
    price = _sides(change, "overage")[1]
    if isinstance(price, Money) and price.amount and _sides(change, "unlimited")[1] is False:
        yield CHARGED


#: By whether the feature was enabled, or unlimited, and whether it is after the change.
_ENABLING: Mapping[tuple[Value, Value], Given] = {
    (False, False): DISABLED,
    (False, True): ENABLED_TOO,
    (True, False): DISABLED_TOO,
}
_LIMITING: Mapping[tuple[Value, Value], Given] = {
    (True, True): STILL_UNLIMITED,
    (True, False): LIMITED_TOO,
    (False, True): UNLIMITED_TOO,
}


def _sides(change: Change, name: str) -> tuple[Value, Value]:
    """A field before and after; of what is new or gone, the same twice."""
    before = change.after if isinstance(change, Create) else change.before
    after = change.before if isinstance(change, Delete) else change.after
    return before.fields.get(name), after.fields.get(name)


PLAN = (
    Row("", NEW, NONE, "the plan has no subscribers yet", "reference, create a plan", counts=False),
    Row(
        "",
        GONE,
        NONE,
        f"its subscribers keep it and are billed as before; {_CANCELLED}",
        "guide, when a customer changes plans",
        TODAY,
    ),
    Row(
        "",
        GONE,
        UNDOCUMENTED,
        "whether its subscribers keep it: in this version, the dashboard asked whether to cancel the "
        "subscriptions or to move them at renewal",
        "older guide, deleting a plan",
        OLDER,
    ),
    Row("visibility", ON, NONE, "any customer can choose it from now on", "reference, set visibility", counts=False),
    Row("visibility", OFF, NONE, f"its subscribers keep it; {_CANCELLED}", BILLING),
    Row("visibility", ANY, NONE, "its subscribers keep it, whatever the visibility was", BILLING, counts=False),
    *quiet("name", "description", "metadata"),
    *quiet("protect", source=LEDGER),
)


PRICE = (
    Row("", NEW, NONE, "customers can choose it from now on", "reference, add a price", counts=False),
    Row(
        "",
        GONE,
        NONE,
        "its subscribers keep it and are billed as before; new customers cannot choose it",
        CHANGES,
        TODAY,
    ),
    Row("", GONE, UNDOCUMENTED, "whether its subscribers keep it", "older guide: the price is removed", OLDER),
    Row("price", UP, RENEWAL, f"existing customers pay the higher price; {_TRIAL}", f"{CHANGES}; {TRIALS}"),
    Row("price", DOWN, RENEWAL, f"existing customers pay the lower price; {_TRIAL}", f"{CHANGES}; {TRIALS}"),
    Row(
        "price",
        ANY,
        RENEWAL,
        f"existing customers pay the price in the catalog; {_TRIAL}",
        f"{CHANGES}; {TRIALS}",
        TODAY,
    ),
    Row("price", ANY, NEW_ONLY, _BOUGHT, ONCE, counts=False, given=ONE_TIME),
    Row("trial_days", ANY, NEW_ONLY, "trials that have begun keep their end date", TRIALS, counts=False),
    Row(
        "is_default",
        ANY,
        NEW_ONLY,
        "new customers who choose no price get this one",
        "reference, set the default price",
        counts=False,
    ),
    Row("included_credits", UP, AT_ONCE, "existing customers get the larger amount", f"{BILLING}: included units"),
    Row(
        "included_credits",
        DOWN,
        RENEWAL,
        "existing customers keep the larger amount until then",
        f"{BILLING}: included units",
    ),
    Row("included_credits", ANY, UNDOCUMENTED, IT_DEPENDS, SILENT),
    Row("included_balance", ANY, NEXT, f"existing customers {_BALANCE}", BALANCES),
    *quiet("protect", source=LEDGER),
    *in_a_plan("price", "included_credits", "included_balance"),
)

REGIONAL = (
    Row("", NEW, NEW_ONLY, "existing customers keep the currency of their first payment", SKILLS, counts=False),
    Row(
        "",
        GONE,
        NEW_ONLY,
        "customers in this currency see the US dollar price; Commet refuses the deletion while a subscription "
        "depends on it",
        "reference, delete regional prices",
        TODAY,
    ),
    Row("", GONE, UNDOCUMENTED, f"what {IN_IT} are billed then", SILENT, OLDER),
    Row("price", UP, RENEWAL, f"{IN_IT} pay the higher price", CHANGES),
    Row("price", DOWN, RENEWAL, f"{IN_IT} pay the lower price", CHANGES),
    Row("price", ANY, RENEWAL, f"{IN_IT} pay the price in the catalog", CHANGES),
    Row("price", ANY, NEW_ONLY, _BOUGHT, ONCE, counts=False, given=ONE_TIME),
    Row("included_balance", ANY, NEXT, f"{IN_IT} {_BALANCE}", BALANCES),
    *quiet("protect", source=LEDGER),
    *in_a_plan("price", "included_balance"),
)

RATE = (
    Row("", NEW, NEW_ONLY, "existing customers keep the currency of their first payment", SKILLS, counts=False),
    Row(
        "rate",
        ANY,
        RENEWAL,
        "the amounts that Commet derives from it change too; each is listed separately",
        "reference, set regional pricing",
    ),
    *in_a_plan("rate", gone=False),
)
