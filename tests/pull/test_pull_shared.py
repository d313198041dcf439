"""What several places share through an anchor stays what it is for those that do not change."""

from commetctl.core.resource import Address
from harness import Shop
from pull.pulling import NEWER, opened, plan_of, pulled, text_of

RATES = """\
version: 1
plans:
  one:
    name: One
    prices: {monthly: {price: 10.00}}
    exchange_rates: &rates   # of July
      eur: 0.92
      brl: 5.20
  two:
    name: Two
    prices: {monthly: {price: 20.00}}
    exchange_rates: *rates   # the same
"""
MERGED = """\
version: 1
plans:
  one: &one
    name: One
    visibility: public
    description: the same for both
    prices: {monthly: {price: 10.00}}
  two:
    <<: *one
    name: Two
    visibility: private
"""


def changed(before: str, now: str) -> str:
    """The text after a pull, once the account is as another text says."""
    with opened(NEWER) as shop:
        shop.make(now)
        after = text_of(pulled(shop, before))
        assert plan_of(shop, after.encode()) == []
        assert pulled(shop, after).main.after == after.encode()
        return after


def test_both_change_alike_so_the_anchor_does() -> None:
    assert changed(RATES, RATES.replace("5.20", "5.37")) == RATES.replace("5.20", "5.37")


def test_the_alias_is_written_out_where_it_differs() -> None:
    now = RATES.replace("*rates", "{eur: 0.92, brl: 6.00}")
    assert changed(RATES, now) == RATES.replace("*rates", "{eur: 0.92, brl: 6}")


def test_the_anchor_changes_and_what_others_had_stays_theirs() -> None:
    now = RATES.replace("5.20", "6.10").replace("*rates", "{eur: 0.92, brl: 5.20}")
    assert changed(RATES, now) == RATES.replace("5.20", "6.10").replace("*rates", "{eur: 0.92, brl: 5.2}")


def test_an_anchor_that_goes_moves_to_the_next_that_needs_it() -> None:
    now = RATES[: RATES.index("  one:")] + RATES[RATES.index("  two:") :].replace("*rates", "{eur: 0.92, brl: 5.20}")
    after = changed(RATES, now)
    assert after == now.replace("{eur: 0.92", "&rates {eur: 0.92")


def test_what_is_merged_in_is_written_out_where_it_differs() -> None:
    now = MERGED.replace("<<: *one", "prices: {monthly: {price: 12.00}}\n    description: the same for both")
    written = "    name: Two\n    prices:\n      monthly: {price: 12.00}\n"
    assert changed(MERGED, now) == MERGED.replace("    name: Two\n", written)


def test_what_is_merged_in_and_gone_is_null() -> None:
    now = MERGED.replace("<<: *one", "prices: {monthly: {price: 10.00}}")
    assert changed(MERGED, now) == MERGED + "    description: null\n"


def test_what_both_merge_changes_once() -> None:
    now = MERGED.replace("10.00", "11.00")
    assert changed(MERGED, now) == now


def test_a_price_that_is_used_twice() -> None:
    before = (
        "version: 1\nplans:\n  pro:\n    name: Pro\n    prices:\n"
        "      monthly: {price: &p 10.00, is_default: true}  # p\n      yearly: {price: *p}  # the same\n"
    )
    now = before.replace("*p", "10.00").replace("&p 10.00", "12.00")
    assert changed(before, now) == before.replace("&p 10.00", "&p 12.00").replace("*p", "10.00")


def test_an_alias_that_is_a_key_stays_the_key_that_it_was() -> None:
    before = "version: 1\nplans:\n  pro:\n    name: &m monthly\n    prices: {*m : {price: 1.00}}   # by the month\n"
    now = before.replace("&m monthly", "&m Pro").replace("*m :", "monthly:").replace("1.00", "2.00")
    assert changed(before, now) == now


def test_a_key_that_is_an_anchor() -> None:
    before = "version: 1\nplans:\n  &k pro:\n    name: *k   # as its code\n    prices: {monthly: {price: 1.00}}\n"
    now = before.replace("*k", "Other")
    assert changed(before, now) == now


def test_an_anchor_that_the_policy_uses() -> None:
    before = (
        "version: 1\nplans:\n  pro: {name: Pro, metadata: {seats: &n 5}}\n"
        "policy: {max_deletes: *n}   # as many\nmode: sandbox\n"
    )
    now = before.replace("&n 5", "&n 7").replace("*n", "5")
    assert changed(before, now) == now


TARGETED = """\
version: 1
features: {a: {name: A, type: boolean}}   # one
plans:
  pro: {name: Pro, prices: {monthly: {price: 1.00}}}   # the plan
"""
NOW = """\
version: 1
features: {a: {name: Aa, type: boolean}, b: {name: B, type: boolean}}
plans:
  pro: {name: Pro 2, prices: {monthly: {price: 2.00, is_default: true}, yearly: {price: 3.00}}}
  new: {name: New, features: {b: true}}
"""


