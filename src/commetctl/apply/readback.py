"""Reading back: the whole account, as it is after a run, held to what the confirmed calls leave."""

from collections.abc import Iterator, Sequence

from commetctl.apply.record import Astray, Record, change_between
from commetctl.core.change import Applied, Change, Delete, Failed, Outcome, Update
from commetctl.core.changeset import Changeset
from commetctl.core.errors import CommetctlError
from commetctl.core.money import Derived
from commetctl.core.resource import ResourceSet
from commetctl.core.text import left_said
from commetctl.core.values import text


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
    for astray in record.astray(found):
        if astray.address not in told and (change := _moved(astray)):
            yield CommetctlError(
                f"Commet has changed this too, which no request asked for: it {left_said(change)}",
                "it may be the work of somebody else, or of Commet itself: run `commetctl plan` to compare",
                code="changed_beside",
                address=astray.address,
            )


def _moved(astray: Astray) -> Change | None:
    return change_between(astray.states[0], astray.found)


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
