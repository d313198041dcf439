"""What several rules need: the plans of a sheet, the lengths of intervals, and lists that stay short."""

from collections.abc import Collection, Iterator, Mapping

from commetctl.kinds.plans.spec import PlanSpec
from commetctl.kinds.section import Sheet

#: More names than this nobody reads in one sentence.
MOST_NAMED = 5


def plans(sheet: Sheet) -> Mapping[str, PlanSpec]:
    """The plans of the file by code; none where it has no such section."""
    return sheet.sections.get("plans", {})


def sold(sheet: Sheet) -> Iterator[tuple[str, PlanSpec]]:
    """The public plans that have prices."""
    return ((code, plan) for code, plan in plans(sheet).items() if plan.visibility == "public" and plan.prices)


def listed(names: Collection[str]) -> str:
    """`a, b and c`; the first few of a long list and how many more."""
    shown = list(names)
    if len(shown) > MOST_NAMED:
        return f"{', '.join(shown[:MOST_NAMED])} and {len(shown) - MOST_NAMED} more"
    return " and ".join(part for part in (", ".join(shown[:-1]), *shown[-1:]) if part)


def upper(currencies: Collection[str]) -> str:
    """Currencies as prose names them: `EUR and BRL`."""
    return listed([currency.upper() for currency in currencies])
