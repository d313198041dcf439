"""Loading: from the files of a catalog to the catalog at a moment, checked as of then and after each later change."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from commetctl.catalog.assembly import Files, read_files
from commetctl.catalog.catalog import Catalog, catalog_of
from commetctl.catalog.dated.change import Dated
from commetctl.catalog.dated.moments import said
from commetctl.catalog.dated.past import dated_in_the_past, new_in_the_past
from commetctl.catalog.revision import LAST_COMMIT, source
from commetctl.catalog.source import FileSource, Source, TextSource
from commetctl.core.errors import CommetctlError, InvalidCatalog, Problem
from commetctl.core.resource import Origin


def load(
    file: Path,
    api_version: str | None = None,
    environment: str = "",
    *,
    allow_unset: bool = False,
    moment: datetime | None = None,
    base: str = "",
) -> Catalog:
    """Read and check a catalog, with the overlay of an `environment`; `api_version` overrides the one in the file.

    It is the catalog of a `moment`, or of now: with the changes in `changes/` that are due then. What it will be after
    each later change is checked too. With `allow_unset`, variables may have no value, and what does not depend on them
    is checked.

    A dated change that is past has to be in the `base`, a source as `load_from` reads it, or else in the last
    commit, where git has the file.

    Raises InvalidCatalog with all problems, or a CommetctlError for a file that cannot be read, and for such a base.
    """
    files = read_files(FileSource(file), environment, allow_unset=allow_unset)
    past = dated_in_the_past(files.changes)
    new = _new(past, environment, file, base) if past or base else []
    return _loaded(replace(files, problems=(*files.problems, *new)), api_version, environment, moment)


def _new(past: Sequence[Dated], environment: str, file: Path, base: str) -> list[Problem]:
    """The problems of changes that are past and not in the base; raises CommetctlError for a base that is not there."""
    named, name = (base, base) if base else (LAST_COMMIT, "the last commit")
    try:
        there = source(named, str(file))
        there.content()
        return list(new_in_the_past(past, environment, there, name))
    except CommetctlError:
        if base:
            raise
        # Without git, without a repository, or where the catalog is new, there is nothing to compare with.
        return []


def load_from(
    named: str,
    api_version: str | None = None,
    environment: str = "",
    *,
    beside: str = "commet.yaml",
    moment: datetime | None = None,
) -> Catalog:
    """Read a catalog from a source as `source` reads it: `FILE`, `git:REV`, `git:REV:PATH`, or `/dev/null` for none.

    A revision without the environment is read without an overlay.
    """
    return read(source(named, beside), api_version, environment, moment=moment)


def parse(name: str, content: bytes, api_version: str | None = None) -> Catalog:
    """Read a catalog from the content of its only file, which is called `name`; raises InvalidCatalog."""
    return read(TextSource(name, {name: content}), api_version)


def read(
    main: Source,
    api_version: str | None = None,
    environment: str = "",
    *,
    allow_unset: bool = False,
    moment: datetime | None = None,
) -> Catalog:
    """Read a catalog from any source; raises what `load` raises."""
    return _loaded(read_files(main, environment, allow_unset=allow_unset), api_version, environment, moment)


def _loaded(files: Files, api_version: str | None, environment: str, moment: datetime | None) -> Catalog:
    now = moment or datetime.now(UTC)
    problems: list[Problem] = []
    known: set[tuple[str, str, Origin | None]] = set()
    catalog: Catalog | None = None
    later = sorted({change.moment for change in files.changes if change.moment > now})
    for each in (now, *later):
        try:
            found = catalog_of(files, files.at(each), each, api_version, environment)
            catalog = catalog or found
        except InvalidCatalog as error:
            new = [item for item in error.problems if (item.code, item.message, item.origin) not in known]
            known |= {(item.code, item.message, item.origin) for item in new}
            problems += new if each == now else [_from(each, problem) for problem in new]
    if problems or catalog is None:
        raise InvalidCatalog(files.main.name, problems)
    return catalog


def _from(moment: datetime, problem: Problem) -> Problem:
    """A problem that the catalog has from a later moment on."""
    return replace(problem, message=f"from {said(moment)} on: {problem.message}")
