"""Catalogs and reviews to show: the examples, two editions of a catalog, and one that is hostile throughout."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import cycle
from pathlib import Path

from commetctl.catalog import Catalog
from commetctl.catalog.loading import parse
from commetctl.core.changeset import Changeset
from commetctl.core.impact import Impact, Revenue, Touched
from commetctl.core.money import EXPONENTS, Derived, Money, UnitPrice
from commetctl.core.resource import Address, Resource, ResourceSet, Value
from commetctl.review.heading import Heading
from commetctl.review.review import Cause, Review
from commetctl.usecases.compare import compared

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/commet.yaml"))

BEFORE = """\
version: 1
features:
  calls: {name: API calls, type: usage, unit_name: call, description: Every request counts}
  seats: {name: Seats, type: seats, unit_name: seat}
  sso: {name: Single sign-on, type: boolean}
  audit: {name: Audit log, type: boolean}
plans:
  solo:
    name: Solo
    description: For one
    visibility: public
    prices: {monthly: {price: 9.00}}
    features: {sso: false}
  pro:
    name: Pro
    description: For teams
    consumption_model: metered
    visibility: public
    exchange_rates: {brl: 5.20}
    prices:
      monthly: {price: 49.00, is_default: true, trial_days: 14, regional_prices: {eur: 45.00}}
      yearly: {price: 490.00}
    features:
      calls: {included_amount: 10000, overage: {unit_price: 0.002, regional_prices: {brl: 0.011}}}
      seats: {included_amount: 5, overage: {unit_price: 12.00}}
      audit: true
  old:
    name: Old
    visibility: private
    prices: {yearly: {price: 100.00}}
credit_packs:
  a: {name: Starter Pack, credits: 100, price: 10.00, description: A hundred}
  b: {name: Bulk Pack, credits: 2000, price: 160.00}
"""

AFTER = """\
version: 1
features:
  calls: {name: API calls, type: usage, unit_name: call, description: Every request counts}
  seats: {name: Seats, type: seats, unit_name: seat}
  sso: {name: Single sign-on, type: boolean}
  audit: {name: Audit log, type: boolean}
plans:
  solo:
    name: Solo
    description: For one
    visibility: public
    prices: {monthly: {price: 9.00}}
    features: {sso: false}
  pro:
    name: Pro
    description: For teams that grow
    consumption_model: metered
    visibility: public
    exchange_rates: {brl: 5.40}
    prices:
      monthly: {price: 59.00, is_default: true, trial_days: 7}
      yearly: {price: 590.00}
    features:
      calls: {included_amount: 20000, overage: {unit_price: 0.0015, regional_prices: {brl: 0.011}}}
      seats: unlimited
      sso: true
  team:
    name: Team
    is_free: false
    visibility: public
    prices: {monthly: {price: 199.00}, one_time: {price: 5000.00, is_default: true}}
    features: {seats: {included_amount: 50}, audit: true}
credit_packs:
  a: {name: Starter Pack, credits: 120, price: 12.50, description: A hundred and more}
"""

#: What a name may try to be, other than a name.
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "{{7*7}}{% raw %}${7*7}",
    "javascript:alert(3)",
    "</style></script><svg onload=alert(4)>",
    "' autofocus onfocus=alert(5) x='",
    "&lt;b&gt;&#60;i&#62;<!-- --!>",
    "<base href=https://evil.invalid/><link rel=stylesheet href=//evil.invalid/x.css>",
)
#: Signs that are not seen, or turn what follows around, or end a line.
UNSEEN = "a\u202ereversed\u202c\u2066b\u2069\u200bc\x1b[31m\x00\x85\u2028d\ufeff\ud800"


def example(name: str) -> Catalog:
    """A catalog of `examples/`."""
    return parse(f"examples/{name}/commet.yaml", (ROOT / "examples" / name / "commet.yaml").read_bytes())


def complete() -> Catalog:
    """`commet.yaml.example`, which has every field."""
    return parse("commet.yaml.example", (ROOT / "commet.yaml.example").read_bytes())


def plain(catalog: Catalog) -> Review:
    """One catalog to show, without changes."""
    return of(catalog.desired, catalog.file)


def of(resources: ResourceSet, title: str) -> Review:
    """Resources to show, without changes."""
    return Review(Changeset((), (), {}), resources, heading=Heading(title))


def changed(*, prune: bool = True) -> Review:
    """Something of every kind that changes."""
    before, after = (parse(name, text.encode()) for name, text in (("before", BEFORE), ("after", AFTER)))
    return compared(before, after, prune=prune)


def known() -> Review:
    """The same, with how many it touches, and who changed it."""
    price = Address("plan_price", "pro/monthly")
    touched = Touched(
        12, {"active": 10, "trialing": 2}, 10, date(2026, 1, 2), date(2026, 1, 30),
        revenue=Revenue(Money(Decimal(100)), Money(Decimal(100))), uncounted={"in a trial": 2},
    )  # fmt: skip
    impact = Impact({price: touched}, revenue=touched.revenue)
    return replace(changed(), impact=impact, causes={price: Cause.COMMET}, base="git:main")


def hostile(texts: Iterable[str] = HOSTILE) -> ResourceSet:
    """A catalog in which every text is one of these in turn, as only an API could answer it."""
    return ResourceSet(_hostile(complete().desired.values(), list(texts)))


def _hostile(resources: Iterable[Resource], texts: list[str]) -> Iterator[Resource]:
    turn = cycle(texts)
    for resource in resources:
        names = [name for name in ("name", "description", "unit_name") if name in resource.fields]
        wrong: dict[str, Value] = {name: next(turn) for name in names}
        yield replace(resource, fields={**resource.fields, **wrong})


def price_tag(value: Value) -> str:
    """An amount as the page has to say it, worked out here once more."""
    match value:
        case Derived(about):
            return f"about {price_tag(about)} (derived)"
        case UnitPrice(amount, currency):
            digits = len(f"{amount:.4f}".rstrip("0").partition(".")[2])
            return f"{amount:,.{max(digits, EXPONENTS[currency])}f} {currency.upper()}"
        case Money(amount, currency):
            return f"{amount:,.{EXPONENTS[currency]}f} {currency.upper()}"
        case _:
            raise AssertionError(value)
