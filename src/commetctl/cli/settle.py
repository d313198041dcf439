"""`commetctl settle`: fold changes that are past into the catalog."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commetctl.cli import dates, options
from commetctl.cli.declaring import OF_FILES, READS, Does, Page, command
from commetctl.cli.report import Result, reporting
from commetctl.core import exits

if TYPE_CHECKING:
    from commetctl.usecases.dated.settle import Settled

PAGE = Page(
    (*READS, Does.CHANGES_FILE),
    (*OF_FILES, exits.REFUSED),
    {
        "commetctl settle": "all changes that are past in every environment",
        "commetctl settle changes/raise-pro.yaml": "only this one",
    },
)


@command(PAGE)
@click.argument("names", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@options.file
@dates.at("Settle what is past on this date, as a test clock shows it.")
@options.dry_run
@options.yes
@options.output()
@reporting("settle", talks=True, untouched="nothing was written")
def settle(
    *, names: tuple[Path, ...], file: Path, moment: datetime | None, dry_run: bool, yes: bool, silent: bool
) -> Result:
    """Fold changes that are past into the catalog.

    Their files are deleted. Each value goes into the file that has the object, and comments stay. The catalog means the
    same before and after, in every environment and at every later date; where it would not, nothing is written. A
    change that is not past in every environment stays.
    """
    from commetctl.cli.console import Console
    from commetctl.cli.present import style
    from commetctl.core.text import printable
    from commetctl.usecases.dated.settle import settle as settled_

    settled = settled_(file, names, moment)
    content = {"settled": _document(settled)}
    waiting = [f"{each.name} stays: it {each.why}" for each in settled.waiting]
    if not settled.names:
        return Result("\n".join(map(printable, waiting)) or "nothing to settle: there are no changes", content)
    patch = "\n".join(map(printable, [*settled.patch().split("\n"), *waiting]))
    if dry_run:
        return Result(patch, content)
    if refused := settled.write(Console(style(None), silent, "" if yes else patch), yes=yes):
        return Result(content=content, exit_code=exits.REFUSED, errors=[refused])
    lines = [*(f"{item.name}: written" for item in settled.files), *(f"{name}: deleted" for name in settled.names)]
    return Result("\n".join(map(printable, [*lines, *waiting])), content)


def _document(settled: "Settled") -> dict[str, Any]:
    return {
        "settled": list(settled.names),
        "files": [item.name for item in settled.files],
        "waiting": [{"file": each.name, "why": each.why} for each in settled.waiting],
    }
