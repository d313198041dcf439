"""Where output goes: results to stdout, everything else to stderr, and what becomes of it when that fails."""

import re
import subprocess
from itertools import count
from pathlib import Path
from threading import Event

import pytest

from cli.hostile import EMPTY, Reply, hostile
from cli.running import KEY, YAML, command, environment, run, send, started, write
from emulator.serving import emulator_server


def test_quiet_prints_nothing_when_all_went_well(tmp_path: Path) -> None:
    write(tmp_path)
    for words in (["validate"], ["plan", "--local"], ["apply", "--local", "--yes"], ["apply", "--local", "--yes"]):
        ended = run(tmp_path, *words, "-q", key=None)
        assert (ended.code, ended.out, ended.err) == (0, "", ""), words
    failed = run(tmp_path, "plan", "-q", key=None)
    assert (failed.code, failed.out) == (6, "")
    assert "error: there is no API key" in failed.err


def test_the_plan_goes_to_stdout_and_the_progress_to_stderr(tmp_path: Path) -> None:
    write(tmp_path)
    ended = run(tmp_path, "apply", "--local", "--yes", key=None)
    assert ended.out == (
        " LOCAL  .commet/local.db · commet.yaml                                          2026-11-24 12:00 UTC\n\n"
        "Features\n"
        "  + Calls, type  usage  no effect  commet.yaml:3\n"
        "\n"
        "no effect       a plan has to include it first\n\n"
        "1 to create, 0 to update, 0 to delete.\n\n  1 change applied and verified.\n"
    )
    assert ended.err == "\n  ok       feature.calls created\n"
    assert (tmp_path / ".commet" / "local.db").is_file()


def test_verbose_shows_planned_requests_on_stdout_and_sent_ones_on_stderr(tmp_path: Path) -> None:
    write(tmp_path)
    ended = run(tmp_path, "apply", "--local", "own.db", "--yes", "-v", key=None)
    assert '      POST /features {"code": "calls", "name": "Calls", "type": "usage"}\n' in ended.out
    assert "→ 200" not in ended.out
    sent = [line for line in ended.err.splitlines() if "→" in line]
    # Read for the plan, read again before the first write, written, and read back.
    assert sent == ["GET /features → 200"] * 2 + ["POST /features → 200", "GET /features → 200"]
    assert (tmp_path / "own.db").is_file()
    assert not (tmp_path / ".commet" / "local.db").exists()


def test_an_empty_name_of_a_local_database_is_the_usual_one(tmp_path: Path) -> None:
    write(tmp_path)
    assert " LOCAL  .commet/local.db · " in run(tmp_path, "plan", "--local", "", key=None).out


def test_colour_is_where_it_was_asked_for_also_in_a_pipe(tmp_path: Path) -> None:
    write(tmp_path)
    coloured = run(tmp_path, "plan", "--local", "--color", key=None)
    assert "\n\x1b[1mFeatures\x1b[0m\n  \x1b[32m+\x1b[0m Calls" in coloured.out
    plain = run(tmp_path, "plan", "--local", key=None)
    assert plain.out == re.sub("\x1b\\[[0-9;]+m", "", coloured.out)
    applied = run(tmp_path, "apply", "--local", "--yes", "--color", key=None)
    assert "  \x1b[32mok\x1b[0m       feature.calls created\n" in applied.err


@pytest.mark.process
def test_an_encoding_without_arrows_is_no_reason_to_fail(tmp_path: Path) -> None:
    write(tmp_path)
    ended = started(tmp_path, "plan", "--local", key=None, env={"PYTHONIOENCODING": "iso8859-5"})
    assert (ended.code, ended.err) == (0, "")
    assert " LOCAL  .commet/local.db \\xb7 commet.yaml" in ended.out


