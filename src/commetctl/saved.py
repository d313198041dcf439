"""Saved plans: a plan as a file that is reviewed, and then applied exactly as it is or refused.

Nothing is ever done because the file says so. What would be done is worked out again from the catalog and the account,
and the file has to say the same, request by request; so the worst that a forged one can bring about is a refusal.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from commetctl import __version__
from commetctl.core.digest import digest
from commetctl.core.money import DERIVED
from commetctl.core.resource import UNKNOWN
from commetctl.core.snapshot import Snapshot, listed, moves
from commetctl.errors import CommetctlError, Refused
from commetctl.files import OWNER, write_own
from commetctl.render.words import json_text

FORMAT = 1
#: No catalog needs as much; more would only be read to be refused.
_LARGEST = 64_000_000
_MARK = "commetctl_plan"
#: What of a plan depends on where the file stands, and not on what it declares.
_PLACES = frozenset({"id", "origin"})


class Choices(BaseModel):
    """What the command line that made a plan chose, and what applying it chooses therefore."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    prune: bool
    targets: tuple[str, ...]


class SavedPlan(BaseModel):
    """What a plan file holds: both sides as they were, and the plan as the JSON output has it."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    commetctl_plan: int
    id: str
    commetctl: str
    made: str
    target: dict[str, str | bool | None]
    choices: Choices
    config: dict[str, dict[str, str]]
    live: dict[str, dict[str, str]]
    plan: dict[str, Any]


@dataclass(frozen=True)
class Present:
    """The same, worked out now."""

    target: Mapping[str, Any]
    config: Snapshot
    live: Snapshot
    plan: Mapping[str, Any]


def make(present: Present, *, prune: bool, targets: Iterable[str]) -> dict[str, Any]:
    """The content of a plan file; its `id` is the digest of everything else in it."""
    content = {
        _MARK: FORMAT,
        "commetctl": __version__,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "target": dict(present.target),
        "choices": {"prune": prune, "targets": list(targets)},
        "config": present.config,
        "live": present.live,
        "plan": present.plan,
    }
    return {**content, "id": digest(content)}


def write(content: Mapping[str, Any], path: Path) -> None:
    """Write a plan file, whole or not at all, for the eyes of its owner only.

    Raises CommetctlError where it cannot be, and where there is already something else than a plan.
    """
    write_own(path, json_text(content, indent=1).encode(), "a saved plan", _is_plan, OWNER)


def load(path: Path) -> SavedPlan:
    """Read a plan file. Raises Refused for one that is damaged, changed by hand, or from another version."""
    content = _parsed(path)
    if content.get(_MARK) != FORMAT or content.get("commetctl") != __version__:
        raise Refused(
            f"{path} was made by another version of commetctl: {str(content.get('commetctl'))[:40]}, and this is "
            f"{__version__}",
            "make the plan again with `commetctl plan --out`",
            code="plan_version",
        )
    try:
        claimed = content.pop("id", None)
        if claimed != digest(content):
            raise _tampered(path, "what it holds does not match its `id`")
        return SavedPlan.model_validate_json(json.dumps({**content, "id": claimed}))
    except (ValidationError, ValueError, RecursionError):
        raise _tampered(path, "it does not have the form of a plan") from None


def check(saved: SavedPlan, path: Path, present: Present, *, begun: bool) -> None:
    """Raise Refused unless the plan is what would be done now.

    A plan that was `begun` here and not brought to its end may be taken up again, if nothing has moved but what it
    moves itself: the file is the same, so it ends in the same state.
    """
    if not _same_target(saved.target, present.target, begun=begun):
        raise _stale(path, f"is for {_said(saved.target)}, and this is {_said(present.target)}", code="plan_target")
    if moved := list(moves(saved.config, present.config)):
        raise _stale(path, "is not for the file as it is now: " + listed(moved))
    planned = set(_addresses(saved.plan))
    moved = [
        move
        for move in moves(saved.live, present.live)
        if not (begun and move.address in planned and _is_own(move.address, saved, present))
    ]
    if moved:
        raise _stale(path, "is not for Commet as it is now: " + listed(moved))
    if begun:
        if more := sorted(set(_addresses(present.plan)) - planned):
            raise _stale(path, "does not cover what is to be done now: " + ", ".join(more))
    elif _essence(saved.plan) != _essence(dict(present.plan)):
        raise _tampered(path, "what it would do is not what the file and Commet lead to")


def _is_plan(path: Path) -> bool:
    try:
        return _MARK in _parsed(path)
    except CommetctlError:
        return False


def _parsed(path: Path) -> dict[str, Any]:
    try:
        if not (path.is_file() or path.is_dir()) and path.exists():
            # Opening a pipe can wait for ever.
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
        raise Refused(
            f"{path} is not a saved plan", "make one with `commetctl plan --out FILE`", code="plan_unreadable"
        )
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        # The reader of a file with two values for one key cannot know which one counts.
        raise ValueError
    return found


def _no_constant(_name: str) -> Any:
    raise ValueError


def _tampered(path: Path, why: str) -> Refused:
    return Refused(
        f"{path} was damaged or changed by hand: {why}",
        "make the plan again with `commetctl plan --out`, and have it reviewed again",
        code="plan_tampered",
    )


def _stale(path: Path, why: str, code: str = "plan_stale") -> Refused:
    return Refused(f"{path} {why}", "make the plan again with `commetctl plan --out`", code=code)


def _said(target: Mapping[str, Any]) -> str:
    livemode = target.get("livemode")
    mode = ("live" if livemode else "sandbox") if isinstance(livemode, bool) else "unknown mode"
    environment = f", environment {target['environment']}" if "environment" in target else ""
    return f"{mode}, {target.get('api_url')} ({target.get('api_version')}){environment}"


def _same_target(saved: Mapping[str, Any], present: Mapping[str, Any], *, begun: bool) -> bool:
    """Whether the account is the same; one that was empty said nothing of its mode until the plan was begun."""
    learned = begun and saved.get("livemode") is None
    return {**saved, **({"livemode": present.get("livemode")} if learned else {})} == dict(present)


def _addresses(plan: Mapping[str, Any]) -> Iterator[str]:
    for change in _items(plan.get("changes")):
        if isinstance(change, Mapping):
            yield str(change.get("address"))
            yield from map(str, _items(change.get("along")))


def _is_own(address: str, saved: SavedPlan, present: Present) -> bool:
    """Whether an object is on the way from where the plan found it to where the plan takes it."""
    before, now, wanted = saved.live.get(address), present.live.get(address), saved.config.get(address, {})
    if before is None or now is None:
        return True
    return all(
        text in (before.get(name), wanted.get(name), UNKNOWN.value) or text.endswith(DERIVED)
        for name, text in now.items()
    )


def _items(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _essence(value: Any) -> Any:
    """A plan without what depends on where things stand."""
    if isinstance(value, dict):
        return {key: _essence(item) for key, item in value.items() if key not in _PLACES}
    return [_essence(item) for item in value] if isinstance(value, list | tuple) else value
