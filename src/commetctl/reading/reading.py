"""A reading: everything that people read of a review, in the order in which they ask for it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from commetctl.core.change import Change, Create, Delete, Update, is_replaced
from commetctl.core.changeset import Blocked, Notice
from commetctl.core.errors import Refused
from commetctl.core.resource import Address, noun
from commetctl.core.text import counted
from commetctl.kinds import owner
from commetctl.reading.amounts import ABOUT
from commetctl.reading.causes import causes_said
from commetctl.reading.effects import Meaning, meanings
from commetctl.reading.headlines import Headline, headlines
from commetctl.reading.lines import Line, lines_of, notes_of
from commetctl.reading.names import Names, capital, stands_alone
from commetctl.reading.scheduled import Scheduled
from commetctl.reading.touched import RevenueRow, revenue_notes
from commetctl.review.heading import Heading
from commetctl.review.review import Review

_SWITCHED = (
    "Commet has switched to plan versions: existing subscriptions keep the plan version that they accepted. Changes of "
    "plans reach new purchases only, and recurring revenue from existing customers does not change"
)


@dataclass(frozen=True)
class Told:
    """One change with its lines, and sentences that belong below them."""

    change: Change
    lines: tuple[Line, ...]
    notes: tuple[str, ...]

    @property
    def is_of_words(self) -> bool:
        """Whether it is of names, descriptions or metadata alone, which may be left out."""
        return all(line.is_wording for line in self.lines)


@dataclass(frozen=True)
class Group:
    """The changes of one object with its parts, or of one kind that has no parts: sentences, then lines."""

    address: Address
    name: str
    headlines: tuple[Headline, ...]
    changes: tuple[Told, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of all changes."""
        return tuple(line for told in self.changes for line in told.lines)


@dataclass(frozen=True)
class Refusal:
    """A reason why `apply` would refuse; `lift` is the option that lets it through, if one does."""

    code: str
    message: str
    hint: str
    lift: str = ""
    address: Address | str | None = None

    @property
    def text(self) -> str:
        """What it is about, and the message."""
        return f"{self.address}: {self.message}" if self.address else self.message


@dataclass(frozen=True)
class Reading:
    """A review as people read it."""

    review: Review
    names: Names
    groups: tuple[Group, ...]
    meanings: tuple[Meaning, ...]
    refusals: tuple[Refusal, ...]
    #: The command that carries the plan out; empty where none does, or none is known.
    next: str
    #: What is to come on a date, in its order.
    scheduled: tuple[Scheduled, ...] = ()

    @property
    def heading(self) -> Heading:
        """What is compared."""
        return self.review.heading

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line, in order."""
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def headlines(self) -> tuple[Headline, ...]:
        """Every sentence, in order."""
        return tuple(headline for group in self.groups for headline in group.headlines)

    @property
    def blocked(self) -> tuple[Blocked, ...]:
        """The changes that the API cannot make."""
        return self.review.changeset.blocked

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What else there is to know."""
        return self.review.changeset.notices

    @property
    def has_derived(self) -> bool:
        """Whether a line has an amount that Commet derives, whose sign needs a word."""
        return any(ABOUT in side for line in self.lines for side in (line.before, line.after))

    @property
    def summary(self) -> str:
        """`1 to create, 1 to update, 0 to delete. 3 objects are not in the catalog and stay as they are.`"""
        changeset = self.review.changeset
        left = _left(len(changeset.unmanaged))
        if not changeset.changes and not changeset.blocked:
            doubt = ", apart from what cannot be compared (see above)" if changeset.notices else ""
            return f"No {'drift' if self.review.made else 'changes'}: {self.review.same}{doubt}." + left
        counts = Counter(type(change) for change in changeset.changes)
        if self.review.made:
            return f"{counts[Create]} created, {counts[Update]} updated, {counts[Delete]} deleted in Commet.{left}"
        replaced = sum(map(is_replaced, changeset.changes))
        among = f" ({replaced} by replacing)" if replaced else ""
        blocked = f", {len(changeset.blocked)} blocked" if changeset.blocked else ""
        return (
            f"{counts[Create]} to create, {counts[Update]} to update{among}, {counts[Delete]} to delete{blocked}."
            + left
        )

    @property
    def causes(self) -> str:
        """The number of differences that come from each side."""
        return causes_said(self.review)

    @property
    def unknown(self) -> Iterator[str]:
        """What is not known about customers, or known of all of them together."""
        if self.review.switched:
            yield _SWITCHED
        impact = self.review.impact
        if impact and impact.unknown:
            out = f"; {impact.way_out}" if impact.way_out else ""
            yield f"The number of affected subscriptions is not known: {impact.unknown}{out}"

    @property
    def revenue(self) -> tuple[RevenueRow, ...]:
        """Recurring revenue in each currency in which a price changes."""
        return tuple(map(RevenueRow.of, self.review.impact.currencies)) if self.review.impact else ()

    @property
    def revenue_notes(self) -> tuple[str, ...]:
        """What the rows of revenue leave out."""
        return tuple(revenue_notes(self.review.impact)) if self.review.impact else ()


def _left(count: int) -> str:
    if not count:
        return ""
    return f" {counted(count, 'object')} {'is' if count == 1 else 'are'} not in the catalog and left alone."


def reading_of(
    review: Review, refused: Sequence[Refused] = (), command: str = "", scheduled: Sequence[Scheduled] = ()
) -> Reading:
    """The reading of a review; `refused` are the reasons not to apply it, `command` the way to do so.

    `scheduled` is what is to come on a date.
    """
    names = Names(review.before, review.after)
    groups = tuple(_groups(review, names))
    shown = [(line.address, effect) for group in groups for line in group.lines for effect in line.effects]
    # An object that costs more in two ways is refused twice, in the same words.
    refusals = tuple(dict.fromkeys(Refusal(r.code, r.message, r.hint, r.lift, r.address) for r in refused))
    return Reading(
        review,
        names,
        groups,
        tuple(meanings(shown)),
        refusals,
        _next(command, refusals, review),
        tuple(scheduled),
    )


def _next(command: str, refusals: Sequence[Refusal], review: Review) -> str:
    """The command with what lets it through; empty where nothing does, or there is nothing to do."""
    if not command or not review.changeset.changes or not all(refusal.lift for refusal in refusals):
        return ""
    return " ".join([command, *dict.fromkeys(refusal.lift for refusal in refusals)])


def _groups(review: Review, names: Names) -> Iterator[Group]:
    said = headlines(review, names)
    for address, changes in groupby(review.changeset.changes, key=lambda change: _group(change.address)):
        told = tuple(
            Told(change, tuple(lines_of(review, names, change)), tuple(notes_of(review, change))) for change in changes
        )
        if address.key:
            mine = tuple(each for each in said if each.address == address)
        else:
            owners = {owner(each.change.address) for each in told}
            mine = tuple(each for each in said if each.address in owners and each.feelings)
        yield Group(address, _name(address, names), mine, told)


def _group(address: Address) -> Address:
    """The group of an object: its top-level object if that can have parts, or else its kind."""
    return owner(address) if stands_alone(address) else Address(address.kind, "")


def _name(group: Address, names: Names) -> str:
    return names.alone(group) if group.key else capital(noun(group.kind)) + "s"
