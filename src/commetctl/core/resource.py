"""Resources: the flat objects that both the file and the live account become, and their addresses."""

from collections.abc import ItemsView, Iterable, Iterator, Mapping, ValuesView
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import NamedTuple, Self

from commetctl.core.lines import Lines
from commetctl.core.money import Derived, Money


class Address(NamedTuple):
    """One object of a catalog, such as `plan_price.pro/monthly`: its kind, and its key among that kind.

    The key of a child begins with the key of its parent, so that addresses sort the way a reader expects.
    """

    kind: str
    key: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `kind.key`; a ValueError says that the text is not of that form."""
        kind, dot, key = text.partition(".")
        if not (kind and dot and key):
            raise ValueError(f"`{text}` is not an address; one looks like `plan.pro` or `plan_price.pro/monthly`")
        return cls(kind, key)

    def __str__(self) -> str:
        return f"{self.kind}.{self.key}"


def noun(kind: str) -> str:
    """The name of a kind for people: `credit pack`."""
    return kind.replace("_", " ")


class Mark(Enum):
    """Stand-ins for a value that does not exist or is not known."""

    #: The API never gives this value back and nothing remembers it: neither in sync nor different.
    UNKNOWN = "unknown"
    #: The object, or this key of it, does not exist on that side.
    ABSENT = "absent"


UNKNOWN = Mark.UNKNOWN
ABSENT = Mark.ABSENT

Metadata = Mapping[str, object]
Value = str | int | bool | Decimal | Money | Derived | datetime | Metadata | Mark | tuple["Value", ...] | None


@dataclass(frozen=True)
class Origin:
    """A place in a file; lines and columns count from 1.

    `end_line` and `end_column` are the place behind its last character, and 0 where the end is not known. `lines` is
    the text of the file.
    """

    file: str
    line: int
    column: int
    end_line: int = field(default=0, compare=False)
    end_column: int = field(default=0, compare=False)
    lines: Lines | None = field(default=None, compare=False, repr=False)

    @classmethod
    def at(cls, file: str, lines: Lines, start: int, end: int = -1) -> Self:
        """The place of an index of a text, or of what is between two."""
        if end > start:
            return cls(file, *lines.span(start, end), lines)
        return cls(file, *lines.place(start), lines=lines)

    @property
    def text(self) -> str:
        """What is written there, up to the end of its first line; empty where the text is not known."""
        line = self.lines.line(self.line) if self.lines else ""
        return line[self.column - 1 : self.end_column - 1 if self.end_line == self.line else len(line)]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Span(NamedTuple):
    """A part of a file, by its indexes. Few are ever shown, so the lines and columns are only looked up then."""

    file: str
    lines: Lines
    start: int
    end: int

    @property
    def origin(self) -> Origin:
        """Its place by line and column."""
        return Origin.at(self.file, self.lines, self.start, self.end)


@dataclass(frozen=True)
class Resource:
    """One object of a catalog: its fields by the names that the file uses, defaults filled in.

    `refs` must exist before it; `parent`, one of them where there is one, deletes it when it is deleted. `handle` is
    the key of its entry in the file, where its address is made of something else. `unread` are fields that no read
    gives back and that nothing remembers, nor will: while they are unknown, they are neither compared nor confirmed.
    """

    address: Address
    fields: Mapping[str, Value]
    refs: tuple[Address, ...] = ()
    parent: Address | None = None
    origin: Origin | None = field(default=None, compare=False)
    handle: str = field(default="", compare=False)
    unread: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def open(self) -> frozenset[str]:
        """The fields of which no read says whether they are as they should be."""
        return frozenset(name for name in self.unread if self.fields[name] is UNKNOWN)


class ResourceSet(Mapping[Address, Resource]):
    """The resources of one side, by address."""

    def __init__(self, resources: Iterable[Resource] = ()) -> None:
        self._by_address = {resource.address: resource for resource in resources}

    def __getitem__(self, address: Address) -> Resource:
        return self._by_address[address]

    def __iter__(self) -> Iterator[Address]:
        return iter(self._by_address)

    def __len__(self) -> int:
        return len(self._by_address)

    # The rest of a mapping comes from these, but is asked for so often that it is worth saying.
    def __contains__(self, address: object) -> bool:
        return address in self._by_address

    def values(self) -> ValuesView[Resource]:
        """The resources."""
        return self._by_address.values()

    def items(self) -> ItemsView[Address, Resource]:
        """The resources, each with its address."""
        return self._by_address.items()

    @cached_property
    def _children(self) -> Mapping[Address, list[Resource]]:
        children: dict[Address, list[Resource]] = {}
        for resource in self._by_address.values():
            if resource.parent:
                children.setdefault(resource.parent, []).append(resource)
        return children

    def children(self, parent: Address, kind: str | None = None) -> list[Resource]:
        """What belongs to `parent` directly, of one kind or of any, in the order it was declared."""
        found = self._children.get(parent, [])
        return [resource for resource in found if kind in (None, resource.address.kind)]

    def below(self, parent: Address) -> Iterator[Resource]:
        """What belongs to `parent` at any depth."""
        for child in self._children.get(parent, ()):
            yield child
            yield from self.below(child.address)
