"""`commetctl apply`: make Commet as the file says, and prove that it is."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commetctl.cli import options
from commetctl.cli.report import INTERRUPTED, Result, reporting

if TYPE_CHECKING:
    from commetctl.api.client import Client
    from commetctl.cli.prepare import Prepared
    from commetctl.core.outcome import Outcome

_FAILED, _REFUSED, _PARTLY = 1, 4, 5


@click.command()
@options.catalog_file()
@options.target()
@options.selection()
@options.live()
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
    yes: bool,
    color: bool | None,
    verbose: bool,
    silent: bool,
    **account: Any,
) -> Result:
    """Show the plan, ask, carry it out, and read back whether it took.

    Exits with 5 when only a part could be done; running it again does the rest.
    """
    from commetctl.catalog import load
    from commetctl.cli.prepare import options as chosen
    from commetctl.cli.prepare import prepare
    from commetctl.cli.present import present
    from commetctl.cli.session import Account
    from commetctl.guard import refusals

    catalog = load(file, api_version)
    where = Account(**account, verbose=verbose)
    with where.client(catalog.contract) as client:
        prepared = prepare(catalog, where, client, chosen(targets, prune=prune), allow_live=allow_live)
        result = present(prepared, color=color, verbose=verbose)
        result.content["outcomes"] = []
        refused = refusals(prepared.changeset, prepared.mode)
        if refused:
            result.exit_code, result.errors = _REFUSED, list(refused)
            return result
        if not prepared.changeset.changes:
            return result
        if not silent:
            click.echo(result.text + "\n")
        result.text = ""
        if not yes and (refusal := _unconfirmed()):
            return refusal
        return _carry_out(prepared, client, result, silent=silent, color=color)


def _unconfirmed() -> Result | None:
    """What to report when nobody says yes."""
    import sys

    from commetctl.errors import Refused

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        error = Refused("there is no terminal to ask on", "give `--yes` to apply without asking", code="not_confirmed")
        return Result(exit_code=_REFUSED, errors=[error])
    answer = click.prompt("Type yes to apply this", default="", show_default=False, err=True)
    if answer.strip() == "yes":
        return None
    return Result(exit_code=_REFUSED, errors=[Refused("nothing was applied", "", code="not_confirmed")])


def _carry_out(prepared: "Prepared", client: "Client", result: Result, *, silent: bool, color: bool | None) -> Result:
    from commetctl.cli.present import style
    from commetctl.cli.progress import progress
    from commetctl.render.document import outcome_document
    from commetctl.render.text import outcome_summary

    outcomes: list[Outcome] = []
    interrupted = False
    with progress(len(prepared.changeset.changes), style(color), silent=silent) as show:
        try:
            for outcome in _outcomes(prepared, client):
                outcomes.append(outcome)
                show(outcome)
        except KeyboardInterrupt:
            interrupted = True
    if not interrupted:
        outcomes = _read_back(prepared, client, outcomes)
    result.content["outcomes"] = [outcome_document(outcome) for outcome in outcomes]
    result.text = "" if silent else "\n  " + outcome_summary(outcomes)
    return _concluded(result, outcomes, interrupted=interrupted)


def _outcomes(prepared: "Prepared", client: "Client") -> Any:
    import uuid

    from commetctl.apply import Run
    from commetctl.live import fetch

    def prove_scale() -> None:
        fetch(client, prepared.catalog.sections, prepared.catalog.contract)

    run = Run(
        prepared.changeset,
        client,
        dict(prepared.world.live.ids),
        run_id=uuid.uuid4().hex,
        livemode=prepared.mode.expected,
        prove_scale=prove_scale,
    )
    return run.outcomes()


def _read_back(prepared: "Prepared", client: "Client", outcomes: "list[Outcome]") -> "list[Outcome]":
    """The outcomes, those that do not hold when the account is read again turned into failures."""
    from dataclasses import replace

    from commetctl.apply import unconfirmed
    from commetctl.cli.prepare import read
    from commetctl.core.outcome import Applied, Failed
    from commetctl.errors import CommetctlError
    from commetctl.reconcile import reconcile
    from commetctl.sections.section import World

    if not any(isinstance(outcome, Applied) for outcome in outcomes):
        return outcomes
    live, _ = read(prepared.catalog, client)
    world = World(prepared.catalog.desired, live, prepared.catalog.contract)
    after = reconcile(world, prepared.catalog.sections, options=replace(prepared.options, targets=()))
    left = unconfirmed(prepared.changeset, after)
    checked: list[Outcome] = []
    for outcome in outcomes:
        remains = left.get(outcome.change.address)
        if isinstance(outcome, Applied) and remains:
            error = CommetctlError(f"Commet confirmed the change, but when read back, {remains}", code="not_confirmed")
            checked.append(Failed(outcome.change, error))
        else:
            checked.append(outcome)
    return checked


def _concluded(result: Result, outcomes: "list[Outcome]", *, interrupted: bool) -> Result:
    """The result with its exit code, and with every failure said again where it cannot be missed."""
    from commetctl.core.outcome import Applied, Failed
    from commetctl.errors import CommetctlError

    failures = [outcome for outcome in outcomes if isinstance(outcome, Failed)]
    seen: dict[int, CommetctlError] = {}
    for failure in failures:
        seen.setdefault(id(failure.error), failure.error)
    result.errors = list(seen.values())
    applied = any(isinstance(outcome, Applied) for outcome in outcomes)
    if interrupted:
        result.exit_code = INTERRUPTED
        result.errors.append(CommetctlError("interrupted", "run it again to do the rest", code="interrupted"))
    elif failures and applied:
        result.exit_code = _PARTLY
        result.errors.append(
            CommetctlError("only a part was applied", "run `commetctl plan` to see what is left", code="partly_applied")
        )
    elif failures:
        result.exit_code = next(iter(seen.values())).exit_code
    return result
