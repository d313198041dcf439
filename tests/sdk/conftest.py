"""Fixtures: emulator processes, and the official SDKs, each in one process of its own, that talk to them."""

import json
import os
import re
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
#: The official SDKs, those for Node with a prefix, and the API version that each is pinned to.
PINS = {
    "5.3.0": "2026-05-25",
    "5.5.0": "2026-05-25",
    "6.0.0": "2026-06-07",
    "7.5.0": "2026-06-23",
    "7.10.0": "2026-07-11",
    "8.0.1": "2026-07-24",
    "9.0.0": "2026-07-31",
    "9.4.0": "2026-08-27",
    "9.7.0": "2026-08-27",
    "node-5.5.1": "2026-05-25",
    "node-7.7.0": "2026-07-11",
    "node-7.10.0": "2026-07-11",
}


class SdkError(Exception):
    """What the SDK raised: its class, the code and the status that it saw."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(f"{error['class']}: {error['message']}")
        self.kind: str = error["class"]
        self.code: str | None = error["code"]
        self.status: int | None = error["status"]


def driver(version: str) -> tuple[list[str], dict[str, str]]:
    """The command that drives an SDK, and what it adds to the environment."""
    language, _, number = version.rpartition("-")
    if language == "node":
        module = ROOT / ".sdk" / "node" / "node_modules" / f"commet-{number}" / "dist" / "index.mjs"
        assert module.is_file(), f"{module} is missing; run `make .sdk/node/ready`"
        return ["node", str(DRIVER.with_suffix(".mjs")), str(module)], {}
    folder = ROOT / ".sdk" / version
    assert (folder / "commet").is_dir(), f"the official SDK {version} is not in {folder}; run `make sdks`"
    return [sys.executable, str(DRIVER)], {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}


class SdkProcess:
    """The driver with one version of the official SDK, spoken to over a pipe."""

    def __init__(self, version: str) -> None:
        self._target = ("", "")
        command, environment = driver(version)
        self.process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
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
        self.pin = PINS[version]
        self.is_new = self.pin >= "2026-07-24"
        #: The API version that the last call asked for.
        self.asked: str | None = None
        self._process = process
        self.url = url
        self._target = (url, key)

    def call(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        """The result of `resource.method`, without the old generation's wrapper; SdkError when the SDK raised."""
        result = self._result(operation, *args, **kwargs)
        if self._is_node or self.is_new:
            return result
        assert result["success"] is True
        return result["data"]

    def _result(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        self._process.connect(*self._target)
        outcome = self._process.send("call", **self._spelled(operation, args, kwargs))
        self.asked = outcome["version"]
        if "error" in outcome:
            raise SdkError(outcome["error"])
        assert outcome["violations"] == [], f"{operation} answers what SDK {self.version} does not know"
        result = outcome["result"]
        return spelled(result, snake) if self._is_node else result

    @property
    def _is_node(self) -> bool:
        return self.version.startswith("node-")

    def _spelled(self, operation: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """A call as the driver takes it: in Node in camel case, and with the parts of a path as parameters too."""
        resource, method = operation.split(".")
        if not self._is_node:
            return {"resource": resource, "method": method, "args": args, "kwargs": kwargs}
        part = method.partition("_")[2]
        is_part = resource == "plans" and part not in ("", "visibility")
        owner = "plan_id" if is_part and self.pin < "2026-06-07" else "id"
        names = ["code" if resource == "features" else owner, "feature_id" if part == "feature" else "price_id"]
        named = {**dict(zip(names, args, strict=False)), **kwargs}
        return {"resource": camel(resource), "method": camel(method), "args": [], "kwargs": spelled(named, camel)}

    def listed(self, operation: str, **kwargs: Any) -> list[dict[str, Any]]:
        result = self.call(operation, **kwargs)
        items: list[dict[str, Any]] = result["data"] if self.is_new else result
        return items

    def page(self, operation: str, **kwargs: Any) -> tuple[list[dict[str, Any]], str | None]:
        """A page of a list, and the cursor of the next one; the SDKs for Node are not asked."""
        result = self._result(operation, **kwargs)
        assert result["has_more"] is (result["next_cursor"] is not None)
        return result["data"], result["next_cursor"]

    def violations(self, name: str, value: Any) -> list[str]:
        """What the check that every answer passes through says about a value and a type of the SDK."""
        found: list[str] = self._process.send("check", name=name, value=value)["violations"]
        return found


MakeSdk = Callable[..., Sdk]


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def snake(name: str) -> str:
    return re.sub("([A-Z])", r"_\1", name).lower()


def spelled(value: Any, spell: Callable[[str], str]) -> Any:
    """A value of JSON with every key spelled in another way."""
    if isinstance(value, dict):
        return {spell(key): spelled(item, spell) for key, item in value.items()}
    return [spelled(item, spell) for item in value] if isinstance(value, list) else value


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
