"""`commetctl validate`: is the file right, as far as can be told without Commet?"""

from pathlib import Path

import click

from commetctl.cli import options
from commetctl.cli.report import Result, reporting


@click.command()
@options.catalog_file
@options.api_version
@options.strict
@options.color
@click.option("-v", "--verbose", is_flag=True, help="List what is declared, each by its address.")
@options.output()
@reporting("validate")
def validate(
    *, file: Path, environment: str, api_version: str | None, strict: bool, color: bool | None, verbose: bool
) -> Result:
    """Check the catalog without a key and without network.

    Prints every problem with its place, and what is probably not meant as a warning. Exits with 3 when there is a
    problem, or with --strict a warning.
    """
    from collections import Counter

    from commetctl.catalog import load
    from commetctl.cli.present import style
    from commetctl.core.text import counted, printable
    from commetctl.review.lint import checked

    catalog = load(file, api_version, environment)
    findings = checked(catalog, strict=strict)
    kinds = Counter(address.kind for address in catalog.desired)
    declared = ", ".join(counted(count, kind.replace("_", " ")) for kind, count in kinds.items()) or "nothing"
    text = f"{printable(catalog.title)} is {style(color).paint('ok', 'valid')} and declares {declared}"
    if findings:
        text += f", with {counted(len(findings), 'warning')}"
    lines = [f"  {printable(str(address))}" for address in catalog.desired] if verbose else []
    return Result("\n".join([text, *lines]), {"declared": dict(kinds)}, findings=findings)
