"""Changesets to render: a real emulator before and after, with something of every kind."""

from harness import Planned, Shop

BEFORE = """\
version: 1
features:
  calls: {name: API calls, type: usage, unit_name: call}
  seats: {name: Seats, type: seats}
  legacy: {name: Legacy, type: boolean}
plans:
  pro:
    name: Pro
    description: For teams
    consumption_model: metered
    metadata: {tier: "2", gone: x}
    prices:
      monthly: {price: 49.00, is_default: true, trial_days: 14, regional_prices: {eur: 45.00}}
      yearly: {price: 490.00}
    features:
      calls: {included_amount: 10000, overage: {unit_price: 0.002}}
credit_packs:
  a: {name: Starter Pack, credits: 100, price: 10.00}
"""

AFTER = """\
version: 1
features:
  calls: {name: API calls, type: usage, unit_name: request}
  seats: {name: Seats, type: seats}
  images: {name: Images, type: usage}
plans:
  pro:
    name: Pro
    consumption_model: credits
    metadata: {tier: 2}
  pro2:
    name: Pro 2
    consumption_model: metered
    visibility: public
    exchange_rates: {brl: 5.20}
    prices:
      monthly: {price: 59.00, regional_prices: {eur: 54.00}}
    features:
      calls: {included_amount: 20000, overage: {unit_price: 0.0015, regional_prices: {brl: 0.011}}}
      seats: unlimited
credit_packs:
  b: {name: Sleeping, credits: 5, price: 1, is_active: false}
"""


def planned(shop: Shop, before: str = BEFORE, after: str = AFTER) -> Planned:
    """What would be done for `after` in a shop where `before` was applied."""
    shop.make(before)
    return shop.plan(after)
