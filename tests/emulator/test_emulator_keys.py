"""API keys: accounts and permissions; idempotency keys: replays, mismatches, requests in flight, the 24 hours."""

import sqlite3
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from commetctl.emulator import create_app
from commetctl.emulator.keys import authenticate
from commetctl.emulator.wire import utc_now
from emulator.client import Api
from emulator.conftest import MakeApi

BODY = {"name": "Pro", "code": "pro"}


@pytest.mark.parametrize(
    ("key", "live"),
    [("ck_live_1", True), ("rk_live_1", True), ("ck_sandbox_1", False), ("rk_sandbox_1", False), ("ck_1", False)],
)
def test_a_key_opens_the_live_or_the_sandbox_account(key: str, live: bool) -> None:
    assert authenticate(key).livemode == live


@pytest.mark.parametrize("key", ["rk_sandbox_x", "ck_sandbox_x", "ck_sandbox_x.feature:r"])
def test_full_keys_may_do_everything(api: Api, key: str) -> None:
    api.with_key(key).plan()


def test_a_restricted_key_may_do_what_it_grants(each: Api) -> None:
    key = each.with_key("rk_sandbox_x.plan:rw,feature:r")
    key.plan()
    key.ok("GET", "/features")
    body = {"name": "A", "code": "a", "type": "usage"}
    assert key.refused("POST", "/features", body) == (403, "forbidden")
    assert "feature:write" in key.write("POST", "/features", body).json()["error"]["message"]
    assert key.refused("GET", "/credit-packs") == (403, "forbidden")
    assert each.with_key("rk_sandbox_x.").refused("GET", "/plans") == (403, "forbidden")
    assert each.with_key("rk_sandbox_x.nonsense").refused("GET", "/plans") == (403, "forbidden")


def test_the_same_request_is_answered_from_the_store(each: Api) -> None:
    keyed = each.with_headers(Idempotency_Key="k1")
    first, second = keyed.write("POST", "/plans", BODY), keyed.write("POST", "/plans", BODY)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert len(each.ok("GET", "/plans")) == 1


def test_refusals_are_replayed_too(each: Api) -> None:
    keyed = each.with_headers(Idempotency_Key="k1")
    each.plan("pro")
    assert keyed.refused("POST", "/plans", BODY) == (409, "duplicate")
    each.ok("DELETE", f"/plans/{each.ok('GET', '/plans/pro')['id']}")
    assert keyed.refused("POST", "/plans", BODY) == (409, "duplicate")
    each.ok("POST", "/plans", BODY)


def test_another_payload_or_operation_does_not_match(each: Api) -> None:
    keyed = each.with_headers(Idempotency_Key="k1")
    plan = keyed.ok("POST", "/plans", BODY)["id"]
    assert keyed.refused("POST", "/plans", {**BODY, "name": "X"}) == (409, "idempotency_key_mismatch")
    assert keyed.refused("PATCH", f"/plans/{plan}", BODY) == (409, "idempotency_key_mismatch")


def test_keys_belong_to_one_account(each: Api) -> None:
    keyed = each.with_headers(Idempotency_Key="k1")
    keyed.ok("POST", "/plans", BODY)
    assert keyed.with_key("ck_live_1").ok("POST", "/plans", BODY)["livemode"] is True
    assert keyed.with_key("ck_other").write("POST", "/plans", BODY).headers["idempotent-replayed"] == "true"


def test_a_key_has_no_effect_on_reads_and_deletes(each: Api) -> None:
    plan = each.plan()
    keyed = each.with_headers(Idempotency_Key="k1")
    keyed.ok("GET", "/plans")
    keyed.ok("DELETE", f"/plans/{plan}")
    assert keyed.refused("DELETE", f"/plans/{plan}") == (404, "plan_not_found")


def test_a_key_is_forgotten_after_a_day(api: Api) -> None:
    keyed = api.with_headers(Idempotency_Key="k1")
    keyed.ok("POST", "/plans", BODY)
    api.app.clock = lambda: utc_now() + timedelta(hours=23, minutes=59)
    assert keyed.write("POST", "/plans", BODY).headers["idempotent-replayed"] == "true"
    api.app.clock = lambda: utc_now() + timedelta(hours=24, minutes=1)
    assert keyed.refused("POST", "/plans", BODY) == (409, "duplicate")


def test_replays_keep_the_first_status(make_api: MakeApi) -> None:
    keyed = make_api(created_status="201").with_headers(Idempotency_Key="k1")
    assert [keyed.write("POST", "/plans", BODY).status_code for _ in range(2)] == [201, 201]


def test_a_request_in_flight_is_in_progress(tmp_path: Path) -> None:
    app = create_app(tmp_path / "local.db")
    keyed = Api(app).with_headers(Idempotency_Key="k1")
    blocker = sqlite3.connect(tmp_path / "local.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    answers: list[int] = []
    thread = threading.Thread(target=lambda: answers.append(keyed.write("POST", "/plans", BODY).status_code))
    thread.start()
    deadline = time.monotonic() + 5
    while not app._in_flight._keys and time.monotonic() < deadline:
        time.sleep(0.001)
    assert keyed.refused("POST", "/plans", BODY) == (409, "idempotency_in_progress")
    blocker.execute("ROLLBACK")
    blocker.close()
    thread.join()
    assert answers == [200]
    assert keyed.write("POST", "/plans", BODY).headers["idempotent-replayed"] == "true"
    app.close()
