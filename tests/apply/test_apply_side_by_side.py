"""Side by side: as many at once as allowed, no more; one at a time is always the same; and 429 slows everybody down."""

import json
import os
import threading
from itertools import count
from pathlib import Path

import httpx
import pytest

from cli.running import KEY, run, write
from commetctl.api.client import Client
from commetctl.api.pacing import Governor
from commetctl.apply.journal import Journal, Journals
from commetctl.catalog import Catalog
from commetctl.core.change import Applied, Failed, Skipped
from emulator.serving import emulator_server
from harness import Shop, Unwritten, unwritten

MANY = "version: 1\nfeatures:\n" + "".join(f"  f{n}: {{name: F{n}, type: boolean}}\n" for n in range(12))
#: Changes that do not wait for each other, as creations do.
EDITED = MANY.replace("type: boolean", "type: boolean, description: edited")
#: Its currencies are cleared together, and those that stay written back: a step of several calls.
CLEARED = """
version: 1
features: {calls: {name: Calls, type: usage}}
plans:
  pro:
    name: Pro
    consumption_model: metered
    prices: {monthly: {price: 49, is_default: true, regional_prices: {eur: 45, brl: 250}}}
    features: {calls: {included_amount: 100}}
"""
TIMEOUT = 20


class Crowded(httpx.BaseTransport):
    """Holds writes back until enough of them are there, and notes how many were there at once."""

    def __init__(self, inner: httpx.BaseTransport, together: int) -> None:
        self.inner = inner
        self.barrier = threading.Barrier(together)
        self.lock = threading.Lock()
        self.inside = self.most = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return self.inner.handle_request(request)
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.barrier.wait(TIMEOUT)
        with self.lock:
            self.inside -= 1
        return self.inner.handle_request(request)


@pytest.mark.parametrize("parallelism", [2, 4])
def test_as_many_as_allowed_are_under_way_at_once(shop: Shop, parallelism: int) -> None:
    shop.parallelism = parallelism
    shop.make(MANY)
    planned = shop.plan(EDITED)
    crowd = Crowded(shop.recorder.inner, parallelism)
    shop.recorder.inner = crowd
    assert all(isinstance(outcome, Applied) for outcome in shop.carry_out(planned))
    assert crowd.most == parallelism


def test_one_at_a_time_is_the_order_of_the_changeset(shop: Shop) -> None:
    planned = shop.plan(MANY)
    shop.recorder.requests.clear()
    outcomes = shop.carry_out(planned)
    sent = [request.content for request in shop.recorder.requests if request.method == "POST"]
    assert [f'"code":"f{n}"' in content.decode() for n, content in enumerate(sent)] == [True] * 12
    assert [outcome.change for outcome in outcomes] == list(planned.changeset.changes)


class Gate(httpx.BaseTransport):
    """Says when the second write is there, and holds it back until it may pass."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner = inner
        self.arrived, self.opened = threading.Event(), threading.Event()
        self.writes = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.writes += request.method != "GET"
        if self.writes == 2:
            self.arrived.set()
            assert self.opened.wait(TIMEOUT)
        return self.inner.handle_request(request)


def test_the_next_request_does_not_wait_until_an_outcome_is_shown(shop: Shop) -> None:
    planned = shop.plan(MANY)
    gate = shop.recorder.inner = Gate(shop.recorder.inner)
    outcomes = shop.run(planned, unwritten("run")).outcomes()
    next(outcomes)
    assert gate.arrived.wait(TIMEOUT)
    gate.opened.set()
    assert len(list(outcomes)) == 11


def test_whoever_leaves_early_lets_the_request_under_way_end_and_no_other_begin(shop: Shop) -> None:
    planned = shop.plan(MANY)
    gate = shop.recorder.inner = Gate(shop.recorder.inner)
    others = threading.enumerate()
    outcomes = shop.run(planned, unwritten("run")).outcomes()
    next(outcomes)
    assert gate.arrived.wait(TIMEOUT)
    outcomes.close()
    gate.opened.set()
    for worker in set(threading.enumerate()) - set(others):
        worker.join(TIMEOUT)
    assert gate.writes == 2


class Third(httpx.BaseTransport):
    """Says when the third write is there."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner = inner
        self.arrived = threading.Event()
        self.writes = count(1)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method != "GET" and next(self.writes) == 3:
            self.arrived.set()
        return self.inner.handle_request(request)


class Busy(Unwritten):
    """A journal that does not note what became of a request before the third write is there."""

    third: threading.Event

    def end(self, key: str, result: str) -> None:
        """Wait for the third write."""
        assert self.third.wait(TIMEOUT)


def test_a_request_is_sent_while_the_answers_to_others_are_dealt_with(shop: Shop) -> None:
    shop.parallelism = 2
    shop.make(MANY)
    planned = shop.plan(EDITED)
    third = shop.recorder.inner = Third(shop.recorder.inner)
    journal = Busy(Path(), "run", {}, -1)
    journal.third = third.arrived
    assert all(isinstance(outcome, Applied) for outcome in shop.run(planned, journal).outcomes())


