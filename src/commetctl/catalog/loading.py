"""Loading: from the files of a catalog to the catalog at a moment, checked as of then and after each later change."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from commetctl.catalog.assembly import Files, read_files
from commetctl.catalog.catalog import Catalog, catalog_of
from commetctl.catalog.dated.moments import said
from commetctl.catalog.revision import source
from commetctl.catalog.source import FileSource, Source, TextSource
from commetctl.core.errors import InvalidCatalog, Problem


def load(
    file: Path,
    api_version: str | None = None,
    environment: str = "",
    *,
    allow_unset: bool = False,
    moment: datetime | None = None,
) -> Catalog:
    """Read and check a catalog, with the overlay of an `environment`; `api_version` overrides the one in the file.

    It is the catalog of a `moment`, or of now: with the changes in `changes/` that are due then. What it will be after
    each later change is checked too. With `allow_unset`, variables may have no value, and what does not depend on them
    is checked.

    Raises InvalidCatalog with all problems, or a CommetctlError for a file that cannot be read.
    """
    files = read_files(FileSource(file), environment, allow_unset=allow_unset)
    return _loaded(files, api_version, environment, moment)


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
    main: Source, api_version: str | None = None, environment: str = "", *, moment: datetime | None = None
) -> Catalog:
    """Read a catalog from any source; raises what `load` raises."""
    return _loaded(read_files(main, environment), api_version, environment, moment)


def _loaded(files: Files, api_version: str | None, environment: str, moment: datetime | None) -> Catalog:
    now = moment or datetime.now(UTC)
    problems: list[Problem] = []
    catalog: Catalog | None = None
    later = sorted({change.moment for change in files.changes if change.moment > now})
    for each in (now, *later):
        try:
            found = catalog_of(files, files.at(each), each, api_version, environment)
            catalog = catalog or found
        except InvalidCatalog as error:
            known = {(problem.code, problem.message, problem.origin) for problem in problems}
            new = [item for item in error.problems if (item.code, item.message, item.origin) not in known]
            problems += new if each == now else [_from(each, problem) for problem in new]
    if problems or catalog is None:
        raise InvalidCatalog(files.main.name, problems)
    return catalog


def _from(moment: datetime, problem: Problem) -> Problem:
    """A problem that the catalog has from a later moment on."""
    return replace(problem, message=f"from {said(moment)} on: {problem.message}")