def targeted(*addresses: str) -> str:
    with opened(NEWER) as shop:
        shop.make(NOW)
        return text_of(pulled(shop, TARGETED, *map(Address.parse, addresses)))


def test_only_the_target_is_pulled() -> None:
    assert targeted("feature.a") == TARGETED.replace("name: A,", "name: Aa,")
    assert targeted("plan_price.pro/monthly") == TARGETED.replace("1.00", "2.00")


def test_what_a_target_needs_comes_along() -> None:
    after = targeted("plan.new")
    assert "b: {name: B, type: boolean}" in after
    assert after.endswith("  new:\n    name: New\n    features:\n      b: true\n")
    assert "Pro 2" not in after


def test_a_section_that_the_file_lacks_is_not_pulled() -> None:
    before = "version: 1\n# only features\nfeatures: {}\n"
    assert "plans" not in changed(before, NOW)


CREDITS = """\
version: 1
features:
  images: {name: Images, type: usage}
plans:
  studio:
    name: Studio
    consumption_model: credits
    prices: {monthly: {price: 9.00}}
    features:
      images: {credits_per_unit: 5}
credit_packs:
  small: {name: Small, credits: 10, price: 1.00, lifecycle: {protect: true}}   # sold
"""


def forget(shop: Shop) -> None:
    """The account as somebody else would have made it: without a ledger."""
    (plan,) = shop.send("GET", "/plans?includePrivate=true")["data"]
    shop.send("PATCH", f"/plans/{plan['id']}", {"metadata": {"commetctl": None}})


def test_what_commet_does_not_reveal_stays_as_the_file_says() -> None:
    with opened(NEWER) as shop:
        shop.make(CREDITS)
        forget(shop)
        assert text_of(pulled(shop, CREDITS)) == CREDITS


def test_a_new_file_says_what_commet_does_not_reveal() -> None:
    with opened(NEWER) as shop:
        shop.make(CREDITS)
        forget(shop)
        lines = [line.strip() for line in text_of(pulled(shop)).splitlines()]
        at = lines.index("images: true")
        assert lines[at - 1] == "# Commet does not return `credits_per_unit`: write the real value here"


def test_a_pack_that_was_renamed_is_found_by_its_id() -> None:
    with opened(NEWER) as shop:
        shop.make(CREDITS)
        (pack,) = shop.send("GET", "/credit-packs")["data"]
        before = CREDITS.replace("price: 1.00,", f"price: 1.00, id: {pack['id']},")
        shop.send("PATCH", f"/credit-packs/{pack['id']}", {"name": "Tiny"})
        assert text_of(pulled(shop, before)) == before.replace("name: Small", "name: Tiny")


def test_a_renaming_that_was_not_applied_is_taken_back() -> None:
    with opened(NEWER) as shop:
        shop.make(CREDITS)
        before = CREDITS.replace("name: Small,", "name: Tiny, previous_name: Small,")
        assert text_of(pulled(shop, before)) == CREDITS


def test_an_inactive_pack_stays() -> None:
    with opened(NEWER) as shop:
        before = CREDITS.replace("price: 1.00,", "price: 1.00, is_active: false,")
        shop.make(CREDITS)
        shop.make(before)
        assert text_of(pulled(shop, before)) == before


def test_a_pack_that_is_new_gets_a_key_of_its_name() -> None:
    now = CREDITS + "  more: {name: Große Überraschung!, credits: 5, price: 2.00}\n"
    now += "  again: {name: große überraschung, credits: 6, price: 3.00}\n"
    with opened(NEWER) as shop:
        shop.make(now)
        after = text_of(pulled(shop, CREDITS))
        assert after == CREDITS + (
            "  grosse_uberraschung: {name: Große Überraschung!, credits: 5, price: 2.00}\n"
            "  grosse_uberraschung_2: {name: große überraschung, credits: 6, price: 3.00}\n"
        )


def test_a_default_that_was_another_ones_anchor_stays_a_default() -> None:
    """A text half way, in which no price is the default, must not be taken for what is wanted."""
    text = """\
version: 1
features:
  sso: {name: SSO, type: boolean}
plans:
  a:
    name: A
    prices:
      weekly: {price: 1.00, is_default: &t true}
    features: {sso: *t}
  b:
    name: B
    prices:
      weekly: {price: 1.00, is_default: *t}
"""
    now = text.replace("weekly: {price: 1.00, is_default: &t true}", "quarterly: {price: 1.00}")
    now = now.replace("sso: *t", "sso: false").replace("*t", "true")
    assert "is_default: false" not in changed(text, now)
