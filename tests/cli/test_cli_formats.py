"""`--format` of `plan` and `diff`, whatever happens: a valid document on stdout, what is wrong on stderr, the code."""

import subprocess
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from cli.hostile import Reply, hostile
from cli.running import YAML, Ended, run, write

FORMATS = ("markdown", "html", "github", "junit")
every_format = pytest.mark.parametrize("output_format", FORMATS)

INVALID = "version: 1\nplans:\n  pro: {name: Pro, prices: {monthly: {price: 7200.505}}}\n  x: {nam: x}\n"
BROKEN = Reply({"error": {"code": "internal_error", "message": "it broke", "type": "api_error"}}, status=500)


def document(output_format: str, ended: Ended) -> str:
    """What is on stdout, which is a whole document of the format, or nothing where HTML has no word for a failure."""
    assert "Traceback" not in ended.out + ended.err
    match output_format:
        case "junit":
            suite = Xml.fromstring(ended.out)  # noqa: S314  (our own)
            assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
            assert len(suite) == int(suite.get("tests", ""))
            assert ended.out.endswith("</testsuite>\n")
        case "markdown":
            assert ended.out.startswith("### Pricing: ")
            assert ended.out.count("<details>") == ended.out.count("</details>")
            assert ended.out.endswith("\n")
            assert not ended.out.endswith("\n\n")
        case "github":
            assert all(line.startswith("::") for line in ended.out.splitlines()) or ended.code in (0, 2)
        case _:
            assert ended.out == "" or (ended.out.startswith("<!doctype html>") and "</html>" in ended.out)
    return ended.out


def failed(output_format: str, ended: Ended, said: str, shown: str = "") -> None:
    """That a failure is in the document, and, but for annotations which are in the same log, on stderr.

    `shown` is the message on stderr, if it is another one.
    """
    out = document(output_format, ended)
    if output_format == "html":
        assert out == ""
    else:
        assert said in out.replace("&#96;", "`").replace("<!-- -->", "")
    if output_format == "github":
        assert "::error " in out
        assert ended.err == ""
    else:
        assert ended.err.startswith("error")
        assert (shown or said) in ended.err


@every_format
@pytest.mark.parametrize("words", [["plan", "--local"], ["diff", "/dev/null", "commet.yaml"]])
def test_an_invalid_catalog(tmp_path: Path, output_format: str, words: list[str]) -> None:
    write(tmp_path, INVALID)
    ended = run(tmp_path, *words, "--format", output_format, key=None)
    assert ended.code == 3
    failed(output_format, ended, "commet.yaml has ", "\n2 problems in commet.yaml; explain one: ")
    if output_format != "html":
        assert "plan.x" in ended.out
        assert ended.out.count("commet.yaml:3:") == (
            0 if output_format == "github" else ended.out.count("commet.yaml:3:")
        )
    if output_format == "github":
        assert "::error file=commet.yaml,line=3,col=" in ended.out
        assert "::error file=commet.yaml,line=4,col=" in ended.out


@every_format
def test_no_key(tmp_path: Path, output_format: str) -> None:
    write(tmp_path)
    ended = run(tmp_path, "plan", "--format", output_format, key=None)
    assert ended.code == 6
    failed(output_format, ended, "there is no API key")


@every_format
def test_an_error_of_the_api(tmp_path: Path, output_format: str) -> None:
    write(tmp_path)
    with hostile(BROKEN) as server:
        ended = run(tmp_path, "plan", "--api-url", server.url, "--retries", "0", "--format", output_format)
    assert ended.code == 1
    failed(output_format, ended, "it broke")


@every_format
@pytest.mark.parametrize("source", ["git:nothing-there", "git:HEAD:no.yaml", "git:--help", "git:", "no.yaml"])
def test_a_source_that_is_none(tmp_path: Path, output_format: str, source: str) -> None:
    write(tmp_path)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    for words in (["diff", source, "commet.yaml"], ["plan", "--local", "--base", source]):
        ended = run(tmp_path, *words, "--format", output_format, key=None)
        assert ended.code == 1, words
        failed(output_format, ended, "")
        name = source.removeprefix("git:").rpartition(":")[2]
        assert output_format == "html" or name in ended.out.replace("&#45;", "-")


@every_format
def test_a_format_is_a_document_too_when_all_is_well(tmp_path: Path, output_format: str) -> None:
    write(tmp_path)
    planned = run(tmp_path, "plan", "--local", "--format", output_format, "--detailed-exitcode", key=None)
    assert planned.code == 2
    assert "calls" in document(output_format, planned).lower()
    applied = run(tmp_path, "apply", "--local", "--yes", "-q", key=None)
    assert applied.code == 0
    same = run(tmp_path, "plan", "--local", "--format", output_format, "--detailed-exitcode", key=None)
    assert (same.code, same.err) == (0, "")
    assert document(output_format, same)


@every_format
def test_a_change_that_is_blocked_is_in_the_document_with_what_it_stands_in_the_way_of(
    tmp_path: Path, output_format: str, account: Path
) -> None:
    write(account, YAML.replace("type: usage", "type: seats"))
    ended = run(account, "plan", "--local", "--format", output_format, key=None)
    assert ended.code == 0
    out = document(output_format, ended).replace("&#96;", "`")
    assert "is fixed once created" in out
    if output_format != "html":
        assert "would refuse" in out
    if output_format != "github":
        assert "1 change is blocked" in out


@pytest.fixture
def account(tmp_path: Path) -> Path:
    """A folder whose local Commet is as its file says."""
    folder = tmp_path / "account"
    folder.mkdir()
    write(folder)
    assert run(folder, "apply", "--local", "--yes", "-q", key=None).code == 0
    return folder


def test_no_name_of_a_file_becomes_a_command_of_the_runner(tmp_path: Path) -> None:
    name = "::error::x.yaml"
    (tmp_path / name).write_text(YAML, encoding="utf-8")
    ended = run(tmp_path, "diff", "/dev/null", name, "--format", "github", key=None)
    assert ended.code == 0
    commands = [line for line in ended.out.splitlines() if line.strip().startswith("::")]
    assert [line.split(" ")[0] for line in commands] == ["::notice", "::notice"]


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_a_pipe_is_as_wide_as_columns_says(tmp_path: Path, columns: str) -> None:
    write(tmp_path)
    ended = run(tmp_path, "plan", "--local", key=None, env={"COLUMNS": columns})
    lines = ended.out.splitlines()[1:]
    assert all(len(line) <= int(columns) for line in lines if not line.startswith("next "))
    beside = "  + Calls, type  usage  no effect  commet.yaml:3"
    assert (beside in lines) is (int(columns) >= len(beside))
