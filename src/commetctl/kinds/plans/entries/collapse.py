"""From the flat resources of plans to entries of the file: the inverse of `expand`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from commetctl.core.changeset import Notice
from commetctl.core.contract import PER_YEAR
from commetctl.core.money import Derived, Money
from commetctl.core.resource import UNKNOWN, Address, Resource, ResourceSet
from commetctl.kinds.entry import told
from commetctl.kinds.plans import addresses
from commetctl.kinds.plans.answers import foreign
from commetctl.kinds.plans.price_spec import MarketPriceSpec, PriceSpec, RegionalPriceSpec, VariantSpec
from commetctl.kinds.plans.spec import PlanFeatureSpec, PlanSpec
from commetctl.kinds.section import Collapsed, Entries
from commetctl.kinds.wire import price_tag
from commetctl.yamltext import Block, Shorthand

_ORDER = [*PER_YEAR, "one_time"]


@dataclass(frozen=True)
class Collapsing:
    """Resources on their way to the entries of `plans:`; `specs` are those of the file so far."""

    resources: ResourceSet
    specs: Entries
    made: Collapsed = field(default_factory=Collapsed)

    def collapsed(self) -> Collapsed:
        """The entries, with remarks on what they cannot express."""
        for resource in self.resources.values():
            if resource.address.kind == addresses.PLAN:
                self.made.entries[resource.address.key] = self._plan(resource)
        return self.made

    def _plan(self, plan: Resource) -> Block:
        code = plan.address.key
        spec: PlanSpec | None = self.specs.get(code)
        rates = {
            addresses.last(child.address): _plain(child.fields["rate"])
            for child in self._children(plan, addresses.EXCHANGE_RATE)
            if self._sayable(child, "rate")
        }
        labels = plan.fields["metadata"]
        values = {
            **_fields(plan),
            "metadata": foreign.sayable(labels) if isinstance(labels, Mapping) else labels,
            "prices": self._prices(plan, spec),
            "features": Block(
                (addresses.last(child.address), self._feature(child, rates))
                for child in self._children(plan, addresses.FEATURE)
            ),
            "exchange_rates": rates,
        }
        return Block(told(PlanSpec, values))

    def _prices(self, plan: Resource, spec: PlanSpec | None) -> Block:
        found = {
            addresses.last(child.address): child
            for child in self._children(plan, addresses.PRICE)
            if self._sayable(child, "price")
        }
        default = self._default(plan.address, found)
        prices = Block()
        for interval in sorted(found, key=_rank):
            written = spec.prices.get(interval) if spec else None
            # A single price is the default one without `is_default`, unless the file has that field.
            said = len(found) > 1 or (written is not None and written.is_default is not None)
            values = {
                **_fields(found[interval]),
                "is_default": True if said and interval == default else None,
                "regional_prices": self._regional_prices(found[interval]),
                "market_prices": self._market_prices(found[interval]),
                "variants": self._variants(found[interval]),
            }
            prices[interval] = told(PriceSpec, values)
        return prices

    def _default(self, plan: Address, prices: Mapping[str, Resource]) -> str | None:
        """The interval of the default price; the shortest of those that may be, where Commet has not exactly one."""
        marked = [interval for interval, price in prices.items() if price.fields["is_default"] is True]
        if len(marked) == 1 or not prices:
            return next(iter(marked), None)
        chosen = min(marked or prices, key=_rank)
        for interval, price in prices.items():
            self.made.unsettled[plan.key, "prices", interval, "is_default"] = price.fields["is_default"]
        message = f"does not have exactly one default price in Commet; the file sets `{chosen}`"
        self._note(plan, "default_price", message, "check which one it should be: the next `apply` sets it")
        return chosen

    def _regional_prices(self, price: Resource) -> dict[str, Any]:
        prices: dict[str, Any] = {}
        for regional in self._children(price, addresses.REGIONAL_PRICE):
            amounts = [regional.fields["price"], regional.fields["included_balance"]]
            if any(isinstance(amount, Money) for amount in amounts):
                stated = {name: _stated(value) for name, value in _fields(regional).items()}
                values = told(RegionalPriceSpec, stated)
                short = values["price"] if values.keys() == {"price"} else None
                prices[addresses.last(regional.address)] = values if short is None else Shorthand(values, short=short)
                self._mixed(regional)
            elif not isinstance(amounts[0], Derived):
                self._sayable(regional, "price")
        return prices

    def _mixed(self, regional: Resource) -> None:
        amounts = [regional.fields["price"], regional.fields["included_balance"]]
        if any(isinstance(amount, Derived) for amount in amounts):
            message = "has one derived amount and one set amount; the file declares both"
            self._note(regional.address, "half_derived", message, "check both amounts")

    def _market_prices(self, of: Resource) -> dict[str, Any]:
        """The market prices of a price or of a variant."""
        prices: dict[str, Any] = {}
        for child in self._children(of, addresses.VARIANT_PRICE if _is_variant(of) else addresses.MARKET_PRICE):
            if isinstance(amount := child.fields["price"], Money):
                values = {**_fields(child), "currency": amount.currency}
                prices[addresses.last(child.address)] = told(MarketPriceSpec, values)
            else:
                self._sayable(child, "price")
        return prices

    def _variants(self, price: Resource) -> Block:
        variants = Block()
        for variant in self._children(price, addresses.VARIANT):
            if prices := self._market_prices(variant):
                values = {**_fields(variant), "market_prices": prices}
                variants[addresses.last(variant.address)] = told(VariantSpec, values)
            else:
                message = "has no market price, which a variant in a catalog needs; the file leaves it out"
                self._note(variant.address, "not_understood", message, "archive it in the dashboard")
        return variants

    def _feature(self, feature: Resource, rates: Mapping[str, Decimal]) -> dict[str, Any]:
        overage = feature.fields["overage"]
        values = _fields(feature)
        if isinstance(overage, Money):
            regional = self._unit_prices(feature, rates)
            values["overage"] = {"unit_price": price_tag(overage)} | ({"regional_prices": regional} if regional else {})
        said = told(PlanFeatureSpec, values)
        hidden = [f"`{name}`" for name, value in feature.fields.items() if value is UNKNOWN]
        if hidden:
            path = (addresses.plan_of(feature.address).key, "features", addresses.last(feature.address))
            self.made.remarks[path] = f"Commet does not return {' and '.join(hidden)}: write the real value here"
        if not said:
            return Shorthand({"enabled": True}, short=True)
        if said in ({"enabled": False}, {"unlimited": True}):
            return Shorthand(said, short="unlimited" if "unlimited" in said else False)
        return said

    def _unit_prices(self, feature: Resource, rates: Mapping[str, Decimal]) -> dict[str, Decimal]:
        prices: dict[str, Decimal] = {}
        for regional in self._children(feature, addresses.REGIONAL_UNIT_PRICE):
            currency, value = addresses.last(regional.address), regional.fields["unit_price"]
            if isinstance(value, Derived) or not self._sayable(regional, "unit_price"):
                continue
            if currency not in rates:
                message = (
                    "is a unit price in a currency for which the plan has no exchange rate; the file leaves it out"
                )
                self._note(regional.address, "rate_missing", message, "give the plan that exchange rate in Commet")
                continue
            prices[currency] = price_tag(value)
        return prices

    def _sayable(self, resource: Resource, name: str) -> bool:
        """Whether the amount of an object is known; adds a remark where it is not."""
        if resource.fields[name] is not UNKNOWN and resource.fields[name] is not None:
            return True
        message = f"has no `{name}` that this version of commetctl understands; the file leaves it out"
        self._note(resource.address, "not_understood", message, "upgrade commetctl, or remove it in the dashboard")
        return False

    def _note(self, address: Address, code: str, message: str, hint: str) -> None:
        self.made.notices.append(Notice(code, message, hint, address))

    def _children(self, parent: Resource, kind: str) -> list[Resource]:
        return self.resources.children(parent.address, kind)


def _fields(resource: Resource) -> dict[str, Any]:
    protect = resource.fields.get("protect")
    return {**resource.fields, "lifecycle": {"protect": True} if protect is True else None}


def _is_variant(resource: Resource) -> bool:
    return resource.address.kind == addresses.VARIANT


def _rank(interval: str) -> int:
    return _ORDER.index(interval) if interval in _ORDER else len(_ORDER)


def _stated(value: Any) -> Any:
    return value.about if isinstance(value, Derived) else value


def _plain(value: Any) -> Any:
    """A number without needless zeros, as JSON has it."""
    return Decimal(f"{value.normalize():f}") if isinstance(value, Decimal) else value
