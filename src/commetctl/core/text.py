"""Text that is safe to print: values, amounts and counts as words."""

import json
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from commetctl.core.amount_move import AmountMove
from commetctl.core.change import Change, Create, Delete
from commetctl.core.money import Derived, Money
from commetctl.core.resource import Mark, Value
from commetctl.core.values import text, time_text

# C0, DEL and C1 controls move cursors and set titles; line and paragraph separators and the bidirectional controls
# make text read as something else than it is; what Unicode calls default ignorable is not seen at all, so two texts
# that differ would look the same; half a surrogate pair cannot be written.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    # `##vso[…]` and `##[…]` are commands to the agents of some CI systems, wherever in a line they stand.
    r"|(?<=#)#(?=[a-zA-Z]*\[)"
)


def printable(content: str) -> str:
    """Text from a file or from the API, with invisible and control characters written out."""
    return _UNSAFE.sub(_written_out, content)


def signs(content: str) -> list[str]:
    """The same for each character of a text."""
    shown = list(content)
    for found in _UNSAFE.finditer(content):
        shown[found.start()] = _written_out(found)
    return shown


def _written_out(found: re.Match[str]) -> str:
    sign = found.group()
    return r"\x23" if sign == "#" else sign.encode("unicode_escape").decode()


def json_text(content: object, indent: int | None = None) -> str:
    """JSON in ASCII, without anything that a terminal or a CI system would take for a command."""
    return json.dumps(content, indent=indent, ensure_ascii=True).replace("\x7f", r"\u007f").replace("##", r"#\u0023")


def number_text(number: Decimal) -> str:
    """A number without an exponent and without trailing zeros: what JSON made of 5.2 or 5.20 is the same rate."""
    return f"{number.normalize():f}"


def value_text(value: Value) -> str:
    """A field's value for people."""
    match value:
        case None:
            return "none"
        case Mark():
            return "not set" if value is Mark.ABSENT else "unknown"
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return number_text(value)
        case datetime():
            return time_text(value)
        case list() | tuple():
            return _list_text(value)
        case Mapping() if value and all(isinstance(item, Mapping) for item in value.values()):
            return _item_text(value)
        case Mapping():
            return printable(text(value))
        case _:
            return printable(str(value))


def _list_text(items: Sequence[Any]) -> str:
    """`AT, CH, DE`, or `free_trial (days 14); percentage (percent 50, cycles 3)`."""
    separator = "; " if any(isinstance(item, Mapping) for item in items) else ", "
    return separator.join(map(_item_text, items)) or "none"


def _item_text(item: Any) -> str:
    if not isinstance(item, Mapping):
        return value_text(item)
    return ", ".join(_named_text(key, value) for key, value in item.items())


def _named_text(key: str, value: Any) -> str:
    """A value with its name; an amount by currency names the currency itself."""
    said = _nested_text(value)
    return said if isinstance(value, Money) and value.currency == key else f"{printable(key)} {said}"


def _nested_text(value: Any) -> str:
    return f"({_item_text(value)})" if isinstance(value, Mapping) else value_text(value)


def change_text(before: Value, after: Value) -> str:
    """`49.00 → 59.00 USD`, naming a currency that both sides share only once."""
    match before, after:
        case Money(currency=currency), Money() if currency == after.currency:
            return f"{before.number()} → {after}"
        case Derived(Money(currency=currency)), Derived(Money()) if currency == after.about.currency:
            return f"about {before.about.number()} → {after.about} (derived)"
        case _:
            pass
    if isinstance(before, str) and isinstance(after, str) and appearance(before) == appearance(after):
        return " → ".join(
            value.encode("ascii", "backslashreplace").decode() for value in map(value_text, (before, after))
        )
    texts = value_text(before), value_text(after)
    if texts[0] == texts[1]:
        # A label that becomes a number, or `yes` that becomes true: say of which type each is.
        texts = printable(text(before)), printable(text(after))
    return " → ".join(texts)


def appearance(content: str) -> str:
    """What a reader sees of a text: the same for letters composed in other ways, and for other white space."""
    return " ".join(unicodedata.normalize("NFC", content).split())


def listed(names: Collection[str], most: int = 5) -> str:
    """`a, b and c`; the first few of a long list and how many more."""
    shown = list(names)
    if len(shown) > most:
        return f"{', '.join(shown[:most])} and {len(shown) - most} more"
    return " and ".join(part for part in (", ".join(shown[:-1]), *shown[-1:]) if part)


def left_said(change: Change) -> str:
    """How an object differs from before, as the end of a sentence: `is gone`, `has changed: …`."""
    match change:
        case Create():
            return "is new"
        case Delete():
            return "is gone"
        case _:
            moved = (f"`{printable(c.path)}` {change_text(c.before, c.after)}" for c in change.fields)
            return "has changed: " + ", ".join(moved)


def moved_text(move: AmountMove) -> str:
    """`49.00 → 59.00 USD`"""
    return change_text(move.was, move.becomes)


def named_move(move: AmountMove) -> str:
    """`plan_price.pro/monthly `price` 49.00 → 59.00 USD`"""
    return f"{printable(str(move.address))} `{move.path}` {moved_text(move)}"


#: How a message begins that continues the name of its field to a sentence.
_PREDICATE = re.compile(r"(?:is|must|has|needs|cannot|does|are|can|was|repeats|costs) ")


def of_field(name: str, message: str) -> str:
    """A message about a field: "`price` must be a number", or "`price`: 490.00 USD is more than twelve months"."""
    return f"`{name}` {message}" if _PREDICATE.match(message) else f"`{name}`: {message}"


def counted(count: int, noun: str) -> str:
    """`1 price`, `2 prices`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


#: Comparing with more words than this takes too long in a file in which every word is wrong.
_MOST_CANDIDATES = 300
#: How much nearer than any other a word is that alone can be meant.
_APART = 0.15


def the_only_near(word: object, known: Collection[str]) -> str:
    """The one known word that a misspelt one can be; empty where there is none, or another is nearly as near."""
    from difflib import SequenceMatcher, get_close_matches

    if not isinstance(word, str) or len(known) > _MOST_CANDIDATES:
        return ""
    near = get_close_matches(word, known, 2)
    ratios = [SequenceMatcher(None, other, word).ratio() for other in near]
    return near[0] if len(near) == 1 or (near and ratios[0] - ratios[1] >= _APART) else ""


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word nearest to a misspelt one; None where none is near."""
    from difflib import get_close_matches

    near = get_close_matches(word, sorted(known), 1) if len(known) <= _MOST_CANDIDATES else []
    return near[0] if near else None
