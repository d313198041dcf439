"""`commetctl apply`: make Commet as the file says, and prove that it is."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commetctl.cli import options
from commetctl.cli.report import Result, reporting

if TYPE_CHECKING:
    from commetctl.errors import Refused

_REFUSED = 4


@click.command()
@options.catalog_file()
@options.target()
@options.selection()
@options.live()
@options.guards()
@click.option("--yes", is_flag=True, help="Do not ask; needed where there is no terminal.")
@options.color()
@options.verbose()
@options.output()
@reporting("apply", talks=True)
def apply(
    *,
    file: Path,
    api_version: str | None,
    targets: tuple[str, ...],
    prune: bool,
    allow_live: bool,
    allow: tuple[str, ...],
    allow_delete: tuple[str, ...],
    yes: bool,
    color: bool | None,
    verbose: bool,
    silent: bool,
    **account: Any,
) -> Result:
    """Show the plan, ask, carry it out, and read back whether it took.

    Exits with 5 when only a part could be done; running it again does the rest.
    """
    from commetctl.apply.journal import Journals
    from commetctl.catalog import load
    from commetctl.cli.ending import Ending
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
        result.content["outcomes"] = []
        refused = refusals(prepared.subject)
        if not refused and not prepared.changeset.changes:
            return result
        if not silent:
            click.echo(result.text)
            click.echo(err=True)
        result.text = ""
        refused = refused or ([] if yes else _unconfirmed())
        if refused:
            result.exit_code, result.errors = _REFUSED, list(refused)
            return result
        journals = Journals(options.DEFAULT_JOURNALS)
        return Ending(prepared, client, result, journals, silent=silent, color=color).reached()


def _unconfirmed() -> "list[Refused]":
    """Ask; a refusal when nobody says yes."""
    import sys

    from commetctl.errors import Refused

    if not (options.is_terminal(sys.stdin) and options.is_terminal(sys.stderr)):
        return [Refused("there is no terminal to ask on", "give `--yes` to apply without asking", code="not_confirmed")]
    answer = click.prompt("Type yes to apply this", default="", show_default=False, err=True)
    return [] if answer.strip() == "yes" else [Refused("nothing was applied", code="not_confirmed")]
