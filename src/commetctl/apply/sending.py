"""Sending the calls of a step: noted before and after, under a key of their own, each answer held to what was asked."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from commetctl.api.client import Client
from commetctl.api.retry import in_doubt
from commetctl.apply.confirm import confirm
from commetctl.apply.record import Record
from commetctl.core.call import ApiCall, Request, Step, resolved
from commetctl.core.errors import ApiError, CommetctlError, Refused, Unreachable
from commetctl.core.resource import Address, Resource, ResourceSet

#: How often a DELETE is sent at most, somebody having looked each time whether it took.
_DELETES = 3


class Notes(Protocol):
    """Where each request is noted before it is sent, so that whoever comes after a crash knows what was under way."""

    def begin(self, step: str, number: int, request: Request) -> str:
        """Note that a request is about to be sent; its `Idempotency-Key`."""

    def end(self, key: str, result: str) -> None:
        """Note that the fate of a request is known."""

    def prepare(self, step: str, resources: Iterable[Resource]) -> None:
        """Note what a step of several calls leaves in the end, before its first call."""

    def complete(self, step: str) -> None:
        """Note that all calls of such a step are done."""


@dataclass
class Sender:
    """Sends steps; safe to use from several threads, as long as each has a step of its own.

    `ids` learns the ids of what is created, and `record` what was carried out. `look` reads the account again, for a
    DELETE of which nobody knows whether it took; without it, such a DELETE is a failure.
    """

    client: Client
    ids: dict[Address, str]
    notes: Notes
    livemode: bool
    record: Record
    look: Callable[[], ResourceSet] | None = None

    def send(self, step: Step) -> None:
        """Send the calls of a step, one after the other; raises a CommetctlError at the first that fails."""
        if len(step.calls) > 1:
            self.notes.prepare(step.name, self.record.leaves(step.calls))
        for number, call in enumerate(step.calls):
            try:
                send = self._delete if call.method == "DELETE" else self._write
                send(step, number, call)
            except _NotAsAsked as failed:
                self.record.doubt(call)
                raise failed.error from None
            except CommetctlError as error:
                if in_doubt(error):
                    self.record.doubt(call)
                raise
            self.record.confirm(step.name, call)
        if len(step.calls) > 1:
            self.notes.complete(step.name)

    def _write(self, step: Step, number: int, call: ApiCall) -> None:
        request = resolved(call, self.ids)
        answer = self._noted(step, number, request)
        with _carried_out():
            self._check_mode(answer)
            if call.creates:
                self.ids[call.creates] = _id(call, answer, self.ids)
            confirm(call, request, answer, self.ids)

    def _delete(self, step: Step, number: int, call: ApiCall) -> None:
        """Delete; where it is not known whether that took, look before doing it again."""
        request = resolved(call, self.ids)
        for attempt in range(1, _DELETES + 1):
            try:
                answer = self._noted(step, number, request)
            except (ApiError, Unreachable) as error:
                if _is_gone(error):
                    return
                self._reconsider(error, attempt)
            else:
                with _carried_out():
                    self._check_mode(answer)
                    confirm(call, request, answer, self.ids)
                return
            if self.look and self.record.holds(call, self.look()):
                return

    def _reconsider(self, error: CommetctlError, attempt: int) -> None:
        """Raise an error that is final: a definite one, or the last of many."""
        if not in_doubt(error) or self.look is None or attempt == _DELETES or self.client.governor.stopped:
            raise error

    def _noted(self, step: Step, number: int, request: Request) -> Any:
        key = self.notes.begin(step.name, number, request)
        try:
            answer = self.client.send(request, key)
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


class _NotAsAsked(Exception):
    """A call was carried out, and its answer is not what was asked for."""

    def __init__(self, error: CommetctlError) -> None:
        super().__init__(error.message)
        self.error = error


@contextmanager
def _carried_out() -> Iterator[None]:
    try:
        yield
    except CommetctlError as error:
        raise _NotAsAsked(error) from error


def _id(call: ApiCall, answer: Any, ids: Mapping[Address, str]) -> str:
    """The id of what a call created. Raises Unreachable where the answer has none, or that of something else."""
    found = answer.get("id") if isinstance(answer, Mapping) else None
    if not isinstance(found, str) or not found:
        raise Unreachable(
            f"the API created {call.creates} and did not say its id", "run `commetctl plan` to see what is there"
        )
    if other := next((address for address, known in ids.items() if known == found and address != call.creates), None):
        raise Unreachable(
            f"the API answered the creation of {call.creates} with the id of {other}",
            "run `commetctl plan` to see what is there",
            code="another_object",
        )
    return found


def _is_gone(error: CommetctlError) -> bool:
    return isinstance(error, ApiError) and error.status == 404 and error.code != "endpoint_not_available"
