"""Revising: a text whose data is to become other data, changed nowhere else.

The text is edited at what differs and read again, until nothing does. What came through an alias or a merge is written
out where it differs and never changed for others. Where the edits do not lead there, coarser parts are rewritten.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from typing import Any

from commetctl.core.values import KeyPath, same
from commetctl.yamltext import Unfit
from commetctl.yamltext.edits import Editor
from commetctl.yamltext.layout import Layout
from commetctl.yamltext.sites import Entry, Site
from commetctl.yamltext.writing import Writer

#: The data of a text: its top-level keys, most of which hold entries by key.
Tree = Mapping[str, Any]
#: Reads the data of a text; raises Unfit for a text without any.
Read = Callable[[str], Tree]

#: How deep values are looked into: any depth, then mappings in entries as a whole, then entries, then top-level keys.
_DEPTHS = (99, 4, 2, 1)
#: One round for what is written in place, one for what comes through aliases, and again for what that uncovers.
_ROUNDS = 12


def revise(text: str, wanted: Tree, read: Read, writer: Writer) -> str:
    """The text in which `read` finds `wanted`; raises Unfit for an entry that no edit leads to.

    It reads a text several times in a row.
    """
    if same(read(text), wanted):
        return text
    try:
        return _revised(text, wanted, read, writer, _DEPTHS[0])
    except Unfit:
        pass
    for section, entries in wanted.items():
        if not isinstance(entries, Mapping):
            continue
        for key in {**read(text).get(section, {}), **entries}:
            text = _one_by_one(text, (section, key), wanted, read, writer)
    return text


def _one_by_one(text: str, path: KeyPath, wanted: Tree, read: Read, writer: Writer) -> str:
    """The text with one entry as wanted, by the finest edits that lead there."""
    section, key = path
    now = read(text)
    entries = {name: value for name, value in now.get(section, {}).items() if name != key}
    if key in wanted[section]:
        entries[key] = wanted[section][key]
    aim = {**now, section: entries}
    if same(now, aim):
        return text
    for depth in _DEPTHS:
        try:
            return _revised(text, aim, read, writer, depth)
        except Unfit:
            continue
    raise Unfit(path)


def _revised(text: str, wanted: Tree, read: Read, writer: Writer, depth: int) -> str:
    for _ in range(_ROUNDS):
        now = read(text)
        if same(now, wanted):
            return text
        text = _Revision(text, writer, depth).of(now, wanted)
    raise Unfit


class _Revision:
    """One round of edits."""

    def __init__(self, text: str, writer: Writer, depth: int) -> None:
        self._layout = Layout(text)
        self._depth = depth
        self._direct = Editor(self._layout, writer)
        # What comes from elsewhere may be right once that is: it waits for a round in which nothing else differs.
        self._indirect = Editor(self._layout, writer)

    def of(self, now: Tree, wanted: Tree) -> str:
        """The text after the round; raises Unfit when there is nothing to do."""
        self._inside(self._layout.root, None, now, wanted, ())
        editor = self._direct if self._direct.edits else self._indirect
        if not editor.edits:
            raise Unfit
        return editor.result()

    def _inside(self, site: Site, owner: tuple[Site, Entry] | None, now: Tree, wanted: Tree, path: KeyPath) -> None:
        """Edit the entries of a mapping, which is the value of an entry of its owner."""
        own = {entry.name: entry for entry in site.entries if not entry.merge}
        differing = [key for key in wanted if not (key in now and same(now[key], wanted[key]))]
        gone = [own[key] for key in now if key not in wanted and key in own]
        left = [entry for entry in site.entries if entry not in gone]
        new = [key for key in differing if key not in own]
        if owner and gone and not left and not new:
            self._direct.replace(*owner, {}, path)
            return
        for key in differing:
            if key in own:
                self._change(site, own[key], now.get(key), wanted[key], (*path, key))
        if gone:
            self._direct.remove(site, gone)
        merges = any(entry.merge for entry in site.entries)
        for key in new:
            editor = self._indirect if merges and key in now else self._direct
            editor.insert(site, _before(key, wanted, left), key, wanted[key], (*path, key))
        for key in now if merges else ():
            if key not in wanted and key not in own:
                # Nothing takes away what is merged in, but null stands for what is not there.
                self._indirect.insert(site, left[-1], key, None, (*path, key))

    def _change(self, site: Site, entry: Entry, now: Any, wanted: Any, path: KeyPath) -> None:
        value, looked_into = entry.value, len(path) < self._depth
        if value.kind == "map" and isinstance(wanted, Mapping) and looked_into:
            self._inside(value, (site, entry), now if isinstance(now, Mapping) else {}, wanted, path)
        elif value.kind == "seq" and _are_items(now, value) and _are_items(wanted) and looked_into:
            self._items(value, now, wanted, path)
        else:
            editor = self._indirect if value.kind == "alias" else self._direct
            editor.replace(site, entry, wanted, path)

    def _items(self, site: Site, now: Sequence[Any], wanted: Sequence[Any], path: KeyPath) -> None:
        """Edit the items of a list between those that are the same at its beginning and at its end."""
        begin = _alike(now, wanted)
        end = min(_alike(now[::-1], wanted[::-1]), min(len(now), len(wanted)) - begin)
        if begin == 0 and end == len(now):
            # Nothing stands before the new items, so the first item becomes one of them.
            end -= 1
        old, new = site.entries[begin : len(now) - end], wanted[begin : len(wanted) - end]
        for number, (entry, value) in enumerate(zip(old, new, strict=False), begin):
            if not same(now[number], value):
                self._change(site, entry, now[number], value, (*path, str(number)))
        if len(new) < len(old):
            self._direct.remove(site, old[len(new) :])
        elif len(new) > len(old):
            self._direct.extend(site, old[-1] if old else site.entries[begin - 1], new[len(old) :])


def _before(key: str, wanted: Tree, left: list[Entry]) -> Entry | None:
    """The entry behind which a new one belongs: the last that is wanted before it, else the last there is."""
    there = {entry.name: entry for entry in left if not entry.merge}
    names = list(wanted)
    before = (there[name] for name in reversed(names[: names.index(key)]) if name in there)
    return next(before, left[-1] if left else None)


def _are_items(value: Any, site: Site | None = None) -> bool:
    """Whether a value is a list with items, which are those of the site."""
    return isinstance(value, list | tuple) and len(value) > 0 and (site is None or len(site.entries) == len(value))


def _alike(one: Sequence[Any], other: Sequence[Any]) -> int:
    """How many items two lists have in common at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: same(*pair), zip(one, other, strict=False)))
