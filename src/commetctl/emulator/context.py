"""What an operation is given: the transaction, the caller's organisation and version, the body and the query."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from commetctl.emulator import money
from commetctl.emulator.errors import ApiError, Problem, invalid
from commetctl.emulator.store import Database, Row
from commetctl.emulator.validate import Fields, read_body
from commetctl.emulator.versions import Contract


class Page(NamedTuple):
    """A part of a list; `always_paged` lists say so in the old generation's envelope too."""

    items: Sequence[dict[str, Any]]
    next_cursor: str | None = None
    always_paged: bool = False


Payload = dict[str, Any] | Page


@dataclass(frozen=True)
class Context:
    """One request being served."""

    db: Database
    livemode: bool
    contract: Contract
    quirks: Mapping[str, str]
    now: str
    payload: object
    query: Mapping[str, str]

    def body(self, fields: Fields) -> dict[str, Any]:
        return read_body(self.payload, fields, self.contract, reject_unknown=self.quirks["unknown_keys"] == "reject")

    def tagged(self, kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """An object of the API: its values, its tag and its mode."""
        return {**values, "object": self.contract.tag(kind), "livemode": self.livemode}

    def require(self, *rules: tuple[bool, str, str]) -> None:
        """Enforce business rules, given as (broken, field, message), unless the `strict` quirk is off."""
        problems = [Problem(at, message) for broken, at, message in rules if broken]
        if problems and self.quirks["strict"] == "on":
            raise invalid(*problems)

    def amount_in(self, amount: int | None, currency: str, at: str) -> int | None:
        """A price of the wire in the scale of the store."""
        return _stored(amount, currency, at, rate=self._rate_scale)

    def amount_out(self, stored: int | None, currency: str = "usd") -> int | None:
        """A stored price as this version writes it."""
        return _sent(stored, currency, rate=self._rate_scale)

    def balance_in(self, amount: int | None, currency: str, at: str) -> int | None:
        """An included balance of the wire in the scale of the store."""
        return _stored(amount, currency, at, rate=self.quirks["balance_scale"] == "rate")

    def balance_out(self, stored: int | None, currency: str = "usd") -> int | None:
        """A stored included balance as plans give it; what a subscription holds is in rate scale always."""
        return _sent(stored, currency, rate=self.quirks["balance_scale"] == "rate")

    @property
    def _rate_scale(self) -> bool:
        return not self.contract.is_new and self.quirks["price_scale"] == "rate"


def _stored(amount: int | None, currency: str, at: str, *, rate: bool) -> int | None:
    if amount is None:
        return None
    return fitting(amount if rate else money.from_minor(amount, currency), at)


def _sent(stored: int | None, currency: str, *, rate: bool) -> int | None:
    return stored if stored is None or rate else money.to_minor(stored, currency)


def fitting(stored: int, at: str) -> int:
    """The amount itself, or a validation error when the store cannot hold it exactly."""
    if stored > money.LARGEST:
        raise invalid(Problem(at, "is too large"))
    return stored


def new_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(10)}"


def paged(ctx: Context, rows: Sequence[Row]) -> tuple[Sequence[Row], str | None]:
    """The rows of the requested page: all of them, or a few at a time when the `list_paging` quirk is on."""
    size = page_size(ctx)
    return rows_after(ctx, rows, size) if size else (rows, None)


def page_size(ctx: Context) -> int | None:
    """How many rows come in a page of a list without documented paging; None for all of them."""
    return int(ctx.quirks["page_size"]) if ctx.quirks["list_paging"] == "on" else None


def place(ctx: Context, table: str) -> int:
    """Behind which `seq` of a table the requested page begins; 0 without a cursor, or without pages."""
    cursor = ctx.query.get("cursor")
    if not cursor or page_size(ctx) is None:
        return 0
    row = ctx.db.first(f"SELECT seq FROM {table} WHERE livemode = ? AND id = ?", ctx.livemode, cursor)  # noqa: S608
    if row is None:
        raise _no_cursor()
    return int(row["seq"])


def rows_after(ctx: Context, rows: Sequence[Row], size: int) -> tuple[Sequence[Row], str | None]:
    """At most `size` rows behind the `cursor` of the query, and the cursor of the page that follows."""
    cursor = ctx.query.get("cursor")
    if cursor:
        ids = [row["id"] for row in rows]
        if cursor not in ids:
            raise _no_cursor()
        rows = rows[ids.index(cursor) + 1 :]
    return rows[:size], rows[size - 1]["id"] if len(rows) > size else None


def _no_cursor() -> ApiError:
    return invalid(Problem("cursor", "is not a cursor of this list"))


def missing(code: str, what: str, name: str) -> ApiError:
    return ApiError(code, f"{what} {name!r} does not exist in this organization")
