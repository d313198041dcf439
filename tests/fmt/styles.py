"""A catalog as somebody may write it: the same data in drawn styles, with comments everywhere."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, composite

#: A key that needs no quotes.
_PLAIN = re.compile(r"\w[\w -]*")
IGNORE = "# commetctl: ignore=currency_missing because of {number}"


@dataclass
class Hand:
    """How one person writes; `draw` makes each choice."""

    draw: DrawFn
    busy: bool
    comments: list[str] = field(default_factory=list)
    named: int = 0
    #: Whether a text stands last that takes what is indented more for its own.
    open: bool = False
    anchors: list[tuple[str, Any]] = field(default_factory=list)

    def one_of(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def comment(self) -> str:
        text = self.one_of("# remark {number}", "#{number}", '# a: {number} , ]} "', IGNORE, "#\tß {number}   ")
        self.comments.append(str(text).replace("{number}", str(len(self.comments))))
        return self.comments[-1]

    def remark(self) -> str:
        """What may stand at the end of a line."""
        if not self.busy or self.draw(st.booleans()):
            return str(self.one_of("", "", "  "))
        return f"{self.one_of(' ', '  ', '       ')}{self.comment()}"

    def above(self, pad: str) -> list[str]:
        """Lines that may stand above an entry: blank ones, comments, some of them in no column of anything."""
        if not self.busy:
            return []
        lines = []
        for kind in self.draw(st.lists(st.sampled_from(["blank", "here", "left", "right"]), max_size=3)):
            column = {"blank": "", "here": pad, "left": pad[:-1], "right": pad if self.open else pad + "   "}[kind]
            lines.append("" if kind == "blank" else column + self.comment())
        return lines

    def scalar(self, value: Any, *, flow: bool) -> str:
        """A value on one line."""
        if not isinstance(value, str):
            return json.dumps(value)
        plain = value.replace(" ", "").isalnum() and not value.isdigit() and not flow
        numeric = value.replace(".", "").isdigit()
        quoted = [json.dumps(value), json.dumps(value, ensure_ascii=False)]
        if "\n" not in value:
            quoted.append("'" + value.replace("'", "''") + "'")
        return str(self.one_of(*quoted, *([value] if plain else [])) if not numeric else self.one_of(*quoted))

    def flow(self, value: Any, pad: str) -> str:
        """A value between braces, perhaps over lines."""
        if not isinstance(value, Mapping):
            return self.scalar(value, flow=True)
        if not value:
            return str(self.one_of("{}", "{ }"))
        broken = self.busy and self.draw(st.booleans())
        pieces = []
        items = self.shuffled(value)
        for number, (key, item) in enumerate(items):
            comma = "," if number + 1 < len(items) else self.one_of("", ",")
            head = f"{self.key(key)}:{self.one_of(' ', '   ')}{self.flow(item, pad + '  ')}{comma}"
            if broken:
                pieces += [*(line or "" for line in self.above(pad)), f"{pad}{head}{self.remark()}"]
            else:
                pieces.append(head)
        if broken:
            return "{" + self.remark() + "\n" + "\n".join(pieces) + f"\n{pad}" + "}"
        return "{" + " ".join(pieces) + "}"

    def key(self, key: str) -> str:
        plain = key if _PLAIN.fullmatch(key) else json.dumps(key)
        return str(self.one_of(plain, plain, json.dumps(key), f"'{key}'"))

    def shuffled(self, value: Mapping[str, Any]) -> list[tuple[str, Any]]:
        items = list(value.items())
        return list(self.draw(st.permutations(items))) if self.busy else items

    def block(self, value: Mapping[str, Any], pad: str) -> list[str]:
        """The lines of a mapping."""
        lines: list[str] = []
        for key, item in self.shuffled(value):
            lines += self.above(pad)
            self.open = False
            head = f"{pad}{self.key(key)}:"
            deeper = pad + " " * self.one_of(1, 2, 4)
            # What is inside may have anchors too, before this one is complete.
            self.named += 1
            name = f"a{self.named}"
            anchor = self.one_of("", "", "", f" &{name}") if self.busy else ""
            known = next((known for known, other in self.anchors if repr(other) == repr(item)), None)
            if known and self.draw(st.booleans()):
                lines.append(f"{head} *{known}{self.remark()}")
                continue
            if isinstance(item, Mapping) and item and self.draw(st.booleans()):
                lines += [f"{head}{anchor}{self.remark()}", *self.block(item, deeper)]
                lines += self.above(deeper) if self.draw(st.booleans()) else []
            elif isinstance(item, str) and self.draw(st.booleans()) and self.can_be_literal(item):
                sign = self.one_of("|-", "|-", "|1-") if len(deeper) - len(pad) == 1 else "|-"
                body = "\n".join(deeper + line for line in item.split("\n"))
                lines += [f"{head}{anchor} {sign}{self.remark()}", body]
                self.open = True
            else:
                lines.append(f"{head}{anchor} {self.flow(item, deeper)}{self.remark()}")
            if anchor:
                self.anchors.append((name, item))
        return lines

    @staticmethod
    def can_be_literal(text: str) -> bool:
        return not text.replace(".", "").isdigit()


@composite
def written(draw: DrawFn, catalog: Mapping[str, Any], *, busy: bool = True) -> tuple[str, list[str]]:
    """A text that says what a catalog says, and the comments in it."""
    hand = Hand(draw, busy)
    top = hand.one_of("", "", " ")
    whole = draw(st.sampled_from(["block", "block", "block", "flow"]))
    lines = hand.block(catalog, top) if whole == "block" else [hand.flow(catalog, "  ")]
    text = "\n".join([*hand.above(top), *lines, *hand.above(top)]) + hand.one_of("\n", "", "\n\n\n")
    head = hand.one_of("", "", "---\n", "# yaml-language-server: $schema=x\n", "# first\n\n--- # marker\n", "\n\n")
    newline = hand.one_of("\n", "\n", "\n", "\r\n", "\r")
    more = [line for line in head.splitlines() if line.startswith("#")] + (["# marker"] if "# marker" in head else [])
    return hand.one_of("", "", "\ufeff") + (head + text).replace("\n", newline), [*hand.comments, *more]
