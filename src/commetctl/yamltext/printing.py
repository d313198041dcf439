"""Printing: the parts of a text in their order, each in its form."""

import re
from collections import Counter
from dataclasses import dataclass

from commetctl.yamltext import Unfit
from commetctl.yamltext.form import NOTHING, Form, forms
from commetctl.yamltext.layout import Layout
from commetctl.yamltext.parts import BLANK, Bound, Lines, Part, Remark, parts
from commetctl.yamltext.scalars import Texts
from commetctl.yamltext.sites import Site
from commetctl.yamltext.writing import WIDTH, Writer

_STEP = Writer().step
#: Spaces before a comment at the end of a line.
_GAP = 2
_BOM = "\ufeff"
_NEW_LINE = re.compile("\r\n|[\r\n]")
_BEGIN = re.compile(r"^---(?=\s|$)[ \t]*(#[^\n]*)?", re.MULTILINE)
_END = re.compile(r"^\.\.\.(?=\s|$)", re.MULTILINE)
_ROUNDS = 3


@dataclass(frozen=True)
class Formatted:
    """A text in its form, and the comments that it had before."""

    text: str
    remarks: Counter[str]


class Printable:
    """A text that can be printed in a form; comments that are `bound` stay at their keys.

    Raises Unfit for a text that cannot be formatted.
    """

    def __init__(self, text: str, form: Form, bound: Bound) -> None:
        self._mark = _BOM if text.startswith(_BOM) else ""
        found = _NEW_LINE.search(text)
        self._newline = found.group() if found else "\n"
        self._layout = layout = Layout(_NEW_LINE.sub("\n", text[len(self._mark) :]))
        begin = next((found.end() for found in _BEGIN.finditer(layout.text, 0, layout.root.start)), 0)
        end = next((found.start() for found in _END.finditer(layout.text, layout.root.end)), len(layout.text))
        self._forms = forms(layout.root, form)
        self._root = parts(layout, begin, end, bound)
        self._around = [
            squeezed([line.rstrip() or BLANK for line in part.split("\n")])
            for part in (layout.text[:begin], layout.text[end:])
        ]

    def formatted(self, *, edited: bool = True) -> Formatted:
        """The text in its form; keys are reordered and values rewritten only if `edited`."""
        lines = Printer(self._layout, self._forms, edited=edited).document(self._root)
        made = "".join(line + self._newline for line in (*self._around[0], *lines, *self._around[1]))
        return Formatted(self._mark + made, Counter(comment.text for comment in self._layout.comments))


def settled(made: Formatted, form: Form, bound: Bound) -> Formatted:
    """A formatted text that stays as it is when it is formatted again.

    An entry that moved to the top may have left its blank line behind. Raises Unfit for a text that does not settle.
    """
    for _ in range(_ROUNDS):
        again = Printable(made.text, form, bound).formatted()
        if again.text == made.text:
            return again
        made = again
    raise Unfit


class Closed(str):
    """The last line of a text that includes its trailing blank lines, so that no other may follow."""

    __slots__ = ()


