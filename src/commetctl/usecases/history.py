"""History: what the journals in a folder say was applied, when, by which saved plan, and to which account."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from commetctl.apply.earlier_runs import ALL_DONE, EarlierRun
from commetctl.apply.journal import Journals
from commetctl.apply.told import ACTIONS
from commetctl.core.errors import CommetctlError
from commetctl.core.exits import INTERRUPTED, PARTLY

#: How a run ends that was followed by another one; `journal` writes it.
_FOLLOWED = "followed by "
#: The shortest beginning of an id that names a run.
_SHORTEST = 4
_EXIT = "exit "


class Ending(Enum):
    """How a run ended; the value is the word in machine output."""

    APPLIED = "applied"
    NOTHING = "nothing_to_do"
    PARTLY = "partly_applied"
    FAILED = "failed"
    REFUSED = "refused"
    INTERRUPTED = "interrupted"
    OPEN = "open"


@dataclass(frozen=True)
class PastRun:
    """One run as its journal tells it."""

    run: EarlierRun

    @property
    def id(self) -> str:
        """The id of the run."""
        return self.run.run_id

    @property
    def started(self) -> datetime:
        """When it began, in UTC."""
        return self.run.started

    @property
    def place(self) -> str:
        """Where the account is: an address, or `local:FILE`."""
        return str(self.run.target.get("api_url", ""))

    @property
    def mode(self) -> str:
        """`live`, `sandbox` or `unknown mode`; empty for the embedded Commet, which has none."""
        if self.run.told.mode or self.place.startswith("local:"):
            return self.run.told.mode
        # An earlier version kept only whether the account was to be live.
        return "live" if self.run.target.get("livemode") is True else "sandbox"

    @property
    def ending(self) -> Ending:
        """How it ended."""
        ended = self.run.ended
        if ended is None:
            return Ending.OPEN
        if ended.startswith(_FOLLOWED) or ended == f"{_EXIT}{INTERRUPTED}":
            return Ending.INTERRUPTED
        if ended == ALL_DONE:
            return Ending.APPLIED if self.run.changes else Ending.NOTHING
        if ended == f"{_EXIT}{PARTLY}":
            return Ending.PARTLY
        return Ending.FAILED if ended.startswith(_EXIT) else Ending.REFUSED

    @property
    def follower(self) -> str:
        """The id of the run that continued this one; empty where none did."""
        ended = self.run.ended or ""
        return ended.removeprefix(_FOLLOWED) if ended.startswith(_FOLLOWED) else ""

    @property
    def applied(self) -> Mapping[str, int] | None:
        """How many changes of each action were applied; None where the journal does not say."""
        told = self.run.told
        if told.results is not None:
            return told.applied
        return None if self.run.wrote or self.ending is Ending.APPLIED else {}

    @property
    def changes(self) -> list[tuple[str, str, str, str]]:
        """Each change: its address, its action and its result, empty where they are not known, and its error code."""
        told = self.run.told
        # The head has the changes in their order; what failed beside them comes last.
        names = dict.fromkeys([*told.actions, *sorted(self.run.changes), *(told.results or {})])
        certain = "applied" if self.run.did_all and told.results is None else ""
        return [
            (name, told.actions.get(name, ""), (told.results or {}).get(name, certain), told.codes.get(name, ""))
            for name in names
        ]

    def document(self) -> dict[str, Any]:
        """The run for machine output."""
        told, applied = self.run.told, self.applied
        return {
            "run": self.id,
            "started": self.started.isoformat(timespec="seconds"),
            "finished": told.finished.isoformat(timespec="seconds") if told.finished else None,
            "ending": self.ending.value,
            "followed_by": self.follower or None,
            "saved_plan": self.run.plan,
            "api_url": self.place,
            "api_version": told.api_version or None,
            "mode": self.mode or None,
            "environment": told.environment or None,
            "catalog": told.catalog or None,
            "planned": len(self.run.changes),
            "applied": None if applied is None else {word: applied.get(word, 0) for word in ACTIONS},
        }

    def details(self) -> dict[str, Any]:
        """The same with each change."""
        changes = [
            {"address": address, "action": word or None, "outcome": result or None, **({"code": code} if code else {})}
            for address, word, result, code in self.changes
        ]
        return {**self.document(), "changes": changes}


@dataclass(frozen=True)
class History:
    """The runs that left a journal in a folder, newest first, and the journals that cannot be read."""

    folder: Path
    runs: tuple[PastRun, ...]
    damaged: tuple[Path, ...]

    def find(self, begun: str) -> PastRun:
        """The run whose id begins so; raises CommetctlError where there is none, or more than one."""
        found = [past for past in self.runs if past.id.startswith(begun)]
        if len(begun) >= _SHORTEST and len(found) == 1:
            return found[0]
        if len(found) > 1 or (found and len(begun) < _SHORTEST):
            named = ", ".join(past.id[:12] for past in found[:5])
            message, hint = f"`{begun}` names more than one run, or could", f"give more of its id: {named}"
        else:
            message, hint = f"no journal in {self.folder} is of a run `{begun}`", "see `commetctl history`"
        raise CommetctlError(message, hint, code="unknown_run")


def history(folder: Path) -> History:
    """What the journals in a folder tell; reads only."""
    found = Journals(folder).read()
    runs = sorted((PastRun(run) for run in found.values() if run), key=lambda past: past.started, reverse=True)
    return History(folder, tuple(runs), tuple(path for path, run in found.items() if run is None))
