"""From an agreed plan to its result: carried out, read back, and concluded with an exit code."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from commetctl.api.client import Client
from commetctl.apply import Run, held
from commetctl.cli.prepare import Prepared, compare
from commetctl.cli.present import style
from commetctl.cli.progress import progress
from commetctl.cli.report import INTERRUPTED, Result
from commetctl.core.outcome import Applied, Failed, Outcome
from commetctl.errors import CommetctlError
from commetctl.live import prove_scale
from commetctl.render.document import outcome_document
from commetctl.render.text import outcome_summary
from commetctl.sections.plans.addresses import plan_of

_PARTLY = 5


@dataclass
class Ending:
    """One apply after it was agreed to. `result` is that of the plan, and is completed."""

    prepared: Prepared
    client: Client
    result: Result
    silent: bool
    color: bool | None
    outcomes: list[Outcome] = field(default_factory=list)
    #: What went wrong beside the changes themselves.
    trouble: list[CommetctlError] = field(default_factory=list)

    def reached(self) -> Result:
        """Carry out, read back and conclude; whatever happens, what was done is in the result."""
        run = self._run()
        try:
            self._carry_out(run)
            self._read_back()
        except KeyboardInterrupt:
            self.outcomes += run.interrupted(self.outcomes)
            self.trouble.append(CommetctlError("interrupted", "run it again to do the rest", code="interrupted"))
        self.result.content["outcomes"] = [outcome_document(outcome) for outcome in self.outcomes]
        self.result.text = "" if self.silent else "\n  " + outcome_summary(self.outcomes)
        self._conclude(wrote=bool(run.done))
        return self.result

    def _run(self) -> Run:
        return Run(
            self.prepared.changeset,
            self.client,
            dict(self.prepared.world.live.ids),
            run_id=uuid.uuid4().hex,
            livemode=self.prepared.mode.expected,
            prove_scale=lambda price, ids: prove_scale(self.client, ids[plan_of(price)]),
        )

    def _carry_out(self, run: Run) -> None:
        with progress(len(self.prepared.changeset.changes), style(self.color), silent=self.silent) as show:
            for outcome in run.outcomes():
                self.outcomes.append(outcome)
                show(outcome)

    def _read_back(self) -> None:
        """Turn what does not hold when the account is read again into failures."""
        if not any(isinstance(outcome, Applied) for outcome in self.outcomes):
            return
        try:
            everything = replace(self.prepared.options, targets=())
            _, after = compare(self.prepared.catalog, self.client, everything)
        except CommetctlError as error:
            if any(error.message == failure.message for failure in self._failures()):
                return
            self.trouble.append(
                CommetctlError(
                    f"what was applied could not be read back: {error.message}", error.hint, code="not_read_back"
                )
            )
        else:
            self.outcomes = held(self.outcomes, self.prepared.changeset, after)

    def _conclude(self, *, wrote: bool) -> None:
        """The exit code, and every failure said again where it cannot be missed."""
        failures = list(self._failures())
        self.result.errors = [*failures, *self.trouble]
        if any(error.code == "interrupted" for error in self.trouble):
            self.result.exit_code = INTERRUPTED
        elif failures and wrote:
            hint = "put right what failed; `commetctl plan` shows what is left, and another `apply` does it"
            self.result.errors.append(CommetctlError("only a part was applied", hint, code="partly_applied"))
            self.result.exit_code = _PARTLY
        elif self.result.errors:
            self.result.exit_code = self.result.errors[0].exit_code

    def _failures(self) -> Iterator[CommetctlError]:
        """Each error once, also when it made several changes fail."""
        seen: set[int] = set()
        for outcome in self.outcomes:
            if isinstance(outcome, Failed) and id(outcome.error) not in seen:
                seen.add(id(outcome.error))
                yield outcome.error
