"""The files of a catalog as a pull leaves them: each is edited only where it differs from the account.

An object stays in its file, and a new one goes into the file of the object before it. With an environment, every
difference goes into its overlay: a value that all environments share does not change because one of them differs.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import unified_diff
from functools import lru_cache, partial
from pathlib import PurePath
from typing import Any

from pydantic import ValidationError

from commetctl.catalog.assembly import Part
from commetctl.catalog.catalog import Catalog
from commetctl.catalog.data import at
from commetctl.catalog.document import parse
from commetctl.catalog.formatting import formatted, is_formatted, writer
from commetctl.catalog.variables import names
from commetctl.core.errors import CommetctlError, InvalidCatalog, Refused
from commetctl.core.resource import ResourceSet
from commetctl.core.values import KeyPath, same
from commetctl.kinds.scalars import without_nulls
from commetctl.kinds.section import Collapsed, Section, Sheet
from commetctl.yamltext import Block, Shorthand, Unfit
from commetctl.yamltext.revising import Tree, revise

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class File:
    """One file of a catalog before and after a pull, as bytes; `before` is None for a new one."""

    name: str
    before: bytes | None
    after: bytes

    @property
    def changed(self) -> bool:
        """Whether there is anything to write."""
        return self.before != self.after

    def lost_variables(self) -> set[str]:
        """The variables that the file used before and no longer uses."""
        before, after = (names((content or b"").decode("utf-8-sig")) for content in (self.before, self.after))
        return before - after

    def patch(self) -> str:
        """The changes of the text, as a unified diff."""
        name = PurePath(self.name).as_posix()
        old, new = ((content or b"").decode("utf-8-sig").splitlines() for content in (self.before, self.after))
        named = ("/dev/null" if self.before is None else f"a/{name}", f"b/{name}")
        return "\n".join(unified_diff(old, new, *named, lineterm=""))


def revised(catalog: Catalog, made: Mapping[str, Collapsed]) -> Iterator[File]:
    """Every file of a catalog, with the entries in `made`; raises Refused if one cannot be edited."""
    overlay = catalog.assembly.overlay
    remarks = remarks_of(made)
    if overlay:
        wanted = _patched(overlay.document.data, catalog.assembly.shared, now(catalog), _blocks(tree(made)))
        yield from (File(part.name, part.content, part.content) for part in catalog.assembly.parts if part != overlay)
        yield _file(overlay, wanted, lru_cache(maxsize=2)(partial(_data, overlay)), remarks)
        return
    shares = _shares(catalog, made)
    for part, share in zip(catalog.assembly.parts, shares, strict=True):
        read = _reader(catalog, part, [s for s in catalog.sections if s.name in share])
        # The rest of the file must not change either: it may use an anchor of an entry.
        yield _file(part, {**read(_text(part.content)), **share}, read, remarks)


def tree(made: Mapping[str, Collapsed]) -> dict[str, Any]:
    """The entries of each section."""
    return {name: collapsed.entries for name, collapsed in made.items()}


def now(catalog: Catalog) -> dict[str, Any]:
    """The entries of each section of a catalog."""
    return tree({s.name: s.collapse(catalog.desired, catalog.sheet.sections[s.name]) for s in catalog.sections})


def remarks_of(made: Mapping[str, Collapsed]) -> dict[KeyPath, str]:
    """The comments to write, by path of the file."""
    return {(name, *path): text for name, collapsed in made.items() for path, text in collapsed.remarks.items()}


def _file(part: Part, wanted: Tree, read: Callable[[str], Tree], remarks: Mapping[KeyPath, str]) -> File:
    mark = _BOM if part.content.startswith(_BOM) else b""
    try:
        after = mark + revise(_text(part.content), wanted, read, writer(remarks)).encode()
    except Unfit as error:
        raise Refused(
            f"`{'.'.join(error.path)}` is written in a way that cannot be edited without changing what it means",
            "write it out without anchors and merges, a key to a line, and pull again; or pull into a new file",
            code="not_editable",
        ) from None
    if after != part.content and is_formatted(part.name, part.content):
        # A file that was formatted before is probably checked for that.
        with suppress(CommetctlError):
            after = formatted(part.name, after)
    return File(part.name, part.content, after)


def _text(content: bytes) -> str:
    return content.removeprefix(_BOM).decode()


def _data(part: Part, text: str) -> dict[str, Any]:
    """The data of a half-edited text; raises Unfit for a text that is not a mapping."""
    if text == _text(part.content):
        return dict(part.document.data)
    try:
        data = parse(part.name, text.encode()).data
    except InvalidCatalog:
        raise Unfit from None
    if not isinstance(data, dict):
        raise Unfit
    return data


def _shares(catalog: Catalog, made: Mapping[str, Collapsed]) -> list[dict[str, dict[str, Any]]]:
    """The entries of each file: those it already has, and new ones after the one before them."""
    parts = catalog.assembly.parts
    shares: list[dict[str, dict[str, Any]]] = [
        {name: {} for name in made if part.document.data.get(name) is not None} for part in parts
    ]
    for name, collapsed in made.items():
        having = [index for index, share in enumerate(shares) if name in share]
        owner = {
            key: index
            for index in having
            for key, entry in parts[index].document.data[name].items()
            if entry is not None
        }
        last = having[0]
        for key, entry in collapsed.entries.items():
            last = owner.get(key, last)
            shares[last][name][key] = entry
    return shares


def _reader(catalog: Catalog, part: Part, sections: list[Section]) -> Callable[[str], Tree]:
    """Reads the entries of a half-edited text, which need not obey all rules, and the rest of it."""
    names = {section.name for section in sections}

    # Reading takes most of the time, and each round of edits begins with what the one before ended with.
    @lru_cache(maxsize=2)
    def read(text: str) -> Tree:
        data = _data(part, text)
        rest = {key: value for key, value in data.items() if key not in names}
        specs = {section.name: _specs(section, data.get(section.name)) for section in sections}
        sheet = Sheet(catalog.contract, specs, {}, lambda _: None)
        resources = ResourceSet(resource for section in sections for resource in section.expand(sheet))
        found = {s.name: s.collapse(resources, specs[s.name]) for s in sections}
        for collapsed in found.values():
            # Read what the text says, not what it should say: otherwise its mistakes would not show.
            for path, value in collapsed.unsettled.items():
                at(collapsed.entries, path[:-1])[path[-1]] = value
        return rest | tree(found)

    return read


def _specs(section: Section, data: Any) -> dict[str, Any]:
    """The entries of a section in a half-edited text; raises Unfit for entries that their model does not allow."""
    if not isinstance(data, dict):
        raise Unfit
    try:
        return {key: section.spec.model_validate(value) for key, value in without_nulls(data).items()}
    except ValidationError:
        raise Unfit from None


def _blocks(entries: Mapping[str, Any]) -> Block:
    """The same entries, written with a line for each section and for each entry."""
    return Block((name, Block(held)) for name, held in entries.items())


def _patched(over: Any, shared: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """An overlay that makes `after` of what is `shared`, where it made `before` of it so far."""
    result, below = dict(_mapping(over)), _mapping(shared)
    for key, value in after.items():
        held = before.get(key)
        if key in before and same(held, value):
            continue
        if _is_merged(held) and _is_merged(value):
            result[key] = _patched(result.get(key), below.get(key), held or {}, value)
        else:
            result[key] = _over(below.get(key), value)
    for key in (key for key in before if key not in after):
        result[key] = None
        if below.get(key) is None:
            del result[key]
    return Block(result) if isinstance(after, Block) else result


def _over(shared: Any, value: Any) -> Any:
    """A value that stands for itself, whatever is shared: keys that it lacks are removed."""
    if isinstance(value, Shorthand):
        return value.short
    if not isinstance(value, Mapping):
        return value
    below = _mapping(shared)
    gone = {key: None for key, held in below.items() if held is not None and key not in value}
    merged = {**{key: _over(below.get(key), item) for key, item in value.items()}, **gone}
    return Block(merged) if isinstance(value, Block) else merged


def _mapping(value: Any) -> Mapping[str, Any]:
    """A value that is a mapping; an empty one in place of anything else."""
    return value if isinstance(value, Mapping) else {}


def _is_merged(value: Any) -> bool:
    """Whether an overlay merges a value key by key."""
    return isinstance(value, Mapping) and not isinstance(value, Shorthand)
