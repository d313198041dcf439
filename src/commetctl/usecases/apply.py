"""From an agreed plan to its result: checked again, carried out, read back, and concluded with an exit code."""

import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field

import click

from commetctl.api.client import Client
from commetctl.apply import Record, Run, beside, held
from commetctl.apply.earlier_runs import ALL_DONE
from commetctl.apply.journal import Journal, Journals
from commetctl.apply.sending import Sender
from commetctl.cli.interrupt import interruptible, say_at_once
from commetctl.cli.present import style
from commetctl.cli.progress import progress
from commetctl.cli.result import Result
from commetctl.core import exits
from commetctl.core.change import Failed, Outcome
from commetctl.core.errors import CommetctlError, Refused
from commetctl.core.snapshot import listed, moves, snapshot
from commetctl.core.text import printable
from commetctl.kinds.plans.addresses import plan_of
from commetctl.kinds.section import Live
from commetctl.render.document import outcome_document
from commetctl.render.outcomes import outcome_summary
from commetctl.review.scales import prove_scale
from commetctl.usecases.plan import Prepared, read

_INTERRUPTED = "the run was interrupted"


@dataclass
class Ending:
    """One apply, once its plan is known. `result` is that of the plan, and is completed."""

    prepared: Prepared
    client: Client
    result: Result
    journals: Journals
    silent: bool
    color: bool | None
    #: The id of the saved plan that is applied, if it is one.
    plan: str | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    #: What went wrong beside the changes themselves.
    trouble: list[CommetctlError] = field(default_factory=list)

    def reached(self) -> Result:
        """Carry out, read back and conclude; whatever happens, what was done is in the result.

        Raises Refused, and writes nothing, when the account is not any more what the plan was made for.
        """
        with self._journal() as journal:
            try:
                self._check_unmoved()
                self._tell_of_the_dead(journal)
                run = self._run(journal)
                self._carry_out(run)
                self._note_unsaid(run)
                if run.stopped != _INTERRUPTED:
                    self._read_back(run)
            except CommetctlError as error:
                # Nothing but a refusal comes here: once something is sent, every error is an outcome or a trouble.
                # What those who died left in doubt is as it was.
                journal.finish(error.code, follows=False)
                raise
            self.result.content["outcomes"] = [outcome_document(outcome) for outcome in self._in_order()]
            self.result.text = "" if self.silent else "\n  " + outcome_summary(self.outcomes)
            self._conclude(wrote=run.record.wrote)
            journal.finish(f"exit {self.result.exit_code}")
        return self.result

    def settled(self) -> Result:
        """Nothing is left to do: conclude the runs that were killed here."""
        if self.journals.died(self.prepared.journaled):
            # Refused, it is not dead but at work.
            with suppress(Refused), self._journal() as journal:
                journal.finish(ALL_DONE)
        return self.result

    def _journal(self) -> AbstractContextManager[Journal]:
        return self.journals.opened(
            uuid.uuid4().hex,
            self.prepared.journaled,
            self.plan,
            config=self.prepared.config,
            changes=(str(change.address) for change in self.prepared.changeset.changes),
            whole=map(str, self.prepared.changeset.whole),
        )

    def _check_unmoved(self) -> None:
        """Refuse when the account has changed since it was read for the plan that was shown."""
        shown = self.prepared.world.live
        now = self._read()
        moved = list(moves(snapshot(shown.resources, shown.ids), snapshot(now.resources, now.ids)))
        if moved:
            raise Refused(
                "Commet has changed since the plan was made: " + listed(moved),
                "nothing was written; run it again to see a plan for what is there now",
                code="moved",
            )

    def _read(self) -> Live:
        """The account as it is now, as far as it was read for the plan."""
        return read(self.prepared.catalog, self.client, prune=self.prepared.options.prune)[0]

    def _tell_of_the_dead(self, journal: Journal) -> None:
        for past in journal.died:
            doubts = len(past.in_doubt)
            left = {0: "nothing in doubt", 1: "1 request in doubt"}.get(doubts, f"{doubts} requests in doubt")
            self._say(f"the run of {past.started:%Y-%m-%d %H:%M:%S} UTC did not end and left {left}; this one goes on")

    def _say(self, text: str) -> None:
        if not self.silent:
            click.echo(printable(f"  {text}"), err=True)

    def _run(self, journal: Journal) -> Run:
        live = self.prepared.world.live
        sender = Sender(
            self.client,
            dict(live.ids),
            journal,
            livemode=self.prepared.mode.expected,
            record=Record(live.resources),
            look=lambda: self._read().resources,
        )
        return Run(
            self.prepared.changeset,
            sender,
            prove_scale=lambda price, ids: prove_scale(self.client, ids[plan_of(price)]),
            parallelism=self.prepared.account.parallelism,
        )

    def _carry_out(self, run: Run) -> None:
        def stop() -> None:
            run.stop(_INTERRUPTED)
            if not self.silent:
                say_at_once("\n  interrupted: what is in flight comes to its end; interrupt again to leave at once\n")

        total = len(self.prepared.changeset.changes)
        with interruptible(stop), progress(total, style(self.color), silent=self.silent) as show:
            try:
                for outcome in run.outcomes():
                    self.outcomes.append(outcome)
                    show(outcome)
            except KeyboardInterrupt:
                self.outcomes += run.abandoned()
        if run.stopped == _INTERRUPTED:
            self.trouble.append(CommetctlError("interrupted", "run it again to do the rest", code="interrupted"))

    def _note_unsaid(self, run: Run) -> None:
        """Keep the error of a step whose changes were all made by the time that it failed."""
        said = {id(failure) for failure in self._failures()}
        self.trouble += [error for error in run.failed.values() if id(error) not in said]

    def _read_back(self, run: Run) -> None:
        """Compare the whole account with what the confirmed calls leave, and name every difference."""
        if not run.record.sent:
            return
        try:
            found = self._read().resources
        except CommetctlError as error:
            if any(error.message == failure.message for failure in self._failures()):
                return
            message = f"what was applied could not be read back: {error.message}"
            self.trouble.append(CommetctlError(message, error.hint, code="not_read_back"))
        except KeyboardInterrupt:
            hint = "run `commetctl plan` to see whether it took"
            self.trouble.append(CommetctlError("interrupted before it was read back", hint, code="interrupted"))
        else:
            self.outcomes = held(self.outcomes, self.prepared.changeset, found)
            self.trouble += beside(run.record, self.outcomes, found)

    def _in_order(self) -> list[Outcome]:
        """The outcomes in the order of the plan; they came in that of the answers. What was not planned comes last."""
        position = {change.address: index for index, change in enumerate(self.prepared.changeset.changes)}
        return sorted(self.outcomes, key=lambda outcome: position.get(outcome.change.address, len(position)))

    def _conclude(self, *, wrote: bool) -> None:
        """The exit code, and every failure said again where it cannot be missed."""
        failures = list(self._failures())
        self.result.errors = [*failures, *self.trouble]
        if any(error.code == "interrupted" for error in self.trouble):
            self.result.exit_code = exits.INTERRUPTED
        elif failures and wrote:
            hint = "fix the cause, then run `commetctl apply` again to do the rest; `commetctl plan` shows what is left"
            self.result.errors.append(CommetctlError("only a part was applied", hint, code="partly_applied"))
            self.result.exit_code = exits.PARTLY
        elif wrote and any(error.code == "changed_beside" for error in self.trouble):
            self.result.exit_code = exits.PARTLY
        elif self.result.errors:
            self.result.exit_code = self.result.errors[0].exit_code

    def _failures(self) -> Iterator[CommetctlError]:
        """Each error once, also when it made several changes fail."""
        seen: set[int] = set()
        for outcome in self.outcomes:
            if isinstance(outcome, Failed) and id(outcome.error) not in seen:
                seen.add(id(outcome.error))
                yield outcome.error
