"""Scheduling: the file of a change, with its lock, and what else has to be written with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from commetctl.catalog.assembly import Files
from commetctl.catalog.dated.change import Dated, head_in
from commetctl.catalog.dated.conflicts import overruling
from commetctl.catalog.dated.head import ANY, HEAD, HeadSpec
from commetctl.catalog.dated.lock import WAS, broken_lock
from commetctl.catalog.dated.locking import lock_of
from commetctl.catalog.dated.moments import NEVER, NOW, said
from commetctl.catalog.dated.patches import patched
from commetctl.catalog.paths import overlay_name
from commetctl.catalog.source import no_environment
from commetctl.catalog.validate import validate
from commetctl.core.errors import CommetctlError, Refused
from commetctl.core.files import replace_all
from commetctl.core.values import same
from commetctl.kinds import by_name
from commetctl.usecases.dated.another import as_another
from commetctl.usecases.dated.contents import Contents, contents_of, in_form, new_text, patches, raw, rewritten
from commetctl.usecases.dated.edits import Misworded, check_known
from commetctl.usecases.pull.files import File
from commetctl.usecases.reporter import Reporter, unconfirmed
from commetctl.yamltext import Block


@dataclass(frozen=True)
class Scheduled:
    """A change that is to be written: its file, its head, and the files of the catalog as they would be.

    `renewed` are other changes, of which only the lock is written anew.
    """

    name: str
    head: HeadSpec
    contents: Contents
    renewed: tuple[str, ...] = ()

    @property
    def files(self) -> list[File]:
        """The files to write."""
        return self.contents.changed

    @property
    def is_asked(self) -> bool:
        """Whether a file is rewritten that was not named."""
        return any(file.before is not None and file.name != self.name for file in self.files)

    def patch(self) -> str:
        """What changes in the texts, as a unified diff."""
        return "\n".join(patches(self.files, [], self.contents.before))

    def dates(self) -> dict[str, str]:
        """When it is due, by environment; the empty one stands for all."""
        return {name: said(moment) for name, moment in self.head.effective.items()}

    def write(self, reporter: Reporter, *, yes: bool) -> Refused | None:
        """Write the files; the reason where nothing is written, as nobody agrees to what else is rewritten."""
        reporter.show()
        if self.is_asked and not yes:
            count = "these files" if len(self.files) > 1 else "this file"
            way_out = "give `--yes` to write without asking"
            if refused := unconfirmed(reporter, f"Write {count}?", nothing="nothing was written", way_out=way_out):
                return refused
        self.contents.folder.mkdir(exist_ok=True)
        # The change is written before the files that it takes its edits from.
        ordered = sorted(self.files, key=lambda file: file.name != self.name)
        replace_all({Path(file.name): (file.before, file.after) for file in ordered})
        return None


@dataclass(frozen=True)
class Head:
    """The head of a new change: as it is written, and as it is read."""

    data: Mapping[str, Any]
    spec: HeadSpec


def head_of(effective: str | Mapping[str, str], **more: Any) -> Head:
    """The head of a new change, with what of `more` there is.

    Raises Misworded where a value is none, and CommetctlError for a date that is past.
    """
    data = {"effective": effective, **{key: value for key, value in more.items() if value is not None}}
    shaped = validate(data, HeadSpec, (HEAD,))
    if shaped.findings or not isinstance(shaped.spec, HeadSpec):
        wrong = "; ".join(f"`{finding.path[1]}` {finding.message}: {finding.hint}" for finding in shaped.findings)
        raise Misworded(wrong)
    now = datetime.now(UTC)
    if past := [moment for moment in shaped.spec.effective.values() if NOW < moment <= now]:
        raise CommetctlError(f"{said(past[0])} is past", "write `now`, or a date to come", code="past_date")
    if not shaped.spec.is_for_some:
        raise Misworded("the change would never be due: give a date")
    return Head(data, shaped.spec)


def schedule(
    main: Path,
    name: str,
    head: Head,
    content: Mapping[str, Any],
    *,
    restored: Mapping[str, bytes] | None = None,
    code: str = "",
) -> Scheduled:
    """A new change in a file; `restored` are files of the catalog that go back to another content.

    With `code`, the edits of a plan become another plan. Raises CommetctlError where the file is there already, and
    InvalidCatalog where the catalog would not be valid, now or after any change.
    """
    contents = contents_of(main)
    file = str(contents.folder / f"{name}.yaml")
    if file in contents.files or Path(file).exists():
        hint = f"give it another name; to write its `{WAS}` anew: `commetctl schedule {file}`"
        raise CommetctlError(f"{file} exists, so it is left unchanged", hint, code="out_taken")
    if unknown := [name for name in head.spec.effective if name not in (ANY, *contents.environments)]:
        overlay = overlay_name(main.name, unknown[0])
        raise no_environment(unknown[0], overlay, [name for name in contents.environments if name])
    for other, text in (restored or {}).items():
        contents = contents.with_file(other, text)
    environment, moment = _first(head.spec, contents)
    files = contents.read(environment)
    check_known(content, files.at(moment).shared)
    if code:
        content = as_another(content, code, files, moment)
    broken = _broken(contents)
    contents = contents.with_file(file, new_text(file, head.data, content))
    contents = _locked(contents, file, head.spec)
    _check_order(contents, file)
    contents, renewed = _renewed(contents, broken | {file})
    contents.catalogs()
    _check_effect(contents, file)
    return Scheduled(file, head.spec, contents, renewed)


def _in_each(contents: Contents, file: str) -> Iterator[tuple[Files, Dated]]:
    """A change in each environment in which it is ever due, with the files there."""
    for environment in contents.environments:
        files = contents.read(environment)
        yield from ((files, change) for change in files.changes if change.name == file)


def _check_order(contents: Contents, file: str) -> None:
    """Raise CommetctlError for a change that holds now where one with a past date would overrule it."""
    for files, change in _in_each(contents, file):
        for path, other in overruling(change, files.at(datetime.now(UTC)).due):
            raise CommetctlError(
                f"{other.name}, which is due since {said(other.moment)}, comes after `now` and sets "
                f"`{'.'.join(path)}` too, so this would change nothing",
                "fold it into the catalog first, `commetctl settle`; or give a time to come",
                code="not_schedulable",
            )


def _check_effect(contents: Contents, file: str) -> None:
    """Raise CommetctlError for a change of which every value is in the catalog already."""
    befores = [(files.before(each).data, each) for files, each in _in_each(contents, file)]
    if befores and all(same(patched((), before, each.content), before) for before, each in befores):
        hint = "give a value that differs from the one that the catalog has on that date"
        raise CommetctlError("the change would change nothing", hint, code="not_schedulable")


def relocked(main: Path, file: str, code: str = "") -> Scheduled:
    """A change that is there, with `was` as the catalog has it; with `code`, its edits of a plan become another plan.

    Raises CommetctlError where there is no such change, and what `schedule` raises.
    """
    contents = contents_of(main)
    found = next((name for name in contents.files if Path(name) == Path(file)), None)
    if found is None or Path(found).parent != contents.folder:
        hint = f"name a file in {contents.folder}, or a new change with `--on DATE`"
        raise CommetctlError(f"{file} is not a change of {main}", hint, code="no_file")
    spec = head_in(raw(found, contents.files[found]))
    if spec:
        contents = _locked(_converted(contents, found, spec, code) if code else contents, found, spec)
    # It is said here what is wrong with the change, whatever it is.
    contents.catalogs()
    if spec is None:
        raise CommetctlError(f"{file} has no head that can be read", "", code="not_schedulable")
    return Scheduled(found, spec, contents)


def _converted(contents: Contents, file: str, head: HeadSpec, code: str) -> Contents:
    """The files with another plan in place of the edits of one, which needs no word about existing customers."""
    content, data = contents.files[file], raw(file, contents.files[file])
    environment, moment = _first(head, contents)
    edits = {key: value for key, value in data.items() if key in by_name()}
    made = as_another(edits, code, contents.with_file(file, None).read(environment), moment)
    rest = {key: value for key, value in data.items() if key not in by_name()}
    rest[HEAD] = {key: value for key, value in data[HEAD].items() if key not in ("existing", WAS)}
    blocks = {
        section: Block((key, Block(entry)) for key, entry in entries.items()) for section, entries in made.items()
    }
    return contents.with_file(file, in_form(file, content, rewritten(file, content, {**rest, **blocks})))


def _first(head: HeadSpec, contents: Contents) -> tuple[str, datetime]:
    """An environment in which a change is due, and when."""
    for environment in contents.environments:
        moment = head.moment(environment)
        if moment is not None and moment != NEVER:
            return environment, moment
    return contents.environments[0], NOW


def _locked(contents: Contents, file: str, head: HeadSpec) -> Contents:
    """The files with a new lock in one change; as they are where the change is not due in any environment."""
    environment, _ = _first(head, contents)
    files = contents.read(environment)
    change = next((each for each in files.changes if each.name == file), None)
    return contents.with_file(file, _with_lock(contents.files[file], change, files)) if change else contents


def _with_lock(content: bytes, change: Dated, files: Files) -> bytes:
    data = raw(change.name, content)
    wanted = {**data, HEAD: {**data[HEAD], WAS: Block(lock_of(change, files.before(change)))}}
    return in_form(change.name, content, rewritten(change.name, content, wanted))


def _broken(contents: Contents) -> set[str]:
    """The changes of which the lock does not fit."""
    read = (contents.read(environment) for environment in contents.environments)
    return {each.name for files in read for each in files.changes if any(broken_lock(each, files.before(each)))}


def _renewed(contents: Contents, left: set[str]) -> tuple[Contents, tuple[str, ...]]:
    """The files with new locks in the changes that come after the new one, and the names of these changes."""
    found: dict[str, None] = {}
    for environment in contents.environments:
        for name in [each.name for each in contents.read(environment).changes if each.name not in left]:
            files = contents.read(environment)
            change = next(each for each in files.changes if each.name == name)
            if any(broken_lock(change, files.before(change))):
                contents = contents.with_file(name, _with_lock(contents.files[name], change, files))
                found[name] = None
    return contents, tuple(found)
