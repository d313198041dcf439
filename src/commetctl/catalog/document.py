"""YAML text as plain data with the place of every key and value, within limits that no file can exceed.

The text is only composed into nodes, never constructed into objects: scalars keep the text that they were written as,
so no amount ever becomes a float, and no tag makes anything happen.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from commetctl.catalog.ignores import Ignore, ignores
from commetctl.catalog.syntax import (
    DEEPEST,
    TAGS,
    TOO_DEEP,
    composed,
    cut_texts,
    decoded,
    invalid,
    is_bare,
    scalar,
    whole,
    without_commas,
)
from commetctl.catalog.variables import substituted, used
from commetctl.core.errors import InvalidCatalog, Problem
from commetctl.core.resource import Origin
from commetctl.core.values import KeyPath
from commetctl.yamltext.sites import TAG

MOST_VALUES = 200_000
#: How many of them aliases may repeat: a small file must not take long to read.
MOST_REPEATED = 50_000


@dataclass
class Document:
    """The data of a file and the place of each part of it; `problems` are those of the YAML as such.

    `broken` are the mappings of which a part could not be read, so that the part is not reported as missing; `bare` are
    the keys without a value, each with the text that a comma may have cut there; `unknown` are the values that depend
    on an undefined variable. `files` are the files that it was assembled from, in the order of reading.
    """

    file: str
    data: Any = None
    keys: dict[KeyPath, Origin] = field(default_factory=dict)
    values: dict[KeyPath, Origin] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: set[KeyPath] = field(default_factory=set)
    bare: dict[KeyPath, str] = field(default_factory=dict)
    unknown: set[KeyPath] = field(default_factory=set)
    ignores: tuple[Ignore, ...] = ()
    files: tuple[str, ...] = ()

    def copy(self) -> "Document":
        """A copy that can be changed; the values inside `data` are shared."""
        return replace(self, **{name: copy(value) for name, value in vars(self).items()})

    def adopt(self, other: "Document", wanted: Callable[[KeyPath], bool]) -> None:
        """Take over the problems of another document, and the places that are `wanted`."""
        for mine, theirs in ((self.keys, other.keys), (self.values, other.values)):
            mine.update((path, place) for path, place in theirs.items() if path and path not in mine and wanted(path))
        self.problems += other.problems
        self.broken |= other.broken
        self.unknown |= other.unknown

    def in_order(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems in the order of the files, and of their lines."""
        ranks = {file: rank for rank, file in enumerate(self.files or (self.file,))}

        def rank(problem: Problem) -> tuple[int, int, int]:
            origin = problem.origin
            return (ranks.get(origin.file, 0), origin.line, origin.column) if origin else (-1, 0, 0)

        return sorted(problems, key=rank)

    def dotted(self, path: KeyPath, start: int = 0) -> str:
        """A path as text, from one of its keys on: `terms[1].amounts.eur`."""
        text = ""
        for number in range(start, len(path)):
            part, item = path[number], isinstance(at(self.data, path[:number]), list)
            text += f"[{part}]" if item else f".{part}" if text else part
        return text

    def origin(self, path: KeyPath, *, key: bool = True) -> Origin | None:
        """The place of a path, or of the nearest value around it that has one."""
        first, second = (self.keys, self.values) if key else (self.values, self.keys)
        for length in range(len(path), 0, -1):
            if place := first.get(path[:length]) or second.get(path[:length]):
                return place
        return self.values.get(())


def at(data: Any, path: KeyPath) -> Any:
    """The value at a path of plain data; None where there is none."""
    for part in path:
        if isinstance(data, list) and part.isdecimal() and int(part) < len(data):
            data = data[int(part)]
        else:
            data = data.get(part) if isinstance(data, dict) else None
    return data


def parse(
    name: str, content: bytes, environment: Mapping[str, str] = os.environ, spent: Counter[str] | None = None
) -> Document:
    """The document in the content of a file that is called `name`; raises InvalidCatalog.

    Variables take their values from `environment`; `spent` counts the values of all files of a catalog.
    """
    text = decoded(content, name)
    composer = YAML(typ="safe", pure=True)
    root, events = composed(composer, text, name)
    if root is None:
        raise invalid(name, "empty", "is empty", "start from commet.yaml.example, or write at least `version: 1`")
    document = Document(name)
    document.data = _Reader(document, composer, environment, Counter() if spent is None else spent).value(root, ())
    document.ignores = ignores(text, events, document.keys, name)
    return document


