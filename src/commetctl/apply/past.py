"""The past: what the journal of an earlier run tells."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

#: How journals are written; one of another format tells nothing.
FORMAT = 1


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
    in_doubt: Mapping[str, str]
    locks: tuple[str, ...]
    #: Whether anything was sent at all.
    wrote: bool
    ended: str | None

    @property
    def died(self) -> bool:
        """Whether the run never came to its end."""
        return self.ended is None


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
            frozenset(map(str, head["changes"])),
            {request: key for key, request in begun.items()},
            tuple(str(line["lock"]) for line in lines if "lock" in line),
            any("begin" in line for line in lines),
            ended[-1] if ended else None,
        )
    except (OSError, LookupError, TypeError, ValueError, AttributeError, RecursionError):
        return None


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for text in file:
            # A line that somebody died over is none: what it would have said is in doubt.
            with suppress(ValueError):
                line = json.loads(text)
                if isinstance(line, dict):
                    yield line
