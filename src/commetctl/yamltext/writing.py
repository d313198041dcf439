"""Writing plain data as YAML, the way a careful person does: a line for each object, and few quotes."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from commetctl.core.values import KeyPath
from commetctl.yamltext import Block, Shorthand
from commetctl.yamltext.sites import TAG, Site
from commetctl.yamltext.tags import tag_of_plain

#: Columns that a line should stay within.
WIDTH = 100
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_INDICATORS = re.compile(r"[,\[\]{}]")
#: Words that other readers of YAML take for a boolean or null.
_WORDS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"])


@dataclass(frozen=True)
class Writer:
    """How to write: the columns of a level, whether keys and texts are quoted as in JSON, the comments above which
    paths, and what a text has to be written as, so that it is read as itself."""

    step: int = 2
    quoted: bool = False
    remarks: Mapping[KeyPath, str] = field(default_factory=dict)
    escape: Callable[[str], str] = str

    def scalar(self, value: Any, *, flow: bool = True) -> str:
        """A text, number, boolean or null, on one line."""
        if value is None:
            return "null"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | Decimal):
            return f"{value:f}" if isinstance(value, Decimal) else str(value)
        text = self.escape(str(value))
        return text if not self.quoted and _is_plain(text, flow=flow) else double_quoted(text)

    def flow(self, value: Any) -> str:
        """Any value on one line."""
        if isinstance(value, Shorthand):
            return self.scalar(value.short)
        if isinstance(value, list | tuple):
            return "[" + ", ".join(map(self.flow, value)) + "]"
        if not isinstance(value, Mapping):
            return self.scalar(value)
        return "{" + ", ".join(f"{self.scalar(key)}: {self.flow(item)}" for key, item in value.items()) + "}"

    def block(self, value: Any, indent: int, column: int, path: KeyPath) -> tuple[str, list[str]]:
        """A value after its key: the text on the line of the key, from `column` on, and the lines below."""
        if isinstance(value, str) and _is_literal(value):
            pad = " " * indent
            return "|-", [pad + line if line else "" for line in self.escape(value).split("\n")]
        if isinstance(value, Shorthand):
            value = value.short
        if not isinstance(value, Mapping | list | tuple):
            return self.scalar(value, flow=False), []
        line = self.flow(value)
        fits = column + len(line) <= WIDTH and "\\n" not in line
        if not value or (fits and not isinstance(value, Block) and not self._remarked(path)):
            return line, []
        return "", list(self.entries(value, indent, path) if isinstance(value, Mapping) else self.items(value, indent))

    def items(self, value: Iterable[Any], indent: int) -> Iterator[str]:
        """The lines of the items of a list."""
        dash = " " * indent + "-"
        for item in value:
            first, lines = self.block(item, indent + 2, len(dash) + 1, ())
            if not first and isinstance(item, Mapping):
                first, lines = lines[0].lstrip(), lines[1:]
            yield f"{dash} {first}" if first else dash
            yield from lines

    def entries(self, value: Mapping[str, Any], indent: int, path: KeyPath) -> Iterator[str]:
        """The lines of a mapping."""
        for key, item in value.items():
            yield from self.entry(key, item, indent, (*path, key))

    def entry(self, key: str, value: Any, indent: int, path: KeyPath) -> Iterator[str]:
        """The lines of one key with its value."""
        head = " " * indent + self.scalar(key, flow=False) + ":"
        if remark := self.remarks.get(path):
            yield " " * indent + f"# {remark}"
        first, lines = self.block(value, indent + self.step, len(head) + 1, path)
        yield f"{head} {first}" if first else head
        yield from lines

    def _remarked(self, path: KeyPath) -> bool:
        """Whether a value below a path has a remark, which needs a line of its own."""
        return any(len(known) > len(path) and known[: len(path)] == path for known in self.remarks)


def document(head: str, settings: Mapping[str, Any], sections: Mapping[str, Any], writer: Writer) -> str:
    """A whole new file: a comment, the settings, and each section after a blank line."""
    lines = [f"# {line}".rstrip() for line in head.splitlines()]
    lines += list(writer.entries(settings, 0, ()))
    for name, entries in sections.items():
        lines.append("")
        if remark := writer.remarks.get((name,)):
            lines.append(f"# {remark}")
        lines.append(f"{name}:" if entries else f"{name}: {{}}")
        for number, (key, value) in enumerate(entries.items()):
            if number and isinstance(value, Block):
                lines.append("")
            lines += writer.entry(key, value, writer.step, (name, key))
    return "\n".join(lines) + "\n"


def like(value: Any, old: Site, writer: Writer, *, flow: bool) -> str:
    """A value written as the old one was: with its quotes, and whole amounts without a point."""
    if not isinstance(value, str | Decimal):
        return writer.scalar(value, flow=flow)
    text = writer.escape(value) if isinstance(value, str) else _number(value, old.value)
    if old.style == '"':
        return double_quoted(text)
    if old.style == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return writer.scalar(value, flow=flow) if isinstance(value, str) else text


def copied(site: Site) -> str:
    """A value as it is written, on one line and without anchors."""
    if site.target:
        return copied(site.target)
    if site.kind == "map":
        return "{" + ", ".join(f"{copied(entry.key)}: {copied(entry.value)}" for entry in site.entries) + "}"
    if site.kind == "seq":
        return "[" + ", ".join(copied(entry.value) for entry in site.entries) + "]"
    if site.style or re.search(r"[,\[\]{}\n]", site.value):
        return Writer(quoted=bool(site.style)).scalar(site.value)
    return site.value


def _number(value: Decimal, written: str) -> str:
    """A number with as many digits as it needs, and with the trailing zeros of the old one."""
    whole = value.to_integral_value()
    if written.isdigit() and value == whole:
        return f"{whole:f}"
    kept = len(written.partition(".")[2]) if re.fullmatch(r"[0-9]+\.[0-9]*0", written) else 0
    text = f"{value:f}"
    digits = len(text.partition(".")[2])
    return text + ("" if digits or not kept else ".") + "0" * max(0, kept - digits)


def double_quoted(text: str) -> str:
    """A text in double quotes, with every invisible character escaped."""
    return '"' + "".join(_ESCAPES.get(sign) or (sign if sign.isprintable() else _escape(sign)) for sign in text) + '"'


def _escape(sign: str) -> str:
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"


def _is_plain(text: str, *, flow: bool) -> bool:
    """Whether a text is the same text to every reader of YAML without quotes."""
    if not text or not text.isprintable() or text != text.strip() or not text[0].isalnum():
        return False
    if ": " in text or " #" in text or text.endswith(":") or text.lower() in _WORDS:
        return False
    if flow and (_INDICATORS.search(text) or ":" in text):
        return False
    return bool(tag_of_plain(text) == TAG + "str")


def _is_literal(text: str) -> bool:
    """Whether a text can stand as lines of its own."""
    lines = text.split("\n")
    return (
        len(lines) > 1
        and bool(lines[0] and lines[-1])
        and all(line.isprintable() and line == line.strip() for line in lines)
    )
