"""Races: two runs apply different files to one account at once, and what they report explains what it comes to."""

import random
import subprocess
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from editions import METERED, METERED_EDITED
from racing import Racer, lies, seen, unexplained

import reliability
from cli.running import TIMEOUT, Ended, command, environment, run, write
from emulator.process import EmulatorProcess, emulator_process

pytestmark = pytest.mark.process

BASE = """\
version: 1
features:
  calls: {name: Calls, type: usage}
  sso: {name: SSO, type: boolean}
  logs: {name: Logs, type: boolean}
plans:
  pro:
    name: Pro
    consumption_model: metered
    prices:
      monthly: {price: 49, is_default: true, regional_prices: {eur: 45, brl: 250}}
    features: {calls: {included_amount: 100}, sso: true}
  old: {name: Old, prices: {monthly: {price: 5}}, features: {logs: true}}
credit_packs:
  small: {name: Small, credits: 10, price: 1}
"""
OLD = "  old: {name: Old, prices: {monthly: {price: 5}}, features: {logs: true}}\n"
PRICE = "      monthly: {price: 49, is_default: true, regional_prices: {eur: 45, brl: 250}}\n"


def changed(*pairs: tuple[str, str]) -> str:
    text = BASE
    for before, after in pairs:
        assert before in text
        text = text.replace(before, after)
    return text


def plan(price: int, name: str) -> str:
    return changed(
        (OLD, f"{OLD}  team: {{name: {name}, prices: {{monthly: {{price: {price}}}}}, features: {{sso: true}}}}\n")
    )


def pack(size: int) -> str:
    return f"{BASE}  large: {{name: Large, credits: {size}, price: 8}}\n"


@dataclass(frozen=True)
class Race:
    """Two files for one account."""

    name: str
    one: str
    other: str
    first: str = BASE
    parallelism: int = 4


RACES = [
    Race(
        "other prices for the same plan",
        changed((PRICE, PRICE.replace("49", "59").replace("45", "55"))),
        changed((PRICE, PRICE.replace("49", "69").replace("250", "350")), ("name: Pro", "name: Professional")),
    ),
    Race(
        "one deletes the plan that the other changes",
        changed((OLD, "")),
        changed((OLD, OLD.replace("name: Old", "name: Older").replace("price: 5", "price: 6").replace("logs", "sso"))),
    ),
    Race("both create the same plan", plan(9, "Team"), plan(19, "Teams"), parallelism=1),
    Race(
        "both create a price of the same interval",
        changed((PRICE, PRICE + "      yearly: {price: 490, regional_prices: {eur: 450}}\n")),
        changed((PRICE, PRICE.replace(", is_default: true", "") + "      yearly: {price: 480, is_default: true}\n")),
    ),
    Race(
        "one deletes the feature that the other includes",
        changed((", features: {logs: true}", ""), ("  logs: {name: Logs, type: boolean}\n", "")),
        changed(("sso: true}", "sso: true, logs: true}"), ("{included_amount: 100}", "{included_amount: 200}")),
    ),
    Race("both create the same pack", pack(100), pack(200)),
    Race(
        "one deletes the pack that the other changes",
        changed(("small: {name: Small", "tiny: {name: Tiny")),
        changed(("credits: 10", "credits: 20"), ("name: Calls", "name: API calls")),
    ),
    Race(
        "nearly everything",
        METERED_EDITED.replace("name: Larger, previous_name: Large", "name: Large"),
        METERED.replace("49", "39").replace("100, ov", "150, ov"),
        METERED,
    ),
    Race("another plan, and other prices", plan(9, "Team"), changed((PRICE, PRICE.replace("49", "69")))),
]


def race(chosen: Race, folder: Path, seed: int) -> Counter[str]:
    """Run one race and judge it."""
    chance = random.Random(f"{chosen.name} {seed}")  # noqa: S311  (not for secrets)
    folder.mkdir()
    for name, text in (("one", chosen.one), ("other", chosen.other), ("first", chosen.first)):
        (folder / name).mkdir()
        write(folder / name, text)
    with emulator_process(folder / "account.db") as server:
        assert run(folder / "first", "apply", "--yes", "--api-url", server.url).code == 0
    with emulator_process(folder / "account.db", faults=["latency:8", "slow:8"]) as server:
        before, _ = seen(folder / "first", server.url, prune=True)
        one, other = (
            Racer(folder / name, before, ended)
            for name, ended in zip(("one", "other"), at_once(chosen, folder, server, chance), strict=True)
        )
        judge(chosen, server, one, other)
        converges(chosen, server, chance.choice([one, other]))
    codes = [one.ended.code, other.ended.code]
    return Counter(
        races=1,
        both_applied=int(codes == [0, 0]),
        one_refused=int(4 in codes),
        one_partly=int(5 in codes or 1 in codes),
    )


def words(chosen: Race, url: str) -> tuple[str, ...]:
    allowed = [word for guard in ("deletes", "updates", "price_change") for word in ("--allow", guard)]
    parallel = ("--parallelism", str(chosen.parallelism))
    return ("apply", "--yes", "--prune", *allowed, *parallel, "--format", "json", "--api-url", url)


def at_once(chosen: Race, folder: Path, server: EmulatorProcess, chance: random.Random) -> list[Ended]:
    """Start both, the second one a little later or earlier, and wait for both."""
    lead = chance.uniform(-0.3, 0.3)
    started: dict[str, subprocess.Popen[str]] = {}
    for name in ("one", "other") if lead >= 0 else ("other", "one"):
        started[name] = subprocess.Popen(
            command(*words(chosen, server.url)),
            cwd=folder / name,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        if len(started) == 1:
            time.sleep(abs(lead))
    ended = []
    for name in ("one", "other"):
        out, err = started[name].communicate(timeout=TIMEOUT)
        ended.append(Ended(started[name].returncode, out, err))
    return ended


def judge(chosen: Race, server: EmulatorProcess, one: Racer, other: Racer) -> None:
    """Each report is consistent in itself, and both together explain the final state."""
    told = f"{one.ended.out}\n{other.ended.out}"
    for racer, rival in ((one, other), (other, one)):
        assert racer.is_consistent(), told
        final, _ = seen(racer.folder, server.url, prune=True)
        assert list(lies(racer, rival, final)) == [], told
        assert list(unexplained((one, other), one.before, final)) == [], told


def converges(chosen: Race, server: EmulatorProcess, racer: Racer) -> None:
    """Whichever file is applied again, it is what the account is then."""
    ended = run(racer.folder, *words(chosen, server.url))
    assert ended.code == 0, ended
    final, left = seen(racer.folder, server.url, prune=True)
    assert left == []
    assert final == racer.wanted


@pytest.mark.proof
@pytest.mark.parametrize("half", range(2))
@pytest.mark.parametrize("chosen", RACES, ids=lambda chosen: chosen.name)
def test_what_two_runs_report_explains_what_the_account_comes_to(chosen: Race, half: int, tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    for seed in range(half * 5, half * 5 + 5):
        counts.update(race(chosen, tmp_path / str(seed), seed))
    reliability.record("races", **counts)


@pytest.mark.parametrize("chosen", [RACES[0], RACES[-1]], ids=lambda chosen: chosen.name)
def test_a_sample_of_races(chosen: Race, tmp_path: Path) -> None:
    race(chosen, tmp_path / "sample", 0)
