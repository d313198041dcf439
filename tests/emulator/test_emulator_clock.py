"""The clock that can be moved: the emulator's own, by the command line, and the test clock of the sandbox."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest

from cli.running import run
from commetctl.core import exits
from commetctl.emulator import Emulator, EmulatorError, create_app, with_faults
from commetctl.emulator.wire import parse_time
from emulator.client import NEW, OLD, Api
from emulator.serving import emulator_server

START = datetime(2026, 11, 30, 14, 22, tzinfo=UTC)
LIVE = "ck_live_1"


@pytest.fixture
def app() -> Iterator[Emulator]:
    with closing(create_app(":memory:")) as app:
        app.clock = lambda: START
        yield app


def dated(answer: httpx.Response) -> datetime:
    (date,) = answer.headers.get_list("Date")
    return parsedate_to_datetime(date)


def test_every_answer_has_the_date_of_the_clock(app: Emulator) -> None:
    api = Api(app)
    for answer in (api.send("GET", "/plans"), api.send("GET", "/nowhere"), api.with_key("none").send("GET", "/plans")):
        assert dated(answer) == START
    app.move_clock(datetime(2027, 1, 1, tzinfo=UTC))
    faulty = with_faults(app, ["503@3", "504@4", "429@5"])
    answers = [Api(app, through=faulty).send("GET", path) for path in ("/plans", "/nowhere", "/plans", "/plans", "/")]
    assert [answer.status_code for answer in answers] == [200, 404, 503, 504, 429]
    assert {dated(answer) for answer in answers} == {datetime(2027, 1, 1, tzinfo=UTC)}


def test_the_served_date_is_there_once() -> None:
    with emulator_server(":memory:", faults=["500@3"]) as served, httpx.Client() as client:
        for path in ("/api/v1/test-clock", "/nowhere", "/api/v1/plans"):
            date = dated(client.get(served.url + path, headers={"x-api-key": "ck_sandbox_1"}))
            assert abs(date - datetime.now(UTC)) < timedelta(seconds=30)


def test_the_own_clock_ticks_on_and_only_forward(app: Emulator) -> None:
    target = datetime(2027, 1, 1, tzinfo=UTC)
    assert app.move_clock(target) == []
    app.clock = lambda: START + timedelta(hours=3)
    assert Api(app).ok("GET", "/test-clock")["now"] == "2027-01-01T03:00:00.000Z"
    assert Api(app).plan()
    assert Api(app).ok("GET", "/plans")[0]["createdAt"] == "2027-01-01T03:00:00.000Z"
    with pytest.raises(EmulatorError, match="at 2027-01-01 03:00 UTC; it only moves forward"):
        app.move_clock(target)
    with pytest.raises(EmulatorError, match="millennium"):
        app.move_clock(datetime(3000, 1, 1, tzinfo=UTC))
    assert app.now() == target + timedelta(hours=3)


def test_a_move_by_another_process_counts_at_once(tmp_path: Path) -> None:
    database = tmp_path / "a.db"
    with closing(create_app(database)) as app:
        api = Api(app)
        plan = api.plan()
        api.price(plan)
        for customer in ("a", "b"):
            api.subscribe(plan, customer, startDate="2999-01-01")
        assert api.ok("GET", "/test-clock")["isActive"] is False
        moved = run(tmp_path, "emulator", "--db", "a.db", "--clock", "2999-02-01T02:00+02:00")
        assert (moved.code, moved.out) == (exits.DONE, "The clock is at 2999-02-01 00:00 UTC; nothing was due.\n")
        assert dated(api.send("GET", "/nowhere")).year == 2999
        clock = api.ok("GET", "/test-clock")
        assert (clock["isActive"], clock["now"][:16], clock["simulatedTime"][:10]) == (
            True,
            "2999-02-01T00:00",
            "2999-02-01",
        )
    again = run(tmp_path, "emulator", "--db", "a.db", "--clock", "2999-02-02")
    assert again.out == "The clock is at 2999-02-02 00:00 UTC; 2 renewals were billed.\n"
    back = run(tmp_path, "emulator", "--db", "a.db", "--clock", "2999-01-01")
    assert (back.code, back.out) == (exits.FAILED, "")
    assert "it only moves forward, not to 2999-01-01 00:00 UTC" in back.err


@pytest.mark.parametrize(
    ("time", "problem"),
    [
        ("soon", "neither a date nor a time"),
        ("2027-01-01T10:00", "no offset from UTC"),
        ("2027-02-30", "neither a date nor a time"),
        ("0001-01-01T00:00+02:00", "neither a date nor a time"),
    ],
)
def test_a_time_without_an_offset_is_refused(tmp_path: Path, time: str, problem: str) -> None:
    refused = run(tmp_path, "emulator", "--db", "a.db", "--clock", time)
    assert refused.code == exits.USAGE
    assert problem in refused.err
    assert not (tmp_path / "a.db").exists()


def test_a_clock_needs_a_file(tmp_path: Path) -> None:
    refused = run(tmp_path, "emulator", "--db", ":memory:", "--clock", "2999-01-01")
    assert refused.code == exits.USAGE
    assert "name one with `--db`" in refused.err


def test_the_test_clock_stands_still_and_is_the_sandboxs_alone(app: Emulator) -> None:
    api = Api(app)
    assert api.ok("GET", "/test-clock") == {
        "simulatedTime": None,
        "isActive": False,
        "now": "2026-11-30T14:22:00.000Z",
        "latestRun": None,
        "object": "test_clock",
        "livemode": False,
    }
    answer = api.send("POST", "/test-clock", {"advanceDays": 2})
    assert (answer.status_code, answer.json()["status"], answer.json()["items"]) == (202, "completed", [])
    assert (answer.json()["startedAtTime"], answer.json()["targetTime"]) == (
        "2026-11-30T14:22:00.000Z",
        "2026-12-02T14:22:00.000Z",
    )
    assert dated(answer) == START
    app.clock = lambda: START + timedelta(days=1)
    clock = api.ok("GET", "/test-clock")
    assert (clock["simulatedTime"], clock["now"], clock["isActive"]) == (*["2026-12-02T14:22:00.000Z"] * 2, True)
    assert clock["latestRun"]["id"] == answer.json()["id"]
    api.plan()
    api.with_key(LIVE).plan()
    assert api.ok("GET", "/plans")[0]["createdAt"] == "2026-12-02T14:22:00.000Z"
    assert api.with_key(LIVE).ok("GET", "/plans")[0]["createdAt"] == "2026-12-01T14:22:00.000Z"
    app.clock = lambda: START + timedelta(days=3)
    clock = api.ok("GET", "/test-clock")
    assert (clock["now"], clock["isActive"]) == ("2026-12-03T14:22:00.000Z", False), "the time went past it"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, ""),
        ({"advanceDays": 1, "frozenTime": "2999-01-01"}, ""),
        ({"advanceDays": 0}, "advanceDays"),
        ({"advanceDays": 2**31 - 1}, "advanceDays"),
        ({"frozenTime": "2026-11-30T14:22:00Z"}, "frozenTime"),
        ({"frozenTime": "2026-11-30"}, "frozenTime"),
        ({"frozenTime": "3000-01-01"}, "frozenTime"),
    ],
)
def test_a_test_clock_takes_one_time_that_is_later(app: Emulator, body: dict[str, object], field: str) -> None:
    for version in (NEW, OLD):
        assert Api(app, version).wrong_fields("POST", "/test-clock", body) == [field]
    assert Api(app).ok("GET", "/test-clock")["isActive"] is False


def test_the_earlier_versions_answer_the_clock(app: Emulator) -> None:
    answer = Api(app, OLD).send("POST", "/test-clock", {"frozenTime": "2027-01-01T00:00:00Z"})
    assert (answer.status_code, answer.json()["data"]["now"]) == (200, "2027-01-01T00:00:00.000Z")
    assert "latestRun" not in answer.json()["data"]
    assert Api(app, "2026-05-25").refused("GET", "/test-clock") == (404, "endpoint_not_available")


def test_a_live_account_has_no_test_clock_and_processing_is_retired(app: Emulator) -> None:
    live = Api(app, key=LIVE)
    assert live.refused("GET", "/test-clock") == (403, "sandbox_only")
    assert live.refused("POST", "/test-clock", {"advanceDays": 1}) == (403, "sandbox_only")
    assert Api(app).refused("POST", "/test-clock/process-billing") == (410, "endpoint_deprecated")


def test_an_idempotency_key_moves_the_clock_once(app: Emulator) -> None:
    keyed = Api(app).with_headers(Idempotency_Key="k1")
    first, second = (keyed.send("POST", "/test-clock", {"advanceDays": 30}) for _ in range(2))
    assert (first.json(), first.status_code) == (second.json(), second.status_code)
    assert Api(app).ok("GET", "/test-clock")["now"] == "2026-12-30T14:22:00.000Z"


def test_the_clock_outlives_the_application(tmp_path: Path) -> None:
    for target in (datetime(2999, 1, 1, tzinfo=UTC), datetime(2999, 1, 2, tzinfo=UTC)):
        with closing(create_app(tmp_path / "a.db")) as app:
            app.move_clock(target)
    with closing(create_app(tmp_path / "a.db")) as app:
        assert timedelta() <= parse_time(Api(app).ok("GET", "/test-clock")["now"]) - target < timedelta(minutes=1)
    with closing(sqlite3.connect(tmp_path / "a.db")) as file:
        assert file.execute("SELECT count(*) FROM own_clock").fetchall() == [(1,)]
