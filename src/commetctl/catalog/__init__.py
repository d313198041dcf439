"""The catalog file: from untrusted YAML to the resources that it declares, with every problem at its place."""

from commetctl.catalog.catalog import Catalog
from commetctl.catalog.loading import load, load_from

__all__ = ["Catalog", "load", "load_from"]
