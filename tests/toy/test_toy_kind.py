"""A kind is one module and one line: coupons, which only the tests have, in every command."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cli.running import Ended, rows, run, send, write
from commetctl import kinds
from commetctl.core.contract import Route
from commetctl.emulator import RESOURCES
from emulator.serving import Served, emulator_server
from toy.toy_kind import COUPONS
from toy.toy_server import COUPONS as SERVED

YAML = """\
version: 1

features:
  calls: {name: Calls, type: usage}

coupons:
  # The sale of the year.
  SUMMER:
    name: Summer sale
    feature: calls
    expires_at: "2026-12-01T00:00:00Z"
    terms:
      - {kind: percent, percent: 12.5}
      - {kind: amount, amounts: {usd: 5.00, eur: 4.50}}
      - {kind: months, count: 3}
    tags: [summer, web]
  PLAIN: {name: Plain, terms: [{kind: months, count: 1}]}
"""


@pytest.fixture
def commet(known: None, tmp_path: Path) -> Iterator[Served]:
    """A Commet that has them too."""
    with emulator_server(tmp_path / "commet.db", resources=(*RESOURCES, SERVED)) as served:
        yield served


def succeeds(folder: Path, *arguments: str, code: int = 0) -> Ended:
    ended = run(folder, *arguments)
    assert ended.code == code, (arguments, ended.out, ended.err)
    return ended


def test_it_is_planned_applied_and_changed(commet: Served, tmp_path: Path) -> None:
    write(tmp_path, YAML)
    at = ("--api-url", commet.url)

    assert "valid" in succeeds(tmp_path, "validate", "--strict").out

    planned = succeeds(tmp_path, "plan", *at)
    assert "+ Summer sale" in planned.out
    assert "4.50 EUR" in planned.out
    assert "no customer has it yet" in planned.out
    succeeds(tmp_path, "apply", "--yes", *at)
    assert "No changes" in succeeds(tmp_path, "plan", "--detailed-exitcode", *at).out
    (summer,) = [row for row in rows(commet.url, "/coupons") if row["code"] == "SUMMER"]
    assert summer["feature"]["code"] == "calls"
    assert summer["tags"] == ["summer", "web"]
    assert summer["terms"][1]["amounts"] == [
        {"currency": "usd", "amount": 500},
        {"currency": "eur", "amount": 450},
    ]

    # An update sends every field; the order of tags counts; one amount of one currency moves.
    write(tmp_path, YAML.replace("[summer, web]", "[web, summer]").replace("eur: 4.50", "eur: 4.00"))
    planned = succeeds(tmp_path, "plan", *at)
    assert "~ Summer sale" in planned.out
    assert "customers with it keep its old terms" in planned.out
    succeeds(tmp_path, "apply", "--yes", *at)
    (changed,) = [row for row in rows(commet.url, "/coupons") if row["code"] == "SUMMER"]
    assert changed["tags"] == ["web", "summer"]
    assert changed["terms"][1]["amounts"][1] == {"currency": "eur", "amount": 400}
    assert changed["feature"] == summer["feature"]
    assert changed["expiresAt"] == summer["expiresAt"]


def test_a_pull_takes_over_what_another_client_changed(commet: Served, tmp_path: Path) -> None:
    at = ("--api-url", commet.url)
    write(tmp_path, YAML)
    succeeds(tmp_path, "apply", "--yes", *at)
    (summer,) = [row for row in rows(commet.url, "/coupons") if row["code"] == "SUMMER"]

    # What another client changes is a difference, and a pull takes it over, comments kept.
    kept = {"name": "Sale", "featureId": summer["feature"]["id"], "terms": [], "tags": ["a"]}
    send(commet.url, "PATCH", f"/coupons/{summer['id']}", kept)
    succeeds(tmp_path, "plan", "--detailed-exitcode", *at, code=2)
    succeeds(tmp_path, "pull", "--yes", *at)
    pulled = (tmp_path / "commet.yaml").read_text("utf-8")
    assert "name: Sale" in pulled
    assert "# The sale of the year." in pulled
    assert "expires_at" not in pulled
    succeeds(tmp_path, "plan", "--detailed-exitcode", *at)


def test_one_that_leaves_the_file_is_deactivated(commet: Served, tmp_path: Path) -> None:
    at = ("--api-url", commet.url)
    write(tmp_path, YAML)
    succeeds(tmp_path, "apply", "--yes", *at)

    # One that leaves the file is deactivated with `--prune`, and reads as none; declared again, it is active again.
    write(tmp_path, YAML.partition("  PLAIN")[0])
    assert "deactivated" in succeeds(tmp_path, "plan", "--prune", *at).out
    succeeds(tmp_path, "apply", "--yes", "--prune", "--allow", "deletes", *at)
    assert [row["isActive"] for row in rows(commet.url, "/coupons") if row["code"] == "PLAIN"] == [False]
    succeeds(tmp_path, "plan", "--prune", "--detailed-exitcode", *at)

    write(tmp_path, YAML)
    assert "customers can use it again" in succeeds(tmp_path, "plan", *at).out
    succeeds(tmp_path, "apply", "--yes", *at)
    assert all(row["isActive"] for row in rows(commet.url, "/coupons"))
    succeeds(tmp_path, "plan", "--detailed-exitcode", *at)

    # A new catalog from the account says the same.
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    succeeds(fresh, "pull", "--yes", *at)
    succeeds(fresh, "plan", "--detailed-exitcode", *at)
    assert "SUMMER" in (fresh / "commet.yaml").read_text("utf-8")


def test_one_that_is_not_active_keeps_its_name(commet: Served, tmp_path: Path) -> None:
    at = ("--api-url", commet.url)
    write(tmp_path, YAML)
    succeeds(tmp_path, "apply", "--yes", *at)
    write(tmp_path, YAML.partition("  PLAIN")[0])
    succeeds(tmp_path, "apply", "--yes", "--prune", "--allow", "deletes", *at)

    write(tmp_path, YAML.replace("PLAIN:", "NEW:"))
    planned = succeeds(tmp_path, "plan", *at).out
    assert "coupon.PLAIN, which is inactive, has the name `Plain`" in planned
    assert succeeds(tmp_path, "apply", "--yes", *at, code=4).err.count("blocked") == 1


def test_commands_without_an_account_know_it(known: None, tmp_path: Path) -> None:
    file = write(tmp_path, YAML)

    written = json.loads(succeeds(tmp_path, "schema").out)
    unmanaged = "Without this section, its objects are unmanaged; an empty one declares that there are none."
    assert written["properties"]["coupons"]["description"] == f"Coupons, by code. {unmanaged}"
    assert "coupons" in json.loads(succeeds(tmp_path, "schema", "--overlay").out)["properties"]
    assert "deactivat" not in succeeds(tmp_path, "explain").out
    assert "coupons.CODE" in succeeds(tmp_path, "explain").out
    told = succeeds(tmp_path, "explain", "coupon").out
    assert "no customer has it yet" in told
    assert "coupon.SUMMER" in told
    assert "keep its old terms" in succeeds(tmp_path, "explain", "coupon.terms").out
    assert "yes, as `featureId`" in succeeds(tmp_path, "explain", "coupon.feature").out
    completed = run(
        tmp_path,
        env={
            "_COMMETCTL_COMPLETE": "bash_complete",
            "COMP_WORDS": "commetctl plan --target coupon.",
            "COMP_CWORD": "3",
        },
    )
    assert "coupon.SUMMER" in completed.out

    write(
        tmp_path,
        YAML.replace("name: Summer sale", "name:   Summer sale").replace("tags: [summer, web]", "tags:   [summer,web]"),
    )
    assert run(tmp_path, "fmt", "--check").code
    succeeds(tmp_path, "fmt")
    assert file.read_text("utf-8") == YAML
    succeeds(tmp_path, "fmt", "--check")
    assert "# The sale of the year." in file.read_text("utf-8")
    other = tmp_path / "other.yaml"
    other.write_text(YAML.replace("percent: 12.5", "percent: 15").partition("  PLAIN")[0], encoding="utf-8")
    compared = succeeds(tmp_path, "diff", "commet.yaml", "other.yaml", "--prune")
    assert "- Plain" in compared.out
    assert "15" in compared.out

    (tmp_path / "commet.test.yaml").write_text(
        "version: 1\ncoupons:\n  SUMMER: {tags: [test], terms: []}\n  PLAIN: null\n", encoding="utf-8"
    )
    overlaid = succeeds(tmp_path, "validate", "--env", "test")
    assert "takes nothing off" in overlaid.out + overlaid.err

    page = succeeds(tmp_path, "preview", "--base", "other.yaml", "--out", "-").out
    assert "PLAIN" in page or "Plain" in page
    assert "coupon" in succeeds(tmp_path, "help", "addresses").out


WRONG = """\
version: 1
features: {}
coupons:
  summer: {name: One, terms: [{kind: months, count: 1}]}
  A: {name: Two, feature: none, terms: [{kind: percent, percent: 1, count: 2}]}
  B: {name: Three, terms: [{kind: weeks}]}
  C: {name: Four, expires_at: "2026-12-01", terms: [{kind: amount, amounts: {usd: -1}}]}
  D: {name: Five, expires_at: tomorrow, tags: [1], terms: [{kind: months, count: 1}]}
  E: {name: Five, terms: [{kind: months}]}
