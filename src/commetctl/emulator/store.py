"""The SQLite file that holds everything: its tables, opening it safely, and its transactions."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar

from commetctl.emulator.errors import EmulatorError

Row = sqlite3.Row

_Found = TypeVar("_Found")

# "cmmt": tells an emulator database from any other SQLite file.
APPLICATION_ID = 0x636D6D74
# Raised only by a change after which an older emulator would misread the file. Tables and columns may be added freely.
SCHEMA_VERSION = 1


class Table(NamedTuple):
    """A table: its columns, separated by commas, and the constraints that concern several columns.

    A database that lacks the table, a column or the index of it gains it when it is opened. So a column that joins an
    existing table has a DEFAULT or allows NULL. Amounts are integers in rate scale; objects and lists are JSON text.
    """

    name: str
    columns: str
    constraints: tuple[str, ...] = ()
    #: A column by which rows are looked up: it has an index.
    looked_up_by: str = ""

    def missing_in(self, connection: sqlite3.Connection) -> list[str]:
        """The statements that give a database what it lacks of the table."""
        found = connection.execute("SELECT name FROM pragma_table_info(?)", (self.name,)).fetchall()
        present = {name for (name,) in found}
        columns = [column.strip() for column in self.columns.split(",")]
        lacking = [column for column in columns if column.split()[0] not in present]
        statements = [f"ALTER TABLE {self.name} ADD COLUMN {column}" for column in lacking]
        if not present:
            statements = [f"CREATE TABLE {self.name} ({', '.join((*columns, *self.constraints))})"]
        if (column := self.looked_up_by) and not self._is_indexed(connection):
            statements.append(f"CREATE INDEX {self._index} ON {self.name} ({column})")
        return statements

    @property
    def _index(self) -> str:
        return f"{self.name}_by_{self.looked_up_by}"

    def _is_indexed(self, connection: sqlite3.Connection) -> bool:
        found = connection.execute("SELECT name FROM pragma_index_list(?)", (self.name,)).fetchall()
        return (self._index,) in map(tuple, found)


def object_table(name: str, columns: str) -> Table:
    """A table of objects with ids, in creation order (`seq`), for both accounts (`livemode`); deleted ones stay."""
    head = "seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, livemode INTEGER NOT NULL"
    tail = "created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted INTEGER NOT NULL DEFAULT 0"
    return Table(name, f"{head}, {columns}, {tail}")


class Database:
    """The open transaction, with the few statements that every kind needs."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, sql: str, *values: object) -> None:
        self._connection.execute(sql, values)

    def all(self, sql: str, *values: object) -> list[Row]:
        return self._connection.execute(sql, values).fetchall()

    def first(self, sql: str, *values: object) -> Row | None:
        row: Row | None = self._connection.execute(sql, values).fetchone()
        return row

    # Table and column names below come from this package's own code, never from a request.

    def insert(self, table: str, values: Mapping[str, object], *, or_update: str = "") -> None:
        """Add a row; `or_update` names the columns by which an existing row is found and updated instead."""
        columns, marks = ", ".join(values), ", ".join("?" * len(values))
        statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - own names only, see above
        if or_update:
            changes = ", ".join(f"{column} = excluded.{column}" for column in values)
            statement += f" ON CONFLICT ({or_update}) DO UPDATE SET {changes}"
        self.run(statement, *values.values())

    def update(self, table: str, key: object, values: Mapping[str, object], *, by: str = "id") -> None:
        """Change the rows whose column `by` has the value `key`."""
        changes = ", ".join(f"{column} = ?" for column in values)
        self.run(f"UPDATE {table} SET {changes} WHERE {by} = ?", *values.values(), key)  # noqa: S608 - see above

    @contextmanager
    def undone_on_error(self) -> Iterator[None]:
        """Undo what the block wrote when it fails, and keep the transaction open."""
        self._connection.execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK TO attempt")
            raise
        finally:
            self._connection.execute("RELEASE attempt")


class Store:
    """One SQLite connection, which one thread at a time uses for one transaction."""

    def __init__(self, database: str | os.PathLike[str], tables: Iterable[Table]) -> None:
        self._lock = threading.Lock()
        self._connection = _open(os.fspath(database), tuple(tables))

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

    def glance(self, read: Callable[[Database], _Found]) -> _Found | None:
        """What a function reads; None while another thread has a transaction, for which this does not wait."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            return read(Database(self._connection))
        finally:
            self._lock.release()

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _open(path: str, tables: tuple[Table, ...]) -> sqlite3.Connection:
    in_memory = path == ":memory:"
    connection: sqlite3.Connection | None = None
    try:
        if not in_memory:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        connection.row_factory = Row
        _prepare(connection, path, tables)
        if not in_memory:
            # With WAL every committed transaction survives a killed process, and no commit waits for the disk.
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


def _prepare(connection: sqlite3.Connection, path: str, tables: tuple[Table, ...]) -> None:
    """Give a database the tables and columns that it lacks; refuse another program's, or one of a newer emulator."""

    def value(of: str) -> int:
        return int(connection.execute(of).fetchone()[0])

    is_empty = value("SELECT count(*) FROM sqlite_master") == 0
    if not is_empty and value("PRAGMA application_id") != APPLICATION_ID:
        raise EmulatorError(f"{path} is an SQLite database, but not an emulator database")
    found = value("PRAGMA user_version")
    if found > SCHEMA_VERSION:
        reads = f"this emulator reads up to version {SCHEMA_VERSION}"
        raise EmulatorError(
            f"{path} has schema version {found}; {reads}, so it can only be opened by a newer commetctl"
        )
    if not any(table.missing_in(connection) for table in tables):
        return
    # Two processes may open the file at once: the second one waits here, and then finds nothing missing.
    connection.execute("BEGIN IMMEDIATE")
    for table in tables:
        for statement in table.missing_in(connection):
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("COMMIT")
