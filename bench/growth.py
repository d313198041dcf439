"""How `validate` and `plan` grow, from a thousand resources to a hundred thousand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import catalogs
from bench.measure import Command, Ran, commetctl, in_turn, updates
from bench.report import Curve, Point, Result
from bench.servers import LISTS, SUBSCRIPTIONS, VERSION, filled, recorded, replaying
from bench.setting import Setting

#: The largest catalog has about 200,000 lines, and 104,000 resources.
_PLANS, _QUICK_PLANS = (25, 80, 250, 800, 2550), (25, 80, 250, 500)
_CHANGES = 10
_MB = 1024 * 1024
#: How much more a resource may take in the largest catalog than in the middle one; a line through all sizes is 1.
_LINEAR = 1.2


@dataclass(frozen=True)
class _Size:
    resources: int
    lines: int
    validate: list[Ran]
    plan: list[Ran]
    #: The bytes that the plan reads.
    read: int


def results(setting: Setting) -> Iterator[Result | Curve]:
    """The curves, whether they are straight, and the memory at the end."""
    plans = _QUICK_PLANS if setting.quick else _PLANS
    sizes = [_size(setting, number) for number in plans]
    for name in ("validate", "plan"):
        runs: list[list[Ran]] = [getattr(size, name) for size in sizes]
        yield Curve(name, tuple(_point(size, those) for size, those in zip(sizes, runs, strict=True)))
        yield _linear(name, sizes, runs)
    last = sizes[-1]
    memory = [ran.memory / _MB for ran in last.plan]
    read = [last.read / _MB] * len(memory)
    key, what = f"growth.memory_{last.resources}", f"memory of `plan`, {last.resources:,} resources"
    yield Result(key, what, "its JSON", 15.0, "MB", memory, read)


def _size(setting: Setting, plans: int) -> _Size:
    text = catalogs.catalog(plans)
    catalog = setting.file(f"plans-{plans}.yaml", text)
    raised = setting.file(f"raised-{plans}.yaml", catalogs.raised(text, _CHANGES))
    answers = recorded(filled(catalog), [(VERSION, path) for path in (*LISTS, SUBSCRIPTIONS)])
    with replaying(answers) as url:
        commands = [_command(catalog, "validate"), _command(raised, "plan", url)]
        rounds = setting.rounds(3, 1) if plans < _PLANS[-1] else 2
        validate, plan = in_turn(commands, rounds, warm=plans < _PLANS[-1])
    resources = plans * catalogs.RESOURCES_OF_A_PLAN + catalogs.FEATURES
    return _Size(resources, text.count("\n"), validate, plan, answers.size)


def _command(catalog: Path, name: str, url: str = "") -> Command:
    return commetctl(catalog.parent, name, "-f", str(catalog), url=url, says=updates(_CHANGES) if url else "")


def _point(size: _Size, runs: Sequence[Ran]) -> Point:
    return Point(size.resources, size.lines, median(r.cpu for r in runs), median(r.memory for r in runs))


def _linear(name: str, sizes: Sequence[_Size], runs: Sequence[Sequence[Ran]]) -> Result:
    """The time of one more resource up to the largest size, against that up to ten thousand.

    Processor time, since the two were not measured in turn.
    """
    first, middle, last = 0, 2, len(sizes) - 1
    base = median(r.cpu for r in runs[first])

    def per_resource(at: int) -> list[float]:
        more = sizes[at].resources - sizes[first].resources
        return [(r.cpu - base) / more * 1e6 for r in runs[at]]

    large = per_resource(last)
    what, against = f"`{name}`, one of {sizes[last].resources:,} resources", f"one of {sizes[middle].resources:,}"
    key = f"growth.linear_{name}_{sizes[last].resources}"
    return Result(key, what, against, _LINEAR, "µs", large, per_resource(middle)[: len(large)])
