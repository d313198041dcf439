"""The codes that commetctl prints, and what each means: for `explain CODE`, and for the page that lists them.

The paragraphs are data: one file for each theme in `paragraphs/`, read when somebody asks. A table `[CODE.SORT]` is one
meaning of a code. `text` is for both; `more` holds the details that only `explain` prints. `exits` is given where the
exit code is not that of the sort.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Any

from commetctl.core.errors import CommetctlError, InvalidCatalog, Refused

#: The files of the themes, in the order of reading.
_THEMES: tuple[str, ...] = ("file", "changes", "values", "rules", "warnings", "guards", "plans", "runs")
_THEMES += ("key", "answers", "commet", "pulls", "migration", "files")
_EXITS = {"problem": InvalidCatalog.exit_code, "error": CommetctlError.exit_code, "refusal": Refused.exit_code}
_ABOUT = {
    "problem": "The file is invalid; the message gives the place.",
    "error": "Something failed.",
    "refusal": "A guard or another check stopped the command.",
    "warning": "Something is allowed, but probably a mistake.",
    "notice": "A remark; nothing needs to be done.",
}


class Sort(Enum):
    """What a message with a code is."""

    PROBLEM = "problem"
    ERROR = "error"
    REFUSAL = "refusal"
    WARNING = "warning"
    NOTICE = "notice"

    @property
    def exit_code(self) -> int:
        """The exit code of a run that ends with such a message, unless the code has its own."""
        return _EXITS.get(self.value, 0)

    @property
    def about(self) -> str:
        """What it is, in a sentence."""
        return _ABOUT[self.value]


@dataclass(frozen=True)
class Code:
    """One meaning of a code, in Markdown: `gist` is what happened, why, and what to do; `more` the details.

    `strict` says that `--strict` turns it into an error.
    """

    name: str
    sort: Sort
    gist: str
    more: str
    exit_code: int
    strict: bool

    @property
    def text(self) -> str:
        """All that is said of it, as one paragraph."""
        return f"{self.gist} {self.more}".rstrip()


@dataclass(frozen=True)
class Theme:
    """Codes that belong together, in the order of reading; `about` begins with what most of them are."""

    title: str
    about: str
    codes: tuple[Code, ...]


@cache
def themes() -> tuple[Theme, ...]:
    """Every theme with its codes, in the order of reading."""
    folder = files("commetctl.reference") / "paragraphs"
    return tuple(_theme(tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))) for name in _THEMES)


def codes() -> list[str]:
    """Every code once, in the order of reading."""
    return list(dict.fromkeys(code.name for theme in themes() for code in theme.codes))


def meanings(name: str) -> tuple[Code, ...]:
    """The meanings of a code: several where a file and an answer share it, none where the code is unknown."""
    return tuple(code for theme in themes() for code in theme.codes if code.name == name)


def _theme(data: dict[str, Any]) -> Theme:
    title, about, strict = data.pop("title"), data.pop("about"), data.pop("strict", False)
    return Theme(title, _paragraph(about), tuple(_codes(data, strict=strict)))


def _codes(data: Mapping[str, Mapping[str, Mapping[str, Any]]], *, strict: bool) -> Iterator[Code]:
    for name, sorts in data.items():
        for word, said in sorts.items():
            sort = Sort(word)
            exits, strictly = said.get("exits", sort.exit_code), strict and sort is Sort.WARNING
            yield Code(name, sort, _paragraph(said["text"]), _paragraph(said.get("more", "")), exits, strictly)


def _paragraph(text: str) -> str:
    """A text of several lines as one."""
    return " ".join(text.split())
