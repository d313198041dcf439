"""Faults, in process and over real sockets: what each kind does, when it strikes, and what it leaves behind."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from commetctl.emulator import ConnectionDropped, EmulatorError, Fault, Faulty, with_faults
from emulator.client import NEW, OLD, Api
from emulator.process import EmulatorProcess, emulator_process

BODY = {"name": "Pro", "code": "pro"}
HEADERS = {"x-api-key": "ck_sandbox_1"}


class Troubled:
    """An emulator in memory with faults, clients on both sides of them, and a record of the waits in place of waits."""

    def __init__(self, api: Api, *specs: str, seed: int = 0) -> None:
        self.faulty = with_faults(api.app, specs, seed)
        self.waits: list[float] = []
        self.faulty.sleep = self.waits.append
        self.inner = api
        self.api = replace(api, through=self.faulty)

    def statuses(self, *methods: str) -> list[int]:
        return [self.api.send(method, "/plans").status_code for method in methods]

    @property
    def plans(self) -> list[str]:
        """What was committed."""
        return [plan["code"] for plan in self.inner.ok("GET", "/plans")]


def struck(faulty: Faulty) -> list[int]:
    return [request for request, _ in faulty.fired]


# Kinds.


@pytest.mark.parametrize(
    ("spec", "status", "error_type", "code", "wait"),
    [
        ("429", 429, "rate_limit_error", "rate_limited", None),
        ("429:7", 429, "rate_limit_error", "rate_limited", "7"),
        ("429:0", 429, "rate_limit_error", "rate_limited", "0"),
        ("500", 500, "internal_error", "internal_error", None),
        ("503", 503, "internal_error", "internal_error", None),
    ],
)
def test_a_refusal_is_in_the_shape_of_the_version(
    each: Api, spec: str, status: int, error_type: str, code: str, wait: str | None
) -> None:
    troubled = Troubled(each, spec)
    answer = troubled.api.write("POST", "/plans", BODY)
    assert (answer.status_code, answer.headers.get("retry-after")) == (status, wait)
    assert answer.headers["content-type"] == "application/json"
    assert re.fullmatch(r"req_[0-9a-f]{20}", answer.headers["x-request-id"])
    payload = answer.json()
    assert (payload["error"]["type"], payload["error"]["code"]) == (error_type, code)
    assert payload.get("success") is (None if each.is_new else False)
    assert set(payload) == ({"error"} if each.is_new else {"error", "success"})
    assert troubled.plans == []


@pytest.mark.parametrize("status", [408, 502])
def test_a_gateway_answers_for_itself(each: Api, status: int) -> None:
    troubled = Troubled(each, str(status))
    answer = troubled.api.write("POST", "/plans", BODY)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert "x-request-id" not in answer.headers
    assert answer.text.startswith(f"<!doctype html>\n<html><head><title>{status} ")
    assert troubled.plans == []


@pytest.mark.parametrize(("spec", "status"), [("not-json", 200), ("504", 504)])
def test_a_page_hides_what_was_committed(each: Api, spec: str, status: int) -> None:
    troubled = Troubled(each, f"{spec}@1")
    keyed = troubled.api.with_headers(Idempotency_Key="k1")
    answer = keyed.write("POST", "/plans", BODY)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert troubled.plans == ["pro"]
    again = keyed.write("POST", "/plans", BODY)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
    assert troubled.plans == ["pro"]


def test_a_connection_reset_before_leaves_nothing_written(each: Api) -> None:
    troubled = Troubled(each, "reset-before@1")
    keyed = troubled.api.with_headers(Idempotency_Key="k1")
    with pytest.raises(ConnectionDropped, match=r"dropped by the fault reset-before@1"):
        keyed.write("POST", "/plans", BODY)
    assert troubled.plans == []
    again = keyed.write("POST", "/plans", BODY)
    assert again.is_success
    assert "idempotent-replayed" not in again.headers
    assert troubled.plans == ["pro"]


def test_a_connection_reset_after_has_written_once(each: Api) -> None:
    troubled = Troubled(each, "reset-after@1")
    keyed = troubled.api.with_headers(Idempotency_Key="k1")
    with pytest.raises(ConnectionResetError):
        keyed.write("POST", "/plans", BODY)
    assert troubled.plans == ["pro"]
    again = keyed.write("POST", "/plans", BODY)
    assert (again.is_success, again.headers["idempotent-replayed"]) == (True, "true")
    assert troubled.api.refused("POST", "/plans", BODY) == (409, "duplicate")
    assert troubled.plans == ["pro"]


def test_latency_waits_before_whatever_else_happens(api: Api) -> None:
    troubled = Troubled(api, "latency:250", "500@1", "latency:1000@2")
    assert troubled.statuses("GET", "GET", "GET") == [500, 200, 200]
    assert troubled.waits == [0.25, 1.25, 0.25]
    assert troubled.faulty.fired == (
        (1, "latency:250"),
        (1, "500@1"),
        (2, "latency:250"),
        (2, "latency:1000@2"),
        (3, "latency:250"),
    )


def test_a_slow_request_keeps_its_idempotency_key_in_flight(each: Api) -> None:
    troubled = Troubled(each, "slow:30000@1")
    keyed = troubled.api.with_headers(Idempotency_Key="k1")
    reached, go_on = threading.Event(), threading.Event()
    answers: list[httpx.Response] = []

    def wait(seconds: float) -> None:
        troubled.waits.append(seconds)
        reached.set()
        go_on.wait(60)

    troubled.faulty.sleep = wait
    first = threading.Thread(target=lambda: answers.append(keyed.write("POST", "/plans", BODY)))
    first.start()
    assert reached.wait(60)
    assert keyed.refused("POST", "/plans", BODY) == (409, "idempotency_in_progress")
    # Another key, and reading, are not held up.
    other = troubled.api.with_headers(Idempotency_Key="k2")
    assert other.write("POST", "/plans", {"name": "Max", "code": "max"}).is_success
    assert troubled.plans == ["max"]
    go_on.set()
    first.join()
    assert answers[0].is_success
    assert keyed.write("POST", "/plans", BODY).headers["idempotent-replayed"] == "true"
    assert (troubled.plans, troubled.waits) == (["max", "pro"], [30.0])


def test_a_request_that_does_not_arrive_is_not_slow(api: Api) -> None:
    troubled = Troubled(api, "slow:10", "slow:5@3", "503@1", "not-json@2")
    assert troubled.statuses("GET", "GET", "GET") == [503, 200, 200]
    assert troubled.waits == [0.01, 0.015]
    assert troubled.faulty.fired[:3] == ((1, "503@1"), (2, "slow:10"), (2, "not-json@2"))


def test_a_rate_passes_so_many_requests_a_second(each: Api) -> None:
    troubled = Troubled(each, "rate:2")
    now = 100.0
    troubled.faulty.clock = lambda: now
    assert troubled.statuses("GET", "GET") == [200, 200]
    refused = troubled.api.write("POST", "/plans", BODY)
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "rate_limited")
    assert refused.headers["retry-after"] == "1"
    assert troubled.plans == []
    now = 100.5
    assert troubled.statuses("GET") == [429]
    now = 101.0
    assert troubled.statuses("GET", "GET", "GET") == [200, 200, 429]
    # The window moves with the requests: two that passed at 101 still count at 101.75.
    now = 101.75
    assert troubled.statuses("GET") == [429]
    assert struck(troubled.faulty) == [3, 4, 7, 8]


def test_a_rate_can_be_that_of_writes(api: Api) -> None:
    troubled = Troubled(api, "rate:1@writes")
    troubled.faulty.clock = lambda: 0.0
    assert troubled.statuses("GET", "POST", "GET", "POST", "GET") == [200, 400, 200, 429, 200]


# Whens.


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("", [1, 2, 3, 4, 5, 6, 7, 8]),
        ("@3", [3]),
        ("@2-5", [2, 3, 4, 5]),
        ("@4-4", [4]),
        ("@6-", [6, 7, 8]),
        ("@100%", [1, 2, 3, 4, 5, 6, 7, 8]),
        ("@0%", []),
        ("@writes", [2, 4, 6, 7]),
        ("@w3", [6]),
        ("@w2-3", [4, 6]),
        ("@w3-", [6, 7]),
        ("@w100%", [2, 4, 6, 7]),
        ("@w0%", []),
    ],
)
def test_when(api: Api, when: str, expected: list[int]) -> None:
    troubled = Troubled(api, f"500{when}")
    statuses = troubled.statuses("GET", "POST", "GET", "DELETE", "GET", "PATCH", "PUT", "GET")
    assert struck(troubled.faulty) == expected
    assert [number for number, status in enumerate(statuses, 1) if status == 500] == expected
    assert troubled.faulty.requests == 8


def test_the_first_fault_that_matches_wins(api: Api) -> None:
    troubled = Troubled(api, "500@2-3", "503@3-4", "429")
    assert troubled.statuses(*["GET"] * 5) == [429, 500, 500, 503, 429]


def share(api: Api, spec: str, seed: int, requests: int = 400) -> list[int]:
    troubled = Troubled(api, spec, seed=seed)
    troubled.statuses(*["GET"] * requests)
    return struck(troubled.faulty)


def test_a_share_is_drawn_from_the_seed(api: Api) -> None:
    once = share(api, "500@10%", 7)
    assert once == share(api, "500@10%", 7)
    assert once != share(api, "500@10%", 8)
    # Of 400: three standard deviations around 40.
    assert 22 <= len(once) <= 58
    # What a smaller share strikes, a larger one strikes as well.
    assert set(share(api, "500@2.5%", 7)) < set(once)


def test_a_share_of_the_writes_counts_no_reads(api: Api) -> None:
    reading, writing = Troubled(api, "500@30%"), Troubled(api, "500@w30%")
    reading.statuses(*["GET"] * 50)
    writing.statuses(*["GET", "POST"] * 50)
    assert struck(writing.faulty) == [2 * number for number in struck(reading.faulty)] != []


def test_two_faults_with_a_share_are_drawn_apart(api: Api) -> None:
    troubled = Troubled(api, "latency:1@50%", "latency:2@50%")
    troubled.statuses(*["GET"] * 60)
    by_spec = [{n for n, spec in troubled.faulty.fired if spec == text} for text in ("latency:1@50%", "latency:2@50%")]
    assert by_spec[0] - by_spec[1]
    assert by_spec[1] - by_spec[0]


def test_threads_do_not_change_what_is_struck(api: Api) -> None:
    expected = share(api, "503@20%", 3)
    troubled = Troubled(api, "503@20%", seed=3)
    threads = [threading.Thread(target=troubled.statuses, args=["GET"] * 50) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubled.faulty.requests == 400
    assert struck(troubled.faulty) == expected


# The Python API.


def test_faults_are_replaced_and_counted_anew(api: Api) -> None:
    troubled = Troubled(api, "500@2", "rate:1@3-")
    faulty = troubled.faulty
    troubled.statuses("GET", "GET", "GET")
    assert ([str(fault) for fault in faulty.faults], faulty.requests) == (["500@2", "rate:1@3-"], 3)
    faulty.set([Fault.parse("503@w1")])
    assert (faulty.requests, faulty.fired) == (0, ())
    assert troubled.statuses("GET", "POST", "POST") == [200, 503, 400]
    assert faulty.fired == ((2, "503@w1"),)
    faulty.set(["500@10%"], seed=7)
    troubled.statuses(*["GET"] * 400)
    assert struck(faulty) == share(api, "500@10%", 7)
    faulty.set([])
    assert troubled.statuses("GET") == [200]


def test_bad_faults_replace_nothing(api: Api) -> None:
    faulty = with_faults(api.app, ["500"])
    with pytest.raises(EmulatorError):
        faulty.set(["503", "504@"])
    assert [str(fault) for fault in faulty.faults] == ["500"]


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        ("", "there is no kind ''"),
        ("teapot", "there is no kind 'teapot'"),
        ("Latency:3", "there is no kind 'Latency'"),
        ("501", "there is no kind '501'"),
        ("latency", "latency needs an argument, latency:MS"),
        ("slow@2", "slow needs an argument, slow:MS"),
        ("rate", "rate needs an argument, rate:N"),
        ("latency:", "MS is a whole number from 0 to 1000000"),
        ("latency:-1", "MS is a whole number from 0 to 1000000"),
        ("latency:1.5", "MS is a whole number from 0 to 1000000"),
        ("latency:²", "MS is a whole number from 0 to 1000000"),
        ("latency:" + "9" * 5000, "MS is a whole number from 0 to 1000000"),
        ("rate:0", "N is a whole number from 1 to 1000000"),
        ("429:soon", "SECONDS is a whole number from 0 to 1000000"),
        ("503:3", "503 takes no argument"),
        ("reset-after:", "reset-after takes no argument"),
        ("503@", "'' is not a valid WHEN"),
        ("503@0", "'0' is not a valid WHEN"),
        ("503@w", "'w' is not a valid WHEN"),
        ("503@23w", "'23w' is not a valid WHEN"),
        ("503@-3", "'-3' is not a valid WHEN"),
        ("503@2-3-4", "'2-3-4' is not a valid WHEN"),
        ("503@12345678901", "'12345678901' is not a valid WHEN"),
        ("503@3\n", "'3\\n' is not a valid WHEN"),
        ("503@1@2", "'1@2' is not a valid WHEN"),
        ("503@%", "'%' is not a valid WHEN"),
        ("503@101%", "101% is more than 100%"),
        ("503@5-2", "5-2 ends before it begins"),
    ],
)
def test_a_bad_spec_is_explained(api: Api, spec: str, problem: str) -> None:
    with pytest.raises(EmulatorError) as caught:
        with_faults(api.app, ["500", spec])
    assert str(caught.value) == (
        f"fault {spec!r}: {problem}; kinds are latency:MS, slow:MS, rate:N, 429, 429:SECONDS, 500, 503, 408, 502, 504, "
        "not-json, reset-before, reset-after; after an @, WHEN is one of 3, 2-5, 4-, 10%, w3, w2-5, w4-, w10%, writes"
    )


# A real process on a real socket.

Start = Callable[..., EmulatorProcess]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[EmulatorProcess] = []

    def begin(*arguments: str, faults: list[str]) -> EmulatorProcess:
        started.append(EmulatorProcess(tmp_path / "local.db", *arguments, faults=faults))
        return started[-1]

    yield begin
    for process in started:
        if process.process.poll() is None:
            process.kill()


def create(client: httpx.Client, code: str, key: str = "") -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post("/plans", json={"name": code, "code": code}, headers=headers)


def client_of(process: EmulatorProcess, version: str = NEW) -> httpx.Client:
    return httpx.Client(base_url=f"{process.url}/api/v1", headers={**HEADERS, "Commet-Version": version})


def listed(client: httpx.Client) -> list[str]:
    return [plan["code"] for plan in client.get("/plans").json()["data"]]


@pytest.mark.process
def test_a_socket_is_reset_before_and_after(start: Start) -> None:
    process = start(faults=["reset-before@w1", "reset-after@w2"])
    with client_of(process) as client:
        assert listed(client) == []
        with pytest.raises(httpx.ReadError, match="Connection reset by peer"):
            create(client, "pro", "k1")
        assert listed(client) == []
        with pytest.raises(httpx.ReadError, match="Connection reset by peer"):
            create(client, "pro", "k1")
        assert listed(client) == ["pro"]
        again = create(client, "pro", "k1")
        assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
        assert listed(client) == ["pro"]
    assert process.stop() == ""


@pytest.mark.process
def test_a_reset_sends_no_byte_and_no_orderly_end(start: Start) -> None:
    process = start("-v", faults=["reset-after"])
    host, port = process.url.removeprefix("http://").split(":")
    for _ in range(20):
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(b"GET /api/v1/plans HTTP/1.1\r\nHost: x\r\nx-api-key: ck_1\r\n\r\n")
            with pytest.raises(ConnectionResetError):
                connection.recv(1)
    lines = process.stop().splitlines()
    assert len(lines) == 20
    assert all(line.endswith("'GET /api/v1/plans HTTP/1.1' reset") for line in lines)


@pytest.mark.process
def test_faults_that_answer_keep_the_connection(start: Start) -> None:
    process = start(faults=["429:3@1", "429@2", "500@3", "503@4", "408@5", "502@6", "504@7", "not-json@8"])
    with client_of(process, OLD) as client:
        answers = [client.post("/plans/manage", json={"name": f"P{n}", "code": f"p{n}"}) for n in range(1, 10)]
        assert [answer.status_code for answer in answers] == [429, 429, 500, 503, 408, 502, 504, 200, 200]
        assert len({id(answer.extensions["network_stream"]) for answer in answers}) == 1
        assert [answer.headers.get("retry-after") for answer in answers[:3]] == ["3", None, None]
        assert [answer.json()["success"] for answer in answers[:4]] == [False] * 4
        assert {answer.headers["content-type"] for answer in answers[4:8]} == {"text/html; charset=utf-8"}
        assert listed(client) == ["p7", "p8", "p9"]
    assert process.stop() == ""


@pytest.mark.process
def test_delays_change_no_answer(start: Start) -> None:
    with client_of(start(faults=["latency:1", "slow:1@writes"])) as client:
        assert create(client, "pro").status_code == 200
        assert listed(client) == ["pro"]


@pytest.mark.process
def test_a_rate_holds_over_all_connections(start: Start) -> None:
    process = start(faults=["rate:1"])
    answers: list[httpx.Response] = []

    def burst(name: str) -> None:
        with client_of(process) as client:
            answers.extend(create(client, f"{name}{number}") for number in range(20))

    threads = [threading.Thread(target=burst, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert {answer.headers["retry-after"] for answer in refused} == {"1"}
    assert process.stop() == ""


@pytest.mark.process
def test_the_seed_of_a_process_is_that_of_the_python_api(start: Start, api: Api) -> None:
    expected = share(api, "500@30%", 5, requests=40)
    with client_of(start("--fault-seed", "5", faults=["500@30%"])) as client:
        statuses = [client.get("/plans").status_code for _ in range(40)]
    assert [number for number, status in enumerate(statuses, 1) if status == 500] == expected


@pytest.mark.process
def test_a_bad_fault_keeps_a_process_from_starting(tmp_path: Path) -> None:
    with (
        pytest.raises(
            RuntimeError, match=r"invalid value for '--fault': fault 'bogus': there is no kind 'bogus';\s+kinds"
        ),
        emulator_process(tmp_path / "local.db", faults=["500", "bogus"]),
    ):
        pass
