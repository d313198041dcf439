"""Belonging: which catalogs are made of given files, such as those of a commit, each with the environments to check."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from commetctl.catalog import Catalog, load
from commetctl.catalog.document import parse
from commetctl.catalog.paths import CHANGES, is_overlay, mains, overlay_name
from commetctl.catalog.settings import INCLUDE
from commetctl.catalog.source import FileSource
from commetctl.core.errors import CommetctlError, InvalidCatalog, Problem
from commetctl.core.files import real
from commetctl.review.lint import checked


@dataclass(frozen=True)
class Checked:
    """A catalog in one environment, or without one, and the warnings about it."""

    catalog: Catalog
    findings: tuple[Problem, ...] = ()


def check_all(
    files: Sequence[Path], api_version: str | None, *, strict: bool, allow_unset: bool = False, base: str = ""
) -> tuple[list[Checked], list[CommetctlError]]:
    """Check every catalog that one of the files belongs to; what is valid, and the errors, each problem once.

    A variable without a value is a warning, unless `allow_unset`. `base` is that of `load`.
    """
    found: list[Checked] = []
    errors: list[CommetctlError] = []
    seen: set[Problem] = set()
    for main, environment in catalogs_of(files):
        try:
            catalog = load(main, api_version, environment, allow_unset=True, base=base)
            warnings = checked(catalog, strict=strict, allow_unset=allow_unset)
            fresh = [problem for problem in warnings if problem not in seen]
            found.append(Checked(catalog, tuple(fresh)))
            seen.update(fresh)
        except InvalidCatalog as error:
            # What is wrong with the shared files is wrong in every environment.
            problems = [problem for problem in error.problems if problem not in seen]
            errors += [type(error)(str(main), problems)] if problems else []
            seen.update(problems)
        except CommetctlError as error:
            errors.append(error)
    return found, errors


def catalogs_of(files: Sequence[Path]) -> list[tuple[Path, str]]:
    """The catalogs that files belong to, each once with its environment.

    The main file, an included one and a change concern every environment; the catalog counts without one where it has
    none. An overlay concerns its own. A file to which a link of the catalog leads counts as that link.
    """
    found: dict[tuple[Path, str], None] = {}
    for file in files:
        candidates = list(_candidates(file))
        # What another catalog includes is none of its own.
        inside = {real(part) for main in candidates for part in _included(main) - {main}} if candidates[1:] else set()
        for main in (main for main in candidates if real(main) not in inside):
            known = FileSource(main).environments()
            linked = [name for name in known if real(main.with_name(overlay_name(main.name, name))) == real(file)]
            if file.parent == main.parent and is_overlay(file.name, main.name):
                linked.append(file.name[len(main.stem) + 1 : -len(main.suffix)])
            elif _is_change_of(file, main) or real(file) in map(real, (main, *_included(main))):
                linked = known or [""]
            found |= dict.fromkeys((main, name) for name in linked)
    return list(found)


def _candidates(file: Path) -> Iterator[Path]:
    """The main files of catalogs in the folder of a file and above it, up to the repository or the current folder."""
    for folder in file.parents:
        yield from (folder / name for name in mains(path.name for path in folder.glob("commet*")))
        if (folder / ".git").exists():
            return


def _is_change_of(file: Path, main: Path) -> bool:
    """Whether a file is in the folder of changes of a catalog: one that is gone or is no change concerns it too."""
    folder = main.with_name(CHANGES)
    return file.parent == folder or file == folder or real(file.parent) == real(folder)


def _included(main: Path) -> set[Path]:
    """The files that a main file includes; none where it cannot be read, which is said when it is checked itself."""
    try:
        data = parse(str(main), FileSource(main).content()).data
    except CommetctlError:
        return set()
    names = data.get(INCLUDE) if isinstance(data, dict) else None
    return {main.parent / name for name in names if isinstance(name, str)} if isinstance(names, list) else set()