class Durable(httpx.BaseTransport):
    """Holds each write against the lines of the journal that a power cut would leave at that moment."""

    def __init__(self, inner: httpx.BaseTransport, journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
        self.inner, self.journal, self.sync = inner, journal, os.fsync
        self.lasting = self.deletes = 0
        self.unnoted: list[httpx.Request] = []
        monkeypatch.setattr(os, "fsync", self.forced)

    def forced(self, descriptor: int) -> None:
        size = os.fstat(descriptor).st_size
        self.sync(descriptor)
        if descriptor == self.journal.descriptor:
            self.lasting = max(self.lasting, size)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        lines = [json.loads(line) for line in self.journal.path.read_bytes()[: self.lasting].splitlines()]
        self.deletes += request.method == "DELETE"
        if request.method == "DELETE":
            noted = sum(line.get("method") == "DELETE" for line in lines) >= self.deletes
        else:
            noted = any(line.get("begin") == request.headers.get("idempotency-key") for line in lines)
        if request.method != "GET" and not noted:
            self.unnoted.append(request)
        return self.inner.handle_request(request)


@pytest.mark.parametrize("parallelism", [1, 4])
def test_a_request_is_sent_once_a_power_cut_leaves_its_line(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parallelism: int
) -> None:
    shop.parallelism = parallelism
    shop.make(CLEARED)
    planned = shop.plan(CLEARED.replace(", brl: 250", "").replace("type: usage", "type: usage, description: edited"))
    with Journals(tmp_path / "runs").opened("run", {}) as journal:
        durable = shop.recorder.inner = Durable(shop.recorder.inner, journal, monkeypatch)
        outcomes = list(shop.run(planned, journal).outcomes())
    assert {type(outcome) for outcome in outcomes} == {Applied}
    assert durable.deletes == 1
    assert durable.unnoted == []


class Slow(Shop):
    """A shop whose client says what its governor's limit is."""

    governor: Governor

    def client(self, catalog: Catalog) -> Client:
        client = super().client(catalog)
        self.governor = client.governor
        return client


def test_a_rate_limit_halves_what_is_under_way_and_everything_is_done(tmp_path: Path) -> None:
    with Slow(tmp_path, parallelism=8) as shop:
        shop.make(MANY)
        planned = shop.plan(EDITED)
        shop.faulty.set(["429:0@w1-2"])
        assert all(isinstance(outcome, Applied) for outcome in shop.carry_out(planned))
        assert shop.governor.limit < 8
        assert shop.plan(EDITED).actions == []


def test_a_real_rate_limit_is_kept_to(tmp_path: Path) -> None:
    """Five requests a second, beyond that 429 and `Retry-After: 1`: a real apply takes its time and is complete."""
    database = tmp_path / "commet.db"
    with Shop(tmp_path, key=KEY, database=database) as shop:
        shop.make(MANY)
    write(tmp_path, EDITED)
    with emulator_server(database, faults=["rate:5"]) as running:
        ended = run(tmp_path, "apply", "--yes", "--allow", "updates", "--parallelism", "8", "--api-url", running.url)
        assert (ended.code, "12 changes applied and verified." in ended.out) == (0, True), ended.err


def test_a_disk_that_is_full_stops_the_run_before_the_next_request(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that cannot be noted is not sent."""
    journals = Journals(tmp_path / "runs")
    planned = shop.plan(MANY)
    with journals.opened("run", {}) as journal:
        left = after(journal, 3, monkeypatch)
        outcomes = list(shop.run(planned, journal).outcomes())
    assert left == [0]
    assert [type(outcome) for outcome in outcomes] == [Applied] * 2 + [Failed] + [Skipped] * 9
    (failure,) = (outcome.error for outcome in outcomes if isinstance(outcome, Failed))
    assert failure.code == "journal"
    assert sum(request.method == "POST" for request in shop.recorder.requests) == 2
    assert "No space left on device" in failure.message


def after(journal: Journal, lines: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let a number of lines be written, and nothing more."""
    left, write_line = [lines], os.write

    def full(descriptor: int, data: bytes) -> int:
        if descriptor == journal.descriptor:
            if not left[0]:
                raise OSError(28, "No space left on device")
            left[0] -= 1
        return write_line(descriptor, data)

    monkeypatch.setattr(os, "write", full)
    return left


def test_patience_is_as_the_command_line_says(tmp_path: Path) -> None:
    write(tmp_path)
    with emulator_server(":memory:", faults=["503"]) as running:
        ended = run(tmp_path, "plan", "--retries", "1", "-v", "--api-url", running.url)
        assert (ended.code, ended.err.count("→ 503")) == (1, 2)
    with emulator_server(":memory:", faults=["429:30"]) as running:
        ended = run(tmp_path, "plan", "--max-wait", "29", "-v", "--api-url", running.url)
        assert (ended.code, ended.err.count("→ 429")) == (1, 1)
