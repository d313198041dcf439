"""Places: where the nodes of a file are written, and whether a problem is about a key or about its value."""

import re
from bisect import bisect_left
from collections.abc import Iterable

from ruamel.yaml.events import AliasEvent, Event
from ruamel.yaml.nodes import CollectionNode, Node, ScalarNode

from commetctl.catalog.data import at
from commetctl.core.lines import Lines
from commetctl.core.resource import Origin, Span
from commetctl.core.values import KeyPath
from commetctl.kinds import type_at

#: An anchor, which is no part of a value.
_ANCHOR = re.compile(r"&[^\s,\[\]{}]*\s*")
_COLON = re.compile(" *:")
#: Problems of a key: it is wrong itself, or must not stand where it does, or what is inside it lacks something.
_OF_KEYS = frozenset(
    {
        "bad_code",
        "balance_missing",
        "balance_without_base",
        "bare_key",
        "boolean_feature",
        "duplicate_key",
        "margin_without_ai_model",
        "markets_not_in_version",
        "misplaced_key",
        "missing_key",
        "no_markets",
        "not_in_version",
        "nothing_to_convert",
        "nothing_to_remove",
        "overage_on_credits_plan",
        "overage_on_free_plan",
        "overage_without_model",
        "price_on_free_plan",
        "rate_missing",
        "reserved_key",
        "scale_is_settled",
        "section_not_in_version",
        "trial_on_one_time",
        "unknown_feature",
        "unknown_interval",
        "unknown_key",
        "unknown_market",
        "unlimited_and_amount",
        "unlimited_and_overage",
        "usage_without_model",
        "wrong_model",
    }
)
#: Problems of a word, which may be a key, as in `regional_prices`, or the value of a field, such as `currency`.
_OF_WORDS = frozenset({"currency_not_in_version", "interval_not_in_version", "unknown_currency"})
#: Problems of a value that is not of the type that it has to be.
_OF_TYPES = frozenset(
    {"amount", "bad_include", "bad_value", "digit_separator", "metadata", "not_a_mapping", "rate", "text", "time"}
)


def is_about_key(code: str, path: KeyPath, data: object) -> bool:
    """Whether a problem with the value at a path of plain data is one of its key, or is shown best there."""
    if code in _OF_WORDS:
        found = type_at(path[:-1])
        return found is None or found.word not in ("object", "union")
    # What is not there is missing in what is around it, or is meant by a short form.
    there = next((length for length in range(len(path), 0, -1) if at(data, path[:length]) is not None), 0)
    # A mapping or a list may have many lines, of which none is wrong.
    several = isinstance(at(data, path[:there]), dict | list) and not (there == len(path) and code in _OF_TYPES)
    return code in _OF_KEYS or several


class Places:
    """The places of the nodes of one file; `events` are those of the parser, of which only aliases are used."""

    def __init__(self, file: str, text: str, events: Iterable[Event]) -> None:
        self._file, self._text = file, text
        self.lines = Lines(text)
        marks = [(each.start_mark, each.end_mark) for each in events if isinstance(each, AliasEvent)]
        self._aliases = [(start.index, end.index) for start, end in marks]

    def at(self, start: int, end: int) -> Origin:
        """The place of a part of the text."""
        return Origin.at(self._file, self.lines, start, end)

    def of(self, node: Node) -> Origin:
        """The place of a node where it is written, without its anchor."""
        return self.span(node).origin

    def span(self, node: Node) -> Span:
        """The part of the file in which a node is written, without its anchor."""
        start, end = node.start_mark.index, self._end(node)
        if self._text.startswith("&", start) and isinstance(node, ScalarNode):
            found = _ANCHOR.match(self._text, start, end)
            start = found.end() if found else start
        return Span(self._file, self.lines, start, end)

    def used(self, node: Node, after: int) -> Span:
        """That of a value that stands behind an index: where it is written, or the alias that stands for it."""
        alias = self._alias(node, after)
        return Span(self._file, self.lines, *alias) if alias else self.span(node)

    def behind(self, node: Node, after: int) -> int:
        """The index behind such a value."""
        alias = self._alias(node, after)
        return alias[1] if alias else int(node.end_mark.index)

    def has_colon(self, key: Node) -> bool:
        """Whether a colon stands after a key, so that it is meant as one."""
        return _COLON.match(self._text, int(key.end_mark.index)) is not None

    def _alias(self, node: Node, after: int) -> tuple[int, int] | None:
        if node.start_mark.index >= after:
            return None
        number = bisect_left(self._aliases, (after, 0))
        return self._aliases[number] if number < len(self._aliases) else None

    def _end(self, node: Node) -> int:
        """The end of a node, without the blank lines and comments that the parser counts to it."""
        start, end = node.start_mark.index, int(node.end_mark.index)
        if isinstance(node, ScalarNode):
            return start + len(self._text[start:end].rstrip()) if node.style in ("|", ">") else end
        if isinstance(node, CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            # An alias is written elsewhere; what ends with one ends with its key.
            parts = [part for part in (last if isinstance(last, tuple) else (last,)) if part.start_mark.index >= start]
            return max(map(self._end, parts), default=end)
        return end
