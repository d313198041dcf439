"""The page in a real browser: its switches, and what is to be seen for each choice."""

from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Page

from browser.catalogs import changed, complete, example, known, plain, price_tag
from browser.conftest import STILL, Open, Opened
from commetctl.core.resource import ResourceSet
from commetctl.kinds.plans import addresses
from commetctl.reading import reading_of
from commetctl.render.page import page

pytestmark = pytest.mark.browser

PER = {"monthly": "per month", "yearly": "per year", "one_time": "once"}


def shown_prices(open_: Opened, code: str, group: str = ".price") -> list[str]:
    """The amounts of a plan that are to be seen, as they read."""
    plan = open_.page.locator(f'.plan:has(> header .code:text-is("{code}"))')
    return [" ".join(text.split()) for text in plan.locator(f"{group} li:visible").all_inner_texts()]


def prices(resources: ResourceSet, code: str, intervals: list[str], currencies: list[str]) -> Iterator[str]:
    """The prices of a plan that count at some intervals in some currencies, by the resources."""
    for interval, currency in product(intervals, currencies):
        base = resources.get(addresses.price(code, interval))
        regional = resources.get(addresses.regional_price(code, interval, currency))
        if base is not None:
            yield f"{price_tag((regional or base).fields['price'])} {PER[interval]}"


@pytest.mark.parametrize("name", ["fixed-tiers", "metered", "ai-product", ""])
def test_the_right_prices_for_each_currency_and_interval(opened: Open, name: str) -> None:
    catalog = example(name) if name else complete()
    found = opened(page(reading_of(plain(catalog)), compare=False), **STILL)
    currencies = options(found, "currency") or ["usd"]
    intervals = options(found, "interval")
    codes = [address.key for address in catalog.desired if address.kind == addresses.PLAN]
    for currency, interval in product(currencies, ["all", *intervals]):
        if len(currencies) > 1:
            found.choose("currency", currency)
        found.choose("interval", interval)
        for code in codes:
            wanted = list(prices(catalog.desired, code, intervals if interval == "all" else [interval], [currency]))
            assert shown_prices(found, code) == wanted, (code, currency, interval)


def test_all_currencies_and_intervals_at_once(opened: Open) -> None:
    catalog = example("ai-product")
    found = opened(page(reading_of(plain(catalog)), compare=False), **STILL)
    currencies, intervals = options(found, "currency"), options(found, "interval")
    found.choose("currency", "all")
    for code in ("plus", "team"):
        wanted = set(prices(catalog.desired, code, intervals, currencies))
        assert set(shown_prices(found, code)) == wanted
        assert len(shown_prices(found, code)) == len(wanted) == len(currencies) * len(intervals)


def options(found: Opened, name: str) -> list[str]:
    """What there is to choose from, but for all at once."""
    values = [str(item.get_attribute("value")) for item in found.page.locator(f'input[name="{name}"]').all()]
    return [value for value in values if value != "all"]


def test_a_currency_that_a_plan_has_not_says_what_counts(opened: Open) -> None:
    found = opened(page(reading_of(plain(complete())), compare=False), **STILL)
    found.choose("currency", "jpy")
    plans = found.plans()
    assert "7,200 JPY" in plans["pro"]
    assert "490.00 USD per year\nNo price in JPY: the US dollar price counts." in plans["pro"].replace("\n\n", "\n")
    assert "No price in BRL, JPY: the US dollar price counts." in plans["assistant"]
    found.choose("currency", "eur")
    plans = found.plans()
    assert "28.00 EUR" in plans["assistant"]
    assert "23.00 EUR of use included per month" in plans["assistant"]
    assert "30.00 USD" not in plans["assistant"]
    assert "No price in" not in plans["assistant"] + plans["pro"]


