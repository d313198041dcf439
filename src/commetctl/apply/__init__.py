"""Carrying out a changeset: the run, the journal that survives it, and the proof that what was written took."""
