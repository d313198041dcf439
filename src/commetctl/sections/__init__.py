"""The sections of the catalog, one for each top-level key of the file.

A section may refer only to sections above it: this is the order in which the account is read.
"""

from commetctl.sections.credit_packs import CREDIT_PACKS
from commetctl.sections.features import FEATURES
from commetctl.sections.plans import PLANS
from commetctl.sections.section import Section

SECTIONS: tuple[Section, ...] = (FEATURES, PLANS, CREDIT_PACKS)
