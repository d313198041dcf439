"""Carrying out a changeset: the run, the journal that survives it, and the proof that what was written took."""

from commetctl.apply.confirm import confirm
from commetctl.apply.record import Record, beside, held
from commetctl.apply.run import Run

__all__ = ["Record", "Run", "beside", "confirm", "held"]
