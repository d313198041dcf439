"""The database file: created where it is named, kept, and refused when it is something else."""

import sqlite3
import threading
from pathlib import Path

import pytest

from commetctl.emulator import EmulatorError, create_app
from emulator.client import Api


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
    with pytest.raises(EmulatorError, match="not one of the emulator's"):
        create_app(tmp_path / "other.db")


def test_another_schema_version_is_refused(tmp_path: Path) -> None:
    create_app(tmp_path / "local.db").close()
    with sqlite3.connect(tmp_path / "local.db") as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(EmulatorError, match="schema version 99"):
        create_app(tmp_path / "local.db")


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
