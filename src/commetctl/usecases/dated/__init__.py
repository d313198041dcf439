"""Dated changes: by whose clock, what is due and what holds it up, and what is to come."""
