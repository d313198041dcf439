"""A file with thirty mistakes, and the thirty things that are said about it."""

from pathlib import Path

from catalogs import problems

ALL_AT_ONCE = """\
version: 1
mode: test
price_scale: rate
plnas: {}
features:
  API: {name: API, type: usage}
  calls: {name: Calls, type: usages, unitname: call}
  seats: {name: " Seats", type: seats}
  sso: {name: SSO, type: boolean}
  login: {name: SSO, type: boolean}
plans:
  free:
    name: Free
    is_free: true
    prices: {monthly: {price: 0}}
  pro:
    name: Pro
    descripton: For teams
    metadata: {a: 1.5, b: [1], commetctl: x}
    prices:
      annual: {price: 9.999, is_default: yes, regional_prices: {jpy: 7200.5, chf: 5}}
      one_time: {price: 1e3, trial_days: -1}
    features:
      sso: unlimited
      sseats: true
      calls: {unlimited: true, included_amount: 5, overage: {unit_price: 0.00001}}
    exchange_rates: {eur: 0}
  team:
    name: Team
    consumption_model: metered
    prices:
      monthly: {price: 5, included_credits: 5}
      yearly: {price: 50}
      yearly: {price: 60}
    features:
      seats: {overage: {unit_price: 1, regional_prices: {brl: 5}}}
credit_packs:
  small: {credits: 0}
  large: {name: Large, credits: 10, price: 0.001, previous_name: Large, id: "cpk 1"}
"""

EVERYTHING = """\
2:7: `mode` must be one of: sandbox, live
3:1: `price_scale`: API version 2026-08-27 has no choice: prices are in minor units
  hint: remove it
4:1: `plnas` is not a known key
  hint: did you mean `plans`?
6:3: feature.API: `API` is not a code
  hint: use lower-case letters, digits and underscores
7:30: feature.calls: `type` must be one of: boolean, usage, seats, quota
7:38: feature.calls: `unitname` is not a known key
  hint: did you mean `unit_name`?
8:17: feature.seats: `name`: begins or ends with white space
10:17: feature.login: `name`: `SSO` is already the name of `sso`
  hint: give each its own name
15:14: plan_price.free/monthly: a free plan has no prices
  hint: remove it, or `is_free`
18:5: plan.pro: `descripton` is not a known key
  hint: did you mean `description`?
19:19: plan.pro: `metadata.a` is not a whole number; put it in quotes to keep it as it is written
19:27: plan.pro: `metadata.b` must be text, a whole number or a boolean
19:32: plan.pro: `metadata.commetctl` is reserved for commetctl
  hint: choose another metadata key
21:7: plan_price.pro/annual: `annual` is not a billing interval
  hint: did you mean `yearly`?
21:23: plan_price.pro/annual: `price`: an amount in USD has at most 2 digits after the point
21:42: plan_price.pro/annual: `is_default` must be true or false
21:70: regional_price.pro/annual/jpy: `price`: an amount in JPY has no digits after the point
21:78: regional_price.pro/annual/chf: `chf` is not a currency that Commet prices in
  hint: known: ars, bob, brl, cad, clp, cny, cop, eur, gbp, hkd, inr, jpy, krw, mxn, pen, pyg, sgd, thb, twd, usd, uyu
22:25: plan_price.pro/one_time: `price` must be a plain number such as 49.00: digits and at most one point
22:42: plan_price.pro/one_time: `trial_days` must be at least 0
24:7: plan_feature.pro/sso: `unlimited`: a boolean feature is only on or off
25:7: plan_feature.pro/sseats: `sseats` is not declared under `features:`
  hint: did you mean `seats`?
26:32: plan_feature.pro/calls: `included_amount`: `unlimited` already includes any amount
26:52: plan_feature.pro/calls: `overage`: an unlimited feature has no overage
26:74: plan_feature.pro/calls: `overage.unit_price`: a unit price in USD has at most 4 digits after the point
27:27: exchange_rate.pro/eur: must be more than zero
32:27: plan_price.team/monthly: `included_credits`: only applies where `consumption_model` is `credits`
  hint: set `consumption_model: credits` on the plan, or remove `included_credits`
34:7: `yearly` is declared twice: the first is in line 33
  hint: remove one of them
36:58: regional_unit_price.team/seats/brl: the API sets a regional unit price only together with \
the plan's exchange rate
  hint: add `exchange_rates: {brl: …}` to the plan
38:3: credit_pack.small: `name` is required
  hint: add `name:`
38:3: credit_pack.small: `price` is required
  hint: add `price:`
38:20: credit_pack.small: `credits` must be at least 1
39:44: credit_pack.large: `price`: an amount in USD has at most 2 digits after the point
39:66: credit_pack.large: `previous_name` is the same as the current name
  hint: remove `previous_name`
39:77: credit_pack.large: `id` has a character that is not allowed
"""


def test_every_problem_of_a_file_is_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    assert problems(tmp_path, ALL_AT_ONCE) == EVERYTHING.splitlines()
