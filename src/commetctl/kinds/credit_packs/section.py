"""Credit packs: credits for sale, which the API knows by name and id only, and lists only while they are active."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Context, Decimal
from fractions import Fraction

from commetctl.core.amount_move import AmountMove, field_move, moved, number_of
from commetctl.core.call import Step
from commetctl.core.change import Change
from commetctl.core.changeset import Notice
from commetctl.core.contract import V2026_07_11, Contract, Route, Rows
from commetctl.core.contract import Row as Answer
from commetctl.core.money import Money
from commetctl.core.resource import UNKNOWN, Address, Resource, ResourceSet
from commetctl.kinds.amount_slips import Tag, odd
from commetctl.kinds.codecs import count, flag, pack_price, prose, read_pack_price
from commetctl.kinds.credit_packs.spec import CreditPackSpec
from commetctl.kinds.credit_packs.unlisted import Unlisted
from commetctl.kinds.effects import (
    ANY,
    GONE,
    NEW,
    NEW_ONLY,
    NONE,
    OFF,
    ON,
    PLAN_VERSIONS,
    SKILLS,
    UNDOCUMENTED,
    VERSIONS,
    Row,
    quiet,
)
from commetctl.kinds.kind import Kind
from commetctl.kinds.named import Named, not_sent
from commetctl.kinds.obstacles import joined, unknown_word
from commetctl.kinds.routes import Routes
from commetctl.kinds.section import Entries, Finding, Sheet
from commetctl.kinds.sides import Found, Live, Obstacle, Read, Sides
from commetctl.kinds.wire import WireField

#: Digits of the price of a credit, which may go on without end.
_FEW = Context(prec=6)


class _CreditPacks(Named):
    def check(self, sheet: Sheet) -> Iterator[Finding]:
        yield from super().check(sheet)
        for key, spec in sheet.sections[self.name].items():
            if problem := Money(spec.price).problem(sheet.contract.credit_pack_scale):
                yield Finding((self.name, key, "price"), "bad_amount", problem)

    def read(self, answers: Sequence[Rows | None], contract: Contract, ids: Mapping[str, Address]) -> Read:
        # Newer lists leave `isActive` out, and every list holds active packs only.
        return super().read([[{"isActive": True, **row} for row in answers[0] or ()]], contract, ids)

    def found(self, row: Answer, contract: Contract, ids: Mapping[str, Address]) -> Found:
        found, currency = super().found(row, contract, ids), row.get("currency")
        if currency is None or str(currency).lower() == "usd":
            return found
        # The file says prices of packs in US dollars, and the number of another currency is no price in those.
        resource = replace(found.resource, fields={**found.resource.fields, "price": UNKNOWN})
        return replace(found, resource=resource, obstacle=joined([found.obstacle, _priced_in(currency)]))

    def adopt(self, entries: Entries, desired: ResourceSet, live: Live) -> tuple[Live, tuple[Notice, ...]]:
        """Match packs by `id` and by `previous_name`; notices say what cannot be compared of inactive ones."""
        live, notices = super().adopt(entries, desired, live)
        live, off_sale = Unlisted(self.kind, entries, desired, live).added()
        return live, (*notices, *off_sale)

    def steps(self, changes: Sequence[Change], sides: Sides) -> Iterator[Step]:
        """One call a change; a pack that leaves the list can be found again only by its id, so that is said."""
        for step in super().steps(changes, sides):
            if any(call.body and call.body.get("isActive") is False and not call.creates for call in step.calls):
                note = f"to sell it again later, its entry will need `id: {sides.live.ids.get(step.covers[0])}`"
                yield replace(step, note=note)
            else:
                yield step

    def moves_of(self, was: Resource, becomes: Resource) -> Iterator[AmountMove]:
        """What a pack costs, and what a credit in it does."""
        if was.fields.get("is_active") is False and UNKNOWN in (was.fields.get("price"), was.fields.get("credits")):
            # It is not on sale, and its price is not known: no customer pays it.
            return
        yield from field_move(was, becomes, "price")
        old, new = _each(was), _each(becomes)
        counts = was.fields.get("credits"), becomes.fields.get("credits")
        if old is None or new is None:
            yield from moved(becomes.address, "credits", *counts)
        elif counts[0] != counts[1]:
            meaning = f"a credit costs {_short(new)} instead of {_short(old)} USD"
            yield AmountMove(becomes.address, "credits", *counts, before=old, after=new, meaning=meaning)


def _each(pack: Resource) -> Fraction | None:
    """What one credit of a pack costs, in US dollars."""
    price, count = number_of(pack.fields.get("price")), number_of(pack.fields.get("credits"))
    return Fraction(price) / Fraction(count) if price is not None and count else None


def _short(number: Fraction) -> str:
    quotient = _FEW.divide(Decimal(number.numerator), Decimal(number.denominator))
    return f"{quotient.normalize(_FEW):f}"


def _priced_in(currency: object) -> Obstacle:
    return unknown_word("price of a credit pack in the currency", currency)


_BOUGHT = "credits that were bought stay as they are"
_NEVER_EXPIRE = "webhooks: purchased credits never expire"
_OLD_PACKS = "whether existing plan versions get the change"

_EFFECTS = (
    Row("", NEW, NONE, "customers can buy it from now on", "reference, create a credit pack", counts=False),
    Row(
        "",
        GONE,
        NEW_ONLY,
        f"customers can no longer buy it; {_BOUGHT}",
        f"reference, credit packs; {_NEVER_EXPIRE}",
        counts=False,
    ),
    Row("price", ANY, NEW_ONLY, f"it applies to purchases from now on; {_BOUGHT}", SKILLS, counts=False),
    Row("credits", ANY, NEW_ONLY, f"it applies to purchases from now on; {_BOUGHT}", _NEVER_EXPIRE, counts=False),
    Row("is_active", ON, NEW_ONLY, "customers can buy it from now on", "reference, credit packs", counts=False),
    Row(
        "is_active",
        OFF,
        NEW_ONLY,
        f"customers can no longer buy it; {_BOUGHT}",
        "reference, credit packs",
        counts=False,
    ),
    *quiet("name", "description"),
    Row(
        "",
        NEW,
        NEW_ONLY,
        "customers can buy it only once a plan version contains it, and commetctl does not publish plan versions",
        VERSIONS,
        counts=False,
        given=PLAN_VERSIONS,
    ),
    *(
        Row(name, way, UNDOCUMENTED, _OLD_PACKS, VERSIONS, counts=False, given=PLAN_VERSIONS)
        for name, way in (("", GONE), ("price", ANY), ("credits", ANY), ("is_active", ANY))
    ),
)

_OLDER = V2026_07_11.version


def odd_cents(sheet: Sheet) -> Iterator[Finding]:
    """Prices of packs whose digits are probably not what was meant."""
    packs = sheet.sections.get("credit_packs", {}).items()
    return odd(Tag(("credit_packs", key, "price"), ("pack",), Money(pack.price)) for key, pack in packs)


CREDIT_PACKS = _CreditPacks(
    name="credit_packs",
    about="Credits that customers on credits plans can buy, by a key of your choice.",
    kind=Kind(
        "credit_pack",
        "A pack of credits that customers on credits plans can buy.",
        "credit_packs.KEY",
        "NAME",
        "Starter Pack",
        CreditPackSpec,
        words=("credit_packs", "pack", "packs"),
        table=(
            WireField("name", "name", needed=True),
            # The description of a pack cannot be null on update (API reference), so it is emptied.
            WireField("description", "description", decode=prose, cleared=""),
            WireField("credits", "credits", decode=count, needed=True),
            WireField("price", "price", pack_price, read_pack_price, needed=True, make=Money),
            WireField("is_active", "isActive", decode=flag),
        ),
        returned={
            "is_active": "only active packs are listed; sent as `isActive`",
            **not_sent("pack"),
        },
        unique=("name",),
        usual={"is_active": True},
        counts=frozenset({"credits"}),
        terms=frozenset({"is_active"}),
        effects=_EFFECTS,
    ),
    spec=CreditPackSpec,
    routes=Routes(
        list=Route("GET", "/credit-packs"),
        create=Route("POST", "/credit-packs", {_OLDER: ("POST", "/credit-packs/manage")}),
        update=Route("PATCH", "/credit-packs/{id}", {_OLDER: ("PUT", "/credit-packs/{id}")}),
        delete=Route("DELETE", "/credit-packs/{id}"),
    ),
    keys=None,
    noun="pack",
    for_sale=True,
    remark="The API lists active packs only; an inactive pack still exists in Commet.",
    lint={"odd_cents": odd_cents},
)
