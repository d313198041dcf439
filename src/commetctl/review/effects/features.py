"""The rows of features in plans, and of their unit prices in other currencies."""

from commetctl.review.effects.row import ADDED, ANY, DOWN, GONE, NEW, OFF, ON, REMOVED, UP, Given, Row, quiet
from commetctl.review.effects.sources import (
    AT_ONCE,
    CHANGES,
    ENABLED,
    FEATURES,
    IN_IT,
    IT_DEPENDS,
    LEDGER,
    NEXT,
    NONE,
    OLDER,
    OLDER_CHANGES,
    RENEWAL,
    SILENT,
    SKILLS,
    TODAY,
    UNKNOWN,
    UNLIMITED,
)

_UNIT_DOWN = "this period is billed at the lower unit price already"
_UNIT_UP = "existing customers pay the higher unit price"

_PAY = "pay for more than is included"
_AS_IT_IS = "existing customers get the feature as it is after the change"
_GONE_BY_THEN = "the feature is disabled before this takes effect"

#: A feature that gets enabled is there at once, with everything that it has after the change.
_ENABLED_TOO = (
    Row("plan_feature", "included_amount", ANY, AT_ONCE, _AS_IT_IS, ENABLED, given=Given.ENABLED_TOO),
    Row("plan_feature", "unlimited", ANY, AT_ONCE, _AS_IT_IS, ENABLED, given=Given.ENABLED_TOO),
    Row("plan_feature", "credits_per_unit", ANY, AT_ONCE, _AS_IT_IS, ENABLED, given=Given.ENABLED_TOO),
    Row("plan_feature", "overage", ANY, AT_ONCE, f"{_AS_IT_IS}, and {_PAY}", ENABLED, given=Given.ENABLED_TOO),
    Row("plan_feature", "overage", REMOVED, AT_ONCE, _AS_IT_IS, ENABLED, given=Given.ENABLED_TOO),
)

#: What would reach customers at renewal comes too late for a feature that they have until then only.
_DISABLED_TOO = tuple(
    Row("plan_feature", field, way, NONE, _GONE_BY_THEN, ENABLED, counts=False, given=Given.DISABLED_TOO)
    for field, way in (("included_amount", DOWN), ("unlimited", OFF), ("overage", UP), ("credits_per_unit", UP))
)

_LIMITED_TOO = (
    Row(
        "plan_feature",
        "included_amount",
        ANY,
        RENEWAL,
        "existing customers have it without limit until then, and this amount after",
        UNLIMITED,
        given=Given.LIMITED_TOO,
    ),
    Row(
        "plan_feature",
        "overage",
        ANY,
        RENEWAL,
        f"existing customers pay nothing for more until then, and {_PAY} after",
        UNLIMITED,
        given=Given.LIMITED_TOO,
    ),
    Row(
        "plan_feature",
        "overage",
        REMOVED,
        NONE,
        "nobody pays it while the feature is unlimited",
        UNLIMITED,
        counts=False,
        given=Given.LIMITED_TOO,
    ),
)

_UNLIMITED_TOO = (
    Row(
        "plan_feature",
        "overage",
        REMOVED,
        AT_ONCE,
        "existing customers pay nothing for more: the feature is unlimited",
        UNLIMITED,
        given=Given.UNLIMITED_TOO,
    ),
    *quiet(
        "plan_feature",
        *("included_amount", "overage"),
        text="the feature is unlimited",
        source=UNLIMITED,
        given=Given.UNLIMITED_TOO,
    ),
    *quiet(
        "plan_feature",
        *("included_amount", "overage"),
        text="the feature is unlimited",
        source=UNLIMITED,
        given=Given.UNLIMITED,
    ),
)

