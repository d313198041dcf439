"""The plans of promo codes, which the API never gives back: remembered in the metadata of the offer of each code.

An update of an offer replaces it, so that its memory can be written only where all of the offer is understood. API
version 2026-07-11 has no offers, and so no place to remember anything.

The entry of a code without its plans says that a run began to send some. The next one sends them again, also where the
code is to count for all plans.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from commetctl.core.call import ApiCall, Step
from commetctl.core.change import Change, Delete
from commetctl.core.footprint import Footprint, Put, Set
from commetctl.core.resource import UNKNOWN, Address, Resource, Value
from commetctl.kinds.memory import Entries
from commetctl.kinds.offers import OFFERS
from commetctl.kinds.sides import Live, Memory, Sides

#: The field that is remembered.
PLANS = "plans"
#: What is remembered of a code while its plans are sent.
_BEGUN = {"begun": True}


def offer_of(code: Resource) -> Address | None:
    """The offer of a code; none in a version without offers, or where it is not known."""
    key = code.fields["offer"]
    return OFFERS.address(key) if isinstance(key, str) else None


def can_remember(offer: Resource | None, live: Live) -> bool:
    """Whether the memory of an offer can be written."""
    return offer is not None and offer.address not in live.obstacles and UNKNOWN not in offer.fields.values()


def recalled(code: Resource, live: Live) -> Value:
    """The plans that a live code counts for, as its offer remembers them; unknown where it does not.

    A plan that is not in Commet is one that was deleted: a new one of the same code is another plan.
    """
    offer = offer_of(code)
    remembered = live.memory.get(offer, {}) if offer else {}
    plans = remembered.get(_entry(code.address), {}).get(PLANS, UNKNOWN)
    if plans is None:
        return None
    listed = [address.key for address in live.resources if address.kind == "plan"]
    if not isinstance(plans, list) or not plans or not all(isinstance(plan, str) for plan in plans):
        return UNKNOWN
    return tuple(sorted(plans)) if not listed or set(plans) <= set(listed) else UNKNOWN


def was_begun(code: Resource, live: Live) -> bool:
    """Whether a run began to send the plans of a code, and nothing says that it did."""
    offer = offer_of(code)
    remembered = live.memory.get(offer, {}) if offer else {}
    return remembered.get(_entry(code.address)) == _BEGUN


def wanted(codes: Iterable[Resource]) -> Memory:
    """What offers remember of codes that are as given."""
    found: dict[Address, Entries] = {}
    for code in codes:
        if offer := offer_of(code):
            found.setdefault(offer, {})[_entry(code.address)] = _stored(code)
    return found


def with_memory(changes: Sequence[Change], own: Sequence[Step], sides: Sides) -> Iterator[Step]:
    """The steps of codes, and those that keep the memory of their offers right, which must not meet at one offer."""
    writes = [_Writes(offer, codes, sides) for offer, codes in _by_offer(changes, sides).items()]
    remembering = {code.address: each for each in writes for code in each.codes}
    for each in writes:
        yield from each.opening()
    for step in own:
        each_of = remembering.get(step.covers[0])
        yield each_of.unconfirmed(step) if each_of else step
    for each in writes:
        yield each.closing()


def _by_offer(changes: Sequence[Change], sides: Sides) -> Mapping[Address, list[Resource]]:
    """The codes whose plans are sent, by the offer that can remember them."""
    found: dict[Address, list[Resource]] = {}
    for change in changes:
        if isinstance(change, Delete) or PLANS not in getattr(change, "names", (PLANS,)):
            continue
        offer = offer_of(change.after)
        if offer and can_remember(sides.after.get(offer), sides.live):
            found.setdefault(offer, []).append(change.after)
    return found


@dataclass(frozen=True)
class _Writes:
    """The writes of one offer: what becomes untrue leaves its memory first, and what is true enters it last."""

    offer: Address
    codes: Sequence[Resource]
    sides: Sides

    @cached_property
    def _now(self) -> Entries:
        return dict(self.sides.live.memory.get(self.offer, {}))

    @cached_property
    def _between(self) -> Entries:
        mine = {_entry(code.address) for code in self.codes}
        return {key: dict(_BEGUN) if key in mine else fields for key, fields in self._now.items()}

    @property
    def _opening(self) -> str:
        return f"{self.offer} (forgetting)"

    def opening(self) -> Iterator[Step]:
        """The write that forgets, if there is anything to forget; after the offer's own update."""
        changed = {key for key, fields in self._between.items() if fields != self._now[key]}
        stale = [code.address for code in self.codes if _entry(code.address) in changed]
        if stale:
            leaves = (Set(address, {PLANS: UNKNOWN}) for address in stale)
            after = frozenset({str(self.offer)})
            yield Step(self._opening, tuple(stale), (self._write(self._between, leaves),), after)

    def unconfirmed(self, step: Step) -> Step:
        """The step of a code, after which nobody knows its plans yet."""
        calls = (replace(call, leaves=tuple(map(_unknown, call.leaves))) for call in step.calls)
        return replace(step, calls=tuple(calls), after=step.after | {self._opening})

    def closing(self) -> Step:
        """The write that remembers."""
        every = {**self._between, **{_entry(code.address): _stored(code) for code in self.codes}}
        leaves = (Set(code.address, {PLANS: code.fields[PLANS]}) for code in self.codes)
        mine = tuple(code.address for code in self.codes)
        after = frozenset({str(self.offer), self._opening, *map(str, mine)})
        return Step(f"{self.offer} (remembering)", mine, (self._write(every, leaves),), after, closing=True)

    def _write(self, entries: Entries, leaves: Iterable[Footprint]) -> ApiCall:
        call = OFFERS.remembering(self.sides.after[self.offer], entries, self.sides.contract)
        return replace(call, leaves=(*call.leaves, *leaves))


def _unknown(left: Footprint) -> Footprint:
    match left:
        case Put(code):
            return Put(replace(code, fields={**code.fields, PLANS: UNKNOWN}))
        case Set(address, fields):
            return Set(address, {**fields, PLANS: UNKNOWN})
        case _:
            return left


def _entry(code: Address) -> str:
    return f"{code.kind}/{code.key}"


def _stored(code: Resource) -> dict[str, object]:
    plans = code.fields[PLANS]
    return {PLANS: list(plans) if isinstance(plans, tuple) else None}
