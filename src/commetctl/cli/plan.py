"""`commetctl plan`: what would `apply` do?"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commetctl.cli import options
from commetctl.cli.formats import REVIEWS
from commetctl.cli.report import reporting
from commetctl.cli.result import Result
from commetctl.core import exits

if TYPE_CHECKING:
    from commetctl.core.errors import Refused


@click.command()
@options.catalog_file()
@options.target()
@options.effort()
@options.selection()
@options.impact()
@options.live()
@options.guards()
@click.option("--out", type=click.Path(path_type=Path), metavar="PLAN.json", help="Save the plan, for `apply`.")
@click.option(
    "--base",
    default="",
    metavar="SOURCE",
    help="Tell by this state of the catalog, which was applied (git:REV), who changed what.",
)
@options.strict()
@options.exitcode()
@options.color()
@options.verbose()
@options.output(*REVIEWS)
@reporting("plan", talks=True)
def plan(
    *,
    out: Path | None,
    strict: bool,
    detailed_exitcode: bool,
    color: bool | None,
    verbose: bool,
    silent: bool,
    **rest: Any,
) -> Result:
    """Show what `apply` would do, and do nothing: reads only."""
    from commetctl.apply.journal import Journals
    from commetctl.catalog import load
    from commetctl.cli.present import present
    from commetctl.cli.saving import keep
    from commetctl.cli.session import Account
    from commetctl.review.guards import refusals
    from commetctl.review.lint import checked
    from commetctl.usecases.plan import Wanted, prepare

    wanted = Wanted.among(rest)
    catalog = load(wanted.file, wanted.api_version, wanted.environment)
    account = Account(**rest, environment=wanted.environment, verbose=verbose, silent=silent)
    journals = Journals(options.DEFAULT_JOURNALS)
    with account.client(catalog.contract) as client:
        prepared = prepare(catalog, account, client, wanted, journals)
    result = present(prepared, color=color, verbose=verbose)
    result.findings = checked(catalog, prepared.changeset.changes, strict=strict)
    pending = prepared.changeset.changes or prepared.changeset.blocked
    result.warnings = [_foretold(refusal) for refusal in refusals(prepared.subject)] if pending else []
    if out:
        keep(prepared, result, out)
    result.exit_code = exits.PENDING if detailed_exitcode and pending else exits.DONE
    return result


def _foretold(refusal: "Refused") -> "Refused":
    from commetctl.core.errors import Refused

    message = f"`apply` would refuse: {refusal.message}"
    return Refused(message, refusal.hint, code=refusal.code, address=refusal.address)
