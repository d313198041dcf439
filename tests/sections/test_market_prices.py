"""Market prices and variants: one list for each price, in an order that Commet can take, and what is not understood."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from commetctl.core.resource import Address
from commetctl.usecases.pull import nothing, pull
from commetctl.usecases.reading import read
from harness import Shop

YAML = """\
version: 1
markets:
  brazil: {name: Brazil, countries: [BR]}
  dach: {name: D/A/CH, countries: [DE, AT, CH]}
  asia: {name: Asia, countries: [JP]}
plans:
  pro:
    name: Pro
    prices:
      monthly:
        price: 49.00
        regional_prices: {eur: 45}
        market_prices:
          brazil: {currency: brl, price: 199.00}
          asia: {currency: jpy, price: 7200}
        variants:
          test b:
            market_prices: {brazil: {currency: brl, price: 149.00}}
"""
BRAZIL = "          brazil: {currency: brl, price: 199.00}\n"
DACH = "          dach: {currency: eur, price: 39.00}\n"
VARIANT = YAML[YAML.index("        variants:") :]
#: The same plans in a file that does not manage markets.
UNMANAGED = "version: 1\n" + YAML[YAML.index("plans:") : YAML.index("        market_prices:")]
EMPTY = "version: 1\nplans: {}\nmarkets: {}\n"
MONTHLY = "/plans/{plan.pro}/prices/{plan_price.pro/monthly}"
B = "{price_variant.pro/monthly/test b}"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with Shop(tmp_path) as made:
        yield made


def edit(text: str, *edits: tuple[str, str]) -> str:
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def row(market: str, currency: str, price: int) -> str:
    return f'{{"marketGroupId": "{{market.{market}}}", "currency": "{currency}", "price": {price}}}'


def calls(shop: Shop, text: str) -> list[str]:
    shop.remember_ids(text)
    return shop.calls(text)


def stored(shop: Shop) -> dict[str, Any]:
    """The base price and its variants, as Commet has them."""
    (plan,) = shop.send("GET", "/plans?includePrivate=true")["data"]
    named = {price["metadata"].get("name", "base"): price for price in plan["prices"]}
    return {"plan": plan["id"], **named}


def change(shop: Shop, price: str, **body: Any) -> None:
    """A price, changed as another client would."""
    found = stored(shop)
    shop.send("PATCH", f"/plans/{found['plan']}/prices/{found[price]['id']}", body)


def test_a_new_price_has_its_market_prices_at_once_and_its_variants_after_it(shop: Shop) -> None:
    base = f'"marketPrices": [{row("Brazil", "brl", 19900)}, {row("Asia", "jpy", 7200)}]'
    found = calls(shop, YAML)
    posted = [line for line in found if line.startswith("POST /plans/{plan.pro}/prices")]
    assert posted == [
        f'POST /plans/{{plan.pro}}/prices {{"billingInterval": "monthly", "price": 4900, "isDefault": true, {base}}}',
        'POST /plans/{plan.pro}/prices {"billingInterval": "monthly", "inheritsFromPriceId": '
        f'"{{plan_price.pro/monthly}}", "marketPrices": [{row("Brazil", "brl", 14900)}], '
        '"metadata": {"name": "test b"}}',
    ]
    assert shop.plan(YAML).actions == []


def test_all_market_prices_of_a_price_are_one_list(shop: Shop) -> None:
    shop.make(YAML)
    text = edit(YAML, ("199.00", "219.00"), ("          asia: {currency: jpy, price: 7200}\n", DACH))
    assert calls(shop, text) == [
        f'PATCH {MONTHLY} {{"marketPrices": [{row("Brazil", "brl", 21900)}, {row("D/A/CH", "eur", 3900)}]}}'
    ]
    assert shop.plan(text).actions == []


def test_a_market_that_moves_along_with_its_variant_takes_two_lists_of_the_price(shop: Shop) -> None:
    """The base gets a market before the variant does, and loses one after the variant has."""
    shop.make(YAML)
    text = edit(
        YAML, (BRAZIL, DACH), ("{brazil: {currency: brl, price: 149.00}}", "{dach: {currency: eur, price: 35}}")
    )
    both = f"{row('D/A/CH', 'eur', 3900)}, {row('Asia', 'jpy', 7200)}"
    assert calls(shop, text) == [
        f'PATCH {MONTHLY} {{"marketPrices": [{both}, {row("Brazil", "brl", 19900)}]}}',
        f'PATCH /plans/{{plan.pro}}/prices/{B} {{"marketPrices": [{row("D/A/CH", "eur", 3500)}]}}',
        f'PATCH {MONTHLY} {{"marketPrices": [{both}]}}',
    ]
    assert shop.plan(text).actions == []


def test_a_variant_is_archived_before_its_price(shop: Shop) -> None:
    shop.make(YAML)
    shop.remember_ids(YAML)
    gone = YAML[: YAML.index("    prices:")]
    assert shop.plan(gone).actions == ["- plan_price.pro/monthly"]
    assert calls(shop, gone) == [f"DELETE /plans/{{plan.pro}}/prices/{B}", f"DELETE {MONTHLY}"]


def test_a_market_goes_from_a_price_after_the_variant_that_had_it(shop: Shop) -> None:
    shop.make(YAML)
    text = edit(YAML, (BRAZIL, ""), (VARIANT, ""))
    assert calls(shop, text) == [
        f"DELETE /plans/{{plan.pro}}/prices/{B}",
        f'PATCH {MONTHLY} {{"marketPrices": [{row("Asia", "jpy", 7200)}]}}',
    ]


def test_a_price_that_moves_is_no_change_of_its_variants(shop: Shop) -> None:
    shop.make(YAML)
    assert calls(shop, edit(YAML, ("price: 49.00", "price: 59.00"))) == [f'PATCH {MONTHLY} {{"price": 5900}}']


def test_a_target_leaves_the_other_market_prices_as_they_are(shop: Shop) -> None:
    shop.make(YAML)
    text = edit(YAML, ("199.00", "219.00"), ("7200", "8200"))
    planned = shop.plan(text, targets=[Address("market_price", "pro/monthly/brazil")])
    assert planned.actions == ["~ market_price.pro/monthly/brazil"]
    shop.carry_out(planned)
    assert shop.plan(text).actions == ["~ market_price.pro/monthly/asia"]


def test_without_markets_they_are_left_alone_and_keep_their_price(shop: Shop) -> None:
    shop.make(YAML)
    planned = shop.plan(UNMANAGED, prune=True)
    assert planned.actions == []
    assert [address.partition(".")[0] for address in planned.unmanaged] == [
        "market_price", "market_price", "price_variant",
    ]  # fmt: skip
    assert shop.plan(UNMANAGED.replace("49.00", "59.00")).actions == ["~ plan_price.pro/monthly"]
    (blocked,) = shop.plan(UNMANAGED[: UNMANAGED.index("    prices:")]).changeset.blocked
    assert "it is unmanaged where the catalog has no `markets:`" in blocked.reason
    assert shop.plan("version: 1\nplans: {}\n", prune=True).actions == ["! plan.pro"]


def test_with_an_empty_section_what_a_price_leaves_out_is_removed(shop: Shop) -> None:
    shop.make(YAML)
    text = UNMANAGED + "markets: {}\n"
    assert shop.plan(text).actions == [
        "- market_price.pro/monthly/brazil", "- market_price.pro/monthly/asia", "- price_variant.pro/monthly/test b",
    ]  # fmt: skip
    shop.make(text)
    assert shop.plan(text).actions == []
    shop.make(EMPTY, prune=True)


def test_another_key_in_the_file_is_no_change(shop: Shop) -> None:
    shop.make(YAML)
    assert shop.plan(YAML.replace("brazil", "br")).actions == []


#: What another client leaves in the list of a price: none of it can be repeated.
ODD: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a currency": lambda known: {**known, "currency": "sek"},
    "an amount": lambda known: {**known, "price": 1.5},
    "a market": lambda known: {**known, "marketGroupId": "pmg_other"},
    "no market": lambda known: {"a": 1},
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_not_understood_stands_in_the_way_of_its_list_alone(shop: Shop, name: str) -> None:
    shop.make(YAML)
    inner = shop.recorder.inner
    shop.recorder.inner = Odd(inner, lambda rows: [*rows[:1], ODD[name](rows[1])])
    text = edit(
        YAML, ("199.00", "219.00"), ("eur: 45", "eur: 46"), ("          asia: {currency: jpy, price: 7200}\n", "")
    )
    planned = shop.plan(text)
    assert "! market_price.pro/monthly/brazil" in planned.actions
    assert "~ regional_price.pro/monthly/eur" in planned.actions
    assert not [item for item in planned.actions if item.startswith("-")]
    assert "not_understood" in [notice.code for notice in planned.changeset.notices]
    assert shop.plan(YAML[: YAML.index("    prices:")]).actions == ["! plan_price.pro/monthly"]


def test_two_variants_of_one_name_are_left_alone(shop: Shop) -> None:
    shop.make(YAML)
    found = stored(shop)
    body = {
        name: found["test b"][name] for name in ("billingInterval", "inheritsFromPriceId", "metadata", "marketPrices")
    }
    shop.send("POST", f"/plans/{found['plan']}/prices", body)
    planned = shop.plan(edit(YAML, ("149.00", "159.00")))
    assert planned.actions == ["! variant_price.pro/monthly/test b/brazil"]
    assert shop.plan(edit(YAML, (VARIANT, ""))).actions == ["! price_variant.pro/monthly/test b"]


@pytest.mark.parametrize("name", [None, "a/b", "", " b", 5])
def test_a_variant_whose_name_no_file_can_say_is_kept(shop: Shop, name: Any) -> None:
    shop.make(YAML)
    change(shop, "test b", metadata={"name": name})
    without = edit(YAML, (VARIANT, ""))
    planned = shop.plan(without)
    assert planned.actions == []
    (kept,) = planned.unmanaged
    assert kept.startswith("price_variant.pro/monthly/pp_")
    # Nor does its market go from under it.
    assert shop.plan(edit(without, (BRAZIL, ""))).actions == ["! market_price.pro/monthly/brazil"]


def test_metadata_of_a_variant_that_is_not_its_name_is_kept(shop: Shop) -> None:
    shop.make(YAML)
    change(shop, "test b", metadata={"team": "growth"})
    shop.make(edit(YAML, ("149.00", "159.00")))
    assert stored(shop)["test b"]["metadata"] == {"name": "test b", "team": "growth"}


PROTECTED = edit(
    YAML,
    ("price: 199.00}", "price: 199.00, lifecycle: {protect: true}}"),
    ("price: 149.00}", "price: 149.00, lifecycle: {protect: true}}"),
)


def test_a_protected_market_price_stays_while_the_list_is_written(shop: Shop) -> None:
    shop.make(PROTECTED)
    assert shop.plan(PROTECTED).actions == []
    text = edit(YAML, (BRAZIL, ""), (VARIANT, ""), ("7200", "8200"))
    planned = shop.plan(text)
    assert planned.actions == [
        "~ market_price.pro/monthly/asia", "! market_price.pro/monthly/brazil", "! price_variant.pro/monthly/test b",
    ]  # fmt: skip
    shop.carry_out(planned)
    amounts = {entry["currency"]: entry["price"] for entry in stored(shop)["base"]["marketPrices"]}
    assert amounts == {"brl": 19900, "jpy": 8200}


def test_protection_outlives_a_new_name_of_the_market_and_another_key(shop: Shop) -> None:
    shop.make(PROTECTED)
    renamed = PROTECTED.replace("brazil: {name: Brazil,", "br: {name: Brasil, previous_name: Brazil,")
    renamed = renamed.replace("brazil: {currency", "br: {currency")
    shop.make(renamed)
    assert shop.plan(renamed).actions == []
    gone = renamed.replace("          br: {currency: brl, price: 199.00, lifecycle: {protect: true}}\n", "")
    assert (
        "! market_price.pro/monthly/br" in shop.plan(gone.replace(gone[gone.index("        variants:") :], "")).actions
    )


def test_they_are_pulled_as_they_were_applied(shop: Shop) -> None:
    shop.make(PROTECTED)
    catalog = nothing("commet.yaml", shop.version)
    live, _ = read(catalog, shop.client(catalog))
    text = pull(catalog, live, proven=False, new=True).main.after.decode()
    assert "d_a_ch:" in text
    assert shop.plan(text).actions == []
    assert pull(shop.load(text), read(shop.load(text), shop.client(catalog))[0], proven=False).changed == ()


class Odd(httpx.BaseTransport):
    """A Commet that answers with other market prices of base prices."""

    def __init__(self, inner: httpx.BaseTransport, edit: Callable[[list[Any]], list[Any]]) -> None:
        self.inner, self.edit = inner, edit

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, with the lists edited."""
        response = self.inner.handle_request(request)
        if not request.url.path.endswith("/plans") or request.method != "GET":
            return response
        content = json.loads(response.read())
        for plan in content["data"]:
            for price in plan["prices"]:
                if price["inheritsFromPriceId"] is None:
                    price["marketPrices"] = self.edit(price["marketPrices"])
        return httpx.Response(200, json=content)
