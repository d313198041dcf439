"""Two catalogs compared without Commet: what applying the second would change where the first was applied."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from commetctl.catalog import Catalog, load_from
from commetctl.catalog.assembly import holder, kept
from commetctl.catalog.data import at
from commetctl.catalog.loading import read
from commetctl.catalog.revision import GIT, NOTHING, source
from commetctl.catalog.source import BaseSource
from commetctl.core.changeset import Notice
from commetctl.core.resource import Address
from commetctl.core.values import same
from commetctl.kinds.sides import Live, World
from commetctl.planning.reconcile import Options, reconcile
from commetctl.review.effects import effects
from commetctl.review.heading import Heading
from commetctl.review.review import Review


@dataclass(frozen=True)
class Comparison:
    """Two sides, what they are called, and what applying the second would change where the first was applied."""

    before: str
    after: str
    new: Catalog
    review: Review
    #: Whether the sides are files, to whose lines a warning can point.
    of_files: bool = True

    @property
    def differs(self) -> bool:
        """Whether there are changes, or something that could not be compared."""
        changeset = self.review.changeset
        return bool(changeset.changes or changeset.blocked or (changeset.notices and not self.of_files))


def compare_files(
    before: str, after: str, environment: str, api_version: str | None, default: str, *, prune: bool
) -> Comparison:
    """Compare two sources. The second is `default`, and the first its last commit, where they are empty.

    Raises CommetctlError and InvalidCatalog for a source that cannot be read or is wrong.
    """
    if before and not after and not before.startswith(GIT):
        # A file alone is the second side.
        before, after = "", before
    before, after = before or f"{GIT}HEAD", after or default
    paths = [source for source in (after, before) if not source.startswith(GIT) and source != NOTHING]
    beside = paths[0] if paths else default
    new = load_from(after, api_version, environment, beside=beside)
    old = base_of(before, new, api_version, beside=beside)
    return Comparison(old.file, new.file, new, compared(old, new, prune=prune))


def base_of(
    named: str, after: Catalog, api_version: str | None, *, beside: str, moment: datetime | None = None
) -> Catalog:
    """The catalog that another one is compared with: in the same environment, and as of the same `moment`.

    It has the overlay of the environment only where that file exists beside it. The file of the other catalog itself is
    taken without the overlay, and as of now: the comparison shows what the environment and the date change. Raises what
    `load_from` raises.
    """
    same = _is_file(named, after.file)
    base = BaseSource(source(named, beside), bare=same)
    return read(base, api_version, after.environment, moment=None if same and moment else after.moment)


def _is_file(named: str, file: str) -> bool:
    try:
        return not named.startswith(GIT) and named != NOTHING and Path(named).samefile(file)
    except OSError:
        return False


def compared(
    before: Catalog,
    after: Catalog,
    *,
    prune: bool = False,
    known: Mapping[Address, str] | None = None,
    switched: bool = False,
) -> Review:
    """The review of what `after` changes in an account to which `before` was applied; `known` are ids of its objects.

    `switched` says that Commet has switched to plan versions.
    """
    # Placeholders for the ids in requests, none of which is sent.
    ids = {address: f"{{{address}}}" for address in before.desired}
    applied = [section.applied(before.sheet.sections[section.name], before.desired) for section in before.sections]
    live = Live(
        before.desired,
        ids | {address: id_ for each in applied for address, id_ in each.ids.items()} | dict(known or {}),
        memory={address: entries for each in applied for address, entries in each.memory.items()},
        managed=frozenset(section.name for section in after.sections),
    )
    notices = [*_dropped(before, after), *shadowed(before, after)]
    for section in after.sections:
        live, adopted = section.adopt(after.sheet.sections[section.name], after.desired, live)
        notices += adopted
    world = World(after.desired, live, after.contract)
    changeset = reconcile(world, after.sections, notices, Options(prune))
    return Review(
        changeset,
        live.resources,
        live.ids,
        effects(changeset.changes, after.contract, switched=switched),
        heading=Heading(f"{before.title} → {after.title}", version=after.contract.version),
        same="applying it changes nothing" if changeset.unmanaged else "both catalogs declare the same",
        switched=switched,
    )


def shadowed(before: Catalog, after: Catalog) -> Iterator[Notice]:
    """Values that changed in the shared files and not in this environment, because its overlay sets them."""
    overlay = after.assembly.overlay
    for path, value, shared in kept(after.assembly) if overlay else ():
        old = at(before.assembly.shared, path)
        if overlay and old is not None and shared is not None and not same(old, shared):
            file = holder(after.assembly, path)
            yield Notice(
                "shadowed",
                f"`{'.'.join(path)}` was {old} in {file} and is now {shared}, but {overlay.name} keeps {value}",
                "change it there too if this environment should follow",
            )


def _dropped(before: Catalog, after: Catalog) -> Iterator[Notice]:
    for section in before.sections:
        if section not in after.sections:
            yield Notice(
                "section_dropped",
                f"the section `{section.name}:` was removed; what it declared stays in Commet unchanged",
                "to delete those objects, keep the key without entries, and apply with `--prune`",
            )
