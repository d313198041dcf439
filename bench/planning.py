"""Planning ten thousand resources, against octoDNS planning ten thousand records."""

import json
from collections.abc import Iterator
from pathlib import Path

from bench import catalogs
from bench.measure import Command, commetctl, in_turn, updates
from bench.report import Result, timed
from bench.servers import LISTS, SUBSCRIPTIONS, VERSION, filled, recorded, replaying
from bench.setting import Setting

_HERE = Path(__file__).parent
_OCTODNS = _HERE.parent / ".bench/bin/octodns-sync"
_SIZE = 10_000
_CHANGES = 10
_CONFIG = """\
providers:
  source: {{class: octodns.provider.yaml.YamlProvider, directory: "{folder}", default_ttl: 3600}}
  target: {{class: bench.octodns_target.JsonProvider, file: "{folder}/target.json"}}
zones:
  example.com.: {{sources: [source], targets: [target]}}
"""


def results(setting: Setting) -> Iterator[Result]:
    """A plan with ten changes."""
    folder, plans = setting.folder, catalogs.plans_for(_SIZE)
    catalog = setting.file("commet.yaml", catalogs.catalog(plans))
    raised = setting.file("raised.yaml", catalogs.raised(catalog.read_text("utf-8"), _CHANGES))
    lists = [(VERSION, path) for path in LISTS]
    read = recorded(filled(catalog), [*lists, (VERSION, SUBSCRIPTIONS)])
    what, against = "`plan`, 10,000 resources", "octoDNS"
    with replaying(read) as url:
        ours = commetctl(folder, "plan", "-f", str(raised), url=url, says=updates(_CHANGES))
        if _OCTODNS.exists():
            runs, theirs = in_turn([ours, _octodns(folder)], setting.rounds(7, 2))
            yield timed("planning.octodns", what, against, 0.3, runs, theirs)
        else:
            yield Result("planning.octodns", what, against, 0.3, missing="octoDNS is missing: `make bench` installs it")


def _octodns(folder: Path) -> Command:
    """A dry run: the zone is read as YAML, what is served as JSON, and ten records differ."""
    addresses = [f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}" for n in range(_SIZE)]
    lines = [f"host{n:05}: {{ttl: 300, type: A, value: {address}}}" for n, address in enumerate(addresses)]
    (folder / "example.com.yaml").write_text("---\n" + "\n".join(lines) + "\n", "utf-8")
    addresses[:: _SIZE // _CHANGES] = ["192.0.2.1"] * _CHANGES
    rows = [{"name": f"host{n:05}", "type": "A", "ttl": 300, "value": value} for n, value in enumerate(addresses)]
    (folder / "target.json").write_text(json.dumps(rows), "utf-8")
    config = folder / "octodns.yaml"
    config.write_text(_CONFIG.format(folder=folder), "utf-8")
    words = (str(_OCTODNS), "--config-file", str(config))
    return Command(words, folder, {"PYTHONPATH": str(_HERE.parent)}, says=f"Updates={_CHANGES}")
