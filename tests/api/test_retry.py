"""Trying again: by the API's rules, under the same key, no longer and no oftener than allowed."""

from collections.abc import Iterator

import pytest

from cli.hostile import EMPTY, Hostile, Reply, hostile
from cli.running import KEY
from commetctl.api.client import Client
from commetctl.api.connection import Connection
from commetctl.api.pacing import Patience, in_doubt, retry_after
from commetctl.core.call import Request
from commetctl.core.contract import V2026_08_27, Listing
from commetctl.core.errors import ApiError, CommetctlError, NotPermitted, Unreachable
from commetctl.kinds import features

FEATURES = Listing(features.FEATURES.routes.list)
PAGE = Reply("<html>Bad gateway</html>", 502, {"content-type": "text/html"})
GARBLED = Reply('{"id": "fea_1"', 200)
FINE = Reply({"object": "feature", "id": "fea_1"})


def refusal(code: str, status: int, **headers: str) -> Reply:
    return Reply(
        {"error": {"code": code, "message": "no"}}, status, {k.replace("_", "-"): v for k, v in headers.items()}
    )


def request(method: str) -> Request:
    return Request(method, ("features", "fea_1"), None if method in ("GET", "DELETE") else {"name": "Calls"})


def tried(
    method: str, *replies: Reply, patience: Patience | None = None
) -> tuple[list[float], Hostile, CommetctlError | None]:
    """Send one call to a server that gives the replies in turn: the waits, the server, and the error at the end."""
    rest: Iterator[Reply] = iter(replies)
    waits: list[float] = []
    with hostile(lambda _method, _path: next(rest)) as server:
        client = Client(
            Connection(server.url, KEY),
            V2026_08_27,
            patience=patience or Patience(first=0.001),
            on_wait=lambda _error, seconds: waits.append(seconds),
        )
        try:
            client.send(request(method), "commetctl-1")
        except CommetctlError as error:
            return waits, server, error
        finally:
            client.close()
    return waits, server, None


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH"])
@pytest.mark.parametrize("reply", [*(refusal("internal_error", s) for s in (408, 500, 502, 503, 504)), PAGE, GARBLED])
def test_a_bad_moment_is_outlasted_under_the_same_key(method: str, reply: Reply) -> None:
    waits, server, error = tried(method, reply, reply, FINE)
    assert error is None
    assert len(waits) == 2
    keys = {headers.get("idempotency-key") for headers in server.headers}
    assert keys == ({None} if method == "GET" else {"commetctl-1"})


@pytest.mark.parametrize("reply", [*(refusal("internal_error", s) for s in (408, 500, 503)), PAGE, GARBLED])
def test_a_delete_of_unknown_fate_is_not_sent_again(reply: Reply) -> None:
    _, server, error = tried("DELETE", reply, FINE)
    assert len(server.requests) == 1
    assert error is not None
    assert in_doubt(error)


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_throttled_waits_exactly_as_long_as_it_is_told(method: str) -> None:
    waits, server, error = tried(method, refusal("rate_limited", 429, retry_after="1"), FINE)
    assert (waits, len(server.requests), error) == ([1.0], 2, None)


@pytest.mark.parametrize("body", ["{}", "<html>slow down</html>"])
def test_throttled_without_a_time_is_an_error(body: str) -> None:
    _, server, error = tried("GET", Reply(body, 429), FINE)
    assert len(server.requests) == 1
    assert error is not None
    assert error.code == "rate_limited"


def test_a_wait_that_is_longer_than_allowed_is_an_error_at_once() -> None:
    waits, server, error = tried("GET", refusal("rate_limited", 429, retry_after="3600"), FINE)
    assert (waits, len(server.requests)) == ([], 1)
    assert isinstance(error, ApiError)
    assert error.retry_after == 3600


def test_all_waits_for_one_request_together_are_bounded() -> None:
    slow = refusal("rate_limited", 429, retry_after="1")
    waits, server, error = tried("GET", slow, slow, slow, FINE, patience=Patience(total=1.5))
    assert (waits, len(server.requests)) == ([1.0], 2)
    assert error is not None


