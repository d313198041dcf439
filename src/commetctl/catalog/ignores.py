"""Comments that silence a warning: `# commetctl: ignore=CODE reason`, and which keys each of them stands at."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ruamel.yaml.events import Event

from commetctl.core.resource import Origin, Span
from commetctl.core.values import KeyPath
from commetctl.yamltext.layout import Layout

# A comment that is not written right counts too: its author must not believe that it works.
_IGNORE = re.compile(r"#[ \t]*commetctl:[ \t]*ignore(?![\w-])[ \t]*(?P<rest>.*)")
_CODES = re.compile(r"=[ \t]*(?P<codes>[^\s,=]+(?:[ \t]*,[ \t]*[^\s,=]+)*)(?P<reason>.*)")
_WORD = re.compile(r"\w")
#: Part of every such comment.
MARK = "commetctl:"


@dataclass(frozen=True)
class Ignore:
    """One such comment. `paths` are those of its key: several where an alias repeats it, none without a key."""

    codes: tuple[str, ...]
    reason: str
    origin: Origin
    paths: tuple[KeyPath, ...]


def is_ignore(comment: str) -> bool:
    """Whether a comment is one of these, right or not."""
    return _IGNORE.match(comment) is not None


def ignores(text: str, events: Sequence[Event], keys: Mapping[KeyPath, Span], file: str) -> tuple[Ignore, ...]:
    """The comments of a file in its order, each with the paths of the key that it stands at.

    `events` are those of the parser for the text, and `keys` the places of its keys.
    """
    if MARK not in text:
        return ()
    layout = Layout(text, events)
    written = [(comment, found) for comment in layout.comments if (found := _IGNORE.match(comment.text))]
    paths: dict[tuple[int, int], list[KeyPath]] = {}
    for path, span in keys.items() if written else ():
        paths.setdefault(span.lines.place(span.start), []).append(path)
    made = []
    for comment, found in written:
        rest = _CODES.match(found["rest"])
        codes = re.split(r"[ \t]*,[ \t]*", rest["codes"]) if rest else []
        reason = rest["reason"].strip() if rest else ""
        at = (paths.get(layout.place(entry.start), []) for entry in layout.entries_at(comment))
        made.append(
            Ignore(
                tuple(dict.fromkeys(codes)),
                reason if _WORD.search(reason) else "",
                Origin(file, *layout.place(comment.at)),
                tuple(next(filter(None, at), [])),
            )
        )
    return tuple(made)
