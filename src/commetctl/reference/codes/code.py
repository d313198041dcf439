"""What a code is: a word for one thing that commetctl may have to say, and the paragraph that explains it."""

from dataclasses import dataclass
from enum import Enum


class Sort(Enum):
    """What is said with a code."""

    PROBLEM = "problem"
    ERROR = "error"
    REFUSAL = "refusal"
    WARNING = "warning"
    NOTICE = "notice"

    @property
    def exit_code(self) -> int:
        """What a run exits with by it, where the code has no exit code of its own."""
        return {"problem": 3, "error": 1, "refusal": 4}.get(self.value, 0)

    @property
    def about(self) -> str:
        """What it is, in a sentence."""
        return _ABOUT[self.value]


_ABOUT = {
    "problem": "Something in a file that makes it invalid; it is told with its place.",
    "error": "Something that did not work.",
    "refusal": "Something that commetctl could do, and does not: a guard, or a check of its own, says no.",
    "warning": "Something that is allowed and probably not meant.",
    "notice": "A remark; there is nothing to do.",
}


@dataclass(frozen=True)
class Code:
    """One meaning of a code: what it stands for, why it is what it is, and what to do. The text is Markdown.

    `exits` is the exit code where it is not that of its sort; `strict` says that `--strict` makes an error of it.
    """

    name: str
    sort: Sort
    text: str
    exits: int | None = None
    strict: bool = False

    @property
    def exit_code(self) -> int:
        """What a run exits with by it alone."""
        return self.sort.exit_code if self.exits is None else self.exits


@dataclass(frozen=True)
class Theme:
    """Codes that belong together, in the order of reading."""

    title: str
    about: str
    codes: tuple[Code, ...]


def problem(name: str, text: str) -> Code:
    """A problem of a file."""
    return Code(name, Sort.PROBLEM, text)


def error(name: str, text: str, exits: int | None = None) -> Code:
    """An error."""
    return Code(name, Sort.ERROR, text, exits)


def refusal(name: str, text: str) -> Code:
    """A refusal."""
    return Code(name, Sort.REFUSAL, text)


def warning(name: str, text: str, *, strict: bool = False) -> Code:
    """A warning."""
    return Code(name, Sort.WARNING, text, strict=strict)


def notice(name: str, text: str) -> Code:
    """A notice."""
    return Code(name, Sort.NOTICE, text)
