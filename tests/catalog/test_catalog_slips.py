"""Slips of YAML: each is marked where it was made, and not where the parser noticed it."""

from pathlib import Path

import pytest
from catalogs import load_text

from commetctl.core.errors import InvalidCatalog, Problem

#: A text in which `«…»` stands around what is marked; the first words of the message; the fix.
SLIPS = {
    "brace": ("plans:\n  pro:\n    prices: «{»monthly: 49\n      yearly: {price: 490}\n    x: 1\n", "`{` is not", ""),
    "brace at the end": ("plans:\n  pro: «{»name: Pro, prices: {monthly: {price: 49}}\n\n# end\n", "`{` is not", ""),
    "other bracket": ("plans: {pro: «[»1, 2}}\n", "`[` is not closed", ""),
    "brace in a text": ('a: {b: "it\'s }", c: «[»1, 2\nd: e\n', "`[` is not closed", ""),
    "brace in a comment": ("a: «{»b: 1 # }\nc: 2\n", "`{` is not closed", ""),
    "no opening": ("a: {b: 1}«}»\nc: 5\n", "`}` has no", ""),
    "comma": ("plans: {\n  pro: {name: Pro}«\n»  team: {name: Team}\n}\n", "a comma", ","),
    "comma in a line": ("a: [{b: 1}« »{c: 2}]\n", "a comma", ","),
    "comma before a key": ("plans: {pro: {name: Pro visibility«:» public}}\n", "a comma", ""),
    "quote": ('a: «"»Pro\nb: 1\n', "the quote", ""),
    "quote closed by another": ('plans:\n  pro:\n    name: «"»Pro\n    description: "x"\n', "the quote", ""),
    "quote in quotes": ("a: 'it'«s» me'\n", "text follows", ""),
    "space after a colon": ("plans:\n  pro:\n    «name:Pro»\n    visibility: public\n", "a space", "name: Pro"),
    "space after a dash": ("a:\n  «-b»\n  c: 1\n", "a space", "- b"),
    "colon in a text": ("a: «Pro: the plan»\n", "the text contains", '"Pro: the plan"'),
    "no colon": ("version: 1\n«mode»\nplans: {}\n", "`mode` has no colon", ""),
    "indentation": ("plans:\n  pro:\n    name: Pro\n   «prices:» {}\n", "the indentation", ""),
    "at": ("a: «@x»\n", "a text cannot begin", ""),
    "alias": ("a: «*x»\n", "found undefined", ""),
    "BOM and CRLF": ("\ufeffa: 1\r\nb: «{»c: 1\r\n", "`{` is not closed", ""),
}


def found(folder: Path, text: str) -> Problem:
    with pytest.raises(InvalidCatalog) as error:
        load_text(folder, text)
    (problem,) = error.value.problems
    return problem


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_marked_where_it_was_made(name: str, tmp_path: Path) -> None:
    written, message, fix = SLIPS[name]
    before, _, rest = written.removeprefix("\ufeff").partition("«")
    inside, _, _ = rest.partition("»")
    problem = found(tmp_path, written.replace("«", "").replace("»", ""))
    assert problem.origin
    assert (problem.origin.line, problem.origin.column) == behind(before)
    assert (problem.origin.end_line, problem.origin.end_column) == behind(before + inside)
    assert (problem.code, problem.fix) == ("yaml_syntax", fix)
    assert problem.message.startswith(message)


def behind(text: str) -> tuple[int, int]:
    """The place behind a text, as an editor counts."""
    lines = text.replace("\r\n", "\n").split("\n")
    return len(lines), len(lines[-1]) + 1
