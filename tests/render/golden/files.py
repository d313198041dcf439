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
from golden import dates, reviews

FOLDER = Path(__file__).parent
EDITS = {"small": reviews.small, "medium": reviews.medium, "large": reviews.large}
#: Those that are small enough to be read whole.
KEPT = ("small", "medium")
WIDTHS = (80, 120)
#: A phone, a terminal, and one that has room for a whole row.
TIMELINES = (44, 100, 180)


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


def schedule(width: int = 100, *, timeline: bool = False, whole: bool = False) -> str:
    """What is scheduled, as a terminal in Berlin shows it."""
    with dates.zone("Europe/Berlin"):
        return f"{plan_text(dates.dated('Europe/Berlin'), Style(width=width), whole=whole, timeline=timeline)}\n"


def schedule_formatted(output_format: str, *, timeline: bool = False) -> str:
    """What is scheduled, as `plan --format` writes it in CI."""
    with dates.zone("UTC"):
        found = dates.dated()
        return rendered(output_format, "plan", Result(reading=found, timeline=timeline, text=plan_text(found)))


def _files(name: str) -> dict[str, Callable[[], str]]:
    made: dict[str, Callable[[], str]] = {f"{name}.{w}.txt": lambda w=w: text(name, w) for w in WIDTHS}  # type: ignore[misc]
    made |= {f"{name}.{w}.color.txt": lambda w=w: text(name, w, color=True) for w in WIDTHS}  # type: ignore[misc]
    made[f"{name}.whole.txt"] = lambda: text(name, whole=True)
    for ending, output_format in {"md": "markdown", "github": "github", "xml": "junit"}.items():
        made[f"{name}.{ending}"] = lambda f=output_format: formatted(name, f)  # type: ignore[misc]
    return made


#: Every file, by name, with what makes its content.
FILES: dict[str, Callable[[], str]] = {file: make for name in KEPT for file, make in _files(name).items()}
FILES |= {f"dated.{w}.txt": lambda w=w: schedule(w) for w in WIDTHS}  # type: ignore[misc]
FILES |= {f"dated.timeline.{w}.txt": lambda w=w: schedule(w, timeline=True) for w in TIMELINES}  # type: ignore[misc]
FILES["dated.whole.txt"] = lambda: schedule(whole=True)
FILES |= {
    "dated.md": lambda: schedule_formatted("markdown"),
    "dated.timeline.md": lambda: schedule_formatted("markdown", timeline=True),
    "dated.github": lambda: schedule_formatted("github"),
    "dated.xml": lambda: schedule_formatted("junit"),
}
