"""Rehearsals: what changes with a date do to bills, tried in an emulator, beside what the plan predicts of them."""
