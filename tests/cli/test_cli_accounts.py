"""Live and sandbox organizations, a part of a catalog, and a pack that is bought: whole runs against an emulator."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.running import YAML, rows, run, send, write
from emulator.serving import emulator_server

LIVE = "ck_live_N0body0ughtT0SeeThis"
CREATOR = """\
version: 1
features:
  images: {name: Images, type: usage}
plans:
  creator:
    name: Creator
    consumption_model: credits
    prices: {monthly: {price: 20, included_credits: 1000}}
    features: {images: {credits_per_unit: 10}}
credit_packs:
  starter: {name: Starter Pack, credits: 100, price: 10}
"""


@pytest.fixture
def url() -> Iterator[str]:
    """The address of an empty account."""
    with emulator_server(":memory:") as running:
        yield running.url


def test_a_live_organization_is_written_to_only_where_that_is_meant(tmp_path: Path, url: str) -> None:
    """Neither an undeclared mode nor `mode: sandbox` is permission; `mode: live` is, and so is the flag."""
    write(tmp_path)
    planned = run(tmp_path, "plan", "--api-url", url, key=LIVE)
    assert planned.code == 0
    assert planned.out.startswith(f" LIVE  {url} · commet.yaml")
    assert "refused by      mode: the key belongs to a live account" in planned.out
    refused = run(tmp_path, "apply", "--yes", "--api-url", url, "--format", "json", key=LIVE)
    assert (refused.code, refused.errors) == (4, ["mode"])
    assert refused.document["target"]["livemode"] is True

    write(tmp_path, YAML + "mode: sandbox\n")
    against = run(tmp_path, "apply", "--yes", "--live", "--api-url", url, key=LIVE)
    assert against.code == 4
    assert "the catalog declares `mode: sandbox`" in against.err
    assert rows(url, "/features", LIVE) == []

    write(tmp_path)
    assert run(tmp_path, "apply", "--yes", "--live", "--api-url", url, key=LIVE).code == 0
    write(tmp_path, YAML.replace("Calls", "Requests") + "mode: live\n")
    assert run(tmp_path, "apply", "--yes", "--api-url", url, key=LIVE).code == 0
    assert [row["name"] for row in rows(url, "/features", LIVE)] == ["Requests"]
    assert rows(url, "/features") == []


def test_a_plan_warns_in_its_document_of_what_apply_would_refuse(tmp_path: Path, url: str) -> None:
    write(tmp_path, YAML + "mode: live\n")
    planned = run(tmp_path, "plan", "--api-url", url, "--format", "json")
    (warning,) = planned.document["diagnostics"]
    assert (warning["severity"], warning["code"], planned.code, planned.document["ok"]) == ("warning", "mode", 0, True)


def test_a_target_is_applied_with_what_it_needs_and_nothing_else(tmp_path: Path, url: str) -> None:
    write(tmp_path, CREATOR)
    words = ["--target", "plan_price.creator/monthly", "--api-url", url]
    assert run(tmp_path, "apply", "--yes", *words).code == 0
    assert [row["code"] for row in rows(url, "/plans?includePrivate=true")] == ["creator"]
    assert rows(url, "/credit-packs") == []


def test_what_the_file_does_not_declare_goes_only_with_prune(tmp_path: Path, url: str) -> None:
    write(tmp_path)
    send(url, "POST", "/features", {"code": "old", "name": "Old", "type": "usage"})
    kept = run(tmp_path, "apply", "--yes", "--api-url", url)
    assert "Unmanaged: feature.old" in kept.out
    assert [row["code"] for row in rows(url, "/features")] == ["old", "calls"]
    pruned = run(tmp_path, "apply", "--yes", "--prune", "--api-url", url)
    assert "- Old" in pruned.out
    assert [row["code"] for row in rows(url, "/features")] == ["calls"]


def test_a_pack_is_bought_and_its_credits_arrive(tmp_path: Path, url: str) -> None:
    write(tmp_path, CREATOR)
    assert run(tmp_path, "apply", "--yes", "--api-url", url).code == 0
    customer = send(url, "POST", "/customers", {"email": "someone@example.com"})["id"]
    wanted = {"customerId": customer, "planCode": "creator", "billingInterval": "monthly"}
    subscription = send(url, "POST", "/subscriptions", wanted)["id"]
    bought = run(tmp_path, "packs", "purchase", subscription, "starter", "--api-url", url)
    assert (bought.code, bought.err) == (0, "")
    pack = rows(url, "/credit-packs")[0]["id"]
    assert bought.out == (
        f"{subscription} → sandbox, {url}\n  Starter Pack   100 credits for 10.00 USD   {pack}\n"
        "  credits left   1000\n\n"
        f"{subscription} bought Starter Pack: 100 credits for 10.00 USD\n  credits left   1000 → 1100\n"
    )
    again = run(tmp_path, "packs", "purchase", subscription, "starter", "--api-url", url, "--format", "json")
    assert again.document["purchase"] == {
        "subscription": subscription, "pack": "Starter Pack", "pack_id": pack, "credits": 100, "price": "10.00",
        "currency": "usd", "before": 1100, "after": 1200, "idempotency_key": "new",
    }  # fmt: skip
    assert again.document["target"]["livemode"] is False
    missing = run(tmp_path, "packs", "purchase", "sub_none", "starter", "--api-url", url)
    assert (missing.code, missing.out) == (1, "")
    assert "404 subscription_not_found" in missing.err
