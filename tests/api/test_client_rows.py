"""Lists that are read row by row: the same rows and the same errors as a list read whole, and nothing held."""

import gzip
import json
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, pairwise, repeat
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.hostile import Reply, hostile
from cli.running import KEY
from commetctl.api.answers import cleaned, parsed
from commetctl.api.client import Client
from commetctl.api.connection import HIDDEN, Connection
from commetctl.api.pacing import Patience
from commetctl.api.rows import LARGEST_ROW, Answer, TooLong
from commetctl.core.contract import SUBSCRIPTIONS, V2026_08_27, Listing, Row
from commetctl.core.errors import CommetctlError, Unreachable
from harness import QUICK
from security.serving import serving

LISTING = Listing(SUBSCRIPTIONS)
MB = 1024 * 1024

# What is read from bytes that come in pieces.

texts = st.text(max_size=6) | st.sampled_from([KEY, "\\", '"', "é🚀", "data"])
numbers = st.integers() | st.floats(-1e9, 1e9)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
answers = st.fixed_dictionaries(
    {},
    optional={
        "success": st.booleans(),
        "data": st.lists(st.dictionaries(texts, values, max_size=4), max_size=4) | values,
        "other": values,
        "hasMore": st.booleans() | values,
        "nextCursor": texts | values,
    },
)


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """An answer with its members in any order, written in any way, and sometimes damaged."""
    content = draw(answers | values)
    if isinstance(content, dict):
        content = dict(draw(st.permutations(list(content.items()))))
    indent, as_ascii = draw(st.sampled_from([None, 1])), draw(st.booleans())
    written = json.dumps(content, indent=indent, ensure_ascii=as_ascii).encode()
    kind = draw(st.sampled_from(["whole", "whole", "cut off", "damaged", "marked"]))
    if kind == "cut off":
        return written[: draw(st.integers(0, len(written)))]
    if kind == "damaged":
        at = draw(st.integers(0, len(written) - 1))
        return written[:at] + draw(st.binary(max_size=2)) + written[at + 1 :]
    return b"\xef\xbb\xbf \n" + written + b"\t" if kind == "marked" else written


def pieces(content: bytes, cuts: Iterable[int]) -> list[bytes]:
    places = [0, *sorted(min(cut, len(content)) for cut in cuts), len(content)]
    return [content[start:end] for start, end in pairwise(places)]


