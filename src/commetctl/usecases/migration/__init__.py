"""Migrating: the configuration of the official tool, printed as JSON, to the text of a catalog; offline."""

from commetctl.usecases.migration.made import Amount, Note
from commetctl.usecases.migration.migrate import Migrated, migrate
from commetctl.usecases.migration.reading import LARGEST_FILE, dotted, printing
from commetctl.usecases.migration.units import Unit, digits

__all__ = ["LARGEST_FILE", "Amount", "Migrated", "Note", "Unit", "digits", "dotted", "migrate", "printing"]
