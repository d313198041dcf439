"""Credit packs: credits for sale, which the API knows by name and id only, and lists only while they are active."""

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from commetctl.core.call import Step
from commetctl.core.change import Change, Update
from commetctl.core.changeset import Notice
from commetctl.core.contract import V2026_07_11, Contract, Route, Rows
from commetctl.core.contract import Row as Answer
from commetctl.core.money import Money
from commetctl.core.move import AmountMove, field_move, moved, number_of
from commetctl.core.resource import UNKNOWN, Address, Resource, ResourceSet, Value
from commetctl.kinds.account import Found, Known, Live, Obstacle, Read, Sides
from commetctl.kinds.crud import Crud, Routes
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
from commetctl.kinds.obstacles import joined, unknown_word
from commetctl.kinds.price_tags import Tag, odd
from commetctl.kinds.section import Entries, Finding, Sheet
from commetctl.kinds.values import Amount, Name, Protectable, Text
from commetctl.kinds.wire import WireField, count, flag, pack_price, read_pack_price, text

# Limits of names and descriptions: API reference, credit packs.
_LONGEST_NAME, _LONGEST_DESCRIPTION = 100, 255
#: Digits of the price of a credit, which may go on without end.
_FEW = Context(prec=6)

_TAKEN = Obstacle("another pack, which the file does not declare, has that name", "rename that one in the dashboard")


def _may_be(key: str) -> Obstacle:
    return Obstacle(
        f"it may be the pack of the entry `{key}`, which is protected by `lifecycle: {{protect: true}}`: no pack in "
        "Commet has the name of that entry",
        f"if it is, add its name to `{key}` as `previous_name`; if it is not, add the `id` of the right pack, or apply "
        "without `--prune` first",
    )


def _was(key: str) -> Obstacle:
    return Obstacle(
        f"the entry `{key}` has it as `previous_name`, and is protected by `lifecycle: {{protect: true}}`",
        f"if it is another pack, remove `previous_name` from `{key}`",
    )


class CreditPackSpec(Protectable):
    """A pack of credits that customers on credits plans can buy."""

    name: Annotated[Name, Field(max_length=_LONGEST_NAME)] = Field(
        description="What customers read, and what Commet knows the pack by. Unique, at most 100 characters.",
        examples=["Starter Pack"],
    )
    credits: Annotated[int, Field(ge=1, le=2**31 - 1)] = Field(
        description="How many credits the pack holds: at least 1.",
        examples=["100"],
        json_schema_extra={"unit": "credits"},
    )
    price: Amount = Field(
        description="What the pack costs in US dollars, as on a price tag, never in cents.",
        examples=["10.00"],
        json_schema_extra={"unit": "US dollars"},
    )
    description: Annotated[Text, Field(max_length=_LONGEST_DESCRIPTION)] | None = Field(
        default=None,
        description="What customers read beside the name: at most 255 characters.",
        examples=["100 credits for light usage"],
    )
    is_active: bool = Field(
        default=True, description="Whether it is sold. The API does not list packs that are not.", examples=["false"]
    )
    previous_name: Name | None = Field(
        default=None,
        description="The name that the pack has had until now: renames that pack instead of making a new one.",
        examples=["Small Pack"],
    )
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")] | None = Field(
        default=None,
        description="The pack with this id, whatever it is called. Needed to bring back one that is not active.",
        examples=["cpk_01"],
    )


