"""Add-ons: features that customers activate on their subscriptions for a price of their own."""

from commetctl.kinds.addons.section import ADDONS

__all__ = ["ADDONS"]
