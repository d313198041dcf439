"""Plans of real accounts as a person and as a program read them: whole, coloured, and held to the schema."""

import re
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from scenes import AFTER, BEFORE, planned

from commetctl.core.money import Derived, Money, UnitPrice
from commetctl.core.resource import ABSENT, UNKNOWN, Address, Value
from commetctl.core.text import change_text, printable, value_text
from commetctl.reading import reading_of
from commetctl.render.json_output import envelope, schema
from commetctl.render.terminal import Style
from commetctl.render.text import plan_text
from harness import Shop

GOLDEN = """\
Features
  ~ API calls, unit name          call → request                no effect   commet.yaml:3
  + Images, type                  usage                         no effect   commet.yaml:5

Pro
  - Monthly price                 49.00 USD archived            no effect
      Monthly price in EUR        45.00 EUR
  - Yearly price                  490.00 USD archived           no effect
  - API calls, included amount    10,000 removed from the plan  at renewal
      Overage                     0.002 USD

Pro 2 is new
  + Consumption model             metered                       no effect   commet.yaml:11
      Visibility                  public
  + Exchange rate of BRL          5.2                                       commet.yaml:15
  + Monthly price                 59.00 USD                                 commet.yaml:17
      Default                     yes
  + Monthly price in EUR          54.00 EUR                                 commet.yaml:17
  + Monthly price in BRL          ≈ 306.80 BRL                              commet.yaml:15
  + API calls, enabled            yes                                       commet.yaml:19
      Included amount             20,000
      Overage                     0.0015 USD
  + API calls, unit price in BRL  0.011 BRL                                 commet.yaml:19
  + Seats, enabled                yes                                       commet.yaml:20
      Unlimited                   yes

Blocked, because the API cannot make these changes
  ! Plan (plan.pro)
      Description: For teams → none
      Consumption model: metered → credits
      metadata.gone: x → not set
      metadata.tier: "2" → 2
      why: `consumption_model` is fixed once created, and is metered in Commet
      way out: declare a new plan under a new code with the value you want, and hide this one

note: credit_pack.Sleeping: is declared inactive, and the API lists active packs only; nothing
  changes, and its other fields cannot be compared
  hint: set `is_active: true` to sell it, and add its `id:` if it exists already

at renewal      existing customers keep it until then
no effect       unit name: nothing changes for existing customers
                feature: a plan has to include it first
                plan price: its subscribers keep it and are billed as before; new customers cannot
                choose it
                plan: the plan has no subscribers yet
≈               Commet derives this amount from the US dollar amount and the exchange rate of the
                plan

9 to create, 1 to update, 3 to delete, 1 blocked. 2 objects are not in the catalog and left alone.
Unmanaged: feature.legacy, credit_pack.Starter Pack"""

COLORS = {"+": "32", "~": "33", "-": "31", "!": "35"}


def document(shop: Shop, after: str = AFTER, **options: Any) -> dict[str, Any]:
    return shop.plan(after, **options).document


def mistakes(plan: dict[str, Any]) -> list[str]:
    return [error.message for error in Draft202012Validator(schema()).iter_errors(envelope("plan", 0, [], plan=plan))]