@dataclass(frozen=True)
class _CreditPacks(Crud):
    def values(self, key: str, spec: CreditPackSpec) -> tuple[str, Mapping[str, Value]]:
        return spec.name, super().values(key, spec)[1]

    def entry_keys(self, found: Sequence[Address], entries: Entries) -> Mapping[Address, str]:
        """The keys that the file has for the packs; for a new one, a key that is made of its name."""
        known = {self.address(spec.name): key for key, spec in entries.items()}
        keys = {address: known[address] for address in found if address in known}
        taken = {*entries}
        for address in found:
            if address not in keys:
                plain = unicodedata.normalize("NFKD", address.key.casefold()).encode("ascii", "ignore").decode()
                word = re.sub("[^a-z0-9]+", "_", plain).strip("_") or self.kind.name
                free = (word if count == 1 else f"{word}_{count}" for count in itertools.count(1))
                keys[address] = next(key for key in free if key not in taken)
                taken.add(keys[address])
        return keys

    def check(self, sheet: Sheet) -> Iterator[Finding]:
        yield from super().check(sheet)
        entries: Mapping[str, CreditPackSpec] = sheet.sections[self.name]
        for key, spec in entries.items():
            if problem := Money(spec.price).problem(sheet.contract.credit_pack_scale):
                yield Finding((self.name, key, "price"), "bad_amount", problem)
            if spec.previous_name == spec.name:
                yield Finding(
                    (self.name, key, "previous_name"), "same_name", "is the name itself", "remove `previous_name`"
                )
        yield from self._shared(entries, "previous_name")
        yield from self._shared(entries, "id")

    def _shared(self, entries: Mapping[str, CreditPackSpec], field: str) -> Iterator[Finding]:
        used = Counter(value for spec in entries.values() if (value := getattr(spec, field)))
        for key, spec in entries.items():
            if used[getattr(spec, field)] > 1:
                yield Finding((self.name, key, field), "duplicate", f"another pack has the same `{field}`")

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

    def applied(self, entries: Entries, desired: ResourceSet) -> Known:
        """The ids that the file names."""
        return Known({self.address(spec.name): spec.id for spec in entries.values() if spec.id})

    def adopt(self, entries: Entries, desired: ResourceSet, live: Live) -> tuple[Live, tuple[Notice, ...]]:
        """Match packs by `id` and by `previous_name`, and say what cannot be known of inactive ones."""
        names = {old: self.address(spec.name) for spec in entries.values() if (old := self._known(spec, live))}
        live = self._kept_protected(entries, self._renamed(names, live))
        unlisted = [spec for spec in entries.values() if self.address(spec.name) not in live.resources]
        inactive = [desired[self.address(spec.name)] for spec in unlisted if not spec.is_active]
        # Not listed, so inactive; what else such a pack holds is known only after the update.
        pinned = {self.address(spec.name): spec.id for spec in unlisted if spec.is_active and spec.id}
        unknown: dict[str, Value] = dict.fromkeys((column.name for column in self.kind.table), UNKNOWN)
        found = [Resource(address, unknown | {"is_active": False}) for address in pinned]
        live = replace(
            live,
            resources=ResourceSet([*live.resources.values(), *inactive, *found]),
            ids={**live.ids, **pinned},
        )
        return live, tuple(_inactive(pack.address) for pack in inactive)

    def steps(self, changes: Sequence[Change], sides: Sides) -> Iterator[Step]:
        """One call a change; a pack that leaves the list can be found again only by its id, so that is said."""
        leaving = {c.address for c in changes if isinstance(c, Update) and not c.after.fields["is_active"]}
        for step in super().steps(changes, sides):
            (address,) = step.covers
            note = f"to sell it again later, its entry will need `id: {sides.live.ids.get(address)}`"
            yield replace(step, note=note) if address in leaving else step

    def moves(self, before: ResourceSet, after: ResourceSet) -> Iterator[AmountMove]:
        """What a pack costs, and what a credit in it does."""
        for becomes in after.values():
            if becomes.address.kind == self.kind.name and (was := before.get(becomes.address)):
                yield from _moves(was, becomes)

    def _known(self, spec: CreditPackSpec, live: Live) -> Address | None:
        """The address that a declared pack has in Commet, where that is not its own."""
        address = self.address(spec.name)
        if spec.id:
            found = next((known for known, id_ in live.ids.items() if id_ == spec.id), None)
            return found if found != address else None
        previous = self.address(spec.previous_name or "")
        return previous if address not in live.resources and previous in live.resources else None

    def _renamed(self, names: Mapping[Address, Address], live: Live) -> Live:
        """Give live packs the addresses of the file, all at once: two may swap."""
        taken = {new: _TAKEN for new in names.values() if new in live.resources and new not in names}
        kept = [r for r in live.resources.values() if r.address not in names and r.address not in names.values()]
        moved = [Resource(new, live.resources[old].fields) for old, new in names.items()]
        ids = {address: id_ for address, id_ in live.ids.items() if address not in names}
        return replace(
            live,
            resources=ResourceSet([*kept, *moved]),
            ids=ids | {new: live.ids[old] for old, new in names.items()},
            obstacles={**live.obstacles, **taken},
        )

    def _kept_protected(self, entries: Entries, live: Live) -> Live:
        """Let no pack be deleted that may be a protected one under the name that it had.

        Commet keeps no protection for packs. An entry that is protected and matches no pack may have been given another
        name, and nothing tells which pack of the account it was.
        """
        declared = {self.address(spec.name) for spec in entries.values()}
        strays = [address for address in live.resources if address.kind == self.kind.name and address not in declared]
        obstacles = dict(live.obstacles)
        for key, spec in entries.items():
            # An `id` tells which pack it is: that one, or one that is not on sale.
            is_lost = self.address(spec.name) not in live.resources and not spec.id
            for address in strays if spec.lifecycle.protect else ():
                if spec.previous_name and address == self.address(spec.previous_name):
                    obstacles[address] = _was(key)
                elif is_lost:
                    obstacles.setdefault(address, _may_be(key))
        return replace(live, obstacles=obstacles)


