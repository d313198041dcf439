"""A proposal: the plan that `plan` shows and saves, and that `apply --dry-run` shows in place of applying."""

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from commetctl.cli import environments, options
from commetctl.cli.report import Result
from commetctl.core import exits

if TYPE_CHECKING:
    from commetctl.apply.journal import Journals
    from commetctl.catalog import Catalog
    from commetctl.cli.session import Session
    from commetctl.core.errors import Refused
    from commetctl.usecases.account import Account
    from commetctl.usecases.plan import Prepared
    from commetctl.usecases.saved_plans import SavedPlan
    from commetctl.usecases.wanted import Wanted


def proposed(
    *,
    out: Path | None,
    strict: bool,
    detailed_exitcode: bool,
    color: bool | None,
    verbose: bool,
    timeline: bool = False,
    **rest: Any,
) -> Result:
    """The plan of the options of a command; reads only.

    Raises Refused if `saved_plan` is among them and could not be applied now.
    """
    from commetctl.cli.present import present
    from commetctl.review.guards import refusals
    from commetctl.review.lint import checked

    _check(out, rest)
    prepared = _prepared(verbose=verbose, **rest)
    pending = bool(prepared.changeset.changes or prepared.changeset.blocked or prepared.held)
    judged = pending or prepared.subject.clock is not None
    refused = [*(refusals(prepared.subject) if judged else []), *prepared.held]
    # Checked before anything is written: with `--strict`, a warning is an error.
    findings = checked(prepared.catalog, prepared.changeset.changes, strict=strict)
    saved = _saved(prepared, out) if out else {}
    command = _command(prepared, out)
    shown = "" if out or rest.get("moment") else command
    result = present(prepared, color=color, verbose=verbose, refused=refused, command=shown, timeline=timeline)
    if out:
        result.content |= saved
        result.closing = [f"Saved. To apply exactly this: {command}"]
    result.findings = findings
    result.refused = [_foretold(refusal) for refusal in refused]
    result.exit_code = exits.PENDING if detailed_exitcode and pending else exits.DONE
    return result


def _check(out: Path | None, rest: dict[str, Any]) -> None:
    """Raise UsageError for a plan that cannot be saved."""
    for name, flag in (("moment", "--at"), ("due", "--due")):
        if out and rest.get(name):
            raise click.UsageError(f"a plan with `{flag}` cannot be saved; save one of the whole catalog")


class Asked(NamedTuple):
    """What a plan or an apply is asked for: the catalog, the account, and the saved plan to apply, if one is given."""

    wanted: "Wanted"
    plan: "SavedPlan | None"
    catalog: "Catalog"
    session: "Session"
    journals: "Journals"


def asked(*, verbose: bool, silent: bool, journal: Path, saved_plan: Path | None = None, **rest: Any) -> Asked:
    """What the options of a command ask for. Raises CommetctlError for files that cannot be read, or do not agree."""
    from commetctl.apply.journal import Journals
    from commetctl.catalog import load
    from commetctl.cli.session import Session
    from commetctl.usecases.saved_plan_check import check_options, check_unspent
    from commetctl.usecases.saved_plans import load as load_plan
    from commetctl.usecases.wanted import Wanted

    wanted = Wanted.among(rest)
    plan, journals = load_plan(saved_plan) if saved_plan else None, Journals(journal)
    if plan:
        check_options(plan, wanted.options)
        # What was done already may be an error to ask for, and would be less to the point.
        check_unspent(plan, journals)
    catalog = load(wanted.file, wanted.api_version, wanted.environment)
    session = Session(**rest, environment=wanted.environment, verbose=verbose, silent=silent)
    return Asked(wanted, plan, catalog, session, journals)


def _prepared(journal: Path | None = None, **rest: Any) -> "Prepared":
    from commetctl.usecases.plan import prepare
    from commetctl.usecases.saved_plan_check import check

    wanted, plan, catalog, session, journals = asked(
        journal=journal or environments.place(environments.DEFAULT_JOURNALS), **rest
    )
    with session.client(catalog.contract) as client:
        prepared = prepare(catalog, session, client, wanted, journals)
    if plan:
        check(plan, prepared, journals)
    return prepared


def _foretold(refusal: "Refused") -> "Refused":
    from commetctl.core.errors import Refused

    message = f"`apply` would refuse: {refusal.message}"
    return Refused(message, refusal.hint, code=refusal.code, address=refusal.address)


def _saved(prepared: "Prepared", path: Path) -> dict[str, Any]:
    """Save the plan; the file and the id, for the document."""
    from commetctl.usecases.saved_plans import save

    return {"saved": {"file": str(path), "id": save(prepared, path)}}


def _command(prepared: "Prepared", saved: Path | None) -> str:
    """The command that applies the plan, or the saved one, as it was made; what guards ask for is not in it."""
    from commetctl.usecases.saved_plan_check import option_words

    words = ["commetctl apply", *([shlex.quote(str(saved))] if saved else [])]
    words += target_words(prepared.account, prepared.catalog)
    # A saved plan is agreed to when it is applied.
    words += ["--due"] if prepared.only_due else []
    words += [] if saved else _consent(prepared)
    return " ".join([*words, *option_words(prepared.options)])


def _consent(prepared: "Prepared") -> Iterator[str]:
    """The options that let guards pass."""
    allowed = prepared.subject.allowed
    if prepared.mode.allow_live:
        yield "--live"
    yield from (f"--allow {name}" for name in sorted(allowed.guards))
    yield from (f"--allow-delete {shlex.quote(str(address))}" for address in sorted(allowed.deletes))


def target_words(account: "Account", catalog: "Catalog", file: str = "") -> list[str]:
    """The options that name the same catalog and account again; `file` is the catalog where it is another one."""
    file = file or catalog.file
    words = [f"--file {shlex.quote(file)}"] if not environments.is_default(Path(file)) else []
    words += [f"--env {shlex.quote(account.environment)}"] if account.environment else []
    words += [f"--local={shlex.quote(account.local)}"] if account.local else []
    words += [f"--api-url {shlex.quote(account.api_url)}"] if "api_url" in options.given() else []
    return words + ([f"--api-version {catalog.contract.version}"] if "api_version" in options.given() else [])
