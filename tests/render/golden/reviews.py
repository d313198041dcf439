"""Three edits of a catalog, small, medium and large, each with an impact made by hand and with causes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from commetctl.catalog.loading import parse
from commetctl.core.change import Delete, Update
from commetctl.core.errors import Problem, Refused
from commetctl.core.impact import CurrencyRevenue, Doubt, Feeling, Felt, Impact, Revenue, Touched, When
from commetctl.core.money import Money
from commetctl.core.resource import Address, Origin
from commetctl.review.heading import Heading
from commetctl.review.review import Cause, Review
from commetctl.usecases.compare import compared

SEATS = Path(__file__).parents[3] / "examples" / "seats" / "commet.yaml"
HEADING = Heading(
    "commet.yaml + commet.production.yaml", "live", "production", "commet.co", "2026-08-27",
    datetime(2026, 8, 24, 9, 0, tzinfo=UTC),
)  # fmt: skip
PACKS = """
credit_packs:
  small: {name: Small pack, credits: 100, price: 10.00}
  large: {name: Large pack, credits: 1000, price: 80.00}
"""
NEW_PLAN = """
  enterprise:
    name: Enterprise
    description: Fifty agents, and whatever else it takes
    consumption_model: metered
    visibility: public
    prices:
      yearly: {price: 9000.00, is_default: true, regional_prices: {eur: 8400.00}}
    features:
      agents: {included_amount: 50, overage: {unit_price: 12.00}}
      sla_reports: true
"""
LITE = """
  lite:
    name: Lite
    prices:
      monthly: {price: 9.00, is_default: true, regional_prices: {eur: 8.50}}
