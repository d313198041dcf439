"""The kill sweep: a run that is killed at any instant is brought to its end by the very same command."""

import random
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import pytest
from editions import (
    EXAMPLES,
    FEWER_PLANS,
    FIXED,
    FIXED_EDITED,
    METERED,
    METERED_EDITED,
    PLANS,
    REMEMBERED,
    REMEMBERED_EDITED,
)
from evidence import earlier_runs, objects, state

import reliability
from cli.running import Ended, command, environment, run, send, started, write
from emulator.process import EmulatorProcess

pytestmark = pytest.mark.process

#: What spreads the writes of a run over its time, by how many are under way at once.
DELAYS = {1: ("latency:3", "slow:25@writes"), 4: ("latency:3", "slow:120@writes")}
PRUNE = ("--prune", "--allow", "deletes", "--allow", "updates", "--allow", "price_change")
#: Everything is allowed in the edits, so that what is deleted may be in use.
OLD_IN_USE = (*PRUNE, "--allow-delete", "plan.old", "--allow-delete", "feature.seats")


@dataclass(frozen=True)
class Case:
    """One way from an account to another, and how it is gone."""

    name: str
    first: str
    then: str
    chosen: tuple[str, ...] = ()
    parallelism: int = 4
    saved: bool = False
    #: How often in a row a run is killed.
    deaths: int = 1
    server_dies: bool = False
    subscribed: str = ""

    @property
    def replaces(self) -> bool:
        """Whether objects are taken away and made again."""
        return "--replace" in self.chosen

    @property
    def apply(self) -> tuple[str, ...]:
        """The command, which is given again as it was."""
        told = ("--parallelism", str(self.parallelism))
        return ("apply", *(("plan.json",) if self.saved else ()), "--yes", *told, *self.chosen)


EDIT = Case("edit", METERED, METERED_EDITED, PRUNE)
BACK = METERED.replace("name: Large,", "name: Large, previous_name: Larger,")
BACK = BACK.replace("  pro:\n", "  pro:\n    lifecycle: {protect: false}\n")
LEDGER = Case("ledger", REMEMBERED, REMEMBERED_EDITED, PRUNE)
REPLACED = ("--replace", "plan_feature.purse/chat", "--replace", "addon.images")
REPLACE = Case("replace", FIXED, FIXED_EDITED, (*REPLACED, "--allow", "deletes"))
CASES = [
    *(Case(name, "", EXAMPLES[name]) for name in ("ai-product", "metered", "membership")),
    Case("balance", "", EXAMPLES["balance"]),
    Case("credits, saved", "", EXAMPLES["credits"], saved=True),
    Case("seats, in order", "", EXAMPLES["seats"], parallelism=1),
    Case("fixed-tiers, twice", "", EXAMPLES["fixed-tiers"], deaths=2),
    EDIT,
    replace(EDIT, name="edit, in order", parallelism=1),
    replace(EDIT, name="edit, saved", saved=True),
    replace(EDIT, name="edit, saved, twice", saved=True, deaths=2),
    replace(EDIT, name="edit, in use", subscribed="old", chosen=OLD_IN_USE),
    Case("edit back", METERED_EDITED, BACK, PRUNE),
    LEDGER,
    replace(LEDGER, name="ledger, saved and in order", saved=True, parallelism=1),
    Case("ledger back", REMEMBERED_EDITED, REMEMBERED, PRUNE, deaths=2),
    Case("fewer plans", PLANS, FEWER_PLANS, PRUNE),
    replace(EDIT, name="edit, the server too", server_dies=True),
    Case("metered, the server too", "", EXAMPLES["metered"], server_dies=True),
    replace(LEDGER, name="ledger, the server too, in order", server_dies=True, parallelism=1),
    REPLACE,
    replace(REPLACE, name="replace, in order, twice", parallelism=1, deaths=2),
    replace(REPLACE, name="replace, saved", saved=True),
    replace(REPLACE, name="replace, the server too", server_dies=True),
]


