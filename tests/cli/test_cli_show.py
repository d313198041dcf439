"""`commetctl show`: an account as tables, page and data, with and without a catalog; and a saved plan."""

import json
from pathlib import Path

import pytest

from cli.running import Ended, run, write

YAML = """\
version: 1
features:
  calls: {name: API calls, type: usage}
  sso: {name: Single sign-on, type: boolean}
plans:
  pro:
    name: Pro
    consumption_model: metered
    visibility: public
    prices:
      monthly: {price: 49.00, is_default: true, trial_days: 14, regional_prices: {eur: 45.00, jpy: 7200}}
      yearly: {price: 490.00, regional_prices: {eur: 450.00, jpy: 72000}}
    features:
      calls: {included_amount: 10000, overage: {unit_price: 0.002}}
      sso: true
  legacy: {name: "Le\\u202egacy", visibility: private, prices: {monthly: {price: 9.00}}}
markets:
  dach: {name: DACH, countries: [DE, AT, CH]}
offers:
  launch: {name: Launch, phases: [{percentage: {percent: 50, cycles: 3}}]}
credit_packs:
  small: {name: Small, credits: 100, price: 10.00}
"""
LOCAL = ("--local", "account.db")


def show(folder: Path, *words: str) -> Ended:
    return run(folder, "show", *words, key=None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder without a catalog, an account with everything, and a catalog with a part of it."""
    folder = tmp_path_factory.mktemp("show")
    (folder / "all.yaml").write_text(YAML)
    assert run(folder, "apply", "-f", "all.yaml", *LOCAL, "--yes", "-q", key=None).code == 0
    part = YAML.replace("  legacy:", "  other:").replace("  dach: {name: DACH", "  german: {name: DACH")
    (folder / "part.yaml").write_text(part)
    return folder


def test_an_account_is_shown_as_aligned_tables_without_a_catalog(folder: Path) -> None:
    ended = show(folder, *LOCAL)
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[0].startswith(" LOCAL  account.db  ")
    assert lines[0].endswith(" UTC")
    at = lines.index("Plan Pro (pro)")
    assert lines[at + 1 : at + 10] == [
        "  consumption model  metered",
        "  visibility         public",
        "",
        "  price       USD     EUR     JPY  default  trial days",
        "  monthly   49.00   45.00   7,200      yes          14",
        "  yearly   490.00  450.00  72,000",
        "",
        "  feature  name            enabled  included amount  overage USD",
        "  calls    API calls           yes           10,000        0.002",
    ]
    at = lines.index("Credit packs")
    assert lines[at + 1 : at + 3] == ["  key    credits      price", "  Small      100  10.00 USD"]
    assert "\u202e" not in ended.out
    assert lines[-1] == "2 features, 1 market, 1 offer, 2 plans, 1 credit pack"
    assert "unmanaged" not in ended.out


def test_what_the_catalog_lacks_is_unmanaged_whatever_its_key_is(folder: Path) -> None:
    ended = show(folder, *LOCAL, "-f", "part.yaml")
    assert "(legacy)  unmanaged\n" in ended.out
    assert ended.out.count("unmanaged") == 2
    assert ended.out.endswith("; 1 of them is not in part.yaml (unmanaged)\n")
    objects = show(folder, *LOCAL, "-f", "part.yaml", "--format", "json").document["account"]["objects"]
    assert [item["address"] for item in objects if item.get("unmanaged")] == ["plan.legacy"]
    monthly = next(item for item in objects if item["address"] == "plan_price.pro/monthly")
    assert {"path": "price", "value": "49.00", "currency": "usd"} in monthly["fields"]
    assert (monthly["parent"], "unmanaged" in monthly) == ("plan.pro", False)
    assert monthly["id"]


def test_a_catalog_that_cannot_be_read_is_said_and_the_account_is_shown(folder: Path) -> None:
    (folder / "broken.yaml").write_text("version: 9\n")
    ended = show(folder, *LOCAL, "-f", "broken.yaml")
    assert ended.code == 0
    assert "Plan Pro (pro)" in ended.out
    assert "warning: which objects are unmanaged is not known: broken.yaml has 1 problem" in ended.err


@pytest.mark.parametrize("columns", ["50", "200"])
def test_a_table_that_is_too_wide_is_turned_and_nothing_is_cut(folder: Path, columns: str) -> None:
    ended = run(folder, "show", *LOCAL, key=None, env={"COLUMNS": columns})
    words = ended.out.split()
    assert {"72,000", "450.00", "percentage", "0.002", "10,000"} <= set(words)
    if columns == "50":
        assert all(len(line) <= 50 for line in ended.out.splitlines())
        assert "  USD           49.00  490.00\n" in ended.out


def test_a_page_goes_to_stdout_or_to_a_file_and_is_opened_where_there_is_a_browser(folder: Path) -> None:
    page = show(folder, *LOCAL, "--format", "html").out
    assert page.startswith("<!doctype html>")
    assert "49.00" in page
    ended = show(folder, *LOCAL, "--open")
    there_is_none = "is in commet-account.html; there is no browser here to open it in\n"
    assert (ended.code, ended.out.endswith(there_is_none)) == (0, True)
    assert (folder / "commet-account.html").read_text().startswith("<!doctype html>")
    ended = show(folder, *LOCAL, "--format", "html", "--out", "other.html")
    assert (ended.out, ended.err) == ("", "the page of local Commet (account.db) is in other.html\n")
    assert show(folder, *LOCAL, "--out", "all.yaml").code == 1
    assert (folder / "all.yaml").read_text() == YAML


def test_only_gets_are_sent(folder: Path) -> None:
    ended = show(folder, *LOCAL, "-v")
    assert {line.split()[0] for line in ended.err.splitlines()} == {"GET"}


def test_an_account_with_nothing_says_so(tmp_path: Path) -> None:
    ended = show(tmp_path, "--local", "account.db")
    assert ended.out.startswith(" LOCAL  account.db  ")
    assert ended.out.endswith(" UTC\n\nnothing\n")


def test_a_saved_plan_is_shown_with_what_it_is_for_and_whether_it_was_used(tmp_path: Path) -> None:
    write(tmp_path, YAML)
    assert run(tmp_path, "apply", *LOCAL, "--yes", "-q", key=None).code == 0
    write(tmp_path, YAML.replace("49.00", "59.00").replace("      sso: true\n", "").replace("name: Pro", "name: Pro+"))
    assert run(tmp_path, "plan", *LOCAL, "--out", "p.json", key=None).code == 0
    ended = show(tmp_path, "p.json")
    assert ended.code == 0
    lines = [" ".join(line.split()) for line in ended.out.splitlines()]
    saved = json.loads((tmp_path / "p.json").read_text())
    assert f"saved plan {saved['id']}" in lines
    assert "for sandbox, local:account.db (2026-08-27)" in lines
    assert "used no, as far as the journals here tell" in lines
    assert any(
        line.startswith("~ plan_price.pro/monthly price 49.00 USD 59.00 USD +20.4% at renewal") for line in lines
    )
    assert any(line.startswith("- plan_feature.pro/sso enabled yes at renewal") for line in lines)
    assert lines[-1] == "0 to create, 2 to update, 1 to delete, 0 blocked, 0 unmanaged"
    assert run(tmp_path, "apply", "p.json", *LOCAL, "--yes", "-q", key=None).code == 0
    assert "applied by run " in show(tmp_path, "p.json").out
    found = show(tmp_path, "p.json", "--format", "json").document["saved_plan"]
    assert (found["use"], found["id"], found["plan"]) == ("applied", saved["id"], saved["plan"])
    assert show(tmp_path, "p.json", "--format", "html").code == 64


@pytest.mark.parametrize(("content", "code"), [("{}", "plan_unreadable"), ('{"commetctl_plan": 3}', "plan_version")])
def test_what_is_no_saved_plan_is_refused(tmp_path: Path, content: str, code: str) -> None:
    (tmp_path / "p.json").write_text(content)
    ended = show(tmp_path, "p.json", "--format", "json")
    assert (ended.code, ended.errors) == (4, [code])
