"""What the doctor sees of the file, this folder and this machine."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from doctoring import PLANS, bad, doctor, seen, told

from cli.running import run, write
from emulator.serving import emulator_server


@pytest.fixture
def url() -> Iterator[str]:
    """The address of an empty account."""
    with emulator_server(":memory:") as running:
        yield running.url


def test_a_broken_file_and_no_file_do_not_hide_the_account(tmp_path: Path, url: str) -> None:
    write(tmp_path, "version: 1\nplnas: {}\n")
    ended = doctor(tmp_path, "--api-url", url)
    assert (ended.code, bad(ended)) == (3, {"catalog": "failed"})
    assert told(ended, "catalog") == "commet.yaml has 1 problem | `commetctl validate` lists them"
    assert "read credit packs" in seen(ended)
    ended = doctor(tmp_path, "-f", "none.yaml", "--api-url", url)
    assert (ended.code, bad(ended)) == (1, {"catalog": "failed"})


def test_the_first_failure_gives_the_exit_code(tmp_path: Path) -> None:
    write(tmp_path, "version: 1\nplnas: {}\n")
    assert doctor(tmp_path, key=None).code == 3
    (tmp_path / ".commet").write_text("a file")
    assert doctor(tmp_path, key=None).code == 1


def test_warnings_about_the_catalog_are_counted(tmp_path: Path) -> None:
    write(tmp_path, PLANS + "  free: {name: Free, visibility: public}\n")
    ended = doctor(tmp_path, "--local", key=None)
    assert seen(ended)["catalog"] == "warning"
    assert "warning" in told(ended, "catalog")


def test_a_proxy_is_named_by_its_host_alone(tmp_path: Path) -> None:
    write(tmp_path)
    words = ["--api-url", "https://commet.invalid"]
    env = {"HTTPS_PROXY": "http://user:pa55word@127.0.0.1:9"}
    ended = doctor(tmp_path, *words, **env)
    assert (ended.code, bad(ended)) == (1, {"commet": "failed", "account": "skipped"})
    assert told(ended, "proxy") == "commet.invalid is reached through 127.0.0.1:9 | "
    assert "pa55word" not in ended.out
    ended = doctor(tmp_path, *words, **env, NO_PROXY="commet.invalid", key="")
    assert told(ended, "proxy") == "127.0.0.1:9 is set, but NO_PROXY excludes commet.invalid | "
    ended = doctor(tmp_path, "--api-url", "http://127.0.0.1:9", **env, key="")
    assert told(ended, "proxy").startswith("none")


def test_runs_that_did_not_end(tmp_path: Path) -> None:
    write(tmp_path)
    assert run(tmp_path, "apply", "--yes", "--local", key=None).code == 0
    (journal,) = (tmp_path / ".commet" / "runs").glob("*.jsonl")
    lines = [line for line in journal.read_text().splitlines() if "finished" not in json.loads(line)]
    journal.write_text("\n".join(lines) + "\n")
    ended = doctor(tmp_path, "--local", key=None)
    assert (ended.code, seen(ended)["journals"]) == (0, "warning")
    assert told(ended, "journals").startswith(".commet/runs has 1 run that did not end")


def test_a_folder_that_is_none_for_journals(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / ".commet").write_text("a file")
    ended = doctor(tmp_path, "--local=local.db", key=None)
    assert (ended.code, bad(ended)) == (1, {"journals": "failed"})


CI = {"GITHUB_ACTIONS": "GitHub Actions", "GITLAB_CI": "GitLab CI", "CI": "a CI system"}


@pytest.mark.parametrize("variable", CI)
def test_where_it_runs(variable: str, tmp_path: Path) -> None:
    write(tmp_path)
    ended = doctor(tmp_path, "--local", key=None, **{variable: "true"})
    assert told(ended, "ci") == f"runs in {CI[variable]} | "


def test_a_repository_is_seen_from_below(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "below").mkdir()
    write(tmp_path / "below")
    ended = doctor(tmp_path / "below", "--local", key=None)
    assert "this folder is in a repository" in told(ended, "git")


def test_without_git(tmp_path: Path) -> None:
    write(tmp_path)
    assert seen(doctor(tmp_path, "--local", key=None, PATH=str(tmp_path)))["git"] == "warning"


def test_nothing_is_left_behind(tmp_path: Path, url: str) -> None:
    write(tmp_path)
    doctor(tmp_path, "--api-url", url)
    assert [path.name for path in tmp_path.iterdir()] == ["commet.yaml"]