@pytest.mark.process
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("words", [["plan"], ["plan", "--format", "json"], ["apply", "--yes"]])
def test_a_full_disk_is_an_error_and_nothing_is_written_to_commet(tmp_path: Path, words: list[str]) -> None:
    write(tmp_path)
    with Path("/dev/full").open("w") as full, hostile(EMPTY) as server:
        ended = subprocess.run(
            command(*words, "--api-url", server.url),
            cwd=tmp_path, env=environment(), stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert ended.returncode == 1
    assert "No space left on device" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert server.writes == []


@pytest.mark.process
def test_a_reader_that_goes_does_not_stop_an_apply_half_way(tmp_path: Path) -> None:
    """As in `commetctl apply --yes 2>&1 | head`: the progress cannot be written any more, the changes are made."""
    gone, numbers = Event(), count()

    def answer(method: str, path: str) -> Reply:
        if method == "GET":
            return EMPTY
        gone.wait(30)
        return Reply({"id": f"ftr_{next(numbers)}", "livemode": False})

    write(tmp_path, YAML + "".join(f"  f{number}: {{name: F{number}, type: usage}}\n" for number in range(3)))
    with hostile(answer) as server:
        words = command("apply", "--yes", "--api-url", server.url)
        with subprocess.Popen(
            words, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
        ) as process:
            assert process.stdout
            assert process.stderr
            assert process.stderr.read(1) == b"\n"
            process.stderr.close()
            gone.set()
            process.stdout.read()
            process.wait(60)
    assert server.writes == ["POST /api/v1/features"] * 4


@pytest.mark.process
def test_streams_that_were_closed_before_the_start_are_no_bug(tmp_path: Path) -> None:
    write(tmp_path)
    words = ["sh", "-c", 'exec "$@" <&- >&-', "sh", *command("apply", "--local")]
    ended = subprocess.run(
        words, cwd=tmp_path, env=environment(None), stderr=subprocess.PIPE, text=True, timeout=60, check=False
    )
    # What is about to be done cannot be shown, and so is not done.
    assert ended.returncode == 1
    assert "standard output is closed" in ended.stderr
    assert not (tmp_path / ".commet/runs").exists()


def test_terminal_escapes_in_names_and_errors_are_written_out(tmp_path: Path) -> None:
    """A name in the account must not set the title of a terminal, nor hide what the plan says."""
    write(tmp_path)
    red = "\x1b]0;owned\x07\x1b[31mred\u202e\x9b2J"
    with emulator_server(":memory:") as running:
        send(running.url, "POST", "/features", {"code": "calls", "name": red, "type": "usage"})
        send(running.url, "POST", "/credit-packs", {"name": red, "credits": 1, "price": 1})
        write(tmp_path, YAML + "credit_packs: {}\n")
        seen = [run(tmp_path, "plan", "--color", "-v", "--api-url", running.url)]
        seen += [run(tmp_path, "apply", "--yes", "--prune", "--api-url", running.url)]
    written_out = r"\x1b]0;owned\x07\x1b[31mred\u202e\x9b2J"
    assert f"{written_out} → Calls" in " ".join(re.sub("\x1b\\[[0-9;]+m", "", seen[0].out).split())
    assert f"credit_pack.{written_out}" in seen[0].out
    assert f"ok       credit_pack.{written_out} deleted" in seen[1].err
    for ended in seen:
        assert ended.code == 0
        text = re.sub("\x1b\\[(31|33|1|2|0)m", "", ended.out + ended.err)
        assert not {character for character in text if character < " " and character != "\n"}
        assert not {"\x7f", "\x9b", "\u202e"} & set(text)


def test_the_key_file_is_used_before_the_environment(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "key").write_text(f"{KEY}file\n")
    with hostile(EMPTY) as server:
        assert run(tmp_path, "plan", "--api-url", server.url, "--api-key-file", "key").code == 0
    assert server.headers[0]["x-api-key"] == f"{KEY}file"


@pytest.mark.parametrize(
    ("flag", "env", "file", "spoken"),
    [
        ("2026-07-11", "2026-08-27", "2026-08-27", "2026-07-11"),
        ("", "2026-07-11", "2026-08-27", "2026-07-11"),
        ("", "", "2026-07-11", "2026-07-11"),
        ("", "", "", "2026-08-27"),
    ],
)
def test_the_version_is_that_of_the_flag_the_environment_or_the_file(
    tmp_path: Path, flag: str, env: str, file: str, spoken: str
) -> None:
    write(tmp_path, YAML + (f'api_version: "{file}"\n' if file else ""))
    words = ["--api-version", flag] if flag else []
    with hostile(EMPTY) as server:
        ended = run(
            tmp_path, "plan", "-v", *words, env={"COMMET_API_VERSION": env, "COMMET_API_URL": server.url} if env
            else {"COMMET_API_URL": server.url},
        )  # fmt: skip
    assert f"API version {spoken}" in ended.out
    assert {headers["commet-version"] for headers in server.headers} == {spoken}
