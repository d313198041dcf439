"""What a kind says of itself: everything about it that is data. Everything else loops over the kinds and names none."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pydantic import BaseModel

from commetctl.core.change import Change
from commetctl.core.resource import Address, Value, noun
from commetctl.core.values import KeyPath
from commetctl.kinds.effects import EVERY_VERSION, Given, Row, Setting, where_switched
from commetctl.kinds.wire import WireField

#: The name of an object for people, or its key where it has none.
Naming = Callable[[Address], str]


def titled(address: Address, naming: Naming) -> str:
    """The kind of an object and its name: `Credit pack Starter`."""
    called = noun(address.kind)
    return f"{called[:1].upper()}{called[1:]} {naming(address)}"


class Alone(NamedTuple):
    """The one field of a kind that the file writes as a value without a key: described by a field of another model."""

    name: str
    called: str
    of: type[BaseModel]
    by: str
    example: str


def without_details(_: Change, __: str) -> str:
    """No further words."""
    return ""


class Unlisted(NamedTuple):
    """Why a version of the API lists only some objects of a kind: none is deleted, and one to create may be there.

    `keep` is the way out of a deletion, and `exists` that of a creation which Commet refuses for that reason.
    """

    reason: str
    keep: str
    exists: str


class Replacement(NamedTuple):
    """How an object gets another value in fields that the API fixes at creation: it is deleted and created again.

    `words` say so, after the address of the object. The section has the calls, for an update that is `replaced`.
    """

    fields: frozenset[str]
    words: str


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of object of a catalog.

    `place` is where its objects stand in the file, and `form` what their addresses look like; words in capitals stand
    for keys. `words` are other words to ask for it by. `sent` holds the names in the API of fields, by their path in
    the file, that are not in `table`; `returned` describes fields that the API does not simply give back.

    `fixed` are fields that the API fixes at creation, each with the way out; `replacement` is how an object gets
    another value in some of them on request, None where there is no safe way. `permanent` says why the API cannot
    delete such objects, and the way out; `unlisted` are the versions of the API that do not list all of them.

    No two objects share a value of a `unique` field, deleted and inactive ones included; where that is not settled for
    objects that are there, `unsettled` has the emulator's switch for the field. Of an `exclusive` field, which is a
    list, no two objects that are there share an item.

    Subscriptions lose something when a `used` object is deleted. `gone` is what happens to one that leaves the
    file, `usual` what needs no mention when an object is new.
    `counts` are plain numbers that customers pay by; `terms` say how an amount counts; `wording` is only read.
    `details` are further words on what a change of a field means, after those of its row.
    `versions` are those of the API that have such objects. `title` makes the title of an object on a page for people.
    """

    name: str
    about: str
    place: str
    form: str
    example: str
    spec: type[BaseModel] | None = None
    alone: Alone | None = None
    words: tuple[str, ...] = ()
    table: tuple[WireField, ...] = ()
    sent: Mapping[str, str] = field(default_factory=dict)
    returned: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    replacement: Replacement | None = None
    permanent: tuple[str, str] | None = None
    unlisted: Mapping[str, Unlisted] = field(default_factory=dict)
    unique: tuple[str, ...] = ()
    unsettled: Mapping[str, str] = field(default_factory=dict)
    exclusive: tuple[str, ...] = ()
    gone: str = "deleted"
    used: bool = False
    usual: Mapping[str, Value] = field(default_factory=dict)
    counts: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()
    wording: frozenset[str] = frozenset({"name", "description"})
    versions: frozenset[str] = EVERY_VERSION
    effects: tuple[Row, ...] = ()
    givens: Callable[[Change, Setting], Iterable[Given]] = where_switched
    details: Callable[[Change, str], str] = without_details
    title: Callable[[Address, Naming], str] = titled

    def __post_init__(self) -> None:
        rows = (replace(row, kind=self.name, versions=row.versions & self.versions) for row in self.effects)
        object.__setattr__(self, "effects", tuple(rows))

    @property
    def path(self) -> KeyPath:
        """The place, key by key."""
        return tuple(self.place.split("."))

    def keys_at(self, path: KeyPath) -> KeyPath | None:
        """The keys of the object at a path of the file or above it; None where the path is not of this kind."""
        mine = self.path
        if len(path) < len(mine) or any(
            not word.isupper() and word != key for word, key in zip(mine, path, strict=False)
        ):
            return None
        return tuple(key for word, key in zip(mine, path, strict=False) if word.isupper())

    def way_out(self, name: str, address: Address | str = "ADDRESS") -> str:
        """How an object gets another value in a field that is fixed at creation."""
        safely = self.replacement is not None and name in self.replacement.fields
        return self.fixed[name] + (f"; or apply with `--replace {address}`" if safely else "")

    def wire_name(self, path: str) -> str:
        """The name of a field in the API, by its path in the file; empty where it has none."""
        names = {column.name: column.wire for column in self.table} | dict(self.sent)
        return names.get(path, "")
