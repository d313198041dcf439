"""YAML text as plain data with the place of every key and value, within limits that no file can exceed.

The text is only composed into nodes, never constructed into objects: scalars keep the text that they were written as,
so no amount ever becomes a float, and no tag makes anything happen.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from commetctl.catalog.commas import cut_texts, is_bare, without_commas
from commetctl.catalog.data import Document
from commetctl.catalog.ignores import ignores
from commetctl.catalog.merges import mappings, repeated
from commetctl.catalog.own import PREFIX, is_own
from commetctl.catalog.places import Places
from commetctl.catalog.raw import Raw
from commetctl.catalog.signs import alike
from commetctl.catalog.syntax import TAGS, composed, decoded, invalid, scalar, tag_hint, whole
from commetctl.catalog.variables import substituted, used
from commetctl.core.errors import InvalidCatalog, Problem
from commetctl.core.resource import Origin
from commetctl.core.spaces import BLANKS, alike_in, odd_in
from commetctl.core.values import KeyPath
from commetctl.yamltext.sites import TAG
from commetctl.yamltext.tags import tag_of_plain

_MERGE, _NULL, _STR = TAG + "merge", TAG + "null", TAG + "str"


def parse(
    name: str, content: bytes, environment: Mapping[str, str] = os.environ, spent: Counter[str] | None = None
) -> Document:
    """The document in the content of a file that is called `name`; raises InvalidCatalog.

    Variables take their values from `environment`; `spent` counts the values of all files of a catalog.
    """
    text = decoded(content, name)
    root, events = composed(text, name)
    if root is None or is_bare(root):
        raise invalid(name, "empty", "is empty", "run `commetctl init`, or write at least `version: 1`")
    document = Document(name)
    places = Places(name, text, events)
    raw = Raw(text if odd_in(text) else "", environment, Counter() if spent is None else spent, places)
    document.data = _Reader(document, raw).value(root, ())
    document.problems = document.located(document.problems)
    document.ignores = ignores(text, events, document.keys, name)
    return document


class _Reader:
    """Turns nodes into plain data, noting places and problems in the document."""

    def __init__(self, document: Document, raw: Raw) -> None:
        self._document = document
        self._raw = raw
        self._environment = raw.environment
        self._said: set[Problem] = set()
        #: The nodes with nothing in them that are reported at their keys.
        self._bare: set[int] = set()

    def value(self, node: Node, path: KeyPath) -> Any:
        """The plain data of a node."""
        self._spend(node, len(path))
        if path not in self._document.values:
            self._document.values[path] = self._raw.places.span(node)
        tag = str(node.tag)
        if tag not in TAGS:
            written = tag.replace(TAG, "!!")
            hint = tag_hint(written)
            self._problem(node, "tag", f"the tag `{written}` has no meaning in a catalog", hint or "remove it")
            if hint:
                self._document.unknown.add(path)
        if isinstance(node, MappingNode):
            return self._mapping(node, path, 0, frozenset())
        if isinstance(node, SequenceNode):
            return list(self._items(node, path))
        assert isinstance(node, ScalarNode)  # noqa: S101  (the third and last kind of node)
        if is_bare(node):
            # Whatever its tag: a text with nothing in it has quotes.
            return None
        text = self._text(node, path)
        if tag not in TAGS or (text != node.value and tag == _STR and not node.style):
            # Read as if the tag were not there, as it will be, and as if the value of a variable were written there.
            tag = _STR if node.style else str(tag_of_plain(text))
            if tag == _NULL and text:
                # A field that is left out has a default, which nobody has written.
                message = f"`{node.value}` comes to `{text}`, which is nothing"
                self._problem(node, "bad_variable", message, "set it to a value, or leave the key out")
                self._document.unknown.add(path)
        return scalar(text, tag)

    def _items(self, node: SequenceNode, path: KeyPath) -> Iterator[Any]:
        after = int(node.start_mark.index)
        for index, item in enumerate(node.value):
            here = (*path, str(index))
            self._note_bare(item, here, node)
            self._document.values[here] = self._raw.places.used(item, after)
            after = self._raw.places.behind(item, after)
            yield self.value(item, here)

    def _note_bare(self, node: Node, path: KeyPath, begin: Node, cut: str = "") -> None:
        """Note a value with nothing in it, whose entry begins with the node `begin`."""
        if is_bare(node) and self._is_alias(node, begin):
            self._document.unknown.add(path)
        elif is_bare(node):
            self._bare.add(id(node))
            self._document.bare[path] = cut

    def _is_alias(self, node: Node, begin: Node) -> bool:
        """Whether a node with nothing in it is above its entry, as an alias; its anchor is reported once."""
        if node.start_mark.index >= begin.start_mark.index:
            return False
        if id(node) not in self._bare:
            hint = f"write a value after the anchor, or remove `*{node.anchor}`"
            self._problem(node, "bare_key", f"nothing is written after the anchor `&{node.anchor}`", hint)
        return True

    def _text(self, node: ScalarNode, path: KeyPath) -> str:
        """The text of a scalar, with its variables."""
        text = str(node.value)
        if odd := self._raw.odd(node):
            if not node.style and text.strip(BLANKS) != text:
                self._note(odd)
                text = text.strip(BLANKS)
                if not text:
                    self._document.broken.add(path)
            elif odd.origin:
                span = self._document.values.get(path)
                self._document.odd[span.origin if span else odd.origin] = odd.origin
        found = substituted(text, self._environment)
        self._document.unset |= {trouble.name for trouble in found.troubles if trouble.name}
        for trouble in found.troubles:
            self._problem(node, trouble.code, trouble.message, trouble.hint)
            self._document.unknown.add(path)
        return self._whole(node, found.text)

    def _spend(self, node: Node, depth: int) -> None:
        if problem := self._raw.excess(node, depth):
            raise InvalidCatalog(self._document.file, [problem])

    def _mapping(self, node: MappingNode, path: KeyPath, merges: int, taken: frozenset[str]) -> dict[str, Any]:
        """The keys of a mapping that are not `taken`, its own before merged ones, inside as many `merges`."""
        own: dict[str, Any] = {}
        lines: dict[str, int] = {}
        merged: list[tuple[Node, Node]] = []
        pairs, commas = without_commas(node)
        cut = cut_texts(node, self._raw.places)
        comma_in = {id(comma.value): comma for comma in commas}
        for key_node, value_node in pairs:
            if comma := comma_in.get(id(value_node)):
                self._note(comma.problem((*path, str(key_node.value)), self._raw.places))
            if (tag := str(key_node.tag)) == _MERGE:
                merged.append((key_node, value_node))
                continue
            if self._is_no_key(key_node, value_node, path) or (key := self._key(key_node, tag, path, lines)) is None:
                continue
            here = (*path, key)
            if comma:
                self._document.unknown.add(here)
            if key.startswith(PREFIX) and is_own(here):
                self._keep(key_node, value_node, here)
            elif key not in taken:
                own[key] = self._entry(key_node, value_node, here, cut.get(key, ""))
        for key_node, value_node in merged:
            for item in self._mergeable(key_node, value_node, path):
                self._spend(item, len(path) + merges + 1)
                own |= self._mapping(item, path, merges + 1, taken | own.keys())
        self._note(*repeated([key_node for key_node, _ in merged], self._raw.places))
        return own

    def _is_no_key(self, node: Node, value: Node, path: KeyPath) -> bool:
        """Whether a key without a value holds the value too, behind a colon that is none to YAML; it is reported."""
        text = node.value
        if not (is_bare(value) and isinstance(node, ScalarNode) and not node.style and (sign := alike_in(text))):
            return False
        at = int(node.start_mark.index) + text.index(sign)
        self._note(alike(self._raw.places.at(at, at + 1), sign))
        self._document.broken.add(path)
        return True

    def _key(self, node: Node, tag: str, path: KeyPath, lines: dict[str, int]) -> str | None:
        """The key of a mapping at a path, with its line added to those of the others; None where it is no key."""
        if not isinstance(node, ScalarNode) or tag == _NULL:
            self._problem(node, "bad_key", "a key must be a word", "put it in quotes")
            self._document.broken.add(path)
            return None
        key = whole(str(node.value))
        if odd := self._raw.odd(node):
            self._note(odd)
            key = key.rstrip(BLANKS).removeprefix("\ufeff")
            if odd_in(key):
                self._document.broken.add(path)
                # It may have been meant for the key above, which would else be reported as bare.
                self._document.bare.pop((*path, next(reversed(lines), "")), None)
                return None
        if key in lines:
            message = f"`{key}` is declared twice: the first is in line {lines[key]}"
            self._document.again[self._place(node)] = (*path, key)
            self._problem(node, "duplicate_key", message, "remove one of them")
            self._document.broken.add((*path, key))
            return None
        lines[key] = node.start_mark.line + 1
        return key

    def _keep(self, key_node: Node, value_node: Node, path: KeyPath) -> None:
        """Keep the value of an own key apart; what is wrong inside it is reported where it is used."""
        self._document.keys[path] = self._raw.places.span(key_node)
        self._document.own[path] = _Reader(Document(self._document.file), self._raw).value(value_node, path)

    def _entry(self, key_node: Node, value_node: Node, path: KeyPath, cut: str) -> Any:
        self._whole(key_node, str(key_node.value))
        if used(str(key_node.value)):
            self._problem(key_node, "bad_variable", "a variable cannot be used in a key", "write the key itself")
        self._document.keys[path] = self._raw.places.span(key_node)
        self._document.values[path] = self._raw.places.used(value_node, int(key_node.end_mark.index))
        self._note_bare(value_node, path, key_node, cut)
        return self.value(value_node, path)

    def _whole(self, node: Node, text: str) -> str:
        found = whole(text)
        if found != text:
            self._problem(node, "not_unicode", "contains half of a surrogate pair", "write the character itself")
        return found

    def _mergeable(self, key_node: Node, node: Node, path: KeyPath) -> list[MappingNode]:
        if (found := mappings(node)) is not None:
            return found
        if is_bare(node) and not self._is_alias(node, key_node):
            hint = "write an alias such as `*base`, or remove the key"
            self._problem(key_node, "bare_key", "nothing is written after `<<`", hint)
        elif not is_bare(node):
            message = "`<<` takes a mapping, or a list of them"
            self._problem(node, "bad_merge", message, "point it at an anchor of a mapping")
        self._document.broken.add(path)
        return []

    def _problem(self, node: Node, code: str, message: str, hint: str) -> None:
        self._note(Problem(code, message, hint, self._place(node)))

    def _note(self, *problems: Problem) -> None:
        # An alias repeats the problems of its anchor.
        self._document.problems += [problem for problem in problems if problem not in self._said]
        self._said.update(problems)

    def _place(self, node: Node) -> Origin:
        return self._raw.places.of(node)
