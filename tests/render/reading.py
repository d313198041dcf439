"""A page as a strict reader takes it in: its elements, its text, and whether all of it is closed in order."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br"}
#: What stands within a line, so that its text belongs to the words beside it.
INLINE = {"span", "del", "ins", "em", "strong"}


@dataclass
class Element:
    """One element, with the text of all that is in it."""

    tag: str
    attributes: dict[str, str | None]
    parent: "Element | None" = None
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its text in one line."""
        return " ".join("".join(self.texts).split())

    def within(self, tag: str) -> bool:
        """Whether it is in an element of a tag."""
        return self.parent is not None and (self.parent.tag == tag or self.parent.within(tag))


class Reader(HTMLParser):
    """Reads a page; an AssertionError says what is not well-formed."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, attrs)
        found = Element(tag, dict(attrs), self._open[-1] if self._open else None)
        self.elements.append(found)
        if tag not in INLINE:
            self.handle_data(" ")
        if tag not in VOID:
            self._open.append(found)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, tag
        assert self._open.pop().tag == tag, self.getpos()

    def handle_data(self, data: str) -> None:
        code = self._open and self._open[-1].tag in ("style", "script")
        for element in self._open[-1:] if code else self._open:
            element.texts.append(data)

    def all(self, *tags: str) -> list[Element]:
        """The elements of some tags, in order."""
        return [element for element in self.elements if element.tag in tags]

    def named(self, name: str) -> list[Element]:
        """The elements of a class."""
        return [item for item in self.elements if name in (item.attributes.get("class") or "").split()]

    @property
    def text(self) -> str:
        """What the page says, in one line."""
        return self.all("body")[0].text
