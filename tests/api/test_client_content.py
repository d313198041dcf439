"""What an answer may hold: JSON in UTF-8 with numbers that mean something; whatever else is a clear error."""

from decimal import Decimal
from typing import Any

import pytest

from cli.hostile import Reply, hostile
from cli.running import KEY
from commetctl.api.answers import parsed
from commetctl.api.client import Client
from commetctl.api.connection import Connection
from commetctl.core.contract import V2026_08_27, Listing
from commetctl.core.errors import Unreachable
from commetctl.kinds import features
from harness import QUICK


@pytest.mark.parametrize(
    ("content", "data"),
    [
        (b'{"price": 4900, "rate": 5.20}', {"price": 4900, "rate": Decimal("5.20")}),
        (b'\xef\xbb\xbf["\xc3\xa9", "\\u00e9", "\\ud83d\\ude80", "\\\\ud800"]', ["é", "é", "🚀", "\\ud800"]),
        (b"0.1000000000000000055511151231257827", Decimal("0.1000000000000000055511151231257827")),
        (b"1e-7", Decimal("1e-7")),
        (b"null", None),
    ],
)
def test_what_is_json_is_read_exactly(content: bytes, data: Any) -> None:
    assert parsed(content) == data


BROKEN = {
    "half a character": b'{"data": [{"name": "\\ud800"}]}',
    "half a character, lower case": b'{"data": [{"na\\udfffme": 1}]}',
    "half a character in bytes": b'{"data": [{"name": "\xed\xa0\x80"}]}',
    "latin-1": '{"data": [{"name": "é"}]}'.encode("latin-1"),
    "utf-16": '{"data": []}'.encode("utf-16"),
    "not a number": b'{"data": [{"price": NaN}]}',
    "infinite": b'{"data": [{"price": -Infinity}]}',
    "too large": b'{"data": [{"price": 1e999999999}]}',
    "too small": b'{"data": [{"price": 1e-999999999}]}',
    "too large for any number": b'{"data": [{"price": 1e10000000000000000000}]}',
    "too many digits": b'{"data": [' + b"9" * 10_000 + b"]}",
    "nested": b"[" * 200_000,
    "cut off": b'{"data": [{"id": "ftr',
    "two documents": b'{"data": []}{"data": []}',
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_is_not_is_an_error_and_not_a_bug(content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (json and codecs have their own words)
        parsed(content)
    with hostile(Reply(content)) as server:
        client = Client(Connection(server.url, KEY), V2026_08_27, patience=QUICK)
        with pytest.raises(Unreachable, match="answered 200 with broken data instead of JSON") as raised:
            client.list(Listing(features.FEATURES.routes.list))
        client.close()
    assert raised.value.code == "not_json"


def test_cursors_that_go_round_in_a_circle_are_refused() -> None:
    following = {"": "one", "one": "two", "two": "one"}

    def answer(_method: str, path: str) -> Reply:
        cursor = path.partition("cursor=")[2]
        return Reply({"data": [{"id": cursor}], "hasMore": True, "nextCursor": following[cursor]})

    with hostile(answer) as server:
        client = Client(Connection(server.url, KEY), V2026_08_27, patience=QUICK)
        with pytest.raises(Unreachable, match="says that there are more rows"):
            client.list(Listing(features.FEATURES.routes.list))
        client.close()
        assert len(server.requests) == 3
