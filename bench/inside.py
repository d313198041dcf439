"""Benchmarks: ratios between two things measured side by side in one run, so that a noisy machine matters little.

Run with `make bench`. Nothing here passes or fails.
"""

import json
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from deepdiff import DeepDiff
from ruamel.yaml import YAML

from commetctl.api.client import Client
from commetctl.api.connection import Connection
from commetctl.apply.journal import Journals
from commetctl.catalog import load
from commetctl.core.contract import SUBSCRIPTIONS, V2026_08_27, Listing
from commetctl.planning.diff import diff
from commetctl.reading import reading_of
from commetctl.render.markdown import plan_markdown
from commetctl.render.page import page
from commetctl.render.text import plan_text
from commetctl.review.counting import count
from commetctl.review.effects import effects
from commetctl.usecases.compare import compared
from harness import KEY, Shop

ROUNDS = 9


def large(plans: int, features: int = 30) -> str:
    """A catalog of some plans, each with every feature and three prices in four currencies."""
    lines = ["version: 1", "features:"]
    lines += [f"  f{n}: {{name: Feature {n}, type: usage, unit_name: unit}}" for n in range(features)]
    lines.append("plans:")
    for n in range(plans):
        lines += [f"  p{n}:", f"    name: Plan {n}", "    consumption_model: metered", "    prices:"]
        for interval, price in (("monthly", 49), ("quarterly", 140), ("yearly", 490)):
            default = ", is_default: true" if interval == "monthly" else ""
            lines.append(
                f"      {interval}: {{price: {price}.00{default}, "
                f"regional_prices: {{eur: {price}.50, brl: {price * 5}, jpy: {price * 150}}}}}"
            )
        lines.append("    features:")
        lines += [f"      f{m}: {{included_amount: {m}, overage: {{unit_price: 0.002}}}}" for m in range(features)]
    return "\n".join(lines) + "\n"


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def compare(what: str, one: Callable[[], object], other: Callable[[], object], rounds: int = ROUNDS) -> None:
    """Run two things in turn and print the median of the ratios, pair by pair."""
    pairs = [(seconds(one), seconds(other)) for _ in range(rounds)]
    ratio = statistics.median(a / b for a, b in pairs)
    first, second = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    print(f"{ratio:8.2f} ×   {what}   ({first:.1f} ms / {second:.1f} ms)")


def run(*words: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, *words], check=True, capture_output=True)


def start_up(folder: Path) -> None:
    small = folder / "small.yaml"
    small.write_text(large(1, 3), "utf-8")
    compare("`commetctl --help` against importing click", run("-m", "commetctl", "--help"), run("-c", "import click"))
    compare(
        "`commetctl validate` of a small file against importing pydantic and ruamel.yaml",
        run("-m", "commetctl", "validate", "-f", str(small)),
        run("-c", "import click, pydantic, ruamel.yaml"),
    )


def reading(folder: Path) -> None:
    file = folder / "large.yaml"
    file.write_text(large(20), "utf-8")
    text = file.read_text("utf-8")
    compare(
        "loading 20 plans of 30 features against parsing their YAML alone",
        lambda: load(file),
        lambda: YAML(typ="safe", pure=True).compose(text),
        rounds=3,
    )


def comparing(folder: Path) -> None:
    file = folder / "large.yaml"
    desired = load(file).desired
    plain = {str(address): {k: str(v) for k, v in r.fields.items()} for address, r in desired.items()}
    again = {address: dict(fields) for address, fields in plain.items()}
    compare(
        f"our difference of {len(desired)} equal resources against one DeepDiff of all of them",
        lambda: diff(desired, desired),
        lambda: DeepDiff(plain, again),
        rounds=3,
    )


def planning(folder: Path) -> None:
    with Shop(folder) as few, Shop(folder) as many:
        few_text, many_text = large(2, 10), large(20, 10)
        few.make(few_text)
        many.make(many_text)
        for shop in (few, many):
            shop.recorder.requests.clear()
        few.plan(few_text)
        many.plan(many_text)
        counts = len(few.recorder.requests), len(many.recorder.requests)
        print(f"{counts[1] / counts[0]:8.2f} ×   requests of a plan: 20 plans against 2   ({counts[1]} / {counts[0]})")
        compare(
            "planning 20 plans against planning 2",
            lambda: many.plan(many_text),
            lambda: few.plan(few_text),
            rounds=3,
        )


def applying(folder: Path) -> None:
    text = large(4, 6)

    def apply(parallelism: int, journals: Journals | None = None, fault: str = "latency:10") -> Callable[[], object]:
        def work() -> None:
            with Shop(folder, parallelism=parallelism, journals=journals) as shop:
                planned = shop.plan(text)
                shop.faulty.set([fault] if fault else [])
                shop.carry_out(planned)

        return work

    compare("applying 4 plans, 10 ms a request: one at a time against 4 side by side", apply(1), apply(4), rounds=3)
    kept = apply(1, Journals(folder / "runs"), fault="")
    compare("applying 4 plans, no latency: with a journal against without", kept, apply(1, fault=""), rounds=3)


def peak(work: Callable[[], object]) -> float:
    """The most memory that some work takes at once, in MB."""
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1024**2


def counting(folder: Path) -> None:
    number = 20_000
    with Shop(folder) as shop:
        shop.make(large(1, 0))
        shop.send("POST", "/subscriptions", {"customerId": "cus_1", "planCode": "p0"})
        row = shop.send("GET", "/subscriptions")["data"][0]
    content = json.dumps({"object": "list", "data": [row] * number, "hasMore": False}).encode()
    parts = [content[at : at + 65536] for at in range(0, len(content), 65536)]
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=iter(parts)))
    client = Client(Connection("http://127.0.0.1", KEY, transport), V2026_08_27)
    what = f"{number} subscriptions counted row by row against their list read whole"
    most = peak(lambda: count(client)), peak(lambda: client.list(Listing(SUBSCRIPTIONS)))
    print(f"{most[0] / most[1]:8.3f} ×   memory: {what}   ({most[0]:.1f} MB / {most[1]:.1f} MB)")
    compare(f"time: {what}", lambda: count(client), lambda: client.list(Listing(SUBSCRIPTIONS)), rounds=3)


def showing(folder: Path) -> None:
    old, new = folder / "large.yaml", folder / "raised.yaml"
    new.write_text(
        old.read_text().replace("price: 49.00", "price: 59.00").replace("unit_price: 0.002", "unit_price: 0.003")
    )
    before, after = load(old), load(new)
    review = compared(before, after)
    what = f"of {len(review.changeset.changes)} changes against finding them"
    ways = {
        "effects": lambda: effects(review.changeset.changes, V2026_08_27),
        "text": lambda: plan_text(reading_of(review)),
        "Markdown": lambda: plan_markdown(reading_of(review)),
        "the page": lambda: page(reading_of(review), compare=True),
    }
    for name, work in ways.items():
        compare(f"{name} {what}", work, lambda: compared(before, after), rounds=3)


if __name__ == "__main__":
    with TemporaryDirectory() as name:
        for part in (start_up, reading, comparing, planning, applying, counting, showing):
            part(Path(name))
