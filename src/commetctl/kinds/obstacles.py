"""Obstacles: what this version does not understand in an account, and which changes that blocks."""

from collections.abc import Iterable, Sequence
from functools import reduce

from commetctl.core.resource import UNKNOWN, Resource
from commetctl.kinds.sides import Found, Obstacle

_UPGRADE = "upgrade commetctl, or change it in the dashboard"
_REPORT = "check it in the dashboard, and report it to Commet support"

#: Two objects at one address: nobody can tell which of them the file means.
CONTRADICTION = Obstacle(
    "Commet has two of these, and they cannot be told apart",
    "archive, rename or delete one of them in the dashboard",
    below=True,
    unknown=True,
)

#: Two objects with one id: a request about either of them may reach the other.
SAME_ID = Obstacle("Commet uses the same id for another object", _REPORT, below=True, unknown=True)


def unknown_word(what: str, value: object) -> Obstacle:
    """A word that says what an object is, such as an interval, which the file has no way to say."""
    return Obstacle(f"this version of commetctl does not know the {what} `{value}`", _UPGRADE, unknown=True, kept=True)


def odd_values(found: Iterable[str]) -> Obstacle | None:
    """Values of an answer that no field has; what is below depends on them, and cannot be judged either."""
    said = " and ".join(found)
    if not said:
        return None
    return Obstacle(
        f"Commet answered {said}, which this version of commetctl does not understand",
        _REPORT,
        below=True,
        unknown=True,
    )


def lacks(wires: Iterable[str]) -> Obstacle | None:
    """A field that is not there and that the file has to declare: it can be set, and nothing else is known."""
    names = " and ".join(f"`{wire}`" for wire in wires)
    if not names:
        return None
    return Obstacle(f"Commet's answer has no {names}", _REPORT, own=False, unknown=True, kept=True)


def unread_list(wire: str) -> Obstacle:
    """A list that is not there: what it would hold may exist all the same."""
    reason = f"Commet's answer has no `{wire}` list, so its parts are not known"
    return Obstacle(reason, _REPORT, below=True, unknown=True)


def beside(what: str) -> Obstacle:
    """Something that belongs to an object and that the file cannot say: it would go with the object."""
    return Obstacle(
        f"has {what}, which a catalog cannot declare; it stays as it is, and would be deleted with the price",
        "remove it in the dashboard first",
        own=False,
        unknown=True,
    )


def overwritten(currency: str) -> Obstacle:
    """Amounts that a call for a whole currency would have to repeat, and cannot."""
    return Obstacle(
        f"a price that this version of commetctl cannot declare has its own {currency.upper()} amounts, which the "
        "request for the currency would overwrite",
        "change the amounts of this currency in the dashboard",
        below=True,
    )


def wiped(what: str, keys: Iterable[str], kinds: frozenset[str] = frozenset()) -> Obstacle:
    """Amounts of a price that the list of such amounts would have to repeat, and cannot."""
    names = ", ".join(sorted(keys))
    return Obstacle(
        f"its {what} are written as one list, and the ones in {names} are not understood and would be lost",
        _UPGRADE,
        own=False,
        below=True,
        kinds=kinds,
    )


def joined(obstacles: Iterable[Obstacle | None]) -> Obstacle | None:
    """Several obstacles of one object as one; None for none."""
    found = list(dict.fromkeys(obstacle for obstacle in obstacles if obstacle))
    return reduce(_both, found) if found else None


def _both(one: Obstacle, other: Obstacle) -> Obstacle:
    return Obstacle(
        f"{one.reason}; {other.reason}",
        "; ".join(dict.fromkeys(hint for hint in (one.way_out, other.way_out) if hint)),
        one.own or other.own,
        one.below or other.below,
        one.unknown or other.unknown,
        one.kept or other.kept,
        _kinds([obstacle for obstacle in (one, other) if obstacle.below]),
    )


def _kinds(obstacles: Sequence[Obstacle]) -> frozenset[str]:
    """The kinds that obstacles are above; none for all, which one of them is above."""
    found = [obstacle.kinds for obstacle in obstacles]
    return frozenset().union(*found) if all(found) else frozenset()


def contradictory(item: Found) -> Found:
    """One of two objects at one address: all that is known of either is what the ledger remembers."""
    fields = {name: value if name == "protect" else UNKNOWN for name, value in item.resource.fields.items()}
    known = item.resource
    resource = Resource(known.address, fields, known.refs, known.parent)
    return Found(resource, item.id, joined([CONTRADICTION, item.obstacle]))