@pytest.mark.parametrize("attempts", [1, 3])
def test_attempts_are_bounded(attempts: int) -> None:
    bad = refusal("internal_error", 500)
    _, server, error = tried("PATCH", *[bad] * 9, patience=Patience(attempts=attempts, first=0.001))
    assert len(server.requests) == attempts
    assert error is not None
    assert error.code == "internal_error"


def test_a_request_still_at_work_is_waited_for_under_its_key() -> None:
    _, server, error = tried("POST", refusal("idempotency_in_progress", 409), FINE)
    assert error is None
    assert [headers["idempotency-key"] for headers in server.headers] == ["commetctl-1"] * 2


@pytest.mark.parametrize(("method", "sent"), [("POST", 1), ("PUT", 2), ("PATCH", 2)])
def test_where_the_key_may_not_have_been_noted_only_what_is_harmless_twice_is_sent_again(
    method: str, sent: int
) -> None:
    _, server, _ = tried(method, refusal("idempotency_unavailable", 503), FINE)
    assert len(server.requests) == sent


@pytest.mark.parametrize(
    "reply",
    [
        refusal("idempotency_key_mismatch", 409),
        refusal("validation_error", 400, retry_after="1"),
        refusal("validation_error", 422),
        refusal("duplicate", 409),
        refusal("not_found", 404),
        refusal("unauthorized", 401),
        refusal("forbidden", 403),
        Reply("", 302, {"location": "/elsewhere"}),
    ],
)
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_definite_no_is_taken_for_one(method: str, reply: Reply) -> None:
    _, server, error = tried(method, reply, FINE)
    assert len(server.requests) == 1
    assert error is not None


def test_backoff_doubles_with_jitter() -> None:
    patience = Patience(attempts=9, first=1.0)
    error = ApiError("no", status=503)
    drawn = [
        [patience.before_next(n, 0.0, "GET", keyed=False, error=error) or 0.0 for _ in range(99)] for n in (1, 2, 3)
    ]
    for longest, waits in zip((1, 2, 4), drawn, strict=True):
        assert longest / 2 <= min(waits) < max(waits) <= longest


def test_every_page_of_a_list_is_tried_again() -> None:
    rest = iter([refusal("internal_error", 500), EMPTY])
    with hostile(lambda _method, _path: next(rest)) as server:
        client = Client(Connection(server.url, KEY), V2026_08_27, patience=Patience(first=0.001))
        assert client.list(FEATURES) == []
        client.close()


def test_nobody_there_is_tried_again_even_for_a_delete_since_nothing_was_sent() -> None:
    waits: list[float] = []
    client = Client(
        Connection("http://127.0.0.1:9", KEY),
        V2026_08_27,
        patience=Patience(attempts=3, first=0.001),
        on_wait=lambda _error, seconds: waits.append(seconds),
    )
    with pytest.raises(Unreachable) as caught:
        client.send(request("DELETE"))
    client.close()
    assert len(waits) == 2
    assert not in_doubt(caught.value)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
        ("٣", None),
        ("9" * 5000, None),
        ("0", 0.0),
        ("30", 30.0),
        ("Sat, 21 Nov 2026 10:00:30 GMT", 30.0),
        ("Sat, 21 Nov 2026 09:59:00 GMT", 0.0),
        ("Sat, 21 Nov 99999 10:00:30 GMT", None),
    ],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, "Sat, 21 Nov 2026 10:00:00 GMT") == seconds


@pytest.mark.parametrize(
    ("error", "doubtful"),
    [
        (Unreachable("reset", transient=True), True),
        (Unreachable("refused", transient=True, unsent=True), False),
        (ApiError("", status=500), True),
        (ApiError("", status=409, code="idempotency_in_progress"), True),
        (ApiError("", status=429), False),
        (ApiError("", status=400), False),
        (NotPermitted("", status=401), False),
        (CommetctlError(""), False),
    ],
)
def test_what_leaves_a_doubt(error: CommetctlError, doubtful: bool) -> None:
    assert in_doubt(error) is doubtful
