"""The form of values: what a caller knows of each place of a file, as a description of how it is written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from commetctl.yamltext.sites import Site


def _as_written(_: str) -> str | None:
    return None


@dataclass(frozen=True, eq=False)
class Form:
    """How a value is written, and what is known of the values inside it.

    `keys` are the forms at known keys, and `other` the form at any other key and of the items of a list. Keys are put
    in `order`, in which `x-*` is every key that begins with `x-`; the rest follow in the order of the author, which has
    a meaning where there is no `order`. With `merges_first`, what a mapping merges in stands before them.

    A `block` always has a line for each key, and one that stands `apart` has a blank line around it, as have all blocks
    of a mapping of `sections`. `number` gives a plain number as it is to be written, None for a text to leave alone.

    Where the value of the key `tag` tells objects apart, `tagged` are their forms.
    """

    keys: Mapping[str, "Form"] = field(default_factory=dict)
    other: "Form | None" = None
    order: tuple[str, ...] = ()
    merges_first: bool = False
    block: bool = False
    apart: bool = False
    sections: bool = False
    number: Callable[[str], str | None] = _as_written
    tag: str = ""
    tagged: Mapping[str, "Form"] = field(default_factory=dict)

    def at(self, key: str) -> "Form":
        """What is known of the value at a key."""
        return self.keys.get(key) or self.other or NOTHING

    def rank(self, key: str) -> int:
        """Where a key belongs among its siblings; the same for all where their order is the author's."""
        if key in self.order:
            return self.order.index(key)
        begins = (number for number, known in enumerate(self.order) if known[-1:] == "*" and key.startswith(known[:-1]))
        return next(begins, len(self.order))

    def variant(self, value: object) -> "Form":
        """The form of an object with a value at the key `tag`; the form itself where there is no other."""
        return self.tagged.get(str(value), self)


#: The form of a place of which nothing is known.
NOTHING = Form()


def forms(root: Site, form: Form) -> dict[Site, Form]:
    """The form at each value of a file. A value that aliases bring to places of different forms has none."""
    found: dict[Site, Form] = {}
    rest: list[tuple[Site, Form]] = [(root, form)]
    while rest:
        site, form = rest.pop()
        if site.target is not None:
            rest.append((site.target, form))
            continue
        if form.tag:
            form = form.variant(next((entry.value.value for entry in site.entries if entry.name == form.tag), None))
        if site in found:
            if found[site] in (form, NOTHING):
                continue
            form = NOTHING
        found[site] = form
        for entry in site.entries:
            if entry.key.anchor or entry.key.entries:
                # What it is, or what is in it, may stand elsewhere too.
                rest.append((entry.key, NOTHING))
            if entry.merge:
                rest += [(value, form) for value in _merged(entry.value)]
            else:
                rest.append((entry.value, form.at(entry.name)))
    return found


def _merged(value: Site) -> Iterator[Site]:
    """The mappings that a merge brings in."""
    value = value.target or value
    yield from (entry.value for entry in value.entries) if value.kind == "seq" else (value,)
