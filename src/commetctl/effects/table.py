"""The table of effects: every rule that says what a change means for existing customers, with its source.

The sources: `guide` is the documentation that the official SDK 9.7.0 carries (API version 2026-08-27), by page;
`reference` is the API reference in it; `skills` are Commet's own skills pages of April 2026; `older guide` are the
guides of spring 2026, to which API version 2026-07-11 belongs. Where a rule was written down for one version only, and
no source says that it was different in the other, it counts for both.
"""

from commetctl.core.contract import V2026_07_11, V2026_08_27
from commetctl.core.effect import When
from commetctl.effects.row import ADDED, ANY, DOWN, GONE, NEW, OFF, ON, REMOVED, UP, Given, Row

_TODAY = frozenset({V2026_08_27.version})
_OLDER = frozenset({V2026_07_11.version})

_CHANGES = "guide, pricing changes"
_BILLING = "guide, how billing works, when you make changes"
_FEATURES = "guide, when a customer changes plans, feature changes"
_TRIALS = "guide, trial periods"
_SKILLS = "skills, billing concepts"
_LABEL = "reference: no bill is made of it"
_LEDGER = "commetctl: it is kept in the plan's metadata, for commetctl itself"
_SILENT = "no source says it"
_OLDER_CHANGES = "older guide, pricing changes"
_ENABLED = f"{_FEATURES}: enable, disable"
_ONCE = "guide, one-time payments: never billed again"

_IT_DEPENDS = "it depends on what there was"

_AT_ONCE, _NEXT, _RENEWAL = When.AT_ONCE, When.NEXT_PERIOD, When.AT_RENEWAL
_NEW_ONLY, _NONE, _UNKNOWN = When.NEW_ONLY, When.NOT_AT_ALL, When.UNKNOWN


def _quiet(
    kind: str, *fields: str, text: str = "", source: str = _LABEL, given: Given | None = None
) -> tuple[Row, ...]:
    """Fields that no bill and no entitlement depends on, always or in one circumstance."""
    return tuple(Row(kind, field, ANY, _NONE, text, source, counts=False, given=given) for field in fields)


_FEATURE = (
    Row("feature", "", NEW, _NONE, "no plan includes it by itself", "reference, features", counts=False),
    Row(
        "feature",
        "",
        GONE,
        _NONE,
        "Commet refuses it while a plan includes it",
        "reference, feature_in_use",
        counts=False,
    ),
    *_quiet("feature", "name", "description", "unit_name"),
)

_PLAN = (
    Row("plan", "", NEW, _NONE, "nobody is on it yet", "reference, create a plan", counts=False),
    Row(
        "plan",
        "",
        GONE,
        _NONE,
        "its subscribers keep it and are billed as before; who cancels cannot come back",
        "guide, when a customer changes plans",
        _TODAY,
    ),
    Row(
        "plan",
        "",
        GONE,
        _UNKNOWN,
        "whether its subscribers keep it: the dashboard of that time asked whether to cancel "
        "or to move them at renewal",
        "older guide, deleting a plan",
        _OLDER,
    ),
    Row(
        "plan",
        "visibility",
        ON,
        _NONE,
        "everybody can choose it from now on",
        "reference, set visibility",
        counts=False,
    ),
    Row("plan", "visibility", OFF, _NONE, "its subscribers keep it; who cancels cannot come back", _BILLING),
    Row("plan", "visibility", ANY, _NONE, "its subscribers keep it, whatever it was", _BILLING, counts=False),
    *_quiet("plan", "name", "description", "metadata"),
    *_quiet("plan", "protect", source=_LEDGER),
)

_PRICE = (
    Row("plan_price", "", NEW, _NONE, "one more price to choose", "reference, add a price", counts=False),
    Row(
        "plan_price",
        "",
        GONE,
        _NONE,
        "its subscribers keep it and are billed what it says; nobody new can choose it",
        _CHANGES,
        _TODAY,
    ),
    Row(
        "plan_price", "", GONE, _UNKNOWN, "whether its subscribers keep it", "older guide: the price is removed", _OLDER
    ),
    Row(
        "plan_price",
        "price",
        UP,
        _RENEWAL,
        "existing customers pay the higher price; who is in a trial, at its end",
        f"{_CHANGES}; {_TRIALS}",
    ),
    Row(
        "plan_price",
        "price",
        DOWN,
        _RENEWAL,
        "existing customers pay the lower price; who is in a trial, at its end",
        f"{_CHANGES}; {_TRIALS}",
    ),
    Row(
        "plan_price",
        "price",
        ANY,
        _RENEWAL,
        "existing customers pay what it says; who is in a trial, at its end",
        f"{_CHANGES}; {_TRIALS}",
        _TODAY,
    ),
    Row(
        "plan_price",
        "price",
        ANY,
        _NEW_ONLY,
        "who has bought it has paid once and for all",
        _ONCE,
        counts=False,
        given=Given.ONE_TIME,
    ),
    Row("plan_price", "trial_days", ANY, _NEW_ONLY, "a trial that has begun keeps its end", _TRIALS, counts=False),
    Row(
        "plan_price",
        "is_default",
        ANY,
        _NEW_ONLY,
        "which price is chosen for who does not choose",
        "reference, set the default price",
        counts=False,
    ),
    Row(
        "plan_price",
        "included_credits",
        UP,
        _AT_ONCE,
        "existing customers get the larger amount",
        f"{_BILLING}: included units",
    ),
    Row(
        "plan_price",
        "included_credits",
        DOWN,
        _RENEWAL,
        "existing customers keep the larger amount until then",
        f"{_BILLING}: included units",
    ),
    Row("plan_price", "included_credits", ANY, _UNKNOWN, _IT_DEPENDS, _SILENT),
    Row("plan_price", "included_balance", UP, _AT_ONCE, "existing customers get the larger balance", _SKILLS),
    Row(
        "plan_price",
        "included_balance",
        DOWN,
        _RENEWAL,
        "existing customers keep the larger balance until then",
        _SKILLS,
    ),
    Row("plan_price", "included_balance", ANY, _UNKNOWN, _IT_DEPENDS, _SILENT),
    *_quiet("plan_price", "protect", source=_LEDGER),
)

