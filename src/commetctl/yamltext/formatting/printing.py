"""Printing: the parts of a text in their order, each in its form."""

from commetctl.catalog.writing import WIDTH, Writer
from commetctl.yamltext.formatting.parts import BLANK, Lines, Part, Remark
from commetctl.yamltext.formatting.shapes import NOTHING, Shape
from commetctl.yamltext.formatting.texts import Texts
from commetctl.yamltext.tokens import Site

_STEP = Writer().step
#: How far a comment stands from what is before it.
_GAP = 2


class Closed(str):
    """The last line of a text whose blank lines are a part of it: there can be no other behind it."""

    __slots__ = ()


class Printer:
    """Prints the parts of one text; in the order of the models, where they are to be `edited`."""

    def __init__(self, text: str, root: Site, shapes: dict[Site, Shape], *, edited: bool) -> None:
        self._shapes, self._edited = shapes, edited
        self._texts = Texts(text, edited=edited)
        self._aliases = any(site.kind == "alias" for site in root.inside())

    def document(self, root: Part) -> list[str]:
        """The lines of the whole file."""
        head = self._texts.head(root.value).rstrip()
        lines: Lines = [head] if head else []
        if not root.parts:
            lines += [remark.text for remark in root.remarks[1:]]
            lines.append(_with("{}", root.remarks))
            lines += root.tail
        else:
            lines += self._inside(root, "")
        return squeezed(lines)

    def _inside(self, part: Part, pad: str) -> Lines:
        """The lines of what is in a mapping or a list."""
        shape = self._shape(part)
        lines: Lines = [line if line is BLANK else pad + line for line in part.lead]
        ordered = self._ordered(part, shape)
        for number, inner in enumerate(ordered):
            beside = {near.value.kind for near in ordered[max(0, number - 1) : number + 1]}
            spaced = number and (self._shape(inner).spaced or (shape.whole and beside != {"scalar"}))
            above = [BLANK, *inner.above] if spaced and BLANK not in inner.above[:-1] else inner.above
            if not number and above[:1] == [BLANK]:
                above = above[1:]
            made = self._entry(inner, pad) if part.value.kind == "map" else self._item(inner, pad)
            more = [remark.text for remark in inner.remarks[1:]]
            lines += [line if line is BLANK else pad + line for line in (*above, *more)]
            lines += made
        return [*lines, *(line if line is BLANK else pad + line for line in part.tail)]

    def _ordered(self, part: Part, shape: Shape) -> list[Part]:
        """The entries as they should follow on each other; as they do where another order would mean something else."""
        if part.value.kind != "map" or not self._edited:
            return part.parts

        def rank(number: int) -> int:
            entry = part.parts[number].entry
            return -1 if entry is None or (entry.merge and shape.spec) else shape.rank(entry.name)

        order = sorted(range(len(part.parts)), key=rank)
        return part.parts if self._is_bound(part, order) else [part.parts[number] for number in order]

    def _is_bound(self, part: Part, order: list[int]) -> bool:
        """Whether an anchor and its alias, or two anchors of a name, would change places."""
        if not self._aliases:
            return False
        names = [_names(inner.value) | _names(inner.entry.key if inner.entry else inner.value) for inner in part.parts]
        anchored = [(number, names[number]) for number in order if names[number]]
        return any(
            later < earlier and _clash(first, second)
            for position, (earlier, first) in enumerate(anchored)
            for later, second in anchored[position + 1 :]
        )

    def _entry(self, part: Part, pad: str) -> Lines:
        assert part.entry  # noqa: S101  (it is in a mapping)
        return self._value(part, f"{pad}{self._texts.key(part.entry.key, flow=False)}:", pad)

    def _item(self, part: Part, pad: str) -> Lines:
        return self._value(part, f"{pad}-", pad)

    def _value(self, part: Part, head: str, pad: str) -> Lines:
        """The lines of a value behind its key or dash."""
        site, deeper = part.value, pad + " " * _STEP
        line = self._inline(part, flow=False)
        if line is not None and self._fits(part, head, line):
            return [_with(f"{head} {line}".rstrip(), part.remarks)]
        if site.kind in ("map", "seq"):
            first = f"{head} {self._texts.head(site)}".rstrip()
            # The column of a comment behind braces says nothing where there are none any more.
            remarks = [Remark(remark.text) for remark in part.remarks] if site.flow else part.remarks
            return [_with(first, remarks), *self._inside(part, deeper)]
        first, *rest = self._texts.lines(site, deeper)
        made: Lines = [f"{head} {first}", *rest]
        block = site.style in ("|", ">")
        number = 0 if block else len(made) - 1
        made[number] = _with(str(made[number]), part.remarks)
        if block and "+" in first.rpartition(site.style)[2]:
            made[-1] = Closed(made[-1])
        return made

    def _fits(self, part: Part, head: str, line: str) -> bool:
        """Whether a value stands on the line of its key; one that cannot be broken always does."""
        site = part.value
        fits = len(head) + 1 + len(line) <= WIDTH and "\\n" not in line
        if site.kind in ("map", "seq"):
            return fits or not part.parts
        if "\n" not in self._texts.raw(site):
            return True
        return fits and not part.remarks

    def _inline(self, part: Part, *, flow: bool) -> str | None:
        """A value on one line; None where it has to have lines of its own."""
        site, shape = part.value, self._shape(part)
        if site.kind not in ("map", "seq"):
            return self._texts.inline(site, shape, flow=flow)
        head = self._texts.head(site)
        if not part.parts:
            return head + ("{}" if site.kind == "map" else "[]")
        if (shape.block and site.kind == "map") or part.decorated or (site.kind == "seq" and not site.flow):
            return None
        pieces = []
        for inner in self._ordered(part, shape):
            text = self._inline(inner, flow=True)
            if text is None:
                return None
            pieces.append(f"{self._texts.key(inner.entry.key, flow=True)}: {text}" if inner.entry else text)
        inside = ", ".join(pieces)
        return f"{head}{{{inside}}}" if site.kind == "map" else f"{head}[{inside}]"

    def _shape(self, part: Part) -> Shape:
        return self._shapes.get(part.value, NOTHING)


def squeezed(lines: Lines) -> list[str]:
    """The lines with one blank line for several, and none at either end."""
    made: list[str] = []
    blank = False
    for line in lines:
        if line is BLANK:
            blank = bool(made) and not isinstance(made[-1], Closed)
            continue
        made += ["", line] if blank else [line]
        blank = False
    return made


def _with(line: str, remarks: list[Remark]) -> str:
    """A line with the comment at its end: in the column that it had, where it was put into one."""
    if not remarks:
        return line
    remark = remarks[0]
    room = remark.column - len(line)
    aligned = remark.gap > _GAP and room >= _GAP and remark.column < WIDTH
    return line + " " * (room if aligned else _GAP) + remark.text


def _names(site: Site) -> frozenset[tuple[bool, str]]:
    """The anchors in a value, each with whether it is made there or used."""
    return frozenset((inner.kind != "alias", inner.anchor) for inner in site.inside() if inner.anchor)


def _clash(one: frozenset[tuple[bool, str]], other: frozenset[tuple[bool, str]]) -> bool:
    """Whether one makes an anchor that the other uses or makes too."""
    return any((made or again) and name == known for made, name in one for again, known in other)
