"""Writes docs/performance.md and its picture from the baseline: `python -m bench.page`."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.picture import picture
from bench.report import BASELINE, Report, Summary, number, read

_DOCS = Path(__file__).parent.parent / "docs"
PAGE, PICTURE = _DOCS / "performance.md", _DOCS / "images/growth.svg"
_BEGIN = "<!-- results -->\n"
_END = "<!-- end -->\n"


def page(text: str, report: Report) -> str:
    """The page with the results of a report in place of those that it has."""
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    table = "\n".join(_table(report.summaries))
    return f"{before}{_BEGIN}\n{table}\n\n{_END}{after}"


#: How the keys of alike results begin, and what they are on the page, where the worst stands for all.
_ALIKE = {
    "start.import_": "`--help`, `--version` / `import click`",
    "files.": "`fmt`, `pull`, `schema`, 10,000 lines / `validate`",
    "growth.linear_": "one more of 100,000 resources / of 10,000",
    "applying.writes_": "writes of `apply` / latency",
    "applying.whole_": "whole `apply` / latency",
    "calls.": "reads, and writes of typical edits / fewest",
}


def _table(rows: Sequence[Summary]) -> Iterator[str]:
    yield "||ratio|target|"
    yield "|-|-|-|"
    alike: dict[str, list[Summary]] = {}
    for row in rows:
        alike.setdefault(_title(row), []).append(row)
    for title, those in alike.items():
        yield f"|{title}|{_ratio(max(those, key=lambda row: row.ratio))}|"


def _title(row: Summary) -> str:
    """What a result is on the page."""
    found = (title for start, title in _ALIKE.items() if row.key.startswith(start))
    return next(found, f"{row.what} / {row.against}")


def _ratio(row: Summary) -> str:
    """The ratio of a result with its range, and its target."""
    if row.missing:
        return f"{row.missing}|{number(row.target)}"
    spread = "" if row.low == row.high else f" ({number(row.low)}–{number(row.high)})"
    return f"{number(row.ratio)}{spread}|{number(row.target)}{'' if row.is_met else ', missed'}"


if __name__ == "__main__":
    baseline = read(BASELINE.read_text("utf-8"))
    PAGE.write_text(page(PAGE.read_text("utf-8"), baseline), "utf-8")
    if baseline.curves:
        PICTURE.write_text(picture(baseline.curves), "utf-8")
