"""One thing that was looked at, and how it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from commetctl.core.errors import CommetctlError


class Status(Enum):
    """How it is; the value is the word in every output."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    #: It could not be looked at, because of something before it.
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Check:
    """What was looked at, how it is, and what to do about it; `exit_code` is that of a run that fails by it."""

    name: str
    status: Status
    message: str
    hint: str = ""
    exit_code: int = 0


def ok(name: str, message: str) -> Check:
    """It is as it should be."""
    return Check(name, Status.OK, message)


def warning(name: str, message: str, hint: str = "") -> Check:
    """It may be meant, or do no harm."""
    return Check(name, Status.WARNING, message, hint)


def skipped(name: str, message: str) -> Check:
    """It was not looked at."""
    return Check(name, Status.SKIPPED, message)


def failed(name: str, error: CommetctlError, hint: str = "") -> Check:
    """What a run would fail with; `hint` is for an error that has none."""
    return Check(name, Status.FAILED, error.message, error.hint or hint, error.exit_code)


def worst(checks: Iterable[Check]) -> int:
    """The exit code: that of the first failure, or 0."""
    return next((check.exit_code for check in checks if check.status is Status.FAILED), 0)
