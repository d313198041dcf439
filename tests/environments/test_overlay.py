"""Overlays: what an environment changes, by the rules of RFC 7396, with every place in the file that says it."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commetctl.catalog import load
from commetctl.catalog.assembly import assemble
from commetctl.catalog.source import TextSource
from commetctl.core.errors import CommetctlError
from commetctl.review.lint import lint
from commetctl.usecases.compare import compared
from drawing import as_yaml, catalogs
from environments.files import loaded, told, written

BASE = """\
version: 1
mode: sandbox
features:
  sso: {name: SSO, type: boolean}
plans:
  pro:
    name: Pro
    prices:
      monthly: {price: 49.00, regional_prices: {eur: 45.00}}
    features: {sso: true}
credit_packs:
  starter: {name: Starter, credits: 100, price: 10.00}
"""
LIVE = """\
version: 1
mode: live
plans:
  pro:
    prices:
      monthly:
        price: 59.00
credit_packs:
  starter: null
"""


def overlaid(folder: Path, overlay: str, base: str = BASE) -> list[str]:
    return told(folder, {"commet.yaml": base, "commet.live.yaml": f"version: 1\n{overlay}"}, "live")


def test_it_says_what_is_different(tmp_path: Path) -> None:
    catalog = loaded(tmp_path, {"commet.yaml": BASE, "commet.live.yaml": LIVE}, "live")
    places = {str(r.address): str(r.origin).replace(f"{tmp_path}/", "") for r in catalog.desired.values()}
    assert places == {
        "feature.sso": "commet.yaml:4:3",
        "plan.pro": "commet.yaml:6:3",
        "plan_price.pro/monthly": "commet.live.yaml:6:7",
        "regional_price.pro/monthly/eur": "commet.yaml:9:49",
        "plan_feature.pro/sso": "commet.yaml:10:16",
    }
    assert (catalog.mode, catalog.environment) == ("live", "live")
    prices = [str(r.fields["price"]) for r in catalog.desired.values() if "price" in r.fields]
    assert prices == ["59.00 USD", "45.00 EUR"]
    assert load(tmp_path / "commet.yaml").mode == "sandbox"


def merge_patch(target: Any, patch: Any) -> Any:
    """The pseudo code of RFC 7396, section 2."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merge_patch(result.get(name), value)
    return result


def without_nulls_for_nothing(patch: Any, target: Any) -> Any:
    """A patch that takes away only what is there: anything else is an error, which has tests of its own."""
    if not isinstance(patch, dict):
        return patch
    inside = target if isinstance(target, dict) else {}
    return {
        key: without_nulls_for_nothing(value, inside.get(key))
        for key, value in patch.items()
        if value is not None or inside.get(key) is not None
    }


def thinned(value: Any, drawn: st.DataObject) -> Any:
    """A part of a catalog, with nulls in it."""
    if not isinstance(value, dict):
        return drawn.draw(st.sampled_from([value, None]))
    return {key: thinned(item, drawn) for key, item in value.items() if drawn.draw(st.booleans())}


@settings(max_examples=40, deadline=None)
@given(base=catalogs(), other=catalogs(), drawn=st.data())
def test_it_is_merged_as_the_rfc_says(base: dict[str, Any], other: dict[str, Any], drawn: st.DataObject) -> None:
    patch = without_nulls_for_nothing({**thinned(other, drawn), "version": 1}, base)
    contents = {"commet.yaml": as_yaml(base).encode(), "commet.x.yaml": as_yaml(patch).encode()}
    found = assemble(TextSource("commet.yaml", contents), "x")
    expected = merge_patch(base, patch)
    once = assemble(TextSource("one.yaml", {"one.yaml": as_yaml(expected).encode()}))
    # Where a key is of no more than nothing, nothing is there.
    assert (pruned(found.document.data), found.document.problems) == (pruned(once.document.data), [])
    assert set(found.document.keys) == set(places(found.document.data))


def pruned(value: Any) -> Any:
    return {key: pruned(item) for key, item in value.items() if item is not None} if isinstance(value, dict) else value


