"""Sending the calls of a step: noted before and after, under a key of their own, each answer held to what was asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from commetctl.api.client import Client
from commetctl.api.retry import in_doubt
from commetctl.apply.confirm import confirm
from commetctl.core.address import Address
from commetctl.core.call import ApiCall, fingerprint
from commetctl.core.change import Change, Delete, Update
from commetctl.core.resource import UNKNOWN, Resource, ResourceSet
from commetctl.core.step import Step
from commetctl.errors import ApiError, CommetctlError, Refused, Unreachable

#: How often a DELETE is sent at most, somebody having looked each time whether it took.
_DELETES = 3


class Notes(Protocol):
    """Where each request is noted before it is sent, so that whoever comes after a crash knows what was under way."""

    def begin(self, step: str, number: int, call: ApiCall, request: str) -> str:
        """Note that a request is about to be sent; its `Idempotency-Key`. `request` is its fingerprint."""

    def end(self, key: str, result: str) -> None:
        """Note that the fate of a request is known."""


@dataclass
class Sender:
    """Sends steps; safe to use from several threads, as long as each has a step of its own.

    `ids` learns the ids of what is created. `look` reads the account again, for a DELETE of which nobody knows whether
    it took; without it, such a DELETE is a failure.
    """

    client: Client
    ids: dict[Address, str]
    notes: Notes
    livemode: bool
    look: Callable[[], ResourceSet] | None = None

    def send(self, step: Step, changes: Mapping[Address, Change]) -> None:
        """Send the calls of a step, one after the other; raises a CommetctlError at the first that fails."""
        covered = [changes[address] for address in step.covers]
        for number, call in enumerate(step.calls):
            if call.method == "DELETE":
                self._delete(step, number, call, covered)
            else:
                self._write(step, number, call)

    def _write(self, step: Step, number: int, call: ApiCall) -> None:
        answer = self._noted(step, number, call)
        self._check_mode(answer)
        if call.creates:
            self.ids[call.creates] = _id(call, answer)
        confirm(call, answer, self.ids)

    def _delete(self, step: Step, number: int, call: ApiCall, covered: list[Change]) -> None:
        """Delete; where it is not known whether that took, look before doing it again."""
        for attempt in range(1, _DELETES + 1):
            try:
                self._check_mode(self._noted(step, number, call))
            except (ApiError, Unreachable) as error:
                if _is_gone(error):
                    return
                self._reconsider(error, attempt)
            else:
                return
            if self.look and not _is_left(covered, self.look()):
                return

    def _reconsider(self, error: CommetctlError, attempt: int) -> None:
        """Raise an error that is final: a definite one, or the last of many."""
        if not in_doubt(error) or self.look is None or attempt == _DELETES or self.client.governor.stopped:
            raise error

    def _noted(self, step: Step, number: int, call: ApiCall) -> Any:
        key = self.notes.begin(step.name, number, call, fingerprint(call, self.ids))
        try:
            answer = self.client.send(call, self.ids, key)
        except CommetctlError as error:
            # In doubt, the note stays open: the next run has to know.
            if not in_doubt(error):
                self.notes.end(key, error.code)
            raise
        self.notes.end(key, "done")
        return answer

    def _check_mode(self, answer: Any) -> None:
        if isinstance(answer, Mapping) and answer.get("livemode") is (not self.livemode):
            actual, wanted = ("live", "sandbox") if not self.livemode else ("sandbox", "live")
            raise Refused(
                f"the key belongs to a {actual} organization, and {wanted} was expected",
                "what was just written is there: check it in the dashboard, and use the right key",
                code="wrong_mode",
            )


def _id(call: ApiCall, answer: Any) -> str:
    if isinstance(answer, Mapping) and isinstance(answer.get("id"), str):
        return str(answer["id"])
    raise Unreachable(
        f"the API created {call.creates} and did not say its id", "run `commetctl plan` to see what is there"
    )


def _is_gone(error: CommetctlError) -> bool:
    return isinstance(error, ApiError) and error.status == 404 and error.code != "endpoint_not_available"


def _is_left(covered: list[Change], live: ResourceSet) -> bool:
    """Whether anything is still there that was to be deleted, or as it was before that was to be cleared."""
    return any(_is_there(change, live.get(change.address)) for change in covered)


def _is_there(change: Change, found: Resource | None) -> bool:
    match change:
        case Delete():
            return found is not None
        case Update(before=before) if found:
            # What the ledger remembered of it may have gone before.
            rest = ((name, value) for name, value in before.fields.items() if name != "protect")
            return all(found.fields[name] in (value, UNKNOWN) for name, value in rest)
        case _:
            return False
