"""The configuration that `commet push` sends, in both of its forms, and everything that is wrong with it.

The released command line sends prices as `amount`, in rate scale. The form with `schemaVersion: 1` sends
`amountInCents`, accepts no other keys, and has rules that the older one lacks (github commet-labs/commet, pull request
203).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from commetctl.emulator.resources.features import CODE
from commetctl.emulator.validate import (
    INT32,
    Choice,
    Field,
    Flag,
    Integer,
    ListOf,
    Record,
    Report,
    Text,
    ValueKind,
    VersionChoice,
)
from commetctl.emulator.versions import CURRENT
from commetctl.emulator.wire import JsonObject

_UNKNOWN = "is not known to this operation"
_REMOVE, _RENAMED = "Remove the unknown field", "Use amountInCents with an integer (499 = $4.99)"


@dataclass(frozen=True)
class _MapOf:
    """An object whose keys are codes."""

    kind: ValueKind

    def read(self, value: object, at: str, report: Report) -> object:
        if not isinstance(value, dict):
            report.add(at, "must be an object")
            return value
        for code in value:
            CODE.read(code, f"{at}.{code}", report)
        return {code: self.kind.read(item, f"{at}.{code}", report) for code, item in value.items()}


@dataclass(frozen=True)
class _Included:
    """What a plan has of a feature: a boolean, or limits with a unit price of at least `low`."""

    low: int

    def read(self, value: object, at: str, report: Report) -> object:
        if isinstance(value, bool):
            return value
        overage = Record({"unitPrice": Field(Integer(low=self.low), required=True)})
        limits = Record({"included": Field(Integer()), "unlimited": Field(Flag()), "overage": Field(overage)})
        return limits.read(value, at, report)


_FEATURE = Record(
    {
        "name": Field(Text(low=1), required=True),
        "type": Field(Choice(("boolean", "usage", "seats", "quota")), required=True),
        "unitName": Field(Text(low=1)),
        "description": Field(Text()),
    }
)
_INTERVAL = VersionChoice("intervals")


def _plan(*, strict: bool) -> Record:
    amount = "amountInCents" if strict else "amount"
    price = {
        "interval": Field(_INTERVAL, required=True),
        amount: Field(Integer(), required=True),
        "trialDays": Field(Integer(high=INT32)),
    }
    return Record(
        {
            "name": Field(Text(low=1), required=True),
            "description": Field(Text()),
            "consumptionModel": Field(Choice(("metered", "credits", "balance"))),
            "defaultInterval": Field(_INTERVAL),
            "isFree": Field(Flag()),
            "isPublic": Field(Flag()),
            "sortOrder": Field(Integer(low=-INT32 - 1, high=INT32)),
            "prices": Field(ListOf(Record(price)), required=True),
            "features": Field(_MapOf(_Included(low=1 if strict else 0))),
        }
    )


def is_strict(config: JsonObject) -> bool:
    """Whether a configuration has the form with a schema version, which is applied as a whole or not at all."""
    return "schemaVersion" in config


def issues(config: JsonObject) -> list[JsonObject]:
    """Everything that is wrong with a configuration, as `code`, `path`, `expected` and `received`."""
    strict = is_strict(config)
    report = Report(CURRENT, reject_unknown=strict)
    fields = {
        "features": Field(_MapOf(_FEATURE), required=True),
        "plans": Field(_MapOf(_plan(strict=strict)), required=True),
    }
    Record({**fields, **({"schemaVersion": Field(Integer(low=1, high=1))} if strict else {})}).read(config, "", report)
    renamed = {at.rpartition(".")[0] for at, message in report.problems if _is_renamed(at, message)}
    found = [
        _issue(config, *_refusal(at, message))
        for at, message in report.problems
        if not (at.endswith(".amountInCents") and at.rpartition(".")[0] in renamed)
    ]
    if found or not strict:
        return found
    return [_issue(config, code, at, expected) for code, at, expected in _broken(config)]


def _is_renamed(at: str, message: str) -> bool:
    return message == _UNKNOWN and at.endswith(".amount")


def _refusal(at: str, message: str) -> tuple[str, str, str]:
    """The code, the place and the expectation of a problem."""
    if _is_renamed(at, message):
        return "config_price_field_renamed", at, _RENAMED
    return ("config_field_unknown", at, _REMOVE) if message == _UNKNOWN else ("config_invalid_value", at, message)


def _issue(config: JsonObject, code: str, at: str, expected: str) -> JsonObject:
    received: object = config
    for part in at.split("."):
        if isinstance(received, list):
            received = received[int(part)]
        else:
            received = received.get(part, "<missing>") if isinstance(received, dict) else "<missing>"
    path = re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", f"config.{at}")
    return {"code": code, "path": path, "expected": expected, "received": received}


def _broken(config: JsonObject) -> Iterator[tuple[str, str, str]]:
    """The rules of the strict form that a configuration breaks, each with its code and place."""
    for code, feature in config["features"].items():
        if feature["type"] == "boolean" and "unitName" in feature:
            yield "config_field_unknown", f"features.{code}.unitName", _REMOVE
    names: set[str] = set()
    for code, plan in config["plans"].items():
        at = f"plans.{code}"
        if plan["name"] in names:
            yield "duplicate_plan_name", f"{at}.name", "Plan names must be unique"
        names.add(plan["name"])
        yield from _broken_prices(plan, at)
        for feature, value in plan.get("features", {}).items():
            yield from _broken_feature(config["features"].get(feature), plan, value, at, f"{at}.features.{feature}")


def _broken_prices(plan: JsonObject, at: str) -> Iterator[tuple[str, str, str]]:
    prices, default = plan["prices"], plan.get("defaultInterval")
    intervals = [price["interval"] for price in prices]
    for index, price in enumerate(prices):
        if price["interval"] in intervals[:index]:
            place = f"{at}.prices.{index}.interval"
            yield "duplicate_price_interval", place, "Each billing interval can appear only once per plan"
        if price["interval"] == "one_time" and price.get("trialDays"):
            place = f"{at}.prices.{index}.trialDays"
            yield "one_time_trial_not_allowed", place, "One-time prices cannot have trial days"
    if plan.get("isFree") and prices:
        yield "free_plan_prices_not_allowed", f"{at}.prices", "Free plans cannot define prices"
    if prices and default is None:
        expected = "A default interval is required when prices are defined"
        yield "default_interval_required", f"{at}.defaultInterval", expected
    if default is not None and default not in intervals:
        expected = "The default interval must match one configured price"
        yield "default_interval_missing_price", f"{at}.defaultInterval", expected


def _broken_feature(
    feature: JsonObject | None, plan: JsonObject, value: object, at_plan: str, at: str
) -> Iterator[tuple[str, str, str]]:
    model = plan.get("consumptionModel")
    if feature is None:
        yield "feature_reference_missing", at, "The referenced feature must exist in config.features"
        return
    if feature["type"] == "usage" and not model:
        expected = "Plans with usage features must define a consumption model"
        yield "usage_feature_requires_consumption_model", f"{at_plan}.consumptionModel", expected
    if not isinstance(value, dict):
        return
    unlimited, overage = value.get("unlimited", False), "overage" in value
    if feature["type"] == "boolean":
        yield "boolean_feature_value_invalid", at, "Boolean features must use true or false"
    if unlimited and overage:
        expected = "Unlimited features cannot define overage pricing"
        yield "unlimited_feature_overage_not_allowed", f"{at}.overage", expected
    if unlimited and value.get("included"):
        expected = "Unlimited features cannot define an included amount"
        yield "unlimited_feature_included_not_allowed", f"{at}.included", expected
    if overage and model not in ("metered", "balance"):
        expected = "Overage pricing requires the metered or balance consumption model"
        yield "overage_consumption_model_invalid", f"{at}.overage", expected
    if overage and plan.get("isFree"):
        yield "free_plan_overage_not_allowed", f"{at}.overage", "Free plans cannot define overage pricing"
