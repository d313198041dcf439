"""Declarative validation of request bodies: kinds of values, fields, and a report of everything wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, Protocol

from commetctl.emulator.errors import Problem, invalid
from commetctl.emulator.versions import Contract, Generation

SAFE_INTEGER = 2**53 - 1
INT32 = 2**31 - 1


@dataclass
class Report:
    """What is wrong with a body so far, and by which rules it is read."""

    contract: Contract
    reject_unknown: bool
    problems: list[Problem] = field(default_factory=list)

    def add(self, at: str, message: str) -> None:
        self.problems.append(Problem(at, message))


class Kind(Protocol):
    """A kind of value: reads one, or reports why it is not one."""

    def read(self, value: Any, at: str, report: Report) -> Any: ...


@dataclass(frozen=True)
class Field:
    """One key of an object: its kind, whether it must be sent, and where it exists."""

    kind: Kind
    required: bool = False
    nullable: bool = False
    only: Generation | None = None

    def applies(self, contract: Contract) -> bool:
        return self.only in (None, contract.generation)


Fields = Mapping[str, Field]


@dataclass(frozen=True)
class Text:
    """A string, optionally of bounded length or of one pattern."""

    low: int = 0
    high: int | None = None
    pattern: str | None = None

    def read(self, value: Any, at: str, report: Report) -> Any:
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
        return value


@dataclass(frozen=True)
class Integer:
    """A true JSON integer: neither a boolean nor a float that happens to be whole."""

    low: int = 0
    high: int = SAFE_INTEGER

    def read(self, value: Any, at: str, report: Report) -> Any:
        if type(value) is not int:
            report.add(at, "must be an integer")
        elif not self.low <= value <= self.high:
            report.add(at, f"must be between {self.low} and {self.high}")
        return value


@dataclass(frozen=True)
class Flag:
    """A boolean."""

    def read(self, value: Any, at: str, report: Report) -> Any:
        if not isinstance(value, bool):
            report.add(at, "must be a boolean")
        return value


@dataclass(frozen=True)
class Choice:
    """One of a fixed set of strings."""

    values: tuple[str, ...]

    def read(self, value: Any, at: str, report: Report) -> Any:
        if value not in self.values:
            report.add(at, f"must be one of {', '.join(self.values)}")
        return value


@dataclass(frozen=True)
class VersionChoice:
    """One of a set of strings that the request's API version decides."""

    name: Literal["intervals", "currencies"]

    def read(self, value: Any, at: str, report: Report) -> Any:
        values: tuple[str, ...] = getattr(report.contract, self.name)
        return Choice(values).read(value, at, report)


@dataclass(frozen=True)
class Rate:
    """A positive decimal number of sane size and precision; the bounds are our choice."""

    def read(self, value: Any, at: str, report: Report) -> Any:
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
    """An object whose keys are the caller's own."""

    def read(self, value: Any, at: str, report: Report) -> Any:
        if not isinstance(value, dict):
            report.add(at, "must be an object")
        return value


@dataclass(frozen=True)
class ListOf:
    """A list of one kind."""

    kind: Kind

    def read(self, value: Any, at: str, report: Report) -> Any:
        if not isinstance(value, list):
            report.add(at, "must be an array")
            return value
        return [self.kind.read(item, f"{at}.{index}", report) for index, item in enumerate(value)]


@dataclass(frozen=True)
class Record:
    """An object with declared fields; other keys are stripped, or reported in the strict mode."""

    fields: Fields

    def read(self, value: Any, at: str, report: Report) -> Any:
        if not isinstance(value, dict):
            report.add(at, "must be an object")
            return value
        prefix = f"{at}." if at else ""
        declared = {name: item for name, item in self.fields.items() if item.applies(report.contract)}
        if report.reject_unknown:
            for name in value.keys() - declared.keys():
                report.add(f"{prefix}{name}", "is not known to this operation")
        result: dict[str, Any] = {}
        for name, item in declared.items():
            if name in value:
                result[name] = _read_field(item, value[name], f"{prefix}{name}", report)
            elif item.required:
                report.add(f"{prefix}{name}", "is required")
        return result


def _read_field(item: Field, value: Any, at: str, report: Report) -> Any:
    if value is None and item.nullable:
        return None
    return item.kind.read(value, at, report)


def read_body(body: object, fields: Fields, contract: Contract, *, reject_unknown: bool) -> dict[str, Any]:
    """The declared part of a body; a validation error that lists all problems when there are any."""
    report = Report(contract, reject_unknown)
    result: dict[str, Any] = Record(fields).read(body, "", report)
    if report.problems:
        raise invalid(*report.problems)
    return result
