"""Accounts for hypothesis to draw: real answers of the emulator, edited as other clients or newer versions leave them.

An edit is made to the rows of a list, in the transport, so that a whole command runs on it. It never takes a declared
object away: whatever a plan makes of it, there is nothing to create and nothing to delete because of it.
"""

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import httpx
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, composite

Rows = list[dict[str, Any]]

NO_LISTS: tuple[Any, ...] = (None, {}, "x", 7, True, [1], "(gone)")
ODD_METADATA: tuple[dict[str, Any], ...] = (
    {"ratio": 1.5}, {"limits": {"ratio": 1.5, "deep": [{"a": None}]}}, {"list": [1.5, {"a": 2}]}, {"__x": [True]},
    {"a.b": {"c": 1}}, {"none": {"null": None}}, {"exact": 0.1}, {"": [""]}, {"huge": 10**20},
)  # fmt: skip


@dataclass(frozen=True)
class Edit:
    """One thing that is otherwise in a list, in the row of a number, and in the part of a number inside it.

    `told`: a plan has to say so. `kept`: with `--prune` and nothing declared, the object stays.
    """

    name: str
    list: str
    row: int
    part: int
    value: Any
    told: bool = True
    kept: bool = True

    def apply(self, rows: Rows) -> str | None:
        """Edit the rows; the key of the object, None where the rows have nothing of the kind."""
        if not rows:
            return None
        row = rows[self.row % len(rows)]
        key = str(row.get("code") or row.get("name"))
        return key if _EDITS[self.name](rows, row, self) else None


def _set(row: dict[str, Any], name: str, value: Any) -> bool:
    if value == "(gone)":
        return row.pop(name, None) is not None
    row[name] = deepcopy(value)
    return True


def _in(
    name: str, edit: Callable[[list[Any], dict[str, Any], Edit], bool]
) -> Callable[[Rows, dict[str, Any], Edit], bool]:
    """An edit of one row of a list inside a plan."""

    def inside(_: Rows, row: dict[str, Any], how: Edit) -> bool:
        parts = row.get(name)
        part = parts[how.part % len(parts)] if isinstance(parts, list) and parts else None
        # An edit before this one may have left something else in the list.
        return isinstance(parts, list) and isinstance(part, dict) and edit(parts, part, how)

    return inside


def _regional(parts: list[Any], part: dict[str, Any], how: Edit) -> bool:
    found = part.get("regionalPrices")
    if not isinstance(found, list) or not found:
        return False
    # As a second row, in other letters: the one that is there stays.
    found.append({**found[0], "currency": str(how.value or found[0]["currency"].upper())})
    return True


def _labelled(_: Rows, row: dict[str, Any], how: Edit) -> bool:
    found = row.get("metadata") or {}
    return isinstance(found, dict) and _set(row, "metadata", {**found, **how.value})


def _twice(parts: list[Any], part: dict[str, Any], how: Edit) -> bool:
    parts.insert(0, {**deepcopy(part), **({"id": "other"} if "id" in part else {}), **(how.value or {})})
    return True


def _variant(parts: list[Any], part: dict[str, Any], how: Edit) -> bool:
    if not part.get("id"):
        return False
    parts.append({**deepcopy(part), "id": "variant", "inheritsFromPriceId": part["id"], "metadata": {"name": "B"}})
    return True


def _another(parts: list[Any], part: dict[str, Any], how: Edit) -> bool:
    """A price of an interval that no version of ours knows, beside those that are there."""
    parts.append({**deepcopy(part), "id": "another", "billingInterval": "biweekly", "isDefault": False})
    return True


def _put(parts: list[Any], part: dict[str, Any], how: Edit) -> bool:
    found = [_set(part, name, value) for name, value in how.value.items()]
    return all(found)


