"""`commetctl fmt`: the catalog in the order and form in which `pull` writes one."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commetctl.cli import environments, options
from commetctl.cli.report import reporting
from commetctl.cli.result import Result
from commetctl.core import exits

if TYPE_CHECKING:
    from commetctl.core.errors import CommetctlError

#: More than any catalog may have, which is said of what is longer.
_LARGEST = 2 * 1024 * 1024
_STANDARD = Path("-")


@dataclass(frozen=True)
class _File:
    """A file as it is and as it should be."""

    path: Path
    before: bytes
    after: bytes

    @property
    def name(self) -> str:
        return "standard input" if self.path == _STANDARD else str(self.path)

    @property
    def changed(self) -> bool:
        return self.before != self.after


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--check", is_flag=True, help="Write nothing; list what would change, and exit with 2 if there is any.")
@click.option("--diff", "show", is_flag=True, help="Write nothing; print what would change, as a patch.")
@options.output()
@reporting("fmt")
def fmt(files: tuple[Path, ...], check: bool, show: bool) -> Result:
    """Put catalogs into order and form, with their comments, and without a change of what they mean.

    Without FILE, it is commet.yaml, the files that it includes, and its overlays; `-` is standard input, and goes to
    standard output. Either all files are formatted, or none: when one is not right, nothing is written.
    """
    paths = _once(files) or _catalog()
    if _STANDARD in paths and len(paths) > 1:
        raise click.UsageError("`-` cannot be combined with other files")
    found, errors = _formatted(paths)
    result = Result(content=_content(found, paths, write=not (check or show)), errors=errors)
    if errors:
        result.exit_code = max(error.exit_code for error in errors)
        return result
    changed = [file for file in found if file.changed]
    if check and changed:
        result.exit_code = exits.PENDING
    if show:
        result.text = "\n".join(_patch(file) for file in changed)
    elif check:
        result.text = _said("would be formatted", changed, len(found))
    elif paths == (_STANDARD,):
        _hand_on(found[0].after)
    else:
        _write(result, changed, len(found))
    return result


def _catalog() -> tuple[Path, ...]:
    """The files of the catalog here: the main one, those that it includes, and the overlays of all environments."""
    from commetctl.catalog.assembly import assemble
    from commetctl.catalog.source import FileSource

    main = FileSource(environments.DEFAULT_FILE)
    if not main.path.is_file():
        return (main.path,)
    parts = [Path(part.name) for part in assemble(main).parts]
    return _once((*parts, *(main.overlay(name).path for name in main.environments())))


def _once(files: tuple[Path, ...]) -> tuple[Path, ...]:
    """The files, each by the first of its names: a link is another name."""
    found: dict[Path, Path] = {}
    for path in files:
        found.setdefault(path if path == _STANDARD else path.resolve(), path)
    return tuple(found.values())


def _formatted(paths: tuple[Path, ...]) -> "tuple[list[_File], list[CommetctlError]]":
    """Every file in its form, and what is wrong with those that have none."""
    from commetctl.catalog.formatting import formatted
    from commetctl.core.errors import CommetctlError

    found: list[_File] = []
    errors: list[CommetctlError] = []
    for path in paths:
        try:
            before = _read(path)
            found.append(_File(path, before, formatted("-" if path == _STANDARD else str(path), before)))
        except CommetctlError as error:
            errors.append(error)
    return found, errors


def _read(path: Path) -> bytes:
    from commetctl.cli.rewriting import content
    from commetctl.core.errors import CommetctlError

    if path == _STANDARD:
        return sys.stdin.buffer.read(_LARGEST)
    found = content(path)
    if found is None:
        raise CommetctlError(f"{path} does not exist", "name the file: `commetctl fmt FILE`", code="no_file")
    return found


def _write(result: Result, changed: list[_File], count: int) -> None:
    """Write what has changed, all of it or nothing, and say so."""
    from commetctl.cli.rewriting import write_all
    from commetctl.core.errors import CommetctlError

    try:
        for file in changed:
            if not file.path.stat().st_mode & 0o222:
                raise CommetctlError(f"{file.path} is read-only", "make it writable first", code="out_unwritable")
        write_all({file.path: (file.before, file.after) for file in changed})
    except CommetctlError as error:
        result.exit_code, result.errors = error.exit_code, [error]
        result.content["formatted"] |= {"changed": []}
        return
    result.text = _said("formatted", changed, count)


def _hand_on(content: bytes) -> None:
    """Write to standard output as it is, unless that has to hold a JSON document."""
    if click.get_current_context().params.get("output_format") == "text":
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def _said(what: str, files: list[_File], count: int) -> str:
    from commetctl.core.text import counted, printable

    if files:
        return "\n".join(f"{printable(file.name)}: {what}" for file in files)
    return "nothing to do: the file is in form" if count == 1 else f"nothing to do: {counted(count, 'file')} in form"


def _content(found: list[_File], paths: tuple[Path, ...], *, write: bool) -> dict[str, dict[str, object]]:
    """What the JSON document has of it."""
    changed = [str(file.path) for file in found if file.changed]
    content: dict[str, object] = {"files": [str(path) for path in paths], "changed": changed}
    if write and paths == (_STANDARD,) and found:
        content["text"] = found[0].after.decode()
    return {"formatted": content}


def _patch(file: _File) -> str:
    """What changes, line by line; the ends of lines are not shown."""
    from commetctl.core.text import printable
    from commetctl.usecases.pull.files import File

    name = "-" if file.path == _STANDARD else str(file.path)
    patch = File(name, file.before, file.after).patch()
    lines = patch.split("\n") if patch else [f"--- a/{name}", f"+++ b/{name}", "\\ The ends of lines differ"]
    return "\n".join(printable(line) for line in lines)
