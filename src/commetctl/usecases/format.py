"""Formatting: the files of a catalog in the order and form in which a pull writes them, all of them or none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from commetctl.catalog.assembly import assemble
from commetctl.catalog.formatting import formatted
from commetctl.catalog.source import FileSource
from commetctl.core.errors import CommetctlError
from commetctl.core.files import content, replace_all
from commetctl.usecases.pull.files import File

#: The name of standard input, and of standard output.
STANDARD = Path("-")


@dataclass(frozen=True)
class Formatted:
    """A file as it is and as it should be."""

    path: Path
    before: bytes
    after: bytes

    @property
    def changed(self) -> bool:
        """Whether it is not as it should be."""
        return self.before != self.after

    def patch(self) -> str:
        """What changes, line by line; the ends of lines are not shown."""
        name = str(self.path)
        patch = File(name, self.before, self.after).patch()
        return patch or f"--- a/{name}\n+++ b/{name}\n\\ The ends of lines differ"


def catalog_files(main: Path) -> tuple[Path, ...]:
    """The files of a catalog: the main one, those that it includes, and the overlays of all environments."""
    source = FileSource(main)
    if not main.is_file():
        return (main,)
    parts = [Path(part.name) for part in assemble(source).parts]
    return once((*parts, *(source.overlay(name).path for name in source.environments())))


def once(files: Iterable[Path]) -> tuple[Path, ...]:
    """The files, each by the first of its names: a link is another name."""
    found: dict[Path, Path] = {}
    for path in files:
        found.setdefault(path if path == STANDARD else path.resolve(), path)
    return tuple(found.values())


def format_files(paths: Iterable[Path], stdin: bytes) -> tuple[list[Formatted], list[CommetctlError]]:
    """Every file in its form, and the errors of those that have none; `stdin` is the content of STANDARD."""
    found: list[Formatted] = []
    errors: list[CommetctlError] = []
    for path in paths:
        try:
            before = stdin if path == STANDARD else _content(path)
            found.append(Formatted(path, before, formatted(str(path), before)))
        except CommetctlError as error:
            errors.append(error)
    return found, errors


def write(files: Sequence[Formatted]) -> None:
    """Write the files; raises CommetctlError, and writes none, where one cannot be written."""
    for file in files:
        if not file.path.stat().st_mode & 0o222:
            raise CommetctlError(f"{file.path} is read-only", "make it writable first", code="out_unwritable")
    replace_all({file.path: (file.before, file.after) for file in files})


def _content(path: Path) -> bytes:
    found = content(path)
    if found is None:
        raise CommetctlError(f"{path} does not exist", "name the file: `commetctl fmt FILE`", code="no_file")
    return found