class Printer:
    """Prints the parts of one text, in the order of their forms if `edited`."""

    def __init__(self, layout: Layout, known: dict[Site, Form], *, edited: bool) -> None:
        self._forms, self._edited = known, edited
        self._texts = Texts(layout, edited=edited)
        self._aliases = any(site.kind == "alias" for site in layout.root.inside())

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
        """The lines of the entries of a mapping or a list."""
        form = self._form(part)
        lines, before = _padded(part.lead, pad), None
        for inner in self._ordered(part, form):
            apart = self._form(inner).apart or (form.sections and before and not _are_scalars(before, inner))
            above = [*inner.above]
            if before is None and above[:1] == [BLANK]:
                del above[0]
            elif before is not None and apart and BLANK not in above[:-1]:
                above.insert(0, BLANK)
            more = [remark.text for remark in inner.remarks[1:]]
            head = f"{pad}{self._texts.key(inner.entry.key, flow=False)}:" if inner.entry else f"{pad}-"
            lines += [*_padded([*above, *more], pad), *self._value(inner, head, pad)]
            before = inner
        return [*lines, *_padded(part.tail, pad)]

    def _ordered(self, part: Part, form: Form) -> list[Part]:
        """The entries in the order of the form; in their own order where anchors depend on it."""
        if part.value.kind != "map" or not self._edited:
            return part.parts

        def rank(number: int) -> int:
            entry = part.parts[number].entry
            return -1 if entry is None or (entry.merge and form.merges_first) else form.rank(entry.name)

        order = sorted(range(len(part.parts)), key=rank)
        return part.parts if self._is_bound(part, order) else [part.parts[number] for number in order]

    def _is_bound(self, part: Part, order: list[int]) -> bool:
        """Whether an anchor and its alias, or two anchors with one name, would change places."""
        if not self._aliases:
            return False
        names = [_names(inner.value) | _names(inner.entry.key if inner.entry else inner.value) for inner in part.parts]
        anchored = [(number, names[number]) for number in order if names[number]]
        return any(
            later < earlier and _clash(first, second)
            for position, (earlier, first) in enumerate(anchored)
            for later, second in anchored[position + 1 :]
        )

    def _value(self, part: Part, head: str, pad: str) -> Lines:
        """The lines of a value after its key or dash."""
        site, deeper = part.value, pad + " " * _STEP
        line = self._inline(part, flow=False)
        if line is not None and self._fits(part, head, line):
            return [_with(f"{head} {line}".rstrip(), part.remarks)]
        if site.kind in ("map", "seq"):
            first = f"{head} {self._texts.head(site)}".rstrip()
            # The braces are gone, and with them the column of a comment behind them.
            remarks = [Remark(remark.text) for remark in part.remarks] if site.flow else part.remarks
            lines = self._inside(part, deeper)
            if site.kind == "map" and part.entry is None and pad + "-" == first and not remarks and _is_entry(lines):
                # The first key of an object in a list follows the dash.
                return [f"{first} {str(lines[0]).lstrip()}", *lines[1:]]
            return [_with(first, remarks), *lines]
        first, *rest = self._texts.lines(site, deeper)
        made: Lines = [f"{head} {first}", *rest]
        number = 0 if site.literal else len(made) - 1
        made[number] = _with(str(made[number]), part.remarks)
        if site.literal and "+" in first.rpartition(site.style)[2]:
            made[-1] = Closed(made[-1])
        return made

    def _fits(self, part: Part, head: str, line: str) -> bool:
        """Whether a value fits on the line of its key; one that cannot be broken always does."""
        site = part.value
        fits = len(head) + 1 + len(line) <= WIDTH and "\\n" not in line
        if site.kind in ("map", "seq"):
            return fits or not part.parts
        if "\n" not in self._texts.raw(site):
            return True
        return fits and not part.remarks

    def _inline(self, part: Part, *, flow: bool) -> str | None:
        """A value on one line; None if it needs lines of its own."""
        site, form = part.value, self._form(part)
        if site.kind not in ("map", "seq"):
            return self._texts.inline(site, form, flow=flow)
        head = self._texts.head(site)
        if not part.parts:
            return head + ("{}" if site.kind == "map" else "[]")
        if (form.block and site.kind == "map") or part.decorated or (site.kind == "seq" and not site.flow):
            return None
        if not flow and part.entry is None and _is_tagged(part):
            # `- percentage: {percent: 50}`, as people write it.
            return None
        pieces = []
        for inner in self._ordered(part, form):
            text = self._inline(inner, flow=True)
            if text is None:
                return None
            pieces.append(f"{self._texts.key(inner.entry.key, flow=True)}: {text}" if inner.entry else text)
        inside = ", ".join(pieces)
        return f"{head}{{{inside}}}" if site.kind == "map" else f"{head}[{inside}]"

    def _form(self, part: Part) -> Form:
        return self._forms.get(part.value, NOTHING)


def _is_tagged(part: Part) -> bool:
    """Whether a value is an object whose one key says what it is."""
    return part.value.kind == "map" and len(part.parts) == 1 and part.parts[0].value.kind == "map"


def _padded(lines: Lines, pad: str) -> Lines:
    return [line if line is BLANK else pad + line for line in lines]


def _are_scalars(*parts: Part) -> bool:
    return all(part.value.kind == "scalar" for part in parts)


def _is_entry(lines: Lines) -> bool:
    """Whether lines begin with an entry, and not with a comment or a blank line."""
    return bool(lines) and lines[0] is not BLANK and not lines[0].lstrip().startswith("#")


def squeezed(lines: Lines) -> list[str]:
    """The lines without blank lines at either end, and with at most one between others."""
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
    """A line with a comment at its end, in its old column if it was aligned."""
    if not remarks:
        return line
    remark = remarks[0]
    room = remark.column - len(line)
    aligned = remark.gap > _GAP and room >= _GAP and remark.column < WIDTH
    return line + " " * (room if aligned else _GAP) + remark.text


def _names(site: Site) -> frozenset[tuple[bool, str]]:
    """The anchors in a value, each with whether it is defined there or used."""
    return frozenset((inner.kind != "alias", inner.anchor) for inner in site.inside() if inner.anchor)


def _clash(one: frozenset[tuple[bool, str]], other: frozenset[tuple[bool, str]]) -> bool:
    """Whether one defines an anchor that the other uses or defines too."""
    return any((made or again) and name == known for made, name in one for again, known in other)
