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

_UNIT_DOWN = "this period is billed at the lower unit price already"
_UNIT_UP = "existing customers pay the higher unit price"

_PAY = "pay for more than is included"
_AS_IT_IS = "existing customers get the feature as it is after the change"
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
        "existing customers have it without limit until then, and this amount after",
        UNLIMITED,
        given=LIMITED_TOO,
    ),
    Row(
        "overage",
        ANY,
        RENEWAL,
        f"existing customers pay nothing for more until then, and {_PAY} after",
        UNLIMITED,
        given=LIMITED_TOO,
    ),
    Row(
        "overage",
        REMOVED,
        NONE,
        "nobody pays it while the feature is unlimited",
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
        "existing customers pay nothing for more: the feature is unlimited",
        UNLIMITED,
        given=UNLIMITED_TOO,
    ),
    *quiet(*("included_amount", "overage"), text="the feature is unlimited", source=UNLIMITED, given=UNLIMITED_TOO),
    *quiet(*("included_amount", "overage"), text="the feature is unlimited", source=UNLIMITED, given=STILL_UNLIMITED),
)

PLAN_FEATURE = (
    Row("", NEW, AT_ONCE, "existing customers get it", FEATURES),
    Row("", NEW, NONE, "it is not enabled, so nobody gets it", ENABLED, counts=False, given=DISABLED),
    Row("", NEW, AT_ONCE, f"existing customers get it, and {_PAY}", FEATURES, given=CHARGED),
    Row("", GONE, RENEWAL, "existing customers keep it until then", FEATURES),
    Row("", GONE, NONE, "it was not enabled, so nobody loses it", ENABLED, counts=False, given=DISABLED),
    Row(
        "",
        REPLACED,
        UNDOCUMENTED,
        "whether the feature that is added again is theirs past the renewal, and whether what they used of it in this "
        "period still counts",
        SILENT,
    ),
    Row("", REPLACED, NONE, "it is not enabled, so nobody has it", ENABLED, counts=False, given=DISABLED),
    Row("enabled", ON, AT_ONCE, "existing customers get it", FEATURES),
    Row("enabled", ON, AT_ONCE, f"existing customers get it, and {_PAY}", ENABLED, given=CHARGED),
    Row("enabled", OFF, RENEWAL, "existing customers keep it until then", FEATURES),
    Row("enabled", ANY, UNDOCUMENTED, IT_DEPENDS, FEATURES),
    Row("included_amount", UP, AT_ONCE, "existing customers get the larger amount", FEATURES),
    Row("included_amount", DOWN, RENEWAL, "existing customers keep the larger amount until then", FEATURES),
    Row("included_amount", ANY, UNDOCUMENTED, IT_DEPENDS, FEATURES),
    Row("unlimited", ON, AT_ONCE, "existing customers no longer have a limit", FEATURES),
    Row("unlimited", OFF, RENEWAL, "existing customers have it without limit until then", FEATURES),
    Row(
        "unlimited",
        OFF,
        RENEWAL,
        f"existing customers have it without limit until then, and {_PAY} after",
        UNLIMITED,
        given=CHARGED,
    ),
    Row("unlimited", ANY, UNDOCUMENTED, IT_DEPENDS, FEATURES),
    Row(
        "overage",
        ADDED,
        UNDOCUMENTED,
        "from when existing customers pay for more than is included, instead of being stopped there",
        SILENT,
    ),
    Row(
        "overage",
        REMOVED,
        UNDOCUMENTED,
        "from when existing customers are stopped at what is included, instead of paying for more",
        SILENT,
    ),
    Row("overage", UP, NEXT, _UNIT_UP, CHANGES),
    Row("overage", DOWN, AT_ONCE, _UNIT_DOWN, CHANGES, TODAY),
    Row("overage", DOWN, NEXT, "existing customers pay the lower unit price", OLDER_CHANGES, OLDER),
    Row("overage", ANY, UNDOCUMENTED, IT_DEPENDS, CHANGES),
    Row("credits_per_unit", ADDED, UNDOCUMENTED, "from when a unit takes credits", SILENT),
    Row("credits_per_unit", REMOVED, UNDOCUMENTED, "what a unit takes then, and from when", SILENT),
    Row("credits_per_unit", UP, RENEWAL, "a unit takes more credits", SKILLS),
    Row("credits_per_unit", DOWN, AT_ONCE, "a unit takes fewer credits", SKILLS),
    Row(
        "credits_per_unit",
        ANY,
        UNDOCUMENTED,
        "at once if it falls, at renewal if it rises: what it was is not known",
        SKILLS,
    ),
    *_ENABLED_TOO,
    *_DISABLED_TOO,
    *_LIMITED_TOO,
    *_UNLIMITED_TOO,
    *quiet(
        *("included_amount", "unlimited", "overage", "credits_per_unit"),
        text="it is not enabled",
        source=ENABLED,
        given=DISABLED,
    ),
    # Both are fixed once created: what is unknown is found out, and what is known to differ is blocked or replaced.
    *quiet("pricing_mode", "margin_percent", source="commetctl: it finds out what Commet has"),
    *quiet("protect", source=LEDGER),
    Row("", REPLACED, NEW_ONLY, KEPT, VERSIONS, counts=False, given=PLAN_VERSIONS),
    *in_a_plan("enabled", "included_amount", "unlimited", "overage", "credits_per_unit", new=True),
)

REGIONAL_UNIT_PRICE = (
    Row("", NEW, UNDOCUMENTED, f"from when {IN_IT} pays it", SILENT),
    Row(
        "",
        NEW,
        AT_ONCE,
        f"{IN_IT} gets the feature, and pays it for more than is included",
        FEATURES,
        given=NEW_FEATURE,
    ),
    Row("", GONE, UNDOCUMENTED, f"what {IN_IT} pays then", SILENT),
    Row("unit_price", UP, NEXT, f"{IN_IT} pays the higher unit price", CHANGES),
    Row("unit_price", DOWN, AT_ONCE, f"{IN_IT} has this period billed at the lower unit price already", CHANGES, TODAY),
    Row("unit_price", DOWN, NEXT, f"{IN_IT} pays the lower unit price", OLDER_CHANGES, OLDER),
    Row("unit_price", ANY, NEXT, f"{IN_IT} pays what it says", CHANGES),
    *in_a_plan("unit_price", new=True),
)
