"""`commetctl show`: what an account has, or what a saved plan would do."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commetctl.cli import options
from commetctl.cli.declaring import OF_ACCOUNT, READS, SHOW, Does, Page, command, option
from commetctl.cli.report import Result, reporting

if TYPE_CHECKING:
    from commetctl.usecases.contents import Contents
    from commetctl.usecases.saved_plans import SavedPlan

DEFAULT_PAGE = Path("commet-account.html")


PAGE = Page(
    READS,
    OF_ACCOUNT,
    {
        "commetctl show": "the account of COMMET_API_KEY",
        "commetctl show plan.json": "a saved plan, and whether it was used",
        "commetctl show --open": "the account as a page",
    },
)


@command(PAGE)
@click.argument("saved_plan", metavar="[PLAN.json]", required=False, type=click.Path(path_type=Path))
@options.catalog_file
@options.target
@options.effort
@options.journal
@options.out(SHOW, "FILE", "Write the page of the account to this file.")
@option(
    SHOW,
    "--open",
    "opens",
    is_flag=True,
    does=(Does.CHANGES_FILE,),
    help=f"Open the page, which is written to {DEFAULT_PAGE} unless --out names another file.",
)
@options.output("html")
@options.verbose
@options.color
@reporting("show", talks=True)
def show(
    saved_plan: Path | None, *, journal: Path, out: Path | None, opens: bool, color: bool | None, **rest: Any
) -> Result:
    """Show what the account has, or what a saved plan would do.

    The account needs no catalog. Where there is one, objects that it does not declare are marked as unmanaged.
    `--format html`, `--out` and `--open` make a page of the account.
    """
    wants_page = bool(out or opens or click.get_current_context().params["output_format"] == "html")
    if saved_plan and wants_page:
        raise click.UsageError("a page is of the account; `commetctl plan --format html` makes one of planned changes")
    if saved_plan:
        return _saved(saved_plan, journal, color)
    found = _contents(**rest)
    result = _account(found, color, verbose=rest["verbose"])
    if wants_page:
        _add_page(result, found, out, opens=opens)
    return result


def _contents(file: Path, api_version: str | None, **rest: Any) -> "Contents":
    from commetctl.cli.session import Session
    from commetctl.usecases.contents import contents

    return contents(Session(**rest), file, api_version)


def _account(found: "Contents", color: bool | None, *, verbose: bool) -> Result:
    from commetctl.cli.present import style
    from commetctl.render.account import account_summary, account_text
    from commetctl.render.json_contents import account_document
    from commetctl.render.text import heading_lines

    resources, chosen = found.live.resources, style(color)
    summary = account_summary(resources, found.unmanaged, found.catalog)
    body = account_text(resources, found.unmanaged or (), chosen)
    heading = "\n".join(heading_lines(found.heading, chosen, whole=verbose))
    said = "\n".join(chosen.wrapped(summary, 0))
    text = "\n\n".join(part for part in (heading, body, said) if part)
    target = found.account.document(found.contract, found.mode)
    document = account_document(resources, found.live.ids, found.unmanaged)
    return Result(text, {"target": target, "account": document}, warnings=[*found.warnings])


def _add_page(result: Result, found: "Contents", out: Path | None, *, opens: bool) -> None:
    """Make the page of the account, and write it where it is to go; stdout has it without a file."""
    from commetctl.cli.opening import said, write_page
    from commetctl.core.changeset import Changeset
    from commetctl.reading import reading_of
    from commetctl.render.page import page
    from commetctl.review.review import Review

    review = Review(Changeset((), (), {}), found.live.resources, heading=found.heading)
    result.page = page(reading_of(review), compare=False)
    if out or opens:
        path = out or DEFAULT_PAGE
        write_page(path, result.page)
        result.page, result.text = "", said(f"the page of {found.heading.account}", path, opens=opens)
        if click.get_current_context().params["output_format"] == "html":
            # The page is not on stdout, and no other text is there.
            click.echo(result.text, err=True)


def _saved(path: Path, journal: Path, color: bool | None) -> Result:
    from commetctl.apply.journal import Journals
    from commetctl.cli.present import style
    from commetctl.core.text import printable
    from commetctl.render.saved import saved_text
    from commetctl.render.tables import facts
    from commetctl.usecases.saved_plan_check import use_of, use_said
    from commetctl.usecases.saved_plans import load

    plan = load(path)
    chosen, journals = style(color), Journals(journal)
    about = "\n".join(facts([*_about(plan), ("used", use_said(plan, journals))], chosen, indent=0))
    content = {
        "file": str(path),
        "id": plan.id,
        "made": plan.made,
        "use": use_of(plan, journals).value,
        "options": _options(plan),
        "target": dict(plan.target),
        "plan": dict(plan.plan),
    }
    return Result(f"{printable(str(path))}\n\n{about}\n\n{saved_text(plan.plan, chosen)}", {"saved_plan": content})


def _about(plan: "SavedPlan") -> list[tuple[str, str]]:
    from commetctl.usecases.saved_plan_check import target_said

    return [
        ("saved plan", plan.id),
        ("for", target_said(plan.target)),
        ("made", plan.made.replace("T", " ").replace("+00:00", " UTC")),
        ("options", " ".join(_options(plan))),
    ]


def _options(plan: "SavedPlan") -> list[str]:
    from commetctl.usecases.saved_plan_check import option_words

    return option_words(plan.options)
