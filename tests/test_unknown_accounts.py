"""Accounts with what this version does not know: it is told and kept, and everything else goes on."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, note, settings
from hypothesis import strategies as st

from commetctl.core.change import Create, Delete
from commetctl.core.contract import CONTRACTS
from commetctl.core.errors import CommetctlError, Refused, Unreachable
from commetctl.reading import reading_of
from commetctl.render.markdown import plan_markdown
from commetctl.render.text import plan_text
from commetctl.usecases.pull import nothing, pull
from commetctl.usecases.reading import read
from drawing_accounts import Edit, Edited, edits
from harness import Planned, Shop

MONTHLY = "monthly: {price: 49, is_default: true, trial_days: 3, regional_prices: {eur: 45, brl: 249}}"
YAML = """\
version: 1
features:
  calls: {name: Calls, type: usage}
  sso: {name: SSO, type: boolean}
plans:
  pro:
    name: Pro
    consumption_model: metered
    metadata: {tier: "2", "a.b": 1, __mine: true}
    exchange_rates: {brl: 5.2}
    prices:
      MONTHLY
      yearly: {price: 490}
    features:
      calls: {included_amount: 10, overage: {unit_price: 0.002, regional_prices: {brl: 0.011}}}
      sso: true
  basic: {name: Basic, is_free: true, features: {sso: false}}
credit_packs:
  small: {name: Small, credits: 1, price: 1}
