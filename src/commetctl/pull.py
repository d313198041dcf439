"""Pulling: what Commet has, written into the catalog, and nothing else of it changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches, unified_diff
from pathlib import PurePath
from typing import Any

from commetctl.catalog.catalog import Catalog, parse
from commetctl.catalog.document import parse as parse_yaml
from commetctl.catalog.revising import Tree, revise, same
from commetctl.catalog.writing import Writer, document
from commetctl.core.address import Address
from commetctl.core.change import Change, Create, Delete, Update
from commetctl.core.changeset import Notice
from commetctl.core.contract import DEFAULT_VERSION
from commetctl.core.money import Derived, Money, Scale
from commetctl.core.resource import UNKNOWN, Resource, ResourceSet
from commetctl.diff import diff
from commetctl.errors import CommetctlError, InvalidCatalog, Refused
from commetctl.sections import SECTIONS
from commetctl.sections.section import Collapsed, Live, Path, Sheet
from commetctl.sections.values import without_nulls

_BOM = b"\xef\xbb\xbf"
_EMPTY = "version: 1\n"
_HEAD = """\
The prices of this Commet organization, as `commetctl pull` found them. Change them here, look with `commetctl plan`,
and make it so with `commetctl apply`. What else there is to write: docs/catalog.md and commet.yaml.example.

Inside an object that this file declares, the file is the whole truth."""
_PACKS = "The API lists active packs only: one that is not active is in Commet all the same."


@dataclass(frozen=True)
class Pulled:
    """A catalog before and after a pull, as bytes; `before` is None for a new file."""

    file: str
    before: bytes | None
    after: bytes
    changes: tuple[Change, ...]
    notices: tuple[Notice, ...]

    @property
    def changed(self) -> bool:
        """Whether there is something to write."""
        return self.before != self.after

    def patch(self) -> str:
        """What changes in the text, as a unified diff."""
        name = PurePath(self.file).as_posix()
        old, new = ((content or b"").decode("utf-8-sig").splitlines() for content in (self.before, self.after))
        named = ("/dev/null" if self.before is None else f"a/{name}", f"b/{name}")
        return "\n".join(unified_diff(old, new, *named, lineterm=""))


def nothing(name: str, api_version: str | None, scale: Scale | None = None) -> Catalog:
    """The catalog of a new file, before anything is in it: all sections, nothing declared."""
    text = _EMPTY + "".join(f"{section.name}: {{}}\n" for section in SECTIONS)
    text += f"price_scale: {scale.value}\n" if scale else ""
    return parse(name, text.encode(), api_version)


def pull(
    catalog: Catalog, content: bytes | None, live: Live, *, proven: bool | None, targets: Sequence[Address] = ()
) -> Pulled:
    """The catalog of `content` as the account has it; without content, a new file for an organization whose mode is
    `proven`.

    Raises Refused where Commet has what a catalog cannot say, or where the file cannot be edited; CommetctlError for
    a target that names nothing.
    """
    kinds = {kind for section in catalog.sections for kind in section.kinds}
    found = ResourceSet(_known(r, catalog.desired.get(r.address)) for r in live.resources.values())
    mine = ResourceSet(resource for resource in found.values() if resource.address.kind in kinds)
    wanted = _Selection(catalog.desired, mine, found, targets).resources() if targets else mine
    made = {s.name: s.collapse(wanted, catalog.sheet.sections[s.name]) for s in catalog.sections}
    after = _new(catalog, made, proven) if content is None else _revised(catalog, content, made)
    _check(catalog, after, made)
    # What Commet derives is in no file: the rate that it is derived from is.
    changes = tuple(change for change in diff(wanted, catalog.desired, prune=True).changes if not _is_derived(change))
    notices = tuple(notice for collapsed in made.values() for notice in collapsed.notices)
    return Pulled(catalog.file, content, after, changes, notices)


def _is_derived(change: Change) -> bool:
    sides = [change.before] if isinstance(change, Update | Delete) else []
    sides += [change.after] if isinstance(change, Create | Update) else []
    values = [value for side in sides for value in side.fields.values()]
    return any(isinstance(value, Derived) for value in values) and not any(isinstance(value, Money) for value in values)


def _known(live: Resource, file: Resource | None) -> Resource:
    """A live resource, with the file's word for what Commet does not reveal."""
    if file is None or UNKNOWN not in live.fields.values():
        return live
    fields = {name: file.fields[name] if value is UNKNOWN else value for name, value in live.fields.items()}
    return replace(live, fields=fields)


def _remarks(made: Mapping[str, Collapsed]) -> dict[Path, str]:
    return {(name, *path): text for name, collapsed in made.items() for path, text in collapsed.remarks.items()}


def _tree(made: Mapping[str, Collapsed]) -> dict[str, Any]:
    return {name: collapsed.entries for name, collapsed in made.items()}


