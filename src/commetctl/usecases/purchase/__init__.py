"""Buying a declared credit pack for a subscription: what is offered, the charge, and the proof that it was right."""

from commetctl.usecases.purchase.charge import Doubt, Purchase, buy, check_consent, doubts
from commetctl.usecases.purchase.offer import Offer, offer

__all__ = ["Doubt", "Offer", "Purchase", "buy", "check_consent", "doubts", "offer"]
