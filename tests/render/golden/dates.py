"""A catalog with dated changes, read as people read it, with subscriptions counted beside it."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from commetctl.api.client import Client
from commetctl.api.connection import Connection
from commetctl.catalog.loading import read
from commetctl.catalog.source import TextSource
from commetctl.cli.scheduled import scheduled_of
from commetctl.core.contract import V2026_08_27
from commetctl.core.policy import Mode
from commetctl.kinds.sides import Live
from commetctl.reading import Reading, reading_of
from commetctl.review.counting import count
from commetctl.review.guards import Allowed
from commetctl.review.heading import Heading
from commetctl.review.review import Review
from commetctl.usecases.compare import compared
from commetctl.usecases.dated.outlook import Forecaster, Outlook, outlooks, step_of

NOW = datetime(2026, 11, 28, 21, tzinfo=UTC)
HEADING = Heading("commet.yaml", "live", "production", "commet.co", "2026-08-27", NOW)
SEATS = (Path(__file__).parents[3] / "examples" / "seats" / "commet.yaml").read_text(encoding="utf-8")
#: A price that rises after an announcement; a new plan beside a lower allowance, with too little notice; words.
CHANGES = {
    "2027-team.yaml": """\
version: 1
change:
  effective: 2027-01-01
  announced: 2026-12-01
  notice: 30
  why: FIN-812, list prices 2027
plans:
  team:
    prices:
      monthly: {price: 49.00, regional_prices: {eur: 46.00}}
""",
    "2027-company.yaml": """\
version: 1
change:
  effective: 2027-03-01T09:30:00+01:00
  existing: {from: 2027-06-01}
  announced: 2027-02-20
  notice: 60
plans:
  company:
    prices:
      monthly: {price: 210.00}
    features:
      agents: {overage: {unit_price: 20.00}}
  enterprise:
    name: Enterprise
    consumption_model: metered
    visibility: public
    prices:
      yearly: {price: 9000.00, is_default: true, regional_prices: {eur: 8400.00, cad: 12300.00}}
    features:
      agents: {included_amount: 50, overage: {unit_price: 12.00}}
""",
    "2027-words.yaml": """\
version: 1
change: {effective: 2027-04-01, why: new words}
plans: {team: {description: For teams of any size}}
""",
}


def row(number: int, plan: str, day: str, **more: Any) -> dict[str, Any]:
    """A subscription as Commet lists it, paid by the month and billed next on a day."""
    when = {"currentPeriod": {"start": "2026-11-01T00:00:00.000Z", "end": f"{day}T00:00:00.000Z"}}
    known = {"plan": {"id": plan}, "status": "active", "billingInterval": "monthly", "nextBillingDate": day}
    return {"id": f"sub_{number}", **known, **when, **more}


#: Thirty-four on Team, renewing on every day of the month; two on Company.
SUBSCRIPTIONS = [
    *(row(number, "{plan.team}", f"2026-12-{number % 28 + 1:02}") for number in range(34)),
    *(row(number, "{plan.company}", f"2026-12-{number - 90:02}") for number in (105, 119)),
]


@contextmanager
def zone(name: str) -> Iterator[None]:
    """The clock of a terminal in another part of the world."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = name
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ")
        os.environ |= {"TZ": before} if before else {}
        time.tzset()


def ahead(
    main: str = SEATS, changes: Mapping[str, str] = CHANGES, rows: Sequence[Mapping[str, Any]] | None = SUBSCRIPTIONS
) -> tuple[Review, list[Outlook]]:
    """The review of a catalog that is applied as it is, and the outlook of its changes; without rows, none is counted.

    As of NOW, on a live account.
    """
    files = {"commet.yaml": main, **{f"changes/{name}": text for name, text in changes.items()}}
    source = TextSource("commet.yaml", {name: text.encode() for name, text in files.items()})
    catalog = read(source, moment=NOW)
    review = replace(compared(catalog, catalog), heading=HEADING, same=Review.same)
    live = Live(review.before, review.ids, livemode=True)
    answer = httpx.Response(200, json={"object": "list", "data": rows, "hasMore": False})
    refusal = httpx.Response(403, json={"error": {"type": "permission_error", "code": "forbidden", "message": "no"}})
    transport = httpx.MockTransport(lambda _: refusal if rows is None else answer)
    client = Client(Connection("http://127.0.0.1", "ck_live_test", transport), V2026_08_27)
    counted = count(client, [step_of(change, catalog.policy) for change in catalog.coming], NOW)
    at_steps = [counted.at(number) for number in range(len(catalog.coming))]
    mode = Mode(livemode=True, key="ck_live_test", allow_live=True)
    forecaster = Forecaster(live, mode, Allowed(frozenset(), frozenset()), switched=False)
    return review, list(outlooks(forecaster, catalog, catalog.coming, at_steps))


def dated(name: str = "UTC", **given: Any) -> Reading:
    """The reading of a catalog with what is scheduled, as of NOW."""
    with zone(name):
        review, coming = ahead(**given)
        return reading_of(review, (), "commetctl apply --env production", scheduled_of(coming))
