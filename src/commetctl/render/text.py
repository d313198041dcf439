"""A review as text for a terminal or a log."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from commetctl.core.amount_move import AmountMove, field_percent
from commetctl.core.change import Change, Create, Delete, Update, is_replaced
from commetctl.core.changeset import Blocked
from commetctl.core.impact import Effect
from commetctl.core.text import change_text, field_text, moved_text, printable, value_text
from commetctl.render.groups import FEW_MOVES, gone, groups, largest_moves, notable, runs, telling
from commetctl.render.markdown_amounts import PLAIN
from commetctl.render.sentences import (
    causes_said,
    common_effects,
    effects_said,
    going_said,
    impact_said,
    marks_said,
    touched_said,
)
from commetctl.render.terminal import Style, columns, padded, requests_of
from commetctl.review.review import Review

_SIGNS = {Create: "+", Update: "~", Delete: "-"}
_REPLACED = "±"
#: The most unmanaged objects that the end of a plan names.
_UNMANAGED = 20
#: The widest column of names in a list of amounts.
_NAMES = 48


def plan_text(review: Review, style: Style | None = None, *, whole: bool = False) -> str:
    """The changes, what they mean, and a summary.

    With `whole`, nothing is folded, and each change is followed by its requests.
    """
    writer = _Writer(review, style or Style(), whole)
    return "\n".join([*writer.changes(), *writer.others(), *writer.end()])


class _Writer:
    """Turns one review into lines."""

    def __init__(self, review: Review, style: Style, whole: bool) -> None:
        self._review = review
        self._changeset = review.changeset
        self._style = style
        self._whole = whole
        #: The effects that are shown with the group, and not again with each change.
        self._said: Sequence[Effect] = ()

    def changes(self) -> Iterator[str]:
        """The changes in groups, each group followed by an empty line."""
        for group in groups(self._review):
            self._said = common_effects(self._review, group)
            title = "  " + self._style.paint("bold", printable(group.title))
            yield from self._beside(title, self._said, prefix="all of these: ")
            for run in runs(group.changes, whole=self._whole):
                for change in run.shown:
                    yield from self._change(change)
                for change in run.short:
                    yield from self._short(change)
                if run.folded:
                    sign = _sign(run.folded[0])
                    yield f"  {self._style.paint(sign, sign)} {run.folded_text} (all of them: `-v`)"
            yield ""

    def others(self) -> Iterator[str]:
        """Blocked changes, notices, and objects that are left alone."""
        lines = [line for item in self._changeset.blocked for line in self._blocked(item)]
        for notice in self._changeset.notices:
            lines += [f"  i {printable(str(notice.address))}" if notice.address else "  i"]
            lines += self._style.wrapped(notice.message)
            lines += self._style.wrapped("hint: " + notice.hint) if notice.hint else []
        yield from [*lines, ""] if lines else ()
        if self._changeset.unmanaged:
            yield from self._style.wrapped("Not in the file and left alone: " + self._unmanaged(), 2)
            yield ""

    def end(self) -> Iterator[str]:
        """The summary, and the largest moves."""
        yield from self._style.wrapped(summary(self._review), 2)
        for text in (causes_said(self._review), *impact_said(self._review)):
            yield from self._style.wrapped(text, 2) if text else ()
        yield from self._moves(largest_moves(self._review))

    def _moves(self, moves: Sequence[AmountMove]) -> Iterator[str]:
        """The largest moves, if there are several."""
        if len(moves) < 2:
            return
        yield "  largest moves:"
        shown = moves if self._whole else moves[:FEW_MOVES]
        names = [printable(str(move.address)) for move in shown]
        width = min(max(map(columns, names)), _NAMES)
        for move, name in zip(shown, names, strict=True):
            path = "" if move.path in PLAIN else f"{move.path} "
            line = f"    {padded(name, width)}  {path}{moved_text(move)}  {move.percent_text}"
            yield from self._with_meaning(line, move.meaning)
        if more := len(moves) - len(shown):
            yield f"    and {more} more (all of them: `-v`)"

    def _with_meaning(self, line: str, meaning: str) -> Iterator[str]:
        beside = f"{line}: {printable(meaning)}" if meaning else line
        if columns(beside) <= self._style.width:
            yield beside
        else:
            yield from [line, *self._style.wrapped(meaning, 8)]

    def _change(self, change: Change) -> Iterator[str]:
        effects = () if self._said else effects_said(self._review, change)
        match change:
            case Create():
                yield from self._created(change, effects)
            case Update():
                yield from self._going(change, [effect for effect in effects if not effect.path])
                yield from self._updated(change, effects)
            case Delete():
                yield from self._deleted(change, effects)
        yield from self._about(change)

    def _short(self, change: Change) -> Iterator[str]:
        """A change of a long run, on one line if it fits."""
        said = ", ".join(f"{item.path} {field_text(change.address, item)}" for item in telling(change))
        head = self._head(change)
        line = f"{head}  {said}"
        if columns(self._style.plain(line)) <= self._style.width:
            yield line
        else:
            yield head
            yield from self._style.wrapped(said)
        yield from self._marks(change)

    def _head(self, change: Change) -> str:
        sign = _sign(change)
        return f"  {self._style.paint(sign, sign)} {printable(str(change.address))}"

    def _going(self, change: Change, effects: Sequence[Effect]) -> Iterator[str]:
        """The head of a change: with what happens to the object, where that goes or is replaced."""
        word, _, along = going_said(self._changeset, change).partition(" (")
        line = f"{self._head(change)}  {word}" if word else self._head(change)
        whole = f"{line} ({along}"
        if along and columns(self._style.plain(whole)) > self._style.width:
            yield line
            yield from self._style.wrapped(along.removesuffix(")"))
            line = ""
        yield from self._beside(whole if line and along else line, effects)

    def _deleted(self, change: Delete, effects: Sequence[Effect]) -> Iterator[str]:
        yield from self._going(change, effects)
        for item in gone(self._review, change):
            about = f"along  {printable(str(item.along))}" if item.along else "was"
            yield from self._listed(f"      {about}  ", item.amounts)

    def _listed(self, line: str, amounts: Sequence[str]) -> Iterator[str]:
        """A line of amounts, broken only between amounts."""
        for number, amount in enumerate(amounts):
            longer = f"{line}, {amount}" if number else line + amount
            if number and columns(longer) >= self._style.width:
                yield line + ","
                longer = f"      also   {amount}"
            line = longer
        yield line

    def _created(self, change: Create, effects: Sequence[Effect]) -> Iterator[str]:
        fields = notable(change.after)
        head = self._head(change)
        if len(fields) == 1:
            # A single amount needs no name; a single yes or no does.
            ((name, value),) = fields.items()
            line = f"{head}  {name} {value_text(value)}" if isinstance(value, bool) else f"{head}  {value_text(value)}"
            yield from self._beside(line, effects)
            return
        yield from self._beside(head, effects)
        width = _widest(fields)
        yield from (f"      {padded(printable(name), width)}  {value_text(value)}" for name, value in fields.items())

    def _updated(self, change: Update, effects: Sequence[Effect]) -> Iterator[str]:
        for item, line in zip(change.fields, _fields(change), strict=True):
            percent = field_percent(change.address, item)
            own = [effect for effect in effects if effect.path == item.path]
            yield from self._beside(f"{line}  {percent}" if percent else line, own, 8)

    def _beside(self, line: str, effects: Sequence[Effect], indent: int = 6, prefix: str = "") -> Iterator[str]:
        """A line, with its effects beside it if they fit, else below."""
        texts = list(dict.fromkeys(prefix + printable(str(effect)) for effect in effects))
        beside = "   ".join([line, *texts])
        if line and len(texts) == 1 and columns(self._style.plain(beside)) <= self._style.width:
            yield beside
            return
        yield from [line] if line else ()
        for text in texts:
            yield from self._style.wrapped(text, indent)

    def _about(self, change: Change) -> Iterator[str]:
        """Everything about a change that is not one of its fields."""
        for text in touched_said(self._review, change):
            yield from self._style.wrapped(text)
        yield from self._marks(change)
        if self._whole:
            yield from (f"      {line}" for line in requests_of(self._changeset, change.address, self._review.ids))

    def _marks(self, change: Change) -> Iterator[str]:
        for text in marks_said(self._review, change):
            yield from self._style.wrapped(text)

    def _blocked(self, item: Blocked) -> Iterator[str]:
        yield f"  {self._style.paint('!', '!')} {printable(str(item.change.address))}  blocked"
        if isinstance(item.change, Update):
            yield from _fields(item.change)
        yield from self._style.wrapped("why: " + item.reason)
        if item.hint:
            yield from self._style.wrapped("way out: " + item.hint)

    def _unmanaged(self) -> str:
        names = [str(address) for address in self._changeset.unmanaged]
        shown = names if self._whole else names[:_UNMANAGED]
        more = len(names) - len(shown)
        return ", ".join(shown) + (f", and {more} more (all of them: `-v`)" if more else "")


def _sign(change: Change) -> str:
    return _REPLACED if is_replaced(change) else _SIGNS[type(change)]


def _fields(change: Update) -> Iterator[str]:
    """A line for each field of an update, in columns."""
    width = _widest(item.path for item in change.fields)
    for item in change.fields:
        yield f"      {padded(printable(item.path), width)}  {change_text(item.before, item.after)}"


def _widest(names: Iterable[str]) -> int:
    return max((columns(printable(name)) for name in names), default=0)


def summary(review: Review) -> str:
    """`1 to create, 1 to update, 0 to delete, 0 blocked, 3 unmanaged`, or that there are no changes."""
    changeset = review.changeset
    if not changeset.changes and not changeset.blocked:
        left = f", {len(changeset.unmanaged)} unmanaged" if changeset.unmanaged else ""
        known = "; see above for what cannot be compared" if changeset.notices else ""
        return f"No changes: {review.same}{known}{left}"
    counts = Counter(type(change) for change in changeset.changes)
    replaced = sum(map(is_replaced, changeset.changes))
    among = f" ({replaced} by replacing)" if replaced else ""
    return (
        f"{counts[Create]} to create, {counts[Update]} to update{among}, {counts[Delete]} to delete, "
        f"{len(changeset.blocked)} blocked, {len(changeset.unmanaged)} unmanaged"
    )