@pytest.fixture
def newest(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_a_plan_shows_everything_that_would_be_done_and_what_would_not(newest: Shop) -> None:
    with newest as shop:
        review = planned(shop).review
    plain = plan_text(reading_of(review))
    colored = plan_text(reading_of(review), Style(color=True))
    requests = plan_text(reading_of(review), whole=True).splitlines()
    assert plain == GOLDEN
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == GOLDEN
    painted = re.findall(r"\x1b\[(3[0-9])m(.+?)\x1b\[0m", colored)
    assert painted == [(COLORS[line[2]], line[2]) for line in GOLDEN.splitlines() if re.match("  [-+~!] ", line)]
    assert ("2", "call") in re.findall(r"\x1b\[(2)m(.+?)\x1b\[0m", colored)
    more = iter(requests)
    assert [line for line in GOLDEN.splitlines() if line not in more] == []


def test_no_name_of_the_file_can_steer_the_terminal(newest: Shop) -> None:
    name = "\\u202e\\u2066evil\\u2028line"
    with newest as shop:
        plan = shop.plan(f'version: 1\ncredit_packs: {{a: {{name: "{name}", credits: 1, price: 1}}}}\n')
        shown = plan_text(reading_of(plan.review), whole=True)
    assert "evil" in shown
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", shown)


EUR, USD = Money(Decimal("45"), "eur"), Money(Decimal("49.5"))


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (USD, Money(Decimal("59")), "49.50 → 59.00 USD"),
        (USD, EUR, "49.50 USD → 45.00 EUR"),
        (None, USD, "none → 49.50 USD"),
        (UnitPrice(Decimal("0.002")), UnitPrice(Decimal("0.0025")), "0.002 → 0.0025 USD"),
        (Derived(USD), Derived(Money(Decimal("59"))), "about 49.50 → 59.00 USD (derived)"),
        (EUR, Derived(EUR), "45.00 EUR → about 45.00 EUR (derived)"),
        (UNKNOWN, 5, "unknown → 5"),
        (ABSENT, "x", "not set → x"),
        (False, True, "no → yes"),
        (Decimal("5.20"), Decimal("0.00001"), "5.2 → 0.00001"),
        ("2", 2, '"2" → 2'),
        (True, "yes", 'true → "yes"'),
        (None, "none", 'null → "none"'),
        ({"a": "é"}, {}, '{"a": "é"} → {}'),
    ],
)
def test_a_change_reads_as_from_and_to(before: Value, after: Value, text: str) -> None:
    assert change_text(before, after) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain Größe 日本語 🚀", "plain Größe 日本語 🚀"),
        ("\x1b[31mred\x07\x9b", "\\x1b[31mred\\x07\\x9b"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\u202egnp.exe\u2066\u061c\u200f", "\\u202egnp.exe\\u2066\\u061c\\u200f"),
        ("\u2028\ufeff", "\\u2028\\ufeff"),
        ("half \ud83d", "half \\ud83d"),
        ("in\u200bvis\xadi\u2060ble\ufe0f\U000e0041", "in\\u200bvis\\xadi\\u2060ble\\ufe0f\\U000e0041"),
        ("a ##vso[task.x]y ##[z] # ## [a]", "a #\\x23vso[task.x]y #\\x23[z] # ## [a]"),
    ],
)
def test_what_a_terminal_would_obey_is_written_out(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert value_text(text) == shown


def test_a_plan_of_everything_is_as_the_schema_says(shop: Shop) -> None:
    shop.make(BEFORE)
    for options in ({}, {"prune": True}, {"targets": (Address("plan", "pro2"),)}):
        plan = document(shop, **options)
        assert mistakes(plan) == []
        actions = [change["action"] for change in plan["changes"]]
        assert plan["summary"] == {
            **{word: actions.count(word) for word in ("create", "update", "delete")},
            "blocked": len(plan["blocked"]),
            "unmanaged": len(plan["unmanaged"]),
        }


@pytest.mark.parametrize(
    "break_it",
    [
        lambda plan: plan.update(more=1),
        lambda plan: plan.pop("id"),
        lambda plan: plan["summary"].pop("blocked"),
        lambda plan: plan["changes"][0].update(action="replace"),
        lambda plan: plan["changes"][0].update(requests=[]),
        lambda plan: plan["changes"][0]["fields"][0].update(currency="USD"),
        lambda plan: plan["changes"][0]["fields"][0].update(after=1.5),
        lambda plan: plan["blocked"][0].pop("reason"),
        lambda plan: plan.update(config_digest="sha256:0"),
    ],
)
def test_the_schema_is_strict(newest: Shop, break_it: Any) -> None:
    with newest as shop:
        shop.make(BEFORE)
        plan = deepcopy(document(shop))
    assert mistakes(plan) == []
    break_it(plan)
    assert mistakes(plan)


def test_a_deletion_says_what_goes_along_and_by_which_request(newest: Shop) -> None:
    with newest as shop:
        shop.make(BEFORE)
        gone = {change["address"]: change for change in document(shop)["changes"]}["plan_price.pro/monthly"]
        ids = shop.plan(AFTER).live.ids
    price, plan = ids[Address("plan_price", "pro/monthly")], ids[Address("plan", "pro")]
    assert gone["requests"] == [{"method": "DELETE", "path": f"/plans/{plan}/prices/{price}"}]
    assert gone["along"] == ["regional_price.pro/monthly/eur"]
    assert "origin" not in gone
    assert {"path": "price", "before": "49.00", "after": None, "currency": "usd"} in gone["fields"]


def test_the_same_plan_has_the_same_id_and_any_other_has_not(newest: Shop) -> None:
    with newest as shop:
        shop.make(BEFORE)
        first = document(shop)
        assert document(shop) == first
        other = document(shop, AFTER.replace("59.00", "59.01"))
        assert (other["id"], other["config_digest"]) != (first["id"], first["config_digest"])
        assert other["live_digest"] == first["live_digest"]
        assert document(shop, prune=True)["id"] != first["id"]
        shop.make(BEFORE.replace("Starter", "Larger"), prune=True)
        assert document(shop)["live_digest"] != first["live_digest"]
