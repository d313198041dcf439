"""The JSON document that a command writes, with its changes and outcomes; `schema.json` beside it describes it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from commetctl.core import exits
from commetctl.core.call import digest
from commetctl.core.change import (
    Applied,
    Change,
    Create,
    Delete,
    Failed,
    FieldChange,
    Outcome,
    Skipped,
    Update,
    action,
    is_replaced,
)
from commetctl.core.changeset import Blocked, Notice
from commetctl.core.errors import ApiError, CommetctlError, InvalidCatalog, Problem
from commetctl.core.impact import Effect
from commetctl.core.money import Derived, Money
from commetctl.core.resource import Address, Mark, ResourceSet, Value
from commetctl.core.snapshot import snapshot
from commetctl.core.text import left_said, number_text
from commetctl.core.values import as_json, time_text
from commetctl.reading.lines import fields_of
from commetctl.render.terminal import request_document
from commetctl.review.review import Review

FORMAT_VERSION = 1


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of the document."""
    found: dict[str, Any] = json.loads(files("commetctl.render").joinpath("schema.json").read_text("utf-8"))
    return found


def envelope(command: str, exit_code: int, diagnostics: Sequence[dict[str, Any]], **content: Any) -> dict[str, Any]:
    """The document of any command."""
    return {
        "format_version": FORMAT_VERSION,
        "command": command,
        "ok": exit_code in (exits.DONE, exits.PENDING),
        "exit_code": exit_code,
        **content,
        "diagnostics": list(diagnostics),
    }


def plan_document(review: Review, desired: ResourceSet) -> dict[str, Any]:
    """The plan: digests of both sides, a summary, every change with its requests, and what is not done.

    It depends only on the catalog and the account, not on the subscriptions there are at the moment.
    """
    changeset = review.changeset
    changes = [change_document(change, review) for change in changeset.changes]
    blocked = [blocked_document(item) for item in changeset.blocked]
    replaced = sum("replaced" in change for change in changes)
    config_digest, live_digest = digest(snapshot(desired)), digest(snapshot(review.before, review.ids))
    return {
        "id": digest([config_digest, live_digest, changes, blocked]),
        "config_digest": config_digest,
        "live_digest": live_digest,
        "summary": {
            **{word: sum(change["action"] == word for change in changes) for word in ("create", "update", "delete")},
            "blocked": len(blocked),
            "unmanaged": len(changeset.unmanaged),
            **({"replaced": replaced} if replaced else {}),
        },
        "changes": changes,
        "blocked": blocked,
        "unmanaged": [str(address) for address in changeset.unmanaged],
    }


def change_document(change: Change, review: Review) -> dict[str, Any]:
    """One change: its fields on both sides, what it means, and its requests."""
    changeset = review.changeset
    steps = changeset.steps_for(change.address)
    needed = {name for step in steps for name in changeset.needs[step.name]}
    depends = {address for name in needed for address in changeset.step(name).covers} - {change.address}
    document = {
        **_head(change),
        "effects": [_effect(effect) for effect in review.effects.get(change.address, ())],
        "depends_on": sorted(map(str, depends)),
        "requests": [request_document(call, review.ids) for step in steps for call in step.calls],
    }
    notes = [step.note for step in steps if step.note]
    if notes:
        document["notes"] = notes
    if is_replaced(change):
        document["replaced"] = True
    if along := changeset.along.get(change.address):
        document["along"] = [str(address) for address in along]
        document["along_objects"] = [_gone(address, review) for address in along]
    return document


def _gone(address: Address, review: Review) -> dict[str, Any]:
    """An object that is deleted along with another."""
    resource = review.before.get(address)
    return {
        "address": str(address),
        "fields": [field_document(item) for item in fields_of(Delete(resource))] if resource else [],
    }


def pulled_document(changes: Sequence[Change], files: Sequence[str]) -> dict[str, Any]:
    """What a pull changes in a catalog, as changes of the file, and the files that it writes."""
    return {"changes": [_head(change) for change in changes], "files": list(files)}


