"""Runs at the date: against a served Commet with a clock of its own, killed half way, and given again."""

import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from changes.dated import change
from cli.running import command, environment, run, send
from commetctl.emulator import Emulator
from emulator.serving import Served, emulator_server
from environments.files import written

LIVE = "ck_live_N0body0ughtT0SeeThis"
PLANS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")
BASE = "version: 1\nplans:\n" + "".join(
    f"  {name}: {{name: {name.title()}, prices: {{monthly: {{price: 49.00}}}}}}\n" for name in PLANS
)
DUE = ("apply", "--due", "--yes")


def raised(effective: str, price: str = "59.00", plans: tuple[str, ...] = PLANS) -> str:
    """A change of the price of some plans."""
    content = "".join(f"  {name}: {{prices: {{monthly: {{price: {price}}}}}}}\n" for name in plans)
    return f"version: 1\nchange: {{effective: {effective}, allow: [updates]}}\nplans:\n{content}"


def prices(url: str, key: str) -> list[int]:
    """What Commet has, in the order of the plans."""
    found = send(url, "GET", "/plans?includePrivate=true", key=key)["data"]
    by_code = {item["code"]: item["prices"][0]["price"] for item in found}
    return [by_code[name] for name in PLANS]


def ahead(served: Served, days: int) -> datetime:
    """Move the clock of a served Commet ahead of that of this machine."""
    moment = datetime.now(UTC) + timedelta(days=days)
    assert isinstance(served.app, Emulator)
    served.app.move_clock(moment)
    return moment


def test_where_the_clocks_differ_about_what_is_due_nothing_is_written(tmp_path: Path) -> None:
    soon = datetime.now(UTC) + timedelta(days=20)
    with emulator_server(tmp_path / "commet.db") as served:
        there = ("--api-url", served.url)
        written(tmp_path, {"commet.yaml": BASE})
        assert run(tmp_path, "apply", "--yes", "--live", *there, key=LIVE).code == 0
        written(tmp_path, {"changes/raise.yaml": raised(f"{soon:%Y-%m-%d}")})
        # The clock of a live account cannot be asked for: only the answers say what time it is.
        ahead(served, 10)
        assert run(tmp_path, *DUE, "--live", *there, key=LIVE).code == 0, "nothing is due by either clock"
        ahead(served, 40)
        served.requests.clear()
        for words in (DUE, ("apply", "--yes")):
            ended = run(tmp_path, *words, "--live", "--format", "json", *there, key=LIVE)
            assert (ended.code, ended.errors) == (4, ["clock"]), words
        ended = run(tmp_path, "plan", "--live", *there, key=LIVE)
        assert (ended.code, "refused by      clock: " in ended.out) == (0, True)
        assert served.writes == []
        assert prices(served.url, LIVE) == [4900] * len(PLANS)


def test_the_clock_of_a_sandbox_that_was_moved_is_the_one_that_counts(tmp_path: Path) -> None:
    soon = datetime.now(UTC) + timedelta(days=20)
    with emulator_server(tmp_path / "commet.db") as served:
        there = ("--api-url", served.url)
        written(tmp_path, {"commet.yaml": BASE, "changes/raise.yaml": raised(f"{soon:%Y-%m-%d}")})
        assert run(tmp_path, "apply", "--yes", *there).code == 0
        assert prices(served.url, "ck_sandbox_x") == [4900] * len(PLANS)
        ahead(served, 40)
        assert run(tmp_path, *DUE, *there).code == 0
        assert prices(served.url, "ck_sandbox_x") == [5900] * len(PLANS)


