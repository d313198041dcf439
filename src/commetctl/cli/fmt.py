"""`commetctl fmt`: the catalog in the order and form in which `pull` writes one."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commetctl.cli import environments, options
from commetctl.cli.declaring import MAY, READS, Does, Page, command, option
from commetctl.cli.report import Result, reporting
from commetctl.core import exits

if TYPE_CHECKING:
    from commetctl.usecases.pull.files import File


PAGE = Page(
    (*READS, Does.CHANGES_FILE),
    (exits.DONE, exits.FAILED, exits.PENDING, exits.INVALID, exits.REFUSED),
    {
        "commetctl fmt": "format the catalog, with its other files",
        "commetctl fmt --check": "only list the files that are not formatted",
        "commetctl fmt - < commet.yaml": "from standard input to standard output",
    },
)


@command(PAGE)
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@option(MAY, "--check", is_flag=True, help="Write nothing; list the files that would change, and exit with 2 if any.")
@option(MAY, "--diff", "show", is_flag=True, help="Write nothing; print what would change, as a patch.")
@options.output()
@reporting("fmt")
def fmt(files: tuple[Path, ...], check: bool, show: bool) -> Result:
    """Format the catalog, and keep its comments.

    It changes order and layout, never the meaning. Without FILE it formats the catalog, the files that it includes, its
    changes and its overlays; `-` is standard input and output. If one file is invalid, none is written.
    """
    from commetctl.core.files import LARGEST_FILE
    from commetctl.usecases.format import STANDARD, catalog_files, format_files, once

    paths = once(files) or catalog_files(environments.default_file())
    if STANDARD in paths and len(paths) > 1:
        raise click.UsageError("`-` cannot be combined with other files")
    stdin = sys.stdin.buffer.read(LARGEST_FILE + 1) if STANDARD in paths and sys.stdin else b""
    found, errors = format_files(paths, stdin)
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
    elif paths == (STANDARD,):
        _hand_on(found[0].after)
    else:
        _write(result, changed, len(found))
    return result


def _write(result: Result, changed: "Sequence[File]", count: int) -> None:
    from commetctl.core.errors import CommetctlError
    from commetctl.usecases.format import write

    try:
        write(changed)
    except CommetctlError as error:
        result.exit_code, result.errors = error.exit_code, [error]
        result.content["formatted"] |= {"changed": []}
        return
    result.text = _said("formatted", changed, count)


def _hand_on(content: bytes) -> None:
    """Write the bytes to standard output, unless a JSON document goes there."""
    if click.get_current_context().params.get("output_format") == "text":
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def _said(what: str, files: "Sequence[File]", count: int) -> str:
    from commetctl.core.text import counted, printable
    from commetctl.usecases.format import STANDARD

    if files:
        names = ("standard input" if file.name == str(STANDARD) else file.name for file in files)
        return "\n".join(f"{printable(name)}: {what}" for name in names)
    return "already formatted" if count == 1 else f"{counted(count, 'file')} already formatted"


def _content(found: "Sequence[File]", paths: tuple[Path, ...], *, write: bool) -> dict[str, dict[str, object]]:
    """The content of the JSON document."""
    from commetctl.usecases.format import STANDARD

    changed = [file.name for file in found if file.changed]
    content: dict[str, object] = {"files": [str(path) for path in paths], "changed": changed}
    if write and paths == (STANDARD,) and found:
        content["text"] = found[0].after.decode()
    return {"formatted": content}


def _patch(file: "File") -> str:
    from commetctl.core.text import printable

    patch = file.patch() or f"--- a/{file.name}\n+++ b/{file.name}\n\\ The ends of lines differ"
    return "\n".join(map(printable, patch.split("\n")))
