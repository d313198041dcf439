"""The section of offers."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from commetctl.core.amount_move import AmountMove, moved
from commetctl.core.call import ApiCall, Step
from commetctl.core.change import Change, Update
from commetctl.core.contract import Contract, Rows
from commetctl.core.contract import Row as Answer
from commetctl.core.resource import Address, Resource, Value
from commetctl.kinds import memory
from commetctl.kinds.codecs import METADATA, flag, read_time, time
from commetctl.kinds.effects import ANY, GONE, NEW, NEW_ONLY, NONE, OFF, ON, TODAY, Row, quiet
from commetctl.kinds.kind import Kind
from commetctl.kinds.named import Named, not_sent
from commetctl.kinds.offers import phases, rules
from commetctl.kinds.offers.spec import OfferSpec
from commetctl.kinds.routes import routes
from commetctl.kinds.section import Finding, Sheet
from commetctl.kinds.sides import Found, Ledgers, Read, Sides
from commetctl.kinds.wire import WireField


class _Offers(Named):
    def check(self, sheet: Sheet) -> Iterator[Finding]:
        yield from super().check(sheet)
        yield from rules.findings(sheet, self.name)

    def read(self, answers: Sequence[Rows | None], contract: Contract, ids: Mapping[str, Address]) -> Read:
        """The offers, and what each remembers; nothing where two of one name cannot be told apart."""
        rows = answers[0] or ()
        names = Counter(row.get("name") for row in rows if isinstance(row.get("name"), str))
        mine = [row for row in rows if names[row.get("name")] == 1]
        remembered = {self.address(str(row["name"])): memory.parse(row.get("metadata") or {}) for row in mine}
        return replace(super().read(answers, contract, ids), memory=remembered)

    def found(self, row: Answer, contract: Contract, ids: Mapping[str, Address]) -> Found:
        """The offer in a row, whose metadata is that of the file."""
        labels = row.get("metadata")
        mine = {k: v for k, v in labels.items() if k != memory.KEY} if isinstance(labels, Mapping) else labels
        return super().found({**row, "metadata": mine} if "metadata" in row else row, contract, ids)

    def steps(self, changes: Sequence[Change], sides: Sides) -> Iterator[Step]:
        """Each call also writes what the offer remembers, which an update would remove."""
        for step in super().steps(changes, sides):
            kept = (_with_memory(call, sides.live.memory.get(step.covers[0], {})) for call in step.calls)
            yield replace(step, calls=tuple(kept))

    def remembering(self, offer: Resource, entries: Mapping[str, Any], contract: Contract) -> ApiCall:
        """The call that writes an offer as it is, and what it is to remember."""
        return _with_memory(self._call(Update(offer, offer, ()), contract), entries)

    def ledgers(self, rows: Rows) -> Ledgers:
        """What offers remember."""
        return memory.ledgers(rows, lambda row: self.address(str(row.get("name"))))

    def moves_of(self, was: Resource, becomes: Resource) -> Iterator[AmountMove]:
        """What a phase takes off, or costs, where it is of the same sort before and after."""
        yield from _moves(becomes.address, was.fields["phases"], becomes.fields["phases"])


def _with_memory(call: ApiCall, entries: Mapping[str, Any]) -> ApiCall:
    """A call that writes the metadata of an offer, with what it remembers there."""
    labels, written = (call.body or {}).get("metadata"), memory.dump(dict(entries))
    if not written or not isinstance(labels, Mapping):
        return call
    return replace(call, body={**(call.body or {}), "metadata": {**labels, memory.KEY: written}})


def _moves(offer: Address, before: Value, after: Value) -> Iterator[AmountMove]:
    if not isinstance(before, tuple) or not isinstance(after, tuple):
        if before != after:
            yield from moved(offer, "phases", before, after)
        return
    for index, (old, new) in enumerate(zip(before, after, strict=False)):
        was, becomes = _numbers(old), _numbers(new)
        for name in was.keys() & becomes.keys():
            yield from moved(offer, f"phases.{index}.{name}", was[name], becomes[name])


def _numbers(phase: Any) -> Mapping[str, Value]:
    """What a phase takes off, or costs, by its place in the phase."""
    ((type_, terms),) = phase.items()
    if type_ == "percentage":
        return {"percentage.percent": terms["percent"]}
    name = phases.AMOUNTS.get(type_, "")
    return {f"{type_}.{name}.{currency}": amount for currency, amount in terms.get(name, {}).items()}


_FROZEN = "customers who accepted it keep its terms; customers who accept it from now on get the new terms"
_GUIDE = "guide, offers: accepted terms"

_EFFECTS = (
    Row("", NEW, NONE, "no customer has accepted it yet", _GUIDE, counts=False),
    Row(
        "",
        GONE,
        NEW_ONLY,
        "customers who accepted it keep its terms; new customers cannot accept it",
        _GUIDE,
        counts=False,
    ),
    *(Row(name, ANY, NEW_ONLY, _FROZEN, _GUIDE, counts=False) for name in ("phases", "starts_at", "ends_at")),
    Row("active", ON, NEW_ONLY, "customers can accept it from now on", _GUIDE, counts=False),
    Row(
        "active",
        OFF,
        NEW_ONLY,
        "customers who accepted it keep its terms; new customers cannot accept it",
        _GUIDE,
        counts=False,
    ),
    Row("active", ANY, NEW_ONLY, _FROZEN, _GUIDE, counts=False),
    *quiet("name", "metadata"),
)


OFFERS = _Offers(
    name="offers",
    about="Trials, discounts and temporary prices, by a key of your choice.",
    kind=Kind(
        "offer",
        "A trial, a discount or a temporary price, which a promo code gives.",
        "offers.KEY",
        "NAME",
        "Launch offer",
        OfferSpec,
        words=("offers",),
        table=(
            WireField("name", "name", needed=True),
            WireField("phases", "phases", phases.encode, phases.decode, needed=True, make=phases.made),
            WireField("starts_at", "startsAt", time, read_time),
            WireField("ends_at", "endsAt", time, read_time),
            WireField("active", "active", decode=flag),
            METADATA,
        ),
        returned=not_sent("offer"),
        unique=("name",),
        usual={"active": True},
        versions=TODAY,
        wording=frozenset({"name", "metadata"}),
        effects=_EFFECTS,
    ),
    spec=OfferSpec,
    routes=routes("/offers", in_older=False, paged=True),
    noun="offer",
    # An update replaces the offer, although it is a PATCH. (Reference, update an offer.)
    replaces=True,
    lint={"odd_cents": rules.odd_cents},
)