def test_unit_prices_follow_the_currency(opened: Open) -> None:
    found = opened(page(reading_of(plain(complete())), compare=False), **STILL)
    found.choose("currency", "brl")
    assert shown_prices(found, "pro", ".overage") == [
        "then about 62.40 BRL (derived) per seat",
        "then 0.011 BRL per call",
    ]
    found.choose("currency", "jpy")
    assert shown_prices(found, "pro", ".overage") == ["then 12.00 USD per seat", "then 0.002 USD per call"]


def test_an_interval_that_a_plan_has_not_says_which_it_has(opened: Open) -> None:
    found = opened(page(reading_of(plain(example("fixed-tiers"))), compare=False), **STILL)
    found.choose("interval", "monthly")
    plans = found.plans()
    assert list(plans) == ["free", "starter", "business", "enterprise"]
    assert "Not sold at this interval, but: yearly." in plans["enterprise"]
    assert "12,000.00" not in plans["enterprise"]
    assert "Not sold" not in plans["free"] + plans["starter"]


def test_the_keyboard_alone_does_it(opened: Open) -> None:
    found = opened(page(reading_of(known()), compare=True), **STILL)
    keys, page_ = found.page.keyboard, found.page

    def focused() -> str:
        return str(page_.evaluate("document.activeElement.name + ' ' + document.activeElement.value"))

    for _ in range(4):
        keys.press("Tab")
        if focused().startswith("view"):
            break
    assert focused() == "view both"
    assert ring(page_)
    keys.press("ArrowRight")
    assert focused() == "view before"
    assert not found.page.locator("[data-side=after]:visible").count()
    keys.press("ArrowRight")
    keys.press("Tab")
    assert focused() == "interval all"
    keys.press("ArrowRight")
    assert focused() == "interval monthly"
    keys.press("Tab")
    keys.press("ArrowLeft")
    assert focused() == "currency eur"
    keys.press("Tab")
    keys.press("Space")
    assert page_.locator('input[name="changed"]').is_checked()
    assert page_.locator("#status").inner_text() == "Shown: after, Monthly, EUR, 3 changed plans."
    assert shown_prices(found, "pro") == ["is 59.00 USD per month +20.4%"]


def ring(page_: Page) -> bool:
    """Whether what has the focus shows it."""
    style = "getComputedStyle(document.activeElement.nextElementSibling)"
    return bool(page_.evaluate(f"{style}.outlineStyle === 'solid' && parseFloat({style}.outlineWidth) >= 2"))


def test_before_and_after(opened: Open) -> None:
    found = opened(page(reading_of(changed()), compare=True), **STILL)
    both = found.plans()
    assert "49.00 USD" in both["pro"]
    assert "59.00 USD" in both["pro"]
    cards = {side: found.page.locator(f".plan:nth-of-type(2) .card[data-side={side}]") for side in ("before", "after")}
    found.choose("view", "before")
    assert cards["before"].is_visible()
    assert not cards["after"].is_visible()
    assert "was 49.00 USD" in " ".join(cards["before"].inner_text().split())
    assert "10.00 USD" in found.page.locator(".packs").inner_text()
    assert "12.50 USD" not in found.page.locator(".packs").inner_text()
    found.choose("view", "after")
    assert cards["after"].is_visible()
    assert not cards["before"].is_visible()
    assert "is 59.00 USD" in " ".join(cards["after"].inner_text().split())
    found.choose("view", "both")
    assert found.plans() == both
    before, after = (cards[side].bounding_box() for side in ("before", "after"))
    assert before
    assert after
    assert before["x"] + before["width"] <= after["x"]
    assert before["y"] == after["y"]


def test_changed_plans_only(opened: Open) -> None:
    found = opened(page(reading_of(changed()), compare=True), **STILL)
    assert list(found.plans()) == ["solo", "pro", "team", "old"]
    found.page.get_by_label("Changed plans only").check()
    assert list(found.plans()) == ["pro", "team", "old"]
    assert "3 changed plans" in found.page.get_by_role("status").inner_text()
    found.page.get_by_label("Changed plans only").uncheck()
    assert list(found.plans()) == ["solo", "pro", "team", "old"]
