"""Carrying out a changeset: the calls of its steps, in order, each answer compared with what was asked for."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from commetctl.api.client import Client
from commetctl.core.address import Address
from commetctl.core.call import ApiCall, Json, Ref, fill
from commetctl.core.change import Change, Delete, Update
from commetctl.core.changeset import Changeset
from commetctl.core.money import Derived
from commetctl.core.outcome import Applied, Failed, Outcome, Skipped
from commetctl.core.step import Step
from commetctl.errors import ApiError, CommetctlError, NotPermitted, Refused, Unreachable


@dataclass
class Run:
    """One run of a changeset. `ids` starts with what is known and learns the ids of what is created."""

    changeset: Changeset
    client: Client
    ids: dict[Address, str]
    run_id: str
    #: Whether what is written must belong to a live organization; every answer is held to it.
    livemode: bool
    #: Called with the first price that was written where nothing proved yet what prices mean, and with all ids; raises
    #: Refused when they do not mean what was assumed.
    prove_scale: Callable[[Address, Mapping[Address, str]], None] | None = None
    #: Set by the step that failed so that nothing else can be expected to work.
    stopped: str = ""
    #: The step that is being tried.
    current: str = ""
    failed: dict[str, CommetctlError] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)

    def outcomes(self) -> Iterator[Outcome]:
        """Send everything, and report each change as soon as its last step has ended."""
        last = {address: step.name for step in self.changeset.steps for address in step.covers}
        changes = {change.address: change for change in self.changeset.changes}
        for step in self.changeset.steps:
            self._try(step)
            for address in step.covers:
                if last[address] == step.name:
                    yield self._outcome(changes[address])

    def interrupted(self, reported: Sequence[Outcome]) -> Iterator[Outcome]:
        """The outcomes of what was not reported when the run was interrupted: in flight, or not tried."""
        known = {outcome.change.address for outcome in reported}
        for change in self.changeset.changes:
            steps = {step.name for step in self.changeset.steps_for(change.address)}
            if change.address in known:
                continue
            if self.current in steps - self.done:
                error = CommetctlError(
                    "interrupted while it was in flight: whether it took is not known",
                    "run `commetctl plan` to see",
                    code="in_flight",
                )
                error.address = str(change.address)
                yield Failed(change, error)
            else:
                yield Skipped(change, "the run was interrupted")

    def _try(self, step: Step) -> None:
        if self.stopped or not self.changeset.needs[step.name] <= self.done:
            return
        self.current = step.name
        try:
            for number, call in enumerate(step.calls):
                self._send(step, number, call)
            if step.proves_scale and self.prove_scale:
                self.prove_scale(step.covers[0], self.ids)
                self.prove_scale = None
        except CommetctlError as error:
            error.address = str(step.covers[0])
            self.failed[step.name] = error
            if _is_final(error):
                self.stopped = f"the run stopped at {step.name}"
        else:
            self.done.add(step.name)

    def _send(self, step: Step, number: int, call: ApiCall) -> None:
        # One key for each request of each run: a key made from content would, within a day, answer a change that was
        # reverted and is made again with yesterday's answer.
        key = hashlib.sha256(f"{self.run_id}:{step.name}:{number}".encode()).hexdigest()[:40]
        try:
            answer = self.client.send(call, self.ids, f"commetctl-{key}")
        except ApiError as error:
            if call.method == "DELETE" and (error.status == 404 and error.code != "endpoint_not_available"):
                return
            raise
        self._check_mode(answer)
        if call.creates:
            self.ids[call.creates] = _id(call, answer)
        confirm(call, answer, self.ids)

    def _check_mode(self, answer: Any) -> None:
        if isinstance(answer, Mapping) and answer.get("livemode") is (not self.livemode):
            actual, wanted = ("live", "sandbox") if not self.livemode else ("sandbox", "live")
            raise Refused(
                f"the key belongs to a {actual} organization, and {wanted} was expected",
                "what was just written is there: check it in the dashboard, and use the right key",
                code="wrong_mode",
            )

    def _outcome(self, change: Change) -> Outcome:
        steps = self.changeset.steps_for(change.address)
        for step in steps:
            if step.name in self.failed:
                return Failed(change, self.failed[step.name])
        if all(step.name in self.done for step in steps):
            return Applied(change)
        return Skipped(change, self.stopped or self._waiting_for(steps))

    def _waiting_for(self, steps: Sequence[Step]) -> str:
        missing = {name for step in steps for name in self.changeset.needs[step.name]} - self.done
        return "it needs " + ", ".join(sorted(missing)) + ", which was not done"


def _is_final(error: CommetctlError) -> bool:
    """Whether an error says that no other request will fare better."""
    if error.code == "forbidden":
        return False
    return isinstance(error, Unreachable | NotPermitted | Refused) or error.code == "rate_limited"


def _id(call: ApiCall, answer: Any) -> str:
    if isinstance(answer, Mapping) and isinstance(answer.get("id"), str):
        return str(answer["id"])
    raise Unreachable(
        f"the API created {call.creates} and did not say its id", "run `commetctl plan` to see what is there"
    )


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


def unconfirmed(changeset: Changeset, after: Changeset) -> dict[Address, str]:
    """What was applied and is not so when it is read back: address to what is left to do."""
    return {address: _left(change) for address, change in _remaining(changeset, after).items()}


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
