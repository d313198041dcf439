"""Tables of aligned columns for a terminal or a log, in which no cell is cut."""

from collections.abc import Collection, Iterator, Sequence

from commetctl.core.text import printable
from commetctl.render.terminal import Style, columns, padded

_GAP = "  "


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], style: Style, *, indent: int = 2, right: Collection[int] = ()
) -> Iterator[str]:
    """A line for the head, and one for each row; the columns in `right` are aligned to the right.

    A column that is empty in every row is left out.
    """
    cells = [[printable(cell) for cell in row] for row in rows]
    used = [number for number in range(len(head)) if any(row[number] for row in cells)]
    widths = {number: max(columns(row[number]) for row in [head, *cells]) for number in used}

    def line(row: Sequence[str]) -> str:
        aligned = (_aligned(row[number], widths[number], to_right=number in right) for number in used)
        return (" " * indent + _GAP.join(aligned)).rstrip()

    yield style.paint("bold", line(head)) if used else ""
    yield from map(line, cells)


def facts(found: Sequence[tuple[str, str]], style: Style, *, indent: int = 2) -> Iterator[str]:
    """A line for each name with its value, in two columns; a value that is empty is left out."""
    shown = [(name, value) for name, value in found if value]
    width = max((columns(name) for name, _ in shown), default=0)
    for name, value in shown:
        yield f"{' ' * indent}{style.paint('bold', padded(name, width))}{_GAP}{printable(value)}"


def _aligned(text: str, width: int, *, to_right: bool) -> str:
    return " " * (width - columns(text)) + text if to_right else padded(text, width)
