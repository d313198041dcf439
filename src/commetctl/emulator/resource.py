"""What a kind of object is made of: its operations, its tables, and the request as an operation gets it."""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple

from commetctl.emulator import wire
from commetctl.emulator.errors import Problem, invalid, missing
from commetctl.emulator.store import Database, Row, Table
from commetctl.emulator.validate import Fields, read_body
from commetctl.emulator.versions import NESTED, WRITES, ApiVersion
from commetctl.emulator.wire import JsonObject


class Page(NamedTuple):
    """A part of a list; `always_paged` lists have paging keys in the old generation's envelope too."""

    items: Sequence[JsonObject]
    next_cursor: str | None = None
    always_paged: bool = False


#: What an operation answers; None is null.
Payload = JsonObject | Page | None


class Operation(NamedTuple):
    """One operation of the API: verb and path, as in `GET /plans/<plan_id>`, and the function that serves it.

    The function takes the `Context`, and the parts of the path in angle brackets by their names. GET needs the right to
    read, everything else the right to write.
    """

    route: str
    serve: Callable[..., Payload]
    #: Verb and path before 2026-07-24, where they are different.
    old: str = ""
    #: The first and the last API version that have the operation; most came with the first writes.
    since: str = WRITES
    until: str = ""
    #: Whether a POST creates an object, and so is answered with the status of the quirk `created_status`.
    creates: bool = True
    #: The first API version in which the answer is 202, if there is one.
    accepted_since: str | None = None

    def route_in(self, version: ApiVersion) -> str | None:
        """Verb and path in an API version; None when it does not have the operation."""
        if not version.within(self.since, self.until):
            return None
        return self.route if version.is_new else self.old or self.route


@dataclass(frozen=True)
class Resource:
    """A kind of object, or a part of one, as its module defines it; `RESOURCES` lists them all."""

    #: The name by which restricted keys are granted its operations, as in `plan:rw`.
    permission: str
    operations: tuple[Operation, ...]
    tables: tuple[Table, ...] = ()
    #: A quirk, and what to do when a database is opened while it is on.
    on_open: tuple[str, Callable[[Database], None]] | None = None


