"""The parser in C reads a text as the one in Python does, place by place, or leaves it alone."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import CollectionNode, Node, ScalarNode

from commetctl.catalog.source import DEEPEST
from commetctl.yamltext import parsing
from commetctl.yamltext.directives import masked
from commetctl.yamltext.sites import STUMBLES, Entry, Site, root_of

ROOT = Path(__file__).parents[2]
FILES = sorted([*(ROOT / "examples").rglob("*.y*ml"), ROOT / "commet.yaml.example"])
#: What YAML is made of, and where its parsers are known to differ.
PARTS = [
    *(
        "a",
        "key",
        "b: ",
        "c: d",
        "- ",
        "-",
        "{",
        "}",
        "[",
        "]",
        ", ",
        ",",
        ": ",
        ":",
        "\n",
        "\n  ",
        "\n    ",
        "  ",
        " ",
    ),
    *(
        "#",
        " # c",
        "\n# c\n",
        "'",
        '"',
        "''",
        "|",
        ">",
        "|\n",
        "|-\n",
        "|+\n",
        ">2\n",
        "&x ",
        "*x",
        "&a: ",
        "!t ",
        "! ",
    ),
    *(
        "!!str ",
        "%YAML 1.2\n",
        "---\n",
        "---",
        "...\n",
        "<<: ",
        "? ",
        "?",
        "1.5",
        "0x1",
        "yes",
        "null",
        "~",
        "\t",
        " \t",
    ),
    *("é", "\u2028", "\x85", "\ufeff", "\r\n", "\r", "\\", "\\n", "\\u00e9", "@", "`", "a:b", "a: b: c", "\x01", "👍"),
    *(
        "=",
        "<<",
        "%",
        "a #b",
        "a#b",
        "0o17",
        "1_000",
        "2020-01-01",
        ".5",
        "multi\n  line",
        '"a\\\n  b"',
        "\n\n",
        "\ud800",
    ),
    *(
        "a: |\n  x\n  y\n",
        "- >\n  x\n\n  y\n",
        "a: |-\n  b # c\n",
        "e:\n  f: >-\n    t\n    u\n\n  g: 2\n",
        "|2\n   x\n",
    ),
    *(
        "a: &a 1\n",
        "b: *a\n",
        "<<: *a\n",
        "c: &b {d: *a}\n",
        "[*a, *b]\n",
        "*a : x\n",
        "x:\n  y: 1\n  z: 2\n",
        "- a\n- b\n",
    ),
]
texts = st.lists(st.sampled_from(PARTS), min_size=1, max_size=12).map("".join)


@st.composite
def damaged(draw: Callable[..., Any]) -> str:
    """A part of an example with something in it, or in place of something."""
    lines = draw(st.sampled_from(FILES)).read_text("utf-8").splitlines(keepends=True)
    begin = draw(st.integers(0, len(lines) - 1))
    text = "".join(lines[begin : begin + draw(st.integers(1, 25))])
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(PARTS)) + text[at + draw(st.integers(0, 2)) :]
    return text


def in_python(text: str) -> Node | None:
    """The node of a text by the parser in Python; raises what that raises."""
    composer = YAML(typ="safe", pure=True)
    composer.max_depth = DEEPEST + 1
    composer.composer.warn_double_anchors = False
    root: Node | None = composer.get_constructor_parser(masked(text))[0].composer.get_single_node()
    return root


def flat(node: Node, met: dict[int, int]) -> Any:
    """A node as plain data: all that anybody reads of it, and which nodes are the same one."""
    if id(node) in met:
        return met[id(node)]
    met[id(node)] = len(met)
    start = node.start_mark.index, node.start_mark.line
    if isinstance(node, ScalarNode):
        literal = node.style in ("|", ">")
        return node.tag, start, None if literal else node.end_mark.index, node.value, node.style or ""
    assert isinstance(node, CollectionNode)
    inside = [part for item in node.value for part in (item if isinstance(item, tuple) else (item,))]
    return type(node), node.tag, start, node.end_mark.index, node.flow_style, [flat(part, met) for part in inside]


def plain(part: Site | Entry) -> Any:
    """A site as plain data."""
    if isinstance(part, Entry):
        return plain(part.key), part.colon, plain(part.value)
    place = part.kind, part.start, part.body, part.end, part.value, part.style, part.flow, part.anchor
    return place, [plain(entry) for entry in part.entries]


def is_alike(text: str) -> bool:
    """Whether the parser in C reads a text, and all that it says of it is what the one in Python says."""
    root, events = parsing.root(text, DEEPEST + 1), parsing.events(text)
    if root is not None:
        expected = in_python(text)
        assert expected is not None
        assert flat(root, {}) == flat(expected, {})
        assert events is not None
        assert plain(root_of(text, events)) == plain(root_of(text, YAML(typ="safe", pure=True).parse(text)))
    return root is not None


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_catalogs_are_read_by_the_parser_in_c(file: Path) -> None:
    # A key with nothing behind it is an edge, and no catalog has one.
    is_workflow = file.suffix == ".yml"
    assert is_alike(file.read_text("utf-8")) != (is_workflow or parsing.compiled is None)


@settings(max_examples=500)
@given(st.one_of(texts, damaged()))
def test_a_text_is_read_alike_or_left_alone(text: str) -> None:
    try:
        is_alike(text)
    except (YAMLError, *STUMBLES) as error:
        pytest.fail(f"the parser in Python does not read {text!r}: {error!r}")


@pytest.mark.proof
@settings(max_examples=30_000)
@given(st.one_of(texts, damaged()))
def test_any_text_is_read_alike_or_left_alone(text: str) -> None:
    is_alike(text)


@pytest.mark.parametrize("part", ["[", "{a: ", "- ", "a:\n ", "[ #]\n"])
def test_the_stack_is_never_full(part: str) -> None:
    assert parsing.root(part * 100_000, DEEPEST + 1) is None


@pytest.mark.process
@pytest.mark.parametrize(
    "text",
    [
        (ROOT / "commet.yaml.example").read_text("utf-8").replace("price: 20.00", "price: 20.001"),
        "version: 1\nplans: {pro: {name: Pro, prices: {monthly: {price: 1,50}}}}\n",
        "version: 1\nplans:\n  pro:\n    name: 'Pro\n",
        "version: 1\nx-a: &a {name: Pro}\nplans: {pro: *a, go: {<<: *a, name: }}\n",
    ],
    ids=["an amount", "a comma", "a quote", "an alias"],
)
def test_the_command_says_the_same_without_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "commet.yaml").write_text(text, "utf-8")
    without = "import sys; sys.modules['_ruamel_yaml'] = None; from commetctl.cli import main; main()"
    said = [
        subprocess.run([sys.executable, *words, "validate"], cwd=tmp_path, capture_output=True, text=True, check=False)
        for words in (["-c", without], ["-m", "commetctl"])
    ]
    assert said[0].stderr
    assert [each.stdout for each in said] == [said[0].stdout] * 2
    assert [each.stderr for each in said] == [said[0].stderr] * 2