_EDITS: dict[str, Callable[[Rows, dict[str, Any], Edit], bool]] = {
    "put": lambda _, row, how: _put([], row, how),
    "metadata": _labelled,
    "twice": _twice,
    "interval": _in("prices", _another),
    "variant": _in("prices", _variant),
    "price": _in("prices", _put),
    "two prices": _in("prices", _twice),
    "regional": _in("prices", _regional),
    "feature": _in("features", _put),
    "two features": _in("features", _twice),
    "unit price": _in("features", _regional),
    "two rates": _in("exchangeRates", _twice),
    "rate": _in("exchangeRates", _put),
}


def _plan_edits() -> st.SearchStrategy[tuple[str, Any]]:
    charged = {"enabled": True, "unitPrice": 5}
    return st.one_of(
        st.builds(
            lambda name, value: ("put", {name: value}),
            st.sampled_from(["prices", "features", "exchangeRates"]),
            st.sampled_from(NO_LISTS),
        ),
        st.sampled_from([("put", {"consumptionModel": "hybrid"}), ("put", {"name": 7}), ("put", {"isPublic": "yes"})]),
        st.sampled_from(ODD_METADATA).map(lambda value: ("metadata", value)),
        st.sampled_from([("put", {"metadata": value}) for value in (["a"], "text", 5)]),
        st.sampled_from([(name, None) for name in ("twice", "interval", "variant", "two prices", "two features")]),
        st.sampled_from([("two prices", {"price": 77}), ("two features", {"enabled": None}), ("two rates", None)]),
        st.sampled_from([("regional", None), ("regional", "aud"), ("unit price", None), ("unit price", "aud")]),
        st.sampled_from(NO_LISTS).map(lambda value: ("price", {"regionalPrices": value})),
        st.sampled_from([{"price": "4900"}, {"trialDays": "3"}, {"offerId": "offer_1"}, {"marketPrices": [{"a": 1}]}])
        .map(lambda value: ("price", value)),
        st.sampled_from(["tiered", "volume", 3])
        .map(lambda model: ("feature", {"overage": {**charged, "model": model}})),
        st.sampled_from([{"type": "flags"}, {"includedAmount": "10"}, {"overage": "on"}, {"unlimited": 1}])
        .map(lambda value: ("feature", value)),
        st.sampled_from(["5.2", -1, 0, None, True]).map(lambda value: ("rate", {"exchangeRate": value})),
    )  # fmt: skip


@composite
def plan_edits(draw: DrawFn) -> Edit:
    """An edit of the list of plans."""
    name, value = draw(_plan_edits())
    small = st.integers(0, 5)
    return Edit(name, "plans", draw(small), draw(small), value, kept=name != "metadata")


@composite
def other_edits(draw: DrawFn) -> Edit:
    """An edit of the list of credit packs, or of features."""
    packs = [
        ("put", {"currency": "eur"}),
        ("put", {"price": "500"}),
        ("put", {"credits": "1"}),
        ("twice", {"price": 1}),
    ]
    features = [("put", {"type": "flags"}), ("put", {"description": 7}), ("twice", None)]
    where, (name, value) = draw(
        st.sampled_from(packs).map(lambda item: ("credit-packs", item))
        | st.sampled_from(features).map(lambda item: ("features", item))
    )
    return Edit(name, where, draw(st.integers(0, 5)), 0, value)


def edits() -> st.SearchStrategy[list[Edit]]:
    """What is otherwise in an account: one thing, or several."""
    return st.lists(plan_edits() | plan_edits() | other_edits(), min_size=1, max_size=3)


class Edited(httpx.BaseTransport):
    """A Commet whose lists answer with edits; `done` are those that found something, with the key of the object."""

    def __init__(self, inner: httpx.BaseTransport, wanted: Sequence[Edit]) -> None:
        self.inner, self.wanted = inner, wanted
        self.done: list[tuple[Edit, str]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.inner.handle_request(request)
        where = request.url.path.rpartition("/")[2]
        if request.method != "GET" or not any(edit.list == where for edit in self.wanted):
            return response
        content = json.loads(response.read())
        for edit in self.wanted:
            if edit.list == where and (key := edit.apply(content["data"])):
                self.done.append((edit, key))
        return httpx.Response(200, json=content)
