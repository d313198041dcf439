"""`commetctl settle`: what is past is folded into the catalog, which means the same before and after."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from changes.dated import BASE, RAISED, WAS, change
from changes.test_dated_laws import Drawn, parted
from cli.running import Ended, run
from commetctl.catalog import load
from commetctl.catalog.loading import read
from commetctl.core.errors import InvalidCatalog
from commetctl.usecases.dated.contents import contents_of
from commetctl.usecases.dated.settle import settle as settled
from drawing import as_yaml
from environments.files import written

PAST = "effective: 2020-01-01"
COMMENTED = BASE.replace("  pro:\n", "  pro:  # the best\n").replace("49.00,", "49.00,  # says finance\n        ")


def settle(folder: Path, *words: str) -> Ended:
    return run(folder, "settle", *words, key=None)


def text(folder: Path, name: str = "commet.yaml") -> str:
    return (folder / name).read_text("utf-8")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "changes").iterdir())


def test_it_writes_the_catalog_and_deletes_the_change(tmp_path: Path) -> None:
    written(tmp_path, {"commet.yaml": COMMENTED, "changes/raise.yaml": change(f"{PAST}, {WAS}")})
    refused = settle(tmp_path)
    assert (refused.code, "no terminal to ask on" in refused.err) == (4, True)
    assert refused.out.endswith("delete changes/raise.yaml\n")
    assert (text(tmp_path), names(tmp_path)) == (COMMENTED, ["raise.yaml"])
    done = settle(tmp_path, "--yes")
    assert (done.code, done.out) == (0, "commet.yaml: written\nchanges/raise.yaml: deleted\n")
    assert (text(tmp_path), names(tmp_path)) == (COMMENTED.replace("49.00", "59.00"), [])
    assert run(tmp_path, "validate", "--strict", key=None).code == 0
    assert settle(tmp_path, "--yes").out == "nothing to settle: there are no changes\n"


def test_a_run_that_was_killed_before_it_deleted_is_finished_by_the_next(tmp_path: Path) -> None:
    folded = COMMENTED.replace("49.00", "59.00")
    written(tmp_path, {"commet.yaml": folded, "changes/raise.yaml": change(f"{PAST}, {WAS}")})
    assert settle(tmp_path, "--yes").out == "changes/raise.yaml: deleted\n"
    assert (text(tmp_path), names(tmp_path)) == (folded, [])


def test_a_run_of_several_that_was_killed_is_finished_by_the_next(tmp_path: Path) -> None:
    """None of them is in the catalog by itself: each overrules the one before."""
    again = "was: {plans.pro.prices.monthly: {price: 59.00}}"
    files = {
        "changes/b.yaml": change(f"effective: 2020-01-01, {WAS}"),
        "changes/a.yaml": change(f"effective: 2020-02-01, {again}", RAISED.replace("59.00", "69.00")),
    }
    folded = COMMENTED.replace("49.00", "69.00")
    written(tmp_path, {"commet.yaml": folded, **files})
    assert settle(tmp_path, "--yes").code == 0
    assert (text(tmp_path), names(tmp_path)) == (folded, [])


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    written(tmp_path, {"commet.yaml": COMMENTED, "changes/raise.yaml": change(PAST)})
    ended = settle(tmp_path, "--dry-run")
    assert (ended.code, "+      monthly: {price: 59.00,  # says finance" in ended.out) == (0, True)
    assert (text(tmp_path), names(tmp_path)) == (COMMENTED, ["raise.yaml"])


def test_a_change_that_is_to_come_stays_and_its_lock_still_fits(tmp_path: Path) -> None:
    later = change(
        "effective: 2999-01-01, was: {plans.pro.prices.monthly: {price: 59.00}}", RAISED.replace("59.00", "69.00")
    )
    files = {"changes/a.yaml": change(f"{PAST}, {WAS}"), "changes/b.yaml": later}
    written(tmp_path, {"commet.yaml": BASE, **files})
    ended = settle(tmp_path, "--yes", "--format", "json")
    assert ended.document["settled"] == {
        "settled": ["changes/a.yaml"],
        "files": ["commet.yaml"],
        "waiting": [{"file": "changes/b.yaml", "why": "is scheduled for 2999-01-01"}],
    }
    assert names(tmp_path) == ["b.yaml"]
    assert run(tmp_path, "validate", "--strict", key=None).code == 0


def test_it_is_past_once_it_is_past_in_every_environment(tmp_path: Path) -> None:
    overlays = {f"commet.{name}.yaml": "version: 1\n" for name in ("sandbox", "production", "old")}
    heads = {
        "a": "effective: {sandbox: now, production: 2999-01-01, old: now}",
        "b": "effective: {sandbox: now, production: 2020-01-01, old: now}",
        "c": "effective: {sandbox: now, production: 2020-01-01, old: never}",
    }
    contents = {"a": RAISED, "b": "plans: {pro: {name: Pro 2}}", "c": "plans: {pro: {description: For teams}}"}
    changes = {f"changes/{key}.yaml": change(heads[key], contents[key]) for key in heads}
    written(tmp_path, {"commet.yaml": BASE, **overlays, **changes})
    done = settle(tmp_path, "--yes")
    assert done.out.splitlines() == [
        "commet.yaml: written",
        "changes/b.yaml: deleted",
        "changes/a.yaml stays: it is scheduled for 2999-01-01 in production",
        "changes/c.yaml stays: it is never due in old",
    ]
    assert text(tmp_path) == BASE.replace("name: Pro\n", "name: Pro 2\n")


def test_only_those_that_are_named(tmp_path: Path) -> None:
    files = {"changes/a.yaml": change(PAST), "changes/b.yaml": change(PAST, "plans: {pro: {name: Pro 2}}")}
    written(tmp_path, {"commet.yaml": BASE, **files})
    assert settle(tmp_path, "changes/b.yaml", "--yes").code == 0
    assert names(tmp_path) == ["a.yaml"]
    wrong = settle(tmp_path, "commet.yaml", "--yes")
    assert (wrong.code, "commet.yaml is not a change of commet.yaml" in wrong.err) == (1, True)


def test_objects_go_where_they_belong(tmp_path: Path) -> None:
    more = "version: 1\nplans:\n  team:  # for five\n    name: Team\n    prices: {monthly: {price: 99.00}}\n"
    content = (
        "plans:\n  team: {prices: {monthly: {price: 109.00}}}\n  pro: {features: {sso: null}}\n"
        "  max: {name: Max, prices: {monthly: {price: 199.00}}}\nfeatures: {sso: null}\n"
        "credit_packs: {first: {name: First, credits: 10, price: 5.00}}"
    )
    files = {"commet.yaml": f"{BASE}include: [more.yaml]\n", "more.yaml": more}
    written(tmp_path, {**files, "changes/a.yaml": change(PAST, content)})
    assert settle(tmp_path, "--yes").code == 0
    assert "for five" in text(tmp_path, "more.yaml")
    assert "109.00" in text(tmp_path, "more.yaml")
    # As `pull` does, after the last one of its section.
    assert "max:" in text(tmp_path, "more.yaml")
    assert "first:" in text(tmp_path)
    assert "sso" not in text(tmp_path)
    assert sorted(map(str, load(tmp_path / "commet.yaml").desired)) == [
        "credit_pack.First",
        *("plan.max", "plan.pro", "plan.team"),
        *("plan_price.max/monthly", "plan_price.pro/monthly", "plan_price.team/monthly"),
        "regional_price.pro/monthly/eur",
    ]


def test_a_variable_stays_a_variable(tmp_path: Path) -> None:
    base = BASE.replace("name: Pro\n", 'name: Pro\n    description: "${COMMETCTL_VAR_words}"\n')
    priced = 'plans: {pro: {prices: {monthly: {price: "${COMMETCTL_VAR_price}"}}}}'
    written(tmp_path, {"commet.yaml": base, "changes/a.yaml": change(PAST, priced)})
    env = {"COMMETCTL_VAR_price": "59.00", "COMMETCTL_VAR_words": "x"}
    assert run(tmp_path, "settle", "--yes", key=None, env=env).code == 0
    assert '{price: "${COMMETCTL_VAR_price}", regional_prices' in text(tmp_path)
    assert 'description: "${COMMETCTL_VAR_words}"' in text(tmp_path)


def test_what_would_mean_something_else_is_refused(tmp_path: Path) -> None:
    """In sandbox the change to the name comes first; folded before it, the other one would win there."""
    first = "effective: {sandbox: 2020-01-01, production: 2999-01-01}"
    second = "effective: {sandbox: 2020-02-01, production: now}"
    over = {f"commet.{name}.yaml": "version: 1\n" for name in ("sandbox", "production")}
    one = change(first, "plans: {pro: {name: Pro A}}")
    two = change(second, "plans: {pro: {name: Pro B}}")
    files = {"commet.yaml": BASE, **over, "changes/a.yaml": one, "changes/b.yaml": two}
    written(tmp_path, files)
    ended = settle(tmp_path, "--yes")
    assert (ended.code, "the catalog would mean something else in sandbox, now" in ended.err) == (4, True)
    assert {name: text(tmp_path, name) for name in files} == files


def test_a_catalog_that_is_not_valid_is_not_touched(tmp_path: Path) -> None:
    files = {"commet.yaml": BASE, "changes/a.yaml": change(f"{PAST}, was: {{plans.pro.name: Po}}")}
    written(tmp_path, files)
    assert settle(tmp_path, "--yes").code == 3
    assert {name: text(tmp_path, name) for name in files} == files


def test_what_came_through_an_anchor_is_written_out_where_it_differs(tmp_path: Path) -> None:
    base = "version: 1\nplans: {pro: &x {name: Pro, prices: &p {monthly: {price: 49.00}}}, two: {<<: *x, name: Two}}\n"
    written(tmp_path, {"commet.yaml": base, "changes/a.yaml": change(PAST)})
    assert settle(tmp_path, "--yes").code == 0
    prices = {
        str(address): str(item.fields["price"])
        for address, item in load(tmp_path / "commet.yaml").desired.items()
        if "price" in item.fields
    }
    assert prices == {"plan_price.pro/monthly": "59.00 USD", "plan_price.two/monthly": "49.00 USD"}


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_ends_and_a_byte_order_mark_stay(tmp_path: Path, mark: str, newline: str) -> None:
    file = written(tmp_path, {"changes/a.yaml": change(PAST)})
    file.write_bytes((mark + BASE.replace("\n", newline)).encode())
    assert settle(tmp_path, "--yes").code == 0
    assert file.read_bytes() == (mark + BASE.replace("\n", newline).replace("49.00", "59.00")).encode()


def means_the_same(case: Drawn, ahead: int) -> bool:
    """Whether there was something to settle; and if so, that it means the same from then on, at any moment."""
    base, changes = case
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    with TemporaryDirectory() as name:
        files: dict[str, str] = {"commet.yaml": as_yaml(base)}
        for key, (day, content) in changes.items():
            date = f"{begin + timedelta(days=day + (365_000 if day >= ahead else 0)):%Y-%m-%d}"
            files[f"changes/{key}.yaml"] = as_yaml({"version": 1, "change": {"effective": date}, **content})
        note(str(files))
        main = written(Path(name), files)
        try:
            before = load(main)
        except InvalidCatalog:
            return False
        found = settled(main)
        after = read(found.contents.source)
        for moment in (before.moment, *(item.moment for item in before.coming)):
            assert after.as_of(moment).desired == before.as_of(moment).desired
        assert len(after.changes) == len(before.coming)
        assert contents_of(main).files == found.contents.before
        return bool(found.names)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=parted(), ahead=st.sampled_from([1, 2]))
def test_a_settled_catalog_means_the_same(case: Drawn, ahead: int) -> None:
    means_the_same(case, ahead)


@pytest.mark.proof
@settings(max_examples=800, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=parted(), ahead=st.sampled_from([1, 2]))
def test_settled_at_length(case: Drawn, ahead: int) -> None:
    means_the_same(case, ahead)


def test_the_law_is_about_catalogs_that_are_settled() -> None:
    found: list[bool] = []

    @settings(max_examples=20, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=parted())
    def draw(case: Any) -> None:
        found.append(means_the_same(case, 2))

    draw()
    assert found.count(True) > 4
