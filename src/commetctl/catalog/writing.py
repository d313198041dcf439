"""Writing plain data as YAML, the way a careful person does: a line for each object, and few quotes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import ScalarNode

from commetctl.catalog.scalars import TAG
from commetctl.catalog.variables import escaped
from commetctl.kinds.section import Block, Path, Shorthand
from commetctl.yamltext.tokens import Site

#: Columns that a line should stay within.
WIDTH = 100
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_INDICATORS = re.compile(r"[,\[\]{}]")
#: What other readers of YAML take for a boolean or for nothing.
_WORDS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"])
_RESOLVER = YAML(typ="safe", pure=True).resolver


@dataclass(frozen=True)
class Writer:
    """How to write: how deep each level is indented, whether keys and texts are quoted as in JSON, what remarks stand
    above which paths, and whether texts are `raw`, as a file has them, variables included."""

    step: int = 2
    quoted: bool = False
    remarks: Mapping[Path, str] = field(default_factory=dict)
    raw: bool = False

    def literal(self, text: str) -> str:
        """A text as it has to stand in a file, so that nothing in it is taken for a variable."""
        return text if self.raw else escaped(text)

    def scalar(self, value: Any, *, flow: bool = True) -> str:
        """A text, number, boolean or nothing, on one line."""
        if value is None:
            return "null"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | Decimal):
            return f"{value:f}" if isinstance(value, Decimal) else str(value)
        text = self.literal(str(value))
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

    def block(self, value: Any, indent: int, column: int, path: Path) -> tuple[str, list[str]]:
        """A value after its key: what stands in the line of the key, from `column` on, and the lines below it."""
        if isinstance(value, str) and _is_literal(value):
            pad = " " * indent
            return "|-", [pad + line if line else "" for line in self.literal(value).split("\n")]
        if isinstance(value, Shorthand):
            value = value.short
        if isinstance(value, list | tuple) or value == {}:
            return self.flow(value), []
        if not isinstance(value, Mapping):
            return self.scalar(value, flow=False), []
        if not isinstance(value, Block) and not self._remarked(path):
            line = self.flow(value)
            if column + len(line) <= WIDTH and "\\n" not in line:
                return line, []
        return "", list(self.entries(value, indent, path))

    def entries(self, value: Mapping[str, Any], indent: int, path: Path) -> Iterator[str]:
        """The lines of a mapping."""
        for key, item in value.items():
            yield from self.entry(key, item, indent, (*path, key))

    def entry(self, key: str, value: Any, indent: int, path: Path) -> Iterator[str]:
        """The lines of one key with its value."""
        head = " " * indent + self.scalar(key, flow=False) + ":"
        if remark := self.remarks.get(path):
            yield " " * indent + f"# {remark}"
        first, lines = self.block(value, indent + self.step, len(head) + 1, path)
        yield f"{head} {first}" if first else head
        yield from lines

    def _remarked(self, path: Path) -> bool:
        """Whether something below a path has a remark, which needs a line of its own."""
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
    """A value in the manner of what stood there: its quotes, and whole amounts without a point."""
    if not isinstance(value, str | Decimal):
        return writer.scalar(value, flow=flow)
    text = writer.literal(value) if isinstance(value, str) else _number(value, old.value)
    if old.style == '"':
        return double_quoted(text)
    if old.style == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return text if isinstance(value, Decimal) else writer.scalar(value, flow=flow)


def _number(value: Decimal, written: str) -> str:
    """A number with as many digits as are needed, and the zeros at its end that stood there before."""
    whole = value.to_integral_value()
    if written.isdigit() and value == whole:
        return f"{whole:f}"
    kept = len(written.partition(".")[2]) if re.fullmatch(r"[0-9]+\.[0-9]*0", written) else 0
    text = f"{value:f}"
    digits = len(text.partition(".")[2])
    return text + ("" if digits or not kept else ".") + "0" * max(0, kept - digits)


def double_quoted(text: str) -> str:
    """A text in double quotes, in which nothing is invisible."""
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
    return bool(_RESOLVER.resolve(ScalarNode, text, (True, False)) == TAG + "str")


def _is_literal(text: str) -> bool:
    """Whether a text can stand as lines of its own."""
    lines = text.split("\n")
    return (
        len(lines) > 1
        and bool(lines[0] and lines[-1])
        and all(line.isprintable() and line == line.strip() for line in lines)
    )
