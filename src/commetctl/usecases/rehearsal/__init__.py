"""Rehearsals: what dated changes do to bills, tried in an emulator, beside what the plan predicts of them."""
