"""The customers of a rehearsal: which amount each pays, as far as that is known, and made-up ones for the rest."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from commetctl.core.resource import Address
from commetctl.kinds.sides import Live
from commetctl.usecases.rehearsal.expected import Turn
from commetctl.usecases.rehearsal.groups import Group
from commetctl.usecases.rehearsal.places import countries, country_of, in_markets
from commetctl.usecases.rehearsal.simulation import Simulation
from commetctl.usecases.rehearsal.verdict import Simulated

_NOT_LISTED = "that no emulator can bill on their day"
#: Nobody waits for a bill longer than for the last of some years that were paid in advance.
_FARTHEST = timedelta(days=5 * 366)
_FAR = "whose next bill is years away"


@dataclass
class Customers:
    """Makes subscriptions for some turns. `groups` are those of the account, with their numbers.

    `names` is what the ids of the account stand for. `absent` is how many subscriptions to the prices of the turns
    could not be made, by the reason.
    """

    simulation: Simulation
    turns: Sequence[Turn]
    groups: Mapping[Group, int]
    names: Mapping[str, Address]
    paying: dict[Address, list[Simulated]] = field(default_factory=dict)
    left_out: Counter[Address] = field(default_factory=Counter)
    absent: Counter[str] = field(default_factory=Counter)

    def enter(self, live: Live) -> None:
        """Make the subscriptions that the account has, one for each group."""
        for group, number in self.groups.items():
            on = dict.fromkeys(
                turn.address for turn in self.turns if turn.is_base and turn.among.matches(group.kind.now)
            )
            if not on:
                continue
            why = group.why_not
            if group.billed and group.billed > self.simulation.at + _FARTHEST:
                why = _FAR
            made = None if why else self.simulation.subscribe(group, live.ids, self.names)
            if made is None:
                self.absent[why or _NOT_LISTED] += number
            for address in on:
                if made:
                    self.paying.setdefault(address, []).append(Simulated(made, group, number))
                elif group.is_billed and group.goes_on:
                    self.left_out[address] += number

    def complete(self, live: Live) -> None:
        """Make up a customer for each amount that nobody pays yet, as far as the emulator has it by now."""
        for turn in self.turns:
            if turn.address in self.paying or turn.address not in live.resources:
                continue
            plan, price = live.ids.get(turn.users.plan), live.ids.get(self._price(turn))
            country = self._country(turn, live)
            if plan and country is not None:
                made = self.simulation.subscribe_one(plan, price, turn.interval, country)
                self.paying[turn.address] = [Simulated(made)]

    @property
    def billed(self) -> list[datetime]:
        """When those who were made are billed first."""
        groups = (one.group for each in self.paying.values() for one in each)
        return [group.billed for group in groups if group and group.billed]

    def _price(self, turn: Turn) -> Address:
        """The price that a subscription names: the variant, where it is one that the amount is of."""
        return self.names.get(turn.users.only or "", turn.price)

    def _country(self, turn: Turn, live: Live) -> str | None:
        """The country of the customer, empty for any; None where no country pays the amount."""
        if turn.is_base:
            return ""
        if turn.users.in_market:
            return next(countries(live.resources, turn.address), None)
        return country_of(turn.currency, in_markets(live.resources, turn.price)) or None
