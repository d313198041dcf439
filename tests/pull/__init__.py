"""Pulling: laws, odd files, the command."""
