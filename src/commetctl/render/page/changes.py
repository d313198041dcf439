"""Changes on the page: each in words, with what it means for the customers that there are."""

from collections.abc import Iterator
from dataclasses import dataclass

from commetctl.core.change import Change, Create, Delete, FieldChange, Update
from commetctl.core.move import field_percent
from commetctl.core.resource import Address, Resource, ResourceSet, Value
from commetctl.core.text import change_text
from commetctl.kinds.plans import addresses
from commetctl.render.groups import amounts_of, notable
from commetctl.render.meaning import cause_said, effects_said, touched_said
from commetctl.render.page.words import interval_name, label, said
from commetctl.render.review import Review

_WORDS = {Create: "New", Update: "Changed", Delete: "Removed"}


@dataclass(frozen=True)
class Item:
    """One field of a change; what is empty is not there on that side."""

    label: str
    before: str
    after: str
    move: str = ""
    effects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """One change: what it is about, its fields, and what it means."""

    word: str
    subject: str
    address: str
    items: list[Item]
    effects: list[str]
    impact: list[str]
    cause: str


@dataclass(frozen=True)
class Teller:
    """Puts the changes of a review into words."""

    review: Review

    def of_plan(self, plan: Address) -> list[Told]:
        """What changes of a plan; the parts of one that is new or gone go without saying."""
        mine = [change for change in self.review.changeset.changes if is_of(change.address, plan)]
        whole = [change for change in mine if change.address == plan and not isinstance(change, Update)]
        return [self.told(change) for change in whole or mine]

    def others(self) -> list[Told]:
        """What changes of all that is no part of a plan."""
        changes = self.review.changeset.changes
        return [self.told(change) for change in changes if change.address.kind not in addresses.KINDS]

    def told(self, change: Change) -> Told:
        """One change."""
        impact = self.review.impact
        touched = impact.touched.get(change.address) if impact else None
        effects = effects_said(self.review, change)
        items = list(self._items(change))
        paths = {item.path for item in change.fields} if isinstance(change, Update) else set()
        return Told(
            _WORDS[type(change)],
            subject(change.address, self.review.before, self.review.after),
            str(change.address),
            items,
            [str(effect) for effect in effects if effect.path not in paths],
            list(touched_said(touched)) if touched else [],
            cause_said(self.review, change),
        )

    def _items(self, change: Change) -> Iterator[Item]:
        match change:
            case Create(after):
                yield from (Item(label(name), "", said(value)) for name, value in _worth_saying(after))
            case Delete(before):
                yield from (Item(label(name), said(value), "") for name, value in _worth_saying(before))
                yield from self._along(change)
            case Update(fields=fields):
                for item in fields:
                    yield self._moved(change, item)

    def _along(self, change: Delete) -> Iterator[Item]:
        """The amounts that go along with an object; those of a plan are on its card, but for its exchange rates."""
        on_card = change.address.kind == addresses.PLAN
        for address in self.review.changeset.along.get(change.address, ()):
            resource = self.review.before.get(address)
            if resource and not (on_card and address.kind != addresses.EXCHANGE_RATE):
                about = subject(address, self.review.before, self.review.after)
                for name, value in amounts_of(resource).items():
                    yield Item(f"{about}, {label(name).lower()}", said(value), "")

    def _moved(self, change: Update, item: FieldChange) -> Item:
        effects = tuple(str(effect) for effect in effects_said(self.review, change) if effect.path == item.path)
        before, after = said(item.before), said(item.after)
        if before == after:
            # A label that becomes a number looks the same: say of which type each is.
            before, _, after = change_text(item.before, item.after).partition(" → ")
        return Item(label(item.path), before, after, field_percent(change.address, item), effects)


def _worth_saying(resource: Resource) -> list[tuple[str, Value]]:
    # The parts of a new plan are on its card.
    return [] if resource.address.kind == addresses.PLAN else list(notable(resource).items())


def is_of(address: Address, plan: Address) -> bool:
    """Whether something is a plan, or a part of it."""
    return address.kind in addresses.KINDS and addresses.plan_of(address) == plan


def subject(address: Address, before: ResourceSet, after: ResourceSet) -> str:
    """What an address is, in words: `Monthly price in EUR`."""
    parts = address.key.split("/")
    match address.kind, parts:
        case addresses.PLAN, _:
            return "Plan"
        case addresses.PRICE, [_, interval]:
            return f"{interval_name(interval)} price"
        case addresses.REGIONAL_PRICE, [_, interval, currency]:
            return f"{interval_name(interval)} price in {currency.upper()}"
        case addresses.FEATURE, [_, code]:
            return _name(addresses.catalog_feature(code), before, after)
        case addresses.REGIONAL_UNIT_PRICE, [_, code, currency]:
            return f"{_name(addresses.catalog_feature(code), before, after)}, unit price in {currency.upper()}"
        case addresses.EXCHANGE_RATE, [_, currency]:
            return f"Exchange rate of {currency.upper()}"
        case _:
            return f"{label(address.kind)} {_name(address, before, after)}"


def _name(address: Address, before: ResourceSet, after: ResourceSet) -> str:
    found = after.get(address) or before.get(address)
    name = found.fields.get("name") if found else None
    return said(name) if name else address.key
