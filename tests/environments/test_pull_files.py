"""Pulling into several files, and into the overlay of an environment: nothing is left to do, and nothing else moves."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commetctl.catalog import load
from commetctl.catalog.formatting import formatted
from commetctl.planning.reconcile import Options
from commetctl.usecases.pull import Pulled, pull
from commetctl.usecases.reading import read
from drawing import as_yaml, catalogs
from environments.files import split, written
from harness import Shop, compare
from pull.pulling import NEWER, opened

quick = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
long = settings(max_examples=1500, deadline=None)


def pulled(shop: Shop, main: Path, environment: str = "") -> Pulled:
    """What a pull makes of the files; it is written."""
    catalog = load(main, environment=environment)
    live, _ = read(catalog, shop.client(catalog))
    found = pull(catalog, live, proven=live.livemode)
    for file in found.changed:
        Path(file.name).write_bytes(file.after)
    return found


def settled(shop: Shop, main: Path, environment: str = "") -> None:
    """Nothing is left to do, and another pull changes no byte."""
    catalog = load(main, environment=environment)
    _, changeset = compare(catalog, shop.client(catalog), Options())
    assert (changeset.changes, changeset.blocked, changeset.unmanaged) == ((), (), ())
    assert pulled(shop, main, environment).changed == ()


def pulls_into_files(first: dict[str, Any], then: dict[str, Any], drawn: st.DataObject) -> None:
    with TemporaryDirectory() as folder, opened(NEWER) as shop:
        shop.make(as_yaml(then))
        main = written(Path(folder), split(first, lambda names: drawn.draw(st.sampled_from(names))))
        pulled(shop, main)
        settled(shop, main)


def pulls_into_overlays(base: dict[str, Any], accounts: list[dict[str, Any]]) -> None:
    """One account after the other into the same overlay: the base stays as it is."""
    with TemporaryDirectory() as folder:
        files = {"commet.yaml": as_yaml(base), "commet.here.yaml": "version: 1\n# here alone\n"}
        main = written(Path(folder), files)
        for account in accounts:
            with opened(NEWER) as shop:
                shop.make(as_yaml(account))
                pulled(shop, main, "here")
                settled(shop, main, "here")
        assert main.read_text("utf-8") == files["commet.yaml"]
        assert "# here alone" in (Path(folder) / "commet.here.yaml").read_text("utf-8")


@given(catalogs(), catalogs(), st.data())
@quick
def test_what_was_applied_is_pulled_into_several_files(
    first: dict[str, Any], then: dict[str, Any], drawn: st.DataObject
) -> None:
    pulls_into_files(first, then, drawn)


@given(catalogs(), st.lists(catalogs(), min_size=1, max_size=2))
@quick
def test_what_was_applied_is_pulled_into_an_overlay(base: dict[str, Any], accounts: list[dict[str, Any]]) -> None:
    pulls_into_overlays(base, accounts)


@pytest.mark.proof
@given(catalogs(), catalogs(), st.data())
@long
def test_what_was_applied_is_pulled_into_several_files_at_length(
    first: dict[str, Any], then: dict[str, Any], drawn: st.DataObject
) -> None:
    pulls_into_files(first, then, drawn)


@pytest.mark.proof
@given(catalogs(), st.lists(catalogs(), min_size=1, max_size=3))
@long
def test_what_was_applied_is_pulled_into_an_overlay_at_length(
    base: dict[str, Any], accounts: list[dict[str, Any]]
) -> None:
    pulls_into_overlays(base, accounts)


def test_an_overlay_gains_a_section_where_another_cannot_be_edited_at_once() -> None:
    half = {"percentage": {"percent": "50", "cycles": 1}}
    price = {"fixed_price": {"prices": {"eur": "10.55", "clp": "3020151"}}}
    less = {"amount_off": {"amounts": {"clp": "2160"}}}
    before = {"offers": {"launch": {"name": "Launch", "phases": [half, price]}}}
    after = {"offers": {"launch": {"name": "Launch", "phases": [less]}}}
    packs = {"credit_packs": {"huge": {"name": "Huge", "credits": 5, "price": "12.92"}}}
    nothing = {"version": 1, "credit_packs": {}, "offers": {}}
    pulls_into_overlays(nothing, [{"version": 1, **before}, {"version": 1, **packs, **after}])


FILES = {
    "commet.yaml": "version: 1   # the main file\ninclude: [features.yaml, plans/pro.yaml, plans/max.yaml]\n",
    "features.yaml": "version: 1\nfeatures:\n  sso: {name: SSO, type: boolean}   # for all\n",
    "plans/pro.yaml": "version: 1\nplans:\n  pro:   # first\n    name: Pro\n    prices: {monthly: {price: 49.00}}\n",
    "plans/max.yaml": "version: 1\nplans:\n  max:\n    name: Max\n    prices: {monthly: {price: 99.00}}\n",
}
LIVE = """\
version: 1
features:
  sso: {name: SSO, type: boolean}
  api: {name: API, type: boolean}
