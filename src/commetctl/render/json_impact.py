"""The impact of a review in the JSON document: subscriptions, revenue, and where differences come from."""

from collections.abc import Collection
from typing import Any

from commetctl.core.impact import CurrencyRevenue, Doubt, Impact, Revenue, Touched
from commetctl.review.review import Review


def impact_document(review: Review) -> dict[str, Any]:
    """Plan versions, impact and drift of a review, as far as they are known."""
    document: dict[str, Any] = {"plan_versions": True} if review.switched else {}
    if review.impact:
        document["impact"] = _impact(review.impact)
    if review.base:
        causes = {str(address): cause.value for address, cause in review.causes.items()}
        document["drift"] = {"base": review.base, "causes": causes}
    return document


def _impact(impact: Impact) -> dict[str, Any]:
    return {
        "unknown": impact.unknown or None,
        "monthly_revenue": _revenue(impact.revenue) if impact.revenue else None,
        "revenue": [_currency(item) for item in impact.currencies],
        "uncounted": dict(impact.uncounted),
        "doubts": _doubts(impact.doubts),
        "touched": {str(address): _touched(item) for address, item in impact.touched.items()},
    }


def _currency(item: CurrencyRevenue) -> dict[str, Any]:
    percents = [text.rstrip("%").lstrip("+") for text in item.percents]
    return {
        "currency": item.currency,
        "before": _range(item.today),
        "after": _range(item.then),
        "change": _range(item.change),
        "percent": {"low": percents[0], "high": percents[-1]} if percents else None,
        "estimated": item.estimated,
    }


def _doubts(doubts: Collection[Doubt]) -> list[str]:
    return [doubt.value for doubt in Doubt if doubt in doubts]


def _touched(touched: Touched) -> dict[str, Any]:
    document: dict[str, Any] = {
        "subscriptions": touched.count,
        "at_most": touched.at_most,
        "by_status": dict(touched.by_status),
        "renewing": touched.renewing,
        "first_renewal": touched.first.isoformat() if touched.first else None,
        "last_renewal": touched.last.isoformat() if touched.last else None,
        "doubts": _doubts(touched.doubts),
    }
    if touched.revenue:
        document |= {"monthly_revenue": _revenue(touched.revenue), "uncounted": dict(touched.uncounted)}
    return document


def _revenue(revenue: Revenue) -> dict[str, Any]:
    return {**_range(revenue), "currency": revenue.low.currency}


def _range(revenue: Revenue) -> dict[str, Any]:
    return {"low": revenue.low.number(), "high": revenue.high.number()}
