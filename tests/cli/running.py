"""Runs commetctl in a folder, with nothing of Commet in its environment: in this process, or in one of its own."""

import json
import os
import ssl
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import click
import httpx
from jsonschema import Draft202012Validator

from cli.inside import inside
from commetctl.cli import group
from commetctl.cli.declaring import OF_ALL, page_of
from commetctl.core.exits import DONE
from commetctl.render.json_output import schema

KEY = "ck_sandbox_N0body0ughtT0SeeThis"
TIMEOUT = 60
#: For requests to this machine: httpx would read all certificates for each.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

YAML = """\
version: 1
features:
  calls: {name: Calls, type: usage}
"""


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on stdout, as its schema describes it."""
        found: dict[str, Any] = json.loads(self.out)
        Draft202012Validator(schema()).validate(found)
        assert found["exit_code"] == self.code
        assert found["ok"] is (self.code in (0, 2))
        return found

    @property
    def errors(self) -> list[str]:
        """The codes of the errors in the document."""
        return [item["code"] for item in self.document["diagnostics"] if item["severity"] == "error"]


#: What the heading of a plan says in place of the time: 2026-11-24 12:00 UTC.
NOON = "1795521600"


def environment(key: str | None = KEY, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment that says nothing of Commet, colour or proxies but what is given."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    kept["SOURCE_DATE_EPOCH"] = NOON
    return kept | ({"COMMET_API_KEY": key} if key is not None else {}) | dict(extra or {})


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "commetctl", *arguments]


def run(
    folder: Path, *arguments: str, key: str | None = KEY, env: Mapping[str, str] | None = None, stdin: str = ""
) -> Ended:
    """Run to the end in this process, without a terminal: what costs little, and is all that most tests need."""
    ended = Ended(*inside(folder, arguments, environment(key, env), stdin, TIMEOUT))
    known = exit_codes(*arguments[:2])
    assert ended.code in known, f"{arguments[0]} declares to exit with {sorted(known)} and not with {ended.code}"
    return ended


@cache
def exit_codes(*words: str) -> set[int]:
    """The exit codes that a command declares: every test that runs one holds it to that."""
    command: click.Command | None = group
    declared = {DONE, *OF_ALL}
    for word in words:
        command = command.get_command(click.Context(command), word) if isinstance(command, click.Group) else None
        declared |= {*page_of(command).exits} if command else set()
    return declared


def started(
    folder: Path, *arguments: str, key: str | None = KEY, env: Mapping[str, str] | None = None, stdin: str = ""
) -> Ended:
    """The same in a process of its own, for tests with the marker `process`."""
    ended = subprocess.run(
        command(*arguments),
        cwd=folder,
        env=environment(key, env),
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=TIMEOUT,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def write(folder: Path, yaml: str = YAML) -> Path:
    """The catalog in its usual place."""
    file = folder / "commet.yaml"
    file.write_text(yaml, encoding="utf-8")
    return file


def git(folder: Path, *words: str) -> None:
    """Run git in a folder, whatever this machine has configured."""
    names = ("-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *names, *words], cwd=folder, check=True, capture_output=True)


def rows(url: str, path: str, key: str = KEY) -> list[dict[str, Any]]:
    """A list of the API, as another tool reads it."""
    headers = {"x-api-key": key, "Commet-Version": "2026-08-27"}
    response = httpx.get(f"{url}/api/v1{path}", headers=headers, verify=NO_TLS).raise_for_status()
    found: list[dict[str, Any]] = response.json()["data"]
    return found


def send(url: str, method: str, path: str, body: Any = None, key: str = KEY) -> dict[str, Any]:
    """A raw write, as the dashboard makes it."""
    headers = {"x-api-key": key, "Commet-Version": "2026-08-27"}
    response = httpx.request(
        method, f"{url}/api/v1{path}", json=body, headers=headers, verify=NO_TLS
    ).raise_for_status()
    found: dict[str, Any] = response.json()
    return found
