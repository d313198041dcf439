"""Offers: trials and temporary prices that prices and promo codes may give."""

from commetctl.kinds.offers.section import OFFERS

__all__ = ["OFFERS"]
