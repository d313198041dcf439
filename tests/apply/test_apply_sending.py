"""Sending when the line is bad: nothing twice, nothing lost, and no DELETE repeated blindly."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from commetctl.apply.journal import Journals, key_of
from commetctl.core.call import resolved
from commetctl.core.change import Applied, Failed, Outcome, Skipped
from commetctl.kinds.features import FEATURES
from harness import Shop, unwritten

BEFORE = """
version: 1
features: {calls: {name: Calls, type: usage}, logs: {name: Logs, type: boolean}}
plans:
  pro:
    name: Pro
    consumption_model: metered
    prices:
      monthly: {price: 49, is_default: true, regional_prices: {eur: 45, brl: 250}}
      yearly: {price: 490}
    features: {calls: {included_amount: 100}, logs: true}
  old: {name: Old}
credit_packs: {small: {name: Small, credits: 10, price: 1}}
"""
#: One deletion of each kind that the API has an operation for.
DELETIONS = {
    "feature.logs": BEFORE.replace(", logs: {name: Logs, type: boolean}", "").replace(", logs: true", ""),
    "plan.old": BEFORE.replace("  old: {name: Old}\n", ""),
    "plan_price.pro/yearly": BEFORE.replace("      yearly: {price: 490}\n", ""),
    "plan_feature.pro/logs": BEFORE.replace(", logs: true", ""),
    "regional_price.pro/monthly/brl": BEFORE.replace(", brl: 250", ""),
    "credit_pack.Small": BEFORE.replace("small: {name: Small, credits: 10, price: 1}", ""),
}


def applied(shop: Shop, yaml: str, *faults: str) -> list[Outcome]:
    """Apply with faults; the outcomes. The requests of the run are on record."""
    planned = shop.plan(yaml, prune=True)
    shop.recorder.requests.clear()
    shop.faulty.set(faults)
    outcomes = shop.carry_out(planned)
    shop.faulty.set([])
    return outcomes


def methods(shop: Shop) -> list[str]:
    return [request.method for request in shop.recorder.requests]


def deletes(shop: Shop) -> int:
    return methods(shop).count("DELETE")


@pytest.fixture
def full(shop: Shop) -> Shop:
    """A shop that has something of every kind."""
    shop.found(BEFORE)
    return shop


def at_delete(shop: Shop, yaml: str) -> int:
    """The number of the write that is the first DELETE."""
    return first_delete(shop.version, yaml)


@cache
def first_delete(version: str, yaml: str) -> int:
    """The same, found once for all faults."""
    with TemporaryDirectory() as folder, Shop(Path(folder), version) as other:
        other.make(BEFORE)
        assert all(isinstance(outcome, Applied) for outcome in applied(other, yaml))
        writes = [method for method in methods(other) if method != "GET"]
        return writes.index("DELETE") + 1


@pytest.mark.parametrize("address", DELETIONS)
@pytest.mark.parametrize("fault", ["reset-after", "504", "not-json"])
def test_a_delete_that_took_though_no_answer_came_is_not_sent_again(full: Shop, address: str, fault: str) -> None:
    yaml = DELETIONS[address]
    sent = deletes_of(full, yaml)
    outcomes = applied(full, yaml, f"{fault}@w{at_delete(full, yaml)}")
    assert all(isinstance(outcome, Applied) for outcome in outcomes), outcomes
    assert deletes(full) == sent
    assert full.plan(yaml, prune=True).actions == []


@pytest.mark.parametrize("address", DELETIONS)
@pytest.mark.parametrize("fault", ["reset-before", "500", "502", "408"])
def test_a_delete_that_did_not_take_is_sent_again_once_somebody_has_looked(
    full: Shop, address: str, fault: str
) -> None:
    yaml = DELETIONS[address]
    sent = deletes_of(full, yaml)
    outcomes = applied(full, yaml, f"{fault}@w{at_delete(full, yaml)}")
    assert all(isinstance(outcome, Applied) for outcome in outcomes), outcomes
    assert deletes(full) == sent + 1
    first = methods(full).index("DELETE")
    assert methods(full)[first + 1] == "GET"
    assert full.plan(yaml, prune=True).actions == []


def test_a_delete_in_doubt_is_not_taken_for_done_because_something_else_of_the_object_changed(full: Shop) -> None:
    """The default moves to another price before the old one goes, so that is not any more as it was."""
    monthly = "      monthly: {price: 49, is_default: true, regional_prices: {eur: 45, brl: 250}}\n"
    assert monthly in BEFORE
    yaml = BEFORE.replace(monthly, "      weekly: {price: 12, is_default: true}\n")
    outcomes = applied(full, yaml, f"408@w{at_delete(full, yaml)}")
    assert all(isinstance(outcome, Applied) for outcome in outcomes), outcomes
    assert full.plan(yaml, prune=True).actions == []


def deletes_of(shop: Shop, yaml: str) -> int:
    """How many DELETEs a change takes when nothing goes wrong."""
    changeset = shop.plan(yaml, prune=True).changeset
    return sum(call.method == "DELETE" for step in changeset.steps for call in step.calls)


def test_a_delete_is_given_up_after_three_times(full: Shop) -> None:
    outcomes = applied(full, DELETIONS["plan.old"], "503@writes")
    assert isinstance(outcomes[0], Failed)
    assert outcomes[0].error.code == "internal_error"
    assert deletes(full) == 3


def test_a_delete_of_what_is_gone_is_done(full: Shop) -> None:
    planned = full.plan(DELETIONS["plan.old"], prune=True)
    (old,) = (row for row in full.send("GET", "/plans?includePrivate=true")["data"] if row["code"] == "old")
    full.send("DELETE", f"/plans/{old['id']}")
    assert [type(outcome) for outcome in full.sent(planned)] == [Applied]


@pytest.mark.parametrize("fault", ["reset-after", "reset-before", "500", "502", "504", "408", "not-json", "429:0"])
def test_what_is_created_is_created_once(shop: Shop, fault: str) -> None:
    count = sum(len(step.calls) for step in shop.plan(BEFORE).changeset.steps)
    for write in range(1, count + 1, 2):
        with Shop(shop.folder, shop.version) as other:
            outcomes = applied(other, BEFORE, f"{fault}@w{write}")
            assert all(isinstance(outcome, Applied) for outcome in outcomes), outcomes
            sent = [r.headers["idempotency-key"] for r in other.recorder.requests if r.method != "GET"]
            assert len(set(sent)) == len(sent) - 1 == count
            assert other.plan(BEFORE, prune=True).actions == []


def test_a_key_that_the_api_knows_with_other_content_stops_the_run(shop: Shop, tmp_path: Path) -> None:
    """Not ours to clear up: a key that is not fresh means that something is wrong with keys altogether."""
    planned = shop.plan(BEFORE)
    body = {"code": "x", "name": "X", "type": "boolean"}
    key = key_of("known", planned.changeset.steps[0].name, 0)
    shop.client(planned.catalog).send(resolved(planned.catalog.contract.call(FEATURES.routes.create, body)), key)
    outcomes = list(shop.run(planned, unwritten("known")).outcomes())
    assert isinstance(outcomes[0], Failed)
    assert outcomes[0].error.code == "idempotency_key_mismatch"
    assert all(isinstance(outcome, Skipped) for outcome in outcomes[1:])


class Struck(Exception):
    """The end of a process, at an instant of a test's choosing."""


