"""Credit packs: credits for sale, which Commet knows by name and id only, and lists only while they are active."""

from commetctl.kinds.credit_packs.section import CREDIT_PACKS

__all__ = ["CREDIT_PACKS"]
