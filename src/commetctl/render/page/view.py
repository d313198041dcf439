"""The view of the page: one review as the values that the templates show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from commetctl.core.amount_move import AmountMove, currency_of
from commetctl.core.change import Create, Delete, Update
from commetctl.core.resource import ResourceSet, Value
from commetctl.core.text import percent_said
from commetctl.kinds import owner
from commetctl.kinds.plans.meaning.titles import interval_name, interval_position
from commetctl.render.page.cards import Card, Pack, card, pack
from commetctl.render.page.changes import Teller, Told, name_of, subject
from commetctl.render.page.values import Side, amount, label, plural, said
from commetctl.render.pricing import PlanList, pack_lines, plan_lists
from commetctl.render.sentences import causes_said, impact_said
from commetctl.review.review import Review

#: The names of amounts that the subject already implies.
_PLAIN = frozenset({"price", "rate", "unit_price"})
_ACTIONS = {Create: "to create", Update: "to update", Delete: "to delete"}


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
    told: list[Told]


@dataclass(frozen=True)
class MoveRow:
    """A row of the table of amounts that move."""

    subject: str
    currency: str
    before: str
    after: str
    percent: str


class Page:
    """The content of a page, as the template reads it."""

    def __init__(self, review: Review, compare: bool) -> None:
        self.review = review
        self.changeset = review.changeset
        self._compare = compare
        self._before: ResourceSet = review.before if compare else review.after
        self._teller = Teller(review)
        self._plans = plan_lists(self._before, review.after)
        self._pack_lines = pack_lines(self._before, review.after)
        self.currencies = sorted(
            {currency for plan in self._plans for currency in _currencies(plan)}, key=lambda name: (name != "usd", name)
        )
        seen = {line.key for plan in self._plans for line in plan.prices}
        self.intervals = sorted(seen, key=interval_position)
        self.entries = [self._entry(number, plan) for number, plan in enumerate(self._plans, 1)]
        self.packs: list[Pack] = [pack(line, self._before, review.after) for line in self._pack_lines]
        self.others = self._teller.others() if compare else self._teller.unchanged()

    def groups(self) -> Iterator[tuple[str, list[Entry]]]:
        """The public plans, then the private ones."""
        yield "Public plans", [entry for entry in self.entries if not entry.is_private]
        yield "Private plans", [entry for entry in self.entries if entry.is_private]

    def summary(self) -> Iterator[str]:
        """The number of changes, and what they mean together."""
        changes, blocked = self.changeset.changes, self.changeset.blocked
        if not changes:
            yield "Nothing changes."
        else:
            statuses = [entry.status for entry in self.entries if entry.status]
            yield f"{plural(len(statuses), 'plan')}: {_counted(statuses)}." if statuses else "No plan changes."
            words = [_ACTIONS[type(change)] for change in changes]
            yield f"{plural(len(changes), 'change')} in all: {_counted(words)}."
        if blocked:
            yield f"{plural(len(blocked), 'change')} blocked, and not among these."
        if causes := causes_said(self.review):
            yield causes
        yield from impact_said(self.review)

    def moves(self) -> Iterator[MoveRow]:
        """Every amount that customers pay or get and that moves, including derived ones."""
        for move in self.review.moves if self._compare else ():
            currency = currency_of(move.becomes) or currency_of(move.was) or ""
            # If the currency itself changes, each side shows its own.
            mixed = currency_of(move.was) not in (None, currency)
            was, becomes = (said(value) if mixed else _bare(value) for value in (move.was, move.becomes))
            yield MoveRow(self._subject(move), "" if mixed else currency.upper(), was, becomes, percent_said(move))

    def _subject(self, move: AmountMove) -> str:
        """`Pro, monthly price in EUR, included balance`"""
        about = subject(move.address, self._before, self.review.after)
        if (whole := owner(move.address)) != move.address:
            name = name_of(whole, self._before, self.review.after)
            about = f"{name}, {about[:1].lower()}{about[1:]}" if move.path in _PLAIN else f"{name}, {about}"
        return about if move.path in _PLAIN else f"{about}, {label(move.path).lower()}"

    def blocked(self) -> Iterator[tuple[str, str, str, str]]:
        """The subject, address, reason and way out of each blocked change."""
        for item in self.changeset.blocked:
            address = item.change.address
            yield subject(address, self._before, self.review.after), str(address), item.reason, item.hint

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


def _counted(words: Sequence[str]) -> str:
    """`1 new, 3 changed`"""
    return ", ".join(f"{words.count(word)} {word.lower()}" for word in dict.fromkeys(words))


def _bare(value: Value) -> str:
    """An amount without its currency, which has a place of its own."""
    shown = amount(value)
    return " ".join(filter(None, (shown.before, shown.number, shown.after)))
