"""Pulls in a shop: the account as it is, into nothing or into a text."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from commetctl.catalog import Catalog
from commetctl.catalog.loading import parse
from commetctl.planning.reconcile import Options
from commetctl.usecases.pull import Pulled, nothing, pull
from commetctl.usecases.reading import read
from harness import Planned, Shop, compare, planned_of

NEWER, OLDER = "2026-08-27", "2026-07-11"


def pulled(shop: Shop, text: str | None = None, *targets: Any) -> Pulled:
    """What pulling would write, into a text or into a new file."""
    content = None if text is None else text.encode()
    catalog: Catalog = (
        nothing("commet.yaml", shop.version) if content is None else parse("commet.yaml", content, shop.version)
    )
    live, _ = read(catalog, shop.client(catalog))
    return pull(catalog, live, proven=live.livemode, targets=targets, new=content is None)


def text_of(result: Pulled) -> str:
    """The text after a pull."""
    return result.main.after.decode()


def settled(shop: Shop, text: str) -> None:
    """Nothing is left to do for a text, and pulling into it again changes no byte."""
    planned = shop.plan(text)
    assert planned.actions == [], text
    assert planned.changeset.unmanaged == ()
    again = pulled(shop, text)
    assert again.main.after == text.encode()
    assert again.changes == ()


def planned(shop: Shop, content: bytes) -> Planned:
    """What `plan` makes of a content, byte for byte."""
    catalog = parse("commet.yaml", content, shop.version)
    world, changeset = compare(catalog, shop.client(catalog), Options())
    return planned_of(catalog, world.live, changeset)


def plan_of(shop: Shop, content: bytes) -> list[str]:
    """The same as signs and addresses."""
    return planned(shop, content).actions


def opened(version: str) -> "Opened":
    """A shop in a folder of its own."""
    return Opened(version)


class Opened:
    """A shop that takes its folder along."""

    def __init__(self, version: str) -> None:
        self._folder = TemporaryDirectory()
        self._shop = Shop(Path(self._folder.name), version)

    def __enter__(self) -> Shop:
        return self._shop.__enter__()

    def __exit__(self, *error: Any) -> None:
        self._shop.__exit__(*error)
        self._folder.cleanup()
