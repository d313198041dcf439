"""A run: takes the steps of a changeset, side by side where it can, and reports what became of each change."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from commetctl.apply.record import Record
from commetctl.apply.sending import Sender
from commetctl.apply.workers import Workers
from commetctl.core.call import Step
from commetctl.core.change import Applied, Change, Delete, Failed, Outcome, Skipped
from commetctl.core.changeset import Changeset
from commetctl.core.errors import CommetctlError, NotPermitted, Refused, Unreachable
from commetctl.core.footprint import Cleared
from commetctl.core.resource import Address
from commetctl.core.text import left_said
from commetctl.planning.agenda import Agenda

#: Codes of errors that every further request would meet too.
_HOPELESS = frozenset({"rate_limited", "idempotency_key_mismatch", "journal"})

#: How many more steps are taken than requests may be in flight: so a request waits for no line of the journal, and for
#: no check of an answer.
_AHEAD = 1


@dataclass
class Run:
    """One run of a changeset.

    Up to `parallelism` requests of steps that do not wait for each other are in flight at once, as the governor of the
    client allows; with 1, they are sent in the order of the changeset.
    A step that waits for one that failed is skipped, and the rest is done.
    """

    changeset: Changeset
    sender: Sender
    #: Where nothing in the account proves the scale of prices: called with the first price that was written, and with
    #: all ids. Raises Refused when the scale is another than was assumed. Until then, steps are taken one at a time.
    prove_scale: Callable[[Address, Mapping[Address, str]], None] | None = None
    parallelism: int = 1
    #: Why no further step is started; empty while steps are.
    stopped: str = ""
    failed: dict[str, CommetctlError] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._changes = {change.address: change for change in self.changeset.changes}
        self._unproven = bool(self.prove_scale) and any(step.proves_scale for step in self.changeset.steps)
        self._agenda = Agenda(self.changeset.steps, self.changeset.needs, self.changeset.follows)
        self._workers = Workers(self._take, self._advance)
        self._reported: set[Address] = set()

    @property
    def record(self) -> Record:
        """What was carried out."""
        return self.sender.record

    def outcomes(self) -> Generator[Outcome, None, None]:
        """Take all steps, and yield the outcome of each change once it is known; untried changes come last.

        Steps go on while an outcome is looked at. Close the iterator to leave it early: no further step is started.
        """
        try:
            self._workers.start()
            while step := self._workers.wait():
                yield from self._ended(step)
            yield from self._rest()
        finally:
            self._workers.close()

    def stop(self, reason: str) -> None:
        """Start no further step. Those under way are finished, and no request of theirs is tried again."""
        self.stopped = self.stopped or reason
        self.sender.client.governor.stop()

    def abandoned(self) -> Iterator[Outcome]:
        """The outcomes of all changes without one, when the run is left: in flight, or not tried."""
        self._workers.close()
        for step in self._workers.ended():
            yield from self._ended(step)
        in_flight = {address for step in self._workers.at_work for address in step.covers}
        for change in self._unreported():
            if change.address in in_flight:
                error = CommetctlError(
                    "interrupted during the request: it is not known whether it took effect",
                    "run `commetctl plan` to see",
                    code="in_flight",
                    address=change.address,
                )
                yield Failed(change, error)
            else:
                yield Skipped(change, self.stopped or "the run was interrupted", of_run=True)
        yield from self._left_over()

    def _take(self, step: Step) -> None:
        """Take a step; runs on a thread of its own."""
        try:
            self.sender.send(step)
            if step.proves_scale and self._unproven and self.prove_scale:
                self.prove_scale(step.covers[0], self.sender.ids)
        except CommetctlError as error:
            self.failed[step.name] = error.about(step.covers[0])

    def _advance(self, ended: Step | None, at_work: int) -> list[Step]:
        """Note that a step has ended, and pick those to start now, beside so many at work.

        Called by one thread at a time.
        """
        if ended:
            self._settle(ended)
        most = 1 if self._unproven or self.parallelism == 1 else self.parallelism + _AHEAD
        picked: list[Step] = []
        while not self.stopped and at_work + len(picked) < most and (step := self._agenda.next()):
            picked.append(step)
        return picked

    def _settle(self, step: Step) -> None:
        error = self.failed.get(step.name)
        if error is None:
            self.done.add(step.name)
            self._agenda.done(step)
            self._unproven = self._unproven and not step.proves_scale
            return
        self._agenda.failed(step)
        if _is_final(error):
            self.stopped = self.stopped or f"the run stopped at {step.name}"

    def _ended(self, step: Step) -> Iterator[Outcome]:
        """The outcomes that are known now that a step has ended."""
        for address in step.covers:
            if address not in self._reported and (step.name in self.failed or self._is_done(address)):
                yield self._report(self._changes[address])

    def _rest(self) -> Iterator[Outcome]:
        for change in self._unreported():
            yield self._report(change)
        yield from self._left_over()

    def _left_over(self) -> Iterator[Failed]:
        """Failures for objects beside the changes that no longer are as before, and were not restored."""
        going = [change.address for change in self.changeset.changes if isinstance(change, Delete)]
        planned = {*self._changes, *(a for address in going for a in self.changeset.along.get(address, ()))}
        for address in sorted(self.record.touched - planned):
            if change := self.record.left(address):
                certain = self.record.is_sure(address)
                yield Failed(change, _half_done(change, self._undone(address), certain=certain))

    def _undone(self, address: Address) -> str:
        """Which step was to restore an object, and why it was not done."""
        steps = [step for step in self.changeset.steps if step.name not in self.done and _touches(step, address)]
        for step in steps:
            if error := self.failed.get(step.name):
                return f"{step.name} stopped half way ({error.message})"
        return f"{steps[0].name} was not done" if steps else "the run was not completed"

    def _unreported(self) -> list[Change]:
        return [change for change in self.changeset.changes if change.address not in self._reported]

    def _is_done(self, address: Address) -> bool:
        return all(step.name in self.done for step in self.changeset.steps_for(address))

    def _report(self, change: Change) -> Outcome:
        """The outcome of a change, by what the confirmed calls made of it."""
        self._reported.add(change.address)
        steps = self.changeset.steps_for(change.address)
        failed = [step for step in steps if step.name in self.failed]
        # A step that failed after its last call did so because of what the calls did.
        is_proof = any(self.record.count(step.name) == len(step.calls) for step in failed)
        if self._is_done(change.address) or (self._is_reached(change) and not is_proof):
            return Applied(change)
        left = self.record.left(change.address)
        if failed:
            return Failed(change, self.failed[failed[0].name], left)
        return Skipped(change, self.stopped or self._waiting_for(steps), left, of_run=bool(self.stopped))

    def _is_reached(self, change: Change) -> bool:
        """Whether a change is made although one of its steps is not done, which had nothing to do for it."""
        wanted = None if isinstance(change, Delete) else change.after
        return self.record.left(change.address) is not None and self.record.is_so(change.address, wanted)

    def _waiting_for(self, steps: Sequence[Step]) -> str:
        missing = {name for step in steps for name in self.changeset.needs[step.name]} - self.done
        return "it needs " + ", ".join(sorted(missing)) + ", which was not done"


def _touches(step: Step, address: Address) -> bool:
    """Whether the footprint of a step names an object."""
    leaves = (left for call in step.calls for left in call.leaves)
    return any(not isinstance(left, Cleared) and left.address == address for left in leaves)


def _half_done(change: Change, undone: str, *, certain: bool) -> CommetctlError:
    """The error for an object that was changed on the way to something else, and not restored."""
    return CommetctlError(
        f"{undone}, and {'the object' if certain else 'the object possibly'} {left_said(change)}",
        "run the same command again to repair this",
        code="half_done",
        address=change.address,
    )


def _is_final(error: CommetctlError) -> bool:
    """Whether every further request would fail in the same way."""
    if error.code == "forbidden":
        return False
    return isinstance(error, Unreachable | NotPermitted | Refused) or error.code in _HOPELESS
