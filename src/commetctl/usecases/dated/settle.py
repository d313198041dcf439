"""Settling: changes that are past folded into the files of the catalog, which mean the same before and after."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from commetctl.catalog import Catalog
from commetctl.catalog.dated.change import head_in
from commetctl.catalog.dated.head import HEAD
from commetctl.catalog.dated.lock import WAS
from commetctl.catalog.dated.moments import NEVER, said
from commetctl.catalog.dated.patches import patched
from commetctl.core.errors import CommetctlError, InvalidCatalog, Refused
from commetctl.core.files import replace_all
from commetctl.kinds import by_name
from commetctl.usecases.dated.contents import Contents, contents_of, in_form, patches, raw, rewritten
from commetctl.usecases.pull.files import File
from commetctl.usecases.reporter import Reporter, unconfirmed
from commetctl.yamltext import Block

_HINT = "fold the change by hand, or settle the others by their names"


@dataclass(frozen=True)
class Waiting:
    """A change that stays, as it is not past in every environment, and why."""

    name: str
    why: str


@dataclass(frozen=True)
class Settled:
    """The files of a catalog with changes folded in; `names` are their files, `waiting` the changes that stay."""

    contents: Contents
    names: tuple[str, ...]
    waiting: tuple[Waiting, ...]

    @property
    def files(self) -> list[File]:
        """The files to write."""
        return self.contents.changed

    def patch(self) -> str:
        """What changes in the texts, as a unified diff; a file that goes is one line."""
        gone = (f"delete {name}" for name in self.names)
        return "\n".join([*patches(self.files, [], self.contents.before), *gone])

    def write(self, reporter: Reporter, *, yes: bool) -> Refused | None:
        """Write the files and delete those of the changes; the reason where nobody agrees."""
        reporter.show()
        if not yes:
            named = "this file" if len(self.names) == 1 else f"these {len(self.names)} files"
            question = f"Write {', '.join(file.name for file in self.files) or 'nothing'}, and delete {named}?"
            way_out = "give `--yes` to write without asking"
            if refused := unconfirmed(reporter, question, nothing="nothing was written", way_out=way_out):
                return refused
        # A change that is folded in and still there changes nothing; one that is gone before would be lost.
        replace_all({Path(file.name): (file.before, file.after) for file in self.files})
        for name in self.names:
            try:
                Path(name).unlink(missing_ok=True)
            except OSError as error:
                message = f"{name} is folded into the catalog, and cannot be deleted: {error.strerror}"
                raise CommetctlError(message, "delete it", code="out_unwritable") from None
        return None


def settle(main: Path, names: Sequence[Path] = (), moment: datetime | None = None) -> Settled:
    """The files of a catalog with its past changes folded in, or those of `names`, by the clock of this machine.

    With a `moment`, those that are past then: in a sandbox, the test clock may be ahead.

    Raises CommetctlError for a name that is no change, InvalidCatalog where the catalog is not valid, and Refused where
    it would mean something else afterwards, or a file cannot be edited.
    """
    now = moment or datetime.now(UTC)
    before = contents_of(main)
    wanted = _named(before, names)
    waiting = tuple(each for name in wanted if (each := _waiting(name, before, now)))
    stay = {each.name for each in waiting}
    past = _in_order([name for name in wanted if name not in stay], before)
    meant = _unlocked(before, past).catalogs(now)
    contents = before
    for name in past:
        contents = _folded(contents, name)
    _check(before, meant, contents, now)
    return Settled(contents, tuple(past), waiting)


def _named(contents: Contents, names: Sequence[Path]) -> list[str]:
    """The changes that are named, or all."""
    known = [name for name in contents.files if Path(name).parent == contents.folder]
    for path in names:
        if path not in map(Path, known):
            hint = f"name a file in {contents.folder}"
            raise CommetctlError(f"{path} is not a change of {contents.main}", hint, code="no_file")
    return [name for name in known if not names or Path(name) in names]


def _waiting(name: str, contents: Contents, now: datetime) -> Waiting | None:
    """Why a change stays; None where it is past in every environment."""
    head = head_in(raw(name, contents.files[name]))
    if head is None:
        return Waiting(name, "has a head that is not valid, or depends on a variable")
    for environment in dict.fromkeys((*contents.environments, *head.effective)):
        moment = head.moment(environment)
        where = f" in {environment}" if environment and head.is_by_environment else ""
        if moment == NEVER:
            return Waiting(name, f"is never due{where}")
        if moment is not None and moment > now:
            return Waiting(name, f"is scheduled for {said(moment)}{where}")
    return None


def _in_order(names: Sequence[str], contents: Contents) -> list[str]:
    """The changes in the order in which they are laid, in the first environment that has each."""
    ranks: dict[str, int] = {}
    for environment in contents.environments:
        for rank, change in enumerate(contents.read(environment).changes):
            ranks.setdefault(change.name, rank)
    return sorted(names, key=lambda name: ranks.get(name, 0))


def _unlocked(contents: Contents, names: Sequence[str]) -> Contents:
    """The files without the locks of changes that are folded in already: a run was killed before it deleted them."""
    for name in _folded_in(contents, names):
        data = raw(name, contents.files[name])
        head = {key: value for key, value in data[HEAD].items() if key != WAS}
        contents = contents.with_file(name, rewritten(name, contents.files[name], {**data, HEAD: head}))
    return contents


def _folded_in(contents: Contents, names: Sequence[str]) -> list[str]:
    """The changes that are in the catalog already, each by itself or with those before it."""

    def is_same(other: Contents) -> bool:
        return all(other.files[file] == contents.files[file] for file in contents.shared)

    count, together = 0, contents
    for number, name in enumerate(names, 1):
        together = _folded(together, name)
        count = number if is_same(together) else count
    return [*names[:count], *(name for name in names[count:] if is_same(_folded(contents, name)))]


def _folded(contents: Contents, name: str) -> Contents:
    """The files without a change, and with what it says in the files that have its objects."""
    said = raw(name, contents.files[name])
    data = {file: raw(file, contents.files[file]) for file in contents.shared}
    wanted = {file: {**held} for file, held in data.items()}
    for section in (section for section in by_name() if section in said):
        if isinstance(said[section], dict):
            _fold(wanted, contents, section, said[section])
        else:
            for held in wanted.values():
                held.pop(section, None)
    for file, after in wanted.items():
        if after != data[file]:
            text = contents.files[file]
            contents = contents.with_file(file, in_form(file, text, rewritten(file, text, after)))
    return contents.with_file(name, None)


def _fold(wanted: dict[str, dict[str, Any]], contents: Contents, section: str, patch: Mapping[str, Any]) -> None:
    """Fold what a change says of a section into the file that has each object; a new one comes after the others."""
    having = [file for file in contents.shared if isinstance(wanted[file].get(section), dict)]
    if not having:
        having = [contents.main]
    for file in having:
        held = wanted[file].get(section)
        wanted[file][section] = Block() if held is None else dict(held)
    for key, value in patch.items():
        owner = next((file for file in having if wanted[file][section].get(key) is not None), having[-1])
        entries = wanted[owner][section]
        if value is None:
            entries.pop(key, None)
        else:
            there = entries.get(key)
            made = patched((section, key), there, value)
            entries[key] = made if there is not None or not isinstance(made, dict) else Block(made)


def _check(before: Contents, meant: Mapping[str, Catalog], after: Contents, now: datetime) -> None:
    """Raise Refused unless the catalog means the same in every environment, now and after each later change."""
    try:
        now_meant = after.catalogs(now)
    except InvalidCatalog as error:
        wrong = "; ".join(problem.message for problem in error.problems[:3])
        raise Refused(f"the catalog would not be valid afterwards: {wrong}", _HINT, code="not_settled") from None
    for environment in before.environments:
        for moment, one, other in _states(meant[environment], now_meant[environment]):
            if not _same(one, other):
                where = f" in {environment}" if environment else ""
                message = f"the catalog would mean something else{where}, {_when(moment, now)}"
                raise Refused(message, _HINT, code="not_settled")


def _states(one: Catalog, other: Catalog) -> Iterator[tuple[datetime, Catalog, Catalog]]:
    """Both catalogs at their moment, and at each later one."""
    yield one.moment, one, other
    for moment in sorted({change.moment for change in (*one.coming, *other.coming)}):
        yield moment, one.as_of(moment), other.as_of(moment)


def _same(one: Catalog, other: Catalog) -> bool:
    return (
        one.desired == other.desired
        and one.sheet.sections.keys() == other.sheet.sections.keys()
        and (one.contract, one.mode, one.policy) == (other.contract, other.mode, other.policy)
    )


def _when(moment: datetime, now: datetime) -> str:
    return "now" if moment <= now else f"from {said(moment)} on"
