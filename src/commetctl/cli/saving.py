"""Saved plans on the command line: kept by `plan --out`, and agreed with before `apply` carries one out."""

import shlex
from pathlib import Path

import click
from click.core import ParameterSource

from commetctl.apply.journal import Journals
from commetctl.cli.environments import DEFAULT_FILE
from commetctl.cli.result import Result
from commetctl.core.errors import Refused
from commetctl.core.resource import Address
from commetctl.core.snapshot import snapshot
from commetctl.core.text import printable
from commetctl.planning.reconcile import Options
from commetctl.usecases import saved_plans as saved
from commetctl.usecases.agreement import check
from commetctl.usecases.plan import Prepared, Wanted


def keep(prepared: Prepared, result: Result, path: Path) -> None:
    """Save the plan of a result, and say so in it."""
    choices = prepared.options
    content = saved.make(_now(prepared, result), prune=choices.prune, targets=map(str, choices.targets))
    saved.write(content, path)
    result.content["saved"] = {"file": str(path), "id": content["id"]}
    result.text += f"\n\n  Saved. To do exactly this: {printable(_command(prepared, path))}"


def check_options(plan: saved.SavedPlan, path: Path, wanted: Wanted) -> None:
    """Raise Refused unless the command line gives the options that decided what the plan does, and no other.

    A plan file is data that somebody else may have made: it does not choose what is deleted.
    """
    given, needed = _options(wanted.options), _options(_chosen(plan, path))
    if given == needed:
        return
    lacking = [words for words in needed if words not in given]
    surplus = [words for words in given if words not in needed]
    said = [f"was made with `{' '.join(lacking)}`, and this command does not give it"] if lacking else []
    said += [f"was made without `{' '.join(surplus)}`, which this command gives"] if surplus else []
    hint = f"review the plan, and then apply it with `{' '.join(lacking)}`" if lacking else ""
    hint += " and without the other; or" if lacking and surplus else "; or" if lacking else "leave that out, or"
    raise Refused(
        f"{path} {'; it '.join(said)}", f"{hint} make the plan again with `commetctl plan --out`", code="plan_options"
    )


def agree(plan: saved.SavedPlan, path: Path, prepared: Prepared, result: Result, journals: Journals) -> None:
    """Raise Refused unless what is about to be done is what was saved, and has not been done before."""
    runs = [past for past in journals.pasts() if past.plan == plan.id]
    if any(past.did_all for past in runs):
        raise Refused(
            f"{path} was applied before, and a plan works once",
            "make a new one with `commetctl plan --out`",
            code="plan_spent",
        )
    check(plan, path, _now(prepared, result), begun=any(past.wrote for past in runs))


def _now(prepared: Prepared, result: Result) -> saved.Present:
    live = prepared.world.live
    return saved.Present(
        prepared.target(),
        snapshot(prepared.world.desired),
        snapshot(live.resources, live.ids),
        result.content["plan"],
        live.times.newest,
        live.times.lifetime(prepared.changeset.changes),
        frozenset(map(str, prepared.options.restore)),
    )


def _chosen(plan: saved.SavedPlan, path: Path) -> Options:
    try:
        return Options(plan.choices.prune, tuple(Address.parse(text) for text in plan.choices.targets))
    except ValueError:
        raise saved.tampered(path, "a target in it is not an address") from None


def _options(options: Options) -> list[str]:
    """The options as words for a shell, each once and in one order."""
    targets = sorted({str(target) for target in options.targets})
    return [*(["--prune"] if options.prune else []), *(f"--target {shlex.quote(target)}" for target in targets)]


def _command(prepared: Prepared, path: Path) -> str:
    """The command that applies a plan: with every option that it was made with, but what the guards ask for."""
    account, catalog = prepared.account, prepared.catalog
    words = ["commetctl apply", shlex.quote(str(path))]
    words += [f"--file {shlex.quote(catalog.file)}"] if catalog.file != str(DEFAULT_FILE) else []
    words += [f"--env {shlex.quote(account.environment)}"] if account.environment else []
    words += [f"--local={shlex.quote(account.local)}"] if account.local else []
    words += [f"--api-url {shlex.quote(account.api_url)}"] if _was_typed("api_url") else []
    words += [f"--api-version {catalog.contract.version}"] if _was_typed("api_version") else []
    return " ".join([*words, *_options(prepared.options)])


def _was_typed(name: str) -> bool:
    """Whether an option is on the command line: what comes from the environment is there for `apply` too."""
    return click.get_current_context().get_parameter_source(name) is ParameterSource.COMMANDLINE
