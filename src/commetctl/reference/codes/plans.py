"""The codes of catalogs that break a rule of billing, although each of their values is right."""

from commetctl.reference.codes.code import Theme, problem

RULES = Theme(
    "Rules of the catalog",
    "What cannot be sold like this, although each value is right. The rules are those of Commet's own documentation.",
    (
        problem(
            "duplicate_name",
            "Two features, two plans or two packs have the same name. Commet refuses most of them, and readers mix up "
            "the rest. Give each its own.",
        ),
        problem(
            "duplicate",
            "Two packs have the same `previous_name` or the same `id`, so both mean the same pack in Commet. Keep it "
            "at one of them.",
        ),
        problem(
            "same_name",
            "`previous_name` is the name itself, so there is nothing to rename. Remove `previous_name`.",
        ),
        problem(
            "unknown_feature",
            "A plan includes a feature that is not declared under `features:`. Declare it there, or correct the code. "
            "A file without that section may include any.",
        ),
        problem(
            "unknown_interval",
            "The key under `prices:` is not a billing interval of Commet: those are `weekly`, `monthly`, `quarterly`, "
            "`semiannual`, `yearly` and `one_time`.",
        ),
        problem(
            "interval_not_in_version",
            "The interval exists, and not in the API version that is chosen: `semiannual` came with 2026-08-27. Use "
            "that version, which is the default.",
        ),
        problem(
            "unknown_currency",
            "The key is not a currency that Commet prices in. Currencies are written in lower case; the hint names "
            "the nearest, or all of them.",
        ),
        problem(
            "currency_not_in_version",
            "The currency exists, and not in the API version that is chosen: `gbp` came with 2026-08-27. Use that "
            "version, which is the default.",
        ),
        problem(
            "scale_is_settled",
            "`price_scale` is for API version 2026-07-11 alone, whose sources disagree about what its integers mean. "
            "All other versions leave no choice. Remove the key.",
        ),
        problem(
            "default_price",
            "A plan has several prices, and none of them or more than one is the default. The default is what a "
            "customer gets who does not choose, so it is not guessed. Set `is_default: true` on exactly one.",
        ),
        problem(
            "price_on_free_plan",
            "A plan with `is_free: true` has a price. Remove the price, or `is_free`; an existing plan cannot change "
            "from one to the other.",
        ),
        problem("overage_on_free_plan", "A free plan has no overage: there is nobody to bill it to. Remove `overage`."),
        problem(
            "overage_on_credits_plan",
            "A plan on credits has no overage: who has used up the credits buys a pack. Declare `credit_packs:`, or "
            "use another consumption model.",
        ),
        problem(
            "overage_without_model",
            "A feature has an overage, and its plan no consumption model, so nobody counts the use. Set "
            "`consumption_model` to `metered` or `balance`.",
        ),
        problem("trial_on_one_time", "A price that is paid once has no trial. Remove `trial_days`."),
        problem(
            "wrong_model",
            "A field belongs to another consumption model: included credits to `credits`, an included balance and "
            "`pricing_mode: ai_model` to `balance`. Set the model on the plan, or remove the field. The model of an "
            "existing plan cannot change.",
        ),
        problem(
            "usage_without_model",
            "A plan includes a usage feature and has no consumption model, so it is not said what happens when the "
            "amount is used up. Set `consumption_model` to `metered`, `credits` or `balance`.",
        ),
        problem(
            "boolean_feature",
            "A boolean feature has an amount, an overage or the like. It is only on or off: write `true` or `false`, "
            "or give the feature another type under a new code.",
        ),
        problem(
            "unlimited_and_amount",
            "`unlimited` stands beside `included_amount`. Unlimited includes any amount. Keep the one that is meant.",
        ),
        problem(
            "unlimited_and_overage",
            "`unlimited` stands beside `overage`. What is unlimited is never exceeded. Keep the one that is meant.",
        ),
        problem(
            "margin_without_ai_model",
            "`margin_percent` is on top of what an AI model costs, and counts only with `pricing_mode: ai_model`. Set "
            "that, or remove it.",
        ),
        problem(
            "bad_margin",
            "`margin_percent` is more than 1000 or has more than two decimals. It is in percent: 20 means a fifth on "
            "top of what the model costs.",
        ),
        problem(
            "balance_missing",
            "A price includes a balance, and one of its regional prices does not say what that is in its currency. "
            "Add `included_balance` there, or remove the regional price and give the plan an exchange rate.",
        ),
        problem(
            "balance_without_base",
            "A regional price includes a balance, and the price in US dollars does not. Add `included_balance` to the "
            "price, or remove it here.",
        ),
        problem(
            "rate_missing",
            "A unit price is written in a currency for which the plan has no exchange rate. The API sets the two only "
            "together. Add the currency under `exchange_rates:` of the plan.",
        ),
        problem(
            "nothing_to_convert",
            "A plan has exchange rates and neither prices nor features. Commet takes a rate only together with an "
            "amount. Add a price, or remove the rates.",
        ),
    ),
)
