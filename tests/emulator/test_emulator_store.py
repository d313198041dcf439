"""The database file: created where it is named, kept, brought up to date, and refused when it is something else."""

import shutil
import sqlite3
import threading
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from commetctl.emulator import RESOURCES, EmulatorError, Resource, create_app
from commetctl.emulator.store import Table
from commetctl.emulator.wire import parse_time
from emulator.client import Api

#: Made by the first emulator, which had no tables for plan versions; with plans, features, a subscription and so on.
MADE_BEFORE = Path(__file__).with_name("made_before.db")


def test_the_state_outlives_the_application(tmp_path: Path) -> None:
    database = tmp_path / "deep" / "er" / "local.db"
    app = create_app(database)
    plan = Api(app).plan()
    app.close()
    again = create_app(str(database))
    assert [item["id"] for item in Api(again).ok("GET", "/plans")] == [plan]
    again.close()


def test_two_applications_share_a_file(tmp_path: Path) -> None:
    first, second = create_app(tmp_path / "a.db"), create_app(tmp_path / "a.db")
    Api(first).plan("one")
    Api(second).plan("two")
    assert [plan["code"] for plan in Api(first).ok("GET", "/plans")] == ["one", "two"]
    first.close()
    second.close()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("plans: free\n" * 100)
    with pytest.raises(EmulatorError, match="cannot be opened"):
        create_app(tmp_path / "notes.txt")
    assert (tmp_path / "notes.txt").read_text().startswith("plans: free")


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE t (a)")
    other.close()
    with pytest.raises(EmulatorError, match="not an emulator database"):
        create_app(tmp_path / "other.db")


def columns(database: Path, table: str) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))]


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    create_app(tmp_path / "local.db").close()
    with sqlite3.connect(tmp_path / "local.db") as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(EmulatorError, match="schema version 99"):
        create_app(tmp_path / "local.db")


def test_an_older_database_gains_the_tables_it_lacks_and_loses_nothing(tmp_path: Path) -> None:
    database = tmp_path / "local.db"
    shutil.copy(MADE_BEFORE, database)
    assert columns(database, "pending_pack") == []
    assert "plan_group_id" not in columns(database, "plan")
    with closing(create_app(database, quirks={"plan_versions": "on"})) as app:
        assert columns(database, "pending_pack") == ["pack_id"]
        api = Api(app)
        assert [plan["code"] for plan in api.ok("GET", "/plans")] == ["pro", "metered", "keyed"]
        assert [plan["code"] for plan in api.with_key("ck_live_1").ok("GET", "/plans")] == ["live_plan"]
        assert [feature["code"] for feature in api.ok("GET", "/features")] == ["api_calls"]
        (subscription,) = api.ok("GET", "/subscriptions")
        (pack,) = api.ok("GET", "/credit-packs")
        group = api.ok("POST", "/plan-groups", {"name": "Main plans"})["id"]
        api.ok("POST", f"/plan-groups/{group}/plans", {"planId": subscription["plan"]["id"]})
        assert [plan["planGroupId"] for plan in api.ok("GET", "/plans")] == [group, None, None]
        bought = api.ok("POST", f"/subscriptions/{subscription['id']}/credits", {"creditPackId": pack["id"]})
        assert bought["credits"] == 10
        terms = {"name": "Launch", "phases": [{"type": "percentage", "durationCycles": 1, "percentage": 1}]}
        made = api.ok("POST", "/offers", terms)["id"]
        accepted = api.ok("PUT", f"/subscriptions/{subscription['id']}/offer", {"offerId": made})
        assert [item["offerId"] for item in accepted["offerApplications"]] == [made]
        with closing(sqlite3.connect(database)) as connection:
            ((sent,),) = connection.execute("SELECT created_at FROM idempotency WHERE key = 'k1'")
        # A key is known for a day, and the file is older.
        app.clock = partial(parse_time, sent)
        keyed = api.with_headers(Idempotency_Key="k1").write("POST", "/plans", {"name": "Other", "code": "other"})
        assert keyed.json()["error"]["code"] == "idempotency_key_mismatch"


def test_a_database_gains_the_tables_and_columns_of_a_further_kind(tmp_path: Path) -> None:
    database = tmp_path / "local.db"
    shutil.copy(MADE_BEFORE, database)
    for added, found in (
        ("", []),
        (", note TEXT", [None]),
        (", note TEXT, level INTEGER NOT NULL DEFAULT 7", [None, 7]),
    ):
        kind = Resource("word", (), (Table("word", f"word TEXT NOT NULL{added}"),))
        create_app(database, resources=(*RESOURCES, kind)).close()
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute("INSERT INTO word (word) VALUES ('a')")
            first = connection.execute("SELECT * FROM word ORDER BY rowid").fetchone()
        assert list(first) == ["a", *found]


@pytest.mark.parametrize("made_before", [False, True])
def test_keys_that_have_expired_are_found_without_reading_the_others(tmp_path: Path, made_before: bool) -> None:
    """So a write takes the same time, however many were made within a day."""
    database = tmp_path / "a.db"
    if made_before:
        shutil.copy(MADE_BEFORE, database)
    create_app(database).close()
    with closing(sqlite3.connect(database)) as connection:
        steps = connection.execute("EXPLAIN QUERY PLAN DELETE FROM idempotency WHERE created_at <= '2026'").fetchall()
    assert ["USING INDEX idempotency_by_created_at" in str(step[-1]) for step in steps] == [True]


def test_two_applications_may_bring_a_file_up_to_date_at_once(tmp_path: Path) -> None:
    shutil.copy(MADE_BEFORE, tmp_path / "local.db")
    errors: list[Exception] = []

    def opened() -> None:
        try:
            create_app(tmp_path / "local.db").close()
        except EmulatorError as error:
            errors.append(error)

    threads = [threading.Thread(target=opened) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert columns(tmp_path / "local.db", "pending_pack") == ["pack_id"]


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmulatorError, match="cannot be opened"):
        create_app(tmp_path)


def test_many_threads_write_at_once(tmp_path: Path) -> None:
    app = create_app(tmp_path / "local.db")
    api = Api(app)
    threads = [
        threading.Thread(target=lambda first=first: [api.feature(f"f_{first}_{n}") for n in range(10)])
        for first in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(api.ok("GET", "/features")) == 80
    app.close()


def test_a_refused_write_leaves_nothing_behind(api: Api) -> None:
    plan, feature = api.plan(), api.feature()
    price = api.price(plan)
    api.attach(plan, feature, overage={"enabled": True, "unitPrice": 10})
    prices = [{"priceId": price, "price": 9_007_199_254_740_991}]
    body = {"currency": "jpy", "exchangeRate": 150, "prices": prices}
    assert api.wrong_fields("PUT", f"/plans/{plan}/regional", body) == ["prices.0.price"]
    assert api.ok("GET", f"/plans/{plan}")["exchangeRates"] == []
