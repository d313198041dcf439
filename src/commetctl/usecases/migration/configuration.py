"""From a configuration to the entries of a catalog, key by key.

Source: the types of the official configuration, in releases 5.3 to 7.10 of its SDK, and its contract of August 2026,
which brought `schemaVersion` and `amountInCents`; features of type `metered` are from before these.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from commetctl.core.money import Money
from commetctl.core.values import KeyPath
from commetctl.kinds.plans import addresses
from commetctl.usecases.migration.conversion import (
    Amount,
    Converted,
    Making,
    Rule,
    Unit,
    in_order,
    price,
    shown,
    unit_price,
)
from commetctl.usecases.migration.reading import Json, JsonPath

#: The only version that a configuration can state.
_SCHEMA_VERSION = 1
_KNOWN = frozenset({"schemaVersion", "features", "plans"})
_FEATURE = {"name": "name", "type": "type", "unitName": "unit_name", "description": "description"}


_PLAN = {
    "name": "name",
    "description": "description",
    "consumptionModel": "consumption_model",
    "isFree": "is_free",
}
_INCLUDED = {"included": "included_amount", "unlimited": "unlimited"}
#: What plans of a consumption model usually have, and a configuration has no key for.
_UNSAID = {
    "credits": "`included_credits` of prices, `credits_per_unit` of features",
    "balance": "`included_balance` of prices, `pricing_mode` and `margin_percent` of features",
}


def _nothing(_: Any) -> Mapping[str, Any]:
    return {}


class PlanMaking(Making):
    """Converts one plan after another."""

    def plan(self, code: str, value: Mapping[str, Any]) -> dict[str, Any]:
        """The entry of a plan."""
        at, within = ("plans", code), ("plans", code)
        rules: dict[str, Rule] = {
            "isPublic": partial(self._visibility, at=at, within=within),
            "sortOrder": partial(self._sort_order, at=at),
            "defaultInterval": _nothing,
            "prices": partial(self._prices, at=(*at, "prices"), within=(*within, "prices")),
            "features": partial(self._features, at=(*at, "features"), within=(*within, "features")),
        }
        entry = self.renamed(value, _PLAN, at, within, rules)
        if "prices" not in value:
            self.problem((*at, "prices"), (*within, "prices"), "missing_key", "is required", "add `prices: []`")
        # A plan without it is public: so the official tool reads one, and so it writes one.
        entry.setdefault("visibility", "public")
        self._default(value.get("defaultInterval"), entry.get("prices", {}), at, within)
        self._unsaid(entry.get("consumption_model"), at, within)
        return entry

    def _visibility(self, value: Any, at: JsonPath, within: KeyPath) -> Mapping[str, Any]:
        self.made.places[(*within, "visibility")] = (*at, "isPublic")
        if not isinstance(value, bool):
            self.problem((*at, "isPublic"), (*within, "visibility"), "bad_value", "must be true or false")
        return {"visibility": "public" if value is True else "private"}

    def _sort_order(self, value: Any, at: JsonPath) -> Mapping[str, Any]:
        plans = in_order(self._source.data["plans"])
        hint = "nothing is missing if it is the only plan"
        if len(plans) > 1:
            hint = "list the plans that customers can switch between in a group, the lowest first, such as "
            hint += f"`plan_groups: {{KEY: {{name: NAME, plans: [{', '.join(plans)}]}}}}`"
        self.not_carried((*at, "sortOrder"), value, "a catalog orders plans only inside a plan group", hint)
        return {}

    def _unsaid(self, model: Any, at: JsonPath, within: KeyPath) -> None:
        if isinstance(model, str) and (unsaid := _UNSAID.get(model)):
            message = f"is `{model}`, and a configuration has no key for {unsaid}"
            self.note((*at, "consumptionModel"), "not_said", message, "add the real values, or pull them")
            self.made.remarks[(*within, "consumption_model")] = f"Not in the configuration: {unsaid}"

    def _default(self, interval: Any, prices: dict[str, Any], at: JsonPath, within: KeyPath) -> None:
        """Mark the default price; where none is named the first one, as the official tool does when it pulls."""
        path, first = (*at, "defaultInterval"), next(iter(prices), None)
        if isinstance(interval, str) and interval in prices:
            self.made.places[(*within, "prices", interval, "is_default")] = path
            prices[interval]["is_default"] = True
            return
        if first is not None:
            prices[first]["is_default"] = True
        if interval is None and len(prices) > 1:
            message = f"no `defaultInterval` names the default price, so the first one is used: `{first}`"
            self.note((*at, "prices"), "default_price", message, "move `is_default: true` if it is another")
        elif interval is not None and (*within, "prices") not in self.made.lost:
            if prices or not isinstance(interval, str):
                message = f"none of the plan's prices has the interval {shown(interval)}"
                self.problem(path, (*within, "prices"), "default_interval", message, "name one that has a price")
            else:
                self.not_carried(path, interval, "the plan has no price", "nothing is missing if it has none")

    def _prices(self, value: Any, at: JsonPath, within: KeyPath) -> Mapping[str, Any]:
        self.made.places[within] = at
        prices: dict[str, Any] = {}
        if not isinstance(value, list):
            self.problem(at, within, "bad_value", "must be an array of prices")
            return {}
        for index, item in enumerate(value):
            here = (*at, index)
            if self.is_object(item, here, within):
                interval = item.get("interval")
                if not isinstance(interval, str):
                    self.problem((*here, "interval"), within, "bad_value", "must be the name of an interval")
                elif interval in prices:
                    message = f"the plan already has a price for `{shown(interval)}`"
                    self.problem((*here, "interval"), within, "duplicate_interval", message, "keep one of them")
                else:
                    self.made.places[(*within, interval)] = (*here, "interval")
                    prices[interval] = self._price(item, here, (*within, interval))
        return {"prices": prices}

    def _price(self, item: Mapping[str, Any], at: JsonPath, within: KeyPath) -> dict[str, Any]:
        if "amount" in item and "amountInCents" in item:
            self.problem(at, within, "two_amounts", "has both `amount` and `amountInCents`", "keep the right one")
        elif "amount" not in item and "amountInCents" not in item:
            self.problem(at, within, "missing_key", "has neither `amount` nor `amountInCents`")
        rules: dict[str, Rule] = {
            "interval": _nothing,
            "amount": partial(self._amount, at=(*at, "amount"), within=(*within, "price"), unit=self._unit),
            # Its name says the unit.
            "amountInCents": partial(
                self._amount, at=(*at, "amountInCents"), within=(*within, "price"), unit=Unit.MINOR
            ),
        }
        return {"price": 0} | self.renamed(item, {"trialDays": "trial_days"}, at, within, rules)

    def _amount(self, value: Any, at: JsonPath, within: KeyPath, unit: Unit | None) -> Mapping[str, Any]:
        self.made.places[within] = at
        if not self.is_number(value, at, within):
            return {}
        if unit is None and value:
            self.made.open.append((at, value))
            return {}
        # Nothing is nothing in every unit.
        money = self._money(partial(price, value, unit or Unit.MINOR), value, at, within)
        if money:
            self.made.amounts.append(Amount(at, addresses.price(within[1], within[3]), value, unit, money))
        return {"price": money.amount} if money else {}

    def _features(self, value: Any, at: JsonPath, within: KeyPath) -> Mapping[str, Any]:
        self.made.places[within] = at
        features: dict[str, Any] = {}
        for code, item in value.items() if self.is_object(value, at, within) else ():
            here, inside = (*at, code), (*within, code)
            self.made.places[inside] = here
            if isinstance(item, bool):
                features[code] = {"enabled": item}
            elif self.is_object(item, here, inside, "must be true, false or an object"):
                rules = {"overage": partial(self._overage, at=(*here, "overage"), within=(*inside, "overage"))}
                features[code] = self.renamed(item, _INCLUDED, here, inside, rules)
        return {"features": features}

    def _overage(self, value: Any, at: JsonPath, within: KeyPath) -> Mapping[str, Any]:
        self.made.places[within] = at
        if not self.is_object(value, at, within):
            return {}
        rules = {"unitPrice": partial(self._unit_price, at=(*at, "unitPrice"), within=(*within, "unit_price"))}
        if "unitPrice" not in value:
            self.problem((*at, "unitPrice"), within, "missing_key", "is required")
        return {"overage": {"unit_price": 0} | self.renamed(value, {}, at, within, rules)}

    def _unit_price(self, value: Any, at: JsonPath, within: KeyPath) -> Mapping[str, Any]:
        self.made.places[within] = at
        if not self.is_number(value, at, within):
            return {}
        money = self._money(partial(unit_price, value), value, at, within)
        if money:
            self.made.amounts.append(Amount(at, addresses.feature(within[1], within[3]), value, Unit.RATE, money))
        return {"unit_price": money.amount} if money else {}

    def _money(self, read: Callable[[], Money], value: int | Decimal, at: JsonPath, within: KeyPath) -> Money | None:
        try:
            return read()
        except ValueError as error:
            message = f"{shown(value)} cannot be right: {error}"
            hint = "nothing is rounded here: round it in the configuration" if isinstance(value, Decimal) else ""
            self.problem(at, within, "bad_amount", message, hint)
            return None


def convert(source: Json, unit: Unit | None) -> Converted:
    """Convert a configuration whose prices are in a unit; mistakes are in `problems` of the result."""
    converting = _Converting(source, unit)
    converting.config(source.data)
    return converting.made


class _Converting(PlanMaking):
    def config(self, data: Any) -> None:
        """Convert the whole configuration."""
        if not self.is_object(data, (), ()) or not self._is_known(data.get("schemaVersion", _SCHEMA_VERSION)):
            return
        self._entries(data, "features")
        self._entries(data, "plans")
        missing = _KNOWN - data.keys()
        for key, value in data.items():
            if key not in _KNOWN:
                self.unknown((key,), value, missing)

    def _entries(self, data: dict[str, Any], name: str) -> None:
        entries = data.get(name)
        self.made.places[(name,)] = (name,)
        if entries is None:
            inside = isinstance(data.get("default"), dict)
            hint = "print the value under `default`" if inside else "print the return value of `defineConfig`"
            self.problem((name,), (name,), "missing_key", "is required", hint)
        elif self.is_object(entries, (name,), (name,)):
            for code, value in entries.items():
                self.made.places[(name, code)] = (name, code)
                if self.is_object(value, (name, code), (name, code)):
                    entry = self._feature(code, value) if name == "features" else self.plan(code, value)
                    self.made.sections[name][code] = entry

    def _is_known(self, version: Any) -> bool:
        """Whether the version of a configuration is known; the rest of any other could mean anything."""
        self.made.places[("version",)] = ("schemaVersion",)
        if version == _SCHEMA_VERSION and not isinstance(version, bool):
            return True
        hint = "upgrade commetctl to use a later version"
        self.problem(("schemaVersion",), (), "unknown_version", f"must be {_SCHEMA_VERSION}", hint)
        return False

    def _feature(self, code: str, value: dict[str, Any]) -> dict[str, Any]:
        entry = self.renamed(value, _FEATURE, ("features", code), ("features", code))
        if entry.get("type") == "metered":
            entry["type"] = "usage"
            self.note(("features", code, "type"), "renamed", "`metered` is now called `usage`, and is written as such")
        return entry
