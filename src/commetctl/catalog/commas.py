"""Commas between braces: YAML reads `{eur: 45,90}` as `eur: 45` and a key `90` without a value."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from commetctl.catalog.places import Places
from commetctl.core.errors import Problem
from commetctl.core.separators import BEFORE, MINUS, MONEY, SEPARATORS, Separated, separated
from commetctl.core.values import KeyPath
from commetctl.kinds import type_at
from commetctl.kinds.model import Type
from commetctl.kinds.scalars import Amount

_BEGIN = re.compile(rf"({BEFORE})?[{MINUS}]?[0-9]([0-9.{SEPARATORS}]*[0-9.])?")
_GO_ON = re.compile(rf"[0-9]([0-9.{SEPARATORS}]*[0-9.])?( ?%| ?[{MONEY}]| ?[A-Za-z]{{3}})?")
#: A key made by a comma alone: an author who means a key writes a colon.
_CUT_OFF = re.compile(r"[^:]+")

Pair = tuple[Node, Node]


@dataclass(frozen=True)
class Comma:
    """A number cut by a comma: the value before the first comma, and the text of the whole number, with its end."""

    value: ScalarNode
    text: str
    end: int

    @property
    def message(self) -> str:
        """What is wrong with it."""
        return f"`{self.text}` has a comma: between braces, the text after it is a key without a value"

    def problem(self, path: KeyPath, places: Places) -> Problem:
        """The problem of the number, which is the value at a path."""
        type_ = type_at(path)
        found = self._meant(type_)
        fix = found.fix if found and self.hint(type_).startswith(found.hint) else ""
        place = places.at(int(self.value.start_mark.index), self.end)
        return Problem("decimal_comma", self.message, self.hint(type_), place, fix=fix)

    def _meant(self, type_: Type | None) -> Separated | None:
        return separated(self.text, whole=type_ is not None and type_.word == "whole number")

    def hint(self, type_: Type | None) -> str:
        """What to write instead, by the type of the value; None where it is not known."""
        last = self.text.rpartition(",")[2]
        found = self._meant(type_)
        meant = found.hint if found else "write digits with at most one point"
        if type_ and type_.word in ("name", "text", "id"):
            meant = "put it in quotes"
        elif type_ and type_.word not in ("amount", "rate", "whole number") and not _is_short(type_):
            meant = "remove it: a number is not allowed here"
        return f"{meant}; or write a value after `{last}:`"


def _is_short(type_: Type) -> bool:
    """Whether a number may stand for an object."""
    return Amount in getattr(type_.spec, "short_forms", ())


def is_bare(node: Node) -> bool:
    """Whether there is no value where one should be."""
    return isinstance(node, ScalarNode) and not (node.value or node.style)


def without_commas(node: MappingNode) -> tuple[Sequence[Pair], list[Comma]]:
    """The keys and values of a mapping without those made by a comma in a number, and these numbers."""
    if not node.flow_style:
        return node.value, []
    pairs: list[Pair] = []
    commas: list[Comma] = []
    before: Comma | None = None
    for key, value in node.value:
        if before and is_bare(value) and _is_plain(key, _GO_ON):
            before = Comma(before.value, f"{before.text},{key.value}", int(key.end_mark.index))
            if commas and commas[-1].value is before.value:
                commas.pop()
            commas.append(before)
            continue
        pairs.append((key, value))
        cut = isinstance(value, ScalarNode) and _is_plain(value, _BEGIN)
        before = Comma(value, str(value.value), int(value.end_mark.index)) if cut else None
    return pairs, commas


def cut_texts(node: MappingNode, places: Places) -> dict[str, str]:
    """The keys between braces that a comma may have cut off from the value before, each with the text of both."""
    pairs = node.value if node.flow_style else []
    found: dict[str, str] = {}
    for (_, before), (key, value) in pairwise(pairs):
        # A word after a number is a key of its own.
        goes_on = isinstance(before, ScalarNode) and (_is_word(before) or not _is_word(key))
        cut_off = is_bare(value) and not is_bare(before) and not places.has_colon(key)
        if goes_on and cut_off and _is_plain(key, _CUT_OFF):
            found[str(key.value)] = f"{before.value}{', ' if _is_word(before) else ','}{key.value}"
    return found


def _is_word(node: Node) -> bool:
    text = str(node.value)
    return text[:1].isalpha() and not text[-1:].isdigit()


def _is_plain(node: Node, pattern: re.Pattern[str]) -> bool:
    return isinstance(node, ScalarNode) and not node.style and pattern.fullmatch(str(node.value)) is not None
