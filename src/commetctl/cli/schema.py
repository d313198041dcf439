"""`commetctl schema`: what may stand in the file, for editors."""

from functools import partial
from pathlib import Path

import click

from commetctl.cli import options
from commetctl.cli.declaring import SHOW, WHAT, Page, command, option
from commetctl.cli.report import Result, reporting

PAGE = Page(
    examples={
        "commetctl schema --out commet.schema.json": "for the editor; `init` and `pull` do this too",
        "commetctl schema --results": "what `--format json` writes, for programs",
    },
)


@command(PAGE)
@options.out(SHOW, "FILE", "Write it to this file instead of stdout.")
@option(WHAT, "--overlay", is_flag=True, help="The schema of an overlay, commet.NAME.yaml.")
@option(WHAT, "--change", is_flag=True, help="The schema of a change, changes/NAME.yaml.")
@option(WHAT, "--results", is_flag=True, help="The schema of what every command writes with `--format json`.")
@reporting("schema")
def schema(*, out: Path | None, overlay: bool, change: bool, results: bool) -> Result:
    """Print the JSON Schema of the catalog, for editors.

    With `# yaml-language-server: $schema=FILE` as the first line of the catalog, editors complete and explain it.
    """
    if results:
        return _of_results(out, other=overlay or change)
    if overlay and change:
        raise click.UsageError("`--overlay` and `--change` are schemas of two files: give one of them")
    from commetctl.core.files import write_own
    from commetctl.core.text import json_text, printable
    from commetctl.reference.schema import schema as made
    from commetctl.usecases.scaffold import is_schema

    what = "a change" if change else "an overlay" if overlay else "a catalog"
    text = json_text(made(overlay=overlay, change=change), indent=2)
    if out is None:
        return Result(text)
    is_own = partial(is_schema, overlay=overlay, change=change)
    write_own(out, f"{text}\n".encode(), f"a schema of {what} that commetctl wrote", is_own)
    name = printable(str(out))
    return Result(f"the schema is in {name}; for editors, begin {what} with:\n# yaml-language-server: $schema={name}")


def _of_results(out: Path | None, *, other: bool) -> Result:
    from commetctl.core.text import json_text
    from commetctl.render.json_output import schema as of_results

    if other or out:
        raise click.UsageError("`--results` is printed to stdout, and is not of a catalog: leave out the other options")
    return Result(json_text(of_results(), indent=2))
