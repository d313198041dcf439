"""An account on a date, with customers and changes to come, and the rehearsal of them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from commetctl.apply.journal import Journals
from commetctl.catalog import Catalog, load
from commetctl.cli.simulated import simulated
from commetctl.core.contract import V2026_08_27, Listing, Route
from commetctl.usecases.apply import Apply
from commetctl.usecases.conclusion import Conclusion
from commetctl.usecases.plan import Prepared, prepare
from commetctl.usecases.rehearsal.rehearse import Rehearsal, rehearse
from commetctl.usecases.wanted import Wanted
from environments.files import written
from harness import Recording, Shop, Unkept

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


@dataclass
class Town:
    """A sandbox whose test clock stands still, its catalog, and who subscribes to what."""

    folder: Path
    shop: Shop
    base: str
    customers: int = 0
    journals: Journals = field(default_factory=lambda: Unkept(Path()))

    def subscribe(self, plan: str = "pro", country: str = "", **more: Any) -> dict[str, Any]:
        """A subscription of a new customer."""
        self.customers += 1
        name = f"cus_{self.customers}"
        address = {"address": {"country": country}} if country else {}
        self.shop.send("POST", "/customers", {"id": name, "email": f"{name}@example.com", **address})
        body = {"planCode": plan, "customerId": name, "skipTrial": True, **more}
        found: dict[str, Any] = self.shop.send("POST", "/subscriptions", body)
        return found

    def billed(self, day: str, interval: str = "monthly", plan: str = "pro", **more: Any) -> dict[str, Any]:
        """A subscription that began at a time, and so is billed on that day of a month."""
        return self.subscribe(plan, billingInterval=interval, startDate=day, **more)

    def change(self, content: str, head: str = "effective: 2027-01-01", name: str = "raise") -> None:
        """Write a change."""
        written(self.folder, {f"changes/{name}.yaml": f"version: 1\nchange: {{{head}}}\n{content}\n"})

    def price_path(self, plan: str = "pro", interval: str = "monthly") -> str:
        """The path of a price, for what somebody else does to it."""
        plans = self.shop.send("GET", "/plans?includePrivate=true")["data"]
        found = next(item for item in plans if item["code"] == plan)
        price = next(item for item in found["prices"] if item["billingInterval"] == interval)
        return f"/plans/{found['id']}/prices/{price['id']}"

    @property
    def catalog(self) -> Catalog:
        """The catalog as it is written now."""
        return load(written(self.folder, {"commet.yaml": self.base}), self.shop.version, moment=NOW)

    def rehearse(self, only: str = "") -> Rehearsal:
        """Rehearse what is scheduled."""
        catalog = self.catalog
        client = self.shop.client_for(catalog.contract)
        return rehearse(catalog, self.shop.account, client, simulated, Unkept(Path()), only)

    def prepare(self, *, only_due: bool = False, allow: Sequence[str] = (), impact: bool = False) -> Prepared:
        """What is to be done, or only what is due, as of the time of the sandbox."""
        catalog = self.catalog
        wanted = Wanted(
            Path(catalog.file), "", self.shop.version, targets=(), prune=False, allow_live=False, allow=tuple(allow),
            allow_delete=(), impact=impact, due=only_due,
        )  # fmt: skip
        return prepare(catalog, self.shop.account, self.shop.client(catalog), wanted, self.journals)

    def apply(self, *, only_due: bool = False, allow: Sequence[str] = ()) -> Conclusion:
        """Apply the catalog, or only what is due."""
        prepared = self.prepare(only_due=only_due, allow=allow)
        return Apply(prepared, self.shop.client(prepared.catalog), self.journals, Recording()).run(yes=True)

    def force(self) -> Conclusion:
        """Apply what is due, whatever guards say."""
        prepared = self.prepare(only_due=True)
        return Apply(prepared, self.shop.client(prepared.catalog), self.journals, Recording()).carry_out()

    def move(self, moment: datetime | str) -> None:
        """Move the clock of the sandbox: what is billed before the moment is billed."""
        self.shop.send("POST", "/test-clock", {"frozenTime": moment if isinstance(moment, str) else moment.isoformat()})

    def bills(self) -> dict[str, list[tuple[str, str]]]:
        """The bills of each subscription: day and amount in minor units with its currency."""
        found: dict[str, list[tuple[str, str]]] = {}
        for row in self.shop.client_for(V2026_08_27).list(Listing(Route("GET", "/invoices"))):
            told = row["issueDate"][:10], f"{row['subtotal']} {row['currency']}"
            found.setdefault(row["subscriptionId"], []).append(told)
        return found


@contextmanager
def town(folder: Path, base: str, version: str = "2026-08-27", **more: Any) -> Iterator[Town]:
    """An account to which a catalog was applied, as of NOW."""
    with Shop(folder / "shop", version, **more) as shop:
        shop.folder.mkdir(exist_ok=True)
        shop.app.clock = lambda: NOW - timedelta(seconds=1)
        shop.make(base)
        found = Town(folder, shop, base)
        found.move(NOW)
        yield found
