"""`commetctl rehearse`: what do dated changes do to bills?"""

from pathlib import Path
from typing import Any

import click

from commetctl.cli import options
from commetctl.cli.declaring import OF_ACCOUNT, READS, Page, command
from commetctl.cli.report import Result, reporting

PAGE = Page(
    READS,
    OF_ACCOUNT,
    {
        "commetctl rehearse": "all that is due or scheduled",
        "commetctl rehearse changes/raise.yaml": "up to one change",
        "commetctl rehearse --env production": "with the subscriptions of that account",
    },
)


@command(PAGE)
@click.argument("change", metavar="[CHANGE.yaml]", default="")
@options.catalog_file
@options.target
@options.effort
@options.output()
@options.verbose
@options.color
@reporting("rehearse", talks=True)
def rehearse(
    change: str,
    file: Path,
    environment: str,
    *,
    api_version: str | None,
    color: bool | None,
    verbose: bool,
    **rest: Any,
) -> Result:
    """Prove on an emulator what dated changes do to bills.

    It makes the account in an emulator in memory, with made-up customers that are billed on the same days, moves the
    clock, applies each change on its date, and compares every bill with what `plan` predicts. A difference is an
    error. Of subscriptions it reads plans, prices, statuses and dates. It writes nothing to Commet.
    """
    from tempfile import TemporaryDirectory

    from commetctl.apply.journal import Journals
    from commetctl.catalog import load
    from commetctl.cli.rehearsed import rehearsed
    from commetctl.cli.session import Session
    from commetctl.cli.simulated import simulated
    from commetctl.usecases.rehearsal.rehearse import rehearse as rehearsal

    catalog = load(file, api_version, environment)
    session = Session(**rest, environment=environment, verbose=verbose)
    with session.client(catalog.contract) as client, TemporaryDirectory(prefix="commetctl-") as folder:
        found = rehearsal(catalog, session, client, simulated, Journals(Path(folder)), change)
    return rehearsed(found, color=color)
