"""`commetctl apply`: make Commet as the file says, and prove that it is."""

from pathlib import Path
from typing import Any

import click

from commetctl.cli import options
from commetctl.cli.report import Result, reporting


@click.command()
@click.argument("saved_plan", metavar="[PLAN.json]", required=False, type=click.Path(path_type=Path))
@options.catalog_file
@options.target
@options.effort
@options.selection
@options.review
@options.running
@click.option("--yes", is_flag=True, help="Do not ask; needed where there is no terminal.")
@options.color
@options.verbose
@options.output()
@reporting("apply", talks=True)
def apply(
    *, saved_plan: Path | None, yes: bool, color: bool | None, verbose: bool, silent: bool, journal: Path, **rest: Any
) -> Result:
    """Show the plan, ask, carry it out, and read back whether it took.

    With PLAN.json, which `plan --out` saved, do exactly that or nothing; give the `--prune` and `--target` that it was
    made with. Exits with 5 when only a part could be done; running it again does the rest.
    """
    from commetctl.apply.journal import Journals
    from commetctl.catalog import load
    from commetctl.cli.console import Console
    from commetctl.cli.present import concluded, present, style
    from commetctl.cli.session import Session
    from commetctl.usecases import saved_plan_check as agreement
    from commetctl.usecases.apply import Apply
    from commetctl.usecases.plan import Wanted, prepare
    from commetctl.usecases.saved_plans import load as load_plan

    wanted = Wanted.among(rest)
    plan = load_plan(saved_plan) if saved_plan else None
    if plan:
        agreement.check_options(plan, wanted.options)
    catalog = load(wanted.file, wanted.api_version, wanted.environment)
    session = Session(**rest, environment=wanted.environment, verbose=verbose, silent=silent)
    journals = Journals(journal)
    with session.client(catalog.contract) as client:
        prepared = prepare(catalog, session, client, wanted, journals)
        result = present(prepared, color=color, verbose=verbose)
        if plan:
            agreement.check(plan, prepared, journals)
        console = Console(style(color), silent, result.text)
        conclusion = Apply(prepared, client, journals, console, plan.id if plan else None).run(yes=yes)
    return concluded(result, conclusion, console.text)
