"""The record of a run: which calls the API confirmed, the account that follows from them, and whether it is so."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence

from commetctl.core.call import ApiCall
from commetctl.core.change import Applied, Change, Create, Delete, Failed, Outcome, Update
from commetctl.core.changeset import Changeset
from commetctl.core.errors import CommetctlError
from commetctl.core.footprint import Account, State
from commetctl.core.money import Derived
from commetctl.core.resource import Address, Resource, ResourceSet
from commetctl.core.text import left_said
from commetctl.core.values import same, text
from commetctl.planning.diff import field_changes


class Record:
    """What a run has done to an account; safe to use from several threads.

    A call is carried out when the API confirmed it. One of which nobody knows is in doubt, and so is what it touches.
    """

    def __init__(self, live: ResourceSet) -> None:
        self._live = live
        self._account = Account(live)
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        #: What the confirmed calls touched.
        self.touched: frozenset[Address] = frozenset()
        #: In the order of the answers.
        self.confirmed: list[ApiCall] = []
        self.doubted: list[ApiCall] = []
        #: What the calls in doubt may have touched.
        self.in_doubt: frozenset[Address] = frozenset()

    def confirm(self, step: str, call: ApiCall) -> None:
        """Note a call that the API confirmed."""
        with self._lock:
            self.confirmed.append(call)
            self._counts[step] += 1
            self.touched |= self._account.carry_out(call.leaves)

    def doubt(self, call: ApiCall) -> None:
        """Note a call of which nobody knows whether it was carried out, or how."""
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
        """Whether everything is gone that a DELETE takes away, in an account as it was read."""
        with self._lock:
            taken = self._account.copy().carry_out(call.leaves)
        return not any(address in found for address in taken)

    def leaves(self, calls: Sequence[ApiCall]) -> list[Resource]:
        """What there is, of all that some calls touch, once they are carried out."""
        with self._lock:
            account = self._account.copy()
        touched = [account.carry_out(call.leaves) for call in calls]
        states = (account.state(address) for address in sorted(frozenset().union(*touched)))
        return [state for state in states if state]

    def is_so(self, address: Address, wanted: State) -> bool:
        """Whether a resource is known to be in a state, and no other."""
        with self._lock:
            states = self._account.states(address)
        return address not in self.in_doubt and len(states) == 1 and _alike(states[0], wanted)

    def is_sure(self, address: Address) -> bool:
        """Whether it is known in which state a resource is."""
        return address not in self.in_doubt and len(self._account.states(address)) == 1

    def left(self, address: Address) -> Change | None:
        """How a resource differs from what it was before the run; None where it does not."""
        before, states = self._live.get(address), self._account.states(address)
        return next((change for state in states if (change := change_between(before, state))), None)

    def count(self, step: str) -> int:
        """How many calls of a step were confirmed."""
        return self._counts[step]

    def astray(self, found: ResourceSet) -> Iterator[Change]:
        """How an account that was read differs from what the confirmed calls leave, but for what is in doubt."""
        for address in dict.fromkeys([*self._account.resources(), *self._account.unsure, *found]):
            states, state = self._account.states(address), found.get(address)
            is_so = address in self.in_doubt or any(_alike(state, other) for other in states)
            if not is_so and (change := change_between(states[0], state)):
                yield change


def change_between(before: State, after: State) -> Change | None:
    """The change from one state of a resource to another; None where they are the same."""
    if before is None or after is None:
        return Create(after) if after else Delete(before) if before else None
    return None if _alike(before, after) else Update(before, after, field_changes(before, after))


def _alike(one: State, other: State) -> bool:
    if one is None or other is None:
        return one is other
    return same(one.fields, other.fields)


def held(outcomes: Sequence[Outcome], changeset: Changeset, found: ResourceSet) -> list[Outcome]:
    """The outcomes, those turned into failures that do not hold in the account as it was `found` afterwards."""
    expected = changeset.expected or ResourceSet()

    def judged(outcome: Outcome) -> Outcome:
        address = outcome.change.address
        if not isinstance(outcome, Applied):
            return outcome
        missing = change_between(found.get(address), expected.get(address))
        return Failed(outcome.change, _not_held(missing)) if missing else outcome

    return [judged(outcome) for outcome in outcomes]


def beside(record: Record, outcomes: Sequence[Outcome], found: ResourceSet) -> Iterator[CommetctlError]:
    """One error for each object that is not as the confirmed calls leave it, and of which no outcome says so."""
    told = {outcome.change.address for outcome in outcomes}
    for change in record.astray(found):
        if change.address not in told:
            yield CommetctlError(
                f"Commet has changed this too, which no request asked for: it {left_said(change)}",
                "it may be the work of somebody else, or of Commet itself: run `commetctl plan` to compare",
                code="changed_beside",
                address=change.address,
            )


def _not_held(missing: Change) -> CommetctlError:
    """The error of a change that the API confirmed; `missing` is what it would still take."""
    hint = "compare the object in the dashboard, and report this to Commet support"
    if isinstance(missing, Update) and any(isinstance(item.after, Derived) for item in missing.fields):
        # Whether a written value that is no longer sent becomes derived is not documented.
        hint = "Commet keeps the value that was written out before: write out the amount that you want"
    message = f"Commet confirmed the change, and when it is read back, {_left(missing)}"
    return CommetctlError(message, hint, code="not_as_confirmed", address=missing.address)


def _left(missing: Change) -> str:
    if isinstance(missing, Delete):
        return "it is still there"
    if isinstance(missing, Update):
        return "; ".join(f"`{c.path}` is {text(c.before)} instead of {text(c.after)}" for c in missing.fields)
    return "it is not there"