plans:
  pro: {name: Pro, prices: {monthly: {price: 59.00}}}
  mini: {name: Mini, prices: {monthly: {price: 9.00}}}
  max: {name: Max, prices: {monthly: {price: 99.00}}, features: {api: true}}
"""


def lines(found: Pulled, folder: Path) -> Mapping[str, list[str]]:
    """What changes in each file, without the lines around it."""
    return {
        file.name.replace(f"{folder}/", ""): [line for line in file.patch().split("\n")[2:] if line[:1] in ("+", "-")]
        for file in found.changed
    }


def test_an_object_stays_in_its_file_and_a_new_one_goes_behind_the_one_before_it(tmp_path: Path) -> None:
    main = written(tmp_path, FILES)
    with opened(NEWER) as shop:
        shop.make(LIVE)
        assert lines(pulled(shop, main), tmp_path) == {
            "features.yaml": ["+  api: {name: API, type: boolean}"],
            "plans/pro.yaml": [
                "-    prices: {monthly: {price: 49.00}}",
                "+    prices: {monthly: {price: 59.00}}",
                "+  mini:",
                "+    name: Mini",
                "+    prices:",
                "+      monthly: {price: 9.00}",
            ],
            "plans/max.yaml": ["+    features:", "+      api: true"],
        }


def test_what_an_environment_has_alone_goes_into_its_overlay(tmp_path: Path) -> None:
    overlay = "version: 1\nmode: sandbox\nplans:\n  pro: {prices: {monthly: {price: 51.00}}}   # tried here\n"
    main = written(tmp_path, FILES | {"commet.test.yaml": overlay})
    with opened(NEWER) as shop:
        shop.make(LIVE)
        assert lines(pulled(shop, main, "test"), tmp_path) == {
            "commet.test.yaml": [
                "-  pro: {prices: {monthly: {price: 51.00}}}   # tried here",
                "+  pro: {prices: {monthly: {price: 59.00}}}   # tried here",
                "+  mini:",
                "+    name: Mini",
                "+    prices:",
                "+      monthly: {price: 9.00}",
                "+  max:",
                "+    features:",
                "+      api: true",
                "+features:",
                "+  api: {name: API, type: boolean}",
            ]
        }
        settled(shop, main, "test")


@pytest.mark.parametrize("text", ["${COMMETCTL_VAR_x}", "a $${COMMETCTL_VAR_", "x\ny ${COMMETCTL_VAR_x}\nz"])
@pytest.mark.parametrize("before", ["", "'quoted'", '"quoted"', "plain"])
def test_what_looks_like_a_variable_in_commet_stays_text(text: str, before: str, tmp_path: Path) -> None:
    live = {"version": 1, "features": {"a": {"name": "A", "type": "usage", "description": text}}}
    main = tmp_path / "commet.yaml"
    with opened(NEWER) as shop:
        shop.make(as_yaml(live).replace("${", "$${"))
        old = "version: 1\nfeatures:\n  a:\n    name: A\n    type: usage\n" + (
            f"    description: {before}\n" if before else ""
        )
        main.write_text(old, encoding="utf-8")
        pulled(shop, main)
        assert [r.fields["description"] for r in load(main).desired.values()] == [text]
        settled(shop, main)


def test_a_variable_stays_where_what_it_holds_is_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMETCTL_VAR_price", "59.00")
    text = LIVE.replace("price: 59.00", "price: '${COMMETCTL_VAR_price}'")
    main = written(tmp_path, {"commet.yaml": text})
    with opened(NEWER) as shop:
        shop.make(LIVE)
        assert pulled(shop, main).changed == ()
        monkeypatch.setenv("COMMETCTL_VAR_price", "61.00")
        pulled(shop, main)
        assert main.read_text("utf-8") == LIVE.replace("price: 59.00", "price: '59.00'")


def test_a_file_that_is_in_form_stays_in_form(tmp_path: Path) -> None:
    main = written(
        tmp_path, {"commet.yaml": LIVE.replace("version: 1\n", "version: 1\n"), "commet.x.yaml": "version: 1\n"}
    )
    main.write_bytes(formatted("commet.yaml", LIVE.replace("59.00", "49").encode()))
    with opened(NEWER) as shop:
        shop.make(LIVE.replace("9.00", "8.50"))
        pulled(shop, main)
        assert formatted("commet.yaml", main.read_bytes()) == main.read_bytes()
        shop.apply(LIVE)
        pulled(shop, main, "x")
        overlay = tmp_path / "commet.x.yaml"
        assert b"price: 9.00" in overlay.read_bytes()
        assert formatted("x", overlay.read_bytes()) == overlay.read_bytes()
