"""Pieces of GitHub Markdown in which text from files and from the API stays text, and pages that fit a limit."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, compress
from operator import not_

from commetctl.core.text import counted, printable

#: Characters that have a meaning in Markdown or HTML, unless they are entities. An underscore inside a word has none.
_MARKUP = re.compile(
    r"[\\`*\[\]<>|~&#]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"
    # Characters that begin a list or a rule, at the beginning of the text.
    r"|^[-+=:]"
)
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?= |$)")
#: What GitHub turns into a link, a mention or a picture, partly after it has resolved entities: only a comment between
#: two characters prevents that.
_REFERENCE = re.compile(r"[@#](?=[\w.-])|\b[Gg][Hh](?=-\d)|:(?=[\w+-]+:|//)|[wW]{3}(?=\.)")
_COMMIT = re.compile(r"\b(?:(?=\d*[a-f])[0-9a-f]{7,40}|\d{40})\b")
#: The most digits that GitHub does not take for a commit.
_DIGITS = 6
#: Text that can stand between backticks as it is.
_PLAIN = re.compile(r"[\w./-](?:[\w./=,:+%() -]*[\w./-])?", re.ASCII)
_APART, _DOLLAR = "<!-- -->", "<span>$</span>"


def text(content: str) -> str:
    """Text that is shown literally: no markup, links, formulas or mentions."""
    shown = printable(content).strip(" ").replace("$", "\1")
    shown = _COMMIT.sub(lambda found: "\0".join(_chunks(found.group())), shown)
    shown = _REFERENCE.sub(lambda found: f"{found.group()}\0", shown)
    shown = _MARKUP.sub(lambda found: _entity(found.group()), shown)
    shown = _NUMBERED.sub(lambda found: found.group(1) + _entity(found.group(2)), shown)
    return shown.replace("\0", _APART).replace("\1", _DOLLAR)


def _chunks(digits: str) -> Iterator[str]:
    return (digits[start : start + _DIGITS] for start in range(0, len(digits), _DIGITS))


def _entity(sign: str) -> str:
    return f"&#{ord(sign)};"


def code(content: str) -> str:
    """Text as code, in which GitHub looks for no links or mentions."""
    return f"`{content}`" if _PLAIN.fullmatch(content) else f"<code>{text(content)}</code>"


def prose(message: str) -> str:
    """A message of commetctl, in which text between backticks is code."""
    parts = printable(message).split("`")
    if len(parts) % 2 == 0:
        return text(message)
    return "".join(_spaced(part, code(part) if odd % 2 else text(part)) for odd, part in enumerate(parts) if part)


def _spaced(part: str, shown: str) -> str:
    """The markup of a part, with the spaces around it that belong to the sentence."""
    return " " * part.startswith(" ") + shown + " " * (part.endswith(" ") and bool(part.strip()))


def row(cells: Sequence[str]) -> str:
    """A row of a table in Markdown."""
    return f"| {' | '.join(cells)} |"


def table_head(heads: Sequence[str], naming: int = 1) -> str:
    """The head of a table; the first columns, as many as are `naming` the line, are before three that hold amounts."""
    rule = [*["---"] * naming, *["---:"] * min(3, len(heads) - naming), *["---"] * (len(heads) - naming - 3)]
    return "\n".join((row(heads), row(rule)))


@dataclass(frozen=True)
class Item:
    """A piece that is shown in full or not at all: `count` things, with `amounts` or without."""

    body: str
    count: int = 1
    amounts: bool = False


@dataclass(frozen=True)
class Part:
    """Items of one sort; `noun` names one of them where some are missing.

    On a page that is too long, parts of a lower `rank` get room first, and none more than its `share` of the page.
    """

    noun: str
    items: Sequence[Item]
    opening: str = ""
    closing: str = ""
    share: float = 1.0
    rank: int = 0

    def __str__(self) -> str:
        return "\n".join(filter(None, (self.opening, *(item.body for item in self.items), self.closing)))

    def within(self, room: int) -> tuple["Part | None", Sequence[Item]]:
        """A part with the items that fit and a line that counts the others, and those other items."""
        if size(str(self)) <= room:
            return self, ()
        frame = size(str(replace(self, items=[_more(_count(self.items))])))
        ends = accumulate(size(item.body) + 1 for item in self.items)
        fitting = [frame + end <= room for end in ends]
        shown, missing = list(compress(self.items, fitting)), list(compress(self.items, map(not_, fitting)))
        return (replace(self, items=[*shown, _more(_count(missing))]) if shown else None), missing


def _count(items: Iterable[Item]) -> int:
    return sum(item.count for item in items)


def _more(count: int) -> Item:
    return Item(f"- … and {count} more, not shown", 0)


def folded(title: str, part: Part) -> Part:
    """A part that is closed at first, with a title of any text."""
    above = f"{part.opening}\n" if part.opening else ""
    opening = f"<details><summary>{text(title)}</summary>\n{above and chr(10)}{above}"
    return replace(part, opening=opening, closing="\n</details>")


@dataclass
class Page:
    """Parts below a title, in at most `limit` bytes of UTF-8, which must leave room for the title.

    `left_out` names what was left out of the parts before, because it would not fit.
    """

    title: str
    limit: int
    parts: list[Part] = field(default_factory=list)
    left_out: str = ""

    def __str__(self) -> str:
        above = [self.title, _missing({}, 0, self.left_out)] if self.left_out else [self.title]
        whole = "\n\n".join([*above, *map(str, self.parts)]) + "\n"
        if size(whole) <= self.limit:
            return whole
        # The longest that the line about missing items can become.
        nouns = dict.fromkeys((part.noun for part in self.parts), 10**9)
        room = self.limit - size("\n\n".join([self.title, _missing(nouns, 10**9, self.left_out)])) - 1
        shown, missing = self._fitted(room)
        counts = {noun: _count(items) for noun, items in missing.items()}
        amounts = sum(item.amounts for items in missing.values() for item in items)
        return "\n\n".join([self.title, _missing(counts, amounts, self.left_out), *shown]) + "\n"

    def _fitted(self, room: int) -> tuple[list[str], dict[str, list[Item]]]:
        shown: dict[int, str] = {}
        missing: dict[str, list[Item]] = {part.noun: [] for part in self.parts}
        for place, part in sorted(enumerate(self.parts), key=lambda placed: placed[1].rank):
            fits, left = part.within(min(room - 2, int(self.limit * part.share)))
            if fits:
                shown[place] = str(fits)
                room -= size(shown[place]) + 2
            missing[part.noun] += left
        return [shown[place] for place in sorted(shown)], missing


_NOT_ENOUGH = "this page does not show every amount that changes, so do not approve by this page alone"


def _missing(counts: dict[str, int], amounts: int, left_out: str) -> str:
    """The line that names what a page does not show, with a warning if amounts are missing."""
    named = ", ".join([*filter(None, [left_out]), *(counted(count, noun) for noun, count in counts.items() if count)])
    of_money = f"**{counted(amounts, 'change')} of amounts among it: {_NOT_ENOUGH}.** " if amounts else ""
    return f"**Not shown here, because it would not fit: {named}.** {of_money}`commetctl plan -v` shows all of it."


def bullets(lines: Iterable[str]) -> Iterator[Item]:
    """An item for each line of Markdown."""
    return (Item(f"- {line}") for line in lines)


def size(markdown: str) -> int:
    """The length of Markdown in bytes; services that count characters count no more."""
    return len(markdown.encode())
