"""The past: what the journal of an earlier run tells.

It is believed: what was begun is not counted again, and what it calls a key is sent.
So it has to be a file that nobody else can read or write, which one that came with a repository is not; and nothing is
taken from it but words of the form that commetctl gives them.
"""

import json
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from commetctl.apply.restoring import restored
from commetctl.core.resource import Address, Resource

#: How journals are written; one of another format tells nothing.
FORMAT = 1
#: How a run ends that did all that it was to do.
ALL_DONE = "exit 0"
#: The journal of the largest catalog is a few megabytes.
_LARGEST = 64_000_000
_KEY = re.compile(r"commetctl-[0-9a-f]{40}\Z")


@dataclass(frozen=True)
class Past:
    """A run as its journal tells it. `in_doubt` maps the fingerprint of each request in doubt to its key."""

    path: Path
    run_id: str
    started: datetime
    target: Mapping[str, Any]
    plan: str | None
    #: The digest of the catalog, and the addresses of what was to change.
    config: str
    changes: frozenset[str]
    #: Those of them that were asked for, or needed by others, and made whole.
    whole: frozenset[str]
    in_doubt: Mapping[str, str]
    #: What steps of several calls were to leave, of those that were begun and not completed.
    restores: Mapping[Address, Resource]
    #: Whether anything was sent at all.
    wrote: bool
    ended: str | None

    @property
    def died(self) -> bool:
        """Whether the run never came to its end."""
        return self.ended is None

    @property
    def did_all(self) -> bool:
        """Whether the run did all that it was to do."""
        return self.ended == ALL_DONE


def read(path: Path) -> Past | None:
    """A journal as far as it can be read: whatever wrote its last line may have died over it."""
    try:
        lines = list(_lines(path))
        head = lines[0]
        if head["format"] != FORMAT:
            return None
        begun = {line["begin"]: line["request"] for line in lines if "begin" in line}
        for line in lines:
            begun.pop(line.get("end"), None)
        ended = [line["finished"] for line in lines if "finished" in line]
        return Past(
            path,
            str(head["run"]),
            datetime.fromisoformat(head["started"]).astimezone(UTC),
            dict(head["target"]),
            head["plan"],
            str(head["config"]),
            frozenset(str(Address.parse(text)) for text in head["changes"]),
            frozenset(str(Address.parse(text)) for text in head.get("whole", ())),
            {str(request): key for key, request in begun.items() if _KEY.match(key)},
            _restores(lines),
            any("begin" in line for line in lines),
            ended[-1] if ended else None,
        )
    except (OSError, LookupError, TypeError, ValueError, AttributeError, RecursionError):
        return None


def _restores(lines: Sequence[Mapping[str, Any]]) -> dict[Address, Resource]:
    prepared = {line["prepare"]: restored(line["leaves"]) for line in lines if "prepare" in line}
    for line in lines:
        prepared.pop(line.get("complete"), None)
    return {address: resource for resources in prepared.values() for address, resource in resources.items()}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for text in _content(path).splitlines():
        # A line that somebody died over is none: what it would have said is in doubt.
        with suppress(ValueError):
            line = json.loads(text)
            if isinstance(line, dict):
                yield line


def _content(path: Path) -> bytes:
    """What a private file holds; an OSError for any other, a link, and what can make its reader wait or has no end."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        if not is_private(descriptor):
            raise OSError
        return file.read(_LARGEST)


def is_private(descriptor: int) -> bool:
    """Whether an open file is a regular one, ours, and closed to everybody else."""
    about = os.fstat(descriptor)
    return stat.S_ISREG(about.st_mode) and not about.st_mode & 0o077 and about.st_uid == os.geteuid()
