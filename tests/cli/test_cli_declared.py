"""What each command declares of itself is so: what it reads and writes, its options, examples and exit codes."""

import hashlib
import json
import shlex
from pathlib import Path
from typing import Any

import click
import pytest

from cli.running import YAML, run
from commetctl.cli import COMMANDS, declaring, group
from commetctl.cli.describing import runnable
from commetctl.core.exits import EXITS
from emulator.serving import emulator_server
from every import every

CATALOG = YAML + "plans:\n  pro: {name: Pro, prices: {monthly: {price: 5}}}\n"
#: A run of each command, on an account to which a catalog was applied, and which was changed since.
RUNS = {
    "init": "init new",
    "pull": "pull --yes",
    "doctor": "doctor",
    "validate": "validate -v",
    "fmt": "fmt",
    "diff": "diff /dev/null commet.yaml",
    "preview": "preview",
    "explain": "explain codes",
    "drift": "drift",
    "rehearse": "rehearse",
    "show": "show",
    "history": "history",
    "schedule": "schedule raise-pro --on now --set plans.pro.prices.monthly.price=6",
    "settle": "settle --yes",
    "plan": "plan -v --prune",
    "apply": "apply --yes --prune",
    "packs purchase": "packs purchase sub_1 small --yes",
    "schema": "schema",
    "completion": "completion bash",
    "help": "help commands",
}
#: What runs until it is stopped.
ENDLESS = {"emulator"}


def found() -> list[dict[str, Any]]:
    from commetctl.cli.describing import described

    return described([click.Context(group, info_name="commetctl")])


ALL = {item["name"]: item for item in found()}


def files(folder: Path) -> dict[str, str]:
    """Every file below a folder, but those that are commetctl's own."""
    kept = (path for path in folder.rglob("*") if path.is_file() and ".commet" not in path.parts)
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}


def test_a_command_writes_only_what_it_declares(tmp_path: Path) -> None:
    assert set(RUNS) | ENDLESS == set(ALL)
    with emulator_server(":memory:") as server:
        env = {"COMMET_API_URL": server.url}
        (tmp_path / "commet.yaml").write_text(CATALOG, encoding="utf-8")
        assert run(tmp_path, "apply", "--yes", env=env).code == 0
        sent, wrote = set(), set()
        # The apply comes last: before it, there is something to do.
        for name in sorted(RUNS, key="apply".__eq__):
            (tmp_path / "commet.yaml").write_text(CATALOG.replace("Calls", "All calls"), encoding="utf-8")
            requests, before = len(server.writes), files(tmp_path)
            ended = run(tmp_path, *shlex.split(RUNS[name]), env=env)
            assert ended.code in (0, 1), (name, ended)
            sent |= {name} if len(server.writes) > requests else set()
            wrote |= {name} if files(tmp_path) != before else set()
    assert sent == {"apply"}
    assert {name for name in ALL if "changes_commet" in ALL[name]["does"]} == {"apply", "packs purchase"}
    assert wrote == {"init", "pull", "fmt", "preview", "schedule", "settle"}
    declared = {name for name in ALL if "changes_file" in ALL[name]["does"]}
    assert declared == wrote | {"completion", "emulator"}
    assert {name for name in ALL if "deletes" in ALL[name]["does"]} == {"apply"}


def test_each_option_that_writes_a_file_says_so() -> None:
    said = {name for item in ALL.values() for option in item["options"] if option["does"] for name in option["names"]}
    assert said == {"--out", "--summary", "--open", "--prune", "--replace", "--allow-delete"}


def test_every_option_is_in_a_group_and_has_a_help_of_a_line_and_a_half() -> None:
    def check(item: dict[str, Any]) -> None:
        for option in item["options"]:
            assert option["group"], option["names"]
            assert 10 < len(option["help"]) <= 110, (option["names"], len(option["help"]))

    every(ALL.values(), check, lambda item: str(item["name"]))


def test_a_command_begins_with_its_sentence_and_has_examples_that_are_right(tmp_path: Path) -> None:
    tmp_path.joinpath("commet.yaml").write_text(YAML)

    def check(context: click.Context) -> None:
        command, page = context.command, declaring.page_of(context.command)
        name = declaring.path_of(context).partition(" ")[2]
        assert COMMANDS.get(name, declaring.sentence(command)) == declaring.sentence(command)
        assert len(page.examples) >= (3 if name in ("plan", "apply") else 1)
        assert set(page.exits) <= set(EXITS)
        for example in page.examples:
            words = shlex.split(example.partition(" | ")[0].partition(" < ")[0])
            program, *rest = [word for word in words if word not in name.split()]
            assert (program, words[1 : 1 + len(name.split())]) == ("commetctl", name.split()), example
            command.make_context(name, rest, parent=context.parent)

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        every(runnable(click.Context(group, info_name="commetctl")), check, declaring.path_of)


def test_help_is_data_too(tmp_path: Path) -> None:
    """Of one command, of a group, of all; also of a command that writes no JSON otherwise."""
    whole = run(tmp_path, "help", "commands", "--format", "json", key=None)
    assert whole.document["commands"] == json.loads(json.dumps(found()))
    assert run(tmp_path, "--help", "--format", "json", key=None) == whole
    for name in ("plan", "packs purchase", "emulator"):
        one = run(tmp_path, *name.split(), "--help", "--format=json", key=None)
        assert one.document["commands"] == [ALL[name]]
        assert run(tmp_path, "help", *name.split(), "--format", "json", key=None) == one
    assert [item["name"] for item in run(tmp_path, "packs", "-h", "--format", "json").document["commands"]] == [
        "packs purchase"
    ]
    assert run(tmp_path, "help", "exit-codes", "--format", "json").document["topic"]["name"] == "exit-codes"
    assert "only with `--help`" in run(tmp_path, "emulator", "--format", "json").document["diagnostics"][0]["message"]
    assert json.loads(run(tmp_path, "schema", "--results", key=None).out)["properties"]["commands"]


def test_the_options_are_those_that_there_are(tmp_path: Path) -> None:
    (retries,) = (item for item in ALL["plan"]["options"] if item["names"] == ["--retries"])
    assert retries == {
        "names": ["--retries"],
        "group": "Connection",
        "help": "How often to repeat a request after a temporary failure.",
        "value": "N",
        "type": "integer",
        "least": 0,
        "most": 20,
        "default": "4",
        "env": None,
        "required": False,
        "repeatable": False,
        "does": [],
    }
    assert ALL["plan"]["does"] == ["reads"]
    assert ALL["plan"]["exit_codes"] == [0, 1, 2, 3, 4, 6, 64, 70, 130]
    short, long = (run(tmp_path, "plan", word, key=None).out for word in ("-h", "--help"))
    assert "\nWhat may happen:\n" in short
    assert "--retries" not in short
    assert "--retries" in long
    assert short.endswith("All of it: commetctl plan --help\n")
    assert long.endswith("\nDocs: docs/reference/cli.md#commetctl-plan, commetctl help exit-codes\n")
