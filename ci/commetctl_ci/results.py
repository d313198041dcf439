"""What one step found out, in a file for the next: so the key is in one step, and the token in another."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from commetctl_ci.trouble import Trouble

_FILE = "result.json"
_APPROVED = "approved.json"


@dataclass(frozen=True)
class Approved:
    """What people approved on a pull request: the plan beside this file, and options that override guards."""

    #: Why there is no plan; empty where there is one, or none is looked for.
    why: str = ""
    pull: int = 0
    #: Options for commetctl.
    words: tuple[str, ...] = ()
    #: Sentences of ours, in Markdown.
    notes: tuple[str, ...] = ()
    #: Whether the pull request changed no catalog, so that there is nothing to apply.
    unaffected: bool = False

    def keep(self, folder: Path) -> None:
        (folder / _APPROVED).write_text(json.dumps(asdict(self)), encoding="utf-8")


def approved(folder: Path) -> Approved:
    """What the step before left; nothing where there was no such step."""
    try:
        found = json.loads((folder / _APPROVED).read_text("utf-8"))
    except FileNotFoundError:
        return Approved()
    return Approved(**{**found, "words": tuple(found["words"]), "notes": tuple(found["notes"])})


@dataclass(frozen=True)
class Done:
    """What commetctl was asked to do, and what came of it."""

    #: `plan`, `diff`, `validate`, `apply` or `apply --due`.
    did: str
    code: int
    out: str
    err: str
    #: Whether `out` is Markdown.
    markdown: bool
    #: The id of the saved plan, where one was made or applied.
    plan: str = ""
    #: Sentences of ours, in Markdown.
    notes: tuple[str, ...] = ()
    #: The whole of `out`, where that was shortened to what a comment may be.
    whole: str = ""
    #: Whether people are to be told what a pull request changes on a date, where nothing is to be done now.
    scheduled: bool = False

    def keep(self, folder: Path) -> None:
        (folder / _FILE).write_text(json.dumps(asdict(self)), encoding="utf-8")


def kept(folder: Path) -> Done:
    """What the step before left. Raises Trouble where it did not get that far."""
    try:
        found = json.loads((folder / _FILE).read_text("utf-8"))
    except (OSError, ValueError):
        raise Trouble("commetctl was not run: see the steps before") from None
    return Done(**{**found, "notes": tuple(found["notes"])})


def plan_id(file: Path) -> str:
    """The id in a saved plan; empty where that cannot be read."""
    try:
        found = json.loads(file.read_text("utf-8")).get("id")
    except (OSError, ValueError, AttributeError, RecursionError):
        return ""
    return found if isinstance(found, str) and len(found) < 100 and found.replace(":", "").isalnum() else ""
