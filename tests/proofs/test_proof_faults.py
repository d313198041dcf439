"""The fault sweep: whatever goes wrong at whichever request, another apply ends where an undisturbed one does."""

import json
import random
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from editions import EXAMPLES, METERED, METERED_EDITED, REMEMBERED, REMEMBERED_EDITED

import reliability
from commetctl.apply.journal import Journals
from commetctl.core.change import Applied
from harness import Shop

#: Every kind of fault that is not a delay.
KINDS = ("429", "429:0", "408", "500", "502", "503", "504", "not-json", "reset-before", "reset-after")
#: Those that differ in what a run makes of them when trying again does not help.
LASTING = ("429", "500", "504", "not-json", "reset-before", "reset-after")
#: At a place, and from there on.
ONCE, ONWARD = tuple(f"{kind}@{{}}" for kind in KINDS), tuple(f"{kind}@{{}}-" for kind in LASTING)


@dataclass(frozen=True)
class Way:
    """From one catalog to another, in one version."""

    name: str
    first: str
    then: str
    version: str


def ways() -> Iterator[Way]:
    """Each example from nothing, examples one after the other, and edits forth and back."""
    edits = {"metered": (METERED, METERED_EDITED), "remembered": (REMEMBERED, REMEMBERED_EDITED)}
    for version in ("2026-08-27", "2026-07-11"):
        mine = {name: text for name, text in EXAMPLES.items() if "api_version" not in text or version in text}
        for name, text in mine.items():
            yield Way(f"{name}, {version}", "", text, version)
        names = list(mine)
        for first, then in zip(names[::2], names[1::2], strict=False):
            yield Way(f"{first} to {then}, {version}", mine[first], mine[then], version)
        for name, (before, after) in edits.items():
            yield Way(f"{name} edited, {version}", before, after, version)
            back = before.replace("name: Large,", "name: Large, previous_name: Larger,")
            yield Way(f"{name} edited back, {version}", after, back, version)


WAYS = list(ways())


@dataclass
class Sweep:
    """One way, prepared: the account before it in a file, and where an undisturbed run of it ends."""

    way: Way
    folder: Path
    parallelism: int

    def __post_init__(self) -> None:
        with self.shop("before") as shop:
            if self.way.first:
                shop.make(self.way.first)
        with self.again("undisturbed") as shop:
            planned = shop.plan(self.way.then, prune=True)
            shop.faulty.set([])
            assert all(isinstance(outcome, Applied) for outcome in shop.carry_out(planned))
            self.requests = shop.faulty.requests
            self.end = state(shop)

    def shop(self, name: str) -> Shop:
        return Shop(
            self.folder,
            self.way.version,
            parallelism=self.parallelism,
            database=self.folder / f"{name}.db",
            journals=Journals(self.folder / f"{name}.runs"),
        )

    @contextmanager
    def again(self, name: str) -> Iterator[Shop]:
        """The account as it was before, in a copy of its own."""
        shutil.copy(self.folder / "before.db", self.folder / f"{name}.db")
        with self.shop(name) as shop:
            yield shop
        for left in self.folder.glob(f"{name}.*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()

    def holds(self, spec: str) -> bool:
        """Apply with a fault, then without: the end is the same. Whether the first apply was all done."""
        with self.again("faulty") as shop:
            planned = shop.plan(self.way.then, prune=True)
            shop.faulty.set([spec])
            ended = shop.conclude(planned)
            assert shop.faulty.fired, spec
            shop.faulty.set([])
            # Where the account cannot be read once more, there is no outcome and nothing was sent.
            done = bool(ended.outcomes) and all(isinstance(outcome, Applied) for outcome in ended.outcomes)
            assert done or ended.errors, spec
            if done:
                assert state(shop) == self.end, f"{self.way.name}: {spec}: all applied, and not so"
            shop.make(self.way.then, prune=True)
            assert shop.plan(self.way.then, prune=True).actions == [], f"{self.way.name}: {spec}"
            assert state(shop) == self.end, f"{self.way.name}: {spec}"
            return done


#: What differs between two accounts that hold the same: ids and times.
_OWN = re.compile(r"(^|.*)([iI]d|At)$")


def state(shop: Shop) -> Any:
    """Everything that the API tells of the account, without ids and times."""
    lists = ("/features", "/plans?includePrivate=true", "/credit-packs")
    return [sorted((plain(row) for row in shop.send("GET", path)["data"]), key=json.dumps) for path in lists]


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        found = {key: plain(item) for key, item in sorted(value.items()) if not _OWN.match(key)}
        # A key of the metadata that is null reads as absent: some ways to take one away leave it like that.
        kept = {key: item for key, item in (found.get("metadata") or {}).items() if item is not None}
        return found | {"metadata": kept} if "metadata" in found else found
    if isinstance(value, list):
        return sorted(map(plain, value), key=json.dumps)
    return value


@pytest.mark.proof
@pytest.mark.parametrize("parallelism", [1, 4])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_whatever_goes_wrong_another_apply_ends_where_an_undisturbed_one_does(
    way: Way, parallelism: int, tmp_path: Path
) -> None:
    sweep = Sweep(way, tmp_path, parallelism)
    # Side by side, it is by chance which request is the first; there every sixth place will do.
    every = 1 if parallelism == 1 else 6
    once = [spec.format(place) for place in range(1, sweep.requests + 1, every) for spec in ONCE]
    onward = [spec.format(place) for place in range(1, sweep.requests + 1, 3 * every) for spec in ONWARD]
    found = [sweep.holds(spec) for spec in (*once, *onward)]
    reliability.record("fault sweep", faults=len(found), outlasted=sum(found), finished_by_the_next=found.count(False))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_a_sample_of_what_goes_wrong(way: Way, tmp_path: Path) -> None:
    chance = random.Random(way.name)  # noqa: S311  (not for secrets)
    sweep = Sweep(way, tmp_path, parallelism=chance.choice([1, 4]))
    for spec in chance.sample([*ONCE, *ONWARD], 3):
        sweep.holds(spec.format(chance.randint(1, sweep.requests)))
