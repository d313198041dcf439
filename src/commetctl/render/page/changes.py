"""Changes on the page: each in words, with what it means for existing customers."""

from collections.abc import Iterator
from dataclasses import dataclass

from commetctl.core.amount_move import field_percent
from commetctl.core.change import Change, Create, Delete, FieldChange, Update, is_replaced
from commetctl.core.resource import Address, Resource, ResourceSet, Value
from commetctl.core.text import change_text
from commetctl.kinds import kind_of, owner
from commetctl.kinds.kind import titled
from commetctl.render.groups import amounts_of, notable
from commetctl.render.page.cards import has_card, is_shown
from commetctl.render.page.values import label, said
from commetctl.render.sentences import cause_said, effects_said, touched_said
from commetctl.review.review import Review

_WORDS = {Create: "New", Update: "Changed", Delete: "Removed"}


@dataclass(frozen=True)
class Item:
    """One field of a change; an empty text stands for a side that does not exist."""

    label: str
    before: str
    after: str
    move: str = ""
    effects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """One change: its subject, its fields, and what it means."""

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

    def of_card(self, whole: Address) -> list[Told]:
        """The changes of an object with a card; those of its parts are left out where all of it is new or gone."""
        mine = [change for change in self.review.changeset.changes if owner(change.address) == whole]
        itself = [change for change in mine if change.address == whole and not isinstance(change, Update)]
        return [self.told(change) for change in itself or mine]

    def others(self) -> list[Told]:
        """The changes of all other objects."""
        changes = self.review.changeset.changes
        return [self.told(change) for change in changes if not has_card(owner(change.address))]

    def unchanged(self) -> list[Told]:
        """The objects on no card and in no table, for a page without changes."""
        after = self.review.after
        alone = (r for r in after.values() if not is_shown(r.address) and not has_card(owner(r.address)))
        return [Told("", subject(r.address, after, after), str(r.address), list(_new(r)), [], [], "") for r in alone]

    def told(self, change: Change) -> Told:
        """One change."""
        effects = effects_said(self.review, change)
        items = list(self._items(change))
        paths = {item.path for item in change.fields} if isinstance(change, Update) else set()
        return Told(
            "Replaced" if is_replaced(change) else _WORDS[type(change)],
            subject(change.address, self.review.before, self.review.after),
            str(change.address),
            items,
            [str(effect) for effect in effects if effect.path not in paths],
            list(touched_said(self.review, change)),
            cause_said(self.review, change),
        )

    def _items(self, change: Change) -> Iterator[Item]:
        match change:
            case Create(after):
                yield from _new(after)
            case Delete(before):
                yield from (Item(label(name), said(value), "") for name, value in _worth_saying(before))
                yield from self._along(change)
            case Update(fields=fields):
                for item in fields:
                    yield self._moved(change, item)

    def _along(self, change: Delete) -> Iterator[Item]:
        """The amounts that are deleted with an object and that no card shows."""
        on_card = has_card(change.address)
        for address in self.review.changeset.along.get(change.address, ()):
            resource = self.review.before.get(address)
            if resource and not (on_card and is_shown(address)):
                about = subject(address, self.review.before, self.review.after)
                for name, value in amounts_of(resource).items():
                    yield Item(f"{about}, {label(name).lower()}", said(value), "")

    def _moved(self, change: Update, item: FieldChange) -> Item:
        effects = tuple(str(effect) for effect in effects_said(self.review, change) if effect.path == item.path)
        before, after = said(item.before), said(item.after)
        if before == after:
            # A label that becomes a number reads the same, so the types are shown.
            before, _, after = change_text(item.before, item.after).partition(" → ")
        return Item(label(item.path), before, after, field_percent(change.address, item), effects)


def _new(resource: Resource) -> Iterator[Item]:
    return (Item(label(name), "", said(value)) for name, value in _worth_saying(resource))


def _worth_saying(resource: Resource) -> list[tuple[str, Value]]:
    return [] if has_card(resource.address) else list(notable(resource).items())


def subject(address: Address, before: ResourceSet, after: ResourceSet) -> str:
    """The title of an object: `Monthly price in EUR`."""
    kind = kind_of(address)
    return (kind.title if kind else titled)(address, lambda about: name_of(about, before, after))


def name_of(address: Address, before: ResourceSet, after: ResourceSet) -> str:
    """The name of an object for people, after the changes or else before; its key where it has none."""
    found = after.get(address) or before.get(address)
    name = found.fields.get("name") if found else None
    return said(name) if name else address.key
