"""Headlines: the answer first. One sentence for each thing that customers notice of an object."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from commetctl.core.change import Change, Create, Delete, Update, begins, ends, is_replaced
from commetctl.core.impact import Feeling, Felt, Touched, When
from commetctl.core.resource import Address, Resource
from commetctl.core.values import moment_text
from commetctl.kinds import kind_of, owner
from commetctl.reading.names import Names, lower_first
from commetctl.reading.touched import day_said, number_said
from commetctl.review.feelings import feelings
from commetctl.review.review import Review

#: The most objects that a sentence names.
_NAMED = 2
_VERBS = {
    Feeling.COSTS_MORE: "costs more",
    Feeling.COSTS_LESS: "costs less",
    Feeling.COSTS_OTHER: "is charged in another currency",
    Feeling.INCLUDES_LESS: "includes less",
    Feeling.INCLUDES_MORE: "includes more",
}
_PRICES = frozenset({Feeling.COSTS_MORE, Feeling.COSTS_LESS})
_CONTENTS = frozenset({Feeling.INCLUDES_MORE, Feeling.INCLUDES_LESS})
_WHEN = {
    When.AT_ONCE: "at once",
    When.NEXT_PERIOD: "from the next billing period",
    When.AT_RENEWAL: "from their next renewal",
}
#: The same from a later moment on.
_WHEN_THEN = {
    When.AT_ONCE: "on {}",
    When.NEXT_PERIOD: "from the first billing period after {}",
    When.AT_RENEWAL: "from {} on",
}


@dataclass(frozen=True)
class Headline:
    """One sentence about an object, and what it says as data; `feelings` is empty where the object is new or goes."""

    address: Address
    text: str
    feelings: tuple[Feeling, ...] = ()
    when: When | None = None
    touched: Touched | None = None


def headlines(review: Review, names: Names) -> list[Headline]:
    """The sentences about every object, in the order of the changes."""
    order = {owner(change.address): place for place, change in reversed([*enumerate(review.changeset.changes)])}
    found = [*_fates(review, names), *_noticed(review, names)]
    return sorted(found, key=lambda each: order.get(each.address, len(order)))


def _fates(review: Review, names: Names) -> Iterator[Headline]:
    for change in review.changeset.changes:
        if change.address == owner(change.address) and (text := _fate(review, names, change)):
            yield Headline(change.address, text)


def _fate(review: Review, names: Names, change: Change) -> str:
    """That an object is new, goes, or is shown to customers or hidden from them; empty for anything else."""
    name, kind = names.alone(change.address), kind_of(change.address)
    match change:
        case Create():
            return f"{name} is new"
        case Delete():
            return f"{name} is {kind.gone if kind else 'deleted'}{_users(review, change)}"
        case Update() if is_replaced(change):
            return f"{name} is deleted and created again{_users(review, change)}"
        case _:
            if begins(change, _is_on_sale):
                return f"{name} goes on sale"
            return f"{name} is no longer on sale{_users(review, change)}" if ends(change, _is_on_sale) else ""


def _is_on_sale(resource: Resource) -> bool:
    return resource.fields.get("visibility") == "public"


def _users(review: Review, change: Change) -> str:
    touched = review.impact.touched.get(change.address) if review.impact else None
    return f"; {number_said(touched)} {'is' if touched.count <= 1 else 'are'} on it" if touched else ""


def _noticed(review: Review, names: Names) -> Iterator[Headline]:
    """What customers notice of each object that stays: a sentence for each group of customers."""
    by_owner: dict[Address, dict[Felt, list[Change]]] = {}
    for felt, changes in feelings(review).items():
        by_owner.setdefault(felt.owner, {})[felt] = changes
    for address, found in by_owner.items():
        told = list(_sentences(review, found))
        reaching = [each for each in told if each.when is not When.NEW_ONLY] or told
        for each in reaching:
            about = f" ({_about(each.changes, names)})" if len(reaching) > 1 else ""
            text = _sentence(names.alone(address), each, review.heading.as_of) + about
            yield Headline(address, text, each.feelings, each.when, each.touched)


class _Sentence(NamedTuple):
    """What the same customers notice from the same time."""

    feelings: tuple[Feeling, ...]
    when: When
    touched: Touched | None
    changes: tuple[Change, ...]


def _sentences(review: Review, found: Mapping[Felt, Sequence[Change]]) -> Iterator[_Sentence]:
    """The feelings of an object, put together where the same subscriptions have them at the same time."""
    together: list[_Sentence] = []
    for felt, changes in found.items():
        touched = review.impact.felt.get(felt) if review.impact else None
        for place, each in enumerate(together):
            if (each.when, each.touched) == (felt.when, touched):
                more = tuple(change for change in changes if change not in each.changes)
                together[place] = each._replace(feelings=(*each.feelings, felt.feeling), changes=(*each.changes, *more))
                break
        else:
            together.append(_Sentence((felt.feeling,), felt.when, touched, tuple(changes)))
    yield from sorted(together, key=lambda each: list(When).index(each.when))


def _about(changes: Sequence[Change], names: Names) -> str:
    """`monthly price and monthly price in EUR`, or the number of objects where there are more."""
    titles = [lower_first(names.title(change.address)) for change in changes]
    return " and ".join(titles) if len(titles) <= _NAMED else f"{len(titles)} prices or features"


def _sentence(name: str, told: _Sentence, as_of: datetime | None) -> str:
    """`Pro costs more for 34 subscriptions from their next renewal: the first on 25 November 2026, ...`

    The next renewal is counted from today; where the changes are made as of a moment, it is the first one from then on.
    """
    verb = f"{name} {_verb(frozenset(told.feelings))}"
    if told.when is When.NEW_ONLY:
        return f"{verb} for new customers only"
    if told.touched is None:
        return f"{verb} for existing customers {_when(told.when, as_of)}"
    if not told.touched.count:
        return f"{verb}; no subscription is affected"
    when = _when(told.when, as_of)
    when = when.replace("their", "its") if told.touched.count == 1 else when
    return f"{verb} for {number_said(told.touched)} {when}{_days(told.when, told.touched, as_of)}"


def _verb(felt: frozenset[Feeling]) -> str:
    """`costs more and includes less`"""
    both_ways = felt & _PRICES == _PRICES, felt & _CONTENTS == _CONTENTS
    parts = ["has some higher and some lower prices"] if both_ways[0] else []
    parts += ["includes more of some features and less of others"] if both_ways[1] else []
    rest = felt - (_PRICES if both_ways[0] else set()) - (_CONTENTS if both_ways[1] else set())
    return " and ".join([*parts, *(_VERBS[each] for each in Feeling if each in rest)])


def _when(when: When, as_of: datetime | None) -> str:
    if as_of is None:
        return _WHEN[when]
    time = moment_text(as_of).partition(" ")[2]
    return _WHEN_THEN[when].format(day_said(as_of.astimezone(UTC).date()) + (f", {time}" if time else ""))


def _days(when: When, touched: Touched, as_of: datetime | None) -> str:
    """The first and the last day of a renewal; of a bill, where the sentence has a date already."""
    if when is not When.AT_RENEWAL or not (touched.first and touched.last):
        return ""
    first, last = day_said(touched.first), day_said(touched.last)
    if as_of is None:
        return f", on {first}" if first == last else f": the first on {first}, the last on {last}"
    return f": first bill on {first}" if first == last else f": first bills from {first} to {last}"
