"""Kinds that the API knows by a name and an id only: the file has them by a key of its own.

An entry stands for the object of its name, of its `previous_name` until it is renamed, or of its `id`.
"""

from commetctl.kinds.named.section import Named
from commetctl.kinds.named.spec import given_id, not_sent, previous_name

__all__ = ["Named", "given_id", "not_sent", "previous_name"]
