"""The rows of what nobody has yet, and of a Commet that has switched to plan versions.

With plan versions, an edit of a plan makes a new version for new purchases. Each subscription keeps the version that it
accepted until it is moved to another, whatever the API version of the client that made the edit.
"""

from commetctl.kinds.plans import addresses
from commetctl.review.effects.row import ANY, GONE, NEW, Given, Row, Way
from commetctl.review.effects.sources import NEW_ONLY, NONE, UNKNOWN, VERSIONS

_NOBODY, _CREATED = "nobody is on the plan yet", "reference, create a plan"
_KEPT = "existing subscriptions keep the plan version that they accepted"
_OLD_PACKS = "whether it reaches the packs of plan versions that exist already"

#: What is edited in a plan, by kind; what no bill depends on is not among it.
_EDITED = {
    addresses.PRICE: ("price", "included_credits", "included_balance"),
    addresses.REGIONAL_PRICE: ("price", "included_balance"),
    addresses.EXCHANGE_RATE: ("rate",),
    addresses.FEATURE: ("enabled", "included_amount", "unlimited", "overage", "credits_per_unit"),
    addresses.REGIONAL_UNIT_PRICE: ("unit_price",),
}

NEW_PLAN = tuple(Row(kind, "", NEW, NONE, _NOBODY, _CREATED, counts=False, given=Given.NEW_PLAN) for kind in _EDITED)


def _kept(kind: str, field: str, way: Way) -> Row:
    return Row(kind, field, way, NEW_ONLY, _KEPT, VERSIONS, counts=False, given=Given.PLAN_VERSIONS)


PLAN_VERSIONS = (
    *(_kept(kind, field, ANY) for kind, fields in _EDITED.items() for field in fields),
    *(_kept(kind, "", NEW) for kind in (addresses.FEATURE, addresses.REGIONAL_UNIT_PRICE)),
    *(_kept(kind, "", GONE) for kind in _EDITED if kind != addresses.EXCHANGE_RATE),
    Row(
        "credit_pack",
        "",
        NEW,
        NEW_ONLY,
        "nobody can buy it until a plan version contains it, which commetctl does not publish",
        VERSIONS,
        counts=False,
        given=Given.PLAN_VERSIONS,
    ),
    *(
        Row("credit_pack", field, way, UNKNOWN, _OLD_PACKS, VERSIONS, counts=False, given=Given.PLAN_VERSIONS)
        for field, way in (("", GONE), ("price", ANY), ("credits", ANY), ("is_active", ANY))
    ),
)
