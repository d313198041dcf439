"""Many small cases in one test, of which each that fails is told: for scans of the source and tables of texts."""

from collections.abc import Callable, Iterable
from typing import TypeVar

Case = TypeVar("Case")


def every(cases: Iterable[Case], check: Callable[[Case], None], name: Callable[[Case], object] = repr) -> None:
    """Check each case; fails with all that do not hold, and where there is none to check."""
    wrong: list[str] = []
    number = 0
    for number, case in enumerate(cases, 1):  # noqa: B007 - the last one is the count
        try:
            check(case)
        except AssertionError as error:
            wrong.append(f"{name(case)}: {error}")
    assert number, "there is nothing to check"
    assert not wrong, f"{len(wrong)} of {number}:\n" + "\n".join(wrong)
