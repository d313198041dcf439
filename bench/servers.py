"""The servers that commands are measured against, each a process of its own, and the accounts that they hold."""

import json
import re
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from bench.measure import COMMETCTL, BrokenError, commetctl, environment, run

_ROOT = Path(__file__).parent.parent
VERSION = "2026-08-27"
#: What a plan reads, and what it reads too where a change may concern subscriptions.
LISTS = ("/api/v1/features", "/api/v1/plans?includePrivate=true")
SUBSCRIPTIONS = "/api/v1/subscriptions"
#: What a new catalog is made of.
ALL_LISTS = (
    *LISTS,
    *(f"/api/v1/{name}" for name in ("markets", "credit-packs")),
    *(f"/api/v1/{name}?limit=100" for name in ("offers", "plan-groups", "promo-codes", "addons")),
)
_PATIENCE = 60.0
_LOGGED = re.compile(r"'([A-Z]+) (\S+) HTTP/1\.1' (\d+)")


@dataclass(frozen=True)
class Logged:
    """A request in the log of an emulator."""

    method: str
    path: str
    status: int

    @property
    def is_write(self) -> bool:
        """Whether it was to change something."""
        return self.method != "GET"


@contextmanager
def serving(words: Sequence[str], log: Path) -> Iterator[str]:
    """A server process, which prints its URL first; the URL. Its standard error goes to a log."""
    with log.open("wb") as errors:
        process = subprocess.Popen(words, cwd=_ROOT, env=environment(), stdout=subprocess.PIPE, stderr=errors)
        assert process.stdout
        try:
            ready, _, _ = select.select([process.stdout], [], [], _PATIENCE)
            url = process.stdout.readline().decode().strip() if ready else ""
            if not url:
                raise BrokenError(f"{' '.join(words)} did not begin to serve")
            yield url
        finally:
            process.terminate()
            process.wait(_PATIENCE)
            process.stdout.close()


@contextmanager
def emulator(database: Path, *words: str, log: Path | None = None) -> Iterator[str]:
    """`commetctl emulator` with a database; with a log, it notes every request there."""
    verbose = ["-v"] if log else []
    called = [COMMETCTL, "emulator", "--port", "0", "--db", str(database), *verbose, *words]
    with serving(called, log or database.with_suffix(".log")) as url:
        yield url


def logged(log: Path) -> list[Logged]:
    """The requests that an emulator noted."""
    found = _LOGGED.findall(log.read_text("utf-8"))
    return [Logged(method, path, int(status)) for method, path, status in found]


def module(name: str, *words: str | Path) -> list[str]:
    """The words that run a module of this package, in the folder above it."""
    return [sys.executable, "-m", f"bench.{name}", *map(str, words)]


def filled(catalog: Path, *, subscriptions: int = 0) -> Path:
    """The database of an emulator that holds a catalog; it is made once, beside the catalog.

    Raises BrokenError if `plan` finds anything to do there.
    """
    database = catalog.with_name(f"{catalog.stem}-{subscriptions}.db")
    if database.exists():
        return database
    with emulator(database) as url:
        subprocess.run(module("seed", catalog, database, str(subscriptions)), cwd=_ROOT, env=environment(), check=True)
        run(commetctl(catalog.parent, "plan", "-f", str(catalog), url=url, says="No changes"))
    return database


def copied(database: Path, name: str) -> Path:
    """A copy of a database that no emulator has open."""
    return Path(shutil.copy(database, database.with_name(name)))


@dataclass(frozen=True)
class Recorded:
    """A folder with answers of an emulator, and how many bytes they are together."""

    folder: Path
    size: int


def recorded(database: Path, wanted: Sequence[tuple[str, str]]) -> Recorded:
    """The answers of an emulator to some reads, each a version and a path."""
    folder, index, size = database.with_suffix(".answers"), {}, 0
    folder.mkdir(exist_ok=True)
    with emulator(database) as url:
        for number, (version, path) in enumerate(wanted):
            headers = {"x-api-key": "ck_sandbox_bench", "Commet-Version": version}
            with urlopen(Request(url + path, headers=headers), timeout=_PATIENCE) as answer:  # noqa: S310 - loopback
                content = answer.read()
            (folder / f"{number}.json").write_bytes(content)
            index[f"{version} {path}"] = f"{number}.json"
            size += len(content)
    (folder / "index").write_text(json.dumps(index), "utf-8")
    return Recorded(folder, size)


@contextmanager
def replaying(answers: Recorded) -> Iterator[str]:
    """A server that gives recorded answers at once, so that no time of a server is measured."""
    with serving(module("replay", answers.folder), answers.folder / "log") as url:
        yield url


@dataclass(frozen=True)
class Served:
    """A request that a watched emulator served; times in seconds, `own` without the latency that was asked for."""

    began: float
    ended: float
    own: float
    method: str
    status: int

    @property
    def is_write(self) -> bool:
        """Whether it was to change something."""
        return self.method != "GET"


@contextmanager
def watched(database: Path, log: Path, *faults: str) -> Iterator[str]:
    """An emulator with faults that notes when each request came and went; `log` is written when it has ended."""
    with serving(module("watched", database, log, *faults), database.with_suffix(".log")) as url:
        yield url


def served(log: Path) -> list[Served]:
    """The requests that a watched emulator served, in the order in which they came."""
    return sorted((Served(**row) for row in json.loads(log.read_text("utf-8"))), key=lambda one: one.began)
