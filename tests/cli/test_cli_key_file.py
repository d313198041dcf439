"""The key from a file: read once, also from a pipe, and never more of it than a key can be."""

import os
import subprocess
from pathlib import Path

import pytest

from cli.running import TIMEOUT, Ended, command, environment, rows, run, write
from emulator.serving import emulator_server

LIVE = "ck_live_N0body0ughtT0SeeThis"


def run_with_pipe(folder: Path, key: str, *arguments: str) -> Ended:
    """Run with the key in a pipe, as a shell passes it for `--api-key-file <(pass show commet)`."""
    reader, writer = os.pipe()
    os.write(writer, f"{key}\n".encode())
    os.close(writer)
    try:
        ended = subprocess.run(
            command(*arguments, "--api-key-file", f"/dev/fd/{reader}"),
            cwd=folder,
            env=environment(key=None),
            pass_fds=[reader],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=TIMEOUT,
            check=False,
        )
    finally:
        os.close(reader)
    return Ended(ended.returncode, ended.stdout, ended.stderr)


@pytest.mark.process
def test_a_live_key_from_a_pipe_is_known_to_be_live_on_an_empty_account(tmp_path: Path) -> None:
    """Nothing in an empty account says that it is live; the key, of which the pipe has one copy, does."""
    write(tmp_path)
    with emulator_server(":memory:") as running:
        refused = run_with_pipe(tmp_path, LIVE, "apply", "--yes", "--api-url", running.url)
        assert (refused.code, rows(running.url, "/features", LIVE)) == (4, [])
        assert "the key belongs to a live account" in refused.err
        assert LIVE not in refused.out + refused.err
        assert run_with_pipe(tmp_path, LIVE, "apply", "--yes", "--live", "--api-url", running.url).code == 0
        assert len(rows(running.url, "/features", LIVE)) == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("/dev/zero", "the API key is not a Commet key"),
        ("empty", "the API key is not a Commet key"),
        ("binary", "binary cannot be read: it is not text"),
        ("missing", "missing cannot be read: No such file or directory"),
        (".", ". cannot be read: Is a directory"),
    ],
)
def test_a_file_without_a_key_exits_with_6_at_once(tmp_path: Path, name: str, said: str) -> None:
    write(tmp_path)
    (tmp_path / "empty").touch()
    (tmp_path / "binary").write_bytes(b"ck_\xff")
    ended = run(tmp_path, "plan", "--api-key-file", name, "--api-url", "http://127.0.0.1:9")
    assert (ended.code, ended.out) == (6, "")
    assert said in ended.err
