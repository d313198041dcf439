"""Lines: one for each field of a change, with everything that a reader asks about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import PurePath

from commetctl.core.amount_move import currency_of, field_percent, number_of
from commetctl.core.change import Change, Create, Delete, FieldChange, Update, action, is_replaced, takes_away
from commetctl.core.impact import Effect, Touched, When
from commetctl.core.money import Derived, Money, percent_text
from commetctl.core.resource import ABSENT, Address, Resource, Value
from commetctl.kinds import kind_of, owner
from commetctl.reading.amounts import arrow, said, sides
from commetctl.reading.causes import cause_said
from commetctl.reading.effects import SHORT, effects_at, effects_of
from commetctl.reading.names import IMPLIED, Names, capital, field_label, stands_alone
from commetctl.reading.touched import number_said
from commetctl.review.review import Review

#: The sign of a change, by its word in machine output.
SIGNS = {"create": "+", "update": "~", "delete": "-"}
REPLACED = "±"


@dataclass(frozen=True)
class Line:
    """One field of a change, or one amount that is deleted with an object.

    `sign` is empty on all but the first line of a change. `before` or `after` is empty for a side that does not exist;
    `gone` says what becomes of an object that does not stay. `change` is how far an amount moves, `when` from when
    existing customers notice, `whom` how many subscriptions do, `first` and `last` when these renew, `where` the place
    in the file. `effects` are what `when` is short for.
    """

    address: Address
    path: str
    sign: str
    action: str
    what: str
    before: str = ""
    after: str = ""
    gone: str = ""
    change: str = ""
    when: str = ""
    whom: str = ""
    where: str = ""
    first: date | None = None
    last: date | None = None
    is_amount: bool = False
    is_wording: bool = False
    effects: tuple[Effect, ...] = ()

    @property
    def values(self) -> str:
        """Both sides in one text: `49.00 → 59.00 USD`, or what becomes of what goes: `490.00 USD archived`."""
        return " ".join(filter(None, (arrow(self.before, self.after), self.gone)))


def lines_of(review: Review, names: Names, change: Change) -> list[Line]:
    """The lines of one change, the first of which has its sign."""
    return list(_Lines(review, names, change).all())


def notes_of(review: Review, change: Change) -> Iterator[str]:
    """The side that a change comes from, and what there is to know about its requests."""
    if cause := cause_said(review, change):
        yield cause
    yield from (step.note for step in review.changeset.steps_for(change.address) if step.note)


@dataclass(frozen=True)
class _Lines:
    review: Review
    names: Names
    change: Change

    def all(self) -> Iterator[Line]:
        fields = self._fields()
        yield self._head(fields[0] if fields else None)
        for item in fields[1:]:
            yield self._line(item, capital(field_label(item.path)), sign="")
        if takes_away(self.change):
            yield from self._along()

    def _fields(self) -> list[FieldChange]:
        """The fields that have a line: of what goes, the amounts; of what is new, descriptions come last."""
        match self.change:
            case Delete(before):
                return [FieldChange(name, value, ABSENT) for name, value in amounts_of(before).items()]
            case Create():
                found = [item for item in fields_of(self.change) if not self._is_in_headline(item)]
                return sorted(found, key=lambda item: _is_wording(self.change.address, item.path))
            case _:
                return [*fields_of(self.change)]

    def _is_in_headline(self, item: FieldChange) -> bool:
        """Whether a field is the name of a new object, by which its sentence or its first line calls it."""
        return (
            item.path == "name"
            and isinstance(self.change, Create)
            and owner(self.change.address) == self.change.address
        )

    @property
    def _is_alone(self) -> bool:
        return owner(self.change.address) == self.change.address and stands_alone(self.change.address)

    @cached_property
    def _effects(self) -> list[Effect]:
        return effects_of(self.review, self.change)

    def _head(self, item: FieldChange | None) -> Line:
        # Below the heading `Features`, each is called by its name.
        naming = self.names.title if stands_alone(self.change.address) else self.names.name
        title = naming(self.change.address)
        sign = REPLACED if is_replaced(self.change) else SIGNS[action(self.change)]
        if item is None:
            return self._line(FieldChange("", ABSENT, ABSENT), title, sign=sign)
        what = capital(field_label(item.path)) if self._is_alone else field_of(title, item.path)
        return self._line(item, what, sign=sign)

    def _line(self, item: FieldChange, what: str, *, sign: str) -> Line:
        address = self.change.address
        before, after = sides(item.before, item.after)
        effects = effects_at(self._effects, item.path, first=bool(sign))
        touched = self.review.impact.touched.get(address) if self.review.impact else None
        line = Line(
            address,
            item.path,
            sign,
            action(self.change),
            what,
            before if item.before is not ABSENT or isinstance(self.change, Update) else "",
            after if item.after is not ABSENT or isinstance(self.change, Update) else "",
            gone=_gone(self.change) if sign else "",
            change=_percent(address, item),
            where=_where(self.change) if sign else "",
            is_amount=is_amount(address, item.path, item.after) or is_amount(address, item.path, item.before),
            is_wording=_is_wording(address, item.path),
            effects=effects,
        )
        if not effects:
            return line
        line = replace(line, when=", ".join(dict.fromkeys(SHORT[effect.when] for effect in effects)))
        return _with_touched(line, touched, self.review)

    def _along(self) -> Iterator[Line]:
        """The amounts of what is deleted or replaced along with an object."""
        for address in self.review.changeset.along.get(self.change.address, ()):
            resource = self.review.before.get(address)
            if resource is None:
                continue
            title = self.names.title(address)
            for name, value in amounts_of(resource).items():
                yield Line(address, name, "", "delete", field_of(title, name), before=said(value), is_amount=True)


def field_of(title: str, path: str) -> str:
    """`Monthly price, trial days`; the title alone for the field that it implies."""
    return title if path in IMPLIED else f"{title}, {field_label(path)}"


def _is_wording(address: Address, path: str) -> bool:
    """Whether a field is a name, a description or metadata, which no bill depends on."""
    kind = kind_of(address)
    return bool(kind and path.partition(".")[0] in {*kind.wording, "metadata"})


def _with_touched(line: Line, touched: Touched | None, review: Review) -> Line:
    if not any(effect.counts and effect.when is not When.NEW_ONLY for effect in line.effects):
        return line
    if touched is None:
        unknown = review.impact is not None and review.impact.unknown
        return replace(line, whom="not known") if unknown else line
    renewing = any(effect.when is When.AT_RENEWAL for effect in line.effects)
    return replace(
        line,
        whom=number_said(touched),
        first=touched.first if renewing else None,
        last=touched.last if renewing else None,
    )


def _percent(address: Address, item: FieldChange) -> str:
    """How far an amount, a rate or a count that customers pay by moves; empty where there is no percentage."""
    if percent := field_percent(address, item):
        return percent
    before, after = number_of(item.before), number_of(item.after)
    if before is None or after is None or not before or not is_amount(address, item.path, item.after):
        return ""
    return percent_text(before, after) if currency_of(item.before) == currency_of(item.after) else ""


def _gone(change: Change) -> str:
    """What becomes of an object that does not stay: `archived`, `deleted and created again`."""
    if not takes_away(change):
        return ""
    kind = kind_of(change.address)
    if is_replaced(change) and kind and kind.replacement:
        return kind.replacement.words
    return kind.gone if kind else "deleted"


def _where(change: Change) -> str:
    origin = change.after.origin if isinstance(change, Create | Update) else None
    if origin is None:
        return ""
    # A path of a whole machine is longer than everything else on its line.
    return f"{PurePath(origin.file).name if PurePath(origin.file).is_absolute() else origin.file}:{origin.line}"


def fields_of(change: Change) -> Sequence[FieldChange]:
    """The fields of a change that are worth showing, with ABSENT for the side that does not exist."""
    match change:
        case Update(fields=fields):
            return fields
        case Create(after):
            return [FieldChange(name, ABSENT, value) for name, value in notable(after).items()]
        case Delete(before):
            return [FieldChange(name, value, ABSENT) for name, value in notable(before).items()]


def amounts_of(resource: Resource) -> dict[str, Value]:
    """The amounts of a resource, and the fields that say how these count."""
    kind, shown = kind_of(resource.address), notable(resource)
    terms = kind.terms if kind else ()
    found = {name: value for name, value in shown.items() if is_amount(resource.address, name, value)}
    # Amounts without the fields that say how they count would mislead.
    return found | {name: value for name, value in shown.items() if name in terms}


def is_amount(address: Address, name: str, value: Value) -> bool:
    """Whether a field is an amount of money or a number that customers pay by."""
    kind = kind_of(address)
    return isinstance(value, Money | Derived) or bool(kind and name in kind.counts)


def notable(resource: Resource) -> dict[str, Value]:
    """The fields of a resource worth showing: amounts, and whatever is not none, off, zero, empty or usual."""
    kind = kind_of(resource.address)
    usual = kind.usual if kind else {}
    return {name: value for name, value in resource.fields.items() if _says_something(value, usual.get(name), name)}


def _says_something(value: Value, usual: Value, name: str) -> bool:
    if isinstance(value, Money | Derived) or name == "enabled":
        return True
    return value not in (None, False, 0, "", {}, ()) and usual != value
