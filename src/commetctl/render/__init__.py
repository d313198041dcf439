"""Rendering: changesets and outcomes as text or JSON; pure functions, no decisions."""
