"""The growth curves as an SVG picture: time and memory over the number of resources, both axes logarithmic."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench.report import Curve, Point

_WIDTH, _HEIGHT = 820, 380
_TOP, _BOTTOM = 52, 318
_LEFTS = (64, 476)
_ACROSS, _LINE = 270, 16
_MB = 1024 * 1024
#: The picture brings its background, so that it can be read wherever it is shown.
_STYLE = """\
text { font-family: system-ui, "Helvetica Neue", Arial, sans-serif; font-size: 13px; fill: #24292f }
.title { font-weight: 600 }
.back { fill: #ffffff }
.grid { stroke: #d8dee4 }
.linear { stroke: #8c959f; stroke-dasharray: 5 5 }
.muted { fill: #57606a }
.one { stroke: #0969da; fill: none; stroke-width: 2 }
.other { stroke: #bc4c00; fill: none; stroke-width: 2 }
circle.one { fill: #0969da }
circle.other { fill: #bc4c00 }
text.one { fill: #0969da; stroke: none }
text.other { fill: #bc4c00; stroke: none }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .back { fill: #0d1117 }
  .grid { stroke: #30363d }
  .linear { stroke: #6e7681 }
  .muted { fill: #8b949e }
  .one { stroke: #58a6ff }
  .other { stroke: #f0883e }
  circle.one, text.one { fill: #58a6ff }
  circle.other, text.other { fill: #f0883e }
}
"""


@dataclass(frozen=True)
class _Panel:
    """One diagram: its title, what it shows of a point, and where it is."""

    title: str
    value: Callable[[Point], float]
    left: int
    curves: Sequence[Curve]

    @property
    def _points(self) -> list[Point]:
        return [point for curve in self.curves for point in curve.points]

    def _range(self, values: Sequence[float]) -> tuple[int, int]:
        """The powers of ten around some values."""
        return math.floor(math.log10(min(values))), max(math.ceil(math.log10(max(values))), 1)

    def _x(self, resources: float) -> float:
        ends = [math.log10(end(point.resources for point in self._points)) for end in (min, max)]
        return self.left + _ACROSS * (math.log10(resources) - ends[0]) / (ends[1] - ends[0])

    def _y(self, value: float) -> float:
        low, high = self._range([self.value(point) for point in self._points])
        return _BOTTOM - (_BOTTOM - _TOP) * (math.log10(value) - low) / (high - low)

    def svg(self) -> Iterator[str]:
        """The elements of the diagram."""
        yield f'<text class="title" x="{self.left}" y="28">{self.title}</text>'
        yield from self._grid()
        yield from self._linear()
        for curve, name in self._named():
            yield from self._curve(curve, name)
        yield from self._labels()

    def _grid(self) -> Iterator[str]:
        right = self.left + _ACROSS
        low, high = self._range([self.value(point) for point in self._points])
        for power in range(low, high + 1):
            y = self._y(10**power)
            yield f'<path class="grid" d="M{self.left} {y:.1f}H{right}"/>'
            yield f'<text class="muted" x="{self.left - 8}" y="{y + 4:.1f}" text-anchor="end">{10**power:g}</text>'
        sizes = [point.resources for point in self._points]
        for power in range(math.ceil(math.log10(min(sizes) / 1.1)), math.ceil(math.log10(max(sizes)))):
            resources = 10**power
            x = max(self._x(resources), self.left)
            yield f'<path class="grid" d="M{x:.1f} {_TOP}V{_BOTTOM}"/>'
            yield f'<text class="muted" x="{x:.1f}" y="{_BOTTOM + 20}" text-anchor="middle">{resources:,}</text>'
        middle = self.left + _ACROSS / 2
        yield f'<text class="muted" x="{middle:.1f}" y="{_BOTTOM + 42}" text-anchor="middle">resources</text>'

    def _linear(self) -> Iterator[str]:
        """The line of something that takes ten times as much for ten times the resources, through the upper end."""
        last = max(self._points, key=self.value)
        low, _ = self._range([self.value(point) for point in self._points])
        first = max(self._points[0].resources, last.resources * 10**low / self.value(last))
        start = self.value(last) * first / last.resources
        ends = [
            f"{self._x(at):.1f} {self._y(value):.1f}"
            for at, value in ((first, start), (last.resources, self.value(last)))
        ]
        yield f'<path class="linear" d="M{ends[0]}L{ends[1]}"/>'

    def _curve(self, curve: Curve, name: str) -> Iterator[str]:
        places = [(self._x(point.resources), self._y(self.value(point))) for point in curve.points]
        line = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        yield f'<path class="{name}" d="M{line}"/>'
        yield from (f'<circle class="{name}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in places)

    def _labels(self) -> Iterator[str]:
        """The name of each curve beside its end, from the lowest up, none over another."""
        ends = [(self._y(self.value(curve.points[-1])), curve.key, name) for curve, name in self._named()]
        last = float("inf")
        for y, key, name in sorted(ends, reverse=True):
            last = min(y, last - _LINE)
            yield f'<text class="{name}" x="{self.left + _ACROSS + 10}" y="{last + 4:.1f}">{key}</text>'

    def _named(self) -> Iterator[tuple[Curve, str]]:
        return zip(self.curves, ("one", "other"), strict=True)


def picture(curves: Sequence[Curve]) -> str:
    """Both diagrams."""
    panels = (
        _Panel("seconds of processor time", lambda point: point.seconds, _LEFTS[0], curves),
        _Panel("peak memory in MB", lambda point: point.memory / _MB, _LEFTS[1], curves),
    )
    elements = [element for panel in panels for element in panel.svg()]
    key = f'<path class="linear" d="M{_LEFTS[0]} {_HEIGHT - 10}h36"/>'
    key += f'<text class="muted" x="{_LEFTS[0] + 44}" y="{_HEIGHT - 6}">linear</text>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">'
    title = "<title>Time and memory of validate and plan, from a thousand to a hundred thousand resources</title>"
    back = f'<rect class="back" width="{_WIDTH}" height="{_HEIGHT}" rx="8"/>'
    return "\n".join([head, title, f"<style>\n{_STYLE}</style>", back, *elements, key, "</svg>"]) + "\n"
