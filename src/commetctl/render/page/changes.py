"""Changes on the page: each with its lines, and what it means for existing customers."""

from collections.abc import Iterator
from dataclasses import dataclass

from commetctl.core.change import Update, is_replaced
from commetctl.core.resource import Address, Resource
from commetctl.kinds import owner
from commetctl.reading import Reading
from commetctl.reading.lines import notable
from commetctl.reading.names import capital, field_label
from commetctl.reading.reading import Told
from commetctl.reading.touched import touched_said
from commetctl.render.page.cards import has_card, is_shown
from commetctl.render.page.values import said

_WORDS = {"create": "New", "update": "Changed", "delete": "Removed"}


@dataclass(frozen=True)
class Item:
    """One line of a change; an empty text stands for a side that does not exist."""

    label: str
    before: str
    after: str
    move: str = ""
    effects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """One change: its subject, its lines, and what it means."""

    word: str
    subject: str
    address: str
    items: list[Item]
    effects: list[str]
    impact: list[str]
    notes: list[str]


@dataclass(frozen=True)
class Teller:
    """Puts the changes of a reading on the page."""

    reading: Reading

    def of_card(self, whole: Address) -> list[Change]:
        """The changes of an object with a card; those of its parts are left out where all of it is new or gone."""
        mine = [told for told in self._changes() if owner(told.change.address) == whole]
        itself = [told for told in mine if told.change.address == whole and not isinstance(told.change, Update)]
        return [self._entry(told) for told in itself or mine]

    def others(self) -> list[Change]:
        """The changes of all other objects."""
        return [self._entry(told) for told in self._changes() if not has_card(owner(told.change.address))]

    def unchanged(self) -> list[Change]:
        """The objects on no card and in no table, for a page without changes."""
        after = self.reading.review.after
        alone = (r for r in after.values() if not is_shown(r.address) and not has_card(owner(r.address)))
        title = self.reading.names.title
        return [Change("", title(r.address), str(r.address), list(_fields(r)), [], [], []) for r in alone]

    def _changes(self) -> Iterator[Told]:
        return (told for group in self.reading.groups for told in group.changes)

    def _entry(self, told: Told) -> Change:
        first, new_card = told.lines[0], has_card(told.change.address) and not isinstance(told.change, Update)
        effects = list(dict.fromkeys(str(effect) for line in told.lines for effect in line.effects))
        shared = len({line.effects for line in told.lines if line.effects}) == 1
        items = [
            Item(
                line.what,
                line.before,
                line.after,
                line.change,
                () if shared else tuple(map(str, line.effects)),
            )
            for line in told.lines
            # The card shows the fields of a plan that is new or gone.
            if (line.before or line.after) and not (new_card and line.address == told.change.address)
        ]
        return Change(
            "Replaced" if is_replaced(told.change) else _WORDS[first.action],
            self.reading.names.title(told.change.address),
            str(told.change.address),
            items,
            effects if shared else [],
            list(touched_said(self.reading.review, told.change)),
            list(told.notes),
        )


def _fields(resource: Resource) -> Iterator[Item]:
    return (Item(capital(field_label(name)), "", said(value)) for name, value in notable(resource).items())
