"""The command, as a process of its own: what it reads, writes, prints and refuses."""

import os
import subprocess
from pathlib import Path

import pytest

from cli.running import Ended, command, environment, run, write

ODD = "plans: {pro: {prices: {monthly: {price: 49}}, name: Pro}}   # all of them\nversion: 1\n"
EVEN = """\
version: 1

plans:  # all of them
  pro:
    name: Pro
    prices:
      monthly: {price: 49.00}
"""


def fmt(folder: Path, *arguments: str, stdin: str = "") -> Ended:
    return run(folder, "fmt", *arguments, key=None, stdin=stdin)


def content(folder: Path, name: str = "commet.yaml") -> str:
    return (folder / name).read_bytes().decode()


def test_it_writes_the_file_and_says_so(tmp_path: Path) -> None:
    file = write(tmp_path, ODD)
    file.chmod(0o640)
    ended = fmt(tmp_path)
    assert (ended.code, ended.out, ended.err) == (0, "commet.yaml: formatted\n", "")
    assert content(tmp_path) == EVEN
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["commet.yaml"]
    before = file.stat()
    again = fmt(tmp_path)
    assert (again.code, again.out) == (0, "already formatted\n")
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_several_files(tmp_path: Path) -> None:
    write(tmp_path, EVEN)
    (tmp_path / "other.yaml").write_text(ODD, "utf-8")
    ended = fmt(tmp_path, "commet.yaml", "other.yaml", "other.yaml")
    assert (ended.code, ended.out) == (0, "other.yaml: formatted\n")
    assert content(tmp_path, "other.yaml") == EVEN
    assert fmt(tmp_path, "commet.yaml", "other.yaml").out == "2 files already formatted\n"


def test_one_that_is_not_right_stops_all(tmp_path: Path) -> None:
    write(tmp_path, ODD)
    (tmp_path / "bad.yaml").write_text("a: 1\na: 2\n", "utf-8")
    ended = fmt(tmp_path, "commet.yaml", "bad.yaml", "none.yaml")
    assert ended.code == 3
    assert ended.out == ""
    assert "error[duplicate_key]: `a` is declared twice: the first is in line 1\n  --> bad.yaml:2:1   a\n" in ended.err
    assert "error: none.yaml does not exist" in ended.err
    assert content(tmp_path) == ODD


def test_a_check_lists_and_writes_nothing(tmp_path: Path) -> None:
    write(tmp_path, ODD)
    ended = fmt(tmp_path, "--check")
    assert (ended.code, ended.out) == (2, "commet.yaml: would be formatted\n")
    assert content(tmp_path) == ODD
    assert fmt(tmp_path, "-q").out == ""
    assert fmt(tmp_path, "--check").code == 0


def test_a_diff_is_a_patch(tmp_path: Path) -> None:
    write(tmp_path, ODD)
    ended = fmt(tmp_path, "--diff")
    assert ended.code == 0
    assert ended.out.startswith("--- a/commet.yaml\n+++ b/commet.yaml\n@@")
    assert "\n+      monthly: {price: 49.00}\n" in ended.out
    both = fmt(tmp_path, "--diff", "--check")
    assert (both.code, both.out) == (2, ended.out)
    assert content(tmp_path) == ODD


def test_the_patch_applies(tmp_path: Path) -> None:
    write(tmp_path, ODD)
    patch = fmt(tmp_path, "--diff").out
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=patch.encode(), check=True, timeout=60)
    assert content(tmp_path) == EVEN