_IN_IT = "who pays in this currency"

_REGIONAL = (
    Row(
        "regional_price",
        "",
        NEW,
        _NEW_ONLY,
        "who has paid once keeps the currency of that payment",
        _SKILLS,
        counts=False,
    ),
    Row(
        "regional_price",
        "",
        GONE,
        _NEW_ONLY,
        "they see the US dollar price; Commet refuses while a subscription depends on it",
        "reference, delete regional prices",
        _TODAY,
    ),
    Row("regional_price", "", GONE, _UNKNOWN, f"what {_IN_IT} is billed then", _SILENT, _OLDER),
    Row("regional_price", "price", UP, _RENEWAL, f"{_IN_IT} pays the higher price", _CHANGES),
    Row("regional_price", "price", DOWN, _RENEWAL, f"{_IN_IT} pays the lower price", _CHANGES),
    Row("regional_price", "price", ANY, _RENEWAL, f"{_IN_IT} pays what it says", _CHANGES),
    Row(
        "regional_price",
        "price",
        ANY,
        _NEW_ONLY,
        f"{_IN_IT} and has bought it has paid once and for all",
        _ONCE,
        counts=False,
        given=Given.ONE_TIME,
    ),
    Row("regional_price", "included_balance", UP, _AT_ONCE, f"{_IN_IT} gets the larger balance", _SKILLS),
    Row("regional_price", "included_balance", DOWN, _RENEWAL, f"{_IN_IT} keeps the larger balance until then", _SKILLS),
    Row("regional_price", "included_balance", ANY, _UNKNOWN, _IT_DEPENDS, _SILENT),
    *_quiet("regional_price", "protect", source=_LEDGER),
)

_RATE = (
    Row(
        "exchange_rate",
        "",
        NEW,
        _NEW_ONLY,
        "who has paid once keeps the currency of that payment",
        _SKILLS,
        counts=False,
    ),
    Row(
        "exchange_rate",
        "rate",
        ANY,
        _RENEWAL,
        "amounts that Commet derives from it move with it; each is listed by itself",
        "reference, set regional pricing",
    ),
)

_UNIT_DOWN = "this period is billed at the lower unit price already"
_UNIT_UP = "existing customers pay the higher unit price"

