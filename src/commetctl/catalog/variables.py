"""Variables: `${COMMETCTL_VAR_name}` in a value of the file is replaced by a variable of the environment.

Only names with this prefix are looked up, so no file can reveal a key or anything else from the environment. The value
becomes part of the text of one scalar: it never adds keys, and an empty one is refused, because a field left out by
accident would silently get its default.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

PREFIX = "COMMETCTL_VAR_"
#: Most characters of a value: no text of a catalog is longer.
LONGEST = 4096
_NAME = re.compile(r"[A-Za-z0-9_]+")
# A second `$` before it makes it plain text. A malformed variable matches too, to be reported.
_LITERAL = "${" + PREFIX
_BEGIN = re.escape(_LITERAL)
_USE = re.compile(rf"(?P<literal>\${_BEGIN})|{_BEGIN}(?P<rest>[^}}]*)(?P<end>\}})?")
_HINT = f"variables are written `${{{PREFIX}name}}`, with only letters, digits and `_` in the name"


@dataclass(frozen=True)
class Trouble:
    """What is wrong with one use of a variable."""

    code: str
    message: str
    hint: str
    name: str = ""


@dataclass(frozen=True)
class Substituted:
    """A text with its variables replaced, and what is wrong with them."""

    text: str
    troubles: tuple[Trouble, ...] = ()


def used(text: str) -> bool:
    """Whether a text contains anything that looks like a variable, escaped or not."""
    return _LITERAL in text


def names(text: str) -> set[str]:
    """The variables that a text uses."""
    return {PREFIX + found["rest"] for found in _USE.finditer(text) if not found["literal"]}


def substituted(text: str, environment: Mapping[str, str]) -> Substituted:
    """The text with its variables replaced; a wrong one stays as it is written."""
    if not used(text):
        return Substituted(text)
    troubles: list[Trouble] = []

    def value(found: re.Match[str]) -> str:
        if found["literal"]:
            return _LITERAL
        if trouble := _trouble(found, environment):
            troubles.append(trouble)
            return found[0]
        return environment[PREFIX + found["rest"]]

    return Substituted(_USE.sub(value, text), tuple(troubles))


def escaped(text: str) -> str:
    """A text escaped, so that no part of it is read as a variable."""
    return text.replace(_LITERAL, "$" + _LITERAL)


def _trouble(found: re.Match[str], environment: Mapping[str, str]) -> Trouble | None:
    if not found["end"] or not _NAME.fullmatch(found["rest"]):
        return Trouble("bad_variable", f"`{found[0]}` is not a variable", _HINT)
    name = PREFIX + found["rest"]
    value = environment.get(name, "")
    if not value:
        near = next(_near(name, environment), "")
        hint = f"did you mean `${{{near}}}`?" if near else f"set {name} in the environment"
        return Trouble("undefined_variable", f"`{name}` is {'empty' if name in environment else 'not set'}", hint, name)
    if len(value) > LONGEST:
        return Trouble(
            "bad_variable", f"`{name}` holds more than {LONGEST} characters", "check the value of the variable"
        )
    return None


def _near(name: str, environment: Mapping[str, str]) -> Iterator[str]:
    """The variables of the environment whose names differ only in case."""
    return (known for known in environment if known.lower() == name.lower() and environment[known] and known != name)
