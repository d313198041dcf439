"""`commetctl history`: what was applied from here, when, and by which saved plan?"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commetctl.cli import options
from commetctl.cli.declaring import READS, Page, command
from commetctl.cli.report import Result, reporting
from commetctl.core import exits

if TYPE_CHECKING:
    from datetime import datetime

    from commetctl.render.terminal import Style
    from commetctl.usecases.history import History, PastRun

_ENDINGS = {
    "applied": "all applied",
    "nothing_to_do": "nothing to do",
    "partly_applied": "partly applied",
    "failed": "failed",
    "refused": "refused, nothing written",
    "interrupted": "interrupted",
    "open": "interrupted, or still at work",
}
_HEAD = (
    "run", "started (UTC)", "mode", "environment", "account", "saved plan", "created", "updated", "deleted", "result"
)  # fmt: skip
#: How much of an id is shown in a table; `history RUN` and JSON have all of it.
_SHORT = 8


PAGE = Page(
    READS,
    (exits.DONE, exits.FAILED),
    {
        "commetctl history": "the runs, newest first",
        "commetctl history 3f2a": "the changes of one run",
    },
)


@command(PAGE)
@click.argument("run", default="", metavar="[RUN]")
@options.journal
@options.output()
@options.color
@reporting("history")
def history(run: str, journal: Path, *, color: bool | None) -> Result:
    """Show what was applied from here, when, and by which saved plan.

    It reads the journals of `apply` only: newest first, or with RUN the changes of that run. RUN is an id from the
    list, or the beginning of one. The journals of the last 20 finished runs are kept.
    """
    from commetctl.cli.present import style
    from commetctl.core.errors import CommetctlError
    from commetctl.usecases.history import history as looked_up

    found = looked_up(journal)
    result = Result()
    if run:
        past = found.find(run)
        result.text = "\n".join(_details(past, style(color)))
        shown = [past.details()]
    else:
        result.text = "\n".join(_listed(found, style(color)))
        shown = [past.document() for past in found.runs]
        message = "is not a journal that commetctl can read, so its run is not listed"
        result.warnings = [CommetctlError(f"{path} {message}", code="journal_unreadable") for path in found.damaged]
    result.content = {"history": {"folder": str(journal), "runs": shown}}
    return result


def _listed(found: "History", style: "Style") -> Iterator[str]:
    from commetctl.render.tables import table

    if not found.runs:
        yield f"No run has left a journal in {found.folder}"
        return
    yield from table(_HEAD, [_row(past) for past in found.runs], style, indent=0, right=range(6, 9))
    yield from ("", f"the changes of one: commetctl history {found.runs[0].id[:_SHORT]}")


def _row(past: "PastRun") -> list[str]:
    applied = past.applied
    counts = ["", "", ""]
    if applied is not None:
        replaced = f" + {applied['replace']} replaced" if applied.get("replace") else ""
        counts = [str(applied.get(word, 0)) for word in ("create", "update", "delete")]
        counts[1] += replaced
    plan = past.run.plan.removeprefix("sha256:")[:_SHORT] if past.run.plan else ""
    about = [past.id[:_SHORT], _said(past.started), past.mode, past.run.told.environment, _account(past)]
    return [*about, plan, *counts, _ending(past)]


def _details(past: "PastRun", style: "Style") -> Iterator[str]:
    from commetctl.core.resource import Address
    from commetctl.render.tables import facts, table
    from commetctl.render.terminal import done_word

    told = past.run.told
    about = [
        ("run", past.id),
        ("started", f"{_said(past.started)} UTC"),
        ("finished", f"{_said(told.finished)} UTC" if told.finished else ""),
        ("result", _ending(past)),
        ("continued by", past.follower),
        ("mode", past.mode),
        ("environment", told.environment),
        ("account", _account(past)),
        ("API version", told.api_version),
        ("catalog", told.catalog),
        ("saved plan", past.run.plan or "none"),
    ]
    yield from facts(about, style, indent=0)
    rows = [
        (result or "not known", address, done_word(Address.parse(address), word) if result == "applied" else word, code)
        for address, word, result, code in past.changes
    ]
    yield from ["", *table(("result", "object", "change", "error"), rows, style)] if rows else ()


def _account(past: "PastRun") -> str:
    """`https://commet.co`, `local Commet in .commet/local.db`"""
    local = past.place.removeprefix("local:")
    return f"local Commet in {local}" if local != past.place else past.place


def _ending(past: "PastRun") -> str:
    from commetctl.core.text import counted

    # Where the journal does not say what was applied, it says at least what was to be.
    planned = counted(len(past.run.changes), "change") if past.applied is None else ""
    return _ENDINGS[past.ending.value] + (f" ({planned} planned)" if planned else "")


def _said(moment: "datetime") -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"
