"""An answer with any one thing changed or gone is read as it is or refused; planning on it is never a bug."""

import json
from collections.abc import Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import httpx
import pytest

from commetctl.api.client import Client
from commetctl.api.connection import Connection
from commetctl.catalog import Catalog
from commetctl.core.contract import CONTRACTS
from commetctl.core.errors import CommetctlError
from commetctl.kinds.sides import World
from commetctl.planning.reconcile import reconcile
from commetctl.reading import reading_of
from commetctl.render.markdown import plan_markdown
from commetctl.render.text import plan_text
from commetctl.usecases.reading import read
from harness import QUICK, Shop, planned_of

YAML = """\
version: 1
features: {calls: {name: Calls, type: usage}, seats: {name: Seats, type: seats}}
plans:
  pro:
    name: Pro
    consumption_model: balance
    metadata: {tier: "2"}
    exchange_rates: {brl: 5.2}
    prices: {monthly: {price: 49, included_balance: 5, is_default: true, trial_days: 3}}
    features:
      calls:
        included_amount: 5
        pricing_mode: ai_model
        margin_percent: 5
        overage: {unit_price: 0.1, regional_prices: {brl: 0.5}}
      seats: unlimited
credit_packs: {a: {name: A, credits: 5, price: 1}}
"""

GONE = object()
WRONG: Sequence[Any] = (None, 5, -1, 1.5, "x", "", [], [1], {}, {"a": 1}, True, 10**30, GONE)


class Altered(httpx.BaseTransport):
    """The emulator, but for the answers that were set."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner = inner
        self.answers: dict[str, Any] = {}
        self.instead: dict[str, Any] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path not in self.instead:
            body = self.inner.handle_request(request).read()
            self.answers[path] = json.loads(body)
            return httpx.Response(200, content=body)
        return httpx.Response(200, content=json.dumps(self.instead[path]))


def places(data: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in JSON data but the whole."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, item in items:
        yield (*place, key)
        yield from places(item, (*place, key))


def altered(data: Any, place: tuple[Any, ...], value: Any) -> Any:
    """A copy of the data with another value, or nothing, at a place."""
    copy = deepcopy(data)
    target = copy
    for key in place[:-1]:
        target = target[key]
    if value is GONE:
        del target[place[-1]]
    else:
        target[place[-1]] = value
    return copy


def plan(catalog: Catalog, transport: httpx.BaseTransport) -> str:
    """Everything that `commetctl plan` does with the answers."""
    client = Client(Connection("http://127.0.0.1", "ck_sandbox_test", transport), catalog.contract, patience=QUICK)
    live, notices = read(catalog, client)
    changeset = reconcile(World(catalog.desired, live, catalog.contract), catalog.sections, notices)
    planned = planned_of(catalog, live, changeset)
    markdown = plan_markdown(reading_of(planned.review))
    return plan_text(reading_of(planned.review), whole=True) + markdown + json.dumps(planned.document)


def is_never_a_bug(folder: Path, version: str, values: int) -> None:
    """At each place so many of the wrong values, others at the next."""
    with Shop(folder, version) as shop:
        shop.make(YAML)
        catalog, transport = shop.load(YAML), Altered(shop.recorder.inner)
        assert "No changes" in plan(catalog, transport)
        refused, bugs = 0, []
        for path, answer in list(transport.answers.items()):
            for number, place in enumerate(places(answer)):
                first = number * values % len(WRONG)
                for value in (*WRONG, *WRONG)[first : first + values]:
                    transport.instead = {path: altered(answer, place, value)}
                    try:
                        plan(catalog, transport)
                    except CommetctlError:
                        refused += 1
                    except Exception as error:
                        bugs.append((path, place, "gone" if value is GONE else value, repr(error)))
    assert bugs == [], "\n".join(map(str, bugs))
    assert refused > 15 * values, "most of what the API never answers is refused"


@pytest.mark.parametrize("version", sorted(CONTRACTS))
def test_one_wrong_value_anywhere_is_never_a_bug(tmp_path: Path, version: str) -> None:
    is_never_a_bug(tmp_path, version, 4)


@pytest.mark.proof
@pytest.mark.parametrize("version", sorted(CONTRACTS))
def test_every_wrong_value_anywhere_is_never_a_bug(tmp_path: Path, version: str) -> None:
    is_never_a_bug(tmp_path, version, len(WRONG))
