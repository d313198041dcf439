"""Broken catalogs, one mistake each: what both the loader and the schema say no to."""

#: What each begins with, unless it says otherwise.
_HEAD = "version: 1\n"


def _in_price(text: str) -> str:
    return f"plans: {{pro: {{name: Pro, prices: {{monthly: {text}}}}}}}\n"


def _in_plan(text: str) -> str:
    return f"plans: {{pro: {{name: Pro, {text}}}}}\n"


def _in_plan_feature(text: str) -> str:
    return _in_plan(f"consumption_model: metered, features: {{calls: {text}}}")


def _in_feature(text: str) -> str:
    return f"features: {{calls: {text}}}\n"


def _in_pack(text: str) -> str:
    return f"credit_packs: {{a: {text}}}\n"


def _in_policy(text: str) -> str:
    return f"policy: {{{text}}}\n"


_BODIES = {
    "an unknown key at the top": "plnas: {}\n",
    "an unknown key of a feature": _in_feature("{name: Calls, type: usage, unit: call}"),
    "an unknown key of a plan": _in_plan("trial_days: 5"),
    "an unknown key of a price": _in_price("{price: 5, trial: 7}"),
    "an unknown key of a regional price": _in_price("{price: 5, regional_prices: {eur: {price: 5, balance: 1}}}"),
    "an unknown key of a plan feature": _in_plan_feature("{include: 5}"),
    "an unknown key of an overage": _in_plan_feature("{overage: {unit_price: 1, price: 2}}"),
    "an unknown key of a lifecycle": _in_plan("lifecycle: {protct: true}"),
    "an unknown key of a pack": _in_pack("{name: A, credits: 1, price: 1, active: true}"),
    "an unknown key of the policy": _in_policy("max_delete: 5"),
    "a mode that is none": "mode: sandbx\n",
    "a version of the API that is none": 'api_version: "2025-01-01"\n',
    "a scale that is none": "price_scale: cents\n",
    "plans in a list": "plans: [pro]\n",
    "features of text": "features: all\n",
    "a feature without a name": _in_feature("{type: usage}"),
    "a feature without a type": _in_feature("{name: Calls}"),
    "a feature whose name is null": _in_feature("{name: null, type: usage}"),
    "a type that is none": _in_feature("{name: Calls, type: metered}"),
    "a name that is a number": _in_feature("{name: 42, type: usage}"),
    "a name that is empty": _in_feature('{name: "", type: usage}'),
    "a name of two lines": _in_feature('{name: "a\\nb", type: usage}'),
    "a name with space at its end": _in_feature('{name: "Calls ", type: usage}'),
    "a code that is none": "features: {API-calls: {name: Calls, type: usage}}\n",
    "a plan without a name": "plans: {pro: {}}\n",
    "a plan with a code that is none": "plans: {Pro: {name: Pro}}\n",
    "a plan that is text": "plans: {pro: Pro}\n",
    "a model that is none": _in_plan("consumption_model: prepaid"),
    "a visibility that is none": _in_plan("visibility: hidden"),
    "a boolean of text": _in_plan('is_free: "no"'),
    "metadata of a fraction": _in_plan("metadata: {a: 1.5}"),
    "metadata in a list": _in_plan("metadata: {a: [1]}"),
    "metadata of commetctl": _in_plan("metadata: {commetctl: x}"),
    "an interval that is none": _in_plan("prices: {annual: {price: 5}}"),
    "a price without a mapping": _in_plan("prices: {monthly: 5}"),
    "a price without an amount": _in_price("{trial_days: 5}"),
    "an amount with a sign": _in_price("{price: -5}"),
    "an amount with a symbol": _in_price("{price: $5}"),
    "an amount with a comma": _in_price('{price: "5,00"}'),
    "an amount with three decimals in quotes": _in_price('{price: "5.005"}'),
    "an amount that is true": _in_price("{price: true}"),
    "a trial of less than nothing": _in_price("{price: 5, trial_days: -1}"),
    "a trial of half a day": _in_price("{price: 5, trial_days: 0.5}"),
    "a trial of text": _in_price('{price: 5, trial_days: "5"}'),
    "a currency that is none": _in_price("{price: 5, regional_prices: {xyz: 5}}"),
    "a currency in capitals": _in_price("{price: 5, regional_prices: {EUR: 5}}"),
    "half a yen": _in_price("{price: 5, regional_prices: {jpy: 720.5}}"),
    "half a yen in a mapping": _in_price("{price: 5, regional_prices: {jpy: {price: 720.5}}}"),
    "a regional price in a list": _in_price("{price: 5, regional_prices: {eur: [5]}}"),
    "a feature of a plan that is a word": _in_plan_feature("yes please"),
    "a feature of a plan that is a number": _in_plan_feature("5"),
    "an included amount of less than nothing": _in_plan_feature("{included_amount: -1}"),
    "an overage without a price": _in_plan_feature("{overage: {}}"),
    "an overage that is a number": _in_plan_feature("{overage: 0.5}"),
    "a unit price with five decimals in quotes": _in_plan_feature('{overage: {unit_price: "0.00001"}}'),
    "a unit price in a currency that is none": _in_plan_feature("{overage: {unit_price: 1, regional_prices: {eu: 1}}}"),
    "a mode of pricing that is none": _in_plan_feature("{pricing_mode: model}"),
    "a margin of more than tenfold": _in_plan(
        "consumption_model: balance, features: {calls: {pricing_mode: ai_model, margin_percent: 1001}}"
    ),
    "an exchange rate of nothing": _in_plan("prices: {monthly: {price: 5}}, exchange_rates: {eur: 0}"),
    "an exchange rate of nothing in quotes": _in_plan('prices: {monthly: {price: 5}}, exchange_rates: {eur: "0.00"}'),
    "an exchange rate of no currency": _in_plan("prices: {monthly: {price: 5}}, exchange_rates: {eu: 1}"),
    "a pack without credits": _in_pack("{name: A, price: 5}"),
    "a pack of no credits": _in_pack("{name: A, credits: 0, price: 5}"),
    "a pack without a price": _in_pack("{name: A, credits: 5}"),
    "a pack with a long name": _in_pack(f"{{name: {'a' * 101}, credits: 5, price: 5}}"),
    "a pack with an id that is none": _in_pack("{name: A, credits: 5, price: 5, id: a/b}"),
    "a share of more than all": _in_policy("max_deletes: 101%"),
    "a share without a sign": _in_policy("max_price_change: 50"),
    "a limit that is a word": _in_policy("max_updates: never"),
    "a policy that is a number": "policy: 5\n",
}  # fmt: skip

