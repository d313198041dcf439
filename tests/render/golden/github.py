"""Markdown as GitHub shows it: rendered by GitHub's own implementation, and read strictly."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import cmarkgfm
from cmarkgfm.cmark import Options

#: All that a page of ours is made of.
OURS = {"h3", "h4", "p", "ul", "li", "strong", "em", "del", "code", "br", "details", "summary", "span"}
OURS |= {"table", "thead", "tbody", "tr", "th", "td"}
VOID = {"br"}
#: What GitHub looks for in the finished page, outside of code.
FOUND = re.compile(
    r"(?i:(?<![\w`])@\w|#\d|\bGH-\d|:[\w+-]+:|https?://\S|\bwww\.\w|\S@[\w.-]+\.\w|\$[^$])"
    r"|\b(?:(?=\d*[a-f])[0-9a-f]{7,40}|\d{40})\b"
)


@dataclass
class Reader(HTMLParser):
    """A page as its elements, in order and nested, and its pieces of text that stand outside of code."""

    html: str
    tags: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.feed(self.html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in OURS, tag
        assert {name for name, _ in attrs} <= {"align"}, attrs
        if tag == "p" and "p" in self.open:
            raise AssertionError("a paragraph in a paragraph")
        if tag != "span":
            self.tags.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID, tag
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag, (tag, self.open)
        if tag != "span":
            self.tags.append(f"/{tag}")

    def handle_comment(self, data: str) -> None:
        assert data == " ", data

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if {"th", "td"} & set(self.open):
            self.rows[-1][-1] += data
        if "code" not in self.open:
            if "span" in self.open:
                assert data == "$"
                data = ""
            self.bare.append(data)

    @property
    def text(self) -> str:
        return collapsed("".join(self.texts))


def rendered(markdown: str) -> Reader:
    """Markdown as GitHub shows it, before its filters: with every element that is written in it."""
    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    html = cmarkgfm.github_flavored_markdown_to_html(markdown, options)
    found = Reader(html)
    for piece in found.bare:
        assert not FOUND.search(piece), (piece, FOUND.search(piece))
    return found


def collapsed(said: str) -> str:
    return " ".join(said.split())
