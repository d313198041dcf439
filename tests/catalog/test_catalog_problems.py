"""For a given mistake, exactly these lines: the tables are the text files beside this one.

A case begins with `### code`, perhaps with an API version; then come the file, `=>`, and what is printed.
"""

from pathlib import Path
from typing import NamedTuple

import pytest
from catalogs import load_text, problems

from commetctl.core.errors import InvalidCatalog

GOLDEN = Path(__file__).parent


class Case(NamedTuple):
    code: str
    version: str | None
    text: str
    lines: list[str]


def cases() -> list[Case]:
    found = []
    for name in ("problems_values.txt", "problems_models.txt", "problems_rules.txt", "problems_offers.txt"):
        for block in (GOLDEN / name).read_text("utf-8").removeprefix("### ").split("\n### "):
            head, _, rest = block.partition("\n")
            text, _, lines = rest.partition("\n=>\n")
            code, _, version = head.partition(" ")
            if not text.startswith("version:"):
                text += "\nversion: 1\n"
            found.append(Case(code, version or None, text, lines.rstrip("\n").split("\n")))
    return found


CASES = cases()
MARKET = "\nmarkets: {japan: {name: Japan, countries: [JP]}}\n"


@pytest.mark.parametrize("case", CASES, ids=[case.code for case in CASES])
def test_a_mistake_is_told_in_exactly_these_words(case: Case, tmp_path: Path) -> None:
    assert problems(tmp_path, case.text, case.version) == case.lines


@pytest.mark.parametrize("case", CASES, ids=[case.code for case in CASES])
def test_a_mistake_has_its_code(case: Case, tmp_path: Path) -> None:
    with pytest.raises(InvalidCatalog) as error:
        load_text(tmp_path, case.text, case.version)
    assert {problem.code for problem in error.value.problems} - {"bad_key"} == {case.code}
    assert error.value.exit_code == 3


@pytest.mark.parametrize(("field", "longest"), [("name", 100), ("description", 255)])
def test_the_texts_of_a_pack_have_the_lengths_of_the_api(field: str, longest: int, tmp_path: Path) -> None:
    def told(length: int) -> list[str]:
        texts = {"name": "Pack", "description": "Credits"} | {field: "é" * length}
        entry = "".join(f"\n    {key}: {text}" for key, text in texts.items())
        return problems(tmp_path, f"version: 1\ncredit_packs:\n  a:{entry}\n    credits: 1\n    price: 1\n")

    assert told(longest) == []
    (line,) = told(longest + 1)
    assert line.endswith(f"credit_pack.a: `{field}` is longer than {longest} characters")


def test_what_newer_versions_have_is_valid_in_them(tmp_path: Path) -> None:
    newer = [case for case in CASES if case.code.endswith("_not_in_version")]
    assert len(newer) == 4
    for case in newer:
        # What has no markets in one version has to declare them in the other.
        declared = "" if case.code != "markets_not_in_version" else MARKET
        assert problems(tmp_path, case.text + declared) == []


def test_a_problem_names_the_file_as_it_was_given(tmp_path: Path) -> None:
    with pytest.raises(InvalidCatalog) as error:
        load_text(tmp_path, "version: 1\nplnas: {}\nmode: x\n")
    assert error.value.message == f"{tmp_path}/commet.yaml has 2 problems"
    assert {str(problem.origin).rpartition("commet.yaml")[0] for problem in error.value.problems} == {f"{tmp_path}/"}
