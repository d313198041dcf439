"""The verdict: the bills of a rehearsal beside what was expected of them, and where the two differ."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property

from commetctl.core.contract import PER_MONTH
from commetctl.core.money import EXPONENTS, Money
from commetctl.core.resource import Address
from commetctl.usecases.rehearsal.expected import Amount, Turn, is_as, money
from commetctl.usecases.rehearsal.groups import Group
from commetctl.usecases.rehearsal.simulation import Bill


@dataclass(frozen=True)
class Simulated:
    """A subscription in the emulator, which stands for all of a group, or for nobody where it is made up."""

    subscription: str
    group: Group | None = None
    number: int = 0

    @property
    def weight(self) -> int:
        """How many bills each of its bills stands for."""
        return self.number or 1

    @property
    def counts(self) -> bool:
        """Whether its bills are renewals of subscriptions that the account has."""
        return self.group is not None and self.group.is_billed

    @property
    def pays(self) -> bool:
        """Whether it counts in recurring revenue: it renews as it is, at the full price."""
        return (
            self.group is not None and self.group.is_billed and self.group.kind.stays and not self.group.kind.discounted
        )


@dataclass(frozen=True)
class Difference:
    """Something that was expected of one amount of one change, and what the rehearsal gave in its place."""

    change: str
    address: Address
    what: str
    expected: str
    rehearsed: str

    def __str__(self) -> str:
        return f"{self.change}: {self.what} of {self.address}: expected {self.expected}, rehearsed {self.rehearsed}"


@dataclass(frozen=True)
class Line:
    """One amount of one change: the last bills before it and the first ones after it, by amount.

    `first` and `last` are the days of the first and of the last of these first bills. `made_up` says that no
    subscription of the account is on it, or that Commet does not say which, so that one was made up; `left_out` is how
    many could not be rehearsed.
    """

    turn: Turn
    before: Mapping[Money, int]
    after: Mapping[Money, int]
    first: date | None
    last: date | None
    subscriptions: int
    made_up: bool = False
    left_out: int = 0


@dataclass(frozen=True)
class Verdict:
    """The lines of a rehearsal, and how they differ from what was expected."""

    lines: tuple[Line, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Judge:
    """Judges bills. `paying` are the subscriptions by the amount that they pay; `left_out` as in a line."""

    turns: Sequence[Turn]
    paying: Mapping[Address, Sequence[Simulated]]
    bills: Sequence[Bill]
    left_out: Mapping[Address, int] = field(default_factory=dict)

    def verdict(self) -> Verdict:
        """Every line, in the order of the turns."""
        lines, differences = [], list[Difference]()
        for address in dict.fromkeys(turn.address for turn in self.turns):
            due: Amount | None = None
            own = [turn for turn in self.turns if turn.address == address]
            for number, turn in enumerate(own):
                due = turn.was if number == 0 else due
                ends = own[number + 1].moment if number + 1 < len(own) else None
                begins = own[number - 1].moment if number else None
                seen = _Seen(turn, self._of_amount(address), self._bills, begins, ends)
                expected = turn.becomes if turn.reaches else due
                if number == 0:
                    differences += seen.amounts("bills before it", seen.before, due)
                due = None if turn.reaches is None else expected
                differences += seen.amounts("bills after it", seen.after, due)
                left_out = self.left_out.get(address, 0)
                lines.append(seen.line(left_out))
                differences += seen.counts(left_out)
                differences += seen.revenue()
        order = {id(turn): number for number, turn in enumerate(self.turns)}
        lines.sort(key=lambda line: order[id(line.turn)])
        return Verdict(tuple(lines), tuple(differences))

    def _of_amount(self, address: Address) -> Sequence[Simulated]:
        return self.paying.get(address, ())

    @cached_property
    def _bills(self) -> Mapping[str, Sequence[Bill]]:
        found: dict[str, list[Bill]] = {}
        for bill in sorted(self.bills, key=lambda bill: bill.moment):
            found.setdefault(bill.subscription, []).append(bill)
        return found


@dataclass(frozen=True)
class _Seen:
    """The bills of the subscriptions that pay one amount, from `begins` to `ends`: those of the turns next to this."""

    turn: Turn
    paying: Sequence[Simulated]
    bills: Mapping[str, Sequence[Bill]]
    begins: datetime | None
    ends: datetime | None

    @cached_property
    def before(self) -> Mapping[Money, int]:
        """How many bills there are of each amount before the turn."""
        return self._tallied(self._between(self.begins, self.turn.moment))

    @cached_property
    def after(self) -> Mapping[Money, int]:
        """How many there are from the turn on."""
        return self._tallied(self._between(self.turn.moment, self.ends))

    @cached_property
    def _firsts(self) -> Sequence[tuple[Simulated, Bill]]:
        """The first bill of each from the turn on, whatever comes after it."""
        found = ((one, self._of(one, self.turn.moment, None)) for one in self.paying)
        return [(one, bills[0]) for one, bills in found if bills]

    @cached_property
    def _lasts(self) -> Sequence[tuple[Simulated, Bill]]:
        """The last bill of each before the turn."""
        found = ((one, self._of(one, self.begins, self.turn.moment)) for one in self.paying)
        return [(one, bills[-1]) for one, bills in found if bills]

    def line(self, left_out: int) -> Line:
        """What is shown of it."""
        counted = [(one, bill) for one, bill in self._firsts if one.counts] or self._firsts
        days = [bill.moment.date() for _, bill in counted]
        return Line(
            self.turn,
            self._tallied(self._lasts),
            self._tallied((one, bill) for one, bill in self._firsts if not self.ends or bill.moment < self.ends),
            min(days, default=None),
            max(days, default=None),
            sum(one.number for one, _ in self._firsts if one.counts),
            not any(one.group for one in self.paying),
            left_out,
        )

    def amounts(self, what: str, tally: Mapping[Money, int], expected: Amount | None) -> Iterator[Difference]:
        """Where bills have another amount than the one that was expected."""
        odd = {amount: number for amount, number in tally.items() if expected and not is_as(amount, expected)}
        if odd:
            yield self._difference(what, str(expected), _said(odd))

    def counts(self, left_out: int) -> Iterator[Difference]:
        """Where more or fewer subscriptions renew than was expected, or on other days."""
        touched = self.turn.touched
        if touched is None or not self.turn.is_base:
            return
        line = self.line(left_out)
        if not touched.renewing - left_out <= line.subscriptions <= touched.renewing:
            yield self._difference("subscriptions that renew at it", str(touched.renewing), str(line.subscriptions))
        if left_out or not touched.renewing:
            return
        for what, day, found in (("first", touched.first, line.first), ("last", touched.last, line.last)):
            if day != found:
                yield self._difference(f"day of the {what} of the first bills", str(day), str(found))

    def revenue(self) -> Iterator[Difference]:
        """Where monthly revenue moves by an amount outside of the range that was expected."""
        touched = self.turn.touched
        if touched is None or touched.revenue is None or not self.turn.is_base:
            return
        change = self.moved
        half = Fraction(1, 2 * 10 ** EXPONENTS[self.turn.currency])
        low, high = (Fraction(end.amount) for end in (touched.revenue.low, touched.revenue.high))
        if not low - half <= change <= high + half:
            said = f"{touched.revenue.low} to {touched.revenue.high}" if low != high else str(touched.revenue.low)
            yield self._difference("change of monthly revenue", said, _rounded(change, self.turn.currency))

    @property
    def moved(self) -> Fraction:
        """By how much monthly revenue moves: the first bill of each after the turn, less the last one before it.

        Where others are so near to the turn that there is no bill between, it is the amount that was expected.
        """
        per_month, total = PER_MONTH.get(self.turn.interval, Fraction(0)), Fraction(0)
        reached = self.turn.becomes if self.turn.reaches else self.turn.was
        for one, _ in self._firsts:
            if one.pays:
                earlier = self._of(one, self.begins, self.turn.moment)
                later = self._of(one, self.turn.moment, self.ends)
                before = earlier[-1].amount if earlier else money(self.turn.was)
                after = later[0].amount if later else money(reached)
                total += (Fraction(after.amount) - Fraction(before.amount)) * one.number * per_month
        return total

    def _difference(self, what: str, expected: str, rehearsed: str) -> Difference:
        return Difference(self.turn.change.name, self.turn.address, what, expected, rehearsed)

    def _of(self, one: Simulated, begins: datetime | None, ends: datetime | None) -> Sequence[Bill]:
        bills = self.bills.get(one.subscription, ())
        return [b for b in bills if (not begins or b.moment >= begins) and (not ends or b.moment < ends)]

    def _between(self, begins: datetime | None, ends: datetime | None) -> Iterator[tuple[Simulated, Bill]]:
        return ((one, bill) for one in self.paying for bill in self._of(one, begins, ends))

    @staticmethod
    def _tallied(found: Iterable[tuple[Simulated, Bill]]) -> Mapping[Money, int]:
        tally: Counter[Money] = Counter()
        for one, bill in found:
            tally[bill.amount] += one.weight
        return tally


def _said(tally: Mapping[Money, int]) -> str:
    return ", ".join(f"{number} × {amount}" for amount, number in tally.items())


def _rounded(amount: Fraction, currency: str) -> str:
    return f"{float(amount):.{EXPONENTS[currency]}f} {currency.upper()}"
