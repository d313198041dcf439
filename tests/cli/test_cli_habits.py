"""What users of other tools type works, or is answered with what does."""

from pathlib import Path

import pytest

from cli.running import run, write
from environments.files import written

SANDBOX = "version: 1\nmode: sandbox\n"


@pytest.mark.parametrize("word", ["-y", "--yes", "--auto-approve", "-auto-approve"])
def test_an_apply_without_a_question(word: str, tmp_path: Path) -> None:
    write(tmp_path)
    ended = run(tmp_path, "apply", "--local", "-q", word, key=None)
    assert (ended.code, ended.err) == (0, "")


def test_the_names_of_other_tools_are_not_shown(tmp_path: Path) -> None:
    said = run(tmp_path, "apply", "--help", key=None).out
    assert "  -y, --yes  " in said
    assert "auto-approve" not in said


def test_the_variable_is_the_environment_and_the_option_comes_first(tmp_path: Path) -> None:
    files = {"commet.yaml": "version: 1\nfeatures: {a: {name: A, type: usage}}\n"}
    written(tmp_path, files | {f"commet.{name}.yaml": SANDBOX for name in ("one", "two")})
    env = {"COMMETCTL_ENV": "one"}

    def title(*words: str) -> str:
        return run(tmp_path, "plan", "--local", *words, key=None, env=env).out.splitlines()[0]

    assert "commet.one.yaml" in title()
    assert ".commet/one.db" in title()
    assert "commet.two.yaml" in title("--env", "two")
    assert "commet.one.yaml" not in title("--env", "")
    # Without the variable, an empty name is one that was forgotten.
    assert run(tmp_path, "plan", "--local", "--env", "", key=None).code == 64
    wrong = run(tmp_path, "plan", "--local", key=None, env={"COMMETCTL_ENV": "No Name"})
    assert (wrong.code, "COMMETCTL_ENV" in wrong.err) == (64, True)
    # What names its environments itself is not disturbed by it.
    assert "are for catalogs" not in run(tmp_path, "diff", "env:one", "env:two", "--local", key=None, env=env).err


def test_a_field_that_one_kind_has_is_explained_by_its_name(tmp_path: Path) -> None:
    assert run(tmp_path, "explain", "overage", key=None) == run(tmp_path, "explain", "plan_feature.overage", key=None)


def test_a_catalog_without_its_option_is_answered_with_it(tmp_path: Path) -> None:
    file = str(write(tmp_path).name)
    assert "a catalog is named with `-f commet.yaml`" in run(tmp_path, "plan", file, "--local", key=None).err
    assert "hint: a catalog is named with `-f FILE`" in run(tmp_path, "apply", file, "--local", key=None).err
