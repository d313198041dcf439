"""Carrying out a changeset: the run, the journal that survives it, and the proof that what was written took."""

from commetctl.apply.confirm import confirm, held
from commetctl.apply.run import Run

__all__ = ["Run", "confirm", "held"]