def _new(catalog: Catalog, made: Mapping[str, Collapsed], proven: bool | None) -> bytes:
    settings: dict[str, Any] = {"version": 1}
    if catalog.contract.version != DEFAULT_VERSION:
        settings["api_version"] = catalog.contract.version
    if proven is not None:
        settings["mode"] = "live" if proven else "sandbox"
    if not catalog.contract.price_scale_settled and catalog.contract.price_scale is not Scale.RATE:
        settings["price_scale"] = catalog.contract.price_scale.value
    writer = Writer(remarks=_remarks(made) | {("credit_packs",): _PACKS})
    return document(_HEAD, settings, _tree(made), writer).encode()


def _revised(catalog: Catalog, content: bytes, made: Mapping[str, Collapsed]) -> bytes:
    mark = _BOM if content.startswith(_BOM) else b""
    text = content[len(mark) :].decode()
    read = _reader(catalog)
    # The rest has to stay as well: an anchor may be used there.
    wanted = {**read(text), **_tree(made)}
    return mark + revise(text, wanted, read, _remarks(made)).encode()


def _reader(catalog: Catalog) -> Callable[[str], Tree]:
    """Reads the entries of a text, and the rest of it, without the rules that a text half way may not keep."""
    names = {section.name for section in catalog.sections}

    def read(text: str) -> Tree:
        data = parse_yaml(catalog.file, text.encode()).data
        rest = {key: value for key, value in data.items() if key not in names}
        specs = {
            section.name: {
                key: section.spec.model_validate(value) for key, value in without_nulls(data[section.name]).items()
            }
            for section in catalog.sections
        }
        sheet = Sheet(catalog.contract, specs, {}, lambda _: None)
        resources = ResourceSet(resource for section in catalog.sections for resource in section.expand(sheet))
        return rest | _tree({s.name: s.collapse(resources, specs[s.name]) for s in catalog.sections})

    return read


def _check(catalog: Catalog, after: bytes, made: Mapping[str, Collapsed]) -> None:
    """Raise Refused unless a text is a valid catalog and declares what was found."""
    try:
        again = parse(catalog.file, after, catalog.contract.version)
    except InvalidCatalog as error:
        said = "; ".join(f"{p.address}: {p.message}" if p.address else p.message for p in error.problems[:5])
        more = f"; and {len(error.problems) - 5} more" if len(error.problems) > 5 else ""
        raise Refused(
            f"Commet has what a catalog may not say: {said}{more}",
            "put it right in the dashboard, or pull something else with `--target`",
            code="not_sayable",
        ) from None
    tree = {s.name: s.collapse(again.desired, again.sheet.sections[s.name]).entries for s in again.sections}
    if not same(tree, _tree(made)):
        # Never write something that means something else.
        raise Refused("what would be written does not say what Commet has", "please report this", code="not_sayable")


@dataclass(frozen=True)
class _Selection:
    """Only what targets name is taken from Commet, with what belongs to it and what it needs."""

    desired: ResourceSet
    mine: ResourceSet
    found: ResourceSet
    targets: Sequence[Address]

    def resources(self) -> ResourceSet:
        """The file's resources, with those of the targets as Commet has them."""
        self._check()
        chosen = {address: self.mine[address] for address in self.mine if self._is_targeted(address)}
        kept = {address: self.desired[address] for address in self.desired if not self._is_targeted(address)}
        result = {address: chosen.get(address) or kept[address] for address in self._order(chosen, kept)}
        for address in list(chosen):
            self._add_needed(address, result)
        return ResourceSet(result.values())

    def _order(self, chosen: Mapping[Address, Resource], kept: Mapping[Address, Resource]) -> Iterator[Address]:
        yield from (address for address in self.desired if address in chosen or address in kept)
        yield from (address for address in chosen if address not in self.desired)

    def _add_needed(self, address: Address, result: dict[Address, Resource]) -> None:
        for needed in self.mine[address].refs:
            if needed in result or needed not in self.mine:
                continue
            if needed == self.mine[address].parent:
                hint = f"give `--target {needed}`"
                raise CommetctlError(f"`{address}` belongs to `{needed}`, which the file lacks", hint, code="no_parent")
            result[needed] = self.mine[needed]
            self._add_needed(needed, result)

    def _is_targeted(self, address: Address) -> bool:
        if address in self.targets:
            return True
        resource = self.mine.get(address) or self.desired.get(address)
        return bool(resource and resource.parent and self._is_targeted(resource.parent))

    def _check(self) -> None:
        for target in self.targets:
            if target not in self.desired and target not in self.mine:
                near = get_close_matches(str(target), [str(known) for known in (*self.desired, *self.found)], 1)
                hint = f"did you mean `{near[0]}`?" if near else "use an address as `commetctl plan` prints it"
                raise CommetctlError(f"`{target}` is neither in the file nor in Commet", hint, code="unknown_target")
