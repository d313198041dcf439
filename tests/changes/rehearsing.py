"""An account on a date, with customers and changes to come, and the rehearsal of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from commetctl.catalog import load
from commetctl.cli.simulated import simulated
from commetctl.usecases.rehearsal.rehearse import Rehearsal, rehearse
from environments.files import written
from harness import Shop, Unkept

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


@dataclass
class Town:
    """A sandbox whose test clock stands still, its catalog, and who subscribes to what."""

    folder: Path
    shop: Shop
    base: str
    customers: int = 0

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

    def rehearse(self, only: str = "") -> Rehearsal:
        """Rehearse what is scheduled."""
        file = written(self.folder, {"commet.yaml": self.base})
        catalog = load(file, self.shop.version, moment=NOW)
        client = self.shop.client_for(catalog.contract)
        return rehearse(catalog, self.shop.account, client, simulated, Unkept(Path()), only)

    def apply(self, *, only_due: bool = False, **more: Any) -> Conclusion:
        """Apply the catalog, or only what is due, as of the time of the sandbox."""
        return self.simulation.apply(load(written(self.folder, {"commet.yaml": self.base}), self.shop.version, moment=NOW), only_due=only_due)

    def move(self, moment: datetime) -> None:
        """Move the clock of the sandbox."""
        self.shop.send("POST", "/test-clock", {"frozenTime": moment.isoformat()})


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
