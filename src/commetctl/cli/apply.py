"""`commetctl apply`: make Commet match the catalog, and verify it."""

from pathlib import Path
from typing import Any

import click

from commetctl.cli import options
from commetctl.cli.declaring import MAY, OF_ACCOUNT, READS, WHAT, Does, Page, command, option
from commetctl.cli.formats import REVIEWS
from commetctl.cli.report import Result, reporting
from commetctl.core import exits

#: The parameters that only a plan has.
_OF_PROPOSAL = {"out", "base", "strict", "detailed_exitcode", "summary"}


PAGE = Page(
    (*READS, Does.CHANGES_COMMET, Does.DELETES),
    (*OF_ACCOUNT, exits.PENDING, exits.PARTLY),
    {
        "commetctl apply": "to the account of COMMET_API_KEY",
        "commetctl apply plan.json": "exactly what `plan --out plan.json` saved",
        "commetctl apply --env production --live --yes": "to a live account, without asking",
        "commetctl apply --due --yes": "what is due on a date, and nothing else, as an hourly job does",
        "commetctl apply --local": "to the embedded Commet: no account needed",
    },
)


@command(PAGE)
@click.argument("saved_plan", metavar="[PLAN.json]", required=False, type=click.Path(path_type=Path))
@options.catalog_file
@options.yes
@option(WHAT, "--due", is_flag=True, help="Only make the changes in changes/ that are due, and touch nothing else.")
@option(MAY, "--dry-run", is_flag=True, help="Only show the plan, as `plan` does; its options work too.")
@options.target
@options.effort
@options.selection
@options.review
@options.running
@options.proposal
@options.output(*REVIEWS)
@options.verbose
@options.color
@reporting("apply", talks=True, dry_run="plan", untouched="nothing was applied")
def apply(*, dry_run: bool, **given: Any) -> Result:
    """Make Commet match the catalog, and verify it.

    It shows the plan, asks, applies it, and reads the account back. With PLAN.json it does exactly what that saved plan
    says, or nothing; give the `--prune`, `--target` and `--replace` that it was made with. After exit code 5, the same
    command does the rest.

    With `--dry-run` it writes nothing to Commet. Only then can it have `--out`, `--base`, `--strict`,
    `--detailed-exitcode`, `--summary`, and formats other than text and JSON.
    """
    if not dry_run:
        return _apply(**_without_proposal(given))
    from commetctl.cli.proposal import proposed

    for name in ("yes", "parallelism"):
        # They have no meaning here: the same command is given without `--dry-run` next.
        given.pop(name)
    return proposed(**given)


def _without_proposal(given: dict[str, Any]) -> dict[str, Any]:
    """The options of an apply. Raises UsageError for one that is for a plan."""
    for name in sorted(_OF_PROPOSAL & options.given()):
        raise click.UsageError(f"`--{name.replace('_', '-')}` is for `plan` and for `apply --dry-run`")
    if (chosen := click.get_current_context().params["output_format"]) in REVIEWS:
        raise click.UsageError(f"`--format {chosen}` is for `plan` and for `apply --dry-run`")
    return {name: value for name, value in given.items() if name not in _OF_PROPOSAL}


def _apply(*, yes: bool, color: bool | None, verbose: bool, silent: bool, **rest: Any) -> Result:
    from commetctl.cli.console import Console
    from commetctl.cli.present import concluded, present, style
    from commetctl.cli.proposal import asked
    from commetctl.usecases.apply import Apply
    from commetctl.usecases.plan import prepare
    from commetctl.usecases.saved_plan_check import check

    if rest.get("due") and rest.get("saved_plan"):
        raise click.UsageError("`--due` takes what is due from the catalog, and not from a saved plan")
    wanted, plan, catalog, session, journals = asked(verbose=verbose, silent=silent, **rest)
    with session.client(catalog.contract) as client:
        prepared = prepare(catalog, session, client, wanted, journals)
        result = present(prepared, color=color, verbose=verbose)
        if plan:
            check(plan, prepared, journals)
        console = Console(style(color), silent, result.text)
        conclusion = Apply(prepared, client, journals, console, plan.id if plan else None).run(yes=yes)
    return concluded(result, conclusion, console)
