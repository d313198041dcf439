"""Catalogs that a rule is about."""

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
    "market_currency_missing": [
        (in_market("brl", "consumption_model: metered, features: {a: {overage: {unit_price: 0.02}}}"), 1),
        (in_market("brl", "consumption_model: balance", "included_balance: 10.00"), 1),
        (
            in_market(
                "brl",
                "consumption_model: balance, features: {a: {overage: {unit_price: 0.02}}}",
                "included_balance: 10.00, regional_prices: {eur: {price: 45.00, included_balance: 9.00}}",
            ),
            1,
        ),
    ],
    "public_without_price": [(plan("visibility: public"), 1), (plan("visibility: public, prices: {}"), 1)],
    "unused_feature": [
        (FEATURES + plan("features: {a: {included_amount: 1}}"), 1),
        (FEATURES + plan("visibility: private"), 2),
    ],
    "addon_without_plan": [
        (addon("consumption_model: credits, credit_cost: 1") + plan("consumption_model: metered"), 1),
        (addon("consumption_model: metered, included_units: 1, overage_rate: 1") + plan("visibility: private"), 1),
        # Both plans of the model have the feature; the third has another model.
        (
            addon("consumption_model: balance, overage_rate: 0.5")
            + "plans:\n"
            + "  pro: {name: Pro, consumption_model: balance, features: {a: true}}\n"
            + "  team: {name: Team, consumption_model: balance, features: {a: {included_amount: 1}}}\n"
            + "  free: {name: Free}",
            1,
        ),
        (addon("consumption_model: boolean", feature="b") + plan("features: {a: true, b: true}"), 1),
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
        (addon("consumption_model: boolean", price="5.01"), 1),
        (balances("30.01", "27.00"), 1),
        # Cents without a point beside amounts that have one.
        (tiers(monthly("29.00"), monthly("4900"), monthly("99.00")), 1),
        (packs("10.00", "30.00", "2500"), 1),
        # A point between thousands, also in a currency that has no cents.
        *((prices(monthly=amount), 1) for amount in ("1.500", "12.000", "999.000")),
        (regional("jpy: 7.000, eur: 1.200"), 2),
    ],
    "offer_currency": [
        (offered("{amount_off: {amounts: {usd: 10.00}}}"), 1),
        (offered("{amount_off: {amounts: {eur: 9.00}}}"), 1),
        (offered("{amount_off: {amounts: {usd: 10.00}, cycles: 1}}, {fixed_price: {prices: {usd: 19.00}}}"), 2),
        (offered("{amount_off: {amounts: {usd: 10.00}}}", ", plans: [abroad]"), 1),
        # A market has a currency of its own, in a variant too.
        (offered("{amount_off: {amounts: {usd: 10.00}}}", ", plans: [brazil]"), 1),
        (offered("{amount_off: {amounts: {usd: 10.00, brl: 50.00}}}", ", plans: [tested]"), 1),
    ],
    "unknown_country": [("markets: {a: {name: A, countries: [UK, DE, XX]}}", 2)],
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