"""


def test_all_its_mistakes_are_told_at_once_with_their_places(known: None, tmp_path: Path) -> None:
    write(tmp_path, WRONG)
    told = run(tmp_path, "validate", "--format", "json").document
    found = [(item["code"], item["line"]) for item in told["diagnostics"]]
    lines = {code: {line for other, line in found if other == code} for code, _ in found}
    assert lines["bad_code"] == {4}
    assert lines["unknown_reference"] == {5}
    assert lines["unknown_key"] == {5}
    assert {6, 7, 8, 9} <= set().union(*lines.values())
    assert lines["duplicate_name"] == {9}
    assert lines["missing_key"] == {9}


def test_a_version_without_it_says_so_at_the_line(commet: Served, tmp_path: Path) -> None:
    write(tmp_path, YAML)
    old = ("--api-version", "2026-07-11")
    told = run(tmp_path, "validate", *old)
    assert told.code == 3, told
    assert "commet.yaml:6:1" in told.err
    assert "2026-07-11" in told.err
    without = YAML.partition("coupons:")[0]
    write(tmp_path, without)
    succeeds(tmp_path, "validate", *old)
    succeeds(tmp_path, "apply", "--yes", "--api-url", commet.url, *old)
    succeeds(tmp_path, "plan", "--detailed-exitcode", "--prune", "--api-url", commet.url, *old)
    succeeds(tmp_path, "diff", "/dev/null", "commet.yaml", *old)
    pulled = tmp_path / "pulled"
    pulled.mkdir()
    succeeds(pulled, "pull", "--yes", "--api-url", commet.url, *old)


def test_the_doctor_reads_it(commet: Served, tmp_path: Path) -> None:
    write(tmp_path, YAML)
    told = run(tmp_path, "doctor", "--api-url", commet.url)
    assert "read coupons" in told.out


def test_deleting_what_it_refers_to_waits(commet: Served, tmp_path: Path) -> None:
    at = ("--api-url", commet.url)
    write(tmp_path, YAML)
    succeeds(tmp_path, "apply", "--yes", *at)
    write(tmp_path, YAML.replace("    feature: calls\n", "").replace("  calls: {name: Calls, type: usage}\n", "  {}\n"))
    planned = json.loads(succeeds(tmp_path, "plan", "--prune", "--format", "json", *at).out)
    (feature,) = [item for item in planned["plan"]["changes"] if item["address"] == "feature.calls"]
    assert feature["action"] == "delete"
    assert feature["depends_on"] == ["coupon.SUMMER"]


def test_each_object_is_read_by_itself_where_the_list_does_not_say_all(commet: Served, tmp_path: Path) -> None:
    at = ("--api-url", commet.url)
    write(tmp_path, YAML)
    succeeds(tmp_path, "apply", "--yes", *at)
    each = COUPONS.routes._replace(each=Route("GET", "/coupons/{id}", COUPONS.routes.list.otherwise))
    kinds.SECTIONS[kinds.SECTIONS.index(COUPONS)] = replaced = replace(COUPONS, routes=each)
    try:
        commet.requests.clear()
        succeeds(tmp_path, "plan", "--detailed-exitcode", *at)
    finally:
        kinds.SECTIONS[kinds.SECTIONS.index(replaced)] = COUPONS
    asked = [request for request in commet.requests if "/coupons" in request]
    ids = [row["id"] for row in rows(commet.url, "/coupons")]
    assert asked[0].endswith("/coupons")
    assert sorted(request.rpartition("/")[2] for request in asked[1:]) == sorted(ids)
