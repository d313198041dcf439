"""What a plan or an apply is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from commetctl.core.errors import CommetctlError
from commetctl.core.resource import Address
from commetctl.planning.reconcile import Options
from commetctl.review.guards import Allowed


@dataclass(frozen=True)
class Wanted:
    """What to plan: the catalog, the part of it to compare, and what the guards let pass."""

    file: Path
    environment: str
    api_version: str | None
    targets: tuple[str, ...]
    prune: bool
    allow_live: bool
    allow: tuple[str, ...]
    allow_delete: tuple[str, ...]
    impact: bool
    #: The catalog as it was applied last, which tells edits of the file from edits in Commet; empty for none.
    base: str = ""
    #: The objects to delete and create again, if a field of theirs is fixed at creation.
    replaced: tuple[str, ...] = ()
    #: Whether only the changes are to be made that are due on a date.
    due: bool = False
    #: The moment as of which the catalog is taken; None for that of Commet's clock.
    moment: datetime | None = None

    @classmethod
    def among(cls, options: dict[str, Any]) -> Self:
        """Take the options that belong here out of all options of a command."""
        return cls(**{field.name: options.pop(field.name) for field in fields(cls) if field.name in options})

    @property
    def options(self) -> Options:
        """What to compare. Raises CommetctlError for a target, or an object to replace, that is not an address."""
        return Options(self.prune, addresses(self.targets), addresses(self.replaced))

    @property
    def allowed(self) -> Allowed:
        """What the guards let pass. Raises CommetctlError for a deletion that is not named by an address."""
        return Allowed(frozenset(self.allow), frozenset(addresses(self.allow_delete)))


def addresses(texts: Sequence[str]) -> tuple[Address, ...]:
    """The addresses on a command line; raises CommetctlError for one that is none."""
    try:
        return tuple(Address.parse(text) for text in texts)
    except ValueError as error:
        raise CommetctlError(str(error), "see the addresses that `commetctl plan` prints", code="bad_address") from None
