"""One JSON document on stdout, whatever happens, and the key in none of it."""

from pathlib import Path
from typing import Any

import pytest

from cli.hostile import EMPTY, Reply, hostile
from cli.running import KEY, YAML, run, started, write
from commetctl.render.json_output import schema

PLANS = YAML + "plans:\n  pro: {name: Pro, prices: {monthly: {price: 5}}}\n"


def test_the_schema_requires_what_programs_rely_on() -> None:
    """Taking a key away from this table breaks every reader, and is a new format version."""
    parts: dict[str, Any] = schema()["$defs"]
    assert schema()["properties"]["format_version"]["const"] == 1
    assert schema()["required"] == ["format_version", "command", "ok", "exit_code", "diagnostics"]
    required = {name: set(part["required"]) for name, part in parts.items() if "required" in part}
    assert required == {
        "target": {"api_url", "api_version", "livemode"},
        "plan": {"id", "config_digest", "live_digest", "summary", "changes", "blocked", "unmanaged"},
        "field": {"path", "before", "after"},
        "request": {"method", "path"},
        "change": {"address", "action", "fields", "effects", "depends_on", "requests"},
        "effect": {"when", "text"},
        "impact": {"unknown", "monthly_revenue", "revenue", "uncounted", "doubts", "touched"},
        "range": {"low", "high"},
        "currency_revenue": {"currency", "before", "after", "change", "percent", "estimated"},
        "revenue": {"low", "high", "currency"},
        "blocked": {"address", "action", "fields", "reason", "hint"},
        "outcome": {"address", "action", "outcome", "error"},
        "error": {"code", "message"},
        "diagnostic": {"severity", "code", "message", "hint"},
        "purchase": {"subscription", "pack", "credits", "before", "after"},
        "reading": {"summary", "headlines", "lines", "words", "next"},
        "headline": {"address", "text"},
        "line": {
            "address",
            "path",
            "action",
            "what",
            "before",
            "after",
            "gone",
            "change",
            "when",
            "whom",
            "first",
            "last",
            "where",
        },
        "scheduled": {
            *("file", "effective", "existing", "announced", "notice", "why", "customers", "first_bill", "last_bill"),
            *("plan_id", "refused", "changes", "blocked", "reading"),
        },
        "drifted": {"address", "action", "fields", "keep"},
        "run": {
            "run",
            "started",
            "finished",
            "ending",
            "followed_by",
            "saved_plan",
            "api_url",
            "api_version",
            "mode",
            "environment",
            "catalog",
            "planned",
            "applied",
        },
        "command": {
            *("name", "usage", "about", "details", "does", "arguments", "options", "exit_codes", "examples"),
            "result_schema",
        },
    }


def test_validate_plan_and_apply_write_one_document_each(tmp_path: Path) -> None:
    write(tmp_path, PLANS)
    validated = run(tmp_path, "validate", "--format", "json", key=None)
    assert validated.document["declared"] == {"feature": 1, "plan": 1, "plan_price": 1}
    planned = run(tmp_path, "plan", "--local", "--detailed-exitcode", "--format=json", key=None)
    assert (planned.code, planned.document["ok"], planned.err) == (2, True, "")
    assert planned.document["plan"]["summary"]["create"] == 3
    assert planned.document["target"] == {
        "api_url": "local:.commet/local.db", "api_version": "2026-08-27", "livemode": False
    }  # fmt: skip
    applied = run(tmp_path, "apply", "--local", "--yes", "--format", "json", key=None)
    assert (applied.code, applied.err) == (0, "")
    assert {item["outcome"] for item in applied.document["outcomes"]} == {"applied"}
    assert applied.document["plan"]["id"] == planned.document["plan"]["id"]


