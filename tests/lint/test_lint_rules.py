"""Each rule: catalogs that it is about, and such as come near and are right."""

from pathlib import Path

import pytest
from lints import codes, monthly, plan, prices, said, tiers

FEATURES = "features: {a: {name: Alpha, type: quota}, b: {name: Bravo, type: boolean}}\n"
QUOTAS = f"features: {{{', '.join(f'f{n}: {{name: Feature {n}, type: quota}}' for n in range(8))}}}\n"
NAMES = "features: {{a: {{name: {}, type: boolean}}, b: {{name: {}, type: boolean}}}}"


def regional(rest: str, rates: str = "", price: str = "49.00") -> str:
    exchange = f", exchange_rates: {{{rates}}}" if rates else ""
    return plan(f"prices: {{monthly: {{price: {price}, regional_prices: {{{rest}}}}}}}{exchange}")


def overage(base: str, rest: str, rates: str) -> str:
    feature = f"a: {{overage: {{unit_price: {base}, regional_prices: {{{rest}}}}}}}"
    return plan(f"consumption_model: metered, {monthly('49.00')}, features: {{{feature}}}, exchange_rates: {{{rates}}}")


def balances(usd: str, eur: str) -> str:
    price = (
        f"price: 40.00, included_balance: {usd}, regional_prices: {{eur: {{price: 37.00, included_balance: {eur}}}}}"
    )
    return plan(f"consumption_model: balance, prices: {{monthly: {{{price}}}}}, exchange_rates: {{eur: 0.92}}")


def implied(*amounts: str) -> str:
    """Plans at 100 dollars with a price in euros each, and no exchange rate."""
    return tiers(*(monthly("100.00", f"regional_prices: {{eur: {amount}}}") for amount in amounts))


def packs(*amounts: str) -> str:
    names = ("Small", "Middle", "Large")
    found = [f"{n.lower()}: {{name: {n}, credits: 9, price: {a}}}" for n, a in zip(names, amounts, strict=False)]
    return f"credit_packs: {{{', '.join(found)}}}"


