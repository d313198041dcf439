"""The simulation of a rehearsal: an account in an emulator, with made-up customers and a clock that can be moved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from commetctl.api.client import Client
from commetctl.apply.journal import Journals
from commetctl.catalog import Catalog
from commetctl.core.call import Request
from commetctl.core.contract import PER_YEAR, V2026_08_27, Listing, Route
from commetctl.core.money import EXPONENTS, Money
from commetctl.core.periods import first_from
from commetctl.core.resource import Address
from commetctl.kinds.sides import Live
from commetctl.review.guards import ALLOWABLE
from commetctl.usecases.account import Account
from commetctl.usecases.apply import Apply
from commetctl.usecases.conclusion import Conclusion
from commetctl.usecases.plan import prepare
from commetctl.usecases.reading import read
from commetctl.usecases.rehearsal.calendar import started
from commetctl.usecases.rehearsal.groups import Group
from commetctl.usecases.rehearsal.silent import Silent
from commetctl.usecases.wanted import Wanted

#: The version whose requests make customers and move the clock; all versions see one account.
_VERSION = V2026_08_27.version
_INVOICES = Listing(Route("GET", "/invoices"), version=_VERSION)
_DAY = timedelta(days=1)


class Bill(NamedTuple):
    """One bill: to which subscription, when, and how much before discounts and taxes."""

    subscription: str
    moment: datetime
    amount: Money


@dataclass
class Simulation:
    """An account in an emulator, `at` some time. Raises what the client raises."""

    account: Account
    client: Client
    journals: Journals
    at: datetime
    _made: int = field(default=0, init=False)

    def apply(self, catalog: Catalog, *, only_due: bool = False) -> Conclusion:
        """Apply a catalog as `commetctl apply` does; without `only_due`, whatever guards say."""
        allow = () if only_due else ALLOWABLE
        wanted = Wanted(
            Path(catalog.file), catalog.environment, catalog.api_version, targets=(), prune=False, allow_live=False,
            allow=tuple(allow), allow_delete=(), impact=True, due=only_due,
        )  # fmt: skip
        prepared = prepare(catalog, self.account, self.client, wanted, self.journals)
        return Apply(prepared, self.client, self.journals, Silent()).run(yes=True)

    def read(self, catalog: Catalog) -> Live:
        """The account as it is now."""
        return read(catalog, self.client)[0]

    def move(self, moment: datetime) -> None:
        """Move the clock: what is billed before the moment is billed."""
        # Times of the API have milliseconds.
        moment += timedelta(microseconds=-moment.microsecond % 1000)
        if moment > self.at:
            self._send(("test-clock",), {"frozenTime": _text(moment)})
            self.at = moment

    def subscribe(self, group: Group, ids: Mapping[Address, str], names: Mapping[str, Address]) -> str | None:
        """Make a subscription of a group; its id, or None where it cannot be made so that it is billed as they are.

        `ids` are those of the emulator, and `names` what the ids of the real account stand for.
        """
        body = self._which(group, ids, names)
        billed, interval = group.billed, group.kind.now.interval or ""
        if body is None or billed is None:
            return None
        if group.is_in_trial:
            days = -((self.at - billed) // _DAY)
            if days < 1:
                return None
            body |= {"startDate": _text(billed - days * _DAY), "customTrialDays": days}
        elif interval not in PER_YEAR:
            return None
        else:
            billed = first_from(billed, interval, self.at, group.day) or billed
            body |= {"startDate": _text(started(billed, interval, group.day)), "skipTrial": True}
        answer = self._subscribed(body | {"cancelAtPeriodEnd": not group.goes_on})
        end = (answer.get("currentPeriod") or {}).get("end")
        return str(answer["id"]) if end and _moment(end) == billed else None

    def _which(self, group: Group, ids: Mapping[Address, str], names: Mapping[str, Address]) -> dict[str, Any] | None:
        """The plan and the price of a group, as a request names them; None for one that the account does not list."""
        now = group.kind.now
        if now.plan not in names or (now.price and now.price not in names):
            return None
        plan, price = ids.get(names[now.plan]), ids.get(names[now.price]) if now.price else None
        if plan is None:
            return None
        return {"planId": plan, **({"priceId": price} if price else {"billingInterval": now.interval})}

    def subscribe_one(self, plan: str, price: str | None, interval: str, country: str = "") -> str:
        """Make a subscription of a made-up customer, who lives in a country."""
        which = {"priceId": price} if price else {"billingInterval": interval}
        return str(self._subscribed({"planId": plan, **which, "skipTrial": True}, country)["id"])

    def bills(self) -> list[Bill]:
        """All bills so far."""
        return [
            Bill(row["subscriptionId"], _moment(row["periodStart"]), _amount(row["subtotal"], row["currency"]))
            for row in self.client.list(_INVOICES)
        ]

    def _subscribed(self, body: dict[str, Any], country: str = "") -> dict[str, Any]:
        self._made += 1
        customer = f"rehearsed-{self._made}"
        address = {"address": {"country": country}} if country else {}
        self._send(("customers",), {"id": customer, "email": f"{customer}@example.com", **address})
        return self._send(("subscriptions",), body | {"customerId": customer})

    def _send(self, path: tuple[str, ...], body: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.send(Request("POST", path, body), version=_VERSION)
        return answer


def _amount(integer: int, currency: str) -> Money:
    return Money(Decimal(integer).scaleb(-EXPONENTS[currency]), currency)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
