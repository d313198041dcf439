"""Drives the official SDK from standard input, one JSON line per call, and checks every raw answer against its types.

Run with the SDK's folder as PYTHONPATH. A line is one of

- `{"connect": {"url", "key"}}`: from now on a new client of that emulator;
- `{"call": {"resource", "method", "args", "kwargs"}}`: its outcome is `{"result"}` or `{"error"}`, with the API version
  that was asked for, and with `violations`, where the answer on the wire and the SDK's own types disagree;
- `{"check": {"value", "name"}}`: only the violations of a value against a type of the SDK.
"""

import dataclasses
import json
import sys
import types
import typing
from collections.abc import Callable
from enum import Enum
from typing import Any

import httpx

# The SDKs are outside the environment that is type-checked: two versions, each unpacked in a folder of its own.
from commet import types as sdk_types  # type: ignore[import-not-found]
from commet.client import Commet  # type: ignore[import-not-found]

# Dataclasses give all their fields defaults, so which ones an answer must have has three sources: the metadata of the
# fields since SDK 9.4.0; before it, which has none, everything but these; and before 6.0.0, where one type stands for
# several answers, nothing.
OPTIONAL_BEFORE_9_4 = {
    ("PlanRegionalPricingOverridesItem", "included_balance"),
    ("SubscriptionFeaturesItem", "usage"),
}
# The last page of a list has none.
NEXT_CURSOR = "next_cursor"
# The types of SDKs before 6.0.0 were written by hand, without this parser.
WRITTEN_BY_HAND = not hasattr(sdk_types, "_parse")
# Fields that the SDK types as "T or None" only because every field needs a default, although null is not an answer.
NEVER_NULL = frozenset({"object", "deleted", "removed", "overrides", "data"})

PAGING = frozenset({"hasMore", "nextCursor"})

# What a method returns is in its annotation, but the list and dict methods of the old generation wrap it.
_NAMESPACE = vars(sdk_types)


def wire_name(field: "dataclasses.Field[Any]") -> str:
    if "wire_name" in field.metadata:
        return str(field.metadata["wire_name"])
    first, *rest = field.name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def is_required(owner: type, field: "dataclasses.Field[Any]") -> bool:
    if "required" in field.metadata:
        return bool(field.metadata["required"])
    is_optional = field.name == NEXT_CURSOR or (owner.__name__, field.name) in OPTIONAL_BEFORE_9_4
    return not WRITTEN_BY_HAND and not is_optional


def check(value: Any, annotation: Any, at: str) -> list[str]:
    """Where a raw JSON value and a type of the SDK disagree."""
    origin, options = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation in (Any, None):
        # Some methods of the SDKs before 6.0.0 say that they return nothing, whatever the answer is.
        return []
    if origin in (typing.Union, types.UnionType):
        return check_union(value, options, at)
    if origin is typing.Literal:
        return (
            [] if value in options and type(value) in map(type, options) else [f"{at}: {value!r} is not in {options}"]
        )
    if origin is list:
        if not isinstance(value, list):
            return [f"{at}: {value!r} is not a list"]
        return [problem for index, item in enumerate(value) for problem in check(item, options[0], f"{at}[{index}]")]
    if origin is dict:
        return [] if isinstance(value, dict) else [f"{at}: {value!r} is not an object"]
    if dataclasses.is_dataclass(annotation) and isinstance(annotation, type):
        return check_object(value, annotation, at)
    return check_scalar(value, annotation, at)


def check_union(value: Any, options: tuple[Any, ...], at: str) -> list[str]:
    """The closest alternative decides; a null is right wherever the union has one."""
    if value is None:
        return [] if type(None) in options else [f"{at}: null"]
    return min((check(value, option, at) for option in options if option is not type(None)), key=len)


def check_scalar(value: Any, annotation: Any, at: str) -> list[str]:
    if issubclass(annotation, Enum):
        known = [member.value for member in annotation]
        if WRITTEN_BY_HAND and annotation.__name__ == "Currency":
            # In capitals there, while the examples of the API have them in lower case.
            known = [code.lower() for code in known]
        return [] if value in known else [f"{at}: {value!r} is not in {known}"]
    # bool is an int and an int is a float only to Python.
    allowed = (int, float) if annotation is float else (annotation,)
    return [] if type(value) in allowed else [f"{at}: {value!r} is not of type {annotation.__name__}"]


def check_object(value: Any, owner: type, at: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{at}: {value!r} is not an object"]
    hints = typing.get_type_hints(owner, _NAMESPACE)
    fields = {wire_name(field): field for field in dataclasses.fields(owner)}
    problems = [f"{at}.{name}: not a field of {owner.__name__}" for name in value if name not in fields]
    for name, field in fields.items():
        if name not in value:
            problems += [f"{at}.{name}: missing"] if is_required(owner, field) else []
        elif value[name] is None and field.name in NEVER_NULL:
            problems.append(f"{at}.{name}: null")
        else:
            problems += check(value[name], hints[field.name], f"{at}.{name}")
    return problems


def answer_type(method: Any) -> Any:
    """What a method says it returns, without the envelope of the old generation."""
    text = str(method.__annotations__["return"])
    if text.startswith("ApiResponse["):
        text = text.removeprefix("ApiResponse[").removesuffix("]")
    return eval(text, dict(_NAMESPACE))  # noqa: S307 - an annotation of the SDK


def plain(value: Any) -> Any:
    """A result of the SDK as JSON."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


class Driver:
    """An SDK client whose raw answers are kept."""

    def __init__(self) -> None:
        self.client: Commet | None = None
        self.raw: Any = None
        self.version: str | None = None

    def connect(self, url: str, key: str) -> dict[str, Any]:
        if self.client is not None:
            self.client.close()
        self.client = Commet(key, retries=0)
        http = self.client._http._client
        http.base_url = httpx.URL(f"{url}/api/v1")
        http.event_hooks = {"response": [self._keep]}
        return {}

    def check(self, value: Any, name: str) -> dict[str, Any]:
        return {"violations": check(value, _NAMESPACE[name], name)}

    def _keep(self, response: httpx.Response) -> None:
        response.read()
        self.raw = response.json()
        self.version = response.request.headers.get("commet-version")

    def call(self, resource: str, method: str, args: list[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
        function = getattr(getattr(self.client, resource), method)
        try:
            result = function(*args, **kwargs)
        except Exception as error:
            status = getattr(error, "status_code", None)
            code = getattr(error, "code", None)
            outcome = {"class": type(error).__name__, "code": code, "status": status, "message": str(error)}
            return {"error": outcome, "version": self.version}
        return {"result": plain(result), "violations": self._violations(function), "version": self.version}

    def _violations(self, function: Any) -> list[str]:
        payload, problems = self.raw, []
        if "ApiResponse" in str(function.__annotations__["return"]):
            problems = [f"envelope: {name}" for name in self.raw.keys() ^ {"success", "data"} if name not in PAGING]
            payload = self.raw.get("data")
        if WRITTEN_BY_HAND and payload is None:
            # The types have no null, and the parser lets it pass: no customer has to have a subscription.
            return problems
        return problems + check(payload, answer_type(function), "answer")


def main() -> None:
    driver = Driver()
    actions: dict[str, Callable[..., dict[str, Any]]] = {
        "connect": driver.connect,
        "call": driver.call,
        "check": driver.check,
    }
    for line in sys.stdin:
        ((action, arguments),) = json.loads(line).items()
        print(json.dumps(actions[action](**arguments)), flush=True)  # noqa: T201 - standard output is the protocol


main()
