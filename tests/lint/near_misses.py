"""Catalogs that come near, and are right."""

from lints import (
    FEATURES,
    NAMES,
    addon,
    balances,
    implied,
    in_market,
    monthly,
    offered,
    overage,
    packs,
    plan,
    prices,
    regional,
    tiers,
)

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
    "market_currency_missing": [
        in_market("usd", "consumption_model: metered, features: {a: {overage: {unit_price: 0.02}}}"),
        in_market(
            "brl",
            "consumption_model: metered, features: {a: {overage: {unit_price: 0.02}}}, exchange_rates: {brl: 5.20}",
        ),
        in_market(
            "brl",
            "consumption_model: balance",
            "included_balance: 10.00, regional_prices: {brl: {price: 249.00, included_balance: 49.00}}",
        ),
        in_market("brl", "features: {a: {included_amount: 1}}"),
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
        # An add-on adds it.
        FEATURES + addon("consumption_model: boolean", "b") + plan("features: {a: {included_amount: 1}}"),
        FEATURES + plan("features: {a: {included_amount: 1}, b: false}"),
        plan("features: {b: true}"),
    ],
    "addon_without_plan": [
        addon("consumption_model: credits, credit_cost: 1"),
        addon("consumption_model: credits, credit_cost: 1") + "plans: {}",
        addon("consumption_model: boolean") + plan("features: {a: false}"),
        # One of two plans of the model does not have the feature.
        addon("consumption_model: metered, included_units: 0, overage_rate: 0.02")
        + "plans:\n  pro: {name: Pro, consumption_model: metered, features: {a: true}}\n"
        + "  team: {name: Team, consumption_model: metered}",
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
        regional("jpy: 720.0, clp: 1000.000, eur: 0.500"),
        prices(monthly="1.5000"),
        # What Commet would make of it is no slip, if it is written out.
        regional("eur: 45.08", "eur: 0.92"),
        overage("0.0123", "eur: 0.0113", "eur: 0.92"),
        # Whole amounts are fine where none has a point, and where they are simply large.
        tiers(monthly("29"), monthly("4900"), monthly("99")),
        tiers(monthly("29.00"), monthly("99.00"), monthly("12000")),
        tiers(monthly("29.00"), monthly("49")),
        packs("2500"),
    ],
    "offer_currency": [
        offered("{amount_off: {amounts: {usd: 10.00, eur: 9.00}}}"),
        offered("{percentage: {percent: 50}}"),
        offered("{free_trial: {days: 7}}, {percentage: {percent: 50}}"),
        offered("{amount_off: {amounts: {usd: 10.00}}}", ", plans: [home]"),
        offered("{amount_off: {amounts: {usd: 10.00, brl: 50.00}}}", ", plans: [brazil]"),
        # Not every offer is for a code.
        offered("{amount_off: {amounts: {usd: 10.00}}}").partition("promo_codes:")[0],
    ],
    "unknown_country": ["markets: {a: {name: A, countries: [GB, DE]}}"],
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