def read_whole(content: bytes) -> Any:
    """Rows and paging, as a list that is read whole has them; a word where it is none."""
    data: Any = None
    try:
        if content:
            data = cleaned(parsed(content), KEY, HIDDEN)
    except ValueError:
        return "broken"
    rows = data.get("data") if isinstance(data, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return "no list"
    return rows, data.get("hasMore"), data.get("nextCursor")


def read_by_rows(parts: Iterable[bytes]) -> Any:
    answer = Answer(parts, KEY, HIDDEN)
    try:
        rows = list(answer)
    except ValueError:
        return "broken"
    if not answer.is_list:
        return "no list"
    assert answer.count == len(rows)
    return rows, answer.paging.get("hasMore"), answer.paging.get("nextCursor")


@settings(max_examples=400, deadline=None)
@given(documents(), st.lists(st.integers(0, 200), max_size=12))
def test_rows_are_the_same_wherever_the_answer_is_cut_into_pieces(content: bytes, cuts: list[int]) -> None:
    assert read_by_rows(pieces(content, cuts)) == read_whole(content)


@pytest.mark.parametrize(
    "content",
    [
        b'{"data": [{"price": 4900, "rate": 5.20, "low": 1e-7, "n": -0.0}, {}], "hasMore": 1E2, "nextCursor": 12.50}',
        b'{"nextCursor": "\\ud83d\\ude80\\u00e9\\\\u", "hasMore": 1, "data": [{"\xc3\xa9\xf0\x9f\x9a\x80": "\\"]}"}]}',
        b' {"success" :true , "data": [ {"a": [[{"data": [1]}]]} , {"b": {}} ] } ',
        b'{"data": [], "data": 5}',
        b'{"data": [{"a": "\\ud800"}]}',
        b'{"data": [{"a": "\\udc00"}]}',
        b'{"data": [{"a": "\\ud83d\\u0041"}]}',
        b'{"data": [{"a": "\\ud83d\\ude80\\ude80"}]}',
        b'{"data": [{"a": "\\\\ud83d"}], "\\ud83d\\ude80": "\\/\\n\\u00e9"}',
        b'{"data": [{"a": 1e10000000000000000000}]}',
        b'{"data": [{"a": ' + b"9" * 5000 + b"}]}",
        b'{"data": [{"a":\x0c1}]}',
        b"\xef\xbb\xbf",
        b'{"data": [{"a": NaN}], "hasMore": -Infinity}',
        b'{"data": [{"a": 1e41}]}',
        b'{"data": [{"a": 1' + b"0" * 45 + b".5e-40}]}",
        b'{"data": [{"a": ' + b"[" * 61 + b"]" * 61 + b"}]}",
        b'{"data": [{"a": ' + b"[" * 63 + b"]" * 63 + b"}]}",
        b'{"data": [{"a": "\x01"}]}',
        b'{"data": [{"a": "\xed\xa0\x80"}]}',
        b'{"data": [{"a": 1},]}',
        b'{"data": [{"a": 1}], }',
        b'{"data": [{"a": 1}{"a": 1}]}',
        b'{"data": [{"a": 1}]}]',
        b'{"data": [{"a": 1}] "hasMore": true}',
        b'{"data": [tru]}',
        b'{"data": [true]}',
        b'{"data": [{"a": ' + b"[" * 61 + b"1" + b"]" * 61 + b"}]}",
        b'{"data": [{"a": ' + b"[" * 62 + b"1" + b"]" * 62 + b"}]}",
        b'{"data": [{"\\u%04x%s": "\\u%04x%s"}]}' % (2 * (ord(KEY[0]), KEY[1:].encode())),
        b'{"data": [{"a": "\\u%04x"}]}' % (0xDC00),
        b'{"nextCursor": 12.50, "hasMore": -1.5E+2, "data": []}',
        b'{"nextCursor": 1e400, "data": []}',
        b'{"nextCursor": 12.}',
        b'{"nextCursor": 12.x, "data": []}',
        b'{"nextCursor": -}',
        b'{"data": [{"a": -Infinit}]}',
        b"{5: []}",
        b"{",
        b"",
        b" ",
        b"12",
        b"1.",
    ],
)
def test_odd_answers_are_the_same_in_one_piece_in_two_and_byte_by_byte(content: bytes) -> None:
    expected = read_whole(content) if b'"data": 5' not in content else "broken"
    assert read_by_rows(pieces(content, range(len(content)))) == expected
    for cut in range(min(len(content), 200) + 1):
        assert read_by_rows(pieces(content, [cut])) == expected


# Over HTTP.


def client_of(handler: Callable[[httpx.Request], httpx.Response], **options: Any) -> Client:
    connection = Connection("http://127.0.0.1", KEY, httpx.MockTransport(handler))
    return Client(connection, V2026_08_27, patience=QUICK, **options)


def in_parts(parts: Iterable[bytes], headers: Mapping[str, str] | None = None) -> Client:
    return client_of(lambda _request: httpx.Response(200, headers=headers, content=iter(parts)))


def all_rows(client: Client) -> list[Row]:
    return list(chain.from_iterable(client.digest(LISTING, list)))


def failure(work: Callable[[], object]) -> CommetctlError:
    with pytest.raises(CommetctlError) as raised:
        work()
    return raised.value


ERROR = {"error": {"code": "internal_error", "message": f"no {KEY}", "doc_url": "https://docs.invalid"}}
HTML = {"content-type": "text/html; charset=utf-8"}
ROW = {"id": "sub_1"}
REPLIES = {
    "redirect": Reply("", 302, {"location": f"https://elsewhere.invalid/{KEY}"}),
    "unauthorized": Reply(ERROR, 401),
    "forbidden": Reply({"error": {"code": "forbidden", "message": "no"}}, 403, {"x-request-id": KEY}),
    "missing": Reply({"error": {"code": "endpoint_not_available", "message": "no"}}, 404),
    "throttled": Reply({}, 429),
    "throttled by a page": Reply("<html>", 429, {**HTML, "retry-after": "0"}),
    "failed": Reply(ERROR, 500),
    "a gateway": Reply("<html>bad gateway</html>", 502, HTML),
    "an empty error": Reply("", 503),
    "a page": Reply("<html>hello</html>", headers=HTML),
    "a long page": Reply("<html>" + "hello " * 500_000, headers=HTML),
    "nothing": Reply(""),
    "white space": Reply(" \n"),
    "null": Reply("null"),
    "a list": Reply([ROW]),
    "no rows": Reply({"object": "list"}),
    "rows that are none": Reply({"data": {"a": ROW}, "hasMore": False}),
    "rows of another kind": Reply({"data": [ROW, None]}),
    "cut off": Reply('{"object": "list", "data": [{"id": "su'),
    "cut off between rows": Reply('{"object": "list", "data": [{"id": "sub_1"},'),
    "not text": Reply(b'{"data": [{"id": "\xff"}]}'),
    "not packed": Reply(b'{"data": []}', headers={"content-encoding": "gzip"}),
    "nested deeply": Reply(b"[" * 200_000),
    "more without a cursor": Reply({"data": [ROW], "hasMore": True}),
    "more with a cursor that is null": Reply({"hasMore": True, "nextCursor": None, "data": [ROW]}),
    "more with the same cursor": Reply({"nextCursor": "same", "data": [ROW], "hasMore": True}),
    "more after nothing": Reply({"data": [], "hasMore": True, "nextCursor": "next"}),
    "more with an endless cursor": Reply({"data": [ROW], "hasMore": True, "nextCursor": "x" * 100_000}),
}


@pytest.mark.parametrize("name", REPLIES)
def test_whatever_goes_wrong_is_the_same_error_after_the_same_requests_as_for_a_list_read_whole(name: str) -> None:
    assert outcome(REPLIES[name], lambda client: client.list(LISTING)) == outcome(REPLIES[name], all_rows)


def outcome(reply: Reply, work: Callable[[Client], object]) -> Any:
    """The error that some work ends in, the requests that were made, and how often it was tried again."""
    waits: list[str] = []
    with hostile(reply) as server:
        client = Client(
            Connection(server.url, KEY),
            V2026_08_27,
            patience=QUICK,
            on_wait=lambda error, _seconds: waits.append(error.message),
        )
        error = failure(lambda: work(client))
        client.close()
        told = {key: str(value).replace(server.url, "URL") for key, value in vars(error).items()}
        versions = {headers.get("commet-version") for headers in server.headers}
        assert KEY not in str(told)
        return type(error), told, server.requests, versions, len(waits)


def test_each_answer_is_told_to_who_watches() -> None:
    seen: list[tuple[str, str, int]] = []
    replies = iter([Reply(ERROR, 503), Reply({"data": [ROW]})])
    with hostile(lambda _method, _path: next(replies)) as server:
        client = Client(
            Connection(server.url, KEY), V2026_08_27, patience=QUICK, watch=lambda *answer: seen.append(answer)
        )
        assert all_rows(client) == [ROW]
        client.close()
    assert seen == [("GET", "/subscriptions", 503), ("GET", "/subscriptions", 200)]


@pytest.mark.parametrize("packed", [False, True])
def test_every_page_is_read_whatever_its_form(packed: bool) -> None:
    bodies = {
        "": {"hasMore": True, "nextCursor": "two", "data": [{"id": f"sub_é{n}"} for n in range(500)]},
        "two": {"success": True, "data": [{"id": "last", "seen": f"the key {KEY}"}], "hasMore": False},
    }

    def answer(request: httpx.Request) -> httpx.Response:
        content = json.dumps(bodies[request.url.params.get("cursor", "")], ensure_ascii=False).encode()
        content = gzip.compress(content) if packed else content
        return httpx.Response(
            200, headers={"content-encoding": "gzip"} if packed else {}, content=iter(pieces(content, range(99)))
        )

    rows = all_rows(client_of(answer))
    assert [row["id"] for row in rows] == [*(f"sub_é{n}" for n in range(500)), "last"]
    assert rows[-1]["seen"] == "the key [the API key]"


def test_a_query_is_asked_for_and_pages_that_are_not_needed_are_not() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url.query, "ascii"))
        return httpx.Response(200, json={"data": [ROW, ROW], "hasMore": True, "nextCursor": f"c{len(asked)}"})

    found = client_of(answer).digest(Listing(SUBSCRIPTIONS, {"status": "active"}), lambda rows: next(iter(rows)))
    assert [next(found), next(found)] == [ROW, ROW]
    assert asked == ["status=active", "status=active&cursor=c1"]


