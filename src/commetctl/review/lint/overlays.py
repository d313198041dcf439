"""Warnings about overlays: what an environment repeats of what all share."""

from collections.abc import Iterator

from commetctl.catalog.assembly import holder, kept
from commetctl.catalog.catalog import Catalog
from commetctl.kinds.section import Finding

#: What an environment may well say again.
_SETTINGS = ("mode", "api_version", "price_scale", "balance_scale")


def overlay_repeats(catalog: Catalog) -> Iterator[Finding]:
    """A value in the overlay is the one that is there without it, so that a change of that one would not count."""
    for path, value, shared in kept(catalog.assembly):
        if value == shared and isinstance(value, bool) == isinstance(shared, bool) and path[0] not in _SETTINGS:
            file = holder(catalog.assembly, path)
            yield Finding(
                path,
                "overlay_repeats",
                f"is the same in {file}, of which a change would not count in this environment",
                "remove it from the overlay",
            )
