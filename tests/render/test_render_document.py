"""A changeset as data: amounts as text, nothing lost, and a schema that fits every part."""

import json
from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from commetctl.core.call import ApiCall, Ref, Step
from commetctl.core.change import Applied, Create, Failed, FieldChange, Skipped, Update
from commetctl.core.changeset import Blocked, Changeset, Notice
from commetctl.core.errors import ApiError, InvalidCatalog, Problem
from commetctl.core.money import Derived, Money, UnitPrice
from commetctl.core.resource import ABSENT, UNKNOWN, Address, Origin, Resource, ResourceSet, Value
from commetctl.render import json_output as document
from commetctl.review.review import Review

PLAN, PRICE = Address("plan", "pro"), Address("plan_price", "pro/monthly")


def planned(change: Create | Update, *blocked: Blocked, note: str = "") -> dict[str, Any]:
    """The document of one change that waits for the plan, held against the schema."""
    call = ApiCall("POST", ("plans", Ref(PLAN), "prices"), {"price": 4900}, creates=change.address)
    steps = (
        Step("first", (PLAN,), (ApiCall("POST", ("plans",), {"code": "pro"}, creates=PLAN),)),
        Step("second", (change.address,), (call,), note=note),
    )
    changes = Changeset(
        (change,), steps, {"first": frozenset(), "second": frozenset({"first"})}, blocked,
        unmanaged=(Address("feature", "old"),),
    )  # fmt: skip
    desired = ResourceSet([change.after])
    found = document.plan_document(Review(changes), desired)
    whole = document.envelope("plan", 0, [], plan=found)
    Draft202012Validator(document.schema()).validate(json.loads(json.dumps(whole)))
    return found


def field(before: Value, after: Value) -> dict[str, Any]:
    """One field of an update, as data."""
    was, becomes = (Resource(PRICE, {"x": value}) for value in (before, after))
    (found,) = planned(Update(was, becomes, (FieldChange("x", before, after),)))["changes"][0]["fields"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("before", "after", "data"),
    [
        (Money(Decimal(49)), Money(Decimal("59.5")), {"before": "49.00", "after": "59.50", "currency": "usd"}),
        (Money(Decimal(7200), "jpy"), None, {"before": "7200", "after": None, "currency": "jpy"}),
        (ABSENT, UnitPrice(Decimal("0.002")), {"before": None, "after": "0.002", "currency": "usd"}),
        (
            Derived(Money(Decimal(45), "eur")), Money(Decimal(46), "eur"),
            {"before": {"derived": True, "about": "45.00"}, "after": "46.00", "currency": "eur"},
        ),
        (UNKNOWN, Decimal("5.20"), {"before": {"unknown": True}, "after": "5.2"}),
        (Decimal("1E+3"), Decimal("0.0001"), {"before": "1000", "after": "0.0001"}),
        (False, 0, {"before": False, "after": 0}),
        ("", None, {"before": "", "after": None}),
    ],
)  # fmt: skip
def test_each_kind_of_value_is_data_that_keeps_its_meaning(before: Value, after: Value, data: dict[str, Any]) -> None:
    assert field(before, after) == {"path": "x", **data}


def test_a_new_object_lists_what_it_says_with_its_metadata_place_and_requests() -> None:
    fields: dict[str, Value] = {"price": Money(Decimal(49)), "metadata": {"tier": "2", "n": 7}, "trial_days": 0}
    after = Resource(PRICE, fields, origin=Origin("commet.yaml", 31, 9))
    (change,) = planned(Create(after), note="later")["changes"]
    assert change == {
        "address": "plan_price.pro/monthly",
        "action": "create",
        "origin": "commet.yaml:31:9",
        "fields": [
            {"path": "price", "before": None, "after": "49.00", "currency": "usd"},
            {"path": "metadata", "before": None, "after": {"tier": "2", "n": 7}},
        ],
        "effects": [],
        "depends_on": ["plan.pro"],
        "requests": [{"method": "POST", "path": "/plans/{plan.pro}/prices", "body": {"price": 4900}}],
        "notes": ["later"],
    }


def test_what_is_blocked_and_unmanaged_is_counted_and_listed() -> None:
    change = Update(Resource(PLAN, {"x": 1}), Resource(PLAN, {"x": 2}), (FieldChange("x", 1, 2),))
    found = planned(Create(Resource(PRICE, {"price": Money(Decimal(1))})), Blocked(change, "because", "do this"))
    assert found["summary"] == {"create": 1, "update": 0, "delete": 0, "blocked": 1, "unmanaged": 1}
    assert found["blocked"] == [
        {
            "address": "plan.pro",
            "action": "update",
            "fields": [{"path": "x", "before": 1, "after": 2}],
            "reason": "because",
            "hint": "do this",
        }
    ]
    assert found["unmanaged"] == ["feature.old"]


def test_the_id_of_a_plan_changes_with_what_it_would_do_and_not_otherwise() -> None:
    def of(amount: str) -> str:
        return str(planned(Create(Resource(PRICE, {"price": Money(Decimal(amount))})))["id"])

    assert of("49") == of("49.00")
    assert of("49") != of("59")


def test_outcomes_and_diagnostics_keep_what_a_program_needs() -> None:
    change = Create(Resource(PRICE, {}))
    error = ApiError("no", "hint", code="duplicate", status=409, request_id="req_1", doc_url="https://x.invalid")
    error.address = str(PRICE)
    failed = document.outcome_document(Failed(change, error))
    head = {"address": str(PRICE), "action": "create"}
    assert failed["error"] == {
        "severity": "error", "code": "duplicate", "message": "no", "hint": "hint", "address": str(PRICE),
        "status": 409, "request_id": "req_1", "doc_url": "https://x.invalid",
    }  # fmt: skip
    assert document.outcome_document(Applied(change)) == head | {"outcome": "applied", "error": None}
    skipped = document.outcome_document(Skipped(change, "why"))
    assert skipped["error"] == {"code": "skipped", "message": "why"}
    problems = [Problem("bad", "wrong", "mend", Origin("c.yaml", 2, 3), "plan.pro"), Problem("worse", "broken")]
    diagnostics = document.diagnostics_of(InvalidCatalog("c.yaml", problems))
    assert diagnostics == [
        {"severity": "error", "code": "bad", "message": "wrong", "hint": "mend", "address": "plan.pro",
         "file": "c.yaml", "line": 2, "column": 3},
        {"severity": "error", "code": "worse", "message": "broken", "hint": ""},
    ]  # fmt: skip
    notice = document.notice_document(Notice("rate", "cannot be compared", "", PLAN))
    assert notice == {
        "severity": "info", "code": "rate", "message": "cannot be compared", "hint": "", "address": "plan.pro"
    }  # fmt: skip
    whole = document.envelope("apply", 5, [*diagnostics, notice, failed["error"]], outcomes=[failed, skipped])
    Draft202012Validator(document.schema()).validate(whole)
    assert whole["ok"] is False
