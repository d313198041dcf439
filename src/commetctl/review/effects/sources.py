"""Who says what a change means: the names of the sources, and the words that rows have in common.

`guide` is the documentation that the official SDK 9.7.0 carries (API version 2026-08-27), by page; `reference` is the
API reference in it; `skills` are Commet's own skills pages of April 2026, or of July 2026 where that is said; `older
guide` are the guides of spring 2026, to which API version 2026-07-11 belongs; `plan versions` is the guide on API
version 2026-10-04.
"""

from commetctl.core.contract import V2026_07_11, V2026_08_27
from commetctl.core.review import When

TODAY = frozenset({V2026_08_27.version})
OLDER = frozenset({V2026_07_11.version})

CHANGES = "guide, pricing changes"
BILLING = "guide, how billing works, when you make changes"
FEATURES = "guide, when a customer changes plans, feature changes"
TRIALS = "guide, trial periods"
SKILLS = "skills, billing concepts"
BALANCES = "skills of July 2026, balance model"
VERSIONS = "plan versions, two intentional behavior changes"
LEDGER = "commetctl: it is kept in the plan's metadata, for commetctl itself"
SILENT = "no source says it"
OLDER_CHANGES = "older guide, pricing changes"
ENABLED = f"{FEATURES}: enable, disable"
UNLIMITED = f"{FEATURES}: make it unlimited, reduce what is included"
ONCE = "guide, one-time payments: never billed again"

IT_DEPENDS = "it depends on what there was"
IN_IT = "a customer who pays in this currency"

AT_ONCE, NEXT, RENEWAL = When.AT_ONCE, When.NEXT_PERIOD, When.AT_RENEWAL
NEW_ONLY, NONE, UNKNOWN = When.NEW_ONLY, When.NOT_AT_ALL, When.UNKNOWN
