"""Plans: visibility, prices by interval and region, and what each plan includes."""

from commetctl.kinds.plans.section import PLANS

__all__ = ["PLANS"]
