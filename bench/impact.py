"""Counting a hundred thousand subscriptions for the impact of a change, against parsing their JSON."""

from collections.abc import Iterator, Sequence
from statistics import median

from bench import catalogs
from bench.measure import Ran, commetctl, in_turn, python, updates
from bench.report import Result
from bench.servers import LISTS, SUBSCRIPTIONS, VERSION, filled, recorded, replaying
from bench.setting import Setting

_MB = 1024 * 1024
_PLANS = 4
#: How much memory the counting may take, of the size of the list.
_BOUNDED = 0.25
_PARSE = "import sys, json, pathlib; json.loads(pathlib.Path(sys.argv[1]).read_bytes())"


def results(setting: Setting) -> Iterator[Result]:
    """Time and memory, both as what a hundred thousand subscriptions add to the same command with none."""
    number = 20_000 if setting.quick else 100_000
    text = catalogs.catalog(_PLANS)
    catalog = setting.file("commet.yaml", text)
    raised = setting.file("raised.yaml", catalogs.raised(text, _PLANS))
    lists = [(VERSION, path) for path in (*LISTS, SUBSCRIPTIONS)]
    none, many = (recorded(filled(catalog, subscriptions=count), lists) for count in (0, number))
    with replaying(none) as without, replaying(many) as with_them:
        commands = [
            commetctl(setting.folder, "plan", "-f", str(raised), url=with_them, says="Revenue a month"),
            commetctl(setting.folder, "plan", "-f", str(raised), url=without, says=updates(_PLANS)),
            python(setting.folder, _PARSE, str(many.folder / "2.json")),
            python(setting.folder, _PARSE, str(none.folder / "2.json")),
        ]
        plan, plan_none, parse, parse_none = in_turn(commands, setting.rounds(7, 3))
    what = f"impact of {number:,} subscriptions"
    size = (many.size - none.size) / _MB
    ours, theirs = _more(plan, plan_none), _more(parse, parse_none)
    cpus = zip(_more_cpu(plan, plan_none), _more_cpu(parse, parse_none), strict=True)
    cpu = median(one / other for one, other in cpus)
    yield Result(f"impact.time_{number}", what, "`json.loads`", 2.0, "s", ours, theirs, cpu)
    memory = [(one.memory - other.memory) / _MB for one, other in zip(plan, plan_none, strict=True)]
    key, what = f"impact.memory_{number}", f"{what}: memory"
    yield Result(key, what, "their JSON", _BOUNDED, "MB", memory, [size] * len(memory))


def _more(runs: Sequence[Ran], base: Sequence[Ran]) -> list[float]:
    return [one.wall - other.wall for one, other in zip(runs, base, strict=True)]


def _more_cpu(runs: Sequence[Ran], base: Sequence[Ran]) -> list[float]:
    return [one.cpu - other.cpu for one, other in zip(runs, base, strict=True)]
