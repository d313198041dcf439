"""What changes of the features of a plan, and of their unit prices, mean for existing customers."""

from commetctl.kinds.effects import (
    ADDED,
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
    REMOVED,
    RENEWAL,
    REPLACED,
    SILENT,
    SKILLS,
    TODAY,
    UNDOCUMENTED,
    UP,
    VERSIONS,
    Row,
    quiet,
)
from commetctl.kinds.plans.meaning.effects import (
    CHANGES,
    CHARGED,
    DISABLED,
    DISABLED_TOO,
    ENABLED,
    ENABLED_TOO,
    FEATURES,
    IN_IT,
    IT_DEPENDS,
    KEPT,
    LIMITED_TOO,
    NEW_FEATURE,
    OLDER_CHANGES,
    STILL_UNLIMITED,
    UNLIMITED,
    UNLIMITED_TOO,
    in_a_plan,
)

_UNIT_DOWN = "existing customers already pay the lower unit price in the current period"
_UNIT_UP = "existing customers pay the higher unit price"

_PAY = "pay overage"
_AS_IT_IS = "existing customers get the feature with its new settings"
_GONE_BY_THEN = "the feature is disabled before this takes effect"

#: A feature that gets enabled is there at once, with everything that it has after the change.
_ENABLED_TOO = (
    Row("included_amount", ANY, AT_ONCE, _AS_IT_IS, ENABLED, given=ENABLED_TOO),
    Row("unlimited", ANY, AT_ONCE, _AS_IT_IS, ENABLED, given=ENABLED_TOO),
    Row("credits_per_unit", ANY, AT_ONCE, _AS_IT_IS, ENABLED, given=ENABLED_TOO),
    Row("overage", ANY, AT_ONCE, f"{_AS_IT_IS}, and {_PAY}", ENABLED, given=ENABLED_TOO),
    Row("overage", REMOVED, AT_ONCE, _AS_IT_IS, ENABLED, given=ENABLED_TOO),
)

#: A change that takes effect at renewal does not apply to a feature that customers lose by then.
_DISABLED_TOO = tuple(
    Row(field, way, NONE, _GONE_BY_THEN, ENABLED, counts=False, given=DISABLED_TOO)
    for field, way in (("included_amount", DOWN), ("unlimited", OFF), ("overage", UP), ("credits_per_unit", UP))
)

_LIMITED_TOO = (
    Row(
        "included_amount",
        ANY,
        RENEWAL,
        "the feature stays unlimited for existing customers until then; after that they get this amount",
        UNLIMITED,
        given=LIMITED_TOO,
    ),
    Row(
        "overage",
        ANY,
        RENEWAL,
        f"existing customers pay no overage until then, and {_PAY} after that",
        UNLIMITED,
        given=LIMITED_TOO,
    ),
    Row(
        "overage",
        REMOVED,
        NONE,
        "no customer pays overage while the feature is unlimited",
        UNLIMITED,
        counts=False,
        given=LIMITED_TOO,
    ),
)

_UNLIMITED_TOO = (
    Row(
        "overage",
        REMOVED,
        AT_ONCE,
        "existing customers no longer pay overage: the feature is unlimited",
        UNLIMITED,
        given=UNLIMITED_TOO,
    ),
    *quiet(*("included_amount", "overage"), text="the feature is unlimited", source=UNLIMITED, given=UNLIMITED_TOO),
    *quiet(*("included_amount", "overage"), text="the feature is unlimited", source=UNLIMITED, given=STILL_UNLIMITED),
)