# What is held, and how much.


def peak(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def counted(client: Client) -> int:
    return sum(client.digest(LISTING, lambda rows: sum(1 for _ in rows)))


def test_an_answer_that_unpacks_to_a_lot_is_not_held() -> None:
    packed = gzip.compress(b'{"data": [{"id": "sub_1"}' + b" " * (80 * MB) + b', {"id": "sub_2"}]}')
    client = in_parts([packed], {"content-encoding": "gzip"})
    found: list[int] = []
    assert peak(lambda: found.append(counted(client))) < 6 * MB
    assert found == [2]


def test_an_answer_without_end_is_read_no_further_than_any_can_be_long() -> None:
    client = in_parts(chain([b'{"data": ['], repeat(b" " * MB)))
    error = failure(lambda: counted(client))
    assert (error.code, error.message) == ("too_large", "GET /subscriptions answered more than 1024 MB")


@pytest.mark.parametrize(
    "parts",
    [
        repeat(b'{"data": [{"name": "' + b"x" * 999),
        chain([b'{"data": [{"name": "'], repeat(b"x" * 5_000)),
        chain([b'{"data": [{"a": ['], repeat(b'{"b": 1},' * 1000)),
        chain([b'{"other": ['], repeat(b"1," * 9_999)),
        chain([b'{"data": ['], repeat(b"9" * 4_000)),
        [b'{"data": [{"a": "' + b"x" * (LARGEST_ROW + 64 * 1024) + b'"}]}'],
    ],
    ids=["garbage", "text", "list", "beside", "number", "whole"],
)
def test_a_value_without_end_is_read_no_further_than_a_row_can_be_long(parts: Iterable[bytes]) -> None:
    error: list[CommetctlError] = []
    assert peak(lambda: error.append(failure(lambda: counted(in_parts(parts))))) < 24 * MB
    assert error[0].code in ("too_large", "not_json")


@pytest.mark.parametrize("size", [1000, 65536, 2 * LARGEST_ROW])
def test_how_long_a_row_may_be_does_not_depend_on_its_parts(size: int) -> None:
    def read(length: int) -> int:
        row = json.dumps({"name": "x" * length})
        content = f'{{"data": [{row}, {row}]}}'.encode()
        return sum(1 for _ in Answer(pieces(content, range(0, len(content), size)), KEY, HIDDEN))

    longest = LARGEST_ROW - len(json.dumps({"name": ""}))
    assert read(longest) == 2
    with pytest.raises(TooLong):
        read(longest + 1)


def test_a_mistake_is_found_before_the_rest_of_the_answer_is_read() -> None:
    taken: list[int] = []

    def parts() -> Iterator[bytes]:
        yield b'{"data": [{"id": "sub_1"}, {"id" "sub_2"}, {"name": "' + b"x" * 100
        while True:
            taken.append(0)
            yield b"x" * 100

    with pytest.raises(ValueError, match="delimiter"):
        list(Answer(parts(), KEY, HIDDEN))
    assert not taken


def test_a_row_may_be_large() -> None:
    row = {"id": "sub_1", "name": "x" * (LARGEST_ROW - 100)}
    content = json.dumps({"data": [row, row]}).encode()
    assert all_rows(in_parts(pieces(content, range(0, len(content), 1000)))) == [row, row]


# Trying again.


def cut(body: bytes, *, at: int, chunked: bool) -> Iterator[bytes]:
    """An answer that ends, in the middle of its body, with the connection."""
    yield b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
    if chunked:
        yield b"transfer-encoding: chunked\r\n\r\n%x\r\n" % len(body[:at]) + body[:at] + b"\r\n"
    else:
        yield b"content-length: %d\r\n\r\n" % len(body) + body[:at]


@pytest.mark.parametrize("chunked", [False, True])
def test_an_answer_that_breaks_in_the_middle_is_read_again_from_its_beginning(chunked: bool) -> None:
    body = json.dumps({"data": [{"id": f"sub_{n}"} for n in range(5000)], "hasMore": False}).encode()
    breaks = [100, 70_000, len(body) - 3]
    started: list[int] = []
    waits: list[CommetctlError] = []

    def answer(_said: bytes) -> Iterator[bytes]:
        at = breaks.pop() if breaks else len(body)
        yield from cut(body, at=at, chunked=chunked and at < len(body))

    def work(rows: Iterable[Row]) -> list[str]:
        started.append(0)
        found = []
        for row in rows:
            started[-1] += 1
            found.append(row["id"])
        return found

    with serving(answer) as server:
        client = Client(
            Connection(server.url, KEY),
            V2026_08_27,
            patience=Patience(first=0.0),
            on_wait=lambda error, _seconds: waits.append(error),
        )
        assert list(client.digest(LISTING, work)) == [[f"sub_{n}" for n in range(5000)]]
        client.close()
    assert len(started) == 4
    assert all(0 < number <= 5000 for number in started)
    assert [(type(error), getattr(error, "transient", None)) for error in waits] == [(Unreachable, True)] * 3


def test_what_breaks_every_time_is_an_error_in_the_end() -> None:
    body = json.dumps({"data": [{"id": "sub_1"}] * 9}).encode()
    with serving(lambda _said: cut(body, at=50, chunked=False)) as server:
        client = Client(Connection(server.url, KEY), V2026_08_27, patience=Patience(3, first=0.0))
        error = failure(lambda: counted(client))
        client.close()
        assert server.connections == 3
    assert isinstance(error, Unreachable)
    assert "cannot be reached" in error.message


def test_what_the_reader_raises_comes_through_and_leaves_the_client_usable() -> None:
    def odd(_rows: Iterable[Row]) -> None:
        raise ValueError("odd")

    with hostile(Reply({"data": [ROW] * 5000})) as server:
        client = Client(Connection(server.url, KEY), V2026_08_27, patience=QUICK)
        with pytest.raises(ValueError, match="odd"):
            next(client.digest(LISTING, odd))
        assert counted(client) == 5000
        client.close()
        assert len(server.requests) == 2


def test_an_answer_that_is_broken_says_nothing_of_what_was_in_it() -> None:
    client = in_parts([b'{"data": [{"id": "sub_secret"}, {"id": "sub_secret", "na'])
    error: BaseException | None = failure(lambda: counted(client))
    while error:
        assert "secret" not in f"{error!r} {vars(error)} {getattr(error, 'doc', '')}"
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("secret", ["ck_live_1", "ck/live\\1", 'ck"live'])
@pytest.mark.parametrize("escape", [r"\u{:04x}", r"\u{:04X}"])
def test_a_secret_is_hidden_however_its_signs_are_written(secret: str, escape: str) -> None:
    plain = json.dumps(secret)[1:-1]
    spelled = [plain, plain.replace("/", "\\/"), "".join(escape.format(ord(sign)) for sign in secret)]
    spelled.append(escape.format(ord(secret[0])) + json.dumps(secret[1:])[1:-1])
    for text in spelled:
        content = f'{{"data": [{{"id": "a {text} b", "more": "\\"\\\\"}}]}}'
        assert json.loads(content)["data"][0]["id"] == f"a {secret} b"
        (row,) = Answer([content.encode()], secret, HIDDEN)
        assert row == {"id": f"a {HIDDEN} b", "more": '"\\'}