class Deadly(httpx.BaseTransport):
    """Passes requests on until one arrives, and its answer is never heard."""

    def __init__(self, inner: httpx.BaseTransport, at: int) -> None:
        self.inner, self.at = inner, at

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.inner.handle_request(request)
        self.at -= request.method == "POST"
        if self.at < 0:
            raise Struck
        return response


def test_what_was_under_way_at_a_kill_is_sent_under_the_same_key_by_the_next_run(shop: Shop, tmp_path: Path) -> None:
    shop.journals = Journals(tmp_path / "runs")
    planned = shop.plan(BEFORE)
    shop.recorder.inner = Deadly(shop.recorder.inner, at=2)
    with pytest.raises(Struck):
        shop.carry_out(planned)
    shop.recorder.inner = shop.recorder.inner.inner
    last = shop.recorder.requests[-1]
    # The answer was lost, and the object is not there any more when the next run looks: its request goes out again.
    assert [past.interrupted for past in shop.journals.runs()] == [True]
    with shop.journals.opened("b" * 32, planned.prepared.journaled) as journal:
        outcomes = list(shop.run(planned, journal).outcomes())
        journal.finish("exit 0")
    assert [past.interrupted for past in shop.journals.runs()] == [False, False]
    same = [r for r in shop.recorder.requests if r.headers.get("idempotency-key") == last.headers["idempotency-key"]]
    assert [(r.method, r.url.path, r.content) for r in same] == [(last.method, last.url.path, last.content)] * 2
    assert any(isinstance(outcome, Applied) for outcome in outcomes)


def stopping(run_stop: Callable[[str], None], inner: httpx.BaseTransport, at: int) -> httpx.BaseTransport:
    """A transport that asks the run to stop while a write is under way."""

    class Stopping(httpx.BaseTransport):
        left = at

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            self.left -= request.method != "GET"
            if self.left == 0:
                run_stop("the run was interrupted")
            return inner.handle_request(request)

    return Stopping()


def test_a_run_that_is_stopped_ends_what_is_in_flight_and_begins_nothing_more(shop: Shop) -> None:
    planned = shop.plan(BEFORE)
    run = shop.run(planned, unwritten("run"))
    inner, shop.recorder.inner = shop.recorder.inner, stopping(run.stop, shop.recorder.inner, at=3)
    outcomes = list(run.outcomes())
    shop.recorder.inner = inner
    assert sum(request.method != "GET" for request in shop.recorder.requests) == 3
    assert len(outcomes) == len(planned.changeset.changes)
    assert not any(isinstance(outcome, Failed) for outcome in outcomes)
    assert {o.reason for o in outcomes if isinstance(o, Skipped)} == {"the run was interrupted"}
    shop.make(BEFORE)
    assert shop.plan(BEFORE).actions == []


def test_a_run_that_is_stopped_does_not_wait_to_try_again(shop: Shop) -> None:
    planned = shop.plan(BEFORE)
    run = shop.run(planned, unwritten("run"))
    shop.faulty.set(["429:3600@w2"])
    inner, shop.recorder.inner = shop.recorder.inner, stopping(run.stop, shop.recorder.inner, at=2)
    outcomes = list(run.outcomes())
    shop.recorder.inner = inner
    assert [o.error.code for o in outcomes if isinstance(o, Failed)] == ["rate_limited"]


@pytest.mark.parametrize("parallelism", [1, 2, 8])
def test_until_prices_are_proven_nothing_is_done_beside_the_first_one(tmp_path: Path, parallelism: int) -> None:
    """In an empty account of the older generation, the first price says what the integers mean."""
    with Shop(tmp_path, "2026-07-11", {"price_scale": "minor"}, parallelism=parallelism) as shop:
        outcomes = shop.apply(BEFORE)
        prices = [r for r in shop.recorder.requests if r.method == "POST" and r.url.path.endswith("/prices")]
        assert len(prices) == 1
        assert [o.error.code for o in outcomes if isinstance(o, Failed)] == ["price_scale"]
