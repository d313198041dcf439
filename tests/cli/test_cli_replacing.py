"""`--replace` on the command line: what it prints, in each format; saved plans; kills are in the proofs."""

from pathlib import Path

import pytest

from cli.running import Ended, rows, run, send, write
from emulator.serving import emulator_server

FILE = """\
version: 1
features:
  tokens: {name: Tokens, type: usage}
  storage: {name: Storage, type: usage}
plans:
  purse:
    name: Purse
    consumption_model: balance
    prices: {monthly: {price: 49, is_default: true}}
    exchange_rates: {brl: 5.2}
    features:
      tokens: {pricing_mode: ai_model, margin_percent: 20, overage: {unit_price: 0.5, regional_prices: {brl: 3}}}
addons:
  more: {name: More, feature: storage, consumption_model: credits, credit_cost: 2, base_price: 5}
"""
CHANGED = FILE.replace("margin_percent: 20", "margin_percent: 25").replace("credit_cost: 2", "credit_cost: 3")
BOTH = ("--replace", "plan_feature.purse/tokens", "--replace", "addon.storage")
PLANNED = """\
 LOCAL  a.db · commet.yaml                                                      2026-11-24 12:00 UTC

Purse costs more for existing customers at once (tokens)
Purse costs more for existing customers from their next renewal (tokens)
  ± Tokens, margin percent  +25%  at renewal, at once, not known  commet.yaml:12
      20 → 25 removed from the plan and added again
      Tokens, unit price in BRL  3.00 BRL
      this takes two requests, and the object does not exist in between

Addons
  ± More, credit cost  +50%  no effect  commet.yaml:14
      2 → 3 deleted and created again with another id
      this takes two requests, and the object does not exist in between

at once         existing customers get it, and pay overage (the object that is created again)
at renewal      existing customers keep it until then (the object that is deleted)
no effect       no customer has it: Commet refuses to delete an add-on that a subscription has
not known       whether customers keep the feature after the renewal once it is added again, and
                whether their usage in this period still counts

0 to create, 2 to update (2 by replacing), 0 to delete.

next            commetctl apply --local=a.db --replace addon.storage --replace plan_feature.purse/tokens
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An account in which the catalog is applied, and a file that asks for what is fixed there."""
    write(tmp_path, FILE)
    assert run(tmp_path, "apply", "--yes", "--local=a.db").code == 0
    write(tmp_path, CHANGED)
    return tmp_path


def local(folder: Path, *words: str) -> Ended:
    return run(folder, *words, "--local=a.db")


def test_the_plan_shows_it_in_each_format(folder: Path) -> None:
    assert local(folder, "plan", "--no-impact", *BOTH).out == PLANNED
    verbose = local(folder, "plan", "-v", *BOTH).out
    assert verbose.index("DELETE /plans/pln_") < verbose.index("POST /plans/pln_")
    assert verbose.index("DELETE /addons/adn_") < verbose.index("POST /addons")
    changes = local(folder, "plan", "--format", "json", *BOTH).document["plan"]["changes"]
    assert [(change["action"], change["replaced"]) for change in changes] == [("update", True)] * 2
    markdown = local(folder, "plan", "--format", "markdown", *BOTH).out
    assert "🔁 `plan_feature.purse/tokens` removed from the plan and added again" in markdown
    assert "Replaced" in local(folder, "plan", "--format", "html", *BOTH).out
    assert "removed from the plan and added again" in local(folder, "plan", "--format", "github", *BOTH).out
    assert "removed from the plan and added again" in local(folder, "plan", "--format", "junit", *BOTH).out


def test_apply_makes_it_and_says_so(folder: Path) -> None:
    ended = local(folder, "apply", "--yes", "--allow", "deletes", *BOTH)
    assert (ended.code, "plan_feature.purse/tokens replaced" in ended.err) == (0, True), ended.err
    assert "addon.storage replaced" in ended.err
    assert local(folder, "plan", "--detailed-exitcode").code == 0
    again = local(folder, "apply", "--yes", "--format", "json", *BOTH)
    assert (again.code, again.errors) == (1, ["not_replaced"])


def test_a_hint_names_it_and_no_more_is_suggested(folder: Path) -> None:
    blocked = local(folder, "plan", "--format", "json").document["plan"]["blocked"]
    assert [item["hint"].rpartition("; ")[2] for item in blocked] == [
        "or apply with `--replace plan_feature.purse/tokens`",
        "or apply with `--replace addon.storage`",
    ]
    assert "--replace" not in run(folder, "plan", "--replac", "x", "--local=a.db").err


