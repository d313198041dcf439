"""Formatting: a catalog in the order and form in which `pull` writes one, with its comments and its meaning."""

from commetctl.yamltext.formatting.form import formatted

__all__ = ["formatted"]
