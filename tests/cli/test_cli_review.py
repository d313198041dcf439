"""Reviews in real processes: whom a plan touches, which side a difference comes from, and two catalogs offline."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.running import Ended, git, rows, run, send, write
from emulator.serving import Served, emulator_server

YAML = """\
version: 1
plans:
  pro:
    name: Pro
    visibility: public
    prices: {monthly: {price: 49.00, is_default: true}, yearly: {price: 490.00}}
  team:
    name: Team
    visibility: public
    prices: {monthly: {price: 99.00}}
"""
#: The price of Team, and a second one.
TWO = "99.00, is_default: true}, weekly: {price: 30.00}"
RAISED = YAML.replace("49.00,", "59.00,").replace("99.00", "109.00")


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Served]:
    """An account with the catalog, and three subscriptions to the monthly Pro, one of them in a trial."""
    with emulator_server(":memory:") as running:
        write(tmp_path, YAML)
        assert run(tmp_path, "apply", "--yes", "--api-url", running.url).code == 0
        for number in range(3):
            wanted = {
                "customerId": f"secret_{number}",
                "planCode": "pro",
                "billingInterval": "monthly",
                "name": "Secret",
            }
            send(running.url, "POST", "/subscriptions", wanted | ({"customTrialDays": 9} if number == 2 else {}))
        yield running


def test_a_plan_says_how_many_it_touches_and_what_a_month_brings_more(tmp_path: Path, account: Served) -> None:
    write(tmp_path, RAISED)
    ended = run(tmp_path, "plan", "--api-url", account.url, "-v")
    words = " ".join(ended.out.split())
    assert "3 subscriptions, 2 of them renewing" in words
    assert "revenue: +20.00 USD a month (not counted: 1 in a trial)" in words
    assert "at renewal no subscription" in words
    assert "Revenue a month, once all have renewed USD 98.00 → 118.00 USD +20.00 USD (+20.4%)" in words
    assert "Not included: 1 subscription (1 in a trial), usage, add-ons, taxes" in words
    assert ended.err.count("GET /subscriptions") == 1
    assert "ecret" not in ended.out + ended.err


def test_the_document_has_the_numbers_beside_the_plan_and_not_in_it(tmp_path: Path, account: Served) -> None:
    write(tmp_path, RAISED)
    words = ["plan", "--api-url", account.url, "--format", "json"]
    with_it, without = run(tmp_path, *words).document, run(tmp_path, *words, "--no-impact").document
    touched = with_it["impact"]["touched"]["plan_price.pro/monthly"]
    assert (touched["subscriptions"], touched["renewing"], touched["uncounted"]) == (3, 2, {"in a trial": 1})
    assert with_it["impact"]["monthly_revenue"] == {"low": "20.00", "high": "20.00", "currency": "usd"}
    assert with_it["impact"]["revenue"] == [
        {
            "currency": "usd",
            "before": {"low": "98.00", "high": "98.00"},
            "after": {"low": "118.00", "high": "118.00"},
            "change": {"low": "20.00", "high": "20.00"},
            "percent": {"low": "20.4", "high": "20.4"},
            "estimated": False,
        }
    ]
    assert (with_it["impact"]["uncounted"], with_it["impact"]["doubts"]) == ({"in a trial": 1}, [])
    assert "impact" not in without
    assert with_it["plan"] == without["plan"]
    (price, _) = with_it["plan"]["changes"]
    assert price["effects"] == [
        {
            "path": "price",
            "when": "at_renewal",
            "text": "existing customers pay the higher price; customers in a trial pay it when the trial ends",
        }
    ]


def test_a_saved_plan_holds_though_somebody_has_subscribed_since(tmp_path: Path, account: Served) -> None:
    write(tmp_path, RAISED)
    assert run(tmp_path, "plan", "--api-url", account.url, "--out", "plan.json").code == 0
    send(account.url, "POST", "/subscriptions", {"customerId": "c", "planCode": "pro", "billingInterval": "monthly"})
    assert run(tmp_path, "apply", "plan.json", "--yes", "--api-url", account.url).code == 0


def test_subscriptions_are_asked_for_only_where_it_matters_how_many(tmp_path: Path, account: Served) -> None:
    write(tmp_path, RAISED)
    assert "GET /subscriptions" not in run(tmp_path, "plan", "--api-url", account.url, "-v", "--no-impact").err
    write(tmp_path, YAML.replace("name: Pro", "name: Professional"))
    assert "GET /subscriptions" not in run(tmp_path, "plan", "--api-url", account.url, "-v").err


def test_a_key_that_may_not_read_subscriptions_gets_a_plan_anyway(tmp_path: Path, account: Served) -> None:
    write(tmp_path, RAISED)
    key = "rk_sandbox_x.plan:r,feature:r"
    ended = run(tmp_path, "plan", "--api-url", account.url, key=key)
    words = " ".join(ended.out.split())
    assert ended.code == 0
    assert (
        "The number of affected subscriptions is not known: the key is not allowed to read subscriptions; use a key"
        in words
    )
    found = run(tmp_path, "plan", "--api-url", account.url, "--format", "json", key=key).document["impact"]
    assert (found["unknown"], found["touched"]) == ("the key is not allowed to read subscriptions", {})
    # Not known is no sum, and not a sum of nothing.
    assert (found["monthly_revenue"], found["revenue"]) == (None, [])


def committed(folder: Path, yaml: str = YAML) -> None:
    write(folder, yaml)
    git(folder, "init", "-q")
    git(folder, "add", "commet.yaml")
    git(folder, "commit", "-qm", "catalog")


def moved_in_the_dashboard(url: str, amount: int) -> None:
    """Somebody sets the price of the monthly Pro, in cents."""
    plan = next(row for row in rows(url, "/plans") if row["code"] == "pro")
    price = next(row for row in plan["prices"] if row["billingInterval"] == "monthly")
    send(url, "PATCH", f"/plans/{plan['id']}/prices/{price['id']}", {"price": amount})


def causes(folder: Path, url: str, *words: str) -> tuple[Ended, dict[str, str]]:
    ended = run(folder, "plan", "--api-url", url, "--base", "git:HEAD", "--detailed-exitcode", *words)
    document = run(folder, "plan", "--api-url", url, "--base", "git:HEAD", "--format", "json").document
    assert document["drift"]["base"] == "git:HEAD"
    return ended, document["drift"]["causes"]


def test_an_edit_of_the_dashboard_is_told_from_one_of_the_file(tmp_path: Path, account: Served) -> None:
    committed(tmp_path)
    ended, found = causes(tmp_path, account.url)
    assert (ended.code, found) == (0, {})
    moved_in_the_dashboard(account.url, 5100)
    ended, found = causes(tmp_path, account.url)
    assert (ended.code, found) == (2, {"plan_price.pro/monthly": "commet"})
    words = " ".join(ended.out.split())
    assert "a dashboard edit since git:HEAD was applied; applying undoes it" in words
    assert "Changed since git:HEAD: 1 in Commet" in words
    write(tmp_path, RAISED)
    ended, found = causes(tmp_path, account.url)
    assert found == {"plan_price.pro/monthly": "both", "plan_price.team/monthly": "file"}
    words = " ".join(ended.out.split())
    assert "changed in the catalog and in Commet since git:HEAD; the catalog wins" in words
    assert "Changed since git:HEAD: 1 in the catalog, 1 in both" in words


def test_what_was_added_or_archived_in_the_dashboard_is_drift_too(tmp_path: Path, account: Served) -> None:
    committed(tmp_path)
    plans = {row["code"]: row for row in rows(account.url, "/plans")}
    yearly = next(row for row in plans["pro"]["prices"] if row["billingInterval"] == "yearly")
    send(account.url, "DELETE", f"/plans/{plans['pro']['id']}/prices/{yearly['id']}")
    send(account.url, "POST", f"/plans/{plans['team']['id']}/prices", {"billingInterval": "yearly", "price": 99900})
    _, found = causes(tmp_path, account.url)
    assert found == {"plan_price.pro/yearly": "commet", "plan_price.team/yearly": "commet"}
    write(tmp_path, YAML.replace(", yearly: {price: 490.00}", "").replace("99.00}", TWO))
    _, found = causes(tmp_path, account.url)
    assert found == {"plan_price.team/weekly": "file", "plan_price.team/yearly": "commet"}


def test_a_base_that_is_not_there_is_an_error(tmp_path: Path, account: Served) -> None:
    committed(tmp_path)
    ended = run(tmp_path, "plan", "--api-url", account.url, "--base", "git:nowhere")
    assert ended.code == 1
    assert "error: git has no commet.yaml in nowhere: fatal: " in ended.err
    for path in (".", "..", "/"):
        ended = run(tmp_path, "diff", f"git:HEAD:{path}", "commet.yaml", key=None)
        assert (ended.code, f"error: git has no {path} in HEAD: fatal: " in ended.err) == (1, True), path
    assert "in CI, fetch the full history" in ended.err


def test_diff_needs_no_key_and_compares_the_last_commit_with_the_file(tmp_path: Path) -> None:
    committed(tmp_path)
    same = run(tmp_path, "diff", "--detailed-exitcode", key=None)
    assert (same.code, same.err) == (0, "")
    assert same.out == "git:HEAD:commet.yaml → commet.yaml\n\nNo changes: both catalogs declare the same.\n"
    write(tmp_path, RAISED)
    ended = run(tmp_path, "diff", "--detailed-exitcode", key=None)
    assert ended.code == 2
    assert "49.00 → 59.00 USD" in ended.out
    document = run(tmp_path, "diff", "--format", "json", key=None).document
    assert document["compared"] == {
        "before": "git:HEAD:commet.yaml", "after": "commet.yaml", "api_version": "2026-08-27"
    }  # fmt: skip
    assert [change["address"] for change in document["plan"]["changes"]] == [
        "plan_price.pro/monthly", "plan_price.team/monthly"
    ]  # fmt: skip


def test_diff_says_the_same_as_a_plan_where_the_first_was_applied(tmp_path: Path, account: Served) -> None:
    committed(tmp_path)
    write(tmp_path, RAISED)
    live = run(tmp_path, "plan", "--api-url", account.url, "--no-impact").out.splitlines()
    offline = run(tmp_path, "diff", "git:HEAD", key=None).out.splitlines()
    assert offline[1:] == live[1:-2]
    assert live[-2:] == ["", f"next            commetctl apply --api-url {account.url}"]


def test_diff_takes_files_revisions_and_nothing(tmp_path: Path) -> None:
    committed(tmp_path)
    (tmp_path / "other.yaml").write_text(RAISED)
    assert "2 to update" in run(tmp_path, "diff", "commet.yaml", "other.yaml", key=None).out
    assert "2 to update" in run(tmp_path, "diff", "git:HEAD:commet.yaml", "other.yaml", key=None).out
    assert "5 to create" in run(tmp_path, "diff", "/dev/null", "git:HEAD", key=None).out
    gone = run(tmp_path, "diff", "commet.yaml", "/dev/null", key=None).out
    assert "the section `plans:` was removed" in " ".join(gone.split())
    write(tmp_path, "version: 1\nplans: {}\n")
    assert (
        "No changes: applying it changes nothing. 2 objects are not in the catalog and left alone."
        in run(tmp_path, "diff", key=None).out
    )
    assert "2 to delete" in run(tmp_path, "diff", "--prune", key=None).out


def test_diff_finds_the_commit_from_any_folder_and_for_any_path(tmp_path: Path) -> None:
    repository, below = tmp_path / "repository", tmp_path / "repository" / "pricing"
    below.mkdir(parents=True)
    included = {
        "commet.yaml": YAML.replace("version: 1\n", "version: 1\ninclude: [./more.yaml]\n"),
        "more.yaml": "version: 1\n",
    }
    for name, text in included.items():
        (below / name).write_text(text)
    git(repository, "init", "-q")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "catalog")
    git(repository, "worktree", "add", "-q", str(tmp_path / "tree"))
    tree = tmp_path / "tree" / "pricing"
    (tmp_path / "link").symlink_to(tree)
    for folder in (below, tree):
        (folder / "commet.yaml").write_text(included["commet.yaml"].replace("49.00", "59.00"))
        (folder / "deeper").mkdir()
    cases = [
        (repository, [str(below / "commet.yaml")], {}),
        (repository, ["pricing/commet.yaml"], {}),
        (repository, ["git:HEAD", str(below / "commet.yaml")], {}),
        (repository, [f"git:HEAD:{below}/commet.yaml", "pricing/commet.yaml"], {}),
        (repository, ["git:HEAD:./pricing/commet.yaml", "pricing/commet.yaml"], {}),
        (below, [], {}),
        (below, ["git:HEAD"], {}),
        (below / "deeper", ["../commet.yaml"], {}),
        (below / "deeper", ["git:HEAD:../commet.yaml", "../commet.yaml"], {}),
        (tmp_path, ["repository/pricing/commet.yaml"], {}),
        (tmp_path, [str(tree / "commet.yaml")], {}),
        (tree, [], {}),
        (tree / "deeper", [str(tree / "commet.yaml")], {}),
        (repository, [str(tree / "commet.yaml")], {}),
        (tmp_path / "link", [], {}),
        (tmp_path, [str(tmp_path / "link" / "commet.yaml")], {}),
        # What a hook of git finds in its environment.
        (repository, ["pricing/commet.yaml"], {"GIT_DIR": ".git"}),
        (below, [], {"GIT_DIR": str(repository / ".git")}),
    ]
    for folder, words, env in cases:
        ended = run(folder, "diff", *words, key=None, env=env)
        assert (ended.code, "price  49.00 → 59.00 USD" in ended.out) == (0, True), (folder, words, ended)


def test_diff_reads_a_folder_that_only_the_commit_has(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    committed(tmp_path)
    (tmp_path / "commet.yaml").rename(tmp_path / "gone" / "commet.yaml")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "moved")
    shutil.rmtree(tmp_path / "gone")
    for path in ("gone/commet.yaml", str(tmp_path / "gone" / "commet.yaml")):
        assert "5 to create" in run(tmp_path, "diff", "/dev/null", f"git:HEAD:{path}", key=None).out


def test_an_include_of_a_commit_follows_no_link_of_the_disk(tmp_path: Path) -> None:
    elsewhere, here = tmp_path / "elsewhere", tmp_path / "here"
    for folder in (elsewhere, here):
        folder.mkdir()
    committed(elsewhere, "version: 1\nplans: {secret: {name: Secret}}\n")
    committed(here, "version: 1\ninclude: [link/commet.yaml]\n")
    (here / "link").symlink_to(elsewhere)
    ended = run(here, "diff", "/dev/null", "git:HEAD", key=None)
    assert (ended.code, "Secret" in ended.out + ended.err) == (3, False)


def test_diff_shows_what_cannot_be_changed_as_blocked(tmp_path: Path) -> None:
    committed(tmp_path)
    write(
        tmp_path,
        YAML.replace("name: Team\n", "name: Team\n    is_free: true\n").replace("{monthly: {price: 99.00}}", "{}"),
    )
    ended = run(tmp_path, "diff", "--detailed-exitcode", key=None)
    assert ended.code == 2
    assert "! Plan (plan.team)" in ended.out


def test_diff_reports_a_broken_catalog_of_either_side_at_its_place(tmp_path: Path) -> None:
    committed(tmp_path, "version: 1\nplans: {pro: {}}\n")
    write(tmp_path)
    ended = run(tmp_path, "diff", key=None)
    assert (ended.code, ended.out) == (3, "")
    assert "\n  --> git:HEAD:commet.yaml:2:9   plans.pro.name\n" in ended.err


def test_diff_warns_of_the_new_side_and_strictly_refuses_it(tmp_path: Path) -> None:
    committed(tmp_path)
    write(tmp_path, YAML.replace("490.00", "890.00"))
    warned, strict = run(tmp_path, "diff", key=None), run(tmp_path, "diff", "--strict", key=None)
    assert (warned.code, strict.code) == (0, 3)
    assert "warning[yearly_dearer]: " in warned.err
    assert "\n  --> commet.yaml:6:" in warned.err


def test_a_file_alone_is_compared_with_the_last_commit(tmp_path: Path) -> None:
    committed(tmp_path)
    write(tmp_path, RAISED)
    alone = run(tmp_path, "diff", "commet.yaml", key=None)
    assert alone.out == run(tmp_path, "diff", key=None).out
    assert "2 to update" in alone.out


def test_a_revision_that_is_taken_for_a_file_is_understood(tmp_path: Path) -> None:
    committed(tmp_path)
    ended = run(tmp_path, "diff", "HEAD", "commet.yaml", key=None)
    assert (ended.code, ended.err) == (1, "error: HEAD does not exist\nhint: did you mean `git:HEAD`?\n")


def test_the_hint_of_a_saved_plan_works_as_it_stands(tmp_path: Path) -> None:
    write(tmp_path, YAML)
    saved = run(tmp_path, "plan", "--local", "own.db", "--out", "plan.json", key=None)
    hint = saved.out.splitlines()[-1].partition("this: ")[2]
    assert hint == "commetctl apply plan.json --local=own.db"
    assert run(tmp_path, *hint.split()[1:], "--yes", key=None).code == 0
