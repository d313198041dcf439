"""Imports: a command imports what it uses, and nothing that takes long beside it."""

from pathlib import Path

import pytest

from cli.imports import imported
from cli.running import YAML, run, write
from commetctl.cli import COMMANDS

#: What reads a catalog.
FILE = {"pydantic", "ruamel"}
#: What asks the API, and what answers in its place with `--local`.
ACCOUNT = FILE | {"httpx"}
LOCAL = ACCOUNT | {"sqlite3", "werkzeug"}
USES: dict[str, set[str]] = {
    "init --template metered": FILE,
    "pull --local": LOCAL,
    "doctor --local": LOCAL,
    "validate": FILE,
    "fmt": FILE,
    "schedule names --on now --set features.calls.name=Requests": FILE,
    "settle": FILE,
    "rehearse --local": LOCAL,
    "diff commet.yaml other.yaml": FILE | {"deepdiff"},
    "preview": FILE | {"jinja2"},
    "explain plan": FILE,
    "plan --local": LOCAL,
    "apply --local --yes": LOCAL,
    "drift --local": LOCAL,
    "show --local": LOCAL,
    "history": set(),
    "schema": FILE,
    "completion bash": set(),
    "help environment": set(),
    "help codes": FILE,
}
#: They need a subscription, or do not end by themselves.
LEFT = {"packs", "emulator"}


def test_every_command_is_here() -> None:
    assert {words.split()[0] for words in USES} == COMMANDS.keys() - LEFT


@pytest.mark.process
@pytest.mark.parametrize("words", USES)
def test_a_command_imports_what_it_uses(tmp_path: Path, words: str) -> None:
    if not words.startswith("init"):
        write(tmp_path)
        (tmp_path / "other.yaml").write_text(YAML.replace("Calls", "All calls"), "utf-8")
    if "--local" in words:
        assert run(tmp_path, "apply", "--local", "--yes").code == 0
    _, found = imported(tmp_path, *words.split())
    assert found == USES[words]
