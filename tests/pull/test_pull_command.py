"""The command, as a process of its own on the embedded Commet: what it asks, writes and refuses."""

import os
from pathlib import Path

import pytest

from cli import test_cli_terminal
from cli.running import Ended, run, write
from commetctl.core.errors import Refused
from commetctl.core.files import replace_all
from emulator.serving import emulator_server

YAML = """\
version: 1
features:
  sso: {name: Single sign-on, type: boolean}   # a comment
plans:
  pro: {name: Pro, prices: {monthly: {price: 49.00}}}
"""
DEARER = YAML.replace("49.00", "59.00")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose Commet is as YAML says, and whose file has another price."""
    write(tmp_path, YAML)
    assert run(tmp_path, "apply", "--local", "--yes", "-q", key=None).code == 0
    write(tmp_path, DEARER)
    return tmp_path


def pull(folder: Path, *arguments: str) -> Ended:
    return run(folder, "pull", "--local", *arguments, key=None)


def content(folder: Path) -> str:
    return (folder / "commet.yaml").read_text("utf-8")


def test_it_writes_what_it_was_told_to(folder: Path) -> None:
    (folder / "commet.yaml").chmod(0o640)
    ended = pull(folder, "--yes")
    assert ended.code == 0
    assert "~ plan_price.pro/monthly\n      price  59.00 → 49.00 USD\n" in ended.out
    assert "0 objects to add, 1 to change, 0 to remove" in ended.out
    assert content(folder) == YAML
    assert (folder / "commet.yaml").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in folder.iterdir()) == [".commet", "commet.yaml"]
    again = pull(folder)
    assert (again.code, "No changes" in again.out) == (0, True)


def test_nobody_said_yes(folder: Path) -> None:
    ended = pull(folder)
    assert ended.code == 4
    assert "-  pro: {name: Pro, prices: {monthly: {price: 59.00}}}\n+  pro:" in ended.out
    assert "error: there is no terminal to ask on\nhint: give `--yes` to write without asking" in ended.err
    assert content(folder) == DEARER


@pytest.mark.process
@pytest.mark.parametrize(("typed", "code", "then"), [("yes\n", 0, YAML), ("no\n", 4, DEARER)])
def test_it_asks_at_a_terminal(folder: Path, typed: str, code: int, then: str) -> None:
    question = "Write this file? [y/N]: "
    ended = test_cli_terminal.at_terminal(folder, "pull", "--local", typed=typed, question=question)
    assert ended[0] == code, ended[1]
    assert "-  pro: {name: Pro, prices: {monthly: {price: 59.00}}}" in ended[1]
    assert content(folder) == then


def test_a_check_writes_nothing(folder: Path) -> None:
    assert pull(folder, "--check").code == 2
    assert content(folder) == DEARER
    assert pull(folder, "--yes", "-q").out == ""
    assert pull(folder, "--check").code == 0


def test_a_dry_run_is_a_patch(folder: Path) -> None:
    ended = pull(folder, "--dry-run")
    assert ended.code == 0
    assert ended.out.startswith("--- a/commet.yaml\n+++ b/commet.yaml\n@@")
    assert content(folder) == DEARER


def test_json(folder: Path) -> None:
    document = pull(folder, "--check", "--format", "json").document
    assert document["target"] == {"api_url": "local:.commet/local.db", "api_version": "2026-08-27", "livemode": False}
    fields = [{"path": "price", "before": "59.00", "after": "49.00", "currency": "usd"}]
    change = {"address": "plan_price.pro/monthly", "action": "update", "fields": fields}
    assert document["pulled"] == {"changes": [change], "files": ["commet.yaml"]}
    assert document["diagnostics"] == []
    assert content(folder) == DEARER


def test_a_new_file_needs_no_yes_and_leaves_nothing_to_do(folder: Path) -> None:
    ended = pull(folder, "-f", "new.yaml")
    assert ended.code == 0
    text = (folder / "new.yaml").read_text("utf-8")
    assert "version: 1\nmode: sandbox\n" in text
    assert run(folder, "plan", "--local", "-f", "new.yaml", "--detailed-exitcode", key=None).code == 0
    assert pull(folder, "-f", "older.yaml", "--api-version", "2026-07-11").code == 0
    assert 'api_version: "2026-07-11"\n' in (folder / "older.yaml").read_text("utf-8")


def test_a_file_that_was_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    file = write(tmp_path, YAML)
    with pytest.raises(Refused, match="was changed while this ran"):
        replace_all({file: (DEARER.encode(), b"version: 1\n")})
    with pytest.raises(Refused, match="was changed while this ran"):
        replace_all({file: (None, b"version: 1\n")})
    assert content(tmp_path) == YAML
    assert [path.name for path in tmp_path.iterdir()] == ["commet.yaml"]


def test_a_new_file_says_what_the_account_proves(tmp_path: Path) -> None:
    """The older generation, in the scale that the sources do not agree on; and a live organization."""
    write(tmp_path, YAML)
    key = "ck_live_test"
    with emulator_server(":memory:", "--quirk", "price_scale=minor") as running:
        at = ("--api-url", running.url)
        assert run(tmp_path, "apply", "--live", "--yes", "-q", *at, key=key).code == 0
        older = ("-f", "older.yaml", "--api-version", "2026-07-11", *at)
        assert run(tmp_path, "pull", *older, key=key).code == 0
        text = (tmp_path / "older.yaml").read_text("utf-8")
        assert 'version: 1\napi_version: "2026-07-11"\nmode: live\nprice_scale: minor\n' in text
        assert "monthly: {price: 49.00}" in text
        assert run(tmp_path, "plan", "--detailed-exitcode", *older, key=key).code == 0
        write(tmp_path, f"mode: sandbox\n{DEARER}")
        other = run(tmp_path, "pull", "--yes", *at, key=key)
        assert (other.code, "error: the catalog declares `mode: sandbox`, but this account is live" in other.err) == (
            4,
            True,
        )
        assert content(tmp_path) == f"mode: sandbox\n{DEARER}"
        shown = run(tmp_path, "pull", "--dry-run", *at, key=key)
        assert "warning: the catalog declares `mode: sandbox`, but this account is live" in shown.err


def test_only_a_target(folder: Path) -> None:
    assert pull(folder, "--target", "feature.sso", "--yes").code == 0
    assert content(folder) == DEARER
    wrong = pull(folder, "--target", "plan.pra")
    assert wrong.code == 1
    assert "did you mean `plan.pro`?" in wrong.err


def test_a_link_to_somewhere_else_is_left_alone(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "commet.yaml"
    (folder / "commet.yaml").rename(elsewhere)
    (folder / "commet.yaml").symlink_to(elsewhere)
    ended = pull(folder, "--yes")
    assert ended.code == 1
    assert "is a link to another place, so it is left unchanged" in ended.err
    assert elsewhere.read_text("utf-8") == DEARER


def test_a_link_beside_the_file_is_followed(folder: Path) -> None:
    (folder / "commet.yaml").rename(folder / "real.yaml")
    (folder / "commet.yaml").symlink_to("real.yaml")
    assert pull(folder, "--yes").code == 0
    assert (folder / "commet.yaml").is_symlink()
    assert content(folder) == YAML


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir], ids=["pipe", "folder"])
def test_what_is_no_file_is_left_alone(tmp_path: Path, make: object) -> None:
    assert callable(make)
    make(tmp_path / "commet.yaml")
    ended = pull(tmp_path, "--yes")
    assert ended.code == 1
    assert "is not a regular file" in ended.err


def test_a_folder_that_cannot_be_written_to(folder: Path) -> None:
    folder.chmod(0o555)
    try:
        ended = pull(folder, "--yes", "--check")
        assert ended.code in (1, 2)
        assert content(folder) == DEARER
    finally:
        folder.chmod(0o755)


def test_an_invalid_file_is_said_and_left_alone(folder: Path) -> None:
    write(folder, DEARER.replace("monthly", "monthyl"))
    assert pull(folder, "--yes").code == 3
    assert "monthyl" in content(folder)


def test_a_file_without_sections_has_nothing_to_pull(folder: Path) -> None:
    write(folder, "version: 1\n")
    ended = pull(folder, "--yes")
    assert ended.code == 0
    assert "the file has no section" in ended.err


def test_a_new_file_comes_with_its_schema_and_nothing_is_overwritten(folder: Path) -> None:
    ended = pull(folder, "-f", "new.yaml")
    assert ended.out.rstrip().endswith("Written to new.yaml, commet.schema.json")
    modeline = "# yaml-language-server: $schema=commet.schema.json\n"
    assert (folder / "new.yaml").read_text("utf-8").startswith(modeline)
    schema = folder / "commet.schema.json"
    made = schema.read_bytes()
    assert made == run(folder, "schema", key=None).out.encode()
    again = pull(folder, "-f", "again.yaml")
    assert again.out.rstrip().endswith("Written to again.yaml")
    assert (folder / "again.yaml").read_text("utf-8").startswith(modeline)
    schema.write_text("mine", encoding="utf-8")
    assert pull(folder, "-f", "third.yaml").code == 0
    assert schema.read_text("utf-8") == "mine"
    assert "yaml-language-server" not in (folder / "third.yaml").read_text("utf-8")


def test_a_new_file_is_announced_before_it_is_written(folder: Path) -> None:
    (folder / "new.yaml").mkdir()
    assert "to write to a new file" not in pull(folder, "-f", "new.yaml").out
    (folder / "new.yaml").rmdir()
    ended = pull(folder, "-f", "new.yaml")
    assert ended.out.endswith(
        "\n\n  + feature.sso\n  + plan.pro, with 1 plan price\n\n"
        "  3 objects to write to a new file, new.yaml\n\n  Written to new.yaml, commet.schema.json\n"
    )


def test_a_catalog_on_stdout_is_all_that_is_written(folder: Path) -> None:
    before = sorted(path.name for path in folder.iterdir())
    ended = pull(folder, "-f", "-")
    assert (ended.code, ended.err) == (0, "")
    assert sorted(path.name for path in folder.iterdir()) == before
    (folder / "again.yaml").write_text(ended.out)
    assert "$schema" not in ended.out
    assert pull(folder, "-f", "again.yaml", "--check").code == 0
    assert run(folder, "fmt", "--check", "again.yaml", key=None).code == 0
    only = pull(folder, "-f", "-", "--target", "feature.sso").out
    assert ("sso:" in only, "pro:" in only) == (True, False)


@pytest.mark.parametrize("words", [["--check"], ["--dry-run"], ["--format", "json"], ["--from", "config.json"]])
def test_stdout_takes_one_catalog_of_one_account(folder: Path, words: list[str]) -> None:
    ended = pull(folder, "-f", "-", *words)
    assert (ended.code, "version: 1" in ended.out) == (64, False)
    assert not (folder / "-").exists()
