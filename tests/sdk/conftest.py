"""Fixtures: emulator processes, and the official SDKs, each in one process of its own, that talk to them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from emulator.serving import emulator_server

ROOT = Path(__file__).parents[2]
DRIVER = Path(__file__).with_name("driver.py")


class SdkError(Exception):
    """What the SDK raised: its class, the code and the status that it saw."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(f"{error['class']}: {error['message']}")
        self.kind: str = error["class"]
        self.code: str | None = error["code"]
        self.status: int | None = error["status"]


class SdkProcess:
    """The driver with one version of the official SDK, spoken to over a pipe."""

    def __init__(self, version: str) -> None:
        self._target = ("", "")
        folder = ROOT / ".sdk" / version
        assert (folder / "commet").is_dir(), f"the official SDK {version} is not in {folder}; run `make sdks`"
        self.process = subprocess.Popen(
            [sys.executable, str(DRIVER)],
            env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def connect(self, url: str, key: str) -> None:
        """Make the SDK a client of this emulator, unless it is one already."""
        if self._target != (url, key):
            self.send("connect", url=url, key=key)
            self._target = (url, key)

    def send(self, action: str, **arguments: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({action: arguments}) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def close(self) -> None:
        self.process.communicate()


class Sdk:
    """One version of the official SDK as a client of one emulator; every answer is checked against the SDK's types."""

    def __init__(self, version: str, process: SdkProcess, url: str, key: str) -> None:
        self.version = version
        self.is_new = version.startswith("9.")
        self._process = process
        self._target = (url, key)

    def call(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        """The result of `resource.method`, without the old generation's wrapper; SdkError when the SDK raised."""
        resource, method = operation.split(".")
        self._process.connect(*self._target)
        outcome = self._process.send("call", resource=resource, method=method, args=args, kwargs=kwargs)
        if "error" in outcome:
            raise SdkError(outcome["error"])
        assert outcome["violations"] == [], f"{operation} answers what SDK {self.version} does not know"
        result = outcome["result"]
        if self.is_new:
            return result
        assert result["success"] is True
        return result["data"]

    def listed(self, operation: str, **kwargs: Any) -> list[dict[str, Any]]:
        result = self.call(operation, **kwargs)
        items: list[dict[str, Any]] = result["data"] if self.is_new else result
        return items

    def violations(self, name: str, value: Any) -> list[str]:
        """What the check that every answer passes through says about a value and a type of the SDK."""
        found: list[str] = self._process.send("check", name=name, value=value)["violations"]
        return found


MakeSdk = Callable[..., Sdk]


@pytest.fixture(scope="session")
def sdk_process() -> Iterator[Callable[[str], SdkProcess]]:
    """The driver of a version, started once."""
    processes: dict[str, SdkProcess] = {}

    def started(version: str) -> SdkProcess:
        if version not in processes:
            processes[version] = SdkProcess(version)
        return processes[version]

    yield started
    for process in processes.values():
        process.close()


@pytest.fixture
def make_sdk(sdk_process: Callable[[str], SdkProcess]) -> Iterator[MakeSdk]:
    """An SDK of a version against an emulator of its own, or against a given one."""
    with ExitStack() as stack:

        def make(version: str, *arguments: str, url: str | None = None, key: str = "ck_sandbox_test") -> Sdk:
            target = url or stack.enter_context(emulator_server(":memory:", *arguments)).url
            return Sdk(version, sdk_process(version), target, key)

        yield make


@pytest.fixture(params=["7.10.0", "9.7.0"])
def sdk(request: pytest.FixtureRequest, make_sdk: MakeSdk) -> Sdk:
    """Each version against an empty emulator."""
    return make_sdk(request.param)
