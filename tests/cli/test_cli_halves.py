"""Steps that stop half way, what the next run of the same command does, and changes that nobody asked for."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cli.running import Ended, rows, run, send, write
from emulator.serving import Served, emulator_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

YAML = """\
version: 1
plans:
  pro:
    name: Pro
    prices:
      monthly: {price: 49, is_default: true, regional_prices: {brl: 249, eur: 45, jpy: 7200}}
      yearly: {price: 490, trial_days: 14}
"""
WITHOUT_BRL = YAML.replace("brl: 249, ", "")
REFUSAL = b'{"error": {"type": "x", "code": "price_in_use", "message": "no"}}'
BRL = ("--target", "regional_price.pro/monthly/brl")


@pytest.fixture
def commet() -> Iterator[Served]:
    with emulator_server(":memory:") as served:
        yield served


def apply(folder: Path, commet: Served, *words: str) -> Ended:
    return run(folder, "apply", "--yes", "--api-url", commet.url, "--retries", "0", "--format", "json", *words)


def made(folder: Path, commet: Served, yaml: str = YAML) -> None:
    write(folder, yaml)
    assert apply(folder, commet).code == 0


def currencies(commet: Served) -> dict[str, int]:
    (plan,) = rows(commet.url, "/plans?includePrivate=true")
    monthly = next(price for price in plan["prices"] if price["billingInterval"] == "monthly")
    return {row["currency"]: row["price"] for row in monthly["regionalPrices"]}


def outcomes(ended: Ended) -> dict[str, str]:
    return {item["address"]: item["outcome"] for item in ended.document["outcomes"]}


def failing(commet: Served, method: str, ending: str, status: str, times: int = 1) -> Callable[[], None]:
    """Let requests fail before they arrive; what ends that."""
    inner, left = commet.app, [times]

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == method and environ["PATH_INFO"].endswith(ending) and left[0]:
            left[0] -= 1
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(REFUSAL)))])
            return [REFUSAL]
        return inner(environ, start_response)

    commet.app = application

    def end() -> None:
        commet.app = inner

    return end


def altering(commet: Served, alter: Callable[[str, str, Any], None]) -> None:
    """Let answers be altered on the way back: `alter` gets the method, the path and the content."""
    inner = commet.app

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        said: list[Any] = []
        body = b"".join(inner(environ, lambda status, headers, error=None: said.append((status, headers))))  # type: ignore[arg-type]  # what the emulator calls of it
        content = json.loads(body)
        alter(environ["REQUEST_METHOD"], environ["PATH_INFO"], content)
        changed = json.dumps(content).encode()
        ((status, headers),) = said
        kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
        start_response(status, [*kept, ("Content-Length", str(len(changed)))])
        return [changed]

    commet.app = application


@pytest.mark.parametrize("status", ["409 Conflict", "503 Service Unavailable"])
@pytest.mark.parametrize("words", [(), BRL])
def test_what_a_step_cleared_and_did_not_write_back_is_told_and_put_right(
    tmp_path: Path, commet: Served, status: str, words: tuple[str, ...]
) -> None:
    made(tmp_path, commet)
    write(tmp_path, WITHOUT_BRL)
    failing(commet, "PUT", "/regional", status)
    ended = apply(tmp_path, commet, *words)
    assert ended.code == 5
    assert currencies(commet) == {}
    found = {item["address"]: item for item in ended.document["outcomes"]}
    assert found["regional_price.pro/monthly/brl"]["outcome"] == "applied"
    for currency in ("eur", "jpy"):
        item = found[f"regional_price.pro/monthly/{currency}"]
        assert (item["action"], item["outcome"], item["error"]["code"]) == ("delete", "failed", "half_done")
    # The same command again ends where an undisturbed run does.
    again = apply(tmp_path, commet, *words)
    assert again.code == 0
    assert currencies(commet) == {"eur": 4500, "jpy": 7200}
    assert "partly_applied" in ended.errors


def test_a_run_with_targets_writes_back_what_commet_had_and_not_what_the_file_says(
    tmp_path: Path, commet: Served
) -> None:
    made(tmp_path, commet)
    write(tmp_path, WITHOUT_BRL.replace("eur: 45", "eur: 47"))
    failing(commet, "PUT", "/regional", "409 Conflict")
    assert apply(tmp_path, commet, *BRL).code == 5
    planned = run(tmp_path, "plan", "--api-url", commet.url, *BRL)
    assert "+ Monthly price in EUR  45.00 EUR" in planned.out
    assert "an earlier run of this command cleared this and was interrupted" in " ".join(planned.out.split())
    assert apply(tmp_path, commet, *BRL).code == 0
    assert currencies(commet) == {"eur": 4500, "jpy": 7200}


def test_another_target_writes_nothing_back(tmp_path: Path, commet: Served) -> None:
    made(tmp_path, commet)
    write(tmp_path, WITHOUT_BRL.replace("490", "491"))
    failing(commet, "PUT", "/regional", "409 Conflict")
    assert apply(tmp_path, commet, *BRL).code == 5
    assert outcomes(apply(tmp_path, commet, "--target", "plan_price.pro/yearly")) == {
        "plan_price.pro/yearly": "applied"
    }
    assert currencies(commet) == {}


def test_what_nobody_asked_for_is_named_when_it_is_read_back(tmp_path: Path, commet: Served) -> None:
    made(tmp_path, commet)
    wrote: list[str] = []

    def alter(method: str, path: str, content: Any) -> None:
        wrote.extend([path] if method == "PATCH" else [])
        for plan in content["data"] if wrote and path.endswith("/plans") else ():
            for price in plan["prices"]:
                if price["billingInterval"] == "yearly":
                    price.update(price=4900000, trialDays=0)

    altering(commet, alter)
    write(tmp_path, YAML.replace("price: 49,", "price: 55,"))
    ended = apply(tmp_path, commet)
    assert (ended.code, outcomes(ended)) == (5, {"plan_price.pro/monthly": "applied"})
    (beside,) = (item for item in ended.document["diagnostics"] if item["code"] == "changed_beside")
    assert beside["address"] == "plan_price.pro/yearly"
    assert "`price` 490.00 → 49000.00 USD" in beside["message"]


def test_what_appears_and_what_is_gone_while_a_run_is_under_way_is_named(tmp_path: Path, commet: Served) -> None:
    made(tmp_path, commet, YAML + "  old: {name: Old}\n")
    (old,) = (row for row in rows(commet.url, "/plans?includePrivate=true") if row["code"] == "old")
    wrote: list[str] = []

    def alter(method: str, path: str, content: Any) -> None:
        if method == "PATCH" and not wrote:
            wrote.append(path)
            send(commet.url, "POST", "/plans", {"code": "new", "name": "New"})
            send(commet.url, "DELETE", f"/plans/{old['id']}")

    altering(commet, alter)
    write(tmp_path, YAML.replace("price: 49,", "price: 55,") + "  old: {name: Old}\n")
    ended = apply(tmp_path, commet)
    told = {item["address"]: item["message"] for item in ended.document["diagnostics"] if item["severity"] == "error"}
    assert ended.code == 5
    assert told["plan.new"].endswith("it is new")
    assert told["plan.old"].endswith("it is gone")


@pytest.mark.parametrize(
    ("method", "ending", "changed"),
    [
        ("PATCH", "", {"id": "pp_other"}),
        ("PATCH", "", {"planId": "pln_other"}),
    ],
)
def test_an_answer_about_another_object_confirms_nothing(
    tmp_path: Path, commet: Served, method: str, ending: str, changed: dict[str, str]
) -> None:
    made(tmp_path, commet)

    def alter(verb: str, path: str, content: Any) -> None:
        if verb == method and path.endswith(ending):
            content.update(changed)

    altering(commet, alter)
    write(tmp_path, YAML.replace("price: 49,", "price: 55,"))
    ended = apply(tmp_path, commet)
    assert ended.code == 1
    assert "another_object" in ended.errors
    assert outcomes(ended) == {"plan_price.pro/monthly": "failed"}


def test_a_creation_that_is_answered_with_the_id_of_something_else_is_no_success(
    tmp_path: Path, commet: Served
) -> None:
    made(tmp_path, commet)
    (plan,) = rows(commet.url, "/plans?includePrivate=true")
    monthly = next(price["id"] for price in plan["prices"] if price["billingInterval"] == "monthly")

    def alter(verb: str, path: str, content: Any) -> None:
        if verb == "POST" and path.endswith("/prices"):
            content["id"] = monthly

    altering(commet, alter)
    write(tmp_path, YAML + "      weekly: {price: 15}\n")
    ended = apply(tmp_path, commet)
    assert "another_object" in ended.errors
    assert outcomes(ended) == {"plan_price.pro/weekly": "failed"}


def test_a_saved_plan_that_stopped_half_way_is_completed_by_the_same_command(tmp_path: Path, commet: Served) -> None:
    made(tmp_path, commet)
    write(tmp_path, WITHOUT_BRL)
    assert run(tmp_path, "plan", "--api-url", commet.url, "--out", "plan.json", *BRL).code == 0
    failing(commet, "PUT", "/regional", "409 Conflict")
    assert apply(tmp_path, commet, "plan.json", *BRL).code == 5
    assert apply(tmp_path, commet, "plan.json", *BRL).code == 0
    assert currencies(commet) == {"eur": 4500, "jpy": 7200}