@dataclass
class Sweep:
    """One case, prepared: the account before it in a file, and where an undisturbed run of it ends."""

    case: Case
    folder: Path
    chance: random.Random
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        with self.served("before") as (place, server):
            if self.case.first:
                write(place, self.case.first)
                assert run(place, "apply", "--yes", "--api-url", server.url).code == 0
            if self.case.subscribed:
                customer = send(server.url, "POST", "/customers", {"email": "a@example.com"})["id"]
                subscription = {"customerId": customer, "planCode": self.case.subscribed}
                send(server.url, "POST", "/subscriptions", subscription)
        self.undisturbed  # noqa: B018  (measured before anything is killed)

    @contextmanager
    def served(self, name: str, *faults: str) -> Iterator[tuple[Path, EmulatorProcess]]:
        """A folder to run in, and a server over a copy of the account as it was before."""
        place = self.folder / name
        place.mkdir()
        if name != "before":
            shutil.copy(self.folder / "before/account.db", place)
        server = EmulatorProcess(place / "account.db", faults=faults)
        try:
            yield place, server
        finally:
            if server.process.poll() is None:
                server.stop()

    @cached_property
    def undisturbed(self) -> "Undisturbed":
        """What a run does that nobody kills."""
        with self.served("undisturbed", *DELAYS[self.case.parallelism]) as (place, server):
            self._prepare(place, server)
            began = time.monotonic()
            ended = self._run(place, server)
            took = time.monotonic() - began
            assert ended.code == 0, ended
            return Undisturbed(took, state(server.url), objects(place / "account.db"))

    def kill(self, name: str) -> None:
        """Kill as often as the case says, then give the command again and look at everything."""
        with self.served(name, *DELAYS[self.case.parallelism]) as (place, server):
            self._prepare(place, server)
            for _ in range(self.case.deaths):
                self._killed(place, server)
            self._finish(place, server)

    def _prepare(self, place: Path, server: EmulatorProcess) -> None:
        write(place, self.case.then)
        if self.case.saved:
            prune = ["--prune"] if "--prune" in self.case.chosen else []
            replaced = REPLACED if self.case.replaces else ()
            ended = run(place, "plan", "--api-url", server.url, "--out", "plan.json", *prune, *replaced)
            assert ended.code == 0, ended

    def _run(self, place: Path, server: EmulatorProcess) -> Ended:
        # As long as a command takes that is typed again: a request of the killed one may still be on its way.
        return started(place, *self.case.apply, "--api-url", server.url)

    def _killed(self, place: Path, server: EmulatorProcess) -> None:
        """Start a run and kill it at a random instant."""
        instant = self.chance.uniform(0, self.undisturbed.took * 1.1)
        seen = len(earlier_runs(place))
        process = subprocess.Popen(
            command(*self.case.apply, "--api-url", server.url),
            cwd=place,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if self.case.server_dies:
            self._wait(process, self.chance.uniform(0, instant))
            server.kill()
            server.start_again()
        self._wait(process, instant)
        was_over = process.poll() is not None
        process.kill()
        process.wait()
        self._count(place, server, seen, was_over=was_over)

    def _wait(self, process: "subprocess.Popen[bytes]", seconds: float) -> None:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            return

    def _count(self, place: Path, server: EmulatorProcess, seen: int, *, was_over: bool) -> None:
        """When in its life the run was killed: by its journal, and after its last write by the account."""
        if was_over:
            self.counts["ended_first"] += 1
            return
        self.counts["kills"] += 1
        if not any(past.wrote for past in earlier_runs(place)[seen:]):
            self.counts["killed_before_first_write"] += 1
        elif state(server.url) == self.undisturbed.state:
            self.counts["killed_after_last_write"] += 1
        else:
            self.counts["killed_while_writing"] += 1

    def _finish(self, place: Path, server: EmulatorProcess) -> None:
        through = any(past.ended == "exit 0" for past in earlier_runs(place))
        ended = self._run(place, server)
        if through and self.case.saved:
            # The death came between the end of the run and that of the process: a plan works once.
            assert (ended.code, "was already applied" in ended.err) == (4, True), ended
        elif through and self.case.replaces:
            # Nothing that is fixed is left to change.
            assert (ended.code, "that are fixed once created differs" in ended.err) == (1, True), ended
        else:
            assert ended.code == 0, ended
        assert state(server.url) == self.undisturbed.state
        assert objects(place / "account.db") == self.undisturbed.objects
        prune = ["--prune"] if "--prune" in self.case.chosen else []
        again = run(place, "plan", "--detailed-exitcode", "--api-url", server.url, *prune)
        assert again.code == 0, again
        assert [past.path.name for past in earlier_runs(place) if past.interrupted] == []


@dataclass(frozen=True)
class Undisturbed:
    """How long a run took that nobody killed, and what it left."""

    took: float
    state: object
    objects: list[tuple[object, ...]]


def sweep(case: Case, folder: Path, kills: int) -> Counter[str]:
    """Kill until so many runs were killed; one that is faster than its killer is looked at as well, and not counted."""
    swept = Sweep(case, folder, random.Random(case.name))  # noqa: S311  (not for secrets)
    number = 0
    while swept.counts["kills"] < kills:
        number += 1
        swept.kill(f"kill-{number}")
    return swept.counts


@pytest.mark.proof
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_same_command_brings_a_killed_run_to_its_end(case: Case, tmp_path: Path) -> None:
    reliability.record("kill sweep", **sweep(case, tmp_path, 10))


def test_a_sample_of_kills(tmp_path: Path) -> None:
    sweep(replace(EDIT, name="sample", saved=True), tmp_path, 1)


def test_a_sample_of_kills_while_objects_are_replaced(tmp_path: Path) -> None:
    sweep(replace(REPLACE, name="sample of replacing"), tmp_path, 2)
