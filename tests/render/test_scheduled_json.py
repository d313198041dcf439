"""What is scheduled, for programs: held to the schema, with every amount, refusal and count in it."""

from functools import cache
from typing import Any

import pytest
from golden import dates
from jsonschema import Draft202012Validator

from commetctl.render.json_output import envelope, schema
from commetctl.render.json_scheduled import dated_plan_document, scheduled_documents


@cache
def document(counted: bool = True) -> dict[str, Any]:
    reading = dates.dated() if counted else dates.dated(rows=None)
    return dated_plan_document(reading, reading.review.after)


def mistakes(plan: dict[str, Any]) -> list[str]:
    return [error.message for error in Draft202012Validator(schema()).iter_errors(envelope("plan", 0, [], plan=plan))]


@pytest.mark.parametrize("counted", [True, False])
def test_it_is_as_the_schema_says(counted: bool) -> None:
    assert mistakes(document(counted)) == []
    plan = document(counted)
    assert mistakes(plan | {"scheduled": []}) == []
    assert mistakes({key: value for key, value in plan.items() if key != "scheduled"}) == []
    assert mistakes(plan | {"scheduled": [plan["scheduled"][0] | {"more": 1}]})


def test_each_change_has_its_date_its_customers_and_its_bills() -> None:
    team, company, words = document()["scheduled"]
    expected = {
        "file": "changes/2027-team.yaml", "effective": "2027-01-01T00:00:00Z", "existing": "at_renewal",
        "announced": "2026-12-01", "notice": 30, "why": "FIN-812, list prices 2027", "customers": 34,
        "first_bill": "2027-01-01", "last_bill": "2027-01-28", "refused": [],
    }  # fmt: skip
    assert {key: team[key] for key in expected} == expected
    assert (company["effective"], company["existing"]) == ("2027-03-01T08:30:00Z", {"from": "2027-06-01T00:00:00Z"})
    assert (company["why"], company["customers"]) == (None, 2)
    assert (words["customers"], words["first_bill"], words["notice"]) == (0, None, None)
    first = team["changes"][0]
    assert (first["address"], first["action"]) == ("plan_price.team/monthly", "update")
    assert first["fields"] == [{"path": "price", "before": "45.00", "after": "49.00", "currency": "usd"}]
    assert first["origin"].startswith("changes/2027-team.yaml:10")
    assert team["reading"]["headlines"][0]["first"] == "2027-01-01"


def test_a_refusal_has_its_code_and_its_address() -> None:
    refused = document()["scheduled"][1]["refused"]
    assert [(each["code"], each["address"]) for each in refused] == [
        ("notice", "plan.company"),
        ("existing", "plan_price.company/monthly"),
    ]
    assert not refused[0]["message"].startswith("plan.company")


def test_those_whom_nobody_counted_are_null() -> None:
    for each in document(counted=False)["scheduled"]:
        assert (each["customers"], each["first_bill"], each["last_bill"]) == (None, None, None)


def test_subscriptions_of_two_plans_are_added_and_those_of_one_counted_once() -> None:
    both = {
        "both.yaml": dates.CHANGES["2027-team.yaml"]
        + "    features: {agents: {overage: {unit_price: 16.00}}}\n"
        + "  company: {prices: {monthly: {price: 210.00}}}\n"
    }
    (found,) = scheduled_documents(dates.dated(changes=both).scheduled)
    assert found["customers"] == 36


def test_the_id_of_the_plan_is_of_today_alone() -> None:
    reading = dates.dated(changes={})
    assert dated_plan_document(reading, reading.review.after)["id"] == document()["id"]
