"""Migrating: a corpus of configurations, laws, hostile input, the command."""