def places(data: Any, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if isinstance(data, list):
        return [place for index, value in enumerate(data) for place in places(value, (*above, str(index)))]
    if not isinstance(data, dict):
        return []
    return [place for key, value in data.items() for place in ((*above, key), *places(value, (*above, key)))]


@pytest.mark.parametrize(
    ("overlay", "lines"),
    [
        (
            "plans: {pro: {prices: {monthly: {price: 59.001}}}}",
            ["commet.live.yaml:2:41: plan_price.pro/monthly: `price`: an amount in USD has at most 2 digits after"],
        ),
        ("plans: {pro: {nmae: x}}", ["commet.live.yaml:2:15: plan.pro: `nmae` is not a known key"]),
        ("plans: {max: {description: New}}", ["commet.live.yaml:2:9: plan.max: `name` is required"]),
        (
            "plans:\n  pro:\n",
            [
                "commet.live.yaml:3:3: nothing is written after `plans.pro`",
                "  hint: write `null` to remove it, `{}` to leave it unchanged, or remove the key",
            ],
        ),
        (
            "plans: {prro: null}",
            ["commet.live.yaml:2:9: `plans.prro` is not in commet.yaml, so there is nothing to remove"],
        ),
        ("include: [a.yaml]", ["commet.live.yaml:2:1: `include` cannot be here: it belongs in "]),
        ("bogus: 1", ["commet.live.yaml:2:1: `bogus` is not a known key"]),
        ("mode: bogus", ["commet.live.yaml:2:7: `mode` must be one of: sandbox, live"]),
        ("plans: []", ["commet.live.yaml:2:8: `plans` must be a mapping of keys to values"]),
        (
            "features: {sso: null}",
            ["commet.yaml:10:16: plan_feature.pro/sso: `sso` is not declared under `features:`"],
        ),
    ],
)
def test_each_problem_is_told_where_it_is(overlay: str, lines: list[str], tmp_path: Path) -> None:
    found = overlaid(tmp_path, overlay)
    for said, line in zip(found, lines, strict=False):
        assert said.startswith(line), found
    assert found


def test_nothing_in_it_changes_nothing(tmp_path: Path) -> None:
    assert overlaid(tmp_path, "plans: {pro: {}}\ncredit_packs: {}") == []
    assert dict(load(tmp_path / "commet.yaml", environment="live").desired) == dict(
        load(tmp_path / "commet.yaml").desired
    )


def test_an_environment_that_nobody_declared_is_an_error(tmp_path: Path) -> None:
    main = written(tmp_path, {"commet.yaml": BASE, "commet.live.yaml": LIVE, "commet.de-v2.yaml": "version: 1\n"})
    with pytest.raises(CommetctlError) as error:
        load(main, environment="liev")
    assert error.value.code == "unknown_environment"
    assert error.value.hint.startswith("there are: de-v2, live; to create it")


def test_a_warning_is_silenced_from_either_file(tmp_path: Path) -> None:
    """Each points to the file that says it."""
    base = BASE.replace("49.00, ", "49.03, ")
    files = {"commet.yaml": base, "commet.live.yaml": LIVE.replace("59.00", "59.03")}
    (problem,) = lint(loaded(tmp_path, files, "live"))
    assert (problem.code, str(problem.origin)) == ("odd_cents", f"{tmp_path}/commet.live.yaml:7:16")
    files["commet.live.yaml"] = files["commet.live.yaml"].replace(
        "59.03", "59.03  # commetctl: ignore=odd_cents agreed"
    )
    assert lint(loaded(tmp_path, files, "live")) == []


def test_merging_leaves_the_files_themselves_alone(tmp_path: Path) -> None:
    main = written(tmp_path, {"commet.yaml": BASE, "commet.live.yaml": LIVE})
    assembly = load(main, environment="live").assembly
    for part in assembly.parts:
        again = assemble(TextSource(part.name, {part.name: part.content}))
        assert part.document.data == again.document.data
    assert deepcopy(assembly.shared) == assembly.parts[0].document.data


@pytest.mark.parametrize(
    ("base", "overlay", "merged"),
    [
        ("sso: false", "sso: {lifecycle: {protect: true}}", {"enabled": False, "lifecycle": {"protect": True}}),
        ("sso: true", "sso: {included_amount: 5}", {"enabled": True, "included_amount": 5}),
        ("sso: unlimited", "sso: {unlimited: false}", {"unlimited": False}),
        ("sso: {included_amount: 5}", "sso: unlimited", "unlimited"),
    ],
)
def test_a_long_form_is_merged_with_what_a_short_one_stands_for(base: str, overlay: str, merged: object) -> None:
    """Or what is off would be switched on by something else that is said of it."""
    texts = {"commet.yaml": base, "commet.x.yaml": overlay}
    contents = {
        name: f"version: 1\nplans: {{pro: {{features: {{{text}}}}}}}\n".encode() for name, text in texts.items()
    }
    assert assemble(TextSource("commet.yaml", contents), "x").document.data["plans"]["pro"]["features"]["sso"] == merged


def test_an_amount_in_a_long_form_keeps_what_else_is_there() -> None:
    prices = ["{eur: 45.00}", "{eur: {included_balance: 20.00}}"]
    texts = [
        f"version: 1\nplans: {{p: {{prices: {{monthly: {{regional_prices: {text}}}}}}}}}\n".encode() for text in prices
    ]
    found = assemble(TextSource("commet.yaml", dict(zip(["commet.yaml", "commet.x.yaml"], texts, strict=True))), "x")
    price = found.document.data["plans"]["p"]["prices"]["monthly"]["regional_prices"]["eur"]
    assert {key: str(value) for key, value in price.items()} == {"price": "45.00", "included_balance": "20.00"}


@pytest.mark.parametrize(
    ("overlay", "line"),
    [
        (
            "plans: {pro: {features: {sso: {enabled: }}}}",
            "2:32: nothing is written after `plans.pro.features.sso.enabled`",
        ),
        (
            "policy: {max_deletes: null}",
            "2:10: `policy.max_deletes` is not in commet.yaml, so there is nothing to remove",
        ),
        ("plans:\n  pro: &y\n  # prices: {}", "3:3: nothing is written after `plans.pro`"),
        ("plans: {max: {name: Max, prices: }}", "2:26: nothing is written after `plans.max.prices`"),
    ],
)
def test_nothing_is_an_error_at_any_depth(overlay: str, line: str, tmp_path: Path) -> None:
    found = overlaid(tmp_path, overlay)
    assert found[0] == f"commet.live.yaml:{line}"


@pytest.mark.parametrize(
    ("overlay", "place"),
    [
        ("plans: {pro: {metadata: {tier: gold}}}", "plan.pro commet.live.yaml:2:9"),
        ("plans: {pro: {lifecycle: {protect: true}}}", "plan.pro commet.live.yaml:2:9"),
        ("plans: {pro: {prices: {monthly: {price: 1.00}}}}", "plan.pro commet.yaml:6:3"),
        ("plans: {pro: {features: {sso: {lifecycle: {protect: true}}}}}", "plan_feature.pro/sso commet.live.yaml:2:26"),
        ("plans: {pro: {prices: {monthly: {regional_prices: {eur: 1.00}}}}}", "plan_price.pro/monthly commet.yaml:9:7"),
    ],
)
def test_an_object_is_where_something_is_said_of_it_itself(overlay: str, place: str, tmp_path: Path) -> None:
    files = {"commet.yaml": BASE, "commet.live.yaml": f"version: 1\n{overlay}\n"}
    found = loaded(tmp_path, files, "live").desired
    places = [f"{r.address} {r.origin}".replace(f"{tmp_path}/", "") for r in found.values()]
    assert place in places


def test_what_is_the_same_without_the_overlay_is_warned_of(tmp_path: Path) -> None:
    overlay = "plans: {pro: {name: Pro, prices: {monthly: {price: 49.00}}, features: {sso: true}}}"
    files = {"commet.yaml": BASE, "commet.live.yaml": f"version: 1\nmode: sandbox\n{overlay}\n"}
    found = lint(loaded(tmp_path, files, "live"))
    assert [(problem.code, str(problem.origin).replace(f"{tmp_path}/", "")) for problem in found] == [
        ("overlay_repeats", "commet.live.yaml:3:21"),
        ("overlay_repeats", "commet.live.yaml:3:52"),
        ("overlay_repeats", "commet.live.yaml:3:77"),
    ]
    silenced = overlay + " # commetctl: ignore=overlay_repeats on purpose"
    files["commet.live.yaml"] = f"version: 1\n{silenced}\n"
    assert lint(loaded(tmp_path, files, "live")) == []
    assert lint(loaded(tmp_path, files)) == []


def test_what_changes_for_all_and_not_here_is_said(tmp_path: Path) -> None:
    """Or who raises a price for all believes that it is raised in production too."""
    before = loaded(tmp_path, {"commet.yaml": BASE, "commet.live.yaml": LIVE}, "live")
    dearer = BASE.replace("49.00", "54.00").replace("name: SSO", "name: Single sign-on")
    after = loaded(tmp_path, {"commet.yaml": dearer}, "live")
    (notice,) = compared(before, after).changeset.notices
    said = notice.message.replace(f"{tmp_path}/", "")
    assert (notice.code, said) == (
        "shadowed",
        "`plans.pro.prices.monthly.price` was 49.00 in commet.yaml and is now 54.00, but commet.live.yaml keeps 59.00",
    )
    assert compared(before, before).changeset.notices == ()


def test_the_file_that_says_it_for_all_is_named(tmp_path: Path) -> None:
    sso = "version: 1\nfeatures:\n  sso: {name: SSO, type: boolean}\n"
    overlay = "version: 1\nfeatures: {sso: {name: SSO}}\n"
    files = {"commet.yaml": "version: 1\ninclude: [a.yaml]\n", "a.yaml": sso, "commet.live.yaml": overlay}
    before = loaded(tmp_path, files, "live")
    (problem,) = lint(before)
    assert "repeats the value in a.yaml, so a later change" in problem.message.replace(f"{tmp_path}/", "")
    after = loaded(tmp_path, {"a.yaml": sso.replace("SSO", "Sign-on")}, "live")
    (notice,) = compared(before, after).changeset.notices
    assert "was SSO in a.yaml and is now Sign-on" in notice.message.replace(f"{tmp_path}/", "")
