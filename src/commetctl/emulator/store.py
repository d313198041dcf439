"""The SQLite file that holds everything: its schema, opening it safely, and its transactions."""

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from commetctl.emulator.errors import EmulatorError

Row = sqlite3.Row

# "cmmt": tells an emulator database from any other SQLite file.
APPLICATION_ID = 0x636D6D74
SCHEMA_VERSION = 1

# `livemode` is the organisation: one database holds a sandbox (0) and a live one (1). `seq` is creation order.
# Amounts are integers in rate scale, `rate` is the decimal text as sent, metadata and the like are JSON text.
_SCHEMA = """
CREATE TABLE version_pin (livemode INTEGER PRIMARY KEY, version TEXT NOT NULL);
CREATE TABLE feature (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, livemode INTEGER NOT NULL,
    name TEXT NOT NULL, code TEXT NOT NULL, type TEXT NOT NULL, description TEXT, unit_name TEXT,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE plan (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, livemode INTEGER NOT NULL,
    name TEXT NOT NULL, code TEXT NOT NULL, description TEXT, consumption_model TEXT,
    is_public INTEGER NOT NULL, is_free INTEGER NOT NULL, block_on_exhaustion INTEGER NOT NULL, metadata TEXT,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE price (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, plan_id TEXT NOT NULL REFERENCES plan (id),
    billing_interval TEXT NOT NULL, price INTEGER, is_default INTEGER NOT NULL, trial_days INTEGER NOT NULL,
    included_balance INTEGER, included_credits INTEGER, inherits_from TEXT REFERENCES price (id),
    metadata TEXT NOT NULL, market_prices TEXT NOT NULL, intro_offer TEXT,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX price_by_plan ON price (plan_id);
CREATE TABLE regional_price (
    price_id TEXT NOT NULL REFERENCES price (id), currency TEXT NOT NULL,
    price INTEGER NOT NULL, included_balance INTEGER, auto_synced INTEGER NOT NULL,
    PRIMARY KEY (price_id, currency)
);
CREATE TABLE plan_feature (
    seq INTEGER PRIMARY KEY, plan_id TEXT NOT NULL REFERENCES plan (id),
    feature_id TEXT NOT NULL REFERENCES feature (id),
    enabled INTEGER NOT NULL, included_amount INTEGER NOT NULL, unlimited INTEGER NOT NULL,
    overage_enabled INTEGER NOT NULL, overage_unit_price INTEGER NOT NULL,
    credits_per_unit INTEGER, pricing_mode TEXT NOT NULL, margin INTEGER,
    UNIQUE (plan_id, feature_id)
);
CREATE TABLE regional_overage (
    plan_id TEXT NOT NULL REFERENCES plan (id), feature_id TEXT NOT NULL REFERENCES feature (id),
    currency TEXT NOT NULL, unit_price INTEGER NOT NULL, auto_synced INTEGER NOT NULL,
    PRIMARY KEY (plan_id, feature_id, currency)
);
CREATE TABLE exchange_rate (
    seq INTEGER PRIMARY KEY, plan_id TEXT NOT NULL REFERENCES plan (id), currency TEXT NOT NULL,
    rate TEXT NOT NULL, UNIQUE (plan_id, currency)
);
CREATE TABLE credit_pack (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, livemode INTEGER NOT NULL,
    name TEXT NOT NULL, description TEXT, credits INTEGER NOT NULL, price INTEGER NOT NULL,
    is_active INTEGER NOT NULL,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE customer (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL, livemode INTEGER NOT NULL,
    external_id TEXT, full_name TEXT, email TEXT NOT NULL, tax_document TEXT, timezone TEXT, metadata TEXT,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL, UNIQUE (livemode, id)
);
CREATE TABLE subscription (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, livemode INTEGER NOT NULL,
    customer_id TEXT NOT NULL, plan_id TEXT NOT NULL REFERENCES plan (id), price_id TEXT REFERENCES price (id),
    name TEXT NOT NULL, status TEXT NOT NULL, billing_interval TEXT, trial_ends_at TEXT,
    start_date TEXT NOT NULL, period_end TEXT, cancel_at_period_end INTEGER NOT NULL,
    purchased_credits INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL
);
CREATE TABLE idempotency (
    livemode INTEGER NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL, body TEXT NOT NULL, created_at TEXT NOT NULL,
    PRIMARY KEY (livemode, key)
);
"""

