"""How long commands take to start, and small plans to be made."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from bench import catalogs, seed
from bench.measure import Command, commetctl, in_turn, python
from bench.report import Result, timed
from bench.servers import LISTS, VERSION, filled, recorded, replaying
from bench.setting import Setting

#: Plans as in a small shop: three prices, each also in euros, and three features.
_FEATURES, _CURRENCIES = 3, 1
_HERE = Path(__file__).parent
_EXAMPLE = _HERE.parent / "commet.yaml.example"
_SDK = _HERE.parent / ".sdk/node/node_modules/commet-7.10.0/dist/index.mjs"
#: What that SDK asks for.
_SDK_VERSION = "2026-07-11"


def results(setting: Setting) -> Iterator[Result]:
    """Starting, validating the example, and planning against a program of the official SDK."""
    folder = setting.folder
    rounds = setting.rounds(15, 5)
    click = python(folder, "import click")
    for word in ("--help", "--version"):
        ours, theirs = in_turn([commetctl(folder, word, says="commetctl"), click], rounds)
        yield timed(f"start.import_{word[2:]}", f"`{word}`", "`import click`", 1.5, ours, theirs)
    example = shutil.copy(_EXAMPLE, folder / "example.yaml")
    commands = [
        commetctl(folder, "validate", "-f", str(example)),
        python(folder, "import pydantic, ruamel.yaml, click"),
    ]
    ours, theirs = in_turn(commands, rounds)
    what, against = "`validate`, the example", "importing its libraries"
    yield timed("start.validate", what, against, 2.5, ours, theirs)
    for plans, target in ((10, 0.8), (200, 1.0)):
        yield _plan(setting, plans, target)


def _plan(setting: Setting, plans: int, target: float) -> Result:
    key, what = f"start.plan_{plans}", f"`plan`, {plans} plans"
    against = "Node"
    if not (shutil.which("node") and _SDK.exists()):
        return Result(key, what, against, target, missing="node or its SDK is missing")
    catalog = setting.file(f"plans-{plans}.yaml", catalogs.catalog(plans, _FEATURES, _CURRENCIES))
    asked = [(version, path) for version in (VERSION, _SDK_VERSION) for path in LISTS]
    with replaying(recorded(filled(catalog), asked)) as url:
        command = commetctl(setting.folder, "plan", "-f", str(catalog), url=url, says="No changes")
        ours, theirs = in_turn([command, _node(catalog, url)], setting.rounds(11, 5))
    return timed(key, what, against, target, ours, theirs)


def _node(catalog: Path, url: str) -> Command:
    """The Node program; it gets the catalog as JSON, which it parses faster than YAML."""
    wanted = catalog.with_suffix(".json")
    wanted.write_text(json.dumps(seed.read(catalog.read_text("utf-8"))), "utf-8")
    words = ("node", str(_HERE / "plan.mjs"), str(_SDK), url, str(wanted))
    return Command(words, catalog.parent, says="differences: 0")
