"""`commetctl schema`: what may stand in the file, for editors."""

from functools import partial
from pathlib import Path

import click

from commetctl.cli.report import Result, reporting


@click.command()
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write it to this file instead of stdout.")
@click.option(
    "--overlay", is_flag=True, help="Print the schema of an overlay (commet.NAME.yaml), in which nothing is required."
)
@reporting("schema")
def schema(*, out: Path | None, overlay: bool) -> Result:
    """Print the JSON Schema of the catalog file, for editors and for checks.

    With `# yaml-language-server: $schema=FILE` as the first line of the catalog, editors complete and explain it.
    """
    from commetctl.core.files import write_own
    from commetctl.core.text import json_text, printable
    from commetctl.reference.schema import schema as made
    from commetctl.usecases.scaffold import is_schema

    what = "an overlay" if overlay else "a catalog"
    text = json_text(made(overlay=overlay), indent=2)
    if out is None:
        return Result(text)
    is_own = partial(is_schema, overlay=overlay)
    write_own(out, f"{text}\n".encode(), f"a schema of {what} that commetctl wrote", is_own)
    name = printable(str(out))
    return Result(f"the schema is in {name}; for editors, begin {what} with:\n# yaml-language-server: $schema={name}")
