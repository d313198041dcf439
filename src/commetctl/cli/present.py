"""A review as a Result, and how to lay it out."""

import os
import shutil
import sys
from typing import TYPE_CHECKING, Any

from commetctl.cli.options import is_terminal
from commetctl.cli.result import Result
from commetctl.core.text import printable
from commetctl.render.document import impact_document, notice_document, plan_document
from commetctl.render.review import Review
from commetctl.render.style import Style
from commetctl.render.text import plan_text

if TYPE_CHECKING:
    # `validate` needs the style alone, and no HTTP.
    from commetctl.usecases.plan import Prepared

#: Columns: of a log, and of what is too narrow to be laid out.
_LOG, _NARROWEST = 100, 40


def present(prepared: "Prepared", *, color: bool | None, verbose: bool) -> Result:
    """The plan for people and for machines."""
    plan = plan_document(prepared.review, prepared.world.desired)
    return reviewed(prepared.review, {"target": prepared.target(), "plan": plan}, color=color, verbose=verbose)


def reviewed(review: Review, content: dict[str, Any], *, color: bool | None, verbose: bool) -> Result:
    """A review for people, and what machines get beside it."""
    text = plan_text(review, style(color), whole=verbose)
    return Result(
        f"{printable(review.title)}\n\n{text}",
        content | impact_document(review),
        diagnostics=[notice_document(notice) for notice in review.changeset.notices],
        review=review,
    )


def style(color: bool | None) -> Style:
    """Colour where it was asked for, else on a terminal that does not say NO_COLOR."""
    if color is None:
        color = is_terminal(sys.stdout) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    # As wide as the terminal, or as COLUMNS says; a log has no width, and what is wider than this reads badly.
    return Style(color, max(_NARROWEST, shutil.get_terminal_size((_LOG, 0)).columns))
