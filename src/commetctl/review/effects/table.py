"""The table of effects: every rule that says what a change means for existing customers, with its source.

Where a rule was written down for one version only, and no source says that it was different in the other, it counts for
both. `sources.py` says what the sources are.
"""

from commetctl.review.effects.features import PLAN_FEATURE, REGIONAL_UNIT_PRICE
from commetctl.review.effects.platform import NEW_PLAN, PLAN_VERSIONS
from commetctl.review.effects.prices import PRICE, RATE, REGIONAL
from commetctl.review.effects.row import ANY, GONE, NEW, OFF, ON, Row, quiet
from commetctl.review.effects.sources import BILLING, LEDGER, NEW_ONLY, NONE, OLDER, SKILLS, TODAY, UNKNOWN

_FEATURE = (
    Row("feature", "", NEW, NONE, "no plan includes it by itself", "reference, features", counts=False),
    Row(
        "feature",
        "",
        GONE,
        NONE,
        "Commet refuses it while a plan includes it",
        "reference, feature_in_use",
        counts=False,
    ),
    *quiet("feature", "name", "description", "unit_name"),
)

_PLAN = (
    Row("plan", "", NEW, NONE, "nobody is on it yet", "reference, create a plan", counts=False),
    Row(
        "plan",
        "",
        GONE,
        NONE,
        "its subscribers keep it and are billed as before; who cancels cannot come back",
        "guide, when a customer changes plans",
        TODAY,
    ),
    Row(
        "plan",
        "",
        GONE,
        UNKNOWN,
        "whether its subscribers keep it: the dashboard of that time asked whether to cancel "
        "or to move them at renewal",
        "older guide, deleting a plan",
        OLDER,
    ),
    Row(
        "plan",
        "visibility",
        ON,
        NONE,
        "everybody can choose it from now on",
        "reference, set visibility",
        counts=False,
    ),
    Row("plan", "visibility", OFF, NONE, "its subscribers keep it; who cancels cannot come back", BILLING),
    Row("plan", "visibility", ANY, NONE, "its subscribers keep it, whatever it was", BILLING, counts=False),
    *quiet("plan", "name", "description", "metadata"),
    *quiet("plan", "protect", source=LEDGER),
)

_BOUGHT = "what was bought stays as it is"

_CREDIT_PACK = (
    Row("credit_pack", "", NEW, NONE, "one more pack to buy", "reference, create a credit pack", counts=False),
    Row(
        "credit_pack",
        "",
        GONE,
        NEW_ONLY,
        f"nobody can buy it any more; {_BOUGHT}",
        "reference, credit packs; webhooks: purchased credits never expire",
        counts=False,
    ),
    Row("credit_pack", "price", ANY, NEW_ONLY, f"for purchases from now on; {_BOUGHT}", SKILLS, counts=False),
    Row(
        "credit_pack",
        "credits",
        ANY,
        NEW_ONLY,
        f"for purchases from now on; {_BOUGHT}",
        "webhooks: purchased credits never expire",
        counts=False,
    ),
    Row(
        "credit_pack",
        "is_active",
        ON,
        NEW_ONLY,
        "it can be bought from now on",
        "reference, credit packs",
        counts=False,
    ),
    Row(
        "credit_pack",
        "is_active",
        OFF,
        NEW_ONLY,
        f"nobody can buy it any more; {_BOUGHT}",
        "reference, credit packs",
        counts=False,
    ),
    *quiet("credit_pack", "name", "description"),
)

TABLE: tuple[Row, ...] = (
    *_FEATURE,
    *_PLAN,
    *PRICE,
    *REGIONAL,
    *RATE,
    *PLAN_FEATURE,
    *REGIONAL_UNIT_PRICE,
    *_CREDIT_PACK,
    *NEW_PLAN,
    *PLAN_VERSIONS,
)
