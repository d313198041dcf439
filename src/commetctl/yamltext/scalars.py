"""Scalars: how one key or one value is written, on one line or on several."""

import re

from commetctl.yamltext.form import Form
from commetctl.yamltext.layout import Layout
from commetctl.yamltext.sites import Site
from commetctl.yamltext.writing import Writer, double_quoted

#: What a plain text cannot contain between braces, or what some readers of YAML misread there.
_INDICATORS = re.compile(r"[,\[\]{}:]")
#: The booleans of YAML 1.2.
_BOOLEANS = frozenset(["true", "True", "TRUE", "false", "False", "FALSE"])
#: Begins a variable of a template, which is never rewritten.
_VARIABLE = "${"
_ODD_BACKSLASHES = re.compile(r"(?<!\\)(?:\\\\)*\\\Z")
_WRITER = Writer()


class Texts:
    """The scalars of one text; unless `edited`, they are written as they are."""

    def __init__(self, layout: Layout, *, edited: bool) -> None:
        self._layout, self._edited = layout, edited

    def head(self, site: Site) -> str:
        """The anchor and the tag of a value, with a space behind them."""
        return "".join(self._layout.text[start:end] + " " for start, end in self._layout.properties(site))

    def raw(self, site: Site) -> str:
        """A value as it is written."""
        return self._layout.text[site.body : site.end]

    def key(self, site: Site, *, flow: bool) -> str:
        """A key on one line; an alias with the space that has to stand before the colon."""
        if site.kind == "alias":
            return f"*{site.anchor} "
        raw, head = self.raw(site), self.head(site)
        if "\n" in raw:
            return head + _WRITER.scalar(site.value)
        return head + (raw if self._is_kept(site, head) else self._scalar(site, raw, flow=flow))

    def inline(self, site: Site, form: Form, *, flow: bool) -> str | None:
        """A value on one line; None if it needs lines of its own, or cannot stand between braces."""
        if site.kind == "alias":
            return f"*{site.anchor}"
        raw, head = self.raw(site), self.head(site)
        if site.literal:
            return None
        if not raw.strip():
            # An empty value is not the same as `null`, which removes keys in an overlay.
            return None if flow else head.rstrip()
        if self._is_kept(site, head):
            bound = "\n" in raw or (flow and not site.style and _INDICATORS.search(raw))
            return None if bound else head + raw
        if "\n" in raw and "\n" in site.value:
            return None
        return head + (form.number(site.value) or self._scalar(site, raw, flow=flow))

    def lines(self, site: Site, pad: str) -> list[str]:
        """A value on several lines: the text after its key, and the lines below, indented by `pad`."""
        if site.literal:
            return self._block(site, pad)
        first, *rest = self.raw(site).split("\n")
        made = [self.head(site) + _without_end(first)]
        for number, row in enumerate(rest, 1):
            line = row.lstrip(" \t") if number == len(rest) else _without_end(row.lstrip(" \t"))
            made.append(pad + line if line else "")
        return made

    def _block(self, site: Site, pad: str) -> list[str]:
        """The lines of a block scalar; indentation inside the text is kept."""
        first, *rows = self.raw(site).split("\n")
        header = re.match(r"[|>][0-9+-]*", first)
        assert header  # noqa: S101  (the style says so)
        text = [row for row in site.value.split("\n") if row.strip(" ")]
        row = next((row for row in rows if row.strip(" ")), "")
        indent = _indent(row) - (_indent(text[0]) if text else 0)
        clip = "+" if "+" in header[0] else "-" if "-" in header[0] else ""
        if text and clip != "-" and not site.value.endswith("\n"):
            # It ends with the file: a line added below would become part of it.
            clip = "-"
        digit = str(_WRITER.step) if re.search("[0-9]", header[0]) else ""
        made = [pad + row[indent:] if len(row) > indent else "" for row in rows]
        return [f"{self.head(site)}{site.style}{digit}{clip}", *made]

    def _is_kept(self, site: Site, head: str) -> bool:
        """Whether it is kept exactly as it is written."""
        return not self._edited or _VARIABLE in site.value or "!" in head

    @staticmethod
    def _scalar(site: Site, raw: str, *, flow: bool) -> str:
        value = site.value
        if not site.style:
            if value in _BOOLEANS:
                return value.lower()
            return _WRITER.scalar(value) if flow and _INDICATORS.search(value) else value
        text = _WRITER.scalar(value, flow=flow)
        if not text.startswith('"'):
            return text
        readable = site.style == "'" and "\n" not in raw and ('"' in value or "\\" in value)
        return raw if readable else double_quoted(value)


def _indent(row: str) -> int:
    return len(row) - len(row.lstrip(" "))


def _without_end(line: str) -> str:
    """A line without trailing white space, except for an escaped space."""
    short = line.rstrip(" \t")
    return line[: len(short) + 1] if short != line and _ODD_BACKSLASHES.search(short) else short
