"""Runs the benchmarks: `python -m bench [GROUP…] [--quick] [--json FILE] [--save]`.

It ends with 1 where a measured command fails, and never because of a time.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from subprocess import SubprocessError
from tempfile import TemporaryDirectory

from bench import applying, calls, files, growth, impact, parsing, planning, start
from bench.measure import BrokenError
from bench.report import BASELINE, HEAD, Curve, Report, Result, moved, read, table
from bench.setting import Setting

GROUPS: Mapping[str, Callable[[Setting], Iterable[Result | Curve]]] = {
    module.__name__.removeprefix("bench."): module.results
    for module in (start, parsing, files, planning, growth, applying, calls, impact)
}


def main() -> int:
    """Run the groups that are named, or all; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Benchmarks: ratios measured side by side.")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"one of {', '.join(GROUPS)}; without one, all")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and smaller sizes")
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"), help="where the results go")
    parser.add_argument("--save", action="store_true", help="also put the results into the baseline")
    given = parser.parse_args()
    if unknown := set(given.groups) - set(GROUPS):
        parser.error(f"there is no group {', '.join(sorted(unknown))}")
    names = given.groups or list(GROUPS)
    report, broken = _measured(names, quick=given.quick)
    before = read(BASELINE.read_text("utf-8")) if BASELINE.exists() else Report()
    print("\n" + table(report.summaries))
    told = list(moved(report.summaries, before.summaries))
    print("\nMoved by more than the spread, against bench/baseline.json:", *(told or ["nothing"]), sep="\n  ")
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(report.as_json(), "utf-8")
    if given.save and not broken:
        saved = before.updated(report, names)
        saved.summaries.sort(key=lambda item: list(GROUPS).index(item.group))
        BASELINE.write_text(saved.as_json(), "utf-8")
    return 1 if broken else 0


def _measured(names: Iterable[str], *, quick: bool) -> tuple[Report, bool]:
    """The results of some groups, each told as it comes, and whether a group broke off."""
    report, broken = Report(), False
    print(HEAD)
    for name in names:
        began = time.perf_counter()
        with TemporaryDirectory(prefix="commetctl-bench-") as folder:
            try:
                for found in GROUPS[name](Setting(Path(folder), quick)):
                    print(report.add(found), flush=True)
            except (BrokenError, OSError, SubprocessError) as error:
                broken = True
                print(f"error: {name}: {error}", file=sys.stderr, flush=True)
        print(f"{'':32}({name}: {time.perf_counter() - began:.0f} s)", flush=True)
    return report, broken


if __name__ == "__main__":
    sys.exit(main())
