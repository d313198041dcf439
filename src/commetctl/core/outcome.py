"""Outcomes: what became of each change when a changeset was applied."""

from dataclasses import dataclass

from commetctl.core.change import Change
from commetctl.core.errors import CommetctlError


@dataclass(frozen=True)
class Applied:
    """The change was made and the API confirmed it."""

    change: Change


@dataclass(frozen=True)
class Failed:
    """A call of the change failed, or its answer was not what was asked for."""

    change: Change
    error: CommetctlError
    #: How the object differs from before all the same, where a part was carried out.
    left: Change | None = None


@dataclass(frozen=True)
class Skipped:
    """The change was not tried, because what it waits for was not done."""

    change: Change
    reason: str
    left: Change | None = None


Outcome = Applied | Failed | Skipped
