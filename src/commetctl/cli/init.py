"""`commetctl init`: a pricing repository that works at once."""

import shlex
from collections.abc import Collection
from pathlib import Path
from typing import Any

import click

from commetctl.cli import options
from commetctl.cli.declaring import OF_ACCOUNT, WHAT, Does, Page, command, option
from commetctl.cli.report import Result, reporting

#: The templates, each with the folder of its example.
TEMPLATES = {
    "fixed": "fixed-tiers",
    "seats": "seats",
    "metered": "metered",
    "credits": "credits",
    "balance": "balance",
    "ai": "ai-product",
}
#: Options that have no meaning without an account to read.
_OF_LIVE = ("api_url", "api_version", "api_key_file", "local", "retries", "max_wait")


PAGE = Page(
    (Does.CHANGES_FILE,),
    OF_ACCOUNT,
    {
        "commetctl init": "in this folder, from the template `fixed`",
        "commetctl init pricing --template metered": "in another folder, from another template",
        "commetctl init pricing --from-live": "from what Commet has",
    },
)


@command(PAGE)
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path())
@option(
    WHAT,
    "--template",
    type=click.Choice(list(TEMPLATES)),
    default="fixed",
    show_default=True,
    help="What to start with: tiers, seats, metered use, credits, a prepaid balance, an AI product.",
)
@option(WHAT, "--from-live", is_flag=True, help="Start with what Commet has, as `pull` writes it.")
@option(
    WHAT,
    "--ci",
    type=click.Choice(["github", "gitlab", "none"]),
    default="github",
    show_default=True,
    help="The CI system to add a workflow for.",
)
@options.target
@options.effort
@options.output()
@reporting("init", talks=True)
def init(*, folder: Path, template: str, from_live: bool, ci: str, **account: Any) -> Result:
    """Make a pricing repository: a catalog, its schema and a workflow.

    DIR is this folder unless it is given. Files that are there already are never overwritten. Only `--from-live` needs
    a key and a network.
    """
    _check_usage(from_live=from_live)
    from commetctl.core.text import printable
    from commetctl.usecases import scaffold

    kept = scaffold.existing(folder, ci)
    if from_live:
        text, result = _from_live(folder / scaffold.CATALOG, **account)
    else:
        text, result = scaffold.example(f"{TEMPLATES[template]}/{scaffold.CATALOG}"), Result()
    names = scaffold.create(folder, text, ci, kept, live=from_live)
    begun = "what Commet has" if from_live else f"the template `{template}`"
    lines = [f"a pricing repository in {folder}, from {begun}", "", *_lines(kept, names), ""]
    lines += _next(folder, kept, _plan(account, from_live=from_live))
    result.text = "\n".join(map(printable, lines))
    result.diagnostics = [_diagnostic(folder / name, kept=name in kept) for name in names]
    result.warnings += scaffold.misplaced(folder, ci)
    return result


def _check_usage(*, from_live: bool) -> None:
    given = options.given()
    if from_live and "template" in given:
        raise click.UsageError("the catalog begins either with `--template` or with `--from-live`")
    for name in () if from_live else _OF_LIVE:
        if name in given:
            raise click.UsageError(f"`--{name.replace('_', '-')}` is for `--from-live`: a template needs no account")


def _from_live(catalog: Path, *, api_version: str | None, **rest: Any) -> tuple[str, Result]:
    """The catalog that a pull would write, and the warnings of that pull."""
    from commetctl.cli.present import pulled
    from commetctl.cli.session import Session
    from commetctl.usecases.pull.prepare import prepare_pull

    prepared = prepare_pull(catalog, api_version, Session(**rest), ())
    said = pulled(prepared)
    return prepared.pulled.main.after.decode(), Result(content=said.content, warnings=said.warnings)


def _plan(account: dict[str, Any], *, from_live: bool) -> str:
    """The plan to run first: on the account that the catalog comes from, else on the embedded Commet."""
    if not from_live:
        return "commetctl plan --local"
    if account["local"]:
        return shlex.join(["commetctl", "plan", "--local", str(Path(account["local"]).absolute())])
    elsewhere = ["--api-url", account["api_url"]] if "api_url" in options.given() else []
    return shlex.join(["commetctl", "plan", *elsewhere])


def _lines(kept: Collection[str], names: Collection[str]) -> list[str]:
    """A line for each file: made, with what it is for, or left alone."""
    from commetctl.usecases.scaffold import about

    width = max(map(len, names))
    return [
        f"  kept  {name:{width}}  is there already, and is left alone"
        if name in kept
        else f"  made  {name:{width}}  {about(name)}"
        for name in names
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
