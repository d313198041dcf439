"""Buying a pack: who is asked, what is shown before, and what the same command does after a lost answer."""

import json
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.running import KEY, Ended, command, environment, run, send, write
from cli.test_cli_terminal import at_terminal
from emulator.serving import Served, emulator_server

pytestmark = pytest.mark.process

YAML = """\
version: 1
features: {images: {name: Images, type: usage}}
plans:
  creator:
    name: Creator
    consumption_model: credits
    prices: {monthly: {price: 20.00, included_credits: 1000}}
    features: {images: {credits_per_unit: 10}}
credit_packs: {starter: {name: Starter Pack, credits: 100, price: 10.00}}
"""
LIVE = "ck_live_N0body0ughtT0SeeThis"
QUESTION = "Charge 10.00 USD to the customer of"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with emulator_server(tmp_path / "account.db") as running:
        yield running


def subscribed(folder: Path, url: str, key: str = KEY) -> str:
    """The catalog applied, and the id of a subscription."""
    write(folder, YAML)
    assert run(folder, "apply", "--yes", "--live", "--api-url", url, key=key).code == 0
    wanted = {"customerId": "cus_1", "planCode": "creator", "billingInterval": "monthly"}
    return str(send(url, "POST", "/subscriptions", wanted, key)["id"])


def bought(url: str, subscription: str, key: str = KEY) -> int:
    purchased: int = send(url, "GET", f"/subscriptions/{subscription}", key=key)["credits"]["purchased"]
    return purchased


def purchase(folder: Path, url: str, subscription: str, *more: str, key: str = KEY) -> Ended:
    return run(folder, "packs", "purchase", subscription, "starter", "--api-url", url, *more, key=key)


def test_a_live_customer_is_charged_only_with_consent(tmp_path: Path, served: Served) -> None:
    url = served.url
    subscription = subscribed(tmp_path, url, LIVE)
    assert purchase(tmp_path, url, subscription, "--yes", key=LIVE).code == 4
    asked = purchase(tmp_path, url, subscription, "--live", key=LIVE)
    assert asked.code == 4
    assert "100 credits for 10.00 USD" in asked.out
    assert "a live customer would be charged, and there is no terminal to ask on" in asked.err
    assert "give `--yes` to charge 10.00 USD" in asked.err
    assert bought(url, subscription, LIVE) == 0
    assert purchase(tmp_path, url, subscription, "--live", "--yes", key=LIVE).code == 0
    assert bought(url, subscription, LIVE) == 100


@pytest.mark.parametrize(("typed", "code", "credits_"), [("y\n", 0, 100), ("n\n", 4, 0)])
def test_at_a_terminal_the_price_is_in_the_question(
    tmp_path: Path, served: Served, typed: str, code: int, credits_: int
) -> None:
    subscription = subscribed(tmp_path, served.url)
    words = ("packs", "purchase", subscription, "starter", "--api-url", served.url)
    ended, seen = at_terminal(
        tmp_path,
        *words,
        typed=typed,
        env={"COMMET_API_KEY": KEY},
        question=f"{QUESTION} {subscription} (sandbox)? [y/N]: ",
    )
    assert (ended, bought(served.url, subscription)) == (code, credits_), seen
    assert ("nothing was charged" in seen) is (code == 4)


def test_the_same_command_finishes_what_a_lost_answer_left_in_doubt(tmp_path: Path) -> None:
    database = tmp_path / "account.db"
    with emulator_server(database) as served:
        url, subscription = served.url, subscribed(tmp_path, served.url)
    port = ("--port", url.rpartition(":")[2])
    with emulator_server(database, *port, faults=["504@writes"]):
        lost = purchase(tmp_path, url, subscription, "--retries", "1", "--format", "json")
        assert (lost.code, lost.errors, lost.err) == (5, ["charge_in_doubt"], "")
        (error,) = lost.document["diagnostics"]
        assert "may have been charged 10.00 USD" in error["message"]
        assert "504" in error["message"]
        again = purchase(tmp_path, url, subscription, "--retries", "0")
        assert again.code == 5
        assert "took place; its request is sent again with the same key" in again.out
    with emulator_server(database, *port):
        made_up = purchase(tmp_path, url, subscription, "--format", "json")
        assert made_up.code == 0
        assert made_up.document["purchase"]["idempotency_key"] == "reused"
        assert bought(url, subscription) == 100
        meant = purchase(tmp_path, url, subscription)
        assert "in doubt" not in meant.out
        assert bought(url, subscription) == 200


def test_a_doubt_that_is_too_old_wants_somebody_to_look(tmp_path: Path) -> None:
    database = tmp_path / "account.db"
    with emulator_server(database) as served:
        url, subscription = served.url, subscribed(tmp_path, served.url)
    port = ("--port", url.rpartition(":")[2])
    with emulator_server(database, *port, faults=["504@writes"]):
        assert purchase(tmp_path, url, subscription, "--retries", "0").code == 5
    for path in (tmp_path / ".commet" / "runs" / "purchases").glob("*.jsonl"):
        head, rest = path.read_text("utf-8").split("\n", 1)
        about = json.loads(head) | {"started": (datetime.now(UTC) - timedelta(hours=2)).isoformat()}
        path.write_text(f"{json.dumps(about)}\n{rest}", "utf-8")
    with emulator_server(database, *port):
        asked = purchase(tmp_path, url, subscription)
        assert asked.code == 4
        assert "check in the dashboard whether the customer was charged then" in asked.err
        assert bought(url, subscription) == 100
        assert purchase(tmp_path, url, subscription, "--yes").code == 0
        assert bought(url, subscription) == 200


def test_a_run_that_is_killed_over_its_charge_is_finished_by_the_same_command(tmp_path: Path) -> None:
    database = tmp_path / "account.db"
    with emulator_server(database) as served:
        url, subscription = served.url, subscribed(tmp_path, served.url)
    port = ("--port", url.rpartition(":")[2])
    with emulator_server(database, *port, faults=["slow:2000@writes"]):
        words = command("packs", "purchase", subscription, "starter", "--api-url", url)
        with subprocess.Popen(words, cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL) as process:
            until = time.monotonic() + 30
            while not any('"begin"' in path.read_text() for path in tmp_path.glob(".commet/runs/purchases/*.jsonl")):
                assert time.monotonic() < until
                time.sleep(0.02)
            time.sleep(0.5)
            process.kill()
        # It had left, and arrives all the same.
        while bought(url, subscription) == 0 and time.monotonic() < until:
            time.sleep(0.05)
    with emulator_server(database, *port):
        assert purchase(tmp_path, url, subscription).code == 0
        assert bought(url, subscription) == 100
