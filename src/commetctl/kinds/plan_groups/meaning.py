"""What changes of plan groups mean for existing customers."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from commetctl.core.change import Change, Update
from commetctl.core.text import listed
from commetctl.kinds.effects import ANY, AT_ONCE, GONE, NEW, SILENT, UNDOCUMENTED, Given, Row, Setting, quiet

_GROUPS = "guide, plan groups"
_CHANGES = "guide, when a customer changes plans"

#: A plan leaves the group.
LEAVES = Given("where one leaves", "where a plan leaves")
#: The plans that stay have another order.
REORDERED = Given("in a new order", "where the order changes")

EFFECTS = (
    Row("", NEW, AT_ONCE, "customers on its plans can switch between them on their own", _GROUPS, counts=False),
    Row(
        "",
        GONE,
        AT_ONCE,
        "its plans stay, and their customers can no longer switch between them on their own",
        f"reference, delete a plan group; {_GROUPS}",
        counts=False,
    ),
    Row(
        "plans",
        ANY,
        AT_ONCE,
        "customers can no longer switch on their own to or from a plan that leaves",
        _GROUPS,
        counts=False,
        given=LEAVES,
    ),
    Row(
        "plans",
        ANY,
        AT_ONCE,
        "plan switches within a billing interval follow the new order from now on",
        f"{_CHANGES}: upgrades, downgrades",
        counts=False,
        given=REORDERED,
    ),
    Row(
        "plans",
        ANY,
        AT_ONCE,
        "customers can switch on their own to and from a plan that joins",
        _GROUPS,
        counts=False,
    ),
    Row("visibility", ANY, UNDOCUMENTED, "what the visibility of a group does", SILENT, counts=False),
    *quiet("name", "description"),
)


def givens(change: Change, _: Setting) -> Iterator[Given]:
    """The circumstances of a change, the most specific one first."""
    before, after = _plans(change)
    if set(before) - set(after):
        yield LEAVES
    if any(_turned(before, after)):
        yield REORDERED


def details(change: Change, field: str) -> str:
    """Which switches become upgrades and downgrades by a new order."""
    turned = list(_turned(*_plans(change))) if field == "plans" else []
    if not turned:
        return ""
    ups = listed([f"`{low}` to `{high}`" for high, low in turned])
    downs = listed([f"`{high}` to `{low}`" for high, low in turned])
    return f"now an upgrade, charged at once: {ups}; now a downgrade, at the end of the period: {downs}"


def _plans(change: Change) -> tuple[Sequence[str], Sequence[str]]:
    if not isinstance(change, Update):
        return (), ()
    sides = (change.before.fields.get("plans"), change.after.fields.get("plans"))
    before, after = (tuple(map(str, side)) if isinstance(side, tuple) else () for side in sides)
    return before, after


def _turned(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each two plans whose order turns round: the one that was lower and is higher now, and the other."""
    kept = [plan for plan in before if plan in after]
    for lower, higher in combinations(kept, 2):
        if after.index(lower) > after.index(higher):
            yield lower, higher
