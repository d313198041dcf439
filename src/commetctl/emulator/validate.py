"""Declarative validation of request bodies: kinds of values, fields, and a report of everything wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, Protocol

from commetctl.emulator.errors import Problem, invalid
from commetctl.emulator.versions import ApiVersion
from commetctl.emulator.wire import JsonObject, parse_time

SAFE_INTEGER = 2**53 - 1
INT32 = 2**31 - 1


@dataclass
class Report:
    """The problems found in a body so far, and the rules by which it is read."""

    version: ApiVersion
    reject_unknown: bool
    problems: list[Problem] = field(default_factory=list)

    def add(self, at: str, message: str) -> None:
        self.problems.append(Problem(at, message))


class ValueKind(Protocol):
    """A kind of value: gives the value as the emulator uses it, or reports what is wrong with it."""

    def read(self, value: object, at: str, report: Report) -> object: ...


@dataclass(frozen=True)
class Field:
    """One key of an object: its kind of value, whether it is required, and the API versions that have it."""

    kind: ValueKind
    required: bool = False
    nullable: bool = False
    since: str = ""
    until: str = ""

    def applies(self, version: ApiVersion) -> bool:
        return version.within(self.since, self.until)


Fields = Mapping[str, Field]


@dataclass(frozen=True)
class Text:
    """A string, optionally with a length or a pattern, and read in lower case."""

    low: int = 0
    high: int | None = None
    pattern: str | None = None
    lower: bool = False

    def read(self, value: object, at: str, report: Report) -> object:
        if not isinstance(value, str):
            report.add(at, "must be a string")
        elif any("\ud800" <= character <= "\udfff" for character in value):
            report.add(at, "must be valid Unicode")
        elif len(value) < self.low:
            report.add(at, f"must have at least {self.low} character(s)")
        elif self.high is not None and len(value) > self.high:
            report.add(at, f"must have at most {self.high} characters")
        elif self.pattern is not None and not re.fullmatch(self.pattern, value):
            report.add(at, f"must match ^{self.pattern}$")
        return value.lower() if self.lower and isinstance(value, str) else value


@dataclass(frozen=True)
class Integer:
    """A true JSON integer: neither a boolean nor a float that happens to be whole."""

    low: int = 0
    high: int = SAFE_INTEGER

    def read(self, value: object, at: str, report: Report) -> object:
        if type(value) is not int:
            report.add(at, "must be an integer")
        elif not self.low <= value <= self.high:
            report.add(at, f"must be between {self.low} and {self.high}")
        return value


@dataclass(frozen=True)
class Time:
    """An ISO 8601 date or time, in UTC when it names no zone; the bounds are our choice."""

    def read(self, value: object, at: str, report: Report) -> object:
        try:
            moment = parse_time(value) if isinstance(value, str) else None
        except ValueError:
            report.add(at, "must be an ISO 8601 date or time")
            return value
        if moment is None:
            report.add(at, "must be a string")
        elif not 2000 <= moment.year < 3000:
            report.add(at, "must be within this millennium")
        return moment


@dataclass(frozen=True)
class Flag:
    """A boolean."""

    def read(self, value: object, at: str, report: Report) -> object:
        if not isinstance(value, bool):
            report.add(at, "must be a boolean")
        return value


@dataclass(frozen=True)
class Choice:
    """One of a fixed set of strings."""

    values: tuple[str, ...]

    def read(self, value: object, at: str, report: Report) -> object:
        if value not in self.values:
            report.add(at, f"must be one of {', '.join(self.values)}")
        return value


@dataclass(frozen=True)
class VersionChoice:
    """One of a set of strings that depends on the request's API version."""

    name: Literal["intervals", "currencies", "durations"]

    def read(self, value: object, at: str, report: Report) -> object:
        values: tuple[str, ...] = getattr(report.version, self.name)
        return Choice(values).read(value, at, report)


@dataclass(frozen=True)
class Rate:
    """A positive decimal number; the bounds of its size and precision are our choice."""

    def read(self, value: object, at: str, report: Report) -> object:
        if type(value) is not int and not isinstance(value, Decimal):
            report.add(at, "must be a number")
            return value
        rate = Decimal(value)
        if not Decimal("1e-9") <= rate <= Decimal("1e9"):
            report.add(at, "must be greater than 0 and at most 1000000000")
        elif len(rate.as_tuple().digits) > 30:
            report.add(at, "must have at most 30 digits")
        return rate


@dataclass(frozen=True)
class FreeObject:
    """An object with any keys."""

    def read(self, value: object, at: str, report: Report) -> object:
        if not isinstance(value, dict):
            report.add(at, "must be an object")
        return value


@dataclass(frozen=True)
class ListOf:
    """A list of values of one kind, optionally of a length; `unique` names a key that no two of them may share."""

    kind: ValueKind
    unique: str = ""
    low: int = 0
    high: int | None = None

    def read(self, value: object, at: str, report: Report) -> object:
        if not isinstance(value, list):
            report.add(at, "must be an array")
            return value
        if len(value) < self.low:
            report.add(at, f"must have at least {self.low} item(s)")
        if self.high is not None and len(value) > self.high:
            report.add(at, f"must have at most {self.high} items")
        items = [self.kind.read(item, f"{at}.{index}", report) for index, item in enumerate(value)]
        keys = [item.get(self.unique) if isinstance(item, dict) else None for item in items] if self.unique else []
        for index, key in enumerate(keys):
            if isinstance(key, str) and key in keys[:index]:
                report.add(f"{at}.{index}.{self.unique}", "is listed twice")
        return items


@dataclass(frozen=True)
class Record:
    """An object with declared fields; other keys are dropped, or reported when unknown keys are rejected."""

    fields: Fields

    def read(self, value: object, at: str, report: Report) -> object:
        if not isinstance(value, dict):
            report.add(at, "must be an object")
            return value
        prefix = f"{at}." if at else ""
        declared = {name: item for name, item in self.fields.items() if item.applies(report.version)}
        if report.reject_unknown:
            for name in value.keys() - declared.keys():
                report.add(f"{prefix}{name}", "is not known to this operation")
        result: JsonObject = {}
        for name, item in declared.items():
            if name not in value:
                if item.required:
                    report.add(f"{prefix}{name}", "is required")
            elif value[name] is None and item.nullable:
                result[name] = None
            else:
                result[name] = item.kind.read(value[name], f"{prefix}{name}", report)
        return result


@dataclass(frozen=True)
class Union:
    """An object that has the fields of one of several variants, which the value of its key `by` names."""

    by: str
    variants: Mapping[str, Fields]

    def read(self, value: object, at: str, report: Report) -> object:
        name = value.get(self.by) if isinstance(value, dict) else None
        fields = self.variants.get(name, {}) if isinstance(name, str) else {}
        choice = Field(Choice(tuple(self.variants)), required=True)
        return Record({self.by: choice, **fields}).read(value, at, report)


def read_body(body: object, fields: Fields, version: ApiVersion, *, reject_unknown: bool) -> JsonObject:
    """The declared part of a body; a validation error that lists all problems when there are any."""
    report = Report(version, reject_unknown)
    result = Record(fields).read(body, "", report)
    if report.problems or not isinstance(result, dict):
        raise invalid(*report.problems)
    return result
