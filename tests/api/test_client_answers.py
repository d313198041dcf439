"""What the client makes of answers that are errors, nonsense, or from somebody else; over real connections."""

from collections.abc import Mapping
from typing import Any

import pytest

from cli.hostile import EMPTY, Reply, hostile
from cli.running import KEY
from commetctl.api.client import Client
from commetctl.api.connection import Connection
from commetctl.core.contract import CONTRACTS, V2026_08_27, Listing
from commetctl.core.errors import ApiError, CommetctlError, NotPermitted, Unreachable
from commetctl.kinds import features
from harness import QUICK

FEATURES = Listing(features.FEATURES.routes.list)
ROW = {"id": "ftr_1", "code": "calls", "name": "Calls", "type": "usage"}


def failure(reply: Reply, version: str = V2026_08_27.version) -> CommetctlError:
    """The error that a list with this answer ends in; the key is in none."""
    with hostile(reply) as server:
        client = Client(Connection(server.url, KEY), CONTRACTS[version], patience=QUICK)
        try:
            with pytest.raises(CommetctlError) as raised:
                client.list(FEATURES)
        finally:
            client.close()
    error = raised.value
    assert KEY not in f"{vars(error)}"
    assert server.writes == []
    return error


def page(rows: Any, **more: Any) -> Reply:
    return Reply({"object": "list", "data": rows, "hasMore": False, **more})


ERROR = {"type": "conflict_error", "code": "duplicate", "message": "taken", "doc_url": "https://docs.invalid/duplicate"}


@pytest.mark.parametrize(
    ("version", "body"),
    [("2026-08-27", {"error": ERROR}), ("2026-07-11", {"success": False, "error": ERROR}), ("2026-08-27", ERROR)],
)
def test_an_error_keeps_what_support_needs_in_every_shape_that_it_comes_in(
    version: str, body: Mapping[str, Any]
) -> None:
    error = failure(Reply(body, 409, {"x-request-id": "req_7"}), version)
    assert isinstance(error, ApiError)
    assert error.message == "GET /features answered 409 duplicate: taken"
    assert (error.code, error.status, error.request_id) == ("duplicate", 409, "req_7")
    assert error.doc_url == "https://docs.invalid/duplicate"
    assert "already exists" in error.hint
    assert error.exit_code == 1


def test_every_detail_of_a_validation_error_is_said() -> None:
    details = [{"field": "name", "message": "too long"}, {"field": "credits", "message": "too many"}, "nonsense"]
    error = failure(Reply({"error": {"code": "validation_error", "message": "invalid", "details": details}}, 400))
    assert error.message.endswith("400 validation_error: invalid (name: too long; credits: too many)")


@pytest.mark.parametrize(
    ("status", "body", "code", "said"),
    [
        (401, {"error": {"code": "unauthorized", "message": "no"}}, "unauthorized", "no"),
        (401, {"error": "Unauthorized"}, "unauthorized", "Unauthorized"),
        (401, {"code": "invalid_key", "message": "bad key"}, "invalid_key", "bad key"),
        (401, {}, "unauthorized", "no message"),
        (403, {"message": "not yours"}, "forbidden", "not yours"),
        (
            400,
            {"error": {"type": "authentication_error", "code": "key_expired", "message": "old"}},
            "key_expired",
            "old",
        ),
    ],
)
def test_a_key_that_is_not_accepted_is_known_by_code_type_or_status(
    status: int, body: Any, code: str, said: str
) -> None:
    error = failure(Reply(body, status))
    assert isinstance(error, NotPermitted)
    assert (error.exit_code, error.code) == (6, code)
    assert error.message == f"GET /features answered {status} {code}: {said}"
    assert error.hint or code == "key_expired"


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (500, [], "unknown_error"),
        (404, {"error": None}, "unknown_error"),
        (429, {}, "rate_limited"),
        (400, {"error": {"code": {"a": 1}, "message": ["x"], "doc_url": 4, "details": "y"}}, "{'a': 1}"),
    ],
)
def test_an_error_of_an_unknown_shape_is_an_error_all_the_same(status: int, body: Any, code: str) -> None:
    error = failure(Reply(body, status))
    assert type(error) is ApiError
    assert (error.code, error.status) == (code, status)