# Made where it is missing, so that a database of before can still be read.
_LATER = """
CREATE TABLE IF NOT EXISTS accepted_terms (
    subscription_id TEXT PRIMARY KEY REFERENCES subscription (id), terms TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS pending_pack (pack_id TEXT PRIMARY KEY REFERENCES credit_pack (id));
"""


class Database:
    """The open transaction, with the few statements that every resource needs."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, sql: str, *values: Any) -> None:
        self._connection.execute(sql, values)

    def all(self, sql: str, *values: Any) -> list[Row]:
        return self._connection.execute(sql, values).fetchall()

    def first(self, sql: str, *values: Any) -> Row | None:
        row: Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def one(self, sql: str, *values: Any) -> Row:
        """The first row of a query that always has one."""
        return self.all(sql, *values)[0]

    # Table and column names below come from this package's own code, never from a request.

    def insert(self, table: str, values: Mapping[str, Any], *, or_update: str = "") -> None:
        """Add a row; `or_update` names the columns by which an existing one is found and updated instead."""
        columns, marks = ", ".join(values), ", ".join("?" * len(values))
        statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - own names only, see above
        if or_update:
            changes = ", ".join(f"{column} = excluded.{column}" for column in values)
            statement += f" ON CONFLICT ({or_update}) DO UPDATE SET {changes}"
        self._connection.execute(statement, tuple(values.values()))

    def update(self, table: str, row_id: str, values: Mapping[str, Any]) -> None:
        changes = ", ".join(f"{column} = ?" for column in values)
        statement = f"UPDATE {table} SET {changes} WHERE id = ?"  # noqa: S608 - own names only, see above
        self._connection.execute(statement, (*values.values(), row_id))

    @contextmanager
    def undone_on_error(self) -> Iterator[None]:
        """Take back what the block wrote when it fails, and keep the transaction open."""
        self._connection.execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK TO attempt")
            raise
        finally:
            self._connection.execute("RELEASE attempt")


class Store:
    """One SQLite connection, used by one thread at a time, each use one transaction."""

    def __init__(self, database: str | os.PathLike[str]) -> None:
        self._lock = threading.Lock()
        self._connection = _open(os.fspath(database))

    @contextmanager
    def transaction(self, *, write: bool) -> Iterator[Database]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                yield Database(self._connection)
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _open(path: str) -> sqlite3.Connection:
    in_memory = path == ":memory:"
    connection: sqlite3.Connection | None = None
    try:
        if not in_memory:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        connection.row_factory = Row
        _prepare(connection, path)
        if not in_memory:
            # With WAL every committed transaction survives a killed process.
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
    except (OSError, sqlite3.Error, EmulatorError) as error:
        if connection is not None:
            connection.close()
        if isinstance(error, EmulatorError):
            raise
        raise EmulatorError(f"{path} cannot be opened as an emulator database: {error}") from error
    return connection


def _prepare(connection: sqlite3.Connection, path: str) -> None:
    """Create the schema in an empty database; refuse one that is somebody else's or of another schema."""
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
        # Two processes may open a new file at once: the second one waits here and then finds the schema.
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
            for statement in _SCHEMA.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise EmulatorError(f"{path} is an SQLite database, but not one of the emulator's")
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found != SCHEMA_VERSION:
        raise EmulatorError(f"{path} has schema version {found}; this emulator reads version {SCHEMA_VERSION}")
    for statement in _LATER.split(";"):
        connection.execute(statement)
