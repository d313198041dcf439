"""A prepared changeset as a Result, and whether to colour it."""

import os
import sys
from typing import TYPE_CHECKING

from commetctl.cli.options import is_terminal
from commetctl.cli.report import Result
from commetctl.render.document import notice_document, plan_document
from commetctl.render.text import Style, plan_text
from commetctl.render.words import printable

if TYPE_CHECKING:
    # `validate` needs the style alone, and no HTTP.
    from commetctl.cli.prepare import Prepared


def present(prepared: "Prepared", *, color: bool | None, verbose: bool) -> Result:
    """The plan for people and for machines."""
    live = prepared.world.live
    text = plan_text(prepared.changeset, live.ids, style(color), requests=verbose)
    plan = plan_document(prepared.changeset, prepared.world.desired, live.resources, live.ids)
    return Result(
        f"{printable(prepared.heading())}\n\n{text}",
        {"target": prepared.target(), "plan": plan},
        diagnostics=[notice_document(notice) for notice in prepared.changeset.notices],
    )


def style(color: bool | None) -> Style:
    """Colour where it was asked for, else on a terminal that does not say NO_COLOR."""
    if color is None:
        color = is_terminal(sys.stdout) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Style(color)
