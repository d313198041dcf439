"""Comments that silence a warning: `# commetctl: ignore=CODE reason`, and which keys each of them stands at."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from commetctl.core.resource import Origin
from commetctl.kinds.section import Path

# One that is not written right is met too: who writes it must not believe that it works.
_IGNORE = re.compile(r"#[ \t]*commetctl:[ \t]*ignore(?![\w-])[ \t]*(?P<rest>.*)")
_CODES = re.compile(r"=[ \t]*(?P<codes>[^\s,=]+(?:[ \t]*,[ \t]*[^\s,=]+)*)(?P<reason>.*)")
_WORD = re.compile(r"\w")
# What ends a comment for YAML.
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
# What begins a new line for editors, and in the places of problems.
_NEW_LINE = re.compile("\r\n|[\n\r]")
_HASH = re.compile(r"(?:^|(?<=[ \t]))#")
_MAYBE = "commetctl:"


@dataclass(frozen=True)
class Ignore:
    """One such comment. `paths` are those of its key: several where an alias repeats it, none where there is no key."""

    codes: tuple[str, ...]
    reason: str
    origin: Origin
    paths: tuple[Path, ...]


def ignores(text: str, root: Node, keys: Mapping[Path, Origin], file: str) -> tuple[Ignore, ...]:
    """The comments of a file in its order, each with the paths of the key that it stands at."""
    return tuple(_Page(text, root, keys, file).ignores()) if _MAYBE in text else ()


class _Page:
    """A text in lines, with what stands where."""

    def __init__(self, text: str, root: Node, keys: Mapping[Path, Origin], file: str) -> None:
        self._text, self._file = text, file
        spans, self._keys = _marks(root, text)
        self._starts, self._ends = [start for start, _ in spans], [end for _, end in spans]
        self._paths: dict[tuple[int, int], list[Path]] = {}
        for path, origin in keys.items():
            self._paths.setdefault((origin.line, origin.column), []).append(path)
        self._rows = [0, *(found.end() for found in _NEW_LINE.finditer(text))]
        breaks = [(found.start(), found.end()) for found in _BREAK.finditer(text)]
        self._lines = list(
            zip([0, *(end for _, end in breaks)], [*(start for start, _ in breaks), len(text)], strict=True)
        )

    def ignores(self) -> Iterator[Ignore]:
        """Each comment of the kind."""
        comments = [self._comment(start, end) for start, end in self._lines]
        about = self._about(comments)
        for number, ((_, end), at) in enumerate(zip(self._lines, comments, strict=True)):
            if at is None or not (found := _IGNORE.match(self._text[at:end])):
                continue
            written = _CODES.match(found["rest"])
            codes = re.split(r"[ \t]*,[ \t]*", written["codes"]) if written else []
            reason = written["reason"].strip() if written else ""
            yield Ignore(
                tuple(dict.fromkeys(codes)),
                reason if _WORD.search(reason) else "",
                self._origin(at),
                tuple(self._paths_in(about[number])),
            )

    def _origin(self, at: int) -> Origin:
        row = bisect_right(self._rows, at)
        return Origin(self._file, row, at - self._rows[row - 1] + 1)

    def _comment(self, start: int, end: int) -> int | None:
        """Where the comment of a line begins: at the first sign of one that is not inside a scalar."""
        for found in _HASH.finditer(self._text[start:end]):
            at = start + found.start()
            before = bisect_right(self._starts, at) - 1
            if before < 0 or at >= self._ends[before]:
                return at
        return None

    def _about(self, comments: Sequence[int | None]) -> list[int]:
        """For each line, the one that a comment in it is about: itself, or the next where nothing else is in it.

        More such lines may stand in between.
        """
        about = list(range(len(comments)))
        for number in reversed(range(len(comments))):
            at = comments[number]
            if at is not None and not self._text[self._lines[number][0] : at].strip():
                about[number] = about[number + 1] if number + 1 < len(about) else number
        return about

    def _paths_in(self, number: int) -> list[Path]:
        """The paths of the shallowest key that begins in a line; of the first one, where several are."""
        start, end = self._lines[number]
        first = bisect_left(self._keys, (start, 0, 0))
        last = bisect_left(self._keys, (end, 0, 0))
        found = [paths for _, *place in self._keys[first:last] if (paths := self._paths.get((place[0], place[1])))]
        return min(found, key=lambda paths: min(map(len, paths)), default=[])


def _marks(root: Node, text: str) -> tuple[list[tuple[int, int]], list[tuple[int, int, int]]]:
    """Where scalars begin and end, and the keys as (index, line, column), both in the order of the file."""
    spans: list[tuple[int, int]] = []
    keys: list[tuple[int, int, int]] = []
    met: set[int] = set()
    rest: list[Node] = [root]
    while rest:
        node = rest.pop()
        if id(node) in met:
            continue
        met.add(id(node))
        if isinstance(node, ScalarNode):
            spans.append((_begin(node, text), node.end_mark.index))
        elif isinstance(node, SequenceNode):
            rest += node.value
        elif isinstance(node, MappingNode):
            for key, value in node.value:
                keys.append((key.start_mark.index, key.start_mark.line + 1, key.start_mark.column + 1))
                rest += (key, value)
    return sorted(spans), sorted(keys)


def _begin(node: ScalarNode, text: str) -> int:
    """Where the text of a scalar begins: that of `|` and `>` in the next line, with room for a comment before it."""
    start = int(node.start_mark.index)
    after = _BREAK.search(text, start) if node.style in ("|", ">") else None
    return after.start() if after else start
