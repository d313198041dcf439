"""Counting subscriptions: what counts, what is not known, and that nothing about anyone is kept."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from commetctl.api.client import Client
from commetctl.api.connection import Connection
from commetctl.core.contract import V2026_08_27
from commetctl.errors import NotPermitted
from commetctl.subscribers import Subscribers, count
from harness import KEY, Shop

SECRETS = {"customerId": "cus_secret", "name": "Secret Ltd", "checkoutUrl": "https://pay.example/secret"}


def row(plan: object = "pln_1", **fields: Any) -> dict[str, Any]:
    return {"id": "sub_secret", **SECRETS, "plan": {"id": plan, "name": "Pro"}, "status": "active", **fields}


def counted(*rows: Any, status: int = 200, **page: Any) -> Subscribers:
    """What is counted in a list of these rows."""
    content = page or {"object": "list", "data": list(rows), "hasMore": False}
    transport = httpx.MockTransport(lambda _request: httpx.Response(status, json=content))
    return count(Client(Connection("http://127.0.0.1", KEY, transport), V2026_08_27))


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        ("active", 1),
        ("trialing", 1),
        ("past_due", 1),
        ("paused", 1),
        ("pending_payment", 1),
        ("of_a_later_version", 1),
        (None, 1),
        ("draft", 0),
        ("canceled", 0),
    ],
)
def test_who_is_or_may_be_subscribed_counts(status: str | None, counts: int) -> None:
    assert counted(row(status=status)).of_plan("pln_1") == counts


def test_a_price_is_told_by_its_id_and_else_by_its_interval() -> None:
    found = counted(
        row(priceId="pp_1", billingInterval="monthly"),
        row(priceId="pp_variant", billingInterval="monthly"),
        row(priceId=None, billingInterval="monthly"),
        row(billingInterval="yearly"),
        row("pln_2", priceId=None, billingInterval="monthly"),
    )
    assert (found.of_plan("pln_1"), found.of_plan("pln_2"), found.of_plan("pln_3")) == (4, 1, 0)
    assert (found.of_price("pln_1", "pp_1", "monthly"), found.of_price("pln_1", None, "monthly")) == (2, 3)
    assert found.of_price("pln_1", "pp_2", "yearly") == 1


def test_without_price_and_interval_it_may_be_any_price() -> None:
    assert counted(row(billingInterval=None)).of_price("pln_1", "pp_1", "monthly") == 1


def test_a_scheduled_move_uses_both_and_counts_once() -> None:
    found = counted(
        row(billingInterval="yearly", scheduledPlanChange={"newPlanId": "pln_2", "newBillingInterval": "monthly"}),
        row(billingInterval="yearly", scheduledPlanChange={"newPlanId": None, "newBillingInterval": "monthly"}),
    )
    assert (found.of_plan("pln_1"), found.of_plan("pln_2")) == (2, 1)
    assert (found.of_price("pln_1", "pp_1", "monthly"), found.of_price("pln_2", "pp_2", "monthly")) == (1, 1)


@pytest.mark.parametrize(
    ("rows", "page", "status", "why"),
    [
        ([], {"data": [], "hasMore": True}, 200, "their list could not be read whole (incomplete_list)"),
        ([], {"data": {}}, 200, "their list could not be read whole (not_a_list)"),
        ([], {"error": {"code": "forbidden", "message": "no"}}, 403, "the key may not read subscriptions"),
        ([], {"error": {"code": "endpoint_not_available"}}, 404, "the list of subscriptions answered 404"),
        ([row(None)], {}, 200, "the list of subscriptions is not as its version describes it"),
        ([row(""), row()], {}, 200, "the list of subscriptions is not as its version describes it"),
        ([{"id": "sub_1"}], {}, 200, "the list of subscriptions is not as its version describes it"),
        ([row(priceId=5)], {}, 200, "the list of subscriptions is not as its version describes it"),
    ],
)
def test_what_cannot_be_read_whole_is_not_known(rows: list[Any], page: dict[str, Any], status: int, why: str) -> None:
    found = counted(*rows, status=status, **page)
    assert (found.unknown, found.kinds) == (why, {})


def test_a_key_that_is_not_accepted_is_an_error() -> None:
    with pytest.raises(NotPermitted):
        counted(status=401, error={"code": "unauthorized", "message": "no"})


def test_nothing_about_anyone_is_kept() -> None:
    assert "ecret" not in repr(counted(row(), row(priceId="pp_1", livemode=True)))
    assert "ecret" not in repr(counted(row(None)))


@pytest.mark.parametrize("paging", ["on", "off"])
def test_the_list_of_both_generations_is_counted(version: str, paging: str, tmp_path: Path) -> None:
    yaml = "version: 1\nplans:\n  pro: {name: Pro, prices: {monthly: {price: 5}}}\n"
    with Shop(tmp_path, version, {"list_paging": paging}) as shop:
        shop.make(yaml)
        for _ in range(5):
            shop.send("POST", "/subscriptions", {"customerId": "cus_1", "planCode": "pro"})
        ids = {str(address): id_ for address, id_ in shop.plan(yaml).live.ids.items()}
        found = count(shop.client(shop.load(yaml)))
    assert found.of_plan(ids["plan.pro"]) == 5
    assert found.of_price(ids["plan.pro"], ids["plan_price.pro/monthly"], "monthly") == 5
