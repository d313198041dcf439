"""Plan groups: plans between which customers switch by themselves, in the order of the upgrade path."""

from commetctl.kinds.plan_groups.section import PLAN_GROUPS

__all__ = ["PLAN_GROUPS"]