PLAN_FEATURE = (
    Row("", NEW, AT_ONCE, "existing customers get it", FEATURES),
    Row("", NEW, NONE, "the feature is disabled, so no customer gets it", ENABLED, counts=False, given=DISABLED),
    Row("", NEW, AT_ONCE, f"existing customers get it, and {_PAY}", FEATURES, given=CHARGED),
    Row("", GONE, RENEWAL, "existing customers keep it until then", FEATURES),
    Row("", GONE, NONE, "the feature was disabled, so no customer loses it", ENABLED, counts=False, given=DISABLED),
    Row(
        "",
        REPLACED,
        UNDOCUMENTED,
        "whether customers keep the feature after the renewal once it is added again, and whether their usage in "
        "this period still counts",
        SILENT,
    ),
    Row("", REPLACED, NONE, "the feature is disabled, so no customer has it", ENABLED, counts=False, given=DISABLED),
    Row("enabled", ON, AT_ONCE, "existing customers get it", FEATURES),
    Row("enabled", ON, AT_ONCE, f"existing customers get it, and {_PAY}", ENABLED, given=CHARGED),
    Row("enabled", OFF, RENEWAL, "existing customers keep it until then", FEATURES),
    Row("enabled", ANY, UNDOCUMENTED, IT_DEPENDS, FEATURES),
    Row("included_amount", UP, AT_ONCE, "existing customers get the larger amount", FEATURES),
    Row("included_amount", DOWN, RENEWAL, "existing customers keep the larger amount until then", FEATURES),
    Row("included_amount", ANY, UNDOCUMENTED, IT_DEPENDS, FEATURES),
    Row("unlimited", ON, AT_ONCE, "existing customers no longer have a limit", FEATURES),
    Row("unlimited", OFF, RENEWAL, "the feature stays unlimited for existing customers until then", FEATURES),
    Row(
        "unlimited",
        OFF,
        RENEWAL,
        f"the feature stays unlimited for existing customers until then; after that they {_PAY}",
        UNLIMITED,
        given=CHARGED,
    ),
    Row("unlimited", ANY, UNDOCUMENTED, IT_DEPENDS, FEATURES),
    Row(
        "overage",
        ADDED,
        UNDOCUMENTED,
        "when existing customers start to pay overage instead of being stopped at the included amount",
        SILENT,
    ),
    Row(
        "overage",
        REMOVED,
        UNDOCUMENTED,
        "when existing customers are stopped at the included amount instead of paying overage",
        SILENT,
    ),
    Row("overage", UP, NEXT, _UNIT_UP, CHANGES),
    Row("overage", DOWN, AT_ONCE, _UNIT_DOWN, CHANGES, TODAY),
    Row("overage", DOWN, NEXT, "existing customers pay the lower unit price", OLDER_CHANGES, OLDER),
    Row("overage", ANY, UNDOCUMENTED, IT_DEPENDS, CHANGES),
    Row("credits_per_unit", ADDED, UNDOCUMENTED, "when units start to cost credits", SILENT),
    Row("credits_per_unit", REMOVED, UNDOCUMENTED, "what a unit costs then, and from when", SILENT),
    Row("credits_per_unit", UP, RENEWAL, "a unit costs more credits", SKILLS),
    Row("credits_per_unit", DOWN, AT_ONCE, "a unit costs fewer credits", SKILLS),
    Row(
        "credits_per_unit",
        ANY,
        UNDOCUMENTED,
        "at once if it falls, at renewal if it rises: the previous value is not known",
        SKILLS,
    ),
    *_ENABLED_TOO,
    *_DISABLED_TOO,
    *_LIMITED_TOO,
    *_UNLIMITED_TOO,
    *quiet(
        *("included_amount", "unlimited", "overage", "credits_per_unit"),
        text="the feature is disabled",
        source=ENABLED,
        given=DISABLED,
    ),
    # Both are fixed once created: what is unknown is found out, and what is known to differ is blocked or replaced.
    *quiet("pricing_mode", "margin_percent", source="commetctl: it reads what Commet has"),
    *quiet("protect", source=LEDGER),
    Row("", REPLACED, NEW_ONLY, KEPT, VERSIONS, counts=False, given=PLAN_VERSIONS),
    *in_a_plan("enabled", "included_amount", "unlimited", "overage", "credits_per_unit", new=True),
)

REGIONAL_UNIT_PRICE = (
    Row("", NEW, UNDOCUMENTED, f"when {IN_IT} start to pay it", SILENT),
    Row(
        "",
        NEW,
        AT_ONCE,
        f"{IN_IT} get the feature, and pay this price for overage",
        FEATURES,
        given=NEW_FEATURE,
    ),
    Row("", GONE, UNDOCUMENTED, f"what {IN_IT} pay then", SILENT),
    Row("unit_price", UP, NEXT, f"{IN_IT} pay the higher unit price", CHANGES),
    Row("unit_price", DOWN, AT_ONCE, f"{IN_IT} already pay the lower unit price in the current period", CHANGES, TODAY),
    Row("unit_price", DOWN, NEXT, f"{IN_IT} pay the lower unit price", OLDER_CHANGES, OLDER),
    Row("unit_price", ANY, NEXT, f"{IN_IT} pay the price in the catalog", CHANGES),
    *in_a_plan("unit_price", new=True),
)