""".replace("MONTHLY", MONTHLY)
EMPTY = "version: 1\nfeatures: {}\nplans: {}\ncredit_packs: {}\n"


@contextmanager
def edited(shop: Shop, *wanted: Edit) -> Iterator[Edited]:
    """The shop, with its lists edited for a while."""
    inner = shop.recorder.inner
    transport = Edited(inner, wanted)
    shop.recorder.inner = transport
    try:
        yield transport
    finally:
        shop.recorder.inner = inner


def all_texts(planned: Planned) -> str:
    return (
        plan_text(reading_of(planned.review), whole=True)
        + plan_markdown(reading_of(planned.review))
        + json.dumps(planned.document)
    )


def holds(shop: Shop, wanted: list[Edit]) -> None:
    """Nothing is created or deleted because of an edit, none goes unsaid, and what it is about is not pruned."""
    with edited(shop, *wanted) as account:
        try:
            planned = shop.plan(YAML)
        except CommetctlError as error:
            event(f"error {error.code}")
            return
        note(str(planned.actions))
        assert not [c for c in planned.changeset.changes if isinstance(c, Create | Delete)], account.done
        if not planned.actions:
            assert planned.changeset.notices or not account.done, account.done
        assert all_texts(planned)
        pruned = shop.plan(EMPTY, prune=True)
        assert all_texts(pruned)
        gone = {str(c.address).partition(".")[2] for c in pruned.changeset.changes if isinstance(c, Delete)}
        assert not gone & {key for edit, key in account.done if edit.kept}, (gone, account.done)
        pull_somehow(shop)


def pull_somehow(shop: Shop) -> None:
    catalog = nothing("commet.yaml", shop.version)
    live, _ = read(catalog, shop.client(catalog))
    try:
        found = pull(catalog, live, proven=live.livemode, new=True)
    except Refused as error:
        assert error.code == "not_sayable"  # noqa: PT017  (a refusal is one of two right answers)
        return
    assert found.main.after


quick = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
long = settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def shops() -> Iterator[dict[str, Shop]]:
    """An account in each version, made once: nothing here writes."""
    with TemporaryDirectory() as folder:
        made = {version: Shop(Path(folder), version) for version in CONTRACTS}
        for shop in made.values():
            shop.__enter__()
            shop.make(YAML)
        yield made
        for shop in made.values():
            shop.app.close()


versions = st.sampled_from(sorted(CONTRACTS))


@given(version=versions, wanted=edits())
@quick
def test_what_is_not_understood_is_told_and_kept(shops: dict[str, Shop], version: str, wanted: list[Edit]) -> None:
    holds(shops[version], wanted)


@pytest.mark.proof
@given(version=versions, wanted=edits())
@long
def test_what_is_not_understood_is_told_and_kept_at_length(
    shops: dict[str, Shop], version: str, wanted: list[Edit]
) -> None:
    holds(shops[version], wanted)


def put(where: str, value: Any, *, name: str = "put", part: int = 0) -> Edit:
    return Edit(name, where, 0, part, value)


#: An edit, and what a plan of the same file says of it.
BLOCKED: dict[str, tuple[Edit, str]] = {
    "two prices": (put("plans", None, name="two prices"), "! plan_price.pro/monthly"),
    "two features of a plan": (put("plans", None, name="two features"), "! plan_feature.pro/calls"),
    "two rates": (put("plans", None, name="two rates"), "! exchange_rate.pro/brl"),
    "two packs": (put("credit-packs", None, name="twice"), "! credit_pack.Small"),
    "two features": (put("features", None, name="twice"), "! feature.calls"),
    "two plans": (put("plans", None, name="twice"), "! plan.pro"),
    "a currency in other letters": (put("plans", None, name="regional"), "! regional_price.pro/monthly/eur"),
    "no prices": (put("plans", {"prices": None}), "! plan_price.pro/monthly"),
    "no features": (put("plans", {"features": "(gone)"}), "! plan_feature.pro/calls"),
    "no regional prices": (put("plans", {"regionalPrices": None}, name="price"), "! regional_price.pro/monthly/eur"),
    "a number as text": (put("plans", {"price": "4900"}, name="price"), "! plan_price.pro/monthly"),
    "a model of overage": (
        put("plans", {"overage": {"enabled": True, "model": "tiered", "unitPrice": 20}}, name="feature"),
        "! plan_feature.pro/calls",
    ),
    "a currency of a pack": (put("credit-packs", {"currency": "eur"}), "! credit_pack.Small"),
    "a model": (put("plans", {"consumptionModel": "hybrid"}), "! plan.pro"),
    "a feature type": (put("features", {"type": "flags"}), "! feature.calls"),
    "metadata that is none": (put("plans", {"metadata": ["a"]}), "! plan.pro"),
}


@pytest.mark.parametrize("name", BLOCKED)
def test_what_contradicts_the_file_or_itself_is_blocked(shop: Shop, name: str) -> None:
    edit, action = BLOCKED[name]
    shop.make(YAML)
    with edited(shop, edit) as account:
        planned = shop.plan(YAML)
        assert account.done
        assert action in planned.actions
        assert not [item for item in planned.actions if item[0] in "+-"]
        # What it does not touch goes on.
        assert shop.plan(YAML.replace("name: Basic", "name: Plain")).actions[0] == "~ plan.basic"


#: An edit, what is left alone, and a word of the notice.
TOLD: dict[str, tuple[Edit, str, str]] = {
    "an interval": (put("plans", None, name="interval"), "plan_price.pro/biweekly", "billing interval `biweekly`"),
    "a currency": (put("plans", "aud", name="regional"), "regional_price.pro/monthly/aud", "currency `aud`"),
    "a market price": (
        put("plans", {"marketPrices": [{"marketGroupId": "mkt_br", "currency": "brl", "price": 1}]}, name="price"),
        "market_price.pro/monthly/mkt_br",
        "its market is not in the list of markets",
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_what_the_file_cannot_say_is_unmanaged_and_told(tmp_path: Path, name: str) -> None:
    edit, address, words = TOLD[name]
    with Shop(tmp_path) as shop:
        shop.make(YAML)
        with edited(shop, edit):
            planned = shop.plan(YAML)
            assert planned.actions == []
            assert address in planned.unmanaged
            assert words in " ".join(notice.message for notice in planned.changeset.notices)
            text = plan_text(reading_of(planned.review))
            assert "apart from what cannot be compared" in text
            assert address in text
            # What it belongs to does not go, and neither does it.
            without = shop.plan(YAML.replace(MONTHLY, "")).actions
            assert ("- plan_price.pro/monthly" in without) is (name == "an interval")
            assert f"- {address}" not in without
            assert shop.plan(EMPTY, prune=True).actions.count("- plan.pro") == 0


def test_an_interval_of_another_version_is_left_alone(tmp_path: Path) -> None:
    with Shop(tmp_path) as shop:
        shop.make(YAML.replace("yearly: {price: 490}", "yearly: {price: 490}\n      semiannual: {price: 250}"))
        shop.version = "2026-07-11"
        planned = shop.plan(YAML)
        assert planned.actions == []
        assert planned.unmanaged == ["plan_price.pro/semiannual"]


def test_an_offer_stays_with_its_price(tmp_path: Path) -> None:
    with Shop(tmp_path) as shop:
        shop.make(YAML)
        with edited(shop, put("plans", {"offerId": "offer_1"}, name="price", part=1)):
            assert shop.plan(YAML).actions == []
            assert shop.plan(YAML.replace("price: 490", "price: 500")).actions[0] == "~ plan_price.pro/yearly"
            assert "! plan_price.pro/yearly" in shop.plan(YAML.replace("      yearly: {price: 490}\n", "")).actions


@pytest.mark.parametrize("labels", [{"ratio": 1.5}, {"limits": {"ratio": 1.5}}, {"list": [1.5, {"a": 2}]}])
def test_metadata_of_another_client_outlives_every_write(shop: Shop, labels: dict[str, Any]) -> None:
    shop.make(YAML)
    plan = next(row for row in shop.send("GET", "/plans?includePrivate=true")["data"] if row["code"] == "pro")
    shop.send("PATCH", f"/plans/{plan['id']}", {"metadata": {**plan["metadata"], **labels}})
    planned = shop.plan(YAML)
    assert planned.actions == []
    assert [n.code for n in planned.changeset.notices] == ["not_understood"]
    shop.make(YAML.replace('tier: "2"', 'tier: "3"'))
    again = next(row for row in shop.send("GET", "/plans?includePrivate=true")["data"] if row["code"] == "pro")
    assert {key: again["metadata"][key] for key in labels} == labels
    assert again["metadata"]["tier"] == "3"


def test_a_mode_that_contradicts_itself_is_refused(shop: Shop) -> None:
    shop.make(YAML)
    with edited(shop, put("plans", {"livemode": True})), pytest.raises(Unreachable, match="live and others as sandbox"):
        shop.plan(YAML)


def test_a_rate_that_is_gone_leaves_its_unit_price_alone(shop: Shop) -> None:
    """No call removes one unit price of a currency; and what no call can do is never planned."""
    shop.make(YAML)
    without = YAML.replace("    exchange_rates: {brl: 5.2}\n", "").replace(", regional_prices: {brl: 0.011}", "")
    with edited(shop, put("plans", {"exchangeRates": []})):
        planned = shop.plan(without.replace(", brl: 249", ""))
        assert "regional_unit_price.pro/calls/brl" in planned.unmanaged
        assert planned.actions == ["- regional_price.pro/monthly/brl", "- regional_price.pro/yearly/brl"]


def test_what_no_file_can_say_is_left_out_of_a_pull_and_said(tmp_path: Path) -> None:
    wanted = [TOLD[name][0] for name in TOLD] + [put("plans", {"ratio": 1.5}, name="metadata")]
    with Shop(tmp_path) as shop:
        shop.make(YAML)
        with edited(shop, *wanted):
            catalog = nothing("commet.yaml", shop.version)
            live, _ = read(catalog, shop.client(catalog))
            found = pull(catalog, live, proven=False, new=True)
            text = found.main.after.decode()
            assert not [word for word in ("biweekly", "aud", "mkt_br", "ratio") if word in text]
            said = " ".join(notice.message for notice in found.notices)
            assert all(word in said for word in ("biweekly", "aud", "list of markets", "metadata.ratio"))
            assert shop.plan(text).actions == []
