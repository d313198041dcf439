"""Fuzzing: whatever is in a catalog or in a saved plan, the command ends soon, with an exit code that it documents."""

import json
import random
import shutil
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType

import pytest
from click.testing import CliRunner, Result
from editions import EXAMPLES, METERED, PLANS, REMEMBERED, ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutation import as_json, forged, mutated

import reliability
from cli.running import run
from commetctl.cli import group
from commetctl.core.call import digest
from drawing import as_yaml, catalogs

CORPUS = [*EXAMPLES.values(), (ROOT / "commet.yaml.example").read_text("utf-8"), METERED, REMEMBERED, PLANS]
#: In seconds of the processor, so that a busy machine does not matter.
LONGEST = 1.0
EXITS = {0, 1, 3}
PLAN_EXITS = {0, 1, 4}

FIRST = """\
version: 1
features:
  calls: {name: Calls, type: usage}
  old: {name: Old, type: boolean}
plans:
  pro: {name: Pro, consumption_model: metered, prices: {monthly: {price: 49}}, features: {calls: {included_amount: 9}}}
"""
THEN = FIRST.replace("  old: {name: Old, type: boolean}\n", "  sso: {name: SSO, type: boolean}\n").replace("49", "59")


class HungError(BaseException):
    """Raised where a command is too slow; no `except Exception` stops it."""


@contextmanager
def watched() -> Iterator[None]:
    """Raise HungError in a block that takes more than its second of the processor."""

    def hear(_number: int, _frame: FrameType | None) -> None:
        raise HungError

    former = signal.signal(signal.SIGVTALRM, hear)
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, former)


def invoked(*words: str) -> Result:
    """The command through its real entry, in this process, under watch."""
    with watched():
        return CliRunner().invoke(group, words)


def is_well(result: Result, exits: set[int]) -> bool:
    return result.exit_code in exits and (result.exception is None or isinstance(result.exception, SystemExit))


def validated(content: bytes, folder: Path) -> int:
    """The exit code of `validate` for a file; fails where it is none of those that are documented."""
    file = folder / "fuzzed.yaml"
    file.write_bytes(content)
    result = invoked("validate", "-f", str(file), "--format", "json")
    assert is_well(result, EXITS), (result.exception, result.output, content)
    assert json.loads(result.stdout)["exit_code"] == result.exit_code
    return result.exit_code


def fuzz_catalog(seed: int, inputs: int, folder: Path) -> Counter[str]:
    counts: Counter[str] = Counter()
    for number in range(inputs):
        chance = random.Random(f"catalog {seed} {number}")  # noqa: S311  (not for secrets)
        content = mutated(chance.choice(CORPUS), CORPUS, chance)
        code = validated(content, folder)
        counts.update(inputs=1, valid=int(code == 0), invalid=int(code != 0))
    return counts


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(20))
def test_a_mutated_catalog_is_valid_or_has_problems(seed: int, tmp_path: Path) -> None:
    reliability.record("fuzz catalog", **fuzz_catalog(seed, 5_000, tmp_path))


