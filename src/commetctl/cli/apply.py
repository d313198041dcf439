"""`commetctl apply`: make Commet as the file says, and prove that it is."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commetctl.cli import options
from commetctl.cli.report import reporting
from commetctl.cli.result import Result
from commetctl.core import exits

if TYPE_CHECKING:
    from commetctl.core.errors import Refused
    from commetctl.usecases.apply import Ending


@click.command()
@click.argument("saved_plan", metavar="[PLAN.json]", required=False, type=click.Path(path_type=Path))
@options.catalog_file()
@options.target()
@options.effort()
@options.selection()
@options.impact()
@options.live()
@options.guards()
@options.running()
@click.option("--yes", is_flag=True, help="Do not ask; needed where there is no terminal.")
@options.color()
@options.verbose()
@options.output()
@reporting("apply", talks=True)
def apply(
    *,
    saved_plan: Path | None,
    yes: bool,
    color: bool | None,
    verbose: bool,
    silent: bool,
    journal: Path,
    **rest: Any,
) -> Result:
    """Show the plan, ask, carry it out, and read back whether it took.

    With PLAN.json, which `plan --out` saved, do exactly that or nothing; give the `--prune` and `--target` that it was
    made with. Exits with 5 when only a part could be done; running it again does the rest.
    """
    from commetctl.apply.journal import Journals
    from commetctl.catalog import load
    from commetctl.cli.present import present
    from commetctl.cli.saving import agree, check_options
    from commetctl.cli.session import Account
    from commetctl.review.guards import refusals
    from commetctl.usecases.apply import Ending
    from commetctl.usecases.plan import Wanted, prepare
    from commetctl.usecases.saved_plans import load as load_plan

    wanted = Wanted.among(rest)
    plan = load_plan(saved_plan) if saved_plan else None
    if plan and saved_plan:
        check_options(plan, saved_plan, wanted)
    catalog = load(wanted.file, wanted.api_version, wanted.environment)
    account = Account(**rest, environment=wanted.environment, verbose=verbose, silent=silent)
    journals = Journals(journal)
    with account.client(catalog.contract) as client:
        prepared = prepare(catalog, account, client, wanted, journals)
        result = present(prepared, color=color, verbose=verbose)
        result.content["outcomes"] = []
        if plan and saved_plan:
            agree(plan, saved_plan, prepared, result, journals)
        ending = Ending(
            prepared,
            client,
            result,
            journals,
            silent=silent,
            color=color,
            plan=plan.id if plan else None,
        )
        return _decided(ending, refusals(prepared.subject), yes=yes)


def _decided(ending: "Ending", reasons: "list[Refused]", *, yes: bool) -> Result:
    """Go on, if there is something to do and no reason not to."""
    from commetctl.core.errors import CommetctlError

    result = ending.result
    if not reasons and not ending.prepared.changeset.changes:
        return ending.settled()
    if not ending.silent:
        click.echo(result.text)
        click.echo(err=True)
    result.text = ""
    reasons = reasons or ([] if yes else _unconfirmed())
    if reasons:
        result.exit_code, result.errors = exits.REFUSED, list(reasons)
        return result
    try:
        return ending.reached()
    except CommetctlError as error:
        # Refused at the last moment: the document says all the same what would have been done.
        result.exit_code, result.errors = error.exit_code, [error]
        return result


def _unconfirmed() -> "list[Refused]":
    """Ask; a refusal when nobody says yes."""
    from commetctl.core.errors import Refused

    if not options.can_ask():
        return [Refused("there is no terminal to ask on", "give `--yes` to apply without asking", code="not_confirmed")]
    said_yes = options.is_confirmed("Type yes to apply this")
    return [] if said_yes else [Refused("nothing was applied", code="not_confirmed")]
