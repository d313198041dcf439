"""Pricing as code for Commet."""

__version__ = "0.1.0"