FAILURES = {
    "an invalid catalog": (["validate", "-f", "bad.yaml"], 3, ["unknown_key"], "validate"),
    "no catalog": (["plan", "-f", "none.yaml"], 1, ["no_file"], "plan"),
    "no terminal": (["apply", "--local"], 4, ["not_confirmed"], "apply"),
    "no such target": (["plan", "--local", "--target", "plan.x"], 1, ["unknown_target"], "plan"),
    "no server": (["plan", "--retries", "0", "--api-url", "http://127.0.0.1:1"], 1, ["unreachable"], "plan"),
    "no encryption": (["apply", "--yes", "--api-url", "http://commet.co"], 1, ["bad_url"], "apply"),
    "no such option": (["plan", "--bogus"], 64, ["usage"], "plan"),
    "no such command": (["bogus"], 64, ["usage"], ""),
    "no argument": (["packs", "purchase"], 64, ["usage"], "packs purchase"),
    "no such choice": (["plan", "--api-version", "1999"], 64, ["usage"], "plan"),
    "no such pack": (["packs", "purchase", "sub_1", "x", "--local"], 1, ["unknown_pack"], "packs purchase"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_every_failure_is_one_document_too_and_holds_no_key(tmp_path: Path, name: str) -> None:
    write(tmp_path)
    (tmp_path / "bad.yaml").write_text("version: 1\nbogus: 1\n")
    words, code, errors, said = FAILURES[name]
    ended = run(tmp_path, *words, "--format", "json")
    assert (ended.code, ended.errors, ended.document["command"]) == (code, errors, said)
    assert ended.err == ""
    assert KEY not in ended.out


def page(*rows: Any) -> Reply:
    return Reply({"object": "list", "data": list(rows), "hasMore": False})


PRICE = {"id": "prc_1", "billingInterval": "monthly", "price": 500, "isDefault": True}
PLAN = {"id": "pln_1", "code": "pro", "name": "Pro", "isPublic": False, "isFree": False, "features": []}
LISTS = {
    "no list": (Reply([]), 1, "not_a_list"),
    "nested deeply": (Reply(b"[" * 200_000), 1, "not_json"),
    "broken": (Reply('{"data": ['), 1, "not_json"),
    "a web page": (Reply("<html>", headers={"content-type": "text/html"}), 1, "not_json"),
    "numbers for rows": (page(1, 2), 1, "not_a_list"),
    "a feature without a code": (page({"id": "ftr_1"}), 1, "unexpected_answer"),
    "no cursor": (Reply({"data": [{}], "hasMore": True}), 1, "incomplete_list"),
    "a key refused and repeated": (Reply({"error": {"message": f"bad key {KEY}"}}, 401), 6, "unauthorized"),
    "a redirect with the key": (Reply("", 302, {"location": f"https://x.invalid/{KEY}"}), 1, "redirect"),
    "a plan without a code": ({"id": "pln_1"}, 1, "unexpected_answer"),
    "a plan with text for prices": (PLAN | {"prices": "x"}, 4, "blocked"),
    "a price of text": (PLAN | {"prices": [PRICE | {"price": "5"}]}, 4, "blocked"),
    "a price of half cents": (PLAN | {"prices": [PRICE | {"price": 12.5}]}, 4, "blocked"),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_server_that_answers_nonsense_is_an_error_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    write(tmp_path, PLANS)
    reply, code, error = LISTS[name]

    def answer(_method: str, path: str) -> Reply:
        if isinstance(reply, Reply):
            return reply
        return page(reply) if path.startswith("/plans") else EMPTY

    with hostile(answer) as server:
        ended = run(tmp_path, "apply", "--yes", "--retries", "0", "--api-url", server.url, "--format", "json")
    assert ended.errors == [error]
    assert ended.code == code
    assert KEY not in ended.out + ended.err
    assert server.requests
    assert server.writes == []


def test_terminal_escapes_of_a_server_are_written_out(tmp_path: Path) -> None:
    write(tmp_path)
    error = {"code": "\x1b[1m", "message": "\x1b[31mred\x07", "doc_url": "\x9b2J"}
    with hostile(Reply({"error": error}, 500)) as server:
        ended = run(tmp_path, "plan", "--color", "--retries", "0", "--api-url", server.url)
    # The labels alone are painted.
    said = "GET /features answered 500 \\x1b[1m: \\x1b[31mred\\x07"
    assert ended.err == f"\x1b[1;31merror:\x1b[0m {said}\n\x1b[2msee:\x1b[0m \\x9b2J\n"


def test_an_api_error_keeps_its_address_for_support_in_text_and_in_json(tmp_path: Path) -> None:
    write(tmp_path)
    error = {"code": "price_in_use", "message": "no", "doc_url": "https://docs.invalid/x"}
    with hostile(Reply({"error": error}, 409, {"x-request-id": "req_7"})) as server:
        text = run(tmp_path, "plan", "--api-url", server.url)
        (diagnostic,) = run(tmp_path, "plan", "--api-url", server.url, "--format", "json").document["diagnostics"]
    assert text.err.splitlines() == [
        "error: GET /features answered 409 price_in_use: no",
        "hint: customers or other prices depend on it; Commet refuses to remove it",
        "request id: req_7",
        "see: https://docs.invalid/x",
    ]
    assert diagnostic == {
        "severity": "error",
        "code": "price_in_use",
        "message": "GET /features answered 409 price_in_use: no",
        "hint": "customers or other prices depend on it; Commet refuses to remove it",
        "status": 409,
        "request_id": "req_7",
        "doc_url": "https://docs.invalid/x",
    }


@pytest.mark.process
def test_a_bug_is_one_sentence_and_a_log_without_the_key(tmp_path: Path) -> None:
    """A library that is not what it should be is the bug here."""
    write(tmp_path)
    (tmp_path / "logs").mkdir()
    (tmp_path / "deepdiff.py").write_text("raise AssertionError\n")
    env = {"TMPDIR": str(tmp_path / "logs"), "PYTHONPATH": str(tmp_path)}
    with hostile(page({"id": "f", "code": "calls", "name": "Other", "type": "usage"})) as server:
        ended = started(tmp_path, "plan", "--format", "json", "--api-url", server.url, env=env)
    assert (ended.code, ended.errors) == (70, ["bug"])
    (log,) = (tmp_path / "logs").iterdir()
    assert "AssertionError" in log.read_text("utf-8")
    assert KEY not in log.read_text("utf-8") + ended.out + ended.err
    assert str(log) in ended.document["diagnostics"][0]["hint"]
