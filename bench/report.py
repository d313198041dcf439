"""Results: their statistics, one table of all, and what moved against a saved run."""

import json
import platform
import statistics
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.measure import Ran

BASELINE = Path(__file__).with_name("baseline.json")
#: How far apart two ranges must be at least: a single pair has no range.
_MARGIN = 1.05


@dataclass(frozen=True)
class Result:
    """One comparison: what was measured, against what, pair by pair; the target is the most that the ratio may be.

    The key begins with the name of the group.
    `missing` says why nothing was measured.
    """

    key: str
    what: str
    against: str
    target: float
    unit: str = "s"
    ours: Sequence[float] = ()
    theirs: Sequence[float] = ()
    #: The median ratio of the processor time; 0 where that is not comparable.
    cpu: float = 0
    missing: str = ""

    @property
    def ratios(self) -> list[float]:
        """The ratio of each pair."""
        return [one / other for one, other in zip(self.ours, self.theirs, strict=True)]

    def summary(self) -> "Summary":
        """The result in a few numbers."""
        if self.missing:
            return Summary(self.key, self.what, self.against, self.target, self.unit, missing=self.missing)
        ratios, median = self.ratios, statistics.median
        return Summary(
            self.key,
            self.what,
            self.against,
            self.target,
            self.unit,
            ours=median(self.ours),
            theirs=median(self.theirs),
            ratio=median(ratios),
            low=min(ratios),
            high=max(ratios),
            pairs=len(ratios),
            cpu=self.cpu,
        )


def timed(key: str, what: str, against: str, target: float, ours: Sequence[Ran], theirs: Sequence[Ran]) -> Result:
    """The comparison of two commands that were run in turn, by their time."""
    cpu = statistics.median(one.cpu / other.cpu for one, other in zip(ours, theirs, strict=True))
    walls = [[ran.wall for ran in runs] for runs in (ours, theirs)]
    return Result(key, what, against, target, "s", walls[0], walls[1], cpu)


@dataclass(frozen=True)
class Summary:
    """A result in a few numbers: medians, and the smallest and the largest ratio of a pair."""

    key: str
    what: str
    against: str
    target: float
    unit: str
    ours: float = 0
    theirs: float = 0
    ratio: float = 0
    low: float = 0
    high: float = 0
    pairs: int = 0
    cpu: float = 0
    missing: str = ""

    @property
    def group(self) -> str:
        """The group that it belongs to."""
        return self.key.partition(".")[0]

    @property
    def is_met(self) -> bool:
        """Whether the median ratio is within the target."""
        return not self.missing and self.ratio <= self.target

    @property
    def verdict(self) -> str:
        """Whether the target is met, in a word."""
        return "not measured" if self.missing else "met" if self.is_met else "missed"


@dataclass(frozen=True)
class Point:
    """What a command takes at one size: medians of the seconds of processor time, and of the bytes of memory."""

    resources: int
    lines: int
    seconds: float
    memory: float


@dataclass(frozen=True)
class Curve:
    """How a command grows."""

    key: str
    points: tuple[Point, ...]


@dataclass
class Report:
    """Everything that a run of the benchmarks found."""

    summaries: list[Summary] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)

    def add(self, found: Result | Curve) -> str:
        """Take up a result; its line in the table."""
        if isinstance(found, Curve):
            self.curves.append(found)
            return f"growth of {found.key}: {len(found.points)} sizes"
        self.summaries.append(found.summary())
        return line(self.summaries[-1])

    def updated(self, newer: "Report", groups: Collection[str]) -> "Report":
        """This report with the results of some groups, all of them, from a newer one."""
        kept = [item for item in self.summaries if item.group not in groups]
        curves = self.curves if "growth" not in groups else newer.curves
        return Report([*kept, *newer.summaries], list(curves))

    def as_json(self) -> str:
        """The report as JSON, with what it was measured on."""
        machine = {"python": platform.python_version(), "system": platform.system(), "machine": platform.machine()}
        rounded = [_rounded(asdict(item)) for item in self.summaries]
        curves = [{"key": curve.key, "points": [_rounded(asdict(p)) for p in curve.points]} for curve in self.curves]
        return json.dumps({"measured_on": machine, "results": rounded, "curves": curves}, indent=1) + "\n"


def read(text: str) -> Report:
    """A report from its JSON."""
    data = json.loads(text)
    curves = [Curve(curve["key"], tuple(Point(**point) for point in curve["points"])) for curve in data["curves"]]
    return Report([Summary(**row) for row in data["results"]], curves)


def amount(value: float, unit: str) -> str:
    """A value with its unit, in three digits."""
    if unit == "s" and value < 1:
        value, unit = value * 1000, "ms"
    if unit in ("calls", "requests"):
        return f"{value:.0f}"
    return f"{value:.3g} {unit}" if value < 100 else f"{value:.0f} {unit}"


def number(value: float) -> str:
    """A ratio, in two decimals, or more where it is small."""
    return f"{value:.2f}" if value >= 0.1 or value == 0 else f"{value:.2g}"


HEAD = f"{'ratio':>7}  {'min–max':>13}  {'cpu':>6}  {'target':>6}  {'':12}  what against what (medians)"


def line(row: Summary) -> str:
    """A result as a line of the table."""
    if row.missing:
        return f"{'':7}  {'':13}  {'':6}  {row.target:>6.2f}  {row.verdict:12}  {row.what}: {row.missing}"
    spread = f"{number(row.low)}–{number(row.high)}"
    cpu = number(row.cpu) if row.cpu else ""
    medians = f"{amount(row.ours, row.unit)} / {amount(row.theirs, row.unit)}"
    told = f"{row.what} / {row.against} ({medians})"
    return f"{number(row.ratio):>7}  {spread:>13}  {cpu:>6}  {row.target:>6.2f}  {row.verdict:12}  {told}"


def table(rows: Iterable[Summary]) -> str:
    """All results as text."""
    return "\n".join([HEAD, *map(line, rows)])


def moved(rows: Iterable[Summary], before: Iterable[Summary]) -> Iterator[str]:
    """The ratios whose ranges in the two runs are apart."""
    known: Mapping[str, Summary] = {row.key: row for row in before if not row.missing}
    for row in rows:
        old = known.get(row.key)
        if old is None or row.missing:
            continue
        if row.low > old.high * _MARGIN or row.high * _MARGIN < old.low:
            direction = "more" if row.ratio > old.ratio else "less"
            yield f"{row.what}: {number(old.ratio)} → {number(row.ratio)}, {direction}"


def _rounded(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: float(f"{value:.4g}") if isinstance(value, float) else value for name, value in row.items()}
