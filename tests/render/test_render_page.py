"""The page without a browser: what it says, that nothing of a catalog is ever markup, and that it asks for nothing."""

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

import pytest
from golden import dates
from reading import Reader

from browser.catalogs import (
    EXAMPLES,
    HOSTILE,
    ROOT,
    UNSEEN,
    changed,
    complete,
    example,
    hostile,
    known,
    of,
    plain,
    price_tag,
)  # fmt: skip
from commetctl.catalog.loading import parse
from commetctl.core.changeset import Changeset
from commetctl.core.resource import Address, Resource, ResourceSet
from commetctl.core.text import printable
from commetctl.kinds import SECTIONS
from commetctl.planning.diff import diff
from commetctl.reading import reading_of
from commetctl.render.page import page
from commetctl.review.heading import Heading
from commetctl.review.review import Review
from harness import Shop
from toy.toy_kind import COUPONS

PAGES: dict[str, Callable[[], str]] = {
    **{name: lambda name=name: page(reading_of(plain(example(name))), compare=False) for name in EXAMPLES},  # type: ignore[misc]
    "complete": lambda: page(reading_of(plain(complete())), compare=False),
    "changed": lambda: page(reading_of(changed()), compare=True),
    "unmanaged": lambda: page(reading_of(changed(prune=False)), compare=True),
    "known": lambda: page(reading_of(known()), compare=True),
    "same": lambda: page(reading_of(of(complete().desired, "same")), compare=True),
    "nothing": lambda: page(reading_of(of(ResourceSet(), "")), compare=False),
    "nothing changes": lambda: page(reading_of(of(ResourceSet(), "")), compare=True),
    "hostile": lambda: page(reading_of(of(hostile(), HOSTILE[0])), compare=False),
    "scheduled": lambda: page(dates.dated(), compare=False),
    "scheduled changes": lambda: page(replace(reading_of(known()), scheduled=dates.dated().scheduled), compare=True),
    "timeline": lambda: page(dates.dated(rows=None), compare=True, timeline=True),
    "no timeline": lambda: page(reading_of(known()), compare=True, timeline=True),
    "unseen": lambda: page(reading_of(of(hostile([UNSEEN]), UNSEEN)), compare=True),
}
every_page = pytest.mark.parametrize("made", PAGES.values(), ids=PAGES.keys())
INPUTS = ("input",)