def _head(change: Change) -> dict[str, Any]:
    document: dict[str, Any] = {"address": str(change.address), "action": action(change)}
    if isinstance(change, Create | Update) and change.after.origin:
        document["origin"] = str(change.after.origin)
    return document | {"fields": [field_document(item) for item in fields_of(change)]}


def _effect(effect: Effect) -> dict[str, Any]:
    document = {"when": effect.when.value, "text": effect.text}
    return {"path": effect.path, **document} if effect.path else document


def field_document(item: FieldChange) -> dict[str, Any]:
    """A field on both sides."""
    document = {"path": item.path, "before": _value(item.before), "after": _value(item.after)}
    if item.name == "metadata":
        # Labels keep their JSON types: `"1"` is not 1.
        document |= {"before": _label(item.before), "after": _label(item.after)}
    for value in (item.after, item.before):
        amount = value.about if isinstance(value, Derived) else value
        if isinstance(amount, Money):
            return document | {"currency": amount.currency}
    return document


def _value(value: Value) -> Any:
    match value:
        case Money():
            return value.number()
        case Derived(about):
            return {"derived": True, "about": about.number()}
        case Decimal():
            return number_text(value)
        case Mark():
            return {"unknown": True} if value is Mark.UNKNOWN else None
        case datetime():
            return time_text(value)
        case tuple():
            return [_part(item) for item in value]
        case Mapping():
            return _part(value)
        case _:
            return value


def _part(value: Any) -> Any:
    """A value inside a list, which may be an object with fields of its own."""
    return {name: _part(item) for name, item in value.items()} if isinstance(value, Mapping) else _value(value)


def _label(value: Value) -> Any:
    return _value(value) if isinstance(value, Mark) else as_json(value)


def blocked_document(item: Blocked) -> dict[str, Any]:
    """A change that the API cannot make, with its way out."""
    return {**_head(item.change), "reason": item.reason, "hint": item.hint}


def outcome_document(outcome: Outcome) -> dict[str, Any]:
    """The outcome of one change; `so_far` is what was done of a change that failed or was skipped."""
    document: dict[str, Any] = {"address": str(outcome.change.address), "action": action(outcome.change)}
    match outcome:
        case Applied():
            return document | {"outcome": "applied", "error": None}
        case Failed(error=error):
            document |= {"outcome": "failed", "error": error_document(error)}
        case Skipped(reason=reason):
            document |= {"outcome": "skipped", "error": {"code": "skipped", "message": reason}}
    return document | ({"so_far": left_said(outcome.left)} if outcome.left else {})


def _diagnostic(severity: str, code: str, message: str, hint: str, address: Address | str | None) -> dict[str, Any]:
    document: dict[str, Any] = {"severity": severity, "code": code, "message": message, "hint": hint}
    return document | ({"address": str(address)} if address else {})


def error_document(error: CommetctlError) -> dict[str, Any]:
    """An error as a diagnostic, with the references that Commet's support asks for."""
    document = _diagnostic("error", error.code, error.message, error.hint, error.address)
    if isinstance(error, ApiError):
        found = {"status": error.status, "request_id": error.request_id, "doc_url": error.doc_url}
        document |= {name: value for name, value in found.items() if value}
    return document


def diagnostics_of(error: CommetctlError) -> list[dict[str, Any]]:
    """An error as diagnostics: one for each problem of a catalog, one for anything else."""
    if isinstance(error, InvalidCatalog):
        return [_problem(problem) for problem in error.problems]
    return [error_document(error)]


def _problem(problem: Problem) -> dict[str, Any]:
    document = _diagnostic("error", problem.code, problem.message, problem.hint, problem.address)
    if problem.origin:
        document |= {"file": problem.origin.file, "line": problem.origin.line, "column": problem.origin.column}
        end = {"end_line": problem.origin.end_line, "end_column": problem.origin.end_column}
        document |= {name: value for name, value in end.items() if value}
    return document | {name: value for name, value in {"path": problem.path, "fix": problem.fix}.items() if value}


def notice_document(notice: Notice) -> dict[str, Any]:
    """A notice as a diagnostic."""
    return _diagnostic("info", notice.code, notice.message, notice.hint, notice.address)
