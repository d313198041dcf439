"""`commetctl plan`: what would `apply` do?"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commetctl.cli import options
from commetctl.cli.report import Result, reporting

if TYPE_CHECKING:
    from commetctl.errors import Refused

_PENDING = 2


@click.command()
@options.catalog_file()
@options.target()
@options.selection()
@options.live()
@options.guards()
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 when there is something to do.")
@options.color()
@options.verbose()
@options.output()
@reporting("plan")
def plan(
    *,
    file: Path,
    api_version: str | None,
    targets: tuple[str, ...],
    prune: bool,
    allow_live: bool,
    allow: tuple[str, ...],
    allow_delete: tuple[str, ...],
    detailed_exitcode: bool,
    color: bool | None,
    verbose: bool,
    **account: Any,
) -> Result:
    """Show what `apply` would do, and do nothing: reads only."""
    from commetctl.catalog import load
    from commetctl.cli.prepare import allowed, prepare
    from commetctl.cli.prepare import options as chosen
    from commetctl.cli.present import present
    from commetctl.cli.session import Account
    from commetctl.guards import refusals

    catalog = load(file, api_version)
    where = Account(**account, verbose=verbose)
    with where.client(catalog.contract) as client:
        choice, permits = chosen(targets, prune=prune), allowed(allow, allow_delete)
        prepared = prepare(catalog, where, client, choice, permits, allow_live=allow_live)
    result = present(prepared, color=color, verbose=verbose)
    pending = prepared.changeset.changes or prepared.changeset.blocked
    result.warnings = [_foretold(refusal) for refusal in refusals(prepared.subject)] if pending else []
    result.exit_code = _PENDING if detailed_exitcode and pending else 0
    return result


def _foretold(refusal: "Refused") -> "Refused":
    from commetctl.errors import Refused

    foretold = Refused(f"`apply` would refuse: {refusal.message}", refusal.hint, code=refusal.code)
    foretold.address = refusal.address
    return foretold
