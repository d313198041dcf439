"""Every kind of change, with a date: `apply --due` leaves the account as the settled file would, and nothing else."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from commetctl.apply.journal import Journals
from commetctl.catalog import load
from commetctl.core import exits
from commetctl.core.snapshot import snapshot
from commetctl.usecases.apply import Apply
from commetctl.usecases.conclusion import Conclusion
from commetctl.usecases.plan import Prepared, prepare
from commetctl.usecases.reading import read
from commetctl.usecases.wanted import Wanted
from effect_cases import CASES, Case
from harness import Recording, Shop, Unkept

#: An edit of the catalog without a date, which is not applied yet.
_EDITED = "\nfeatures: {"
_PENDING = "\nfeatures: {later: {name: Later, type: boolean}, "


def distinct() -> list[Case]:
    """The edits of the effects table, each once: several cases say more of one edit."""
    found: dict[tuple[str, str, str], Case] = {}
    for case in CASES:
        if not case.replaced and "2026-08-27" in case.versions:
            found.setdefault((case.before, case.after, case.address), case)
    return list(found.values())


def data(text: str) -> dict[str, Any]:
    """A catalog as plain data, scalars as they are written."""
    loaded = YAML(typ="rt").load(text)
    return dict(loaded)


def patch(before: Any, after: Any) -> Any:
    """What is laid over one value to make another of it, by RFC 7396; the value itself where that is not a mapping."""
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return after
    same = {key for key in before.keys() & after.keys() if before[key] == after[key]}
    over = {key: patch(before.get(key), value) for key, value in after.items() if key not in same}
    return over | {key: None for key in before if key not in after}


class World:
    """A folder with a catalog and its dated changes, beside an account."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.file = shop, shop.folder / "commet.yaml"

    def write(self, text: str, **changes: str) -> None:
        """The main file, and the files of dated changes."""
        self.file.write_text(text, "utf-8")
        (self.shop.folder / "changes").mkdir(exist_ok=True)
        for name, content in changes.items():
            (self.shop.folder / "changes" / f"{name}.yaml").write_text(content, "utf-8")

    def prepared(self, *, due: bool = False) -> Prepared:
        """What is to be done, or only what is due."""
        catalog = load(self.file, "2026-08-27")
        wanted = Wanted(self.file, "", None, (), prune=False, allow_live=False, allow=(), allow_delete=(), impact=False)
        wanted = Wanted(**{**vars(wanted), "due": due})
        journals: Journals = Unkept(Path())
        return prepare(catalog, self.shop.account, self.shop.client(catalog), wanted, journals)

    def apply(self, prepared: Prepared) -> Conclusion:
        """Carry it out, whatever guards say."""
        client = self.shop.client(prepared.catalog)
        return Apply(prepared, client, Unkept(Path()), Recording()).carry_out()


def change(before: str, after: str) -> str:
    """The file of a dated change that makes one catalog of another, due since long ago."""
    over = patch(data(before), data(after))
    lines = ["version: 1", "change: {effective: 2020-01-01, allow: [price_change, updates, deletes, scale]}"]
    return "\n".join([*lines, *(f"{key}: {flow(value)}" for key, value in over.items() if key != "version")]) + "\n"


def flow(value: Any) -> str:
    """A value in flow style, scalars in the words of the file."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


@pytest.mark.parametrize("case", distinct(), ids=lambda case: f"{case.address}-{case.field}")
def test_what_is_due_is_made_and_nothing_else(case: Case, tmp_path: Path) -> None:
    plain, dated = tmp_path / "plain", tmp_path / "dated"
    plain.mkdir()
    dated.mkdir()
    with Shop(plain) as one, Shop(dated) as other:
        for shop in (one, other):
            shop.found(case.before)
        world = World(other)
        if one.plan(case.after).changeset.blocked:
            # The API cannot make this edit, with a date or without.
            world.write(case.before, edit=change(case.before, case.after))
            assert world.prepared(due=True).changeset.blocked
            return
        one.apply(case.after)
        pending = case.before.replace(_EDITED, _PENDING)
        # `null` for what is not there would be an error of its own.
        world.write(pending, edit=change(case.before, case.after))
        prepared = world.prepared(due=True)
        if prepared.held:
            # Commet does not list an inactive pack: only a whole apply can bring it back.
            assert [held.code for held in prepared.held] == ["due_missing"]
            assert case.address.startswith("credit_pack.")
            assert "is_active: false" in case.before
            return
        done = world.apply(prepared)
        assert done.exit_code == exits.DONE, done.errors
        left = {str(item.address) for item in world.prepared().changeset.changes}
        assert left == ({"feature.later"} if pending != case.before else set())
        assert not world.prepared(due=True).changeset.changes
        catalog = one.load(case.after)
        expected, found = (read(catalog, shop.client(catalog))[0].resources for shop in (one, other))
        assert snapshot(found) == snapshot(expected)
