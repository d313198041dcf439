"""The fewest writes that take an account from one catalog to another, worked out from the reference of the API alone.

Nothing here is shared with `commetctl`. A catalog is plain data; of its kinds, features and plans are counted.

- A creation, an update or a deletion of an object is one request, whatever it changes.
- A plan has its prices, its features and the regional prices of each price in requests of their own.
- `PUT …/regional` takes all currencies of a price at once, but whether it removes those that are not listed is not
  documented. So a removal is a `DELETE`, which clears all, and a `PUT` if others are to stay.
- A plan that is created is published in a last request, so that nobody can buy half of it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

Data = Mapping[str, Any]
#: A method and what it acts on, to how often.
Writes = Counter[str]

_NOTHING: Data = {}


def fewest(before: Data, after: Data) -> Writes:
    """The requests by what they do: `PATCH price` to 3."""
    writes = _objects("feature", before.get("features", _NOTHING), after.get("features", _NOTHING))
    old, new = (side.get("plans", _NOTHING) for side in (before, after))
    writes["DELETE plan"] += len(old.keys() - new.keys())
    for code, plan in new.items():
        writes += _plan(old.get(code), plan)
    return +writes


def _plan(old: Data | None, new: Data) -> Writes:
    writes: Writes = Counter()
    if old is None:
        writes["POST plan"] += 1
        writes["PUT visibility"] += new.get("visibility") == "public"
    else:
        own = _own(old), _own(new)
        visible = [side.get("visibility") for side in (old, new)]
        writes["PATCH plan"] += own[0] != own[1]
        # An update can set it too.
        writes["PUT visibility"] += visible[0] != visible[1] and own[0] == own[1]
    was = old or _NOTHING
    writes += _objects("plan feature", was.get("features", _NOTHING), new.get("features", _NOTHING))
    return writes + _prices(was.get("prices", _NOTHING), new.get("prices", _NOTHING))


def _prices(old: Data, new: Data) -> Writes:
    own = ({name: _without(spec, "regional_prices") for name, spec in side.items()} for side in (old, new))
    writes = _objects("price", *own)
    for name, spec in new.items():
        was = old.get(name, _NOTHING).get("regional_prices", _NOTHING)
        now = spec.get("regional_prices", _NOTHING)
        removed = bool(was.keys() - now.keys())
        writes["DELETE regional"] += removed
        writes["PUT regional"] += bool(now) and (removed or was != now)
    return writes


def _objects(what: str, old: Data, new: Data) -> Writes:
    """Objects of one kind, each created, updated or deleted by one request."""
    return Counter(
        {
            f"POST {what}": len(new.keys() - old.keys()),
            f"PATCH {what}": sum(old[key] != new[key] for key in old.keys() & new.keys()),
            f"DELETE {what}": len(old.keys() - new.keys()),
        }
    )


def _own(plan: Data) -> Data:
    return _without(plan, "prices", "features", "visibility")


def _without(spec: Data, *names: str) -> Data:
    return {name: value for name, value in spec.items() if name not in names}


#: The last words of a path that are no ids, to what the request acts on.
_PATHS = {
    ("features",): "feature",
    ("plans",): "plan",
    ("plans", "prices"): "price",
    ("plans", "features"): "plan feature",
    ("plans", "prices", "regional"): "regional",
    ("plans", "visibility"): "visibility",
}
_WORDS = frozenset(word for path in _PATHS for word in path)


def sent(requests: Iterable[tuple[str, str]]) -> Writes:
    """The same count of requests that were sent, each a method and a path."""
    writes: Writes = Counter()
    for method, path in requests:
        words = tuple(word for word in path.partition("?")[0].split("/") if word in _WORDS)
        writes[f"{method} {_PATHS[words]}"] += 1
    return writes
