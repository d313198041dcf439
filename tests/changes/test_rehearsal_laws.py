"""Drawn customers and drawn dates: the bills of an emulator are those that the plan predicts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changes.rehearsing import NOW, town

INTERVALS = ("weekly", "monthly", "quarterly", "semiannual", "yearly")
BASE = """\
version: 1
markets: {india: {name: India, countries: [IN]}}
plans:
  pro:
    name: Pro
    prices:
      weekly: {price: 20.00}
      monthly:
        price: 49.00
        is_default: true
        regional_prices: {eur: 45.00, jpy: 7000}
        market_prices: {india: {currency: inr, price: 999.00}}
      quarterly: {price: 140.00}
      semiannual: {price: 260.00}
      yearly: {price: 490.00, regional_prices: {eur: 450.00}}
    exchange_rates: {brl: 5}
"""
_ALLOW = "allow: [price_change, scale, updates]"
#: Ends of months, leap days and midnights come up as often as all other times.
_BEGUN = ("2024-02-29T00:00:00Z", "2026-01-31T00:00:00Z", "2026-08-31T23:59:59Z", "2026-11-01T00:00:00Z")
_DUE = ("2027-01-01T00:00:00Z", "2027-01-31T00:00:00Z", "2027-02-28T00:00:00Z", "2028-02-29T00:00:00Z")


def times(edges: tuple[str, ...], begin: datetime, end: datetime) -> st.SearchStrategy[str]:
    """Some edges, or any second between two times."""
    seconds = st.integers(int(begin.timestamp()), int(end.timestamp()))
    return st.sampled_from(edges) | seconds.map(
        lambda second: f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%SZ}"
    )


starts = times(_BEGUN, datetime(2023, 1, 1, tzinfo=UTC), NOW)
moments = times(_DUE, NOW + timedelta(hours=1), datetime(2028, 3, 1, tzinfo=UTC))
prices = st.fixed_dictionaries({}, optional={interval: st.integers(1, 99_999) for interval in INTERVALS})
customers = st.fixed_dictionaries(
    {
        "billingInterval": st.sampled_from(INTERVALS),
        "startDate": starts,
        "country": st.sampled_from(["", "", "DE", "IN", "BR", "JP"]),
    },
    optional={"cancelAtPeriodEnd": st.booleans()},
)
trials = st.fixed_dictionaries({"billingInterval": st.sampled_from(INTERVALS), "customTrialDays": st.integers(1, 90)})


def content(amounts: dict[str, int]) -> str:
    """Other prices in US dollars, in cents, and in the other currencies of the month."""
    told = {interval: {"price": f"{cents / 100:.2f}"} for interval, cents in amounts.items()}
    said = ", ".join(f"{interval}: {{price: {price['price']}}}" for interval, price in told.items())
    return f"plans: {{pro: {{prices: {{{said or 'monthly: {regional_prices: {eur: 46.00}}'}}}}}}}"


@given(
    st.lists(customers | trials, min_size=1, max_size=6),
    st.lists(st.tuples(moments, prices), min_size=1, max_size=3, unique_by=lambda change: change[0]),
)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_bill_is_as_the_plan_predicts(
    tmp_path_factory: pytest.TempPathFactory,
    people: list[dict[str, Any]],
    changes: list[tuple[str, dict[str, int]]],
) -> None:
    check(tmp_path_factory, people, changes)


@pytest.mark.proof
@given(
    st.lists(customers | trials, min_size=1, max_size=12),
    st.lists(st.tuples(moments, prices), min_size=1, max_size=4, unique_by=lambda change: change[0]),
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_bill_is_as_the_plan_predicts_at_length(
    tmp_path_factory: pytest.TempPathFactory,
    people: list[dict[str, Any]],
    changes: list[tuple[str, dict[str, int]]],
) -> None:
    check(tmp_path_factory, people, changes)


def check(
    folders: pytest.TempPathFactory, people: list[dict[str, Any]], changes: list[tuple[str, dict[str, int]]]
) -> None:
    """Rehearse changes with some customers, and hold the bills to the plan."""
    with town(folders.mktemp("town"), BASE) as here:
        for person in people:
            here.subscribe("pro", **{"skipTrial": "customTrialDays" not in person, **person})
        for number, (moment, amounts) in enumerate(changes):
            here.change(content(amounts), f"effective: {moment}, {_ALLOW}", f"change-{number}")
        found = here.rehearse()
    assert [str(error) for error in found.errors] == []
    assert not found.absent
