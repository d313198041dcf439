"""Promo codes: what customers enter at a checkout to get an offer."""

from commetctl.kinds.promo_codes.section import PROMO_CODES

__all__ = ["PROMO_CODES"]