PLAN_FEATURE = (
    Row("plan_feature", "", NEW, AT_ONCE, "existing customers get it", FEATURES),
    Row(
        "plan_feature",
        "",
        NEW,
        NONE,
        "it is not enabled, so nobody gets it",
        ENABLED,
        counts=False,
        given=Given.DISABLED,
    ),
    Row(
        "plan_feature",
        "",
        NEW,
        AT_ONCE,
        f"existing customers get it, and {_PAY}",
        FEATURES,
        given=Given.CHARGED,
    ),
    Row("plan_feature", "", GONE, RENEWAL, "existing customers keep it until then", FEATURES),
    Row(
        "plan_feature",
        "",
        GONE,
        NONE,
        "it was not enabled, so nobody loses it",
        ENABLED,
        counts=False,
        given=Given.DISABLED,
    ),
    Row("plan_feature", "enabled", ON, AT_ONCE, "existing customers get it", FEATURES),
    Row("plan_feature", "enabled", ON, AT_ONCE, f"existing customers get it, and {_PAY}", ENABLED, given=Given.CHARGED),
    Row("plan_feature", "enabled", OFF, RENEWAL, "existing customers keep it until then", FEATURES),
    Row("plan_feature", "enabled", ANY, UNKNOWN, IT_DEPENDS, FEATURES),
    Row("plan_feature", "included_amount", UP, AT_ONCE, "existing customers get the larger amount", FEATURES),
    Row(
        "plan_feature",
        "included_amount",
        DOWN,
        RENEWAL,
        "existing customers keep the larger amount until then",
        FEATURES,
    ),
    Row("plan_feature", "included_amount", ANY, UNKNOWN, IT_DEPENDS, FEATURES),
    Row("plan_feature", "unlimited", ON, AT_ONCE, "existing customers no longer have a limit", FEATURES),
    Row("plan_feature", "unlimited", OFF, RENEWAL, "existing customers have it without limit until then", FEATURES),
    Row(
        "plan_feature",
        "unlimited",
        OFF,
        RENEWAL,
        f"existing customers have it without limit until then, and {_PAY} after",
        UNLIMITED,
        given=Given.CHARGED,
    ),
    Row("plan_feature", "unlimited", ANY, UNKNOWN, IT_DEPENDS, FEATURES),
    Row(
        "plan_feature",
        "overage",
        ADDED,
        UNKNOWN,
        "from when existing customers pay for more than is included, instead of being stopped there",
        SILENT,
    ),
    Row(
        "plan_feature",
        "overage",
        REMOVED,
        UNKNOWN,
        "from when existing customers are stopped at what is included, instead of paying for more",
        SILENT,
    ),
    Row("plan_feature", "overage", UP, NEXT, _UNIT_UP, CHANGES),
    Row("plan_feature", "overage", DOWN, AT_ONCE, _UNIT_DOWN, CHANGES, TODAY),
    Row("plan_feature", "overage", DOWN, NEXT, "existing customers pay the lower unit price", OLDER_CHANGES, OLDER),
    Row("plan_feature", "overage", ANY, UNKNOWN, IT_DEPENDS, CHANGES),
    Row("plan_feature", "credits_per_unit", ADDED, UNKNOWN, "from when a unit takes credits", SILENT),
    Row("plan_feature", "credits_per_unit", REMOVED, UNKNOWN, "what a unit takes then, and from when", SILENT),
    Row("plan_feature", "credits_per_unit", UP, RENEWAL, "a unit takes more credits", SKILLS),
    Row("plan_feature", "credits_per_unit", DOWN, AT_ONCE, "a unit takes fewer credits", SKILLS),
    Row(
        "plan_feature",
        "credits_per_unit",
        ANY,
        UNKNOWN,
        "at once if it falls, at renewal if it rises: what it was is not known",
        SKILLS,
    ),
    *_ENABLED_TOO,
    *_DISABLED_TOO,
    *_LIMITED_TOO,
    *_UNLIMITED_TOO,
    *quiet(
        "plan_feature",
        *("included_amount", "unlimited", "overage", "credits_per_unit"),
        text="it is not enabled",
        source=ENABLED,
        given=Given.DISABLED,
    ),
    # Both are fixed once created: what is known is only found out, and what is known to differ is blocked.
    *quiet("plan_feature", "pricing_mode", "margin_percent", source="commetctl: it finds out what Commet has"),
    *quiet("plan_feature", "protect", source=LEDGER),
)

REGIONAL_UNIT_PRICE = (
    Row("regional_unit_price", "", NEW, UNKNOWN, f"from when {IN_IT} pays it", SILENT),
    Row(
        "regional_unit_price",
        "",
        NEW,
        AT_ONCE,
        f"{IN_IT} gets the feature, and pays it for more than is included",
        FEATURES,
        given=Given.NEW_FEATURE,
    ),
    Row("regional_unit_price", "", GONE, UNKNOWN, f"what {IN_IT} pays then", SILENT),
    Row("regional_unit_price", "unit_price", UP, NEXT, f"{IN_IT} pays the higher unit price", CHANGES),
    Row(
        "regional_unit_price",
        "unit_price",
        DOWN,
        AT_ONCE,
        f"{IN_IT} has this period billed at the lower unit price already",
        CHANGES,
        TODAY,
    ),
    Row("regional_unit_price", "unit_price", DOWN, NEXT, f"{IN_IT} pays the lower unit price", OLDER_CHANGES, OLDER),
    Row("regional_unit_price", "unit_price", ANY, NEXT, f"{IN_IT} pays what it says", CHANGES),
)
