"""How many requests commands send, counted in the log of the emulator."""

import json
from collections.abc import Iterator
from pathlib import Path

from bench import catalogs, seed
from bench.edits import EDITS, edited
from bench.measure import commetctl, run
from bench.minimum import Writes, fewest, sent
from bench.report import Result
from bench.servers import copied, emulator, filled, logged
from bench.setting import Setting

_FEATURES = 5
_FEW, _MORE = 2, (20, 200)


def results(setting: Setting) -> Iterator[Result]:
    """The reads of plans of different sizes, and the writes of typical edits against the fewest."""
    few = _reads(setting, _FEW)
    for plans in _MORE:
        what, against = f"reads of {plans} plans", f"of {_FEW}"
        yield Result(f"calls.reads_{plans}", what, against, 1.0, "calls", [_reads(setting, plans)], [few])
    catalog = setting.file("edited.yaml", catalogs.catalog(4, _FEATURES))
    before, full = seed.read(catalog.read_text("utf-8")), filled(catalog)
    for edit in EDITS:
        after = edited(before, edit)
        # JSON is YAML.
        written = setting.file("after.yaml", json.dumps(after))
        writes, least = _writes(written, full).total(), fewest(before, after).total()
        key = f"calls.{edit.replace(' ', '_')}"
        yield Result(key, f"writes to {edit}", "fewest", 1.0, "calls", [writes], [least])


def _reads(setting: Setting, plans: int) -> int:
    catalog = setting.file(f"reads-{plans}.yaml", catalogs.catalog(plans, _FEATURES))
    log = setting.folder / "reads.log"
    with emulator(filled(catalog), log=log) as url:
        run(commetctl(setting.folder, "plan", "-f", str(catalog), url=url, says="No changes"))
    return len(logged(log))


def _writes(catalog: Path, database: Path) -> Writes:
    log = catalog.with_name("writes.log")
    with emulator(copied(database, "writes.db"), log=log) as url:
        run(commetctl(catalog.parent, "apply", "--yes", "-f", str(catalog), url=url))
    return sent((request.method, request.path) for request in logged(log) if request.is_write)