BROKEN = {name: _HEAD + body for name, body in _BODIES.items()} | {
    "no version": "plans: {}\n",
    "a later version": "version: 2\n",
    "a version in quotes": 'version: "1"\n',
    "a list": "- version: 1\n",
}

#: What is allowed and looks as if it might not be.
ODD = {
    "nothing but a version": "version: 1\n",
    "empty sections": "version: 1\nplans: {}\nfeatures: ~\ncredit_packs: null\n",
    "entries and fields of null": (
        "version: 1\nmode: null\npolicy: {max_deletes: null}\n"
        "features: {a: null, b: {name: B, type: usage, unit_name: null}}\n"
        "plans: {pro: {name: Pro, description: null, prices: {monthly: null}, lifecycle: null, metadata: {a: null}}}\n"
    ),
    "amounts in quotes": _HEAD + _in_price('{price: "5.00", regional_prices: {eur: "4.500", jpy: "720.0"}}'),
    "short forms": (
        "version: 1\nplans: {pro: {name: Pro, consumption_model: metered, prices: {monthly: {price: 0, "
        "regional_prices: {eur: 5, jpy: 700}}}, features: {a: true, b: false, c: unlimited, d: {}, e: null}}}\n"
    ),
    "limits": "version: 1\npolicy: {max_deletes: 100%, max_updates: off, max_price_change: 1250.5%}\n",
    "labels": _HEAD + _in_plan('metadata: {a: x, b: 5, c: true, d: -5, e: ""}'),
    "rates": _HEAD + _in_plan('prices: {monthly: {price: 5}}, exchange_rates: {eur: 0.92, brl: "5.20", jpy: 150}'),
    "a feature of a plan by any name, where features are not managed": _HEAD + _in_plan("features: {API-calls: true}"),
    "anchors and merges": (
        "version: 1\nplans:\n  a: &a {name: A, visibility: public}\n  b: {<<: *a, name: B}\n  c: {<<: [*a], name: C}\n"
    ),
    "a date for a name": "version: 1\nfeatures: {a: {name: 2026-01-01, type: boolean}}\n",
    "the newest currency and interval": (
        "version: 1\nplans: {pro: {name: Pro, prices: {semiannual: {price: 5, regional_prices: {gbp: 5}}}}}\n"
    ),
}
