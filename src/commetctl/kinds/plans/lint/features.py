"""Features that no plan has, and features that a dearer plan has less of."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise, product

from commetctl.core.contract import PER_YEAR
from commetctl.core.text import listed
from commetctl.kinds.plans.lint.prices import plans, sold
from commetctl.kinds.plans.spec import PlanFeatureSpec, PlanSpec
from commetctl.kinds.section import Finding, Sheet

#: Of plans with the same price, the first few stand for all: every two of thousands take too long.
MOST_EQUAL = 10

_ONCE = "one_time"


def unused_feature(sheet: Sheet) -> Iterator[Finding]:
    """Declared features that no plan names and no add-on adds; `false` names one too, as not included."""
    used = {feature for plan in plans(sheet).values() for feature in plan.features}
    used |= {addon.feature for addon in sheet.sections.get("addons", {}).values()}
    for code in sheet.sections.get("features", ()) if plans(sheet) else ():
        if code not in used:
            hint = "include it in a plan, or remove it"
            yield Finding(("features", code), "unused_feature", "no plan in the catalog includes it", hint)


def dearer_includes_less(sheet: Sheet) -> Iterator[Finding]:
    """Public plans that cost more than the next cheaper one of their model and include less of something."""
    groups: dict[str | None, dict[str, PlanSpec]] = {}
    for code, plan in sold(sheet):
        groups.setdefault(plan.consumption_model, {})[code] = plan
    for group in groups.values():
        for (cheaper, dearer), interval in _neighbours(group).items():
            less = _less(group[cheaper], group[dearer])
            if less:
                yield Finding(
                    ("plans", dearer, "features"),
                    "dearer_includes_less",
                    f"the plan costs more than `{cheaper}` ({interval}) and includes less of {listed(less)}",
                    "include at least as much, or check the prices of both",
                )


def _neighbours(group: Mapping[str, PlanSpec]) -> dict[tuple[str, str], str]:
    """Each plan with the plans of the next lower price, and the interval at which they were compared first."""
    found: dict[tuple[str, str], str] = {}
    for interval in (*reversed(PER_YEAR), _ONCE):
        levels: dict[Decimal, list[str]] = {}
        for code, plan in group.items():
            if interval in plan.prices:
                levels.setdefault(plan.prices[interval].price, []).append(code)
        prices = sorted(levels)
        for low, high in pairwise(prices):
            for pair in product(levels[low][:MOST_EQUAL], levels[high]):
                found.setdefault(pair, interval)
    return found


def _less(cheaper: PlanSpec, dearer: PlanSpec) -> list[str]:
    """What the dearer plan includes less of, in words."""
    return [
        f"`{code}` ({_words(theirs)} instead of {_words(feature)})"
        for code, feature in cheaper.features.items()
        if _rank(theirs := dearer.features.get(code)) < _rank(feature)
    ]


def _rank(feature: PlanFeatureSpec | None) -> tuple[int, int]:
    """How much is included, in a way that compares: nothing, an amount, everything."""
    if feature is None or not feature.enabled:
        return 0, 0
    return (2, 0) if feature.unlimited else (1, feature.included_amount)


def _words(feature: PlanFeatureSpec | None) -> str:
    level, amount = _rank(feature)
    return ("none", str(amount or "included"), "unlimited")[level]
