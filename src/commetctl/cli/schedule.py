"""`commetctl schedule`: write a dated change."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commetctl.cli import options
from commetctl.cli.declaring import OF_FILES, READS, WHAT, Does, Page, command, option
from commetctl.cli.report import Result, reporting
from commetctl.core import exits

if TYPE_CHECKING:
    from commetctl.usecases.dated.schedule import Scheduled

_SUFFIXES = (".yaml", ".yml")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")

PAGE = Page(
    (*READS, Does.CHANGES_FILE),
    (*OF_FILES, exits.REFUSED),
    {
        "commetctl schedule raise-pro --on 2027-01-01 --set plans.pro.prices.monthly.price=59.00": "a new price",
        "commetctl schedule raise-pro --on sandbox=now,production=2027-01-01 --from git:HEAD": (
            "your edits of the catalog since the last commit, which are taken back there"
        ),
        "commetctl schedule changes/raise-pro.yaml": "write `was` of a change anew",
    },
)


@command(PAGE)
@click.argument("name", metavar="NAME")
@options.file
@option(WHAT, "--on", metavar="DATE", help="From when it holds: a date, a time with an offset, `now`, or ENV=DATE,…")
@option(
    WHAT,
    "--set",
    "words",
    multiple=True,
    metavar="PATH=VALUE",
    help="Set this value; `null` removes it.",
)
@option(WHAT, "--from", "source", metavar="SOURCE", help="Take the edits of the files since this revision, git:REV.")
@option(
    WHAT, "--as", "code", metavar="CODE", help="Add another plan with the new prices, and take the old one off sale."
)
@option(WHAT, "--why", metavar="TEXT", help="The reason.")
@option(WHAT, "--announced", metavar="DATE", help="The day of the announcement to customers.")
@option(WHAT, "--notice", type=int, metavar="DAYS", help="How long after that the first higher bill may come.")
@options.dry_run
@options.yes
@options.output()
@reporting("schedule", talks=True, untouched="nothing was written")
def schedule(*, name: str, file: Path, on: str | None, dry_run: bool, yes: bool, silent: bool, **rest: Any) -> Result:
    """Write a dated change.

    It writes changes/NAME.yaml, with the values that the change replaces, and nothing into Commet. `--from` moves your
    edits of the catalog into the change, and asks before it takes them back in the catalog. With the file of a change
    in place of NAME, it writes `was` of that change anew, and with `--as` another plan in place of its edits.
    """
    from commetctl.cli.console import Console
    from commetctl.cli.present import style
    from commetctl.core.text import printable

    scheduled = _renewed(name, file, on, rest) if _is_file(name) else _new(name, file, on, **rest)
    patch = "\n".join(map(printable, scheduled.patch().split("\n")))
    content = {"schedule": _document(scheduled)}
    if dry_run or not scheduled.files:
        return Result(patch or f"{printable(scheduled.name)}: `was` is up to date", content)
    console = Console(style(None), silent, patch if scheduled.is_asked and not yes else "")
    if refused := scheduled.write(console, yes=yes):
        return Result(content=content, exit_code=exits.REFUSED, errors=[refused])
    return Result("\n".join(map(printable, _said(scheduled))), content)


def _is_file(name: str) -> bool:
    return "/" in name or name.endswith(_SUFFIXES)


def _renewed(name: str, file: Path, on: str | None, rest: dict[str, Any]) -> "Scheduled":
    from commetctl.usecases.dated.schedule import relocked

    code = rest.pop("code")
    if on or any(rest.values()):
        raise click.UsageError(
            f"only `was` of {name} is written, or `--as CODE`: edit the rest in the file, or give a NAME"
        )
    return relocked(file, name, code or "")


def _new(
    name: str, file: Path, on: str | None, *, words: tuple[str, ...], source: str | None, code: str | None, **more: Any
) -> "Scheduled":
    from commetctl.catalog import revision
    from commetctl.usecases.dated.edits import Misworded, of_files, of_words
    from commetctl.usecases.dated.schedule import head_of
    from commetctl.usecases.dated.schedule import schedule as scheduled

    if not _NAME.match(name):
        raise click.UsageError(f"`{name}` is not the name of a file: use letters, digits, `-` and `_`")
    if not on:
        raise click.UsageError("`--on DATE` is missing: from when the change holds")
    if bool(words) == bool(source):
        raise click.UsageError("give either `--set PATH=VALUE`, or `--from git:REV`")
    try:
        head = head_of(_dates(on), **more)
        content = of_words(words)
    except Misworded as error:
        raise click.UsageError(str(error)) from None
    restored: dict[str, bytes] = {}
    if source:
        content, restored = of_files(file, revision.source(source, str(file)), source)
    return scheduled(file, name, head, content, restored=restored, code=code or "")


def _dates(on: str) -> str | dict[str, str]:
    """`2027-01-01`, or the dates of environments: `sandbox=now,production=2027-01-01`."""
    if "=" not in on:
        return on
    pairs = [part.partition("=") for part in on.split(",")]
    names = [name.strip() for name, _, _ in pairs]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise click.UsageError(f"`--on` has two dates for {twice}: give one")
    return {name.strip(): date.strip() for name, _, date in pairs}


def _said(scheduled: "Scheduled") -> list[str]:
    """What was done, and what to do next."""
    dates = scheduled.dates()
    when = ", ".join(f"{name} {date}" for name, date in dates.items()).strip()
    lines = []
    for item in scheduled.files:
        if item.name == scheduled.name:
            lines.append(f"{item.name}: " + ("`was` updated" if item.before is not None else f"due {when}"))
        elif item.name in scheduled.renewed:
            lines.append(f"{item.name}: `was` updated, as it comes later")
        else:
            lines.append(f"{item.name}: edits taken back")
    plans = " and ".join(f"`commetctl plan --env {name}`" for name in dates if name) or "`commetctl plan`"
    return [*lines, "", f"next: review it with {plans}, and commit it"]


def _document(scheduled: "Scheduled") -> dict[str, Any]:
    return {
        "file": scheduled.name,
        "effective": scheduled.dates(),
        "files": [item.name for item in scheduled.files],
        "renewed": list(scheduled.renewed),
    }
