"""Apply: a plan, once it is agreed to, carried out, read back, and concluded with an exit code."""

import uuid
from collections.abc import Iterable
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass

from commetctl.api.client import Client
from commetctl.apply.earlier_runs import ALL_DONE
from commetctl.apply.ids import Ids
from commetctl.apply.journal import Journal, Journals
from commetctl.apply.record import Record, beside, held
from commetctl.apply.run import Run
from commetctl.apply.sending import Sender
from commetctl.apply.told import actions
from commetctl.core import exits
from commetctl.core.change import Outcome
from commetctl.core.errors import CommetctlError, Refused
from commetctl.core.snapshot import listed, moves, snapshot
from commetctl.core.values import time_text
from commetctl.kinds import owner
from commetctl.review.guards import refusals
from commetctl.review.scales import prove_scale
from commetctl.usecases.conclusion import Conclusion, concluded, failures
from commetctl.usecases.plan import Prepared
from commetctl.usecases.reporter import LIVE_WORD, Reporter, unconfirmed

_INTERRUPTED = "the run was interrupted"


@dataclass(frozen=True)
class Apply:
    """The apply of a prepared plan; `plan` is the id of the saved plan that it is, if it is one."""

    prepared: Prepared
    client: Client
    journals: Journals
    reporter: Reporter
    plan: str | None = None

    def run(self, *, yes: bool) -> Conclusion:
        """Apply the plan, if no guard refuses it and the user agrees, which `yes` says in advance."""
        reasons = refusals(self.prepared.subject)
        held = tuple(self.prepared.held)
        if not reasons and not self.prepared.changeset.changes:
            self._settle()
            return Conclusion(exits.REFUSED if held else exits.DONE, errors=held)
        if any(reason.code == "mode" for reason in reasons):
            # It is not the account that is meant: what would be done there is of no interest.
            return Conclusion(exits.REFUSED, errors=tuple(reasons))
        self.reporter.show()
        if not reasons and not yes:
            refused = unconfirmed(
                self.reporter,
                f"Apply {_changes(self.prepared)} to {self.prepared.review.heading.account}?",
                word=LIVE_WORD if _is_live(self.prepared) else "",
                nothing="nothing was applied",
                way_out="give `--yes` to apply without asking",
            )
            reasons = [refused] if refused else []
        if reasons:
            return Conclusion(exits.REFUSED, errors=tuple(reasons))
        try:
            return self.carry_out()
        except CommetctlError as error:
            # Refused at the last moment.
            return Conclusion(error.exit_code, errors=(error,))

    def carry_out(self) -> Conclusion:
        """Carry out the plan, read the account back, and conclude.

        Raises Refused, and writes nothing, where another run is at work or the account has changed since the plan.
        """
        with self._journal() as journal:
            self.client.activity = "Checking"
            try:
                self._check_unmoved()
            except CommetctlError as error:
                # What interrupted runs left in doubt stays in doubt.
                journal.finish(error.code, follows=False)
                raise
            self._tell_of_interrupted(journal)
            # While it writes, outcomes are shown.
            self.client.activity = ""
            run = self._run(journal)
            outcomes, trouble = self._sent(run)
            verified = False
            if run.stopped != _INTERRUPTED:
                outcomes, more, verified = self._read_back(run.record, outcomes)
                trouble += more
            conclusion = concluded(self._in_order(outcomes), trouble, run.record, verified=verified)
            journal.finish(f"exit {conclusion.exit_code}", conclusion.outcomes)
        return conclusion.with_held(self.prepared.held)

    def _settle(self) -> None:
        """Nothing is left to do: close the journals of the runs that were killed before they could say so."""
        if self.journals.interrupted(self.prepared.journaled):
            # Refused, that run is not dead but at work.
            with suppress(Refused), self._journal() as journal:
                journal.finish(ALL_DONE)

    def _journal(self) -> AbstractContextManager[Journal]:
        changeset = self.prepared.changeset
        return self.journals.opened(
            uuid.uuid4().hex,
            self.prepared.journaled,
            self.plan,
            config=self.prepared.config,
            changes=(str(change.address) for change in changeset.changes),
            whole=map(str, changeset.whole),
            about=self._about(),
        )

    def _about(self) -> dict[str, object]:
        """What `history` shows of the run."""
        prepared = self.prepared
        return {
            "environment": prepared.account.environment,
            "mode": "" if prepared.account.local else prepared.mode.word,
            "api_version": prepared.catalog.contract.version,
            "catalog": prepared.catalog.title,
            "actions": actions(prepared.changeset.changes),
            **({"as_of": time_text(prepared.catalog.moment)} if prepared.catalog.changes else {}),
        }

    def _check_unmoved(self) -> None:
        """Refuse where the account has changed since it was read for the plan that was shown."""
        shown, now = self.prepared.live, self.prepared.read_again(self.client)
        if moved := list(moves(snapshot(shown.resources, shown.ids), snapshot(now.resources, now.ids))):
            raise Refused(
                "Commet has changed since the plan was made: " + listed(moved),
                "nothing was written; run it again to see a new plan",
                code="moved",
            )

    def _tell_of_interrupted(self, journal: Journal) -> None:
        for past in journal.interrupted:
            doubts = len(past.in_doubt)
            left = {0: "nothing in doubt", 1: "1 request in doubt"}.get(doubts, f"{doubts} requests in doubt")
            began = f"{past.started:%Y-%m-%d %H:%M:%S} UTC"
            self.reporter.say(f"an earlier run ({began}) was interrupted and left {left}; this run continues it")

    def _run(self, journal: Journal) -> Run:
        live = self.prepared.live
        sender = Sender(
            self.client,
            Ids(live.ids),
            journal,
            livemode=self.prepared.mode.expected,
            record=Record(live.resources),
            look=lambda: self.prepared.read_again(self.client).resources,
        )
        return Run(
            self.prepared.changeset,
            sender,
            prove_scale=lambda price, ids: prove_scale(self.client, ids[owner(price)]),
            parallelism=self.prepared.account.parallelism,
        )

    def _sent(self, run: Run) -> tuple[list[Outcome], list[CommetctlError]]:
        """Send everything: the outcomes, and the errors that are in none of them."""
        outcomes, trouble = [], []
        with self.reporter.progress(len(run.changeset.changes), lambda: run.stop(_INTERRUPTED)) as show:
            try:
                with closing(run.outcomes()) as known:
                    for outcome in known:
                        outcomes.append(outcome)
                        show(outcome)
            except KeyboardInterrupt:
                outcomes += run.abandoned()
        if run.stopped == _INTERRUPTED:
            trouble.append(CommetctlError("interrupted", "run it again to do the rest", code="interrupted"))
        # A step may fail after all of its changes were made.
        said = {id(failure) for failure in failures(outcomes)}
        trouble += [error for error in run.failed.values() if id(error) not in said]
        return outcomes, trouble

    def _read_back(self, record: Record, outcomes: list[Outcome]) -> tuple[list[Outcome], list[CommetctlError], bool]:
        """Compare the whole account with what the confirmed calls leave, and name every difference.

        False where it could not be read.
        """
        if not record.sent:
            return outcomes, [], False
        self.client.activity = "Reading back"
        try:
            found = self.prepared.read_again(self.client).resources
        except CommetctlError as error:
            if any(error.message == failure.message for failure in failures(outcomes)):
                return outcomes, [], False
            message = f"the account could not be read back after the changes: {error.message}"
            return outcomes, [CommetctlError(message, error.hint, code="not_read_back")], False
        except KeyboardInterrupt:
            hint = "run `commetctl plan` to see whether it took effect"
            stopped = CommetctlError("interrupted before the account was read back", hint, code="interrupted")
            return outcomes, [stopped], False
        judged = held(outcomes, self.prepared.changeset, found)
        return judged, list(beside(record, judged, found)), True

    def _in_order(self, outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
        """The outcomes in the order of the plan instead of that of the answers; what was not planned comes last."""
        position = {change.address: index for index, change in enumerate(self.prepared.changeset.changes)}
        return tuple(sorted(outcomes, key=lambda outcome: position.get(outcome.change.address, len(position))))


def _changes(prepared: Prepared) -> str:
    count = len(prepared.changeset.changes)
    return "this change" if count == 1 else f"these {count} changes"


def _is_live(prepared: Prepared) -> bool:
    """Whether live customers may be reached: so it is, unless the account is embedded or proven a sandbox."""
    return not prepared.account.local and prepared.mode.may_be_live