_PLAN_FEATURE = (
    Row("plan_feature", "", NEW, _AT_ONCE, "existing customers get it", _FEATURES),
    Row(
        "plan_feature",
        "",
        NEW,
        _NONE,
        "it is not enabled, so nobody gets it",
        _ENABLED,
        counts=False,
        given=Given.DISABLED,
    ),
    Row("plan_feature", "", GONE, _RENEWAL, "existing customers keep it until then", _FEATURES),
    Row(
        "plan_feature",
        "",
        GONE,
        _NONE,
        "it was not enabled, so nobody loses it",
        _ENABLED,
        counts=False,
        given=Given.DISABLED,
    ),
    Row("plan_feature", "enabled", ON, _AT_ONCE, "existing customers get it", _FEATURES),
    Row("plan_feature", "enabled", OFF, _RENEWAL, "existing customers keep it until then", _FEATURES),
    Row("plan_feature", "enabled", ANY, _UNKNOWN, _IT_DEPENDS, _FEATURES),
    Row("plan_feature", "included_amount", UP, _AT_ONCE, "existing customers get the larger amount", _FEATURES),
    Row(
        "plan_feature",
        "included_amount",
        DOWN,
        _RENEWAL,
        "existing customers keep the larger amount until then",
        _FEATURES,
    ),
    Row("plan_feature", "included_amount", ANY, _UNKNOWN, _IT_DEPENDS, _FEATURES),
    Row("plan_feature", "unlimited", ON, _AT_ONCE, "existing customers are limited no more", _FEATURES),
    Row("plan_feature", "unlimited", OFF, _RENEWAL, "existing customers have it without limit until then", _FEATURES),
    Row("plan_feature", "unlimited", ANY, _UNKNOWN, _IT_DEPENDS, _FEATURES),
    Row(
        "plan_feature",
        "overage",
        ADDED,
        _UNKNOWN,
        "from when existing customers pay for more than is included, instead of being stopped there",
        _SILENT,
    ),
    Row(
        "plan_feature",
        "overage",
        REMOVED,
        _UNKNOWN,
        "from when existing customers are stopped at what is included, instead of paying for more",
        _SILENT,
    ),
    Row("plan_feature", "overage", UP, _NEXT, _UNIT_UP, _CHANGES),
    Row("plan_feature", "overage", DOWN, _AT_ONCE, _UNIT_DOWN, _CHANGES, _TODAY),
    Row("plan_feature", "overage", DOWN, _NEXT, "existing customers pay the lower unit price", _OLDER_CHANGES, _OLDER),
    Row("plan_feature", "overage", ANY, _UNKNOWN, _IT_DEPENDS, _CHANGES),
    Row("plan_feature", "credits_per_unit", ADDED, _UNKNOWN, "from when a unit takes credits", _SILENT),
    Row("plan_feature", "credits_per_unit", REMOVED, _UNKNOWN, "what a unit takes then, and from when", _SILENT),
    Row("plan_feature", "credits_per_unit", UP, _RENEWAL, "a unit takes more credits", _SKILLS),
    Row("plan_feature", "credits_per_unit", DOWN, _AT_ONCE, "a unit takes fewer credits", _SKILLS),
    Row(
        "plan_feature",
        "credits_per_unit",
        ANY,
        _UNKNOWN,
        "at once if it falls, at renewal if it rises: what it was is not known",
        _SKILLS,
    ),
    # What an amount or a price is beside an `unlimited` that changes: the row of `unlimited` says it all.
    *_quiet("plan_feature", "included_amount", "overage", source=_FEATURES, given=Given.UNLIMITED_TOO),
    *_quiet(
        "plan_feature",
        *("included_amount", "unlimited", "overage", "credits_per_unit"),
        text="it is not enabled",
        source=_ENABLED,
        given=Given.DISABLED,
    ),
    # Both are fixed once created: what is known is only found out, and what is known to differ is blocked.
    *_quiet("plan_feature", "pricing_mode", "margin_percent", source="commetctl: it finds out what Commet has"),
    *_quiet("plan_feature", "protect", source=_LEDGER),
)

_REGIONAL_UNIT_PRICE = (
    Row("regional_unit_price", "", NEW, _UNKNOWN, f"from when {_IN_IT} pays it", _SILENT),
    Row("regional_unit_price", "", GONE, _UNKNOWN, f"what {_IN_IT} pays then", _SILENT),
    Row("regional_unit_price", "unit_price", UP, _NEXT, f"{_IN_IT} pays the higher unit price", _CHANGES),
    Row(
        "regional_unit_price",
        "unit_price",
        DOWN,
        _AT_ONCE,
        f"{_IN_IT} has this period billed at the lower unit price already",
        _CHANGES,
        _TODAY,
    ),
    Row(
        "regional_unit_price", "unit_price", DOWN, _NEXT, f"{_IN_IT} pays the lower unit price", _OLDER_CHANGES, _OLDER
    ),
    Row("regional_unit_price", "unit_price", ANY, _NEXT, f"{_IN_IT} pays what it says", _CHANGES),
)

_BOUGHT = "what was bought stays as it is"

_CREDIT_PACK = (
    Row("credit_pack", "", NEW, _NONE, "one more pack to buy", "reference, create a credit pack", counts=False),
    Row(
        "credit_pack",
        "",
        GONE,
        _NEW_ONLY,
        f"nobody can buy it any more; {_BOUGHT}",
        "reference, credit packs; webhooks: purchased credits never expire",
        counts=False,
    ),
    Row("credit_pack", "price", ANY, _NEW_ONLY, f"for purchases from now on; {_BOUGHT}", _SKILLS, counts=False),
    Row(
        "credit_pack",
        "credits",
        ANY,
        _NEW_ONLY,
        f"for purchases from now on; {_BOUGHT}",
        "webhooks: purchased credits never expire",
        counts=False,
    ),
    Row(
        "credit_pack",
        "is_active",
        ON,
        _NEW_ONLY,
        "it can be bought from now on",
        "reference, credit packs",
        counts=False,
    ),
    Row(
        "credit_pack",
        "is_active",
        OFF,
        _NEW_ONLY,
        f"nobody can buy it any more; {_BOUGHT}",
        "reference, credit packs",
        counts=False,
    ),
    *_quiet("credit_pack", "name", "description"),
)

TABLE: tuple[Row, ...] = (
    *_FEATURE,
    *_PLAN,
    *_PRICE,
    *_REGIONAL,
    *_RATE,
    *_PLAN_FEATURE,
    *_REGIONAL_UNIT_PRICE,
    *_CREDIT_PACK,
)
