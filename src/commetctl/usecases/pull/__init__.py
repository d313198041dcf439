"""Pulling: the account written into the catalog, with everything else in its files unchanged."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commetctl.catalog import Catalog
from commetctl.catalog.formatting import writer
from commetctl.catalog.loading import parse, read
from commetctl.catalog.source import TextSource
from commetctl.core.change import Change, Create, Delete, Update
from commetctl.core.changeset import Notice
from commetctl.core.contract import CONTRACTS, DEFAULT_VERSION
from commetctl.core.errors import InvalidCatalog, Refused
from commetctl.core.money import Derived, Money, Scale
from commetctl.core.resource import Address, ResourceSet
from commetctl.core.text import change_text, value_text
from commetctl.core.values import same
from commetctl.kinds import SECTIONS, locate
from commetctl.kinds.section import Collapsed
from commetctl.kinds.sides import Live
from commetctl.planning.diff import diff
from commetctl.usecases.pull.files import File, now, remarks_of, revised, tree
from commetctl.usecases.pull.selection import Selection, readable
from commetctl.yamltext.writing import document

_EMPTY = "version: 1\n"
#: How many files are tried for each place in the order of writing.
_TRIED = 8
_HEAD = (
    "The prices of this Commet account, as `commetctl pull` found them. Edit them here, check with `commetctl "
    "plan`,\nand apply with `commetctl apply`. For everything else that can be declared: `commetctl "
    "explain`.\n\nFor each object that is declared here, this file is the whole truth."
)


@dataclass(frozen=True)
class Pulled:
    """The files of a catalog before and after a pull, the main one first, and the changes of what they declare.

    `changed` are the files to write, in an order in which the catalog is valid after each of them, if there is one: the
    next pull finishes a pull that was killed in between.
    """

    files: tuple[File, ...]
    changed: tuple[File, ...]
    changes: tuple[Change, ...]
    notices: tuple[Notice, ...]

    @property
    def main(self) -> File:
        """The file named on the command line."""
        return self.files[0]

    def patch(self) -> str:
        """What changes in the texts, as a unified diff."""
        return "\n".join(file.patch() for file in self.files if file.changed)


def nothing(name: str, api_version: str | None, scale: Scale | None = None, balances: Scale | None = None) -> Catalog:
    """The catalog of a new file: all sections, with nothing declared.

    `scale` is the scale of prices and `balances` the scale of included balances, if the account proves them.
    """
    contract = CONTRACTS[api_version or DEFAULT_VERSION]
    text = _EMPTY + "".join(f"{section.name}: {{}}\n" for section in SECTIONS if section.listings(contract))
    text += f"price_scale: {scale.value}\n" if scale else ""
    text += f"balance_scale: {balances.value}\n" if balances else ""
    return parse(name, text.encode(), api_version)


def pull(
    catalog: Catalog, live: Live, *, proven: bool | None, targets: Sequence[Address] = (), new: bool = False
) -> Pulled:
    """The files of a catalog as the account has it, or one `new` file for an account whose mode is `proven`.

    Raises Refused if a catalog cannot express the account, or if a file cannot be edited; CommetctlError for an unknown
    target.
    """
    kinds = {kind for section in catalog.sections for kind in section.kinds}
    found = readable(live, catalog.desired)
    mine = ResourceSet(resource for resource in found.values() if resource.address.kind in kinds)
    wanted = Selection(catalog.desired, mine, found, targets).resources() if targets else mine
    made = {s.name: s.collapse(wanted, catalog.sheet.sections[s.name]) for s in catalog.sections}
    files = _files(catalog, made, proven, new=new)
    written = _checked(catalog, files, made, targeted=bool(targets))
    # Derived amounts are in no file; the exchange rates that they are derived from are.
    changes = tuple(change for change in diff(wanted, catalog.desired, prune=True).changes if not _is_derived(change))
    notices = [notice for notice in live.notices if notice.address is None or notice.address.kind in kinds]
    notices += [notice for collapsed in made.values() for notice in collapsed.notices]
    settled = (locate((name, *path)) for name, collapsed in made.items() for path in collapsed.unsettled)
    notices += _left(written, wanted, {*(n.address for n in notices), *(found[0] for found in settled if found)})
    return Pulled(files, tuple(_ordered(catalog, files)), changes, tuple(notices))


def _files(catalog: Catalog, made: Mapping[str, Collapsed], proven: bool | None, *, new: bool) -> tuple[File, ...]:
    """The files before and after; raises Refused where they cannot be edited, with the true reason."""
    if new:
        return (File(catalog.file, None, _new(catalog, made, proven)),)
    try:
        return tuple(revised(catalog, made))
    except Refused:
        # What no file can say is not the fault of this one.
        _checked(catalog, _files(catalog, made, proven, new=True), made, targeted=False)
        raise


def declaring(catalog: Catalog, live: Live, *, proven: bool | None) -> tuple[Catalog, tuple[Notice, ...]]:
    """The catalog that a pull into a new file makes, and its notices; raises what `pull` raises."""
    pulled = pull(catalog, live, proven=proven, new=True)
    return parse(catalog.file, pulled.main.after, catalog.contract.version), pulled.notices


def _ordered(catalog: Catalog, files: Sequence[File]) -> Iterator[File]:
    """The files that change: an object is added before those that refer to it, and removed after them."""
    left = [file for file in files if file.changed]
    there = {file.name: file.before or b"" for file in files}
    while left:
        # The last one needs no check, and of very many files not every order is tried.
        candidates = left[:_TRIED] if len(left) > 1 else []
        chosen = next((file for file in candidates if _is_catalog(catalog, {**there, file.name: file.after})), left[0])
        left.remove(chosen)
        there[chosen.name] = chosen.after
        yield chosen


def _is_catalog(catalog: Catalog, contents: Mapping[str, bytes]) -> bool:
    try:
        read(TextSource(catalog.file, contents), catalog.contract.version, catalog.environment)
    except InvalidCatalog:
        return False
    return True


def _is_derived(change: Change) -> bool:
    sides = [change.before] if isinstance(change, Update | Delete) else []
    sides += [change.after] if isinstance(change, Create | Update) else []
    values = [value for side in sides for value in side.fields.values()]
    return any(isinstance(value, Derived) for value in values) and not any(isinstance(value, Money) for value in values)


def _new(catalog: Catalog, made: Mapping[str, Collapsed], proven: bool | None) -> bytes:
    settings: dict[str, Any] = {"version": 1}
    if catalog.contract.version != DEFAULT_VERSION:
        settings["api_version"] = catalog.contract.version
    if proven is not None:
        settings["mode"] = "live" if proven else "sandbox"
    if not catalog.contract.price_scale_settled and catalog.contract.price_scale is not Scale.RATE:
        settings["price_scale"] = catalog.contract.price_scale.value
    if catalog.contract.balance_scale_stated:
        settings["balance_scale"] = catalog.contract.balance_scale.value
    remarks = remarks_of(made) | {(section.name,): section.remark for section in SECTIONS if section.remark}
    return document(_HEAD, settings, tree(made), writer(remarks)).encode()


def _left(written: Catalog, wanted: ResourceSet, told: Collection[Address | None]) -> Iterator[Notice]:
    """What the files cannot say as the account has it, so that the next plan shows it as a change."""
    for change in diff(written.desired, wanted).changes:
        if change.address in told:
            continue
        yield Notice("not_written", _left_said(change), "check `commetctl plan` before you apply", change.address)


def _left_said(change: Change) -> str:
    match change:
        case Create(after):
            values = ", ".join(f"{name} {value_text(value)}" for name, value in after.fields.items() if value)
            return f"is not in Commet, but follows from the file: the next apply would create it ({values})"
        case Update(fields=fields):
            values = ", ".join(f"`{item.path}` {change_text(item.before, item.after)}" for item in fields)
            return f"cannot be written as it is in Commet: the next apply would change {values}"
        case Delete():
            return "cannot be written, so it is not in the file: the next apply would delete it"


def _checked(catalog: Catalog, files: Sequence[File], made: Mapping[str, Collapsed], *, targeted: bool) -> Catalog:
    """The catalog in the files; raises Refused unless it is valid and declares what was found."""
    source = TextSource(catalog.file, {file.name: file.after for file in files})
    try:
        is_changed = any(file.changed for file in files)
        again = read(source, catalog.contract.version, catalog.environment) if is_changed else catalog
    except InvalidCatalog as error:
        said = "; ".join(f"{p.address}: {p.message}" if p.address else p.message for p in error.problems[:5])
        more = f"; and {len(error.problems) - 5} more" if len(error.problems) > 5 else ""
        message, hint = (
            "Commet has something that a catalog cannot declare",
            "correct it in the dashboard, or pull with `--target`",
        )
        if targeted:
            message = "the file would not be valid with these targets alone"
            hint = "name the objects that belong together with more `--target`, or pull without it"
        raise Refused(f"{message}: {said}{more}", hint, code="not_sayable") from None
    if not same(now(again), tree(made)):
        # Never write something that means something else.
        raise Refused(
            "the file to be written would not declare what Commet has", "please report this", code="not_sayable"
        )
    return again