"""
TEAM = Address("plan", "team")
_CURRENCIES = ("eur", "gbp", "cad", "brl", "mxn", "jpy", "inr")
_INTERVALS = {"weekly": 3, "monthly": 10, "quarterly": 29, "semiannual": 55, "yearly": 100, "one_time": 250}


def edited(yaml: str, *edits: tuple[str, str]) -> str:
    """A text in which each of some passages, found once, is another."""
    for old, new in edits:
        assert yaml.count(old) == 1, old
        yaml = yaml.replace(old, new)
    return yaml


def reviewed(before: str, after: str, *, prune: bool = False) -> Review:
    """Two texts compared, as `plan` would show it."""
    old, new = parse("commet.yaml", before.encode()), parse("commet.yaml", after.encode())
    return replace(compared(old, new, prune=prune), heading=HEADING)


def small() -> Review:
    """One price raised, in two currencies."""
    before = SEATS.read_text(encoding="utf-8")
    after = edited(before, ("price: 45.00", "price: 49.00"), ("{eur: 42.00, cad: 59.00}", "{eur: 45.00, cad: 59.00}"))
    review = reviewed(before, after)
    exact = between("400", "400")
    euros = CurrencyRevenue(
        between("0", "4200", "eur"), between("0", "4500", "eur"), between("0", "300", "eur"), ("+7.1%",)
    )
    touched = {
        Address("plan_price", "team/monthly"): Touched(
            112, {"active": 100, "trialing": 12}, 100, date(2026, 9, 1), date(2026, 9, 30),
            revenue=exact, uncounted={"in a trial": 12},
        ),
        Address("regional_price", "team/monthly/eur"): Touched(
            112, at_most=True, revenue=euros.change, doubts=frozenset({Doubt.CURRENCY})
        ),
    }  # fmt: skip
    dollars = CurrencyRevenue(between("4500", "4500"), between("4900", "4900"), exact, ("+8.9%",))
    impact = Impact(
        touched,
        revenue=exact,
        currencies=(dollars, euros),
        uncounted={"in a trial": 12},
        doubts=frozenset({Doubt.CURRENCY}),
        felt={Felt(TEAM, Feeling.COSTS_MORE, When.AT_RENEWAL): touched[Address("plan_price", "team/monthly")]},
    )
    return replace(review, impact=impact)


def between(low: str, high: str, currency: str = "usd") -> Revenue:
    """A range of amounts."""
    return Revenue(Money(Decimal(low), currency), Money(Decimal(high), currency))


def medium() -> Review:
    """Nine edits of the seats example, each of another kind, and somebody who was at the dashboard too."""
    start = SEATS.read_text(encoding="utf-8").replace("mode: sandbox\n", "") + LITE + PACKS
    before = edited(start, ("price: 1900.00", "price: 1890.00"))
    company = edited(
        start[start.index("  company:") :],
        ("visibility: public", "visibility: private"),
        ("price: 190.00", "price: 179.00"),
        ("included_amount: 10\n", "included_amount: 8\n"),
        ("unit_price: 19.00", "unit_price: 18.00"),
        ("exchange_rates: {eur: 0.92, cad: 1.37}\n", "exchange_rates: {eur: 0.95, cad: 1.37}\n" + NEW_PLAN),
        (", regional_prices: {eur: 8.50}", ""),
        ("credits: 1000, price: 80.00", "credits: 1000, price: 85.00"),
    )
    after = edited(
        start[: start.index("  company:")],
        ("price: 45.00", "price: 49.00"),
        ("{eur: 42.00, cad: 59.00}", "{eur: 42.00}"),
        ("{eur: 420.00, cad: 590.00}", "{eur: 420.00}"),
        ("{eur: 14.00, cad: 19.50}", "{eur: 14.00}"),
        ("{eur: 0.92, cad: 1.37}", "{eur: 0.92}"),
    )
    review = reviewed(before, after + company)
    causes = {change.address: Cause.FILE for change in review.changeset.changes}
    causes[Address("plan_price", "company/yearly")] = Cause.COMMET
    causes[Address("plan_price", "team/monthly")] = Cause.BOTH
    return replace(review, causes=causes, base="git:HEAD", impact=medium_impact())


def medium_impact() -> Impact:
    """Subscriptions of every sort: exact and in a range, in a trial, with an offer, and none at all."""
    company = Touched(1, {"active": 1})
    september, october = date(2026, 9, 1), date(2026, 10, 1)
    raised = Revenue(Money(Decimal(0)), Money(Decimal(1000)))
    touched: dict[Address, Touched] = {
        Address("plan_price", "team/monthly"): Touched(
            311, {"active": 280, "trialing": 31}, 270, september, date(2026, 9, 30), revenue=raised,
            uncounted={"in a trial": 31, "that will not renew unchanged": 10, "with an offer or a discount": 20},
        ),
        Address("plan_price", "company/monthly"): Touched(
            1, company.by_status, 1, october, october,
            revenue=Revenue(Money(Decimal(-11)), Money(Decimal(-11))),
        ),
        Address("plan_price", "company/yearly"): Touched(0, revenue=Revenue(Money(Decimal(0)), Money(Decimal(0)))),
        Address("plan", "company"): company,
        Address("plan_feature", "company/agents"): company,
        Address("exchange_rate", "company/eur"): replace(company, at_most=True, doubts=frozenset({Doubt.CURRENCY})),
        Address("regional_price", "lite/monthly/eur"): Touched(
            40, {"active": 40}, at_most=True, doubts=frozenset({Doubt.CURRENCY})
        ),
    }  # fmt: skip
    change = between("-11", "989")
    dollars = CurrencyRevenue(
        between("190", "12150"), between("179", "13230"), change, ("-5.8%", "+8.9%"), estimated=True
    )
    doubts = frozenset({Doubt.CURRENCY, Doubt.MARKET, Doubt.PRICE})
    return Impact(touched, revenue=change, currencies=(dollars,), doubts=doubts)


def large() -> Review:
    """Thirty plans in six intervals and eight currencies, of which two rates move; nobody could be counted."""
    before = many(range(30), brl="5.20", mxn="18.5")
    after = many(range(2, 31), brl="5.60", mxn="18.1", raised=frozenset({7}))
    review = reviewed(before, after, prune=True)
    causes = {
        change.address: Cause.COMMET if isinstance(change, Delete) else Cause.FILE
        for change in review.changeset.changes
        if not (isinstance(change, Update) and change.address.key.startswith("p02/weekly/"))
    }
    impact = Impact(unknown="the key may not read subscriptions", way_out="use a key with `subscription:r`")
    return replace(review, causes=causes, base="git:HEAD", impact=impact)


def many(numbers: Iterable[int], brl: str, mxn: str, raised: frozenset[int] = frozenset()) -> str:
    """A catalog of plans by number, with derived and declared regional prices."""
    rates = {"eur": "0.92", "gbp": "0.79", "cad": "1.37", "brl": brl, "mxn": mxn, "jpy": "149.5", "inr": "83.1"}
    lines = ["version: 1", "features:", "  calls: {name: API calls, type: usage, unit_name: call}", "plans:"]
    for number in numbers:
        lines += [
            f"  p{number:02}:", f"    name: Tariff {number:02}", "    consumption_model: metered",
            "    visibility: public", f"    exchange_rates: {_flow(rates)}", "    prices:",
        ]  # fmt: skip
        for interval, factor in _INTERVALS.items():
            price = (number + 5) * factor + (10 if number in raised else 0)
            own = "regional_prices: {eur: " + f"{price - 1}.00" + "}"
            default = ", is_default: true" if interval == "monthly" else ""
            lines.append(f"      {interval}: {{price: {price}.00, {own}{default}}}")
        lines += ["    features:", "      calls: {included_amount: 1000, overage: {unit_price: 0.002}}"]
    return "\n".join(lines) + "\n"


def _flow(rates: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{currency}: {rates[currency]}" for currency in _CURRENCIES) + "}"


def findings(name: str) -> list[Problem]:
    """What the catalog is warned about."""
    if name != "medium":
        return []
    message = "the plan costs more than `team` (yearly) and includes less of `mailboxes` (none, not 2)"
    hint = "include at least as much, or check the prices of both"
    origin = Origin("commet.yaml", 69, 5)
    return [Problem("dearer_includes_less", message, hint, origin, "plan.enterprise")]


def refused(name: str) -> list[Refused]:
    """Why `apply` would refuse."""
    if name != "medium":
        return []
    moved = Refused(
        "`price` moves too far: 45.00 → 49.00 USD (+8.9%; the limit is 5%)",
        "if this is intended, give `--allow price_change`",
        code="price_change", address="plan_price.team/monthly", lift="--allow price_change",
    )  # fmt: skip
    used = Refused(
        "up to 40 subscriptions use it: Commet does not report the currency of a subscription",
        "if this is intended, give `--allow-delete regional_price.lite/monthly/eur`",
        code="in_use", address="regional_price.lite/monthly/eur",
        lift="--allow-delete regional_price.lite/monthly/eur",
    )  # fmt: skip
    return [moved, used]
