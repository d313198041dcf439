"""Tables of aligned columns for a terminal or a log, in which no cell is cut."""

from collections.abc import Collection, Iterator, Sequence

from commetctl.core.text import printable
from commetctl.render.terminal import Style, columns, padded

_GAP = "  "


Rows = Sequence[Sequence[str]]


def table(
    head: Sequence[str], rows: Rows, style: Style, *, indent: int = 2, right: Collection[int] = ()
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


def turned_to_fit(head: Sequence[str], rows: Rows, style: Style, *, right: Collection[int] = ()) -> Iterator[str]:
    """The table; where it is wider than the terminal and has few rows, with its rows as columns."""
    if width(head, rows) <= style.width or len(rows) + 1 >= len(head):
        yield from table(head, rows, style, right=right)
        return
    first, *others = zip(head, *rows, strict=True)
    yield from table(first, [row for row in others if any(row[1:])], style, right=range(1, len(first)))


def width(head: Sequence[str], rows: Rows, *, indent: int = 2) -> int:
    """How many columns of a terminal a table takes."""
    used = [number for number in range(len(head)) if any(row[number] for row in rows)]
    widths = (max(columns(printable(row[number])) for row in [head, *rows]) for number in used)
    return indent + sum(widths) + len(_GAP) * max(0, len(used) - 1)


def facts(found: Sequence[tuple[str, str]], style: Style, *, indent: int = 2) -> Iterator[str]:
    """Each name with its value, which is wrapped, in two columns; a value that is empty is left out."""
    shown = [(name, value) for name, value in found if value]
    longest = max((columns(name) for name, _ in shown), default=0)
    for name, value in shown:
        first, *rest = style.wrapped(value, indent + longest + len(_GAP)) or [""]
        yield f"{' ' * indent}{style.paint('bold', padded(name, longest))}{_GAP}{first.lstrip(' ')}"
        yield from rest


def _aligned(text: str, width: int, *, to_right: bool) -> str:
    return " " * (width - columns(text)) + text if to_right else padded(text, width)