@dataclass(frozen=True)
class Context:
    """One request being served: the transaction, the caller's account and version, the body and the query."""

    db: Database
    livemode: bool
    version: ApiVersion
    quirks: Mapping[str, str]
    now: str
    payload: object
    query: Mapping[str, str]

    @property
    def organization(self) -> str:
        """The id of the account."""
        return organization_of(self.livemode)

    def body(self, fields: Fields) -> JsonObject:
        """The declared fields of the body; a validation error lists everything that is wrong."""
        return read_body(self.payload, fields, self.version, reject_unknown=self.quirks["unknown_keys"] == "reject")

    def require(self, *rules: tuple[bool, str, str]) -> None:
        """Enforce business rules, given as (broken, field, message), unless the `strict` quirk is off."""
        if self.quirks["strict"] == "on":
            refuse(*rules)

    def tagged(self, kind: str, values: Mapping[str, object], *, parent: str | None = None) -> JsonObject:
        """An object of the API: its values, its tag and its mode, which the versions before 2026-05-25 lack.

        The old generation gives an object that is part of another one the tag of that `parent`.
        """
        if self.version.name < WRITES:
            return dict(values)
        tag = kind if self.version.is_new else parent or kind
        return {**values, "object": tag, "livemode": self.livemode}

    def receipt(self, kind: str, values: Mapping[str, object], *, parent: str | None = None) -> JsonObject:
        """The answer to a write that is no object of its own, such as a removal; before 2026-06-07 it has no tag."""
        return dict(values) if self.version.name < NESTED else self.tagged(kind, values, parent=parent)

    def find(self, kind: str, name: str, *, by: tuple[str, ...] = ("id",)) -> Row:
        """An object of the account, by its id or whatever columns are given; `KIND_not_found` when there is none."""
        match = " OR ".join(f"{column} = ?" for column in by)
        # The kind is also the name of its table, from this package's own code.
        found = f"SELECT * FROM {kind} WHERE livemode = ? AND NOT deleted AND ({match})"  # noqa: S608
        row = self.db.first(found, self.livemode, *(name for _ in by))
        if row is None:
            raise missing(kind, name)
        return row

    def is_taken(self, kind: str, column: str, value: object, *, reuse: str = "code_reuse", where: str = "1") -> bool:
        """Whether an object of the account already has a value that has to be unique.

        The quirk `reuse` decides whether deleted objects count; `where` leaves out others.
        """
        holder = f"SELECT 1 FROM {kind} WHERE livemode = ? AND {column} = ? AND (? OR NOT deleted) AND {where}"  # noqa: S608 - own
        return self.db.first(holder, self.livemode, value, self.quirks[reuse] == "refused") is not None

    def insert(self, kind: str, row_id: str, values: Mapping[str, object]) -> None:
        """Add an object to the account, made now."""
        made = {"id": row_id, "livemode": self.livemode, "created_at": self.now, "updated_at": self.now}
        self.db.insert(kind, {**made, **values})

    def update(self, kind: str, row_id: str, values: Mapping[str, object]) -> None:
        """Change an object, as of now."""
        self.db.update(kind, row_id, {**values, "updated_at": self.now})

    def delete(self, kind: str, row_id: str) -> JsonObject:
        """Mark an object as deleted; the answer to that."""
        self.update(kind, row_id, {"deleted": True})
        return {"id": row_id, "deleted": True}

    def page_size(self) -> int | None:
        """How many rows a page has of a list without documented paging; None for all of them."""
        return int(self.quirks["page_size"]) if self.quirks["list_paging"] == "on" else None

    def page(
        self, kind: str, where: str, *values: object, select: str = "", size: int | None = None
    ) -> tuple[list[Row], str | None]:
        """The rows of the requested page in creation order, and the cursor of the next page.

        `where` filters the rows of the account; `select` replaces `SELECT * FROM kind` when other tables join in.
        Without a `size`, the quirks decide whether the list comes in pages, and whether the cursor counts.
        """
        size = size or self.page_size()
        query = f"{select or f'SELECT * FROM {kind}'} WHERE {kind}.livemode = ? AND {where}"  # noqa: S608 - own names
        after, cursor = 0, self.query.get("cursor")
        if size and cursor:
            row = self.db.first(f"{query} AND {kind}.id = ?", self.livemode, *values, cursor)
            if row is None:
                raise invalid(Problem("cursor", "is not a cursor of this list"))
            after = row["seq"]
        limit = size + 1 if size else -1
        query += f" AND {kind}.seq > ? ORDER BY {kind}.seq LIMIT ?"
        rows = self.db.all(query, self.livemode, *values, after, limit)
        return rows[:size], rows[size - 1]["id"] if size and len(rows) > size else None

    def amount_in(self, amount: int | None, at: str, currency: str = "usd") -> int | None:
        """A price of a request, in the scale of the store; a rate that is no multiple of the minor unit is refused."""
        unit = wire.minor_unit(currency)
        if amount is not None and self._prices_are_rates and amount % unit:
            raise invalid(Problem(at, f"must be a multiple of {unit}, the minor unit of {currency}"))
        return _stored(amount, currency, at, is_rate=self._prices_are_rates)

    def amount_out(self, stored: int | None, currency: str = "usd") -> int | None:
        """A stored price, as this version writes it."""
        return _sent(stored, currency, is_rate=self._prices_are_rates)

    def balance_in(self, amount: int | None, at: str, currency: str = "usd") -> int | None:
        """An included balance of a request, in the scale of the store."""
        return _stored(amount, currency, at, is_rate=self.quirks["balance_scale"] == "rate")

    def balance_out(self, stored: int | None, currency: str = "usd") -> int | None:
        """A stored included balance, as plans have it; the balance of a subscription is in rate scale always."""
        return _sent(stored, currency, is_rate=self.quirks["balance_scale"] == "rate")

    @property
    def _prices_are_rates(self) -> bool:
        return not self.version.is_new and self.quirks["price_scale"] == "rate"


def _stored(amount: int | None, currency: str, at: str, *, is_rate: bool) -> int | None:
    return None if amount is None else fitting(amount if is_rate else wire.from_minor(amount, currency), at)


def _sent(stored: int | None, currency: str, *, is_rate: bool) -> int | None:
    return stored if stored is None or is_rate else wire.to_minor(stored, currency)


def fitting(stored: int, at: str) -> int:
    """The amount itself, or a validation error when the store cannot hold it exactly."""
    if stored > wire.LARGEST:
        raise invalid(Problem(at, "is too large"))
    return stored


def refuse(*rules: tuple[bool, str, str]) -> None:
    """A validation error that lists the broken ones of some rules, given as (broken, field, message)."""
    problems = [Problem(at, message) for broken, at, message in rules if broken]
    if problems:
        raise invalid(*problems)


def organization_of(livemode: bool) -> str:
    """The id of an account."""
    return "org_live" if livemode else "org_sandbox"


def new_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(10)}"


def columns(body: Mapping[str, object]) -> JsonObject:
    """The fields of a body as columns: `unitName` as `unit_name`, objects and lists as JSON, times as text."""
    return {re.sub("([A-Z])", r"_\1", name).lower(): _as_column(value) for name, value in body.items()}


def _as_column(value: object) -> object:
    if isinstance(value, datetime):
        return wire.stamp(value)
    return wire.dumps(value) if isinstance(value, dict | list) else value


def picked(row: Row, names: str) -> JsonObject:
    """Columns of a row as the API writes them: `unit_name` as `unitName`, those named `is_…` as booleans."""
    return {key: bool(row[name]) if is_flag else row[name] for name, key, is_flag in _named(names)}


@cache
def _named(names: str) -> list[tuple[str, str, bool]]:
    """Columns, their names in the API, and whether they are booleans."""
    return [
        (name, re.sub("_(.)", lambda found: found[1].upper(), name), name.startswith("is_")) for name in names.split()
    ]