#: For each code, files about which exactly this is said, as often as the code is listed.
FIRES: dict[str, list[tuple[str, int]]] = {
    "yearly_dearer": [
        (prices(monthly="10.00", yearly="120.50"), 1),
        (prices(monthly="10.00", yearly="1000.00"), 1),
        (prices(monthly="0", yearly="10.00"), 1),
        (
            prices(
                monthly="price: 10.00, regional_prices: {eur: 9.00, jpy: 1500}",
                yearly="price: 100.00, regional_prices: {eur: 109.00, jpy: 18001}",
            ),
            2,
        ),
        # The pair of the quarter and the year is out of proportion too, and it is the same slip.
        (prices(monthly="10.00", quarterly="29.00", yearly="999.00"), 1),
    ],
    "interval_proportion": [
        (prices(monthly="49.00", yearly="49.00"), 1),
        (prices(monthly="49.00", yearly="4.90"), 1),
        (prices(monthly="49.00", yearly="0.00"), 1),
        (prices(monthly="10.00", quarterly="31.00"), 1),
        (prices(monthly="0.00", quarterly="10.00"), 1),
        (prices(quarterly="99.00", yearly="99.00"), 1),
        (prices(quarterly="99.00", semiannual="210.00"), 1),
        (prices(weekly="10.00", monthly="45.00"), 1),
        (prices(weekly="10.00", yearly="600.00"), 1),
        # One slip in the middle is one warning.
        (prices(monthly="10.00", quarterly="200.00", yearly="100.00"), 1),
        # In three currencies it is still one.
        (
            prices(
                monthly="price: 10.00, regional_prices: {eur: 9.00, jpy: 1500}",
                yearly="price: 10.00, regional_prices: {eur: 9.00, jpy: 1500}",
            ),
            1,
        ),
        # In one currency alone.
        (
            prices(
                monthly="price: 10.00, regional_prices: {jpy: 1500}",
                yearly="price: 100.00, regional_prices: {jpy: 1500}",
            ),
            1,
        ),
    ],
    "regional_off_rate": [
        (regional("eur: 90.00", "eur: 0.92"), 1),
        (regional("brl: 49.00", "brl: 5.20"), 1),
        (regional("jpy: 720000", "jpy: 150"), 1),
        (regional("jpy: 49", "jpy: 150"), 1),
        (regional("eur: 9.00", "eur: 0.92", "0.00"), 1),
        (overage("0.01", "eur: 0.1", "eur: 0.92"), 1),
        (overage("0.01", "eur: 0.001", "eur: 0.92"), 1),
        (balances("30.00", "3.00"), 1),
        # The rate of another plan, where the plan has none.
        (
            tiers(
                monthly("10.00", "regional_prices: {eur: 9.00}") + ", exchange_rates: {eur: 0.92}",
                monthly("20.00", "regional_prices: {eur: 180.00}"),
            ),
            1,
        ),
        # What most prices say, where no plan has a rate.
        (implied("90.00", "92.00", "920.00"), 1),
        (implied("90.00", "9.00", "89.00", "95.00"), 1),
    ],
    "currency_missing": [
        (tiers(monthly("10.00", "regional_prices: {eur: 9.00}"), monthly("20.00")), 1),
        (tiers(monthly("10.00") + ", exchange_rates: {eur: 0.92}", monthly("20.00")), 1),
        (
            tiers(
                monthly("10.00", "regional_prices: {eur: 9.00, gbp: 8.00}"),
                monthly("20.00", "regional_prices: {eur: 18.00, gbp: 16.00}"),
                monthly("30.00", "regional_prices: {eur: 27.00}"),
            ),
            1,
        ),
        (prices(monthly="price: 10.00, regional_prices: {eur: 9.00}", yearly="100.00"), 1),
        (
            prices(
                monthly="price: 10.00, regional_prices: {eur: 9.00}",
                yearly="price: 100.00, regional_prices: {gbp: 80.00}",
            ),
            2,
        ),
    ],
    "public_without_price": [(plan("visibility: public"), 1), (plan("visibility: public, prices: {}"), 1)],
    "unused_feature": [
        (FEATURES + plan("features: {a: {included_amount: 1}}"), 1),
        (FEATURES + plan("visibility: private"), 2),
    ],
    "dearer_includes_less": [
        (FEATURES + tiers(f"{monthly('1.00')}, features: {{a: unlimited, b: true}}", f"{monthly('2.00')}"), 1),
        (
            FEATURES
            + tiers(
                f"{monthly('1.00')}, features: {{a: {{included_amount: 5}}, b: true}}",
                f"{monthly('2.00')}, features: {{a: {{included_amount: 4}}, b: true}}",
            ),
            1,
        ),
        (
            FEATURES
            + tiers(
                f"{monthly('1.00')}, features: {{a: unlimited, b: true}}",
                f"{monthly('2.00')}, features: {{a: {{included_amount: 4000}}, b: false}}",
            ),
            1,
        ),
        # Found between neighbours, each pair once, although there are two intervals.
        (
            FEATURES
            + tiers(
                "prices: {monthly: {price: 3.00, is_default: true}, yearly: {price: 30.00}}, features: {a: unlimited}",
                "prices: {monthly: {price: 1.00, is_default: true}, yearly: {price: 10.00}}, features: {b: true}",
                "prices: {monthly: {price: 2.00, is_default: true}, yearly: {price: 20.00}}, features: {a: unlimited}",
            ),
            1,
        ),
    ],
    "odd_cents": [
        *((prices(monthly=amount), 1) for amount in ("49.01", "19.83", "0.42", "12.34", "7.96")),
        (regional("eur: 45.01"), 1),
        (prices(quarterly="29.98", yearly="100.01"), 1),
        (packs("10.00", "20.02"), 1),
        (balances("30.01", "27.00"), 1),
        # Cents without a point beside amounts that have one.
        (tiers(monthly("29.00"), monthly("4900"), monthly("99.00")), 1),
        (packs("10.00", "30.00", "2500"), 1),
    ],
    "near_duplicate_name": [
        *(
            (NAMES.format(*pair), 1)
            for pair in (
                ("API calls", "Api-Calls"),
                ("API calls", "APICalls"),
                ("Team 5", "Team-5"),
                ("Ｓｅａｔｓ", "Seats"),
                ("Monthly active user", "Monthly active users"),
                ("Image generation", "Image generatoin"),
                ("Straße", "STRASSE"),
            )
        ),
        ("plans: {a: {name: Pro Plan}, b: {name: ProPlan}}", 1),
        ("credit_packs: {a: {name: Big Pack, credits: 1, price: 1}, b: {name: big pack, credits: 1, price: 1}}", 1),
        ("plans: {a: {name: Pro Plan}, b: {name: ProPlan}, c: {name: pro-plan}}", 2),
    ],
}

