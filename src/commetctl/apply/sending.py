"""Sends the calls of a step: each is noted before and after, has a key of its own, and its answer is checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

from commetctl.api.client import Client
from commetctl.api.pacing import in_doubt
from commetctl.apply.confirm import confirm
from commetctl.apply.ids import Ids
from commetctl.apply.journal import Journal
from commetctl.apply.record import Record
from commetctl.core.call import ApiCall, Request, Step, resolved
from commetctl.core.errors import ApiError, CommetctlError, Refused, Unreachable
from commetctl.core.resource import Address, ResourceSet
from commetctl.kinds import kind_of

#: How often a DELETE is sent at most, with the account read in between.
_DELETES = 3


@dataclass
class Sender:
    """Sends steps; safe to use from several threads, as long as each has a step of its own.

    The ids of created objects are added to `ids`, and calls that were carried out to `record`. `look` reads the
    account, where it is not known whether a DELETE took; without it, such a DELETE is a failure.
    """

    client: Client
    ids: Ids
    journal: Journal
    livemode: bool
    record: Record
    look: Callable[[], ResourceSet] | None = None

    def send(self, step: Step) -> None:
        """Send the calls of a step, one after the other; raises a CommetctlError at the first that fails."""
        if len(step.calls) > 1:
            self.journal.prepare(step.name, self.record.leaves(step.calls))
        for number, call in enumerate(step.calls):
            request = resolved(call, self.ids)
            anew = any(earlier.method == "DELETE" for earlier in step.calls[:number])
            send = partial(self._deleted, call) if call.method == "DELETE" else partial(self._noted, anew=anew)
            try:
                answer = send(step, number, request)
            except CommetctlError as error:
                if in_doubt(error):
                    self.record.doubt(call)
                raise _told(error, call, self.client.contract.version) from error
            try:
                self._check(step, call, request, answer)
            except CommetctlError:
                # The call was carried out, but not as it was asked for.
                self.record.doubt(call)
                raise
            self.record.confirm(step.name, call)
        if len(step.calls) > 1:
            self.journal.complete(step.name)

    def _check(self, step: Step, call: ApiCall, request: Request, answer: Any) -> None:
        self._check_mode(answer)
        if call.creates:
            self.ids.add(call.creates, _id(call.creates, answer, self.ids))
        confirm(call, request, answer, self.ids, step.covers[0], self.client.contract)

    def _deleted(self, call: ApiCall, step: Step, number: int, request: Request) -> Any:
        """The answer to a DELETE, None where the object is gone. The account is read before the DELETE is repeated."""
        for attempt in count(1):
            try:
                return self._noted(step, number, request)
            except (ApiError, Unreachable) as error:
                if _is_gone(error):
                    break
                if not in_doubt(error) or self.look is None or attempt == _DELETES or self.client.governor.stopped:
                    raise
            if self.record.holds(call, self.look()):
                break
        return None

    def _noted(self, step: Step, number: int, request: Request, *, anew: bool = False) -> Any:
        key = self.journal.begin(step.name, number, request, anew=anew)
        try:
            answer = self.client.send(request, key)
        except CommetctlError as error:
            # A request in doubt stays open in the journal: the next run has to know.
            if not in_doubt(error):
                self.journal.end(key, error.code)
            raise
        self.journal.end(key, "done")
        return answer

    def _check_mode(self, answer: Any) -> None:
        if isinstance(answer, Mapping) and answer.get("livemode") is (not self.livemode):
            actual, wanted = ("live", "sandbox") if not self.livemode else ("sandbox", "live")
            raise Refused(
                f"the key belongs to a {actual} account, but {wanted} was expected",
                "what was just written is in that account: check it in the dashboard, and use the right key",
                code="wrong_mode",
            )


def _id(created: Address, answer: Any, ids: Ids) -> str:
    """The id of what was created. Raises Unreachable where the answer has none, or the id of another object."""
    found = answer.get("id") if isinstance(answer, Mapping) else None
    if not isinstance(found, str) or not found:
        raise Unreachable(
            f"the API created {created} and did not return its id", "run `commetctl plan` to see what is there"
        )
    if others := ids.owners(found) - {created}:
        raise Unreachable(
            f"the API answered the creation of {created} with the id of {min(others)}",
            "run `commetctl plan` to see what is there",
            code="another_object",
        )
    return found


def _told(error: CommetctlError, call: ApiCall, version: str) -> CommetctlError:
    """An error, or what it means where a creation is refused because Commet has the object and does not list it."""
    kind = kind_of(call.creates) if call.creates else None
    unlisted = kind.unlisted.get(version) if kind else None
    if unlisted is None or error.code != "duplicate":
        return error
    message = f"{call.creates} already exists in Commet, which did not list it: {unlisted.reason}"
    return CommetctlError(message, unlisted.exists, code="duplicate")


def _is_gone(error: CommetctlError) -> bool:
    return isinstance(error, ApiError) and error.status == 404 and error.code != "endpoint_not_available"
