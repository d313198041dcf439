"""The record of a run: the calls that the API confirmed, and the account that they lead to, held to what is read."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from commetctl.core.call import ApiCall
from commetctl.core.change import Applied, Change, Create, Delete, Failed, Outcome, Update
from commetctl.core.changeset import Changeset
from commetctl.core.errors import CommetctlError
from commetctl.core.footprint import Account, State
from commetctl.core.money import Derived
from commetctl.core.resource import Address, Resource, ResourceSet, Value
from commetctl.core.text import left_said
from commetctl.core.values import same, text
from commetctl.planning.diff import field_changes


class Record:
    """What a run has done to an account; safe to use from several threads.

    A call that the API confirmed is carried out. Where it is not known whether a call was, or how, the call and
    everything that it touches are in doubt.
    """

    def __init__(self, live: ResourceSet) -> None:
        self._live = live
        self._account = Account(live)
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        #: The objects that the confirmed calls touched.
        self.touched: set[Address] = set()
        #: In the order of the answers.
        self.confirmed: list[ApiCall] = []
        self.doubted: list[ApiCall] = []
        #: The objects that the calls in doubt may have changed.
        self.in_doubt: set[Address] = set()

    def confirm(self, step: str, call: ApiCall) -> None:
        """Note a call that the API confirmed."""
        with self._lock:
            self.confirmed.append(call)
            self._counts[step] += 1
            self.touched |= self._account.carry_out(call.leaves)

    def doubt(self, call: ApiCall) -> None:
        """Note a call that may or may not have been carried out as asked."""
        with self._lock:
            self.doubted.append(call)
            account = self._account.copy()
            touched = account.carry_out(call.leaves)
            self.in_doubt |= {a for a in touched if account.states(a) != self._account.states(a)}

    @property
    def wrote(self) -> bool:
        """Whether anything was carried out."""
        return bool(self.confirmed)

    @property
    def sent(self) -> bool:
        """Whether anything may have been carried out."""
        return bool(self.confirmed or self.doubted)

    def holds(self, call: ApiCall, found: ResourceSet) -> bool:
        """Whether everything that a DELETE removes is gone from an account that was read."""
        with self._lock:
            taken = self._account.copy().carry_out(call.leaves)
        return not any(address in found for address in taken)

    def leaves(self, calls: Sequence[ApiCall]) -> list[Resource]:
        """Of all objects that some calls touch, those that exist once the calls are carried out."""
        with self._lock:
            account = self._account.copy()
        touched = [account.carry_out(call.leaves) for call in calls]
        states = (account.state(address) for address in sorted(frozenset().union(*touched)))
        return [state for state in states if state]

    def is_so(self, address: Address, wanted: State) -> bool:
        """Whether a resource is known to be in this state."""
        with self._lock:
            states = self._account.states(address)
        return address not in self.in_doubt and len(states) == 1 and _alike(states[0], wanted)

    def is_sure(self, address: Address) -> bool:
        """Whether the state of a resource is known."""
        return address not in self.in_doubt and len(self._account.states(address)) == 1

    def left(self, address: Address) -> Change | None:
        """The change of a resource since before the run; None where there is none."""
        before, states = self._live.get(address), self._account.states(address)
        return next((change for state in states if (change := change_between(before, state))), None)

    def count(self, step: str) -> int:
        """How many calls of a step were confirmed."""
        return self._counts[step]

    def astray(self, found: ResourceSet) -> Iterator[Change]:
        """How an account that was read differs from what the confirmed calls lead to, but for objects in doubt."""
        for address in dict.fromkeys([*self._account.resources(), *self._account.unsure, *found]):
            states, state = self._account.states(address), found.get(address)
            is_so = address in self.in_doubt or any(_alike(state, other) for other in states)
            if not is_so and (change := change_between(states[0], state)):
                yield change


def change_between(before: State, after: State) -> Change | None:
    """The change from one state of a resource to another; None where there is no difference."""
    if before is None or after is None:
        return Create(after) if after else Delete(before) if before else None
    return None if _alike(before, after) else Update(before, after, field_changes(before, after))


def _alike(one: State, other: State) -> bool:
    if one is None or other is None:
        return one is other
    unsaid = one.open | other.open
    return same(_without(one, unsaid), _without(other, unsaid))


def _without(resource: Resource, names: frozenset[str]) -> Mapping[str, Value]:
    return {name: value for name, value in resource.fields.items() if name not in names} if names else resource.fields


def held(outcomes: Sequence[Outcome], changeset: Changeset, found: ResourceSet) -> list[Outcome]:
    """The outcomes, with a failure for each applied change that is not in the account that was read afterwards."""
    expected = changeset.expected or ResourceSet()

    def judged(outcome: Outcome) -> Outcome:
        address = outcome.change.address
        if not isinstance(outcome, Applied):
            return outcome
        missing = change_between(found.get(address), expected.get(address))
        return Failed(outcome.change, _not_held(missing)) if missing else outcome

    return [judged(outcome) for outcome in outcomes]


def beside(record: Record, outcomes: Sequence[Outcome], found: ResourceSet) -> Iterator[CommetctlError]:
    """One error for each object that differs from what the confirmed calls lead to, and has no outcome."""
    told = {outcome.change.address for outcome in outcomes}
    for change in record.astray(found):
        if change.address not in told:
            yield CommetctlError(
                f"Commet also changed something that no request asked for: it {left_said(change)}",
                "somebody else or Commet itself may have done it: run `commetctl plan` to compare",
                code="changed_beside",
                address=change.address,
            )


def _not_held(missing: Change) -> CommetctlError:
    """The error of a change that the API confirmed, and of which `missing` is still to be made."""
    hint = "compare the object in the dashboard, and report this to Commet support"
    if isinstance(missing, Update) and any(isinstance(item.after, Derived) for item in missing.fields):
        # It is not documented whether a value that was written out becomes derived when it is no longer sent.
        hint = "Commet keeps the previous amount: declare the amount that you want"
    message = f"Commet confirmed the change, but when it is read back, {_left(missing)}"
    return CommetctlError(message, hint, code="not_as_confirmed", address=missing.address)


def _left(missing: Change) -> str:
    if isinstance(missing, Delete):
        return "it still exists"
    if isinstance(missing, Update):
        return "; ".join(f"`{c.path}` is {text(c.before)} instead of {text(c.after)}" for c in missing.fields)
    return "it does not exist"
