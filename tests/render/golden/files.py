"""The golden files: what each holds, and how it is made."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from commetctl.cli.formats import rendered
from commetctl.cli.report import Result
from commetctl.core.errors import Refused
from commetctl.reading import Reading, reading_of
from commetctl.render.terminal import Style
from commetctl.render.text import plan_text
from commetctl.review.review import Review
from golden import reviews

FOLDER = Path(__file__).parent
EDITS = {"small": reviews.small, "medium": reviews.medium, "large": reviews.large}
#: Those that are small enough to be read whole.
KEPT = ("small", "medium")
WIDTHS = (80, 120)


@cache
def edit(name: str) -> Review:
    """One of the three edits; made once, for it takes its time."""
    return EDITS[name]()


@cache
def reading(name: str) -> Reading:
    """One of the edits, as people read it."""
    return reading_of(edit(name), reviews.refused(name), "commetctl apply")


def text(name: str, width: int = 100, *, whole: bool = False, color: bool = False) -> str:
    """An edit as a terminal shows it."""
    return f"{plan_text(reading(name), Style(color, width), whole=whole)}\n"


def formatted(name: str, output_format: str) -> str:
    """An edit as `plan --format` writes it."""
    refused = [
        Refused(f"`apply` would refuse: {e.message}", e.hint, code=e.code, address=e.address)
        for e in reviews.refused(name)
    ]
    result = Result(reading=reading(name), findings=reviews.findings(name), refused=[*refused], text=text(name))
    return rendered(output_format, "plan", result)


def _files(name: str) -> dict[str, Callable[[], str]]:
    made: dict[str, Callable[[], str]] = {f"{name}.{w}.txt": lambda w=w: text(name, w) for w in WIDTHS}  # type: ignore[misc]
    made |= {f"{name}.{w}.color.txt": lambda w=w: text(name, w, color=True) for w in WIDTHS}  # type: ignore[misc]
    made[f"{name}.whole.txt"] = lambda: text(name, whole=True)
    for ending, output_format in {"md": "markdown", "github": "github", "xml": "junit"}.items():
        made[f"{name}.{ending}"] = lambda f=output_format: formatted(name, f)  # type: ignore[misc]
    return made


#: Every file, by name, with what makes its content.
FILES: dict[str, Callable[[], str]] = {file: make for name in KEPT for file, make in _files(name).items()}
