"""The page and the tests say the same: each line of the table in docs/security.md has a test, and each test a line."""

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "security.md").read_text("utf-8")
_NAMED = re.compile(r"test_s([0-9]{2})_")


def lines() -> list[str]:
    """The ids of the table, in its order."""
    return re.findall(r"(?m)^\| (S[0-9]{2}) \|", PAGE)


def carried() -> set[str]:
    """The ids that the names of tests carry."""
    trees = [ast.parse(path.read_text("utf-8")) for path in HERE.glob("test_security_*.py")]
    names = [node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {f"S{found.group(1)}" for name in names if (found := _NAMED.match(name))}


def test_every_line_of_the_page_has_a_test_and_every_test_a_line() -> None:
    assert lines() == [f"S{number:02}" for number in range(1, len(lines()) + 1)]
    assert set(lines()) == carried()


def test_every_test_in_the_other_files_belongs_to_a_line() -> None:
    for path in HERE.glob("test_security_*.py"):
        if path.name != Path(__file__).name:
            tests = re.findall(r"(?m)^def (test_\w+)", path.read_text("utf-8"))
            assert all(map(_NAMED.match, tests)), path.name


def test_the_page_names_a_file_for_each_line_that_has_tests_for_it() -> None:
    for number, name in re.findall(r"(?m)^\| S([0-9]{2}) \|.*\| `(\w+)` \|$", PAGE):
        assert f"def test_s{number}_" in (HERE / f"test_security_{name}.py").read_text("utf-8"), number
    assert len(re.findall(r"(?m)^\| S[0-9]{2} \|.*\| `\w+` \|$", PAGE)) == len(lines())
