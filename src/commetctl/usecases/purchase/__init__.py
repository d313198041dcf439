"""Buying a declared credit pack for a subscription: what is quoted, the charge, and the proof that it was right."""

from commetctl.usecases.purchase.charge import Doubt, Purchase, buy, check_consent, doubts
from commetctl.usecases.purchase.quote import Quote, quote

__all__ = ["Doubt", "Purchase", "Quote", "buy", "check_consent", "doubts", "quote"]
