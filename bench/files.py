"""The other commands that go through a whole catalog, at ten thousand lines, each against `validate` of the same."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from bench import catalogs
from bench.measure import commetctl, in_turn
from bench.parsing import PLANS
from bench.report import Result, timed
from bench.servers import ALL_LISTS, VERSION, filled, recorded, replaying
from bench.setting import Setting

_TARGET = 3.0


def results(setting: Setting) -> Iterator[Result]:
    """`fmt`, `pull` and `schema`."""
    folder = setting.folder
    catalog = setting.file("commet.yaml", catalogs.catalog(PLANS))
    new = folder / "new.yaml"
    rewritten = folder / "rewritten.yaml"
    with replaying(recorded(filled(catalog), [(VERSION, path) for path in ALL_LISTS])) as url:
        commands = {
            "validate": commetctl(folder, "validate", "-f", str(catalog)),
            "fmt": commetctl(folder, "fmt", str(rewritten)),
            "fmt --check": commetctl(folder, "fmt", "--check", str(catalog), exit_code=2),
            "pull --check": commetctl(folder, "pull", "--check", "-f", str(catalog), url=url),
            "pull": commetctl(folder, "pull", "--yes", "-f", str(new), url=url),
            "schema": commetctl(folder, "schema", says="$schema"),
        }
        commands["fmt"] = replace(commands["fmt"], before=partial(shutil.copy, catalog, rewritten))
        commands["pull"] = replace(commands["pull"], before=partial(new.unlink, missing_ok=True))
        validate, *others = in_turn(list(commands.values()), setting.rounds(5, 2))
    for name, runs in zip(list(commands)[1:], others, strict=True):
        what = f"`{name}`" + ("" if name == "schema" else ", 10,000 lines")
        key, against = f"files.{name.replace(' --', '_')}", "`validate`"
        yield timed(key, what, against, _TARGET, runs, validate)
