"""The view of the page: one review as the values that the templates show."""

from collections.abc import Iterator
from dataclasses import dataclass

from commetctl.core.resource import ResourceSet
from commetctl.kinds import owner
from commetctl.kinds.plans.meaning.titles import interval_name, interval_position
from commetctl.reading import Line, Reading
from commetctl.render.page.cards import Card, Pack, card, pack
from commetctl.render.page.changes import Change, Teller
from commetctl.render.page.schedule import Timeline
from commetctl.render.page.values import Side
from commetctl.render.pricing import PlanList, pack_lines, plan_lists


@dataclass(frozen=True)
class Entry:
    """A plan on the page: its two sides, and the changes between them."""

    id: str
    code: str
    name: str
    status: str
    is_private: bool
    is_unmanaged: bool
    is_blocked: bool
    before: Card | None
    after: Card | None
    told: list[Change]


class Page:
    """The content of a page, as the template reads it."""

    def __init__(self, reading: Reading, compare: bool) -> None:
        self.reading = reading
        self.review = reading.review
        self.changeset = reading.review.changeset
        self._compare = compare
        self._before: ResourceSet = self.review.before if compare else self.review.after
        self._teller = Teller(reading)
        self._plans = plan_lists(self._before, self.review.after)
        self._pack_lines = pack_lines(self._before, self.review.after)
        self.currencies = sorted(
            {currency for plan in self._plans for currency in _currencies(plan)}, key=lambda name: (name != "usd", name)
        )
        seen = {line.key for plan in self._plans for line in plan.prices}
        self.intervals = sorted(seen, key=interval_position)
        self.entries = [self._entry(number, plan) for number, plan in enumerate(self._plans, 1)]
        self.packs: list[Pack] = [pack(line, self._before, self.review.after) for line in self._pack_lines]
        self.timeline = Timeline(reading)
        self.others = self._teller.others() if compare else self._teller.unchanged()

    def groups(self) -> Iterator[tuple[str, list[Entry]]]:
        """The public plans, then the private ones."""
        yield "Public plans", [entry for entry in self.entries if not entry.is_private]
        yield "Private plans", [entry for entry in self.entries if entry.is_private]

    def summary(self) -> Iterator[str]:
        """The number of changes, and what is known of all of them together."""
        reading = self.reading
        yield from filter(None, (reading.summary, reading.causes, *reading.unknown))

    def amounts(self) -> Iterator[tuple[str, list[Line]]]:
        """The lines about amounts, object by object."""
        for group in self.reading.groups:
            if lines := [line for line in group.lines if line.is_amount]:
                yield group.name, lines

    def blocked(self) -> Iterator[tuple[str, str, str, str]]:
        """The subject, address, reason and way out of each blocked change."""
        for item in self.changeset.blocked:
            address = item.change.address
            yield self.reading.names.title(address), str(address), item.reason, item.hint

    def interval_name(self, interval: str) -> str:
        """`Monthly`"""
        return interval_name(interval)

    def _entry(self, number: int, plan: PlanList) -> Entry:
        blocked = any(owner(item.change.address) == plan.address for item in self.changeset.blocked)
        told = self._teller.of_card(plan.address) if self._compare else []
        status = "Changed" if plan.is_changed or told else ""
        status = "New" if plan.is_new else "Removed" if plan.is_gone else status
        seen = plan.fields["visibility"]
        return Entry(
            f"plan-{number}",
            plan.code,
            plan.name,
            status if self._compare else "",
            (seen.before if plan.is_gone else seen.after) == "private",
            self._compare and plan.address in self.changeset.unmanaged,
            blocked,
            None if plan.is_new else card(plan, self._side("before", plan)),
            None if plan.is_gone else card(plan, self._side("after", plan)),
            told,
        )

    def _side(self, name: str, plan: PlanList) -> Side:
        resources = self._before if name == "before" else self.review.after
        # In a plan that is new or gone, marking every part would say nothing.
        return Side(name, resources, self._compare and not plan.is_new and not plan.is_gone, self.currencies)


def _currencies(plan: PlanList) -> Iterator[str]:
    yield from plan.currencies
    for line in plan.unit_prices:
        yield from line.cells
