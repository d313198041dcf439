"""YAML text as plain data with the place of every key and value, within limits that no file can exceed.

The text is only composed into nodes, never constructed into objects: scalars keep the text that they were written as,
so no amount ever becomes a float, and no tag makes anything happen.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from commetctl.core.resource import Origin
from commetctl.errors import CommetctlError, InvalidCatalog, Problem
from commetctl.sections.section import Path
from commetctl.sections.values import number

#: A catalog of ten thousand lines is about 400 kB.
LARGEST_FILE = 2 * 1024 * 1024
#: What aliases may blow a file up to.
MOST_VALUES = 200_000
DEEPEST = 24

_TAG = "tag:yaml.org,2002:"
_TEXT = ("str", "timestamp")
_KNOWN_TAGS = frozenset(_TAG + name for name in (*_TEXT, "int", "float", "bool", "null", "map", "seq", "merge"))


@dataclass
class Document:
    """The data of a file and where each part of it stands; `problems` are what is wrong with the YAML as such."""

    file: str
    data: Any = None
    keys: dict[Path, Origin] = field(default_factory=dict)
    values: dict[Path, Origin] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def origin(self, path: Path, *, key: bool = True) -> Origin | None:
        """The place of a path, or of the nearest thing around it that has one."""
        places = self.keys if key else self.values
        for length in range(len(path), 0, -1):
            if place := places.get(path[:length]) or self.keys.get(path[:length]):
                return place
        return None


def read(file: FilePath) -> Document:
    """The document in a file; raises InvalidCatalog or a CommetctlError for a file that cannot be read at all."""
    name = str(file)
    text = _text(file, name)
    composer = YAML(typ="safe", pure=True)
    try:
        root = composer.compose(text)
    except RecursionError:
        raise _invalid(name, "too_deep", f"is nested more than {DEEPEST} levels deep") from None
    except (MarkedYAMLError, ReaderError, YAMLError) as error:
        raise InvalidCatalog(name, [_syntax(name, error)]) from None
    if root is None:
        raise _invalid(name, "empty", "is empty", "start from commet.yaml.example, or write at least `version: 1`")
    document = Document(name)
    document.data = _Reader(document).value(root, ())
    return document


def _text(file: FilePath, name: str) -> str:
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise CommetctlError(
            f"{name} does not exist",
            "name the catalog with `-f FILE`, or start from commet.yaml.example",
            code="no_file",
        ) from None
    except IsADirectoryError:
        raise CommetctlError(
            f"{name} is a directory", "name the file inside it with `-f FILE`", code="no_file"
        ) from None
    except OSError as error:
        raise CommetctlError(f"{name} cannot be read: {error.strerror}", code="no_file") from None
    if len(content) > LARGEST_FILE:
        raise _invalid(name, "too_large", f"is larger than {LARGEST_FILE // 1024} kB", "split the catalog")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        problem = Problem("not_utf8", "is not UTF-8 text", "save the file as UTF-8", Origin(name, line, column))
        raise InvalidCatalog(name, [problem]) from None


def _invalid(name: str, code: str, message: str, hint: str = "") -> InvalidCatalog:
    return InvalidCatalog(name, [Problem(code, message, hint, Origin(name, 1, 1))])


def _syntax(name: str, error: YAMLError | ReaderError) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    origin = Origin(name, mark.line + 1, mark.column + 1) if mark else Origin(name, 1, 1)
    what = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "is not YAML")
    hint = ""
    if "'\\t'" in what:
        what, hint = "a tab cannot indent YAML", "use spaces"
    elif "another document" in what:
        what, hint = "the file holds more than one YAML document", "remove the `---` line and what follows"
    elif "mapping values" in what:
        hint = "put text that contains `: ` in quotes"
    return Problem("yaml_syntax", what, hint, origin)


class _Reader:
    """Turns nodes into plain data, noting places and problems in the document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._count = 0

    def value(self, node: Node, path: Path) -> Any:
        """The plain data of a node."""
        self._spend(node, path)
        self._document.values.setdefault(path, self._place(node))
        if node.tag not in _KNOWN_TAGS:
            shown = str(node.tag).replace(_TAG, "!!")
            self._problem(node, "tag", f"the tag `{shown}` has no meaning in a catalog", "remove it")
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*path, str(index))) for index, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)  # noqa: S101  (the third and last kind of node)
        return _scalar(node)

    def _spend(self, node: Node, path: Path) -> None:
        self._count += 1
        if self._count > MOST_VALUES:
            raise InvalidCatalog(
                self._document.file,
                [
                    Problem(
                        "too_many_values",
                        f"has more than {MOST_VALUES} values once its aliases are followed",
                        "write out what the aliases stand for, or split the catalog",
                        self._place(node),
                    )
                ],
            )
        if len(path) > DEEPEST:
            problem = Problem("too_deep", f"is nested more than {DEEPEST} levels deep", "", self._place(node))
            raise InvalidCatalog(self._document.file, [problem])

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        own: dict[str, Any] = {}
        lines: dict[str, int] = {}
        merged: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag == _TAG + "merge":
                merged = {**self._merge(value_node, path), **merged}
                continue
            if not isinstance(key_node, ScalarNode) or key_node.tag == _TAG + "null":
                self._problem(key_node, "bad_key", "a key must be a word", "quote it if it is one")
                continue
            key = str(key_node.value)
            if key in own:
                message = f"`{key}` is here twice: the first is in line {lines[key]}"
                self._problem(key_node, "duplicate_key", message, "remove one of them")
                continue
            lines[key] = key_node.start_mark.line + 1
            self._document.keys[*path, key] = self._place(key_node)
            self._document.values[*path, key] = self._place(value_node)
            own[key] = self.value(value_node, (*path, key))
        return {**merged, **own} if merged else own

    def _merge(self, node: Node, path: Path) -> dict[str, Any]:
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode) and all(isinstance(item, MappingNode) for item in node.value):
            merged: dict[str, Any] = {}
            for item in node.value:
                merged = {**self._mapping(item, path), **merged}
            return merged
        self._problem(
            node, "bad_merge", "`<<` takes a mapping, or a list of them", "point it at an anchor of a mapping"
        )
        return {}

    def _problem(self, node: Node, code: str, message: str, hint: str) -> None:
        self._document.problems.append(Problem(code, message, hint, self._place(node)))

    def _place(self, node: Node) -> Origin:
        return Origin(self._document.file, node.start_mark.line + 1, node.start_mark.column + 1)


def _scalar(node: ScalarNode) -> Any:
    kind = str(node.tag).removeprefix(_TAG)
    if kind == "null":
        return None
    if kind == "bool":
        return str(node.value).lower() in ("true", "yes", "on")
    return number(str(node.value)) if kind in ("int", "float") else str(node.value)


def paths_below(data: Any, path: Path = ()) -> Iterator[Path]:
    """Every path of plain data, outermost first."""
    yield path
    if isinstance(data, dict):
        for key, item in data.items():
            yield from paths_below(item, (*path, key))
