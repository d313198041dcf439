"""Two catalogs compared offline say what a plan says where the first was applied."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from commetctl.catalog import Catalog, load_from
from commetctl.core.change import Change, Create, Delete, Update
from commetctl.core.contract import CONTRACTS
from commetctl.reading import reading_of
from commetctl.render.json_output import plan_document
from commetctl.render.text import plan_text
from commetctl.usecases.compare import compared
from drawing import as_yaml, catalogs
from harness import Shop

versions = st.sampled_from(sorted(CONTRACTS))
quick = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
long = settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))


def seen(changes: tuple[Change, ...]) -> dict[str, Any]:
    """Changes by their address, without the order among them, which is not the same where the account has its own."""
    return {str(change.address): _what(change) for change in changes}


def _what(change: Change) -> Any:
    match change:
        case Create(after):
            return ("create", dict(after.fields))
        case Update(fields=fields):
            return ("update", {item.path: (item.before, item.after) for item in fields})
        case Delete():
            return "delete"


def offline(folder: Path, text: str, name: str) -> Catalog:
    (folder / name).write_text(text, encoding="utf-8")
    return load_from(str(folder / name))


def agrees(version: str, first: dict[str, Any], then: dict[str, Any], *, prune: bool) -> None:
    """Apply one catalog and plan another; compare the two files; both say the same."""
    settings = {"api_version": version} | ({"price_scale": "rate"} if version == "2026-07-11" else {})
    before, after = as_yaml(first, **settings), as_yaml(then, **settings)
    note(before)
    note(after)
    with TemporaryDirectory() as name, Shop(Path(name), version) as shop:
        shop.make(before)
        live = shop.plan(after, prune=prune)
        folder = Path(name)
        old, new = offline(folder, before, "before.yaml"), offline(folder, after, "after.yaml")
        review = compared(old, new, prune=prune)
        assert seen(review.changeset.changes) == seen(live.changeset.changes)
        assert {b.change.address for b in review.changeset.blocked} == {
            b.change.address for b in live.changeset.blocked
        }
        assert review.effects == live.review.effects
        assert plan_text(reading_of(review), whole=True)
        assert plan_document(review, new.desired)["config_digest"] == live.document["config_digest"]


@given(versions, catalogs(), catalogs(), st.booleans())
@quick
def test_a_diff_says_what_a_plan_says(version: str, first: dict[str, Any], then: dict[str, Any], prune: bool) -> None:
    agrees(version, first, then, prune=prune)


@pytest.mark.proof
@given(versions, catalogs(), catalogs(), st.booleans())
@long
def test_a_diff_says_what_a_plan_says_at_length(
    version: str, first: dict[str, Any], then: dict[str, Any], prune: bool
) -> None:
    agrees(version, first, then, prune=prune)


PROTECTED = "version: 1\nplans: {pro: {name: Pro, lifecycle: {protect: true}}}\n"


def test_protection_that_goes_is_a_change_like_any_other(tmp_path: Path) -> None:
    old = offline(tmp_path, PROTECTED, "before.yaml")
    new = offline(tmp_path, PROTECTED.replace("true", "false"), "after.yaml")
    (change,) = compared(old, new).changeset.changes
    assert isinstance(change, Update)
    assert change.names == {"protect"}


def test_a_pack_is_found_by_its_id_and_by_its_earlier_name(tmp_path: Path) -> None:
    packs = "version: 1\ncredit_packs:\n  a: {name: One, credits: 1, price: 1, id: cpk_1}\n"
    packs += "  b: {name: Two, credits: 2, price: 2}\n"
    renamed = packs.replace("name: One", "name: First").replace("name: Two", "name: 2nd, previous_name: Two")
    old, new = offline(tmp_path, packs, "before.yaml"), offline(tmp_path, renamed, "after.yaml")
    review = compared(old, new)
    assert [str(change.address) for change in review.changeset.changes] == ["credit_pack.First", "credit_pack.2nd"]
    assert all(isinstance(change, Update) for change in review.changeset.changes)
    assert review.changeset.unmanaged == ()


def test_a_section_that_is_dropped_is_left_alone_and_said(tmp_path: Path) -> None:
    old = offline(tmp_path, PROTECTED + "features: {sso: {name: SSO, type: boolean}}\n", "before.yaml")
    review = compared(old, offline(tmp_path, PROTECTED, "after.yaml"))
    (notice,) = review.changeset.notices
    assert notice.code == "section_dropped"
    assert review.changeset.changes == ()
