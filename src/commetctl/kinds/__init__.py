"""The sections of the catalog, one for each top-level key of the file.

A section may refer only to sections above it: this is the order in which the account is read.
"""

from commetctl.kinds.credit_packs import CREDIT_PACKS
from commetctl.kinds.features import FEATURES
from commetctl.kinds.plans import PLANS
from commetctl.kinds.section import Section

SECTIONS: tuple[Section, ...] = (FEATURES, PLANS, CREDIT_PACKS)
