"""Writes docs/performance.md and its picture from the baseline: `python -m bench.page`."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.picture import picture
from bench.report import BASELINE, Report, Summary, number, read

_DOCS = Path(__file__).parent.parent / "docs"
PAGE, PICTURE = _DOCS / "performance.md", _DOCS / "images/growth.svg"
_BEGIN = "<!-- results: written by `python -m bench.page` -->\n"
_END = "<!-- end of the results -->\n"


def page(text: str, report: Report) -> str:
    """The page with the results of a report in place of those that it has."""
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    table = "\n".join(_table(report.summaries))
    return f"{before}{_BEGIN}\n{table}\n\n{_END}{after}"


def _table(rows: Sequence[Summary]) -> Iterator[str]:
    yield "| | ratio | min–max | target |"
    yield "|---|---|---|---|"
    counted = [row for row in rows if row.key.startswith("calls.")]
    for row in rows:
        if row not in counted:
            yield f"| {row.what} / {row.against}{_numbers(row)} |"
    if counted:
        # They are all alike: the worst says it.
        worst = max(counted, key=lambda row: row.ratio)
        yield f"| reads, and writes of typical edits / fewest{_numbers(worst)} |"


def _numbers(row: Summary) -> str:
    """The rest of the row of a result."""
    if row.missing:
        return f" | | {row.missing} | {number(row.target)}"
    sign = "≤" if row.is_met else "missed:"
    return f" | **{number(row.ratio)}** | {number(row.low)}–{number(row.high)} | {sign} {number(row.target)}"


if __name__ == "__main__":
    baseline = read(BASELINE.read_text("utf-8"))
    PAGE.write_text(page(PAGE.read_text("utf-8"), baseline), "utf-8")
    PICTURE.write_text(picture(baseline.curves), "utf-8")
