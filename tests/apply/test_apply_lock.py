"""The lock: seen by runs elsewhere, over by itself, and never taken for a part of the catalog."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from commetctl.api.client import Client
from commetctl.apply.lock import Lock, holders, owner
from commetctl.core.errors import ApiError, InvalidCatalog, Refused
from harness import Shop

EMPTY = "version: 1\nfeatures: {}\n"


def lock(shop: Shop, run: str, *, minutes: int = 15, livemode: bool = False) -> Lock:
    return Lock(client(shop), run * 16, f"{run} on a machine", minutes, livemode=livemode)


def client(shop: Shop) -> Client:
    return shop.client(shop.load(EMPTY))


def codes(shop: Shop) -> list[str]:
    return [row["code"] for row in shop.send("GET", "/features")["data"]]


def add(shop: Shop, code: str, description: str) -> None:
    body = {"code": code, "name": code, "type": "boolean", "description": description}
    shop.send("POST", "/features", body)


def test_a_lock_keeps_out_the_next_one_until_it_is_released(shop: Shop) -> None:
    first, second = lock(shop, "a"), lock(shop, "b")
    first.take()
    with pytest.raises(Refused, match=r"locked by a on a machine until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC") as caught:
        second.take()
    assert (caught.value.code, caught.value.exit_code) == ("locked", 4)
    assert codes(shop) == [first.code]
    first.release()
    second.take()
    assert codes(shop) == [second.code]
    second.release()
    assert codes(shop) == []


def test_of_two_at_the_same_moment_the_later_one_steps_back(shop: Shop) -> None:
    """Both look and see nobody; then both write; then both look again."""
    first, second = lock(shop, "a"), lock(shop, "b")
    inner = shop.recorder.inner

    class Between(httpx.BaseTransport):
        done = False

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            response = inner.handle_request(request)
            if request.method == "POST" and not self.done:
                self.done = True
                with pytest.raises(Refused):
                    second.take()
            return response

    shop.recorder.inner = Between()
    first.take()
    shop.recorder.inner = inner
    assert codes(shop) == [first.code]


def test_a_lock_that_is_over_is_cleared_away(shop: Shop) -> None:
    past = datetime.now(UTC) - timedelta(minutes=2)
    add(shop, "commetctl_lock_old", f"held by nobody until {past.isoformat()}")
    taken = lock(shop, "a")
    taken.take()
    assert codes(shop) == [taken.code]


@pytest.mark.parametrize("seconds", [-30, 3600])
def test_a_clock_that_is_a_little_off_lets_nobody_in(shop: Shop, seconds: int) -> None:
    end = datetime.now(UTC) + timedelta(seconds=seconds)
    add(shop, "commetctl_lock_other", f"held by somebody else until {end.isoformat()}")
    with pytest.raises(Refused):
        lock(shop, "a").take()


@pytest.mark.parametrize("text", ["", "held by x until soon", "Temporary", "held by x until 2026-13-40"])
def test_a_lock_whose_end_cannot_be_read_stays_and_can_be_deleted_by_hand(shop: Shop, text: str) -> None:
    add(shop, "commetctl_lock_odd", text)
    with pytest.raises(Refused, match="without an end that can be read") as caught:
        lock(shop, "a").take()
    assert "delete the feature `commetctl_lock_odd`" in caught.value.hint


def test_a_lock_in_the_wrong_organization_is_taken_back(shop: Shop) -> None:
    with pytest.raises(Refused) as caught:
        lock(shop, "a", livemode=True).take()
    assert caught.value.code == "wrong_mode"
    assert codes(shop) == []


def test_a_lock_that_is_not_granted_leaves_nothing(shop: Shop) -> None:
    shop.faulty.set(["504@w1"])
    taken = lock(shop, "a")
    taken.take()
    assert codes(shop) == [taken.code]
    taken.release()
    shop.faulty.set(["500@writes"])
    with pytest.raises(ApiError):
        lock(shop, "b").take()
    shop.faulty.set([])
    assert codes(shop) == []


def test_it_is_no_part_of_any_catalog(shop: Shop) -> None:
    lock(shop, "a").take()
    planned = shop.plan(EMPTY, prune=True)
    assert planned.actions == []
    assert planned.changeset.unmanaged == ()
    with pytest.raises(InvalidCatalog) as caught:
        shop.load("version: 1\nfeatures: {commetctl_lock_x: {name: X, type: boolean}}\n")
    assert [problem.code for problem in caught.value.problems] == ["reserved_code"]


@contextmanager
def environment(monkeypatch: pytest.MonkeyPatch, **values: str) -> Iterator[None]:
    with monkeypatch.context() as patched:
        for name in ("GITHUB_RUN_ID", "GITHUB_REPOSITORY", "CI_JOB_URL"):
            patched.delenv(name, raising=False)
        for name, value in values.items():
            patched.setenv(name, value)
        yield


def test_the_owner_is_the_job_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with environment(monkeypatch, GITHUB_RUN_ID="7", GITHUB_REPOSITORY="acme/pricing"):
        assert owner() == "GitHub run 7 of acme/pricing"
    with environment(monkeypatch, CI_JOB_URL="https://gitlab.example/jobs/7"):
        assert owner() == "GitLab job https://gitlab.example/jobs/7"
    with environment(monkeypatch):
        assert " on " in owner()


def test_who_holds_it_can_be_read(shop: Shop, tmp_path: Path) -> None:
    taken = lock(shop, "a", minutes=30)
    taken.take()
    (holder,) = holders(client(shop))
    assert (holder.code, holder.owner) == (taken.code, "a on a machine")
    assert holder.until
    assert timedelta(minutes=29) < holder.until - datetime.now(UTC) <= timedelta(minutes=30)