#: Files that come near, and about which nothing at all is said.
SILENT: dict[str, list[str]] = {
    "yearly_dearer": [
        prices(monthly="10.00", yearly="120.00"),
        prices(monthly="9.99", yearly="119.88"),
        prices(monthly="0", yearly="0"),
        prices(yearly="1000.00", one_time="10.00"),
    ],
    "interval_proportion": [
        prices(monthly="10.00", quarterly="29.00", semiannual="55.00", yearly="100.00"),
        prices(monthly="9.99", quarterly="29.99"),
        prices(monthly="49.00", yearly="199.00"),
        prices(weekly="18.00", monthly="59.00", semiannual="319.00", yearly="590.00"),
        prices(weekly="10.00", monthly="43.00"),
        prices(monthly="10.00", one_time="10.00"),
        prices(weekly="10.00", one_time="1.00"),
        prices(monthly="0", quarterly="0"),
    ],
    "regional_off_rate": [
        regional("eur: 45.00, brl: 149.00, jpy: 7200", "eur: 0.92, brl: 5.20, jpy: 150"),
        regional("eur: 9000.00"),
        regional("jpy: 2", "jpy: 20", "0.05"),
        regional("eur: 0", "eur: 0.92", "0"),
        overage("0.0001", "eur: 0.0002", "eur: 0.92"),
        overage("0.012", "clp: 11.5", "clp: 940"),
        balances("30.00", "27.00"),
        # Two prices do not say which of them is wrong.
        implied("90.00", "920.00"),
        implied("90.00", "92.00", "60.00"),
    ],
    "currency_missing": [
        tiers(monthly("10.00", "regional_prices: {eur: 9.00}"), f"{monthly('20.00')}, exchange_rates: {{eur: 0.92}}"),
        # Two of three lack it: that may be how it is.
        tiers(monthly("10.00", "regional_prices: {eur: 9.00}"), monthly("20.00"), monthly("30.00")),
        tiers(monthly("10.00", "regional_prices: {eur: 9.00}")),
        tiers(monthly("10.00", "regional_prices: {eur: 9.00}"), "is_free: true"),
        tiers(monthly("10.00", "regional_prices: {eur: 9.00}"))
        + "\n  z: {name: Zulu, prices: {monthly: {price: 20.00}}}",
        prices(monthly="price: 10.00, regional_prices: {eur: 9.00}", yearly="100.00")[:-1]
        + ", exchange_rates: {eur: 0.92}}",
    ],
    "public_without_price": [plan("visibility: private"), plan("is_free: true, visibility: public")],
    "unused_feature": [
        FEATURES,
        FEATURES + "plans: {}",
        FEATURES + plan("features: {a: {included_amount: 1}, b: false}"),
        plan("features: {b: true}"),
    ],
    "dearer_includes_less": [
        FEATURES
        + tiers(
            f"{monthly('1.00')}, features: {{a: {{included_amount: 5}}}}",
            f"{monthly('2.00')}, features: {{a: {{included_amount: 5}}, b: true}}",
            f"{monthly('3.00')}, features: {{a: unlimited, b: true}}",
        ),
        # The same price, another interval, no price, another model, private: not to be compared.
        FEATURES + tiers(f"{monthly('2.00')}, features: {{a: unlimited, b: true}}", monthly("2.00")),
        FEATURES + tiers("prices: {yearly: {price: 2.00}}, features: {a: unlimited, b: true}", monthly("3.00")),
        FEATURES + tiers("is_free: true, features: {a: unlimited, b: true}", monthly("3.00")),
        FEATURES
        + tiers(f"{monthly('1.00')}, features: {{a: unlimited, b: true}}")
        + f"\n  z: {{name: Zulu, visibility: public, consumption_model: metered, {monthly('2.00')}}}",
        FEATURES
        + plan(f"{monthly('1.00')}, features: {{a: unlimited, b: true}}")
        + f"\n  z: {{name: Z, {monthly('2.00')}}}",
        # What the cheaper plan lists as not included.
        FEATURES + tiers(f"{monthly('1.00')}, features: {{a: {{enabled: false}}, b: false}}", monthly("2.00")),
    ],
    "odd_cents": [
        *(
            prices(monthly=it)
            for it in ("49", "49.00", "49.50", "49.95", "49.99", "49.97", "49.98", "9.49", "1.19", "0")
        ),
        prices(yearly="95.88"),
        prices(monthly="9.99", yearly="119.88"),
        regional("jpy: 7201, clp: 18991"),
        # What Commet would make of it is no slip, if it is written out.
        regional("eur: 45.08", "eur: 0.92"),
        overage("0.0123", "eur: 0.0113", "eur: 0.92"),
        # Whole amounts are fine where none has a point, and where they are simply large.
        tiers(monthly("29"), monthly("4900"), monthly("99")),
        tiers(monthly("29.00"), monthly("99.00"), monthly("12000")),
        tiers(monthly("29.00"), monthly("49")),
        packs("2500"),
    ],
    "near_duplicate_name": [
        NAMES.format(*pair)
        for pair in (
            ("Team 5", "Team 10"),
            ("Enterprise 10", "Enterprise 100"),
            ("Support Tier I", "Support Tier II"),
            ("Support level A", "Support level B"),
            ("Storage in GB", "Storage in TB"),
            ("Business", "Business+"),
            ("Version 1.5", "Version 15"),
            ("Chat on the small model", "Chat on the large model"),
            ("Input tokens", "Output tokens"),
            ("Seats", "Agents"),
        )
    ]
    + ["features: {a: {name: Storage, type: quota}}\ncredit_packs: {a: {name: storage, credits: 1, price: 1}}"],
}


