"""A runner for action.yml: its steps in order, each with the environment that GitHub would set, and what it would see.

Only expressions of the forms that action.yml uses are known; anything else is an error.
"""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from ci.serving import Service

ROOT = Path(__file__).parents[2]
TIMEOUT = 90


def document(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text("utf-8"))


ACTION: dict[str, Any] = document(ROOT / "action.yml")


@dataclass
class Ran:
    """What a job that used the action left behind."""

    code: int = 0
    log: str = ""
    summary: str = ""
    #: Commands in the log that the runner would carry out, as `error title=…::…`.
    commands: list[str] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
    uploads: list[tuple[str, Path]] = field(default_factory=list)


@dataclass
class Job:
    """One use of the action."""

    inputs: Mapping[str, str]
    env: Mapping[str, str]
    token: str
    temp: Path
    #: Whether uploading works.
    uploads: bool = True
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)

    def run(self) -> Ran:
        """Every step, until one fails; after that those that always run."""
        ran, failed = Ran(), False
        self.values = {name: self._default(item) for name, item in ACTION["inputs"].items()} | dict(self.inputs)
        assert set(self.inputs) <= set(ACTION["inputs"])
        for step in ACTION["runs"]["steps"]:
            condition = step.get("if", "")
            self.steps[step["id"]] = {"outputs": {}, "outcome": "skipped"}
            if (failed and "always()" not in condition) or not self._holds(condition):
                continue
            code = self._uploaded(step, ran) if "uses" in step else self._script(step, ran)
            self.steps[step["id"]]["outcome"] = "failure" if code else "success"
            if code and not failed:
                failed, ran.code = True, code
        ran.outputs = {name: self._value(item["value"]) for name, item in ACTION["outputs"].items()}
        return ran

    def _default(self, item: Mapping[str, Any]) -> str:
        return self._value(item.get("default", ""))

    def _value(self, text: str) -> str:
        """A text that is one expression, or none."""
        found = re.fullmatch(r"\$\{\{ (.+) \}\}", text)
        assert found or "${{" not in text, text
        return self._expression(found[1]) if found else text

    def _expression(self, text: str) -> str:
        match text.split("."):
            case ["github", "token"]:
                return self.token
            case ["inputs", name]:
                return self.values[name]
            case ["steps", step, "outputs", name]:
                return str(self.steps.get(step, {"outputs": {}})["outputs"].get(name, ""))
            case ["steps", step, "outcome"]:
                return str(self.steps[step]["outcome"])
            case _:
                raise AssertionError(f"an expression that the test's runner does not know: {text}")

    def _holds(self, condition: str) -> bool:
        for term in condition.split(" && ") if condition else ():
            if term != "always()":
                left, sign, right = term.split(" ")
                assert sign in ("==", "!=")
                if (self._expression(left) == right.strip("'")) is not (sign == "=="):
                    return False
        return True

    def _uploaded(self, step: Mapping[str, Any], ran: Ran) -> int:
        assert step["uses"].startswith("actions/upload-artifact@")
        assert step["with"]["overwrite"] is True
        file = Path(self._value(step["with"]["path"]))
        assert file.is_file()
        if self.uploads:
            ran.uploads.append((self._value(step["with"]["name"]), file))
        return 0 if self.uploads else 1

    def _script(self, step: Mapping[str, Any], ran: Ran) -> int:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"], "nothing is written into a script"
        script, output, summary = (self.temp / name for name in ("script.sh", "output", "summary"))
        script.write_text(step["run"], encoding="utf-8")
        output.write_text("", encoding="utf-8")
        files = {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_ACTION_PATH": str(ROOT)}
        given = {name: self._value(str(text)) for name, text in step["env"].items()}
        ended = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=self.env["GITHUB_WORKSPACE"],
            env={**self.env, **files, **given},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=TIMEOUT,
            check=False,
        )
        ran.log += ended.stdout + ended.stderr
        ran.commands += list(commands(ended.stdout + ended.stderr))
        self.steps[step["id"]]["outputs"] = outputs(output.read_text("utf-8"))
        ran.summary = summary.read_text("utf-8") if summary.exists() else ""
        return ended.returncode


def commands(log: str) -> list[str]:
    """The commands in a log, as the runner reads it."""
    found, stopped = [], ""
    for line in re.split(r"\r\n|\r|\n", log):
        text = line.lstrip()
        if stopped:
            stopped = "" if text == f"::{stopped}::" else stopped
        elif text.startswith("::stop-commands::"):
            stopped = text.removeprefix("::stop-commands::")
        elif re.match(r"::[\w-]+[ :]", text) or "##[" in line:
            found.append(text.removeprefix("::"))
    assert not stopped
    return found


def outputs(text: str) -> dict[str, str]:
    """The outputs of a step, as the runner reads its file."""
    found: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        name, equals, value = line.partition("=")
        assert equals, f"not an output: {line}"
        assert "<<" not in name, f"not one line: {line}"
        found[name] = value
    return found


def nothing_strange(*services: Service) -> None:
    for service in services:
        assert not service.strange
