"""The calls that change plans, each with its footprint."""
