"""How an apply ended: its exit code, every outcome, and every failure where it cannot be missed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from commetctl.apply.record import Record
from commetctl.core import exits
from commetctl.core.change import Failed, Outcome
from commetctl.core.errors import CommetctlError


@dataclass(frozen=True)
class Conclusion:
    """How an apply ended. `outcomes` are in the order of the plan; `record` is None where nothing was begun."""

    exit_code: int = exits.DONE
    outcomes: tuple[Outcome, ...] = ()
    errors: tuple[CommetctlError, ...] = ()
    record: Record | None = None
    #: Whether the account was read back.
    verified: bool = False
    #: Whether something that is due was refused.
    held: bool = False

    def with_held(self, held: Sequence[CommetctlError]) -> "Conclusion":
        """The same, with the reasons why some changes that are due were not made."""
        exit_code = exits.REFUSED if held and self.exit_code == exits.DONE else self.exit_code
        return replace(self, exit_code=exit_code, errors=(*self.errors, *held), held=bool(held))


def concluded(
    outcomes: tuple[Outcome, ...], trouble: Sequence[CommetctlError], record: Record, *, verified: bool
) -> Conclusion:
    """The exit code, and every failure once more where it cannot be missed."""
    failed = list(failures(outcomes))
    errors = [*failed, *trouble]
    codes = {error.code for error in trouble}
    if "interrupted" in codes:
        exit_code = exits.INTERRUPTED
    elif failed and record.wrote:
        hint = "fix the cause, then run `commetctl apply` again to do the rest; `commetctl plan` shows what is left"
        errors.append(CommetctlError("only part of the plan was applied", hint, code="partly_applied"))
        exit_code = exits.PARTLY
    elif record.wrote and "changed_beside" in codes:
        exit_code = exits.PARTLY
    else:
        exit_code = errors[0].exit_code if errors else exits.DONE
    return Conclusion(exit_code, outcomes, tuple(errors), record, verified)


def failures(outcomes: Iterable[Outcome]) -> Iterator[CommetctlError]:
    """Each error of the outcomes once, also where it made several changes fail."""
    seen: set[int] = set()
    for outcome in outcomes:
        if isinstance(outcome, Failed) and id(outcome.error) not in seen:
            seen.add(id(outcome.error))
            yield outcome.error