NOT_JSON = {
    "html": (Reply("<html>hello</html>", headers={"content-type": "text/html; charset=utf-8"}), "200 with text/html"),
    "truncated": (Reply('{"object": "list", "data": ['), "200 with broken data"),
    "not text": (Reply(b'{"data": "\xff"}'), "200 with broken data"),
    "nested deeply": (Reply(b"[" * 200_000), "200 with broken data"),
    "an empty error": (Reply("", 502), "502 with nothing"),
    "a gateway": (Reply("<html>bad gateway</html>", 502, {"content-type": "text/html"}), "502 with text/html"),
}


@pytest.mark.parametrize("name", NOT_JSON)
def test_an_answer_that_is_not_json_is_said_to_be_none(name: str) -> None:
    reply, said = NOT_JSON[name]
    error = failure(reply)
    assert isinstance(error, Unreachable)
    assert error.code == "not_json"
    assert error.message == f"GET /features answered {said} instead of JSON"


@pytest.mark.parametrize(
    "reply",
    [Reply([]), Reply("null"), Reply('"x"'), Reply(""), Reply({"data": {}}), page([1]), page([[ROW]]), page([None])],
    ids=lambda reply: str(reply.body),
)
def test_an_answer_that_is_no_list_of_objects_is_refused(reply: Reply) -> None:
    assert failure(reply).code == "not_a_list"


@pytest.mark.parametrize(
    "reply",
    [
        page([ROW], hasMore=True),
        page([ROW], hasMore=True, nextCursor=None),
        page([ROW], hasMore=True, nextCursor="same"),
        page([], hasMore=True, nextCursor="next"),
    ],
    ids=["no cursor", "null cursor", "repeated cursor", "empty page"],
)
def test_a_list_that_cannot_be_read_whole_is_not_taken_for_whole(reply: Reply) -> None:
    assert failure(reply).code == "incomplete_list"


def test_every_page_of_a_list_is_read() -> None:
    def answer(_method: str, path: str) -> Reply:
        if "cursor=two" in path:
            return page([ROW | {"id": "ftr_2"}])
        return page([ROW], hasMore=True, nextCursor="two")

    with hostile(answer) as server:
        client = Client(Connection(server.url, KEY), V2026_08_27, patience=QUICK)
        assert [row["id"] for row in client.list(FEATURES)] == ["ftr_1", "ftr_2"]
        client.close()
    assert [headers["commet-version"] for headers in server.headers] == ["2026-08-27"] * 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_the_key_reaches_no_other_server(status: int) -> None:
    with hostile(EMPTY) as elsewhere:
        error = failure(Reply("", status, {"location": f"{elsewhere.url}/api/v1/features"}))
        assert elsewhere.requests == []
    assert error.code == "redirect"
    assert f"redirects to {elsewhere.url}/api/v1/features" in error.message


@pytest.mark.parametrize(
    "reply",
    [
        Reply({"error": {"code": KEY, "message": f"bad key {KEY}", "doc_url": f"https://x.invalid/{KEY}"}}, 400),
        Reply({"error": {"message": "x", "details": [{"field": KEY, "message": KEY}]}}, 401, {"x-request-id": KEY}),
        Reply("", 302, {"location": f"https://x.invalid/?key={KEY}"}),
    ],
    ids=["error", "details and request id", "redirect"],
)
def test_a_key_that_the_server_repeats_is_not_repeated(reply: Reply) -> None:
    error = failure(reply)  # looks for the key in all of the error
    assert "[the API key]" in error.message
