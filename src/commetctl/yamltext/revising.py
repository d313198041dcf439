"""Revising a catalog: the text whose entries are to become others, changed nowhere else.

The text is edited at what differs and read again, until nothing does. What came through an alias or a merge is written
out where it differs and never changed for others. Where the edits do not lead there, coarser parts are rewritten.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from ruamel.yaml.error import YAMLError

from commetctl.core.errors import CommetctlError, Refused
from commetctl.core.values import same
from commetctl.kinds.section import Path
from commetctl.yamltext.edits import Editor, Unfit
from commetctl.yamltext.tokens import Entry, Layout, Site

#: The entries of each section, as `collapse` gives them, and whatever else stands at the top of the file.
Tree = Mapping[str, Any]
#: Reads them from a text.
Read = Callable[[str], Tree]

#: How deep objects are looked into: any depth, then prices and features as a whole, then plans, then sections.
_DEPTHS = (99, 4, 2, 1)
#: One round for what is written in place, one for what comes through aliases, and again for what that uncovers.
_ROUNDS = 12
_FAILURES = (Unfit, YAMLError, CommetctlError, ValueError, LookupError, TypeError, AttributeError, StopIteration)


def revise(text: str, wanted: Tree, read: Read, remarks: Mapping[Path, str]) -> str:
    """The text as `read` finds `wanted` in it; raises Refused where no edit leads there."""
    # Reading takes most of the time, and each round begins with what the one before ended with.
    read = lru_cache(maxsize=2)(read)
    if same(read(text), wanted):
        return text
    try:
        return _revised(text, wanted, read, remarks, _DEPTHS[0])
    except _FAILURES:
        pass
    for section, entries in wanted.items():
        if not isinstance(entries, Mapping):
            continue
        for key in {**read(text).get(section, {}), **entries}:
            text = _one_by_one(text, (section, key), wanted, read, remarks)
    return text


def _one_by_one(text: str, path: Path, wanted: Tree, read: Read, remarks: Mapping[Path, str]) -> str:
    """The text with one entry as wanted, by the finest edits that lead there."""
    section, key = path
    now = read(text)
    entries = {name: value for name, value in now[section].items() if name != key}
    if key in wanted[section]:
        entries[key] = wanted[section][key]
    aim = {**now, section: entries}
    if same(now, aim):
        return text
    for depth in _DEPTHS:
        try:
            return _revised(text, aim, read, remarks, depth)
        except _FAILURES:
            continue
    raise Refused(
        f"`{section}.{key}` is written in a way that cannot be edited without changing what it means",
        "write it out without anchors and merges, a key to a line, and pull again; or pull into a new file",
        code="not_editable",
    )


def _revised(text: str, wanted: Tree, read: Read, remarks: Mapping[Path, str], depth: int) -> str:
    for _ in range(_ROUNDS):
        now = read(text)
        if same(now, wanted):
            return text
        text = _Revision(text, remarks, depth).of(now, wanted)
    raise Unfit


class _Revision:
    """One round of edits."""

    def __init__(self, text: str, remarks: Mapping[Path, str], depth: int) -> None:
        self._layout = Layout(text)
        self._depth = depth
        self._direct = Editor(self._layout, remarks)
        # What comes from elsewhere may be right once that is: it waits for a round in which nothing else differs.
        self._indirect = Editor(self._layout, remarks)

    def of(self, now: Tree, wanted: Tree) -> str:
        """The text after the round; raises Unfit when there is nothing to do."""
        self._inside(self._layout.root, None, now, wanted, ())
        editor = self._direct if self._direct.edits else self._indirect
        if not editor.edits:
            raise Unfit
        return editor.result()

    def _inside(
        self,
        site: Site,
        owner: tuple[Site, Entry] | None,
        now: Mapping[str, Any],
        wanted: Mapping[str, Any],
        path: Path,
    ) -> None:
        own = {entry.name: entry for entry in site.entries if not entry.merge}
        gone = [own[key] for key in now if key not in wanted and key in own]
        left = [entry for entry in site.entries if entry not in gone]
        new = [key for key in wanted if key not in own and not (key in now and same(now[key], wanted[key]))]
        if owner and gone and not left and not new:
            self._direct.replace(*owner, {}, path)
            return
        for key, value in wanted.items():
            if key in own and not (key in now and same(now[key], value)):
                self._change(site, own[key], now.get(key), value, (*path, key))
        if gone:
            self._direct.remove(site, gone)
        merges = len(left) > len(own) - len(gone)
        for key in new:
            editor = self._indirect if merges and key in now else self._direct
            editor.insert(site, self._before(key, wanted, left, own), key, wanted[key], (*path, key))
        for key in now:
            if merges and key not in wanted and key not in own:
                # Nothing takes away what is merged in, but null stands for what is not there.
                self._indirect.insert(site, left[-1], key, None, (*path, key))

    def _change(self, site: Site, entry: Entry, now: Any, wanted: Any, path: Path) -> None:
        value = entry.value
        if value.kind == "map" and isinstance(wanted, Mapping) and len(path) < self._depth:
            inner = now if isinstance(now, Mapping) else {}
            self._inside(value, (site, entry), inner, wanted, path)
        else:
            editor = self._indirect if value.kind == "alias" else self._direct
            editor.replace(site, entry, wanted, path)

    @staticmethod
    def _before(key: str, wanted: Mapping[str, Any], left: list[Entry], own: Mapping[str, Entry]) -> Entry | None:
        """The entry behind which a new one belongs: the last that is wanted before it, else the last there is."""
        names = list(wanted)
        for name in reversed(names[: names.index(key)]):
            if name in own and own[name] in left:
                return own[name]
        return left[-1] if left else None
