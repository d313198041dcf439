"""The emulator as a process: a socket, signals, and a kill."""

import http.client
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from cli.running import run
from emulator.process import EmulatorProcess, emulator_process

HEADERS = {"x-api-key": "ck_sandbox_1"}


@pytest.fixture
def running(tmp_path: Path) -> Iterator[EmulatorProcess]:
    with emulator_process(tmp_path / "local.db") as process:
        yield process


def create(url: str, number: int) -> httpx.Response:
    body = {"name": f"Plan {number}", "code": f"plan_{number}"}
    return httpx.post(f"{url}/api/v1/plans", json=body, headers=HEADERS)


def read_all(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.process
def test_what_was_answered_survives_kill_9(tmp_path: Path) -> None:
    database = tmp_path / "local.db"
    codes: list[str] = []
    for round_number in range(3):
        process = EmulatorProcess(database)
        codes += [create(process.url, round_number * 10 + n).json()["code"] for n in range(10)]
        process.kill()
    with emulator_process(database) as process:
        listed = httpx.get(f"{process.url}/api/v1/plans", headers=HEADERS).json()["data"]
    assert [plan["code"] for plan in listed] == codes


@pytest.mark.process
def test_a_kill_during_writes_loses_no_answer_and_repeats_no_write(tmp_path: Path) -> None:
    """A plan and its idempotency record are one transaction: an interrupted request can be sent again with its key."""
    process = EmulatorProcess(tmp_path / "local.db")
    answered: dict[int, bytes] = {}
    sent: set[int] = set()

    def write(first: int) -> None:
        with httpx.Client(base_url=process.url) as client:
            for number in range(first, first + 10_000):
                sent.add(number)
                try:
                    answered[number] = keyed(client, number).content
                except httpx.TransportError:
                    return

    writers = [threading.Thread(target=write, args=(first,)) for first in range(0, 40_000, 10_000)]
    for writer in writers:
        writer.start()
    while len(answered) < 100:
        time.sleep(0.01)
    process.kill()
    for writer in writers:
        writer.join()
    with emulator_process(tmp_path / "local.db") as again, httpx.Client(base_url=again.url) as client:
        listed = client.get("/api/v1/plans", headers=HEADERS).json()["data"]
        assert {f"plan_{number}" for number in answered} <= {plan["code"] for plan in listed}
        for number in sent:
            answer = keyed(client, number)
            assert answer.status_code == 200
            assert answer.content == answered.get(number, answer.content)
        listed = client.get("/api/v1/plans", headers=HEADERS).json()["data"]
    assert sorted(plan["code"] for plan in listed) == sorted(f"plan_{number}" for number in sent)


def keyed(client: httpx.Client, number: int) -> httpx.Response:
    body = {"name": f"Plan {number}", "code": f"plan_{number}"}
    return client.post("/api/v1/plans", json=body, headers={**HEADERS, "Idempotency-Key": f"key-{number}"})


@pytest.mark.process
def test_a_connection_is_kept_alive(running: EmulatorProcess) -> None:
    connection = http.client.HTTPConnection(running.url.removeprefix("http://"))
    connection.connect()
    first = connection.sock
    for _ in range(3):
        connection.request("GET", "/api/v1/plans", headers=HEADERS)
        answer = connection.getresponse()
        assert (answer.status, answer.version) == (200, 11)
        answer.read()
        assert connection.sock is first
    connection.close()


@pytest.mark.process
def test_bodies_of_all_kinds(running: EmulatorProcess) -> None:
    body = b'{"name": "A", "code": "a", "type": "usage"}'
    with httpx.Client(base_url=f"{running.url}/api/v1", headers=HEADERS) as client:
        assert client.post("/features", content=iter([body[:9], body[9:]])).status_code == 200
        assert client.post("/features", content=body, headers={"Expect": "100-continue"}).status_code == 409
        for size in (1_500_000, 5_000_000):
            assert client.post("/features", content=b" " * size).status_code == 413
        assert client.post("/features", content=iter([b" " * 1_500_000])).status_code == 413
        assert client.get("/features").json()["data"][0]["code"] == "a"


@pytest.mark.process
@pytest.mark.parametrize("chunks", [b"zz\r\n", b"-4\r\n", b"2\r\n{}x\r\n", b"9\r\n{}"])
def test_chunks_that_are_malformed_are_refused(running: EmulatorProcess, chunks: bytes) -> None:
    host, port = running.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        head = b"POST /api/v1/features HTTP/1.1\r\nx-api-key: ck_1\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head + chunks)
        connection.shutdown(socket.SHUT_WR)
        received = read_all(connection)
    assert received.startswith(b"HTTP/1.1 400 ")
    assert b"the body could not be read" in received


@pytest.mark.process
def test_an_old_client_gets_its_answer_and_the_end(running: EmulatorProcess) -> None:
    host, port = running.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"GET /api/v1/plans HTTP/1.0\r\nx-api-key: ck_1\r\n\r\n")
        received = read_all(connection)
    assert b"\r\nConnection: close\r\n" in received
    assert received.endswith(b'"hasMore":false}')


