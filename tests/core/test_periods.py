"""When a subscription is billed next from a moment on, against a calendar by hand."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commetctl.core.periods import first_from

BY_HAND = [
    # billed next, interval, from, day of the month, found
    ("2026-12-15T10:00", "monthly", "2026-12-15T10:00", None, "2026-12-15T10:00"),
    ("2026-12-15T10:00", "monthly", "2026-12-15T10:01", None, "2027-01-15T10:00"),
    ("2026-12-31T05:00", "monthly", "2027-02-01T00:00", None, "2027-02-28T05:00"),
    ("2026-12-31T05:00", "monthly", "2028-02-01T00:00", None, "2028-02-29T05:00"),
    # On the last day of a short month, the day of the month is known beside it.
    ("2027-02-28T05:00", "monthly", "2027-03-01T00:00", 31, "2027-03-31T05:00"),
    ("2027-02-28T05:00", "monthly", "2027-03-01T00:00", 28, "2027-03-28T05:00"),
    # It says nothing where the next bill is on another day for another reason.
    ("2027-02-15T05:00", "monthly", "2027-03-01T00:00", 31, "2027-03-15T05:00"),
    ("2026-11-30T00:00", "quarterly", "2026-12-01T00:00", 30, "2027-02-28T00:00"),
    ("2026-08-31T00:00", "semiannual", "2026-09-01T00:00", 31, "2027-02-28T00:00"),
    ("2028-02-29T00:00", "yearly", "2028-03-01T00:00", None, "2029-02-28T00:00"),
    ("2028-02-29T00:00", "yearly", "2031-03-01T00:00", 29, "2032-02-29T00:00"),
    ("2026-11-30T12:00", "weekly", "2026-12-07T12:00", None, "2026-12-07T12:00"),
    ("2026-11-30T12:00", "weekly", "2026-12-07T12:01", None, "2026-12-14T12:00"),
    ("2026-11-30T12:00", "one_time", "2026-12-07T12:00", None, None),
    ("2026-11-30T12:00", None, "2026-12-07T12:00", None, None),
    ("2026-12-30T12:00", None, "2026-12-07T12:00", None, "2026-12-30T12:00"),
]
INTERVALS = {"weekly": 7, "monthly": 31, "quarterly": 92, "semiannual": 184, "yearly": 366}
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given a zone


@pytest.mark.parametrize(("billed", "interval", "moment", "day", "found"), BY_HAND)
def test_the_first_bill_from_a_moment_on(
    billed: str, interval: str | None, moment: str, day: int | None, found: str | None
) -> None:
    assert first_from(at(billed), interval, at(moment), day) == (at(found) if found else None)


@given(TIMES, st.sampled_from(sorted(INTERVALS)), TIMES)
def test_it_is_the_first_one_and_no_earlier_one_would_do(billed: datetime, interval: str, moment: datetime) -> None:
    found = first_from(billed, interval, moment)
    assert found is not None
    assert found >= moment
    assert found == billed or (found - moment).days <= INTERVALS[interval]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
