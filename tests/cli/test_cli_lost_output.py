"""Output that nobody gets is a failure: exit code 1, whatever the command came to, and in every format."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli.running import YAML, command, environment, run, write
from every import every
from starting import standby

pytestmark = pytest.mark.process

#: Commands that write to standard output, and whose exit code is another one where that works.
COMMANDS = """
--help
--version
plan --help
help exit-codes
schema
explain plan
completion fish
validate
validate --format json
validate -f absent.yaml --format json
preview --out -
fmt --check unformed.yaml
fmt --diff unformed.yaml
fmt -
pull --check --local other.db
pull --dry-run --local other.db
doctor --local
drift --local other.db --base /dev/null
history
show --local other.db
show --local other.db --format html
init shop -q --format json
plan --local --detailed-exitcode
plan --local --detailed-exitcode --format json
plan --local --detailed-exitcode --format markdown
plan --local --detailed-exitcode --format html
plan --local --detailed-exitcode --format junit
plan --local --detailed-exitcode --format github
apply --local --dry-run --detailed-exitcode
diff /dev/null commet.yaml --detailed-exitcode
diff /dev/null commet.yaml --detailed-exitcode --format markdown
apply --local fresh.db --yes
apply --local --format json
plan --no-such-option --format json
packs purchase sub_1 none --local --format json
emulator --port 0 --db :memory:
"""
UNFORMED = "features: {}\nversion:   1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalog, a file that is not in form, and an embedded Commet with another catalog."""
    write(tmp_path, YAML.replace("Calls", "Others"))
    assert run(tmp_path, "apply", "--local", "other.db", "--yes", key=None).code == 0
    write(tmp_path)
    (tmp_path / "unformed.yaml").write_text(UNFORMED, encoding="utf-8")
    return tmp_path


@contextmanager
def full() -> Iterator[int]:
    """A device that takes nothing."""
    if not Path("/dev/full").exists():
        pytest.skip("needs a device that is always full")
    with Path("/dev/full").open("w") as device:
        yield device.fileno()


@contextmanager
def gone() -> Iterator[int]:
    """A pipe whose reader has gone."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        yield writing
    finally:
        os.close(writing)


def ended(folder: Path, words: str, stdout: int, stderr: int = subprocess.PIPE) -> tuple[int, str]:
    """The exit code of a command with these streams, and what it says on stderr."""
    with (folder / "unformed.yaml").open() as stdin:
        done = subprocess.run(
            [*standby().split(), *words.split()], cwd=folder, env=environment(None), stdin=stdin, stdout=stdout,
            stderr=stderr, text=True, timeout=60, check=False,
        )  # fmt: skip
    return done.returncode, done.stderr


def test_a_command_whose_output_is_lost_exits_with_1(folder: Path) -> None:
    def check(words: str) -> None:
        code, err = ended(folder, words, stdout)
        assert code == 1, (code, err)
        assert "No space left on device" in err
        assert "Traceback" not in err

    with full() as stdout:
        every(COMMANDS.strip().splitlines(), check)
    # What could not be shown was not applied.
    assert "+ Calls" in run(folder, "plan", "--local", "fresh.db", key=None).out


@pytest.mark.parametrize("words", ["--version", "validate", "plan --local --detailed-exitcode", "apply --local --yes"])
def test_a_reader_that_has_gone_is_no_success_and_no_error(folder: Path, words: str) -> None:
    with gone() as stdout:
        code, err = ended(folder, words, stdout)
    assert (code, err) == (1, "")


@pytest.mark.parametrize(
    "words", ["--help", "plan --local --detailed-exitcode", "apply --local --yes", "fmt -", "emulator --port 0"]
)
def test_a_stdout_that_was_closed_before_the_start_is_lost_too(folder: Path, words: str) -> None:
    script = ["sh", "-c", 'exec "$@" < unformed.yaml >&-', "sh", *command(*words.split())]
    done = subprocess.run(
        script, cwd=folder, env=environment(None), stderr=subprocess.PIPE, text=True, timeout=60, check=False
    )
    assert (done.returncode, "standard output is closed" in done.stderr) == (1, True), done.stderr
    assert "Traceback" not in done.stderr


def test_what_went_wrong_is_said_on_stderr_where_the_document_is_lost(folder: Path) -> None:
    with gone() as stdout:
        _, err = ended(folder, "validate -f absent.yaml --format json", stdout)
    assert "error: absent.yaml does not exist" in err


def test_a_lost_stderr_is_no_success_either(folder: Path) -> None:
    """The warnings about the catalog cannot be written."""
    write(folder, YAML + "plans:\n  pro: {name: Pro, prices: {monthly: {price: 9, trial_days: 900}}}\n")
    warned = run(folder, "validate", key=None)
    assert (warned.code, "warning" in warned.err) == (0, True), warned
    with full() as stderr:
        assert ended(folder, "validate", subprocess.PIPE, stderr)[0] == 1


@pytest.mark.parametrize("out", ["/dev/full", "none/plan.json", ".", "commet.yaml"])
def test_a_file_that_cannot_be_written_exits_with_1(folder: Path, out: str) -> None:
    words = ("plan", "--local", "--detailed-exitcode", "--out", out)
    for given in (words, ("apply", "--dry-run", *words[1:]), ("schema", "--out", out), ("preview", "--out", out)):
        found = run(folder, *given, key=None)
        assert (found.code, found.err.startswith("error: ")) == (1, True), given
    assert (folder / "commet.yaml").read_text("utf-8") == YAML