@pytest.mark.process
def test_odd_paths_and_headers_are_answered(running: EmulatorProcess) -> None:
    host, port = running.url.removeprefix("http://").split(":")
    paths = (
        b"/plans/%00",
        b"/plans/%ff",
        b"/plans/%F0%9F%92%A9",
        b"/plans/\xff",
        b"/plans/a%2Fb",
        b"//plans",
        b"/plans/",
    )
    for path in paths:
        with socket.create_connection((host, int(port))) as connection:
            head = b"GET /api/v1" + path + b" HTTP/1.1\r\nConnection: close\r\n"
            connection.sendall(head + b"x-api-key: ck_\xff\r\ncommet-version: \xfe\r\nidempotency-key: \xfd\r\n\r\n")
            received = read_all(connection)
        assert received.startswith((b"HTTP/1.1 200 ", b"HTTP/1.1 404 ")), path


@pytest.mark.process
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_signals_stop_it(running: EmulatorProcess, number: signal.Signals, status: int) -> None:
    create(running.url, 1)
    running.process.send_signal(number)
    _, written = running.process.communicate(timeout=10)
    assert (running.process.returncode, written) == (status, "")


@pytest.mark.process
def test_requests_are_logged_on_request(tmp_path: Path) -> None:
    process = EmulatorProcess(tmp_path / "local.db", "-v", "--quirk", "created_status=201")
    assert create(process.url, 1).status_code == 201
    assert "'POST /api/v1/plans HTTP/1.1' 201\n" in process.stop()


@pytest.mark.process
def test_a_port_in_use_is_explained(running: EmulatorProcess, tmp_path: Path) -> None:
    port = running.url.rpartition(":")[2]
    with pytest.raises(RuntimeError, match=f"error: cannot listen on 127.0.0.1:{port}: Address already in use"):
        EmulatorProcess(tmp_path / "other.db", "--port", port)


@pytest.mark.process
def test_an_address_others_can_reach_is_warned_about(tmp_path: Path) -> None:
    process = EmulatorProcess(tmp_path / "local.db", "--host", "0.0.0.0")  # noqa: S104 - that is the point
    assert process.url.startswith("http://0.0.0.0:")
    assert "warning: 0.0.0.0 is reachable from other machines" in process.stop()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--quirk", "price_scale"], "is not of the form NAME=VALUE"),
        (["--quirk", "price_scale=cents"], "valid values are rate, minor"),
        (["--quirk", "colour=red"], "unknown quirk 'colour'"),
        (["--port", "70000"], "is not in the range"),
        (["--db", "."], "cannot be opened as an emulator database"),
        (["--host", "\x1b[31m\u202e"], "the host is neither a name nor an address"),
    ],
)
def test_mistakes_are_explained(tmp_path: Path, arguments: list[str], message: str) -> None:
    ended = run(tmp_path, "emulator", "--port", "0", "--db", "x.db", *arguments)
    assert (ended.code, ended.out, message in ended.err) == (64 if "hint: usage: " in ended.err else 1, "", True), (
        ended.err
    )