@pytest.mark.parametrize(("code", "text", "times"), [(c, t, n) for c, some in FIRES.items() for t, n in some])
def test_a_rule_says_what_is_wrong_and_nothing_else_does(code: str, text: str, times: int, tmp_path: Path) -> None:
    assert codes(tmp_path, text) == [code] * times


@pytest.mark.parametrize("text", [text for some in SILENT.values() for text in some])
def test_what_comes_near_is_right(text: str, tmp_path: Path) -> None:
    assert said(tmp_path, text) == []


def test_many_features_are_named_in_one_warning(tmp_path: Path) -> None:
    everything = ", ".join(f"f{number}: unlimited" for number in range(8))
    lines = said(tmp_path, QUOTAS + tiers(f"{monthly('1.00')}, features: {{{everything}}}", f"{monthly('2.00')}"))
    assert lines[0] == (
        "5:3: warning: plan.b: `features`: the plan costs more than `a` (monthly) and includes less of "
        "`f0` (none, not unlimited), `f1` (none, not unlimited), `f2` (none, not unlimited), "
        "`f3` (none, not unlimited), `f4` (none, not unlimited) and 3 more [dearer_includes_less]"
    )
    assert lines[1:] == ["  hint: include at least as much, or check the prices of both"]


def test_the_hint_for_cents_names_the_currency_without_any(tmp_path: Path) -> None:
    lines = said(tmp_path, regional("jpy: 720000, eur: 4500.00", "jpy: 150, eur: 0.92"))
    assert lines == [
        "3:71: warning: regional_price.pro/monthly/jpy: `price`: 720000 JPY is far from 7350 JPY, which 49.00 USD is "
        "at the exchange rate of this plan [regional_off_rate]",
        "  hint: JPY has no smaller unit",
        "3:84: warning: regional_price.pro/monthly/eur: `price`: 4500.00 EUR is far from 45.08 EUR, which 49.00 USD is "
        "at the exchange rate of this plan [regional_off_rate]",
        "  hint: write amounts as on a price tag, not in cents",
    ]


def test_proportion_is_said_with_what_the_shorter_one_comes_to(tmp_path: Path) -> None:
    lines = said(tmp_path, prices(weekly="price: 10.00, regional_prices: {eur: 9.00}",
                                  monthly="price: 45.00, regional_prices: {eur: 40.00}"))  # fmt: skip
    assert lines[0] == (
        "3:111: warning: plan_price.pro/monthly: `price`: 45.00 USD is more than `weekly` comes to in that time, "
        "43.33 USD, and so in EUR [interval_proportion]"
    )


def test_warnings_are_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = prices(monthly="49.01", yearly="1000.00") + "\n  new: {name: PRO, visibility: public}"
    assert codes(tmp_path, text) == ["odd_cents", "yearly_dearer", "public_without_price", "near_duplicate_name"]


def test_what_an_alias_repeats_is_said_of_each(tmp_path: Path) -> None:
    text = "plans:\n  a: {name: A, prices: &p {monthly: {price: 49.01}}}\n  b: {name: B, prices: *p}"
    assert [line.split(": ")[2] for line in said(tmp_path, text)[::2]] == [
        "plan_price.a/monthly",
        "plan_price.b/monthly",
    ]
