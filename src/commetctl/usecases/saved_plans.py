"""Saved plans: a plan as a file that is reviewed, and then applied exactly as it is or refused.

Nothing is ever done because the file says so. What would be done is worked out again from the catalog and the account,
and has to be the same as in the file, request by request: the worst that a forged file can cause is a refusal.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError

from commetctl import __version__
from commetctl.core.call import digest
from commetctl.core.errors import CommetctlError, Refused
from commetctl.core.files import OWNER, write_own
from commetctl.core.resource import Address
from commetctl.core.snapshot import Snapshot, snapshot
from commetctl.core.text import json_text
from commetctl.planning.reconcile import Options
from commetctl.render.json_output import plan_document
from commetctl.usecases.plan import Prepared

FORMAT = 3
#: In bytes: more than the plan of any catalog.
_LARGEST = 64_000_000
_MARK = "commetctl_plan"


class Choices(BaseModel):
    """The options that the plan was made with. To apply it, the same ones have to be given again."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    prune: bool
    targets: tuple[str, ...]
    replace: tuple[str, ...]


class SavedPlan(BaseModel):
    """The content of a plan file: both sides as they were, and the plan as in the JSON output."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    commetctl_plan: int
    id: str
    commetctl: str
    made: str
    newest: str | None
    target: dict[str, str | bool | None]
    choices: Choices
    config: dict[str, dict[str, str]]
    live: dict[str, dict[str, str]]
    plan: dict[str, Any]
    _path: Path = PrivateAttr(default_factory=Path)

    @property
    def path(self) -> Path:
        """The file that the plan was read from."""
        return self._path

    @property
    def options(self) -> Options:
        """The options that the plan was made with. Raises Refused for those that are no addresses."""
        chosen = self.choices
        try:
            targets, replaced = ([Address.parse(text) for text in texts] for texts in (chosen.targets, chosen.replace))
        except ValueError:
            raise tampered(self.path, "a `--target` or `--replace` in it is not an address") from None
        return Options(chosen.prune, tuple(targets), tuple(replaced))


@dataclass(frozen=True)
class Present:
    """The same, as it is now.

    `newest` is the time of the newest change in the account, as far as Commet tells; `lifetime`, how long a plan of
    these changes is good, None for ever.
    """

    target: Mapping[str, Any]
    config: Snapshot
    live: Snapshot
    plan: Mapping[str, Any]
    newest: str | None = None
    lifetime: timedelta | None = None
    #: What an interrupted run of the same plan cleared and is to write back.
    restored: frozenset[str] = frozenset()

    @classmethod
    def of(cls, prepared: Prepared) -> Self:
        """The content of a prepared plan."""
        live = prepared.live
        return cls(
            prepared.target,
            snapshot(prepared.catalog.desired),
            snapshot(live.resources, live.ids),
            plan_document(prepared.review, prepared.catalog.desired),
            live.times.newest,
            live.times.lifetime(prepared.changeset.changes),
            frozenset(map(str, prepared.options.restore)),
        )


def save(prepared: Prepared, path: Path) -> str:
    """Write a prepared plan to a file that its owner alone can read, whole or not at all; the id of the saved plan.

    Raises CommetctlError where it cannot be written, and where there is something else than a plan already.
    """
    present, choices = Present.of(prepared), prepared.options
    content = {
        _MARK: FORMAT,
        "commetctl": __version__,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "newest": present.newest,
        "target": dict(present.target),
        "choices": {
            "prune": choices.prune,
            "targets": list(map(str, choices.targets)),
            "replace": list(map(str, choices.replace)),
        },
        "config": present.config,
        "live": present.live,
        "plan": present.plan,
    }
    # The id of a plan is the digest of everything else in it.
    id_ = digest(content)
    text = json_text({**content, "id": id_}, indent=1)
    write_own(path, text.encode(), "a saved plan", _is_plan, OWNER)
    return id_


def load(path: Path) -> SavedPlan:
    """Read a plan file. Raises Refused for one that is damaged, changed by hand, or from another version."""
    content = _parsed(path)
    version, form = str(content.get("commetctl"))[:40], str(content[_MARK])[:40]
    if version != __version__ or form != str(FORMAT):
        raise Refused(
            f"{path} was made by commetctl {version} in format {form}, and this is commetctl {__version__}, whose "
            f"format is {FORMAT}",
            "make the plan again with `commetctl plan --out`",
            code="plan_version",
        )
    try:
        claimed = content.pop("id", None)
        if claimed != digest(content):
            raise tampered(path, "its content does not match its `id`")
        saved = SavedPlan.model_validate_json(json.dumps({**content, "id": claimed}))
    except (ValidationError, ValueError, RecursionError):
        raise tampered(path, "it does not have the form of a saved plan") from None
    saved._path = path
    return saved


def _is_plan(path: Path) -> bool:
    try:
        return _MARK in _parsed(path)
    except CommetctlError:
        return False


def _parsed(path: Path) -> dict[str, Any]:
    try:
        if not (path.is_file() or path.is_dir()) and path.exists():
            # Opening a pipe may block for ever.
            raise Refused(f"{path} is not a regular file", "save the plan in a file", code="plan_unreadable")
        with path.open("rb") as file:
            text = file.read(_LARGEST + 1)
    except OSError as error:
        raise CommetctlError(f"{path} cannot be read: {error.strerror}", code="plan_unreadable") from None
    try:
        if len(text) > _LARGEST:
            raise ValueError
        content = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or _MARK not in content:
        hint = "make one with `commetctl plan --out FILE`"
        if path.suffix in (".yaml", ".yml"):
            hint = "a catalog is named with `-f FILE`"
        raise Refused(f"{path} is not a saved plan", hint, code="plan_unreadable")
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        # The reader of a file with two values for one key cannot know which one counts.
        raise ValueError
    return found


def _no_constant(_name: str) -> Any:
    raise ValueError


def tampered(path: Path, why: str) -> Refused:
    """The refusal of a plan file that is not as commetctl wrote it."""
    return Refused(
        f"{path} was damaged or changed by hand: {why}",
        "make the plan again with `commetctl plan --out`, and have it reviewed again",
        code="plan_tampered",
    )
