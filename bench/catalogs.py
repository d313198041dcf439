"""Catalogs of any size, drawn with a seed: the same size is always the same text."""

import random
import re
from collections.abc import Iterator
from decimal import Decimal

#: A plan, its prices and regional prices and its features are so many resources.
RESOURCES_OF_A_PLAN = 1 + 3 + 12 + 25
#: How many features there are, all of them in every plan.
FEATURES = 25
_SEED = 20261128
#: How much of a currency a dollar costs, for prices that look like those of a shop.
_CURRENCIES = {"eur": Decimal("0.92"), "gbp": Decimal("0.79"), "brl": Decimal("5.20"), "jpy": Decimal(150)}
_INTERVALS = {"monthly": 1, "quarterly": 3, "yearly": 10}
_NOUNS = (
    "API calls", "Exports", "Images", "Messages", "Reports", "Builds", "Minutes", "Lookups", "Events", "Documents",
    "Backups", "Searches", "Uploads", "Webhooks", "Contacts", "Tickets", "Pages", "Alerts", "Forms", "Workflows",
    "Dashboards", "Queries", "Deployments", "Records", "Signatures",
)  # fmt: skip


def plans_for(resources: int) -> int:
    """How many plans make at least as many resources."""
    return -(-(resources - FEATURES) // RESOURCES_OF_A_PLAN)


def catalog(plans: int, features: int = FEATURES, currencies: int = len(_CURRENCIES)) -> str:
    """The text of a catalog with so many plans, as people write it: a key a line, and a comment here and there."""
    return "\n".join(_lines(plans, features, currencies)) + "\n"


def all_raised(text: str) -> str:
    """A catalog in which every price in US dollars is a little higher."""
    return re.sub(r"^(        price: \d+)\.00", r"\1.50", text, flags=re.MULTILINE)


def raised(text: str, changes: int) -> str:
    """A catalog in which the monthly prices of so many of its plans are a little higher, spread evenly."""
    plans = text.count("        trial_days: 14")
    found = 0
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line == "        trial_days: 14":
            if found % (plans // changes) == 0 and found // (plans // changes) < changes:
                lines[number - 1] = lines[number - 1].replace(".00", ".50")
            found += 1
    return "\n".join(lines)


def _lines(plans: int, features: int, currencies: int) -> Iterator[str]:
    draw = random.Random(_SEED)
    yield "# Prices of all products; changed by pull request only."
    yield "version: 1"
    yield "policy: {max_price_change: 50%}"
    yield ""
    yield "features:"
    for number in range(features):
        yield f"  {_feature(number)}:"
        yield f"    name: {_NOUNS[number]}"
        yield "    type: usage"
        yield f"    unit_name: {_NOUNS[number].lower()}"
    yield ""
    yield "plans:"
    for number in range(plans):
        yield from _plan(number, features, currencies, draw)


def _feature(number: int) -> str:
    return _NOUNS[number].lower().replace(" ", "_")


def _plan(number: int, features: int, currencies: int, draw: random.Random) -> Iterator[str]:
    # A plan that costs more includes more, or lint would have a word for each pair.
    price = 10 + number
    if number % 10 == 0:
        yield f"  # Products {number} to {number + 9}"
    yield f"  plan_{number}:"
    yield f"    name: Plan {number}"
    yield f'    description: "For teams of {price} people, with support by mail"'
    yield "    consumption_model: metered"
    yield "    visibility: public"
    yield "    prices:"
    for interval, months in _INTERVALS.items():
        yield f"      {interval}:"
        yield f"        price: {price * months}.00" + ("  # with tax" if draw.random() < 0.1 else "")
        if interval == "monthly":
            yield "        trial_days: 14"
            yield "        is_default: true"
        written = ", ".join(f"{code}: {_regional(price, code) * months}" for code in list(_CURRENCIES)[:currencies])
        yield f"        regional_prices: {{{written}}}"
    yield "    features:"
    for feature in range(features):
        included = price * (feature + 1) * 10
        if draw.random() < 0.3:
            yield f"      {_feature(feature)}: {{included_amount: {included}}}"
        else:
            yield f"      {_feature(feature)}:"
            yield f"        included_amount: {included}"
            yield f"        overage: {{unit_price: 0.0{draw.randint(1, 99):02}}}"


def _regional(dollars: int, currency: str) -> int:
    return round(dollars * _CURRENCIES[currency])
