"""The run of a rehearsal: the account is made, the clock is moved, and each change is applied when it is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from commetctl.catalog import Catalog
from commetctl.core import exits
from commetctl.core.errors import CommetctlError, Refused
from commetctl.core.resource import Address
from commetctl.usecases.dated.outlook import Outlook
from commetctl.usecases.rehearsal.calendar import length
from commetctl.usecases.rehearsal.customers import Customers
from commetctl.usecases.rehearsal.expected import Turn
from commetctl.usecases.rehearsal.groups import Group
from commetctl.usecases.rehearsal.simulation import Simulation
from commetctl.usecases.rehearsal.verdict import Judge

_DAY = timedelta(days=1)
#: What to do about a difference.
HINT = "do not merge it before you know which of both is wrong; please report it"


@dataclass
class Run:
    """The rehearsal itself, on an account in an emulator."""

    catalog: Catalog
    simulation: Simulation
    turns: tuple[Turn, ...]
    pending: int = 0
    customers: Customers | None = None
    stopped: list[CommetctlError] = field(default_factory=list)
    #: What was refused, or was not, and `plan` says the contrary.
    surprises: list[CommetctlError] = field(default_factory=list)

    def prepare(
        self, catalogs: tuple[Catalog, Catalog], groups: Mapping[Group, int], names: Mapping[str, Address]
    ) -> None:
        """Make the account as it is, with subscriptions, and apply the edits that have no date.

        Raises Refused where either cannot be done.
        """
        for number, catalog in enumerate(catalogs):
            ended = self.simulation.apply(catalog)
            if ended.exit_code != exits.DONE:
                what = ("the account cannot be made", "the catalog cannot be applied first")[number]
                why = "; ".join(error.message for error in ended.errors)
                raise Refused(f"{what} in an emulator: {why}", "see `commetctl plan`", code="rehearsal_simulation")
            if number == 0:
                self.customers = Customers(self.simulation, self.turns, groups, names)
                self.customers.enter(self.simulation.read(self.catalog))
            else:
                self.pending = len(ended.outcomes)

    def perform(self, foreseen: Sequence[Outlook]) -> None:
        """Apply what is due, move the clock to each moment, and go on until everybody has renewed."""
        start = self.simulation.at
        for moment in dict.fromkeys(max(start, outlook.change.moment) for outlook in foreseen):
            now = [outlook for outlook in foreseen if max(start, outlook.change.moment) == moment]
            self._complete()
            self.simulation.move(moment)
            ended = self.simulation.apply(self.catalog, only_due=True)
            if ended.exit_code != exits.DONE:
                # The emulator has one subscription for many, so the plan counts better.
                self.stopped += [reason for outlook in now for reason in outlook.refused] or ended.errors
                if not any(outlook.refused for outlook in now):
                    self.surprises.append(_differs(now[0], "is refused on its date, and `plan` does not say so"))
                return
            for outlook in now:
                if outlook.refused:
                    self.surprises.append(_differs(outlook, "is not refused on its date, and `plan` says that it is"))
        self._complete()
        ends = [self.simulation.at + max((length(turn.interval) for turn in self.turns), default=_DAY)]
        ends += self.customers.billed if self.customers else []
        self.simulation.move(max(ends) + _DAY)

    def _complete(self) -> None:
        if self.customers:
            self.customers.complete(self.simulation.read(self.catalog))

    def judge(self) -> Judge:
        """The judge of what came of it; of nothing where it was stopped."""
        if self.customers is None or self.stopped:
            return Judge((), {}, ())
        return Judge(self.turns, self.customers.paying, self.simulation.bills(), self.customers.left_out)


def _differs(outlook: Outlook, what: str) -> CommetctlError:
    return CommetctlError(f"{outlook.change.name} {what}", HINT, code="rehearsal_differs")
