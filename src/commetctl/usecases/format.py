"""Formatting: the files of a catalog in the order and form in which a pull writes them, all of them or none."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from commetctl.catalog.assembly import assemble
from commetctl.catalog.formatting import formatted
from commetctl.catalog.source import FileSource
from commetctl.core.errors import CommetctlError
from commetctl.core.files import content, real, replace_all
from commetctl.usecases.pull.files import File

#: The name of standard input, and of standard output.
STANDARD = Path("-")


def catalog_files(main: Path) -> tuple[Path, ...]:
    """The files of a catalog: the main one, those that it includes, its changes, and the overlays of environments."""
    source = FileSource(main)
    if not main.is_file():
        return (main,)
    parts = [Path(part.name) for part in assemble(source).parts]
    changes = [entry.source.path for entry in source.changes() if isinstance(entry.source, FileSource)]
    return once((*parts, *changes, *(source.overlay(name).path for name in source.environments())))


def once(files: Iterable[Path]) -> tuple[Path, ...]:
    """The files, each by the first of its names: a link is another name."""
    found: dict[Path, Path] = {}
    for path in files:
        found.setdefault(path if path == STANDARD else real(path), path)
    return tuple(found.values())


def format_files(paths: Iterable[Path], stdin: bytes) -> tuple[list[File], list[CommetctlError]]:
    """Every file before and after, and the errors of those that have no form; `stdin` is the content of STANDARD."""
    found: list[File] = []
    errors: list[CommetctlError] = []
    for path in paths:
        try:
            before = stdin if path == STANDARD else _content(path)
            found.append(File(str(path), before, formatted(str(path), before)))
        except CommetctlError as error:
            errors.append(error)
    return found, errors


def write(files: Sequence[File]) -> None:
    """Write the files; raises CommetctlError, and writes none, where one cannot be written."""
    for file in files:
        if not Path(file.name).stat().st_mode & 0o222:
            raise CommetctlError(f"{file.name} is read-only", "make it writable first", code="out_unwritable")
    replace_all({Path(file.name): (file.before, file.after) for file in files})


def _content(path: Path) -> bytes:
    found = content(path)
    if found is None:
        raise CommetctlError(f"{path} does not exist", "name the file: `commetctl fmt FILE`", code="no_file")
    return found