@pytest.mark.parametrize(
    ("address", "code", "ended"),
    [
        ("addon.storag", "unknown_replace", 1),
        ("addon", "bad_address", 1),
        ("plan_price.purse/monthly", "not_replaced", 1),
        ("feature.storage", "no_safe_way", 4),
    ],
)
def test_what_cannot_be_replaced(folder: Path, address: str, code: str, ended: int) -> None:
    write(folder, CHANGED.replace("Storage, type: usage", "Storage, type: quota"))
    for command in (("plan",), ("apply", "--yes")):
        found = local(folder, *command, "--replace", address, "--format", "json")
        assert (found.code, found.errors) == (ended, [code]), found.out


def test_a_saved_plan_is_applied_with_the_same_option_only(folder: Path) -> None:
    planned = local(folder, "plan", "--out", "plan.json", *BOTH)
    command = "commetctl apply plan.json --local=a.db --replace addon.storage --replace plan_feature.purse/tokens"
    assert planned.out.rstrip().endswith(command)
    without = local(folder, "apply", "plan.json", "--yes", "--format", "json")
    assert (without.code, without.errors) == (4, ["plan_options"])
    assert (
        "`--replace addon.storage --replace plan_feature.purse/tokens`" in without.document["diagnostics"][0]["message"]
    )
    ended = local(folder, "apply", "plan.json", "--yes", "--allow", "deletes", *BOTH)
    assert ended.code == 0, ended.err
    assert local(folder, "plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("write_lost", range(2, 8))
def test_a_saved_plan_that_stopped_half_way_is_taken_up_again(tmp_path: Path, write_lost: int) -> None:
    write(tmp_path, FILE)
    with emulator_server(tmp_path / "a.db") as good:
        port = good.url.rpartition(":")[2]
        assert run(tmp_path, "apply", "--yes", "--api-url", good.url).code == 0
    write(tmp_path, CHANGED)
    with emulator_server(tmp_path / "a.db", "--port", port, faults=[f"503@w{write_lost}-"]) as bad:
        assert run(tmp_path, "plan", "--out", "plan.json", "--api-url", bad.url, *BOTH).code == 0
        words = ("apply", "plan.json", "--yes", "--allow", "deletes", "--api-url", bad.url, *BOTH)
        assert run(tmp_path, *words, "--retries", "0", "--parallelism", "1").code == 5
    with emulator_server(tmp_path / "a.db", "--port", port):
        ended = run(tmp_path, *words)
        assert ended.code == 0, ended.err
        assert run(tmp_path, "plan", "--detailed-exitcode", "--api-url", words[6]).code == 0
        assert [row["creditCost"] for row in rows(words[6], "/addons")] == [3]


def test_the_other_id_of_what_it_made_again_does_not_make_a_saved_plan_stale(tmp_path: Path) -> None:
    write(tmp_path, FILE)
    with emulator_server(tmp_path / "a.db") as good:
        port = good.url.rpartition(":")[2]
        assert run(tmp_path, "apply", "--yes", "--api-url", good.url).code == 0
    write(tmp_path, CHANGED)
    with emulator_server(tmp_path / "a.db", "--port", port, faults=["503@w2-"]) as bad:
        words = ("--api-url", bad.url, *BOTH)
        assert run(tmp_path, "plan", "--out", "plan.json", *words).code == 0
        saved = ("apply", "plan.json", "--yes", "--allow", "deletes", *words)
        assert run(tmp_path, *saved, "--retries", "0", "--parallelism", "1").code in (1, 5)
    with emulator_server(tmp_path / "a.db", "--port", port) as good:
        # What the run had under way arrives after all.
        (addon,) = rows(good.url, "/addons")
        send(good.url, "DELETE", f"/addons/{addon['id']}")
        body = {"name": "More", "featureId": "storage", "consumptionModel": "credits", "creditCost": 3}
        send(good.url, "POST", "/addons", {**body, "basePrice": 500})
        ended = run(tmp_path, *saved)
        assert ended.code == 0, ended.err
        assert run(tmp_path, "plan", "--detailed-exitcode", "--api-url", good.url).code == 0
