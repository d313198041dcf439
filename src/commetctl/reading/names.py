"""Names: what objects and their fields are called where people read them."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from commetctl.core.resource import Address, Resource, ResourceSet
from commetctl.core.text import printable
from commetctl.kinds import kind_of, section_of
from commetctl.kinds.kind import titled

#: The fields that the name of their object implies: a monthly price needs no word for its price.
IMPLIED = frozenset({"price", "rate", "unit_price"})


@dataclass(frozen=True)
class Names:
    """The names of objects on both sides; after the changes where there are two."""

    before: ResourceSet
    after: ResourceSet

    def resource(self, address: Address) -> Resource | None:
        """The object after the changes, or else before."""
        return self.after.get(address) or self.before.get(address)

    def name(self, address: Address) -> str:
        """The name of an object, or its key where it has none."""
        found = self.resource(address)
        name = found.fields.get("name") if found else None
        return printable(str(name)) if name else printable(address.key)

    def title(self, address: Address) -> str:
        """What an object is: `Monthly price in EUR`, `Credit pack Large`."""
        kind = kind_of(address)
        return printable((kind.title if kind else titled)(address, self.name))

    def alone(self, address: Address) -> str:
        """The name of an object that stands by itself, with its code where another of its kind has the same name."""
        name = self.name(address)
        return f"{name} ({printable(address.key)})" if self._shared[address.kind, name] > 1 else name

    @cached_property
    def _shared(self) -> Counter[tuple[str, str]]:
        """How many objects of a kind have a name."""
        every = dict.fromkeys([*self.after, *self.before])
        return Counter((address.kind, self.name(address)) for address in every)


def stands_alone(address: Address) -> bool:
    """Whether the changes of an object are a group of their own: those of a top-level object that can have parts."""
    return len(section_of(address).kinds) > 1


def field_label(path: str) -> str:
    """`included amount`; keys of metadata are as they are."""
    name, dot, key = path.partition(".")
    return printable(f"{name.removeprefix('is_').replace('_', ' ')}{dot}{key}")


def capital(words: str) -> str:
    """The words with a capital letter first; the path of a label is as it is."""
    return words if "." in words else words[:1].upper() + words[1:]


def lower_first(words: str) -> str:
    """The words without a capital letter first, unless the first word is an abbreviation."""
    return words if words[:2].isupper() else words[:1].lower() + words[1:]