class _Reader:
    """Turns nodes into plain data, noting places and problems in the document."""

    def __init__(self, document: Document, composer: YAML, environment: Mapping[str, str], spent: Counter[str]) -> None:
        self._document = document
        self._environment = environment
        self._resolver = composer.resolver
        self._spent = spent
        self._met: set[int] = set()
        self._said: set[Problem] = set()

    def value(self, node: Node, path: KeyPath) -> Any:
        """The plain data of a node."""
        self._spend(node, len(path))
        self._document.values.setdefault(path, self._place(node))
        tag = str(node.tag)
        if tag not in TAGS:
            self._problem(node, "tag", f"the tag `{tag.replace(TAG, '!!')}` has no meaning in a catalog", "remove it")
        if isinstance(node, MappingNode):
            return self._mapping(node, path, 0, frozenset())
        if isinstance(node, SequenceNode):
            return [self.value(item, (*path, str(index))) for index, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)  # noqa: S101  (the third and last kind of node)
        text = self._text(node, path)
        if tag not in TAGS or (text != node.value and tag == TAG + "str" and not node.style):
            # Read as if the tag were not there, as it will be, and as if the value of a variable were written there.
            tag = str(self._resolver.resolve(ScalarNode, text, (node.style is None, True)))
            if tag == TAG + "null" and text:
                # A field that is left out has a default, which nobody has written.
                message = f"`{node.value}` comes to `{text}`, which is nothing"
                self._problem(node, "bad_variable", message, "set it to a value, or leave the key out")
                self._document.unknown.add(path)
        return scalar(text, tag)

    def _text(self, node: ScalarNode, path: KeyPath) -> str:
        """The text of a scalar, with its variables."""
        found = substituted(str(node.value), self._environment)
        for trouble in found.troubles:
            self._problem(node, trouble.code, trouble.message, trouble.hint)
            self._document.unknown.add(path)
        return self._whole(node, found.text)

    def _spend(self, node: Node, depth: int) -> None:
        spent = self._spent
        spent["values"] += 1
        spent["repeated"] += id(node) in self._met
        self._met.add(id(node))
        if spent["repeated"] > MOST_REPEATED:
            message = f"repeats more than {MOST_REPEATED} values through its aliases"
            self._stop(node, "too_many_values", message, "write out what the aliases stand for")
        if spent["values"] > MOST_VALUES:
            self._stop(node, "too_many_values", f"has more than {MOST_VALUES} values", "split the catalog")
        if depth > DEEPEST:
            self._stop(node, "too_deep", TOO_DEEP, "")

    def _stop(self, node: Node, code: str, message: str, hint: str) -> NoReturn:
        raise InvalidCatalog(self._document.file, [Problem(code, message, hint, self._place(node))])

    def _mapping(self, node: MappingNode, path: KeyPath, merges: int, taken: frozenset[str]) -> dict[str, Any]:
        """The keys of a mapping that are not `taken`, its own before merged ones, inside as many `merges`."""
        own: dict[str, Any] = {}
        lines: dict[str, int] = {}
        merged: list[Node] = []
        pairs, commas = without_commas(node)
        cut = cut_texts(node)
        for comma in commas:
            self._problem(comma.value, "decimal_comma", comma.message, comma.hint)
        for key_node, value_node in pairs:
            if key_node.tag == TAG + "merge":
                merged.append(value_node)
            elif not isinstance(key_node, ScalarNode) or key_node.tag == TAG + "null":
                self._problem(key_node, "bad_key", "a key must be a word", "quote it if it is one")
                self._document.broken.add(path)
            elif (key := whole(str(key_node.value))) in lines:
                message = f"`{key}` is here twice: the first is in line {lines[key]}"
                self._problem(key_node, "duplicate_key", message, "remove one of them")
                self._document.broken.add((*path, key))
            else:
                lines[key] = key_node.start_mark.line + 1
                if key not in taken:
                    own[key] = self._entry(key_node, value_node, (*path, key), cut.get(key, ""))
        for value_node in merged:
            for item in self._mergeable(value_node, path):
                self._spend(item, len(path) + merges + 1)
                own |= self._mapping(item, path, merges + 1, taken | own.keys())
        return own

    def _entry(self, key_node: ScalarNode, value_node: Node, path: KeyPath, cut: str) -> Any:
        self._whole(key_node, str(key_node.value))
        if used(str(key_node.value)):
            self._problem(key_node, "bad_variable", "a variable cannot stand in a key", "write the key itself")
        self._document.keys[path] = self._place(key_node)
        self._document.values[path] = self._place(value_node)
        if is_bare(value_node):
            self._document.bare[path] = cut
        return self.value(value_node, path)

    def _whole(self, node: ScalarNode, text: str) -> str:
        found = whole(text)
        if found != text:
            self._problem(node, "not_unicode", "contains half of a surrogate pair", "write the character itself")
        return found

    def _mergeable(self, node: Node, path: KeyPath) -> list[MappingNode]:
        if isinstance(node, MappingNode):
            return [node]
        if isinstance(node, SequenceNode) and all(isinstance(item, MappingNode) for item in node.value):
            return list(node.value)
        message = "`<<` takes a mapping, or a list of them"
        self._problem(node, "bad_merge", message, "point it at an anchor of a mapping")
        self._document.broken.add(path)
        return []

    def _problem(self, node: Node, code: str, message: str, hint: str) -> None:
        problem = Problem(code, message, hint, self._place(node))
        # An alias repeats the problems of its anchor.
        if problem not in self._said:
            self._said.add(problem)
            self._document.problems.append(problem)

    def _place(self, node: Node) -> Origin:
        return Origin(self._document.file, node.start_mark.line + 1, node.start_mark.column + 1)