def _moves(was: Resource, becomes: Resource) -> Iterator[AmountMove]:
    if was.fields.get("is_active") is False and UNKNOWN in (was.fields.get("price"), was.fields.get("credits")):
        # It is not on sale, and nothing tells what it cost: nobody pays it.
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


def _inactive(address: Address) -> Notice:
    return Notice(
        "inactive_pack",
        "is declared inactive, and the API lists active packs only: nothing to do, and its other fields cannot be "
        "compared",
        "set `is_active: true` to sell it, with its `id:` if it exists already",
        address,
    )


_BOUGHT = "what was bought stays as it is"
_NEVER_EXPIRE = "webhooks: purchased credits never expire"
_OLD_PACKS = "whether it reaches the packs of plan versions that exist already"

_EFFECTS = (
    Row("", NEW, NONE, "one more pack to buy", "reference, create a credit pack", counts=False),
    Row(
        "",
        GONE,
        NEW_ONLY,
        f"nobody can buy it any more; {_BOUGHT}",
        f"reference, credit packs; {_NEVER_EXPIRE}",
        counts=False,
    ),
    Row("price", ANY, NEW_ONLY, f"for purchases from now on; {_BOUGHT}", SKILLS, counts=False),
    Row("credits", ANY, NEW_ONLY, f"for purchases from now on; {_BOUGHT}", _NEVER_EXPIRE, counts=False),
    Row("is_active", ON, NEW_ONLY, "it can be bought from now on", "reference, credit packs", counts=False),
    Row("is_active", OFF, NEW_ONLY, f"nobody can buy it any more; {_BOUGHT}", "reference, credit packs", counts=False),
    *quiet("name", "description"),
    Row(
        "",
        NEW,
        NEW_ONLY,
        "nobody can buy it until a plan version contains it, which commetctl does not publish",
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
_WHICH = "no, it is not sent: it says which pack is meant"


def odd_cents(sheet: Sheet) -> Iterator[Finding]:
    """Prices of packs whose digits are probably not what was meant."""
    packs = sheet.sections.get("credit_packs", {}).items()
    return odd(Tag(("credit_packs", key, "price"), ("pack",), Money(pack.price)) for key, pack in packs)


CREDIT_PACKS = _CreditPacks(
    name="credit_packs",
    about="Credits for sale to customers on credits plans, by a key of yours. Without this key, packs are not managed; "
    "an empty one declares that there are none.",
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
            WireField("description", "description", decode=text, cleared=""),
            WireField("credits", "credits", decode=count, needed=True),
            WireField("price", "price", pack_price, read_pack_price, needed=True, make=Money),
            WireField("is_active", "isActive", decode=flag),
        ),
        returned={
            "is_active": "only by being listed: packs that are not active are not; sent as `isActive`",
            "previous_name": _WHICH,
            "id": _WHICH,
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
    key="name",
    keys=None,
    named="name",
    lint={"odd_cents": odd_cents},
)