@every_page
def test_it_is_well_formed_and_made_for_everybody(made: Callable[[], str]) -> None:
    html = made()
    read = Reader(html)
    assert html.startswith('<!doctype html>\n<html lang="en">')
    assert html.isascii()
    ids = [item.attributes["id"] for item in read.elements if "id" in item.attributes]
    assert len(ids) == len(set(ids))
    levels = [int(item.tag[1]) for item in read.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert [len(read.all(tag)) for tag in ("main", "title", "footer")] == [1, 1, 1]
    assert all(item.within("label") for item in read.all(*INPUTS))
    assert all(item.parent and item.parent.texts for item in read.all(*INPUTS))
    assert all(item.attributes.get("scope") in ("row", "col") for item in read.all("th"))
    assert all(
        any(child.tag == "legend" and child.parent is item for child in read.elements) for item in read.all("fieldset")
    )
    named = [item.attributes.get("aria-labelledby") for item in read.elements]
    assert {name for name in named if name} <= set(ids)


@every_page
def test_it_asks_for_nothing(made: Callable[[], str]) -> None:
    read = Reader(made())
    for item in read.elements:
        assert not {"src", "style", "action", "srcset", "background"} & item.attributes.keys()
        assert not any(name.startswith("on") for name in item.attributes)
        assert item.attributes.get("href") in (None, "data:,")
    assert {item.tag for item in read.elements} & {"img", "iframe", "object", "form", "a", "base", "svg"} == set()
    css = read.all("style")[0].texts[0]
    assert not re.search(r"url\(|@import|//|https?:", css)
    assert not re.search(r"https?:|fetch|XMLHttp|import|innerHTML|eval|location", read.all("script")[0].texts[0])


@every_page
def test_only_our_own_style_and_script_may_run(made: Callable[[], str]) -> None:
    read = Reader(made())
    [policy] = [item for item in read.all("meta") if item.attributes.get("http-equiv")]
    hashes = {
        tag: "sha256-" + b64encode(sha256(item.texts[0].encode()).digest()).decode()
        for tag in ("style", "script")
        for item in read.all(tag)
    }
    assert [len(read.all(tag)) for tag in hashes] == [1, 1]
    assert policy.attributes["content"] == (
        f"default-src 'none'; style-src '{hashes['style']}'; script-src '{hashes['script']}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    # It counts for what stands after it alone.
    assert read.elements.index(policy) < min(read.elements.index(item) for item in read.all("style", "link", "script"))


@pytest.mark.parametrize("name", [*EXAMPLES, ""])
def test_every_amount_of_every_plan_and_pack_is_there(name: str) -> None:
    catalog = example(name) if name else complete()
    read = Reader(page(reading_of(plain(catalog)), compare=False))
    cards = {_code(read, card): card.text for card in read.named("plan")}
    for address, resource in catalog.desired.items():
        for field in ("price", "included_balance", "overage", "unit_price"):
            value = resource.fields.get(field)
            if value is not None:
                text = cards[address.key.partition("/")[0]] if address.kind != "credit_pack" else read.text
                assert price_tag(value) in text, (address, field)
        for field in ("name", "description"):
            assert str(resource.fields.get(field) or "") in read.text


def _code(read: Reader, card: object) -> str:
    return next(item.text for item in read.named("code") if item.parent and item.parent.parent is card)


def test_a_plan_says_all_that_it_is() -> None:
    text = Reader(page(reading_of(plain(complete())), compare=False)).text
    for said in (
        "14 days of trial", "1,000 credits included per month", "25.00 USD of use included per month",
        "23.00 EUR of use included per month", "10 credits per image", "Unlimited", "Not included",
        "10,000 included then 0.002 USD per call", "What the model costs, plus a margin of 20%",
        "Private: not offered to everybody", "Model: prepaid balance", "Stops when it is used up", "Free",
        "No price in JPY: the US dollar price counts.", "Monthly default",
    ):  # fmt: skip
        assert said in text, said
    assert text.index("Public plans") < text.index("For growing teams") < text.index("Private plans")


@pytest.mark.parametrize("compare", [False, True])
def test_hostile_names_are_text(compare: bool) -> None:
    harmless = Reader(page(reading_of(of(hostile(["harmless"]), "harmless")), compare=compare))
    read = Reader(page(reading_of(of(hostile(), HOSTILE[0])), compare=compare))
    assert Counter(item.tag for item in read.elements) == Counter(item.tag for item in harmless.elements)
    assert [item.attributes.keys() for item in read.elements] == [i.attributes.keys() for i in harmless.elements]
    for text in HOSTILE:
        assert " ".join(text.split()) in read.text, text
    assert read.all("title")[0].text.endswith(HOSTILE[0])


@pytest.mark.parametrize("compare", [False, True])
def test_what_is_not_seen_is_written_out(compare: bool) -> None:
    read = Reader(page(reading_of(of(hostile([UNSEEN]), UNSEEN)), compare=compare))
    everything = "".join([*read.all("html")[0].texts, *(str(item.attributes) for item in read.elements)])
    assert printable(everything.replace("\n", "")) == everything.replace("\n", "")
    assert printable(UNSEEN) in read.text


def test_what_changes_is_marked_and_said() -> None:
    review = changed()
    read = Reader(page(reading_of(review), compare=True))
    was, now = ({item.text for item in read.all(tag)} for tag in ("del", "ins"))
    assert {"was 49.00 USD", "was For teams", "was 14 days of trial", "was 10,000 included"} <= was
    assert {"is 59.00 USD", "is For teams that grow", "is 7 days of trial", "is 20,000 included", "is Unlimited"} <= now
    assert "is 590.00 USD" in now
    assert "+20.4%" in read.text
    plans = {plan.text.split()[0]: plan for plan in read.named("plan")}
    assert [plans[name].text.split()[1] for name in ("Solo", "Pro", "Team", "Old")] == [
        "Unchanged", "Changed", "New", "Removed",
    ]  # fmt: skip
    assert ["data-changed" in plans[name].attributes for name in plans] == [name != "Solo" for name in plans]
    for address, effects in review.effects.items():
        parts = address.kind != "plan" and address.key.partition("/")[0] == "team"
        assert parts or all(effect.when.label in read.text for effect in effects), address
    assert "Team is new. " in read.text
    assert "Old is deleted. " in read.text


def test_amounts_that_move_are_listed_at_the_top() -> None:
    read = Reader(page(reading_of(changed()), compare=True))
    rows = [row.text for row in read.all("tr") if row.within("table")]
    for row in (
        "Monthly price 49.00 USD 59.00 USD +20.4% at renewal",
        "Yearly price 490.00 USD 590.00 USD +20.4% at renewal",
        "Overage 0.002 USD 0.0015 USD -25% at once",
        "Price 10.00 USD 12.50 USD +25% new customers",
    ):
        assert row in rows, row
    assert "Pro costs more for existing customers from their next renewal" in read.text


def test_how_many_it_touches_and_who_changed_it() -> None:
    text = Reader(page(reading_of(known()), compare=True)).text
    for said in (
        "12 subscriptions",
        "10 of them renewing",
        "+100.00 USD",
        "2 in a trial",
        "a dashboard edit since",
    ):
        assert said in text, said


def test_what_is_left_alone_or_blocked_is_listed() -> None:
    text = Reader(page(reading_of(changed(prune=False)), compare=True)).text
    assert "Not in the catalog, and left alone plan.old credit_pack.Bulk Pack" in text
    assert "Old Unchanged Private Not in the catalog" in text


def test_a_blocked_change_says_why_and_the_way_out(blocked: Review) -> None:
    read = Reader(page(reading_of(blocked), compare=True))
    assert "0 to create, 0 to update, 0 to delete, 1 blocked." in read.text
    assert "Blocked: cannot be changed Plan plan.solo `is_free` is fixed once created" in read.text
    assert "Way out: " in read.text
    assert "Solo Unchanged Blocked" in read.text


@pytest.fixture
def blocked() -> Review:
    """A review of a change that Commet cannot make."""
    from browser.catalogs import BEFORE
    from commetctl.usecases.compare import compared

    before = BEFORE.replace("    prices: {monthly: {price: 9.00}}\n", "").replace(
        "name: Solo", "name: Solo\n    is_free: true"
    )
    after = before.replace("    is_free: true\n", "")
    return compared(parse("before", before.encode()), parse("after", after.encode()))


@pytest.fixture
def coupons() -> Iterator[list[ResourceSet]]:
    """Two editions of a catalog of a kind that the page does not know."""
    SECTIONS.append(COUPONS)
    address, made = Address("coupon", "LAUNCH"), {"is_active": True, "expires_at": None, "terms": (), "tags": ("web",)}
    yield [ResourceSet([Resource(address, {"name": name, **made})]) for name in ("Spring sale", "Summer sale")]
    SECTIONS.remove(COUPONS)


def test_a_kind_that_has_no_card_is_on_the_page(coupons: list[ResourceSet]) -> None:
    old, new = coupons
    text = Reader(page(reading_of(of(new, "coupons")), compare=False)).text
    assert "Also in this catalog Coupon Summer sale Name Summer sale Tags" in text
    differing = Changeset(diff(new, old).changes, (), {})
    text = Reader(page(reading_of(Review(differing, old)), compare=True)).text
    assert "Other changes Changed Coupon Summer sale Summer sale, name was Spring sale is Summer sale" in text


def test_the_same_review_is_the_same_page() -> None:
    assert page(reading_of(known()), compare=True) == page(reading_of(known()), compare=True)


def test_what_commet_does_not_tell_is_unknown(shop: Shop) -> None:
    """An account of either API version, with something that only the dashboard made."""
    yaml = (ROOT / "examples" / "credits" / "commet.yaml").read_text("utf-8")
    shop.make(yaml)
    feature = shop.send("POST", "/features", {"code": "art", "name": "Art", "type": "usage"})["id"]
    made = {"code": "shop", "name": "Shop", "consumptionModel": "credits"}
    plan = shop.send("POST", "/plans", made)["id"]
    shop.send("POST", f"/plans/{plan}/features", {"featureId": feature, "creditsPerUnit": 5})
    planned = shop.plan(yaml)
    review = Review(planned.changeset, planned.live.resources, planned.live.ids, heading=Heading("live"))
    read = Reader(page(reading_of(review), compare=True))
    shown = next(plan for plan in read.named("plan") if plan.text.startswith("Shop "))
    assert "unknown credits per unit" in shown.text
    assert "Not in the catalog" in shown.text