@pytest.mark.proof
def test_a_drawn_catalog_is_valid_and_a_mutated_one_is_or_has_problems(tmp_path: Path) -> None:
    counts: Counter[str] = Counter()

    @settings(max_examples=1_000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(catalogs(), st.randoms(use_true_random=False))
    def check(catalog: dict[str, object], chance: random.Random) -> None:
        text = as_yaml(catalog)
        assert validated(text.encode(), tmp_path) == 0
        code = validated(mutated(text, CORPUS, chance), tmp_path)
        counts.update(inputs=2, valid=1 + int(code == 0), invalid=int(code != 0))

    check()
    reliability.record("fuzz catalog", **counts)


def test_a_sample_of_mutated_catalogs(tmp_path: Path) -> None:
    fuzz_catalog(-1, 150, tmp_path)


#: Much of what is looked for before a text is parsed.
MANY = {
    "nested": "a: \u2028" + "[" * 20_000,
    "line ends": "\u2028\n" * 20_000,
    "conflicts": "<<<<<<< x\n" * 20_000,
    "quoted": 'a: "\u2028"\n' * 4_000,
}


@pytest.mark.parametrize("text", MANY.values(), ids=MANY)
def test_many_signs_that_do_not_belong_in_a_file(text: str, tmp_path: Path) -> None:
    assert validated(text.encode(), tmp_path) == 3


class Bench:
    """A saved plan beside its account, both as they were made again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file, self.plan = folder / "commet.yaml", folder / "plan.json"
        self.words = ("--local", str(folder / "account.db"), "-f", str(self.file), "--format", "json")
        self.file.write_text(FIRST)
        assert self.applied().exit_code == 0
        shutil.copy(folder / "account.db", folder / "before.db")
        self.file.write_text(THEN)
        assert invoked("plan", *self.words, "--prune", "--out", str(self.plan)).exit_code == 0
        self.plan_text = self.plan.read_text()
        self.content = json.loads(self.plan_text)
        self.before = self.held()
        assert self.applied(str(self.plan), "--prune").exit_code == 0
        self.after = self.held()
        self.again()

    def applied(self, *words: str) -> Result:
        return invoked("apply", *words, *self.words, "--yes", "--journal", str(self.folder / "runs"))

    def again(self) -> None:
        """The account as it was before, and no memory of it."""
        shutil.rmtree(self.folder / "runs", ignore_errors=True)
        for left in self.folder.glob("account.db*"):
            left.unlink()
        shutil.copy(self.folder / "before.db", self.folder / "account.db")

    def held(self) -> list[tuple[object, ...]]:
        """Everything that the account's database holds, but for times, keys and ids."""
        tables = {
            "feature": "code, name, deleted",
            "plan": "code, name, is_public, metadata, deleted",
            "price": "billing_interval, price, is_default, deleted",
            "plan_feature": "enabled, included_amount, unlimited, overage_enabled",
            "idempotency": "status",
        }
        with closing(sqlite3.connect(self.folder / "account.db")) as connection:
            found = [(table, *row) for table, names in tables.items() for row in _rows(connection, table, names)]
        return sorted(found, key=repr)

    def try_out(self, text: str) -> bool:
        """Apply a plan file; whether it was done: then it must be the whole plan, and else nothing."""
        self.plan.write_text(text, "utf-8", "surrogatepass")
        result = self.applied(str(self.plan), "--prune")
        assert is_well(result, PLAN_EXITS), (result.exception, result.output, text)
        document = json.loads(result.stdout)
        assert document["exit_code"] == result.exit_code
        if result.exit_code:
            assert not document.get("outcomes")
            assert self.held() == self.before, text
            return False
        assert self.held() == self.after, text
        self.again()
        return True


def _rows(connection: sqlite3.Connection, table: str, names: str) -> list[tuple[object, ...]]:
    return connection.execute(f"SELECT {names} FROM {table}").fetchall()  # noqa: S608  (the names are in this file)


def a_plan(bench: Bench, chance: random.Random) -> str:
    """A plan file that somebody changed, most often with an id that fits what it says now."""
    if chance.random() < 0.15:
        return mutated(bench.plan_text, [bench.plan_text], chance).decode("utf-8", "replace")
    content = forged(bench.content, chance)
    if chance.random() < 0.9:
        try:
            content["id"] = digest({key: value for key, value in content.items() if key != "id"})
        except (RecursionError, ValueError):
            return as_json(content)
    return as_json(content)


def fuzz_plan(seed: int, inputs: int, folder: Path) -> Counter[str]:
    bench = Bench(folder)
    counts: Counter[str] = Counter()
    for number in range(inputs):
        text = a_plan(bench, random.Random(f"plan {seed} {number}"))  # noqa: S311  (not for secrets)
        done = bench.try_out(text)
        counts.update(inputs=1, refused=int(not done), accepted=int(done))
    return counts


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(10))
def test_a_forged_plan_is_refused_or_is_the_plan(seed: int, tmp_path: Path) -> None:
    reliability.record("fuzz plan", **fuzz_plan(seed, 3_000, tmp_path))


def test_a_sample_of_forged_plans(tmp_path: Path) -> None:
    fuzz_plan(-1, 100, tmp_path)


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(2))
def test_the_same_holds_of_real_processes(seed: int, tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    for number in range(40):
        chance = random.Random(f"process {seed} {number}")  # noqa: S311  (not for secrets)
        (tmp_path / "fuzzed.yaml").write_bytes(mutated(chance.choice(CORPUS), CORPUS, chance))
        bench.plan.write_text(a_plan(bench, chance), "utf-8", "surrogatepass")
        for ended, exits in (
            (run(tmp_path, "validate", "-f", "fuzzed.yaml"), EXITS),
            (run(tmp_path, "apply", "plan.json", "--yes", *bench.words), PLAN_EXITS),
        ):
            assert ended.code in exits, (number, ended)
            assert "Traceback" not in ended.err, (number, ended)
        bench.again()
