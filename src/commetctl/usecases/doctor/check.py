"""The checks of a doctor, and the versions of commetctl, Python and the libraries."""

import platform
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from importlib.metadata import PackageNotFoundError, version

from commetctl import __version__
from commetctl.core import exits
from commetctl.core.errors import CommetctlError

LIBRARIES = ("click", "httpx", "pydantic", "ruamel.yaml")


class Status(Enum):
    """The state of what was looked at; the value is the word in every output."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    #: Not looked at, because of a failure before it.
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Check:
    """What was looked at, its state, and what to do about it. A run that fails because of it ends with `exit_code`."""

    name: str
    status: Status
    message: str
    hint: str = ""
    exit_code: int = exits.DONE


def ok(name: str, message: str) -> Check:
    """A check that passed."""
    return Check(name, Status.OK, message)


def warning(name: str, message: str, hint: str = "") -> Check:
    """A check that found something that may be intended, or do no harm."""
    return Check(name, Status.WARNING, message, hint)


def skipped(name: str, message: str) -> Check:
    """A check that was not made."""
    return Check(name, Status.SKIPPED, message)


def failed(name: str, error: CommetctlError, hint: str = "") -> Check:
    """A check that found what a run would fail with; `hint` is for an error that has none."""
    return Check(name, Status.FAILED, error.message, error.hint or hint, error.exit_code)


def worst(checks: Iterable[Check]) -> int:
    """The exit code: that of the first failure, if there is one."""
    return next((check.exit_code for check in checks if check.status is Status.FAILED), exits.DONE)


def versions() -> dict[str, str]:
    """The versions that a bug report needs: of commetctl, Python, the platform and the libraries."""
    found = {"commetctl": __version__, "python": platform.python_version(), "platform": platform.platform()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not known"
    return found
