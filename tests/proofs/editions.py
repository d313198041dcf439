"""Editions: catalogs that follow one another in a proof, with changes and deletions of every kind that the API has."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLES = {path.parent.name: path.read_text("utf-8") for path in sorted((ROOT / "examples").glob("*/commet.yaml"))}

METERED = """\
version: 1
features:
  calls: {name: Calls, type: usage, unit_name: call}
  seats: {name: Seats, type: seats}
  sso: {name: Single sign-on, type: boolean}
plans:
  pro:
    name: Pro
    visibility: public
    consumption_model: metered
    metadata: {tier: 1}
    prices:
      monthly: {price: 49, is_default: true, trial_days: 14, regional_prices: {eur: 45, brl: 250}}
      yearly: {price: 490, regional_prices: {eur: 450}}
    features:
      calls: {included_amount: 100, overage: {unit_price: 0.01}}
      sso: true
    exchange_rates: {eur: 0.92}
  old: {name: Old, prices: {monthly: {price: 5}}, features: {seats: {included_amount: 3}}}
credit_packs:
  small: {name: Small, credits: 10, price: 1}
  large: {name: Large, credits: 100, price: 8}
"""
#: Fewer of everything, more of everything, and other amounts.
METERED_EDITED = """\
version: 1
features:
  calls: {name: API calls, type: usage, unit_name: call}
  sso: {name: Single sign-on, type: boolean}
  logs: {name: Logs, type: boolean, description: New}
plans:
  pro:
    name: Professional
    consumption_model: metered
    lifecycle: {protect: true}
    prices:
      quarterly: {price: 150, is_default: true}
      monthly: {price: 59, regional_prices: {eur: 55}}
    features:
      calls: {included_amount: 200, overage: {unit_price: 0.02, regional_prices: {eur: 0.03}}}
      logs: true
    exchange_rates: {eur: 0.9}
  new: {name: New, visibility: public, prices: {monthly: {price: 9}}, features: {sso: true}}
credit_packs:
  large: {name: Larger, previous_name: Large, credits: 100, price: 9}
"""
#: All that is in the ledger: what the API takes and never gives back.
REMEMBERED = """\
version: 1
features:
  chat: {name: Chat, type: usage, unit_name: token}
  images: {name: Images, type: usage}
plans:
  studio:
    name: Studio
    consumption_model: credits
    prices: {monthly: {price: 29, is_default: true, included_credits: 300}, yearly: {price: 290, included_credits: 300}}
    features:
      chat: {credits_per_unit: 5}
      images: {credits_per_unit: 2}
  purse:
    name: Purse
    consumption_model: balance
    prices: {monthly: {price: 20, included_balance: 20, regional_prices: {eur: {price: 19, included_balance: 18}}}}
    features:
      chat: {pricing_mode: ai_model, margin_percent: 20}
"""
REMEMBERED_EDITED = """\
version: 1
features:
  chat: {name: Chat, type: usage, unit_name: token}
  images: {name: Images, type: usage}
  video: {name: Video, type: usage}
plans:
  studio:
    name: Studio
    consumption_model: credits
    lifecycle: {protect: true}
    prices: {monthly: {price: 39, included_credits: 400}}
    features:
      chat: {credits_per_unit: 6}
      video: {credits_per_unit: 9}
  purse:
    name: Purse
    consumption_model: balance
    prices:
      monthly: {price: 25, included_balance: 24, is_default: true}
      yearly: {price: 250, included_balance: 24}
    features:
      chat: {pricing_mode: ai_model, margin_percent: 20}
      images: {included_amount: 10}
"""
#: What is fixed once created, and what it is to be: both are taken away and made again.
FIXED = """\
version: 1
features:
  chat: {name: Chat, type: usage, unit_name: token}
  images: {name: Images, type: usage}
plans:
  purse:
    name: Purse
    consumption_model: balance
    prices: {monthly: {price: 20, included_balance: 20, is_default: true}}
    exchange_rates: {brl: 5.2, jpy: 151.25}
    features:
      chat: {pricing_mode: ai_model, margin_percent: 20, overage: {unit_price: 0.5, regional_prices: {brl: 3}}}
      images: {included_amount: 10}
addons:
  more: {name: More, feature: images, consumption_model: credits, credit_cost: 2, base_price: 5}
"""
FIXED_EDITED = FIXED.replace("margin_percent: 20", "margin_percent: 25").replace("credit_cost: 2", "credit_cost: 3")
#: Plans alone, so that an edit of it has wide deletions.
PLANS = "version: 1\nfeatures:\n  sso: {name: SSO, type: boolean}\nplans:\n" + "".join(
    f"  plan_{number}: {{name: Plan {number}, prices: {{monthly: {{price: {number}}}}}, features: {{sso: true}}}}\n"
    for number in range(1, 9)
)
FEWER_PLANS = "\n".join(PLANS.splitlines()[:7]).replace("price: 3", "price: 4")
