"""Kinds of values: what each one accepts, and its messages."""

from decimal import Decimal
from typing import Any

import pytest

from commetctl.emulator.errors import ApiError
from commetctl.emulator.validate import (
    Choice,
    Field,
    Flag,
    FreeObject,
    Integer,
    ListOf,
    Rate,
    Record,
    Report,
    Text,
    ValueKind,
    VersionChoice,
    read_body,
)
from commetctl.emulator.versions import LAST_OLD, VERSIONS

NEW, OLD = VERSIONS["2026-08-27"], VERSIONS["2026-07-11"]


def problem(kind: ValueKind, value: Any) -> str | None:
    report = Report(NEW, reject_unknown=False)
    kind.read(value, "x", report)
    return report.problems[0].message if report.problems else None


@pytest.mark.parametrize("value", [True, 49.0, Decimal("49.0"), "49", None, [], 2**53, -1])
def test_integers_are_true_integers_in_range(value: Any) -> None:
    assert problem(Integer(), value) is not None


@pytest.mark.parametrize("value", [0, 1, 2**53 - 1])
def test_safe_integers_pass(value: int) -> None:
    assert problem(Integer(), value) is None


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (Text(), 1, "must be a string"),
        (Text(), "\ud800", "must be valid Unicode"),
        (Text(low=1), "", "must have at least 1 character(s)"),
        (Text(high=2), "abc", "must have at most 2 characters"),
        (Text(pattern="[a-z]+"), "a\n", "must match ^[a-z]+$"),
        (Flag(), 1, "must be a boolean"),
        (Choice(("a", "b")), "c", "must be one of a, b"),
        (Choice(("a",)), ["a"], "must be one of a"),
        (FreeObject(), [], "must be an object"),
        (ListOf(Flag()), {}, "must be an array"),
        (ListOf(Flag()), [True, 0], "must be a boolean"),
        (Record({"y": Field(Flag(), required=True)}), {}, "is required"),
        (Record({}), 1, "must be an object"),
        (Rate(), "5", "must be a number"),
        (Rate(), True, "must be a number"),
        (Rate(), 0, "must be greater than 0 and at most 1000000000"),
        (Rate(), Decimal("1e400"), "must be greater than 0 and at most 1000000000"),
        (Rate(), Decimal("1." + "1" * 30), "must have at most 30 digits"),
        (VersionChoice("currencies"), "EUR", f"must be one of {', '.join(NEW.currencies)}"),
    ],
)
def test_messages(kind: ValueKind, value: Any, message: str) -> None:
    assert problem(kind, value) == message


def test_null_passes_only_where_it_is_allowed() -> None:
    fields = {"a": Field(Text()), "b": Field(Text(), nullable=True)}
    assert read_body({"b": None}, fields, NEW, reject_unknown=False) == {"b": None}
    with pytest.raises(ApiError) as refusal:
        read_body({"a": None}, fields, NEW, reject_unknown=False)
    assert refusal.value.body["param"] == "a"


def test_a_field_of_one_generation_is_unknown_in_the_other() -> None:
    fields = {"a": Field(Flag(), until=LAST_OLD)}
    assert read_body({"a": True}, fields, OLD, reject_unknown=True) == {"a": True}
    assert read_body({"a": True}, fields, NEW, reject_unknown=False) == {}
    with pytest.raises(ApiError):
        read_body({"a": True}, fields, NEW, reject_unknown=True)
