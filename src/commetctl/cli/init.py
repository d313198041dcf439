"""`commetctl init`: a pricing repository that works at once."""

import os
import shlex
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from commetctl.cli import options
from commetctl.cli.report import reporting
from commetctl.cli.result import Result

if TYPE_CHECKING:
    from commetctl.core.errors import CommetctlError

#: What a template is called, and the folder of the example that it is.
TEMPLATES = {
    "fixed": "fixed-tiers",
    "seats": "seats",
    "metered": "metered",
    "credits": "credits",
    "balance": "balance",
    "ai": "ai-product",
}
#: Options that say nothing without an account to read.
_OF_LIVE = ("api_url", "api_version", "api_key_file", "local", "retries", "max_wait")


@click.command()
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--template",
    type=click.Choice(list(TEMPLATES)),
    default="fixed",
    show_default=True,
    help="What the catalog begins as: tiers, seats, use, credits, a prepaid balance, an AI product.",
)
@click.option("--from-live", is_flag=True, help="Begin with what Commet has, as `pull` writes it, instead.")
@click.option(
    "--ci",
    type=click.Choice(["github", "gitlab", "none"]),
    default="github",
    show_default=True,
    help="For which CI to add a workflow.",
)
@options.target()
@options.effort()
@options.output()
@reporting("init", talks=True)
def init(*, folder: Path, template: str, from_live: bool, ci: str, **account: Any) -> Result:
    """Make a pricing repository in DIR: a catalog, its schema for editors, a workflow, a README.

    DIR is the current folder unless it is given, and is made where it is missing. Nothing that is there is overwritten.
    No key and no network, but with --from-live.
    """
    _check_usage(from_live=from_live)
    from commetctl.cli import founding
    from commetctl.core.errors import CommetctlError
    from commetctl.core.text import printable
    from commetctl.usecases import scaffold as starter

    kept = founding.there(folder, starter.names(ci))
    catalog = folder / starter.CATALOG
    if starter.CATALOG in kept:
        raise CommetctlError(
            f"{catalog} is there already, so nothing was written",
            "name another folder, or go on with the catalog there: `commetctl plan`",
            code="catalog_there",
        )
    text, result = _from_live(catalog, account) if from_live else (_from_template(template), Result())
    files = starter.files(text, ci, live=from_live)
    founding.make(folder, {name: text for name, text in files.items() if name not in kept})
    begun = "what Commet has" if from_live else f"the template `{template}`"
    shown = list(reversed(files))
    lines = [f"a pricing repository in {folder}, from {begun}", "", *_lines(kept, shown), ""]
    lines += _next(folder, kept, _plan(account, from_live=from_live))
    result.text = "\n".join(map(printable, lines))
    result.diagnostics = [_diagnostic(folder / name, kept=name in kept) for name in shown]
    result.warnings += _warnings(folder, starter.WORKFLOWS.get(ci))
    return result


def _check_usage(*, from_live: bool) -> None:
    context = click.get_current_context()
    given = {name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE}
    if from_live and "template" in given:
        raise click.UsageError("the catalog begins either with `--template` or with `--from-live`")
    for name in () if from_live else _OF_LIVE:
        if name in given:
            raise click.UsageError(f"`--{name.replace('_', '-')}` is for `--from-live`: a template needs no account")


def _from_template(template: str) -> str:
    from commetctl.usecases.scaffold import example

    return example(f"{TEMPLATES[template]}/commet.yaml")


def _from_live(catalog: Path, account: dict[str, Any]) -> tuple[str, Result]:
    """The catalog that a pull would write, and what it has to say."""
    from commetctl.cli.pull import prepared_pull
    from commetctl.cli.session import Account

    rest = dict(account)
    api_version = rest.pop("api_version")
    pulled, said = prepared_pull(catalog, api_version, Account(**rest), ())
    return pulled.main.after.decode(), Result(content=said.content, warnings=said.warnings)


def _plan(account: dict[str, Any], *, from_live: bool) -> str:
    """The plan to look at first: on what the catalog comes from, else on a Commet that needs no key."""
    if not from_live:
        return "commetctl plan --local"
    if account["local"]:
        return shlex.join(["commetctl", "plan", "--local", str(Path(account["local"]).absolute())])
    # An address of the environment is there for the next command too.
    elsewhere = click.get_current_context().get_parameter_source("api_url") is ParameterSource.COMMANDLINE
    return shlex.join(["commetctl", "plan", *(["--api-url", account["api_url"]] if elsewhere else [])])


def _lines(kept: Collection[str], files: Collection[str]) -> list[str]:
    """A line for each file: made, with what it is for, or left alone."""
    from commetctl.usecases.scaffold import about

    width = max(map(len, files))
    return [
        f"  kept  {name:{width}}  is there already, and is left alone"
        if name in kept
        else f"  made  {name:{width}}  {about(name)}"
        for name in files
    ]


def _next(folder: Path, kept: Collection[str], plan: str) -> list[str]:
    from commetctl.usecases.scaffold import IGNORE, IGNORED

    steps = [] if folder == Path() else [shlex.join(["cd", str(folder)])]
    lines = ["next:", *(f"  {step}" for step in [*steps, "commetctl validate", plan])]
    return [*lines, f"and add to {IGNORE}: {' '.join(IGNORED)}"] if IGNORE in kept else lines


def _diagnostic(path: Path, *, kept: bool) -> dict[str, Any]:
    """A file, for machines."""
    code, message = ("kept", "is there already, and is left alone") if kept else ("made", "was made")
    return {"severity": "info", "code": code, "message": message, "hint": "", "file": str(path)}


def _warnings(folder: Path, workflow: tuple[str, str] | None) -> "list[CommetctlError]":
    """Where CI would not look for the workflow: below the root of a repository."""
    from commetctl.core.errors import CommetctlError

    here = folder.resolve()
    roots = [parent for parent in (here, *here.parents) if os.path.lexists(parent / ".git")]
    if workflow is None or not roots or roots[0] == here:
        return []
    message = f"{roots[0]} is the root of this repository, and CI looks for {workflow[0]} there"
    hint = "move it there, and put the path of the catalog into it; or use `--ci none`"
    return [CommetctlError(message, hint, code="not_the_root")]
