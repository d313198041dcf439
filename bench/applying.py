"""Applying, against the time that the API takes: its latency, or its limit of requests a second."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import catalogs
from bench.measure import Ran, commetctl, run
from bench.report import Result
from bench.servers import Served, copied, emulator, filled, served, watched
from bench.setting import Setting

_PARALLELISM = 4
#: A catalog with 210 prices, each of which is raised by one request.
_PLANS, _FEATURES = 70, 2
_WRITES, _WHOLE = 1.15, 1.4
_LIMITED, _REFUSED = 1.10, 0.01
#: The seconds after which few requests may be refused.
_SETTLED = 10.0


def results(setting: Setting) -> Iterator[Result]:
    """Raising 210 prices and creating ten plans with a latency, and creating plans under a limit."""
    text = catalogs.catalog(_PLANS, _FEATURES)
    full = filled(setting.file("commet.yaml", text))
    raised = setting.file("raised.yaml", catalogs.all_raised(text))
    created = setting.file("created.yaml", catalogs.catalog(10))
    empty = setting.folder / "empty.db"
    with emulator(empty):
        pass
    # Warm-up.
    _applied(raised, full)
    for latency in (20, 50):
        yield from _delayed(setting, "raise", "raising 210 prices", raised, full, latency)
        yield from _delayed(setting, "create", "creating 10 plans", created, empty, latency)
    yield from _limited(setting, empty)


def _delayed(setting: Setting, key: str, what: str, catalog: Path, database: Path, latency: int) -> Iterator[Result]:
    spans, wholes, ideals = [], [], []
    for _ in range(setting.rounds(5, 1)):
        ran, requests = _applied(catalog, database, f"latency:{latency}")
        writes = [one for one in requests if one.is_write]
        ideals.append(len(writes) * latency / 1000 / _PARALLELISM)
        spans.append(_span(writes) - sum(one.own for one in writes) / _PARALLELISM)
        wholes.append(ran.wall - sum(one.own for one in requests) / _PARALLELISM)
    what, against = f"{what}, {latency} ms", f"writes × {latency} ms ÷ {_PARALLELISM}"
    yield Result(f"applying.writes_{key}_{latency}", f"{what}: writes", against, _WRITES, "s", spans, ideals)
    yield Result(f"applying.whole_{key}_{latency}", f"{what}: whole command", against, _WHOLE, "s", wholes, ideals)


def _limited(setting: Setting, empty: Path) -> Iterator[Result]:
    """A limit that a run needs some twenty seconds for."""
    limit, plans = 20, 8 if setting.quick else 13
    catalog = setting.file("limited.yaml", catalogs.catalog(plans))
    _, requests = _applied(catalog, empty, f"rate:{limit}")
    passed = [one for one in requests if one.status != 429]
    late = [one for one in requests if one.began - requests[0].began > _SETTLED]
    refused = sum(one.status == 429 for one in late)
    what, against = f"requests at {limit} a second", "the limit"
    yield Result("applying.limit", what, against, _LIMITED, "s", [_span(requests)], [len(passed) / limit])
    what, against = "429 after ten seconds", "requests"
    yield Result("applying.refused", what, against, _REFUSED, "requests", [refused], [len(late)])


def _applied(catalog: Path, database: Path, *faults: str) -> tuple[Ran, list[Served]]:
    """One `apply` to a copy of a database, and its requests."""
    log = catalog.with_suffix(".log.json")
    log.unlink(missing_ok=True)
    with watched(copied(database, "applied.db"), log, *faults) as url:
        words = ("apply", "--yes", "--allow", "updates", "-f", str(catalog), "--parallelism", str(_PARALLELISM))
        ran = run(commetctl(catalog.parent, *words, url=url))
    return ran, served(log)


def _span(requests: Sequence[Served]) -> float:
    """The seconds from the first request to the end of the last."""
    return max(one.ended for one in requests) - min(one.began for one in requests)
