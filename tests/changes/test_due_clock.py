"""Commet's clock: where the test clock cannot be read, the time of the refusal counts; without one, nothing is due."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from commetctl.api.client import Client
from commetctl.api.connection import Connection
from commetctl.core.contract import V2026_08_27
from commetctl.core.errors import CommetctlError, Unreachable
from commetctl.usecases.dated.clock import clock_of
from harness import KEY, QUICK, Shop

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def gateway(app: Any, *, html: bool = False, timeless: bool = False) -> Wsgi:
    """What stands before Commet: answers for the test clock itself, or takes the time out of every answer."""

    def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if html and environ["PATH_INFO"].endswith("/test-clock"):
            start("404 Not Found", [("Content-Type", "text/html"), ("Date", "Fri, 01 Jan 2027 00:00:00 GMT")])
            return [b"<html>not here</html>"]

        def began(status: str, headers: list[tuple[str, str]], info: Any = None) -> Any:
            kept = [pair for pair in headers if not (timeless and pair[0].lower() == "date")]
            return start(status, kept, info)

        found: Iterable[bytes] = app(environ, began)
        return found

    return answer


def client(app: Any, key: str = KEY) -> Client:
    connection = Connection("http://127.0.0.1", key, httpx.WSGITransport(app))
    return Client(connection, V2026_08_27, patience=QUICK)


def test_the_test_clock_of_a_sandbox_counts(tmp_path: Path) -> None:
    with Shop(tmp_path) as shop:
        shop.send("POST", "/test-clock", {"frozenTime": "2035-01-01T00:00:00Z"})
        found = clock_of(client(shop.app))
        assert (found.now, found.is_simulated) == (datetime(2035, 1, 1, tzinfo=UTC), True)


@pytest.mark.parametrize("key", [KEY, "ck_live_test", "rk_sandbox_x.plan:r"])
def test_without_one_the_time_of_the_answer_does_whatever_the_key_may_read(tmp_path: Path, key: str) -> None:
    with Shop(tmp_path) as shop:
        before = datetime.now(UTC).replace(microsecond=0)
        found = clock_of(client(shop.app, key))
        assert (found.is_simulated, before <= found.now <= datetime.now(UTC)) == (False, True)


def test_a_gateway_that_knows_no_test_clock_tells_the_time_too(tmp_path: Path) -> None:
    with Shop(tmp_path) as shop:
        found = clock_of(client(gateway(shop.app, html=True)))
        assert (found.now, found.is_simulated) == (datetime(2027, 1, 1, tzinfo=UTC), False)


def test_where_no_answer_has_a_time_nothing_is_due(tmp_path: Path) -> None:
    with Shop(tmp_path) as shop, pytest.raises(Unreachable) as error:
        clock_of(client(gateway(shop.app, timeless=True)))
    assert error.value.code == "no_time"


def test_where_nobody_answers_the_failure_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommetctlError) as error:
        clock_of(client(_silent))
    assert error.value.code != "no_time"


def _silent(_environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
    raise httpx.ConnectError("refused")