@pytest.mark.process
@pytest.mark.parametrize("after", [1, 3])
def test_a_run_that_is_killed_at_the_date_is_brought_to_its_end_by_the_next_one(after: int, tmp_path: Path) -> None:
    """And what is not due stays as it is."""
    edited = BASE.replace("Zeta", "Zeta and more")
    with emulator_server(tmp_path / "commet.db", faults=("slow:150@writes",)) as served:
        there = ("--api-url", served.url)
        written(tmp_path, {"commet.yaml": BASE})
        assert run(tmp_path, "apply", "--yes", *there).code == 0
        written(tmp_path, {"commet.yaml": edited, "changes/raise.yaml": raised("2020-01-01")})
        served.requests.clear()
        words = command(*DUE, "--parallelism", "1", *there)
        victim = subprocess.Popen(
            words, cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, stdout=subprocess.PIPE
        )
        patience = time.monotonic() + 30
        while len(served.writes) < after and victim.poll() is None and time.monotonic() < patience:
            time.sleep(0.005)
        victim.kill()
        victim.communicate()
        assert victim.returncode == -9, "it ended before it was killed"
        # Its last request is still on its way; one that arrives during the next run is refused there as a change.
        patience = time.monotonic() + 3
        while prices(served.url, "ck_sandbox_x").count(5900) < len(served.writes) and time.monotonic() < patience:
            time.sleep(0.01)
        assert 4900 in prices(served.url, "ck_sandbox_x"), "everything was done before it was killed"
        ended = run(tmp_path, *DUE, *there)
        assert ended.code == 0, ended.err
        assert "an earlier run" in ended.err
        assert prices(served.url, "ck_sandbox_x") == [5900] * len(PLANS)
        served.requests.clear()
        assert run(tmp_path, *DUE, *there).code == 0
        assert served.writes == []
        assert run(tmp_path, "plan", "--detailed-exitcode", *there).code == 2, "the edit without a date is still to do"


_HALVES = {
    "a currency that goes": "plans: {alpha: {prices: {monthly: {regional_prices: {eur: null}}}}}",
    "a plan that follows another": (
        "plans:\n  alpha: {name: Old, visibility: private}\n"
        "  omega: {name: Alpha, visibility: public, prices: {monthly: {price: 59.00, is_default: true},"
        " yearly: {price: 590.00}}}"
    ),
    "plans of a group": (
        "plan_groups: {all: {name: All, plans: [beta, gamma]}}\n"
        "plans: {beta: {name: Beta 2, prices: {monthly: {price: 55.00}}}}"
    ),
}


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("what", _HALVES)
def test_a_run_that_failed_halfway_is_brought_to_its_end_by_the_next_one(
    what: str, number: int, tmp_path: Path
) -> None:
    base = BASE.replace("price: 49.00}", "price: 49.00, regional_prices: {eur: 45.00, gbp: 40.00, jpy: 7200}}", 1)
    database = tmp_path / "commet.db"
    with emulator_server(database) as served:
        written(tmp_path, {"commet.yaml": base})
        assert run(tmp_path, "apply", "--yes", "--api-url", served.url).code == 0
    written(
        tmp_path,
        {"changes/x.yaml": change("effective: 2020-01-01, allow: [updates, deletes]", _HALVES[what])},
    )
    with emulator_server(database, faults=(f"500@w{number}",)) as served:
        there = ("--api-url", served.url)
        failed = run(tmp_path, *DUE, "--retries", "0", *there)
        # Where the request that failed had taken effect, or is not sent at all, nothing is left to do.
        assert failed.code in (0, 1, 5), failed
        assert run(tmp_path, *DUE, *there).code == 0
        left = run(tmp_path, "plan", "--detailed-exitcode", *there)
        assert left.code == 0, left.out


def test_exit_codes_of_a_job(tmp_path: Path) -> None:
    """0 where nothing was due or all was applied, 4 where a change was refused and the others were applied."""
    with emulator_server(tmp_path / "commet.db") as served:
        there = ("--api-url", served.url)
        written(tmp_path, {"commet.yaml": BASE})
        assert run(tmp_path, "apply", "--yes", *there).code == 0
        assert run(tmp_path, *DUE, *there).code == 0
        one, other = raised("2020-01-01", plans=PLANS[:1]), raised("2020-01-02", plans=PLANS[1:2])
        written(tmp_path, {"changes/one.yaml": one, "changes/other.yaml": other})
        plans = send(served.url, "GET", "/plans?includePrivate=true")["data"]
        first = next(item for item in plans if item["code"] == PLANS[0])
        send(served.url, "PATCH", f"/plans/{first['id']}/prices/{first['prices'][0]['id']}", {"price": 5200})
        ended = run(tmp_path, *DUE, "--format", "json", *there)
        assert (ended.code, ended.errors) == (4, ["due_moved"])
        assert prices(served.url, "ck_sandbox_x")[:3] == [5200, 5900, 4900]
        assert run(tmp_path, *DUE, "--format", "json", *there).errors == ["due_moved"]
        written(tmp_path, {"changes/third.yaml": raised("2020-01-03", plans=PLANS[2:3])})
        said = run(tmp_path, *DUE, *there).out
        assert said.endswith("  1 change applied and verified. Not everything that is due was applied.\n"), said
        assert run(tmp_path, *DUE, *there, key="nonsense").code == 6
