"""`commetctl validate`: is the file right, as far as can be told without Commet?"""

from pathlib import Path

import click

from commetctl.cli import options
from commetctl.cli.report import Result, reporting


@click.command()
@options.catalog_file()
@options.api_version()
@options.output()
@reporting("validate")
def validate(file: Path, api_version: str | None) -> Result:
    """Check the catalog without a key and without network.

    Prints every problem with its place. Exits with 3 when there is one.
    """
    from collections import Counter

    from commetctl.catalog import load
    from commetctl.render.words import counted, printable

    catalog = load(file, api_version)
    kinds = Counter(address.kind for address in catalog.desired)
    declared = ", ".join(counted(count, kind.replace("_", " ")) for kind, count in kinds.items()) or "nothing"
    return Result(f"{printable(str(file))} is valid and declares {declared}", {"declared": dict(kinds)})
