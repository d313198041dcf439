"""What two runs reported that raced each other, held against each other and against what became of the account."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cli.running import KEY, Ended
from commetctl.api.client import Client
from commetctl.api.connection import Connection
from commetctl.api.pacing import Governor
from commetctl.catalog import Catalog, load
from commetctl.core.snapshot import Snapshot, snapshot
from commetctl.planning.reconcile import Options
from harness import compare


@dataclass
class Racer:
    """One of two runs: its folder, and how it ended."""

    folder: Path
    before: Snapshot
    ended: Ended

    @cached_property
    def document(self) -> dict[str, Any]:
        return self.ended.document

    @cached_property
    def wanted(self) -> Snapshot:
        """Every object as the file has it."""
        return named(snapshot(catalog_in(self.folder).desired))

    @cached_property
    def changes(self) -> dict[str, dict[str, Any]]:
        return {change["address"].lower(): change for change in self.document.get("plan", {"changes": []})["changes"]}

    @cached_property
    def outcomes(self) -> dict[str, str]:
        """Address to `applied`, `failed` or `skipped`; nothing from a run that was refused."""
        return {item["address"].lower(): item["outcome"] for item in self.document.get("outcomes", [])}

    @cached_property
    def touched(self) -> set[str]:
        """What the run says it changed or tried to, with the parts of them."""
        tried = {address for address, outcome in self.outcomes.items() if outcome != "skipped"}
        return tried | {along.lower() for address in tried for along in self.changes.get(address, {}).get("along", ())}

    def touches(self, address: str, field: str) -> bool:
        """Whether what the run did may have changed a field: of the object, or of what it belongs to."""
        kind, _, key = address.partition(".")
        parts = key.split("/")
        above = {f"plan.{parts[0]}", f"plan_price.{'/'.join(parts[:2])}", f"plan_feature.{'/'.join(parts[:2])}"}
        if {address, *(above if kind.startswith("plan") else ())} & self.touched:
            return True
        # These are written together, all of a price or of a feature in one request.
        if kind.startswith("regional_") and any(
            other.startswith(f"{kind}.{parts[0]}/{parts[1]}/") for other in self.touched
        ):
            return True
        # To make one price the default makes another one not.
        prices = f"plan_price.{parts[0]}/"
        return field == "is_default" and any(other.startswith(prices) for other in self.touched)

    def is_consistent(self) -> bool:
        """Whether the exit code says what the outcomes say."""
        told = set(self.outcomes.values())
        match self.ended.code:
            case 0:
                return told <= {"applied"} and set(self.outcomes) == set(self.changes)
            case 1:
                return "applied" not in told and bool(self.ended.errors)
            case 4:
                return not told and bool(self.ended.errors)
            case 5:
                partly = "failed" in told and "partly_applied" in self.ended.errors
                # Or what the other run did in between was found when the account was read back.
                return partly or "changed_beside" in self.ended.errors
            case _:
                return False


def seen(folder: Path, url: str, *, prune: bool) -> tuple[Snapshot, list[str]]:
    """The account as the file in a folder sees it, and the addresses at which something is left to do."""
    catalog = catalog_in(folder)
    connection = Connection(url, KEY)
    client = Client(connection, catalog.contract, governor=Governor(1))
    try:
        world, changeset = compare(catalog, client, Options(prune))
    finally:
        client.close()
    left = [*changeset.changes, *(item.change for item in changeset.blocked)]
    return named(snapshot(world.live.resources)), [str(change.address) for change in left]


def named(found: Snapshot) -> Snapshot:
    """A pack goes by its key where the file has it and by its name where not; here both are the same but for case."""
    return {address.lower(): fields for address, fields in found.items()}


def catalog_in(folder: Path) -> Catalog:
    return load(folder / "commet.yaml", None)


def lies(racer: Racer, other: Racer, final: Snapshot) -> Iterator[str]:
    """What a run says it applied, is not so, and was not changed by the other one."""
    for address, outcome in racer.outcomes.items():
        if outcome != "applied":
            continue
        now = final.get(address)
        for field, value in _promised(racer, address):
            if (now or {}).get(field) != value and not other.touches(address, field):
                yield f"{address} `{field}` should be {value} and is {now}"


def _promised(racer: Racer, address: str) -> Iterator[tuple[str, str | None]]:
    change = racer.changes[address]
    names = {item["path"].partition(".")[0] for item in change["fields"]}
    if change["action"] == "delete":
        names = set(racer.before.get(address, {}))
    for name in sorted(names):
        yield name, None if change["action"] == "delete" else racer.wanted[address].get(name)


def unexplained(racers: tuple[Racer, Racer], before: Snapshot, final: Snapshot) -> Iterator[str]:
    """What is neither as it was nor as a file has it whose run says that it changed it."""
    for address in sorted({*before, *final}):
        was, now = before.get(address, {}), final.get(address, {})
        for field in sorted({*was, *now}):
            if was.get(field) != now.get(field) and not any(
                _explains(racer, address, field, now.get(field)) for racer in racers
            ):
                yield f"{address} `{field}` was {was.get(field)} and is {now.get(field)}, which nobody reported"


def _explains(racer: Racer, address: str, field: str, value: str | None) -> bool:
    wanted: Mapping[str, str] = racer.wanted.get(address, {})
    # What a failure left half done may be at its way stop: cleared, or not remembered any more.
    halfway = racer.outcomes.get(address) == "failed" and value in (None, "null", "unknown")
    return racer.touches(address, field) and (wanted.get(field) == value or halfway)
