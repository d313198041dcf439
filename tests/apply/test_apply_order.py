"""Objects are created in the order of the file, however many requests are under way, and whatever fails."""

import json
import threading
import time

import httpx
import pytest

from commetctl.core.change import Applied
from harness import Shop

CODES = ["starter", "pro", "business", "scale"]
FEATURES = "".join(f"  f{n}: {{name: F{n}, type: boolean}}\n" for n in (3, 0, 2, 1))
PRICES = "{yearly: {price: 90}, monthly: {price: 9, is_default: true}, weekly: {price: 3}}"
PARTS = f"prices: {PRICES}, features: {{f2: true, f0: true, f1: true}}"
PLANS = "".join(f"  {code}: {{name: {code.title()}, {PARTS}}}\n" for code in CODES)
PACKS = "".join(f"  p{n}: {{name: P{n}, credits: 10, price: {n}}}\n" for n in (2, 1, 3))
YAML = f"version: 1\nfeatures:\n{FEATURES}plans:\n{PLANS}credit_packs:\n{PACKS}"


class Slow(httpx.BaseTransport):
    """Takes its time with the first creation at each path, and notes each that arrives: path to what is created."""

    def __init__(self, inner: httpx.BaseTransport, refused: str = "") -> None:
        self.inner, self.refused = inner, refused
        self.lock = threading.Lock()
        self.arrived: dict[str, list[str]] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method != "POST":
            return self.inner.handle_request(request)
        body = json.loads(request.read())
        what = body.get("code") or body.get("name") or body.get("billingInterval") or body["featureId"]
        with self.lock:
            is_first = request.url.path not in self.arrived
            self.arrived.setdefault(request.url.path, [])
        if is_first:
            time.sleep(0.05)
        with self.lock:
            self.arrived[request.url.path].append(what)
        if what == self.refused:
            error = {"type": "invalid_request_error", "code": "validation_error", "message": "refused by the test"}
            return httpx.Response(400, json={"error": error}, request=request)
        return self.inner.handle_request(request)


@pytest.mark.parametrize("parallelism", [1, 4, 16])
def test_each_section_is_created_in_the_order_of_the_file(shop: Shop, parallelism: int) -> None:
    shop.parallelism = parallelism
    planned = shop.plan(YAML)
    slow = shop.recorder.inner = Slow(shop.recorder.inner)
    assert all(isinstance(outcome, Applied) for outcome in shop.carry_out(planned))
    codes = {id_: address.key for address, id_ in shop.plan(YAML).live.ids.items()}
    made = {
        path.rpartition("/v1")[2].removesuffix("/manage"): [codes.get(w, w) for w in ws]
        for path, ws in slow.arrived.items()
    }
    assert made.pop("/features") == ["f3", "f0", "f2", "f1"]
    assert made.pop("/plans") == CODES
    assert made.pop("/credit-packs") == ["P2", "P1", "P3"]
    assert len(made) == 2 * len(CODES)
    for path, things in made.items():
        wanted = ["monthly", "yearly", "weekly"] if path.endswith("/prices") else ["f2", "f0", "f1"]
        assert things == wanted, path


@pytest.mark.parametrize("parallelism", [1, 4])
def test_one_that_fails_does_not_stop_the_next(shop: Shop, parallelism: int) -> None:
    shop.parallelism = parallelism
    planned = shop.plan(YAML)
    slow = Slow(shop.recorder.inner, refused="pro")
    shop.recorder.inner = slow
    missing = {str(o.change.address) for o in shop.carry_out(planned) if not isinstance(o, Applied)}
    assert {address.partition(".")[2].partition("/")[0] for address in missing} == {"pro"}
    assert next(codes for path, codes in slow.arrived.items() if "/plans" in path and "starter" in codes) == CODES


def test_the_parts_of_a_plan_do_not_hold_up_the_next_plan(shop: Shop) -> None:
    """A price of the first plan is held back until the second plan arrives."""
    # Until the scale of prices is proven, there is one worker.
    shop.make("{version: 1, plans: {first: {name: First, prices: {monthly: {price: 1}}}}}")
    shop.parallelism = 2
    planned = shop.plan(f"version: 1\nfeatures:\n{FEATURES}plans:\n{PLANS}")
    inner, second = shop.recorder.inner, threading.Event()

    class Held(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.method == "POST" and b'"code":"pro"' in request.read():
                second.set()
            if request.method == "POST" and request.url.path.endswith("/prices"):
                assert second.wait(20)
            return inner.handle_request(request)

    shop.recorder.inner = Held()
    assert all(isinstance(outcome, Applied) for outcome in shop.carry_out(planned))
