"""Fills the database of an emulator with a catalog, row by row: what `apply` writes, without its thousands of requests.

A benchmark that uses it checks first that `plan` finds nothing to do. It runs as a process of its own:
`python -m bench.seed CATALOG DATABASE [SUBSCRIPTIONS]`.
"""

import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

#: Amounts in the database are ten-thousandths of a unit of their currency, in every currency.
_SCALE = 10_000
_TIME = "2026-11-01T00:00:00.000Z"
_AGES = {"created_at": _TIME, "updated_at": _TIME}
_FIXED = {"livemode": 0, **_AGES}

Data = Mapping[str, Any]


def read(text: str) -> dict[str, Any]:
    """A catalog as plain data."""
    data: dict[str, Any] = YAML(typ="safe").load(text)
    return data


def seed(database: Path, catalog: Data) -> None:
    """Add the features and plans of a catalog to a database that an emulator has made."""
    with sqlite3.connect(database) as connection:
        _insert(connection, "feature", (_feature(code, spec) for code, spec in catalog["features"].items()))
        for table in ("plan", "price", "regional_price", "plan_feature"):
            rows = (row for code, spec in catalog["plans"].items() for row in _ROWS[table](code, spec))
            _insert(connection, table, rows)
    connection.close()


def subscribe(database: Path, catalog: Data, number: int) -> None:
    """Add subscriptions to the plans of a catalog, spread over all of their prices."""
    prices = [(plan, interval) for plan, spec in catalog["plans"].items() for interval in spec["prices"]]
    with sqlite3.connect(database) as connection:
        _insert(connection, "subscription", (_subscription(n, *prices[n % len(prices)]) for n in range(number)))
    connection.close()


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[Data]) -> None:
    waiting = iter(rows)
    first = next(waiting, None)
    if first is None:
        return
    columns, marks = ", ".join(first), ", ".join(f":{name}" for name in first)
    statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - names of this module
    connection.execute(statement, first)
    connection.executemany(statement, waiting)


def _feature(code: str, spec: Data) -> Data:
    named = {"name": spec["name"], "code": code, "type": spec["type"], "unit_name": spec["unit_name"]}
    return {"id": f"ftr_{code}", **named, **_FIXED}


def _plan(code: str, spec: Data) -> Iterator[Data]:
    yield {
        "id": f"pln_{code}",
        "code": code,
        **{name: spec[name] for name in ("name", "description", "consumption_model")},
        "is_public": spec["visibility"] == "public",
        "is_free": 0,
        "block_on_exhaustion": 0,
        **_FIXED,
    }


def _prices(code: str, spec: Data) -> Iterator[Data]:
    for interval, price in spec["prices"].items():
        yield {
            "id": f"pp_{code}_{interval}",
            "plan_id": f"pln_{code}",
            "billing_interval": interval,
            "price": _amount(price["price"]),
            "is_default": price.get("is_default", False),
            "trial_days": price.get("trial_days", 0),
            "metadata": "{}",
            "market_prices": "[]",
            **_AGES,
        }


def _regional_prices(code: str, spec: Data) -> Iterator[Data]:
    for interval, price in spec["prices"].items():
        for currency, amount in price["regional_prices"].items():
            of = {"price_id": f"pp_{code}_{interval}", "currency": currency}
            yield {**of, "price": _amount(amount), "auto_synced": 0}


def _plan_features(code: str, spec: Data) -> Iterator[Data]:
    for feature, included in spec["features"].items():
        overage = included.get("overage")
        yield {
            "plan_id": f"pln_{code}",
            "feature_id": f"ftr_{feature}",
            "enabled": 1,
            "included_amount": included["included_amount"],
            "unlimited": 0,
            "overage_enabled": overage is not None,
            "overage_unit_price": _amount(overage["unit_price"]) if overage else 0,
            "pricing_mode": "fixed",
        }


def _subscription(number: int, plan: str, interval: str) -> Data:
    return {
        "id": f"sub_{number:020}",
        "customer_id": f"cus_{number:020}",
        "plan_id": f"pln_{plan}",
        "price_id": f"pp_{plan}_{interval}",
        "name": plan,
        "status": "trialing" if number % 20 == 0 else "active",
        "billing_interval": interval,
        "start_date": _TIME,
        "period_end": f"2026-12-{number % 28 + 1:02}T00:00:00.000Z",
        "cancel_at_period_end": number % 50 == 0,
        **_FIXED,
    }


def _amount(value: float) -> int:
    return round(value * _SCALE)


_ROWS = {"plan": _plan, "price": _prices, "regional_price": _regional_prices, "plan_feature": _plan_features}


def main(catalog: str, database: str, subscriptions: str = "0") -> None:
    """Fill a database with the catalog in a file, and with so many subscriptions."""
    data = read(Path(catalog).read_text("utf-8"))
    seed(Path(database), data)
    subscribe(Path(database), data, int(subscriptions))


if __name__ == "__main__":
    main(*sys.argv[1:])