@pytest.mark.process
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_standard_input_goes_to_standard_output_to_the_byte(tmp_path: Path, newline: str) -> None:
    given, wanted = (("\ufeff" + text.replace("Pro", "Größe")).replace("\n", newline).encode() for text in (ODD, EVEN))
    ended = subprocess.run(
        command("fmt", "-"),
        cwd=tmp_path,
        env=environment(None),
        input=given,
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert ended.stdout == wanted
    assert list(tmp_path.iterdir()) == []


def test_standard_input_otherwise(tmp_path: Path) -> None:
    assert fmt(tmp_path, "-", "--check", stdin=EVEN).code == 0
    checked = fmt(tmp_path, "-", "--check", stdin=ODD)
    assert (checked.code, checked.out) == (2, "standard input: would be formatted\n")
    assert fmt(tmp_path, "-", "--diff", stdin=ODD).out.startswith("--- a/-\n+++ b/-\n@@")
    wrong = fmt(tmp_path, "-", stdin="a: [\n")
    assert (wrong.code, wrong.out) == (3, "")
    document = fmt(tmp_path, "-", "--format", "json", stdin=ODD).document
    assert document["formatted"] == {"files": ["-"], "changed": ["-"], "text": EVEN}
    assert fmt(tmp_path, "-", "commet.yaml", stdin=ODD).code == 64


def test_json(tmp_path: Path) -> None:
    write(tmp_path, ODD)
    checked = fmt(tmp_path, "--check", "--format", "json").document
    assert checked["exit_code"] == 2
    assert checked["formatted"] == {"files": ["commet.yaml"], "changed": ["commet.yaml"]}
    assert fmt(tmp_path, "--format", "json").document["formatted"]["changed"] == ["commet.yaml"]
    assert fmt(tmp_path, "--format", "json").document["formatted"]["changed"] == []
    (tmp_path / "commet.yaml").write_text("a: !x 1\n", "utf-8")
    wrong = fmt(tmp_path, "--format", "json")
    assert wrong.code == 3
    assert wrong.errors == ["tag"]


def test_an_invalid_catalog_is_formatted(tmp_path: Path) -> None:
    """Somebody in the middle of editing may want it in form."""
    write(tmp_path, "plans: {pro: {prices: {monthyl: {price: 49}}}}\n")
    assert fmt(tmp_path).code == 0
    assert content(tmp_path) == "plans:\n  pro:\n    prices:\n      monthyl: {price: 49.00}\n"


def test_links(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (tmp_path / "real.yaml").write_text(ODD, "utf-8")
    (tmp_path / "commet.yaml").symlink_to("real.yaml")
    assert fmt(tmp_path, "commet.yaml", "real.yaml").out == "commet.yaml: formatted\n"
    assert (tmp_path / "commet.yaml").is_symlink()
    assert content(tmp_path, "real.yaml") == EVEN
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "commet.yaml"
    elsewhere.write_text(ODD, "utf-8")
    (tmp_path / "away.yaml").symlink_to(elsewhere)
    ended = fmt(tmp_path, "away.yaml")
    assert ended.code == 1
    assert "is a link to another place, so it is left unchanged" in ended.err
    assert elsewhere.read_text("utf-8") == ODD


def test_a_file_that_is_read_only_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, ODD).chmod(0o444)
    ended = fmt(tmp_path)
    assert ended.code == 1
    assert "error: commet.yaml is read-only\nhint: make it writable first" in ended.err
    assert content(tmp_path) == ODD
    assert fmt(tmp_path, "--check").code == 2


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir], ids=["pipe", "folder"])
def test_what_is_no_file_is_left_alone(tmp_path: Path, make: object) -> None:
    assert callable(make)
    make(tmp_path / "commet.yaml")
    ended = fmt(tmp_path)
    assert ended.code == 1
    assert "is not a regular file" in ended.err


def test_a_link_to_itself_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "commet.yaml").symlink_to("commet.yaml")
    ended = fmt(tmp_path)
    assert ended.code == 1
    assert ended.err.startswith("error: commet.yaml is a link to another place, so it is left unchanged\n")


def test_variables_are_not_looked_up(tmp_path: Path) -> None:
    write(tmp_path, 'version: 1\n\nplans:\n  pro:\n    name: "${COMMETCTL_VAR_name}"\n')
    assert fmt(tmp_path, "--check").code == 0


@pytest.mark.parametrize("template", ["fixed", "seats", "metered", "credits", "balance", "ai"])
def test_what_init_makes_is_in_form(tmp_path: Path, template: str) -> None:
    assert run(tmp_path, "init", "--template", template, key=None).code == 0
    assert fmt(tmp_path, "--check").code == 0


def test_a_file_that_has_no_form_is_left_alone(tmp_path: Path) -> None:
    text = f"? {'k' * 1100}\n: 1\n"
    write(tmp_path, text)
    ended = fmt(tmp_path)
    assert ended.code == 4
    assert "error: commet.yaml is written in a way that cannot be formatted without changing what it means" in ended.err
    assert content(tmp_path) == text
    assert fmt(tmp_path, "--format", "json").errors == ["not_formattable"]
