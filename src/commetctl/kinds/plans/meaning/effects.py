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

IT_DEPENDS = "it depends on what there was"
_TRIAL = "those in a trial when it ends"
IN_IT = "a customer who pays in this currency"

#: The plan is new too: nobody is on it.
NEW_PLAN = Given("with a new plan", "with a new plan")
#: The price is paid once and never again.
ONE_TIME = Given("one-time", "of a one-time price")
#: The price that the amount is of, or its variant, is new too.
NEW_PRICE = Given("with a new price", "with a new price or variant")
#: The feature is new in the plan too.
NEW_FEATURE = Given("with a new feature", "with a new feature")
#: The feature of the plan is not enabled, neither before nor after.
DISABLED = Given("disabled", "while it is not enabled")
#: The feature of the plan gets enabled too.
ENABLED_TOO = Given("with enabled", "where the feature gets enabled too")
#: The feature of the plan gets disabled too.
DISABLED_TOO = Given("with disabled", "where the feature gets disabled too")
#: The feature was unlimited, and no longer is.
LIMITED_TOO = Given("with a limit", "where `unlimited` ends too")
#: The feature becomes unlimited too.
UNLIMITED_TOO = Given("with unlimited", "where it becomes unlimited too")
#: The feature is unlimited, before and after.
STILL_UNLIMITED = Given("unlimited", "while it is unlimited")
#: What is used beyond the included amount is charged after the change.
CHARGED = Given("with overage", "where more than is included has a price")

KEPT = "existing subscriptions keep the plan version that they accepted"
_PRICES = (addresses.PRICE, addresses.REGIONAL_PRICE, *addresses.IN_MARKETS)


def in_a_plan(*fields: str, new: bool = False, gone: bool = True) -> tuple[Row, ...]:
    """The rows of a part of a plan that hold for every part: nobody is on a new plan, and plan versions keep theirs.

    With plan versions, an edit of a plan makes a new version for new purchases, whatever the API version of the client
    that made it. Each subscription keeps the version that it accepted until it is moved to another.
    """
    ways = [(field, ANY) for field in fields] + [("", NEW)] * new + [("", GONE)] * gone
    return (
        Row("", NEW, NONE, "nobody is on the plan yet", "reference, create a plan", counts=False, given=NEW_PLAN),
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
    Row("", NEW, NONE, "nobody is on it yet", "reference, create a plan", counts=False),
    Row(
        "",
        GONE,
        NONE,
        "its subscribers keep it and are billed as before; a customer who cancels cannot come back",
        "guide, when a customer changes plans",
        TODAY,
    ),
    Row(
        "",
        GONE,
        UNDOCUMENTED,
        "whether its subscribers keep it: the dashboard of that time asked whether to cancel "
        "or to move them at renewal",
        "older guide, deleting a plan",
        OLDER,
    ),
    Row("visibility", ON, NONE, "everybody can choose it from now on", "reference, set visibility", counts=False),
    Row("visibility", OFF, NONE, "its subscribers keep it; a customer who cancels cannot come back", BILLING),
    Row("visibility", ANY, NONE, "its subscribers keep it, whatever it was", BILLING, counts=False),
    *quiet("name", "description", "metadata"),
    *quiet("protect", source=LEDGER),
)


PRICE = (
    Row("", NEW, NONE, "one more price to choose", "reference, add a price", counts=False),
    Row(
        "", GONE, NONE, "its subscribers keep it and are billed what it says; nobody new can choose it", CHANGES, TODAY
    ),
    Row("", GONE, UNDOCUMENTED, "whether its subscribers keep it", "older guide: the price is removed", OLDER),
    Row("price", UP, RENEWAL, f"existing customers pay the higher price, {_TRIAL}", f"{CHANGES}; {TRIALS}"),
    Row("price", DOWN, RENEWAL, f"existing customers pay the lower price, {_TRIAL}", f"{CHANGES}; {TRIALS}"),
    Row("price", ANY, RENEWAL, f"existing customers pay what it says, {_TRIAL}", f"{CHANGES}; {TRIALS}", TODAY),
    Row(
        "price",
        ANY,
        NEW_ONLY,
        "customers who have bought it have paid once and for all",
        ONCE,
        counts=False,
        given=ONE_TIME,
    ),
    Row("trial_days", ANY, NEW_ONLY, "a trial that has begun keeps its end", TRIALS, counts=False),
    Row(
        "is_default",
        ANY,
        NEW_ONLY,
        "the price of new customers who choose none",
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
    Row(
        "included_balance",
        ANY,
        NEXT,
        "existing customers get the balance that it says when theirs is next reset, up or down",
        BALANCES,
    ),
    *quiet("protect", source=LEDGER),
    *in_a_plan("price", "included_credits", "included_balance"),
)

REGIONAL = (
    Row("", NEW, NEW_ONLY, "existing customers keep the currency of their first payment", SKILLS, counts=False),
    Row(
        "",
        GONE,
        NEW_ONLY,
        "they see the US dollar price; Commet refuses while a subscription depends on it",
        "reference, delete regional prices",
        TODAY,
    ),
    Row("", GONE, UNDOCUMENTED, f"what {IN_IT} is billed then", SILENT, OLDER),
    Row("price", UP, RENEWAL, f"{IN_IT} pays the higher price", CHANGES),
    Row("price", DOWN, RENEWAL, f"{IN_IT} pays the lower price", CHANGES),
    Row("price", ANY, RENEWAL, f"{IN_IT} pays what it says", CHANGES),
    Row(
        "price",
        ANY,
        NEW_ONLY,
        f"{IN_IT} and has bought it has paid once and for all",
        ONCE,
        counts=False,
        given=ONE_TIME,
    ),
    Row(
        "included_balance",
        ANY,
        NEXT,
        f"{IN_IT} gets the balance that it says when it is next reset, up or down",
        BALANCES,
    ),
    *quiet("protect", source=LEDGER),
    *in_a_plan("price", "included_balance"),
)

RATE = (
    Row("", NEW, NEW_ONLY, "existing customers keep the currency of their first payment", SKILLS, counts=False),
    Row(
        "rate",
        ANY,
        RENEWAL,
        "amounts that Commet derives from it move with it; each is listed by itself",
        "reference, set regional pricing",
    ),
    *in_a_plan("rate", gone=False),
)
