"""Proof that writes took: each answer held to what was sent, and everything to what is read back at the end."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from commetctl.core.address import Address
from commetctl.core.call import ApiCall, Json, Ref, fill
from commetctl.core.change import Change, Delete, Update
from commetctl.core.changeset import Changeset
from commetctl.core.money import Derived
from commetctl.core.outcome import Applied, Failed, Outcome
from commetctl.errors import CommetctlError


def confirm(call: ApiCall, answer: Any, ids: Mapping[Address, str]) -> None:
    """Compare an answer with what was sent; raises a CommetctlError that names every field that differs.

    A field that the answer does not mention is left to the reading back at the end of the run, unless no read ever
    gives it back.
    """

    def identify(ref: Ref) -> str:
        return ids[ref.address]

    got = answer if isinstance(answer, Mapping) else {}
    differing = [] if call.method == "DELETE" else list(_differing(fill(call.body or {}, identify), got, ""))
    for name, value in (call.unread or {}).items():
        if name not in got:
            differing.append(f"`{name}` is not in the answer, so it cannot be known to be {value}")
        elif not _same(fill(value, identify), got[name]):
            differing.append(f"`{name}` was to be {value} and is {got[name]}")
    if differing:
        raise CommetctlError(
            "Commet accepted the request and did not do all of it: " + "; ".join(dict.fromkeys(differing)),
            "compare the object in the dashboard, and report this to Commet support",
            code="ignored_field",
        )


def _differing(sent: Json, got: Any, path: str) -> Iterator[str]:
    if isinstance(sent, Mapping) and isinstance(got, Mapping):
        for name, value in sent.items():
            if name in got:
                yield from _differing(value, got[name], f"{path}.{name}" if path else name)
    elif isinstance(sent, list) and isinstance(got, list):
        for item in sent:
            if not any(not list(_differing(item, other, path)) for other in got):
                yield f"`{path}` lacks {item}"
    elif isinstance(sent, list | Mapping):
        if sent and got is not None:
            yield f"`{path}` was to be {sent} and is {got}"
    elif not _same(sent, got):
        yield f"`{path}` was to be {sent} and is {got}"


def _same(sent: Json, got: Any) -> bool:
    if isinstance(sent, int | float) and not isinstance(sent, bool) and isinstance(got, int | Decimal):
        return Decimal(str(sent)) == got
    # Text that is emptied may be answered as null.
    return bool(sent == got) or (sent in ("", None) and got in ("", None))


def held(outcomes: Sequence[Outcome], changeset: Changeset, after: Changeset) -> list[Outcome]:
    """The outcomes, those turned into failures that do not hold when the account is read again, which gave `after`."""
    left = _remaining(changeset, after)
    return [
        Failed(outcome.change, _not_held(left[outcome.change.address]))
        if isinstance(outcome, Applied) and outcome.change.address in left
        else outcome
        for outcome in outcomes
    ]


def _not_held(change: Change) -> CommetctlError:
    hint = "compare the object in the dashboard, and report this to Commet support"
    if isinstance(change, Update) and any(isinstance(item.after, Derived) for item in change.fields):
        # Whether a written value that is no longer sent becomes derived is not documented.
        hint = "Commet keeps the value that was written out before: write out the amount that you want"
    error = CommetctlError(
        f"Commet confirmed the change, and when it is read back, {_left(change)}", hint, code="not_as_confirmed"
    )
    error.address = str(change.address)
    return error


def _remaining(changeset: Changeset, after: Changeset) -> dict[Address, Change]:
    done = {change.address for change in changeset.changes}
    left = [*after.changes, *(item.change for item in after.blocked)]
    return {change.address: change for change in left if change.address in done}


def _left(change: Change) -> str:
    if isinstance(change, Delete):
        return "it is still there"
    if isinstance(change, Update):
        return "; ".join(f"`{c.path}` is {c.before} instead of {c.after}" for c in change.fields)
    return "it is not there"
