"""Moves: every amount that customers pay or get and that differs between two accounts.

Both sides are whole accounts, so that an amount is found in every form: written, derived, written where it was derived
or the reverse, moved by its base price, by its exchange rate or by both, gone, or there where there was none.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from commetctl.core.amount_move import DISABLED, FREE, UNLIMITED, AmountMove, Sense, field_move, moved, number_of
from commetctl.core.money import Derived, Money
from commetctl.core.resource import Address, Resource, ResourceSet, Value
from commetctl.kinds.plans import addresses

#: Kinds of amounts in one currency: their fields, each with the field of the parent that it stands for.
_REGIONAL = {
    addresses.REGIONAL_PRICE: {"price": "price", "included_balance": "included_balance"},
    addresses.REGIONAL_UNIT_PRICE: {"unit_price": "overage"},
}


def moves(before: ResourceSet, after: ResourceSet) -> Iterator[AmountMove]:
    """Every amount and exchange rate of plans that is another one after than before.

    What stands in a new plan or price has no customers yet, and the parts of an archived price are not charged
    anew: neither is a move. A feature that is new in a plan reaches the customers of the plan. An amount that is not
    known on one side is one.
    """
    return _Moves(before, ResourceSet(_derived_again(after))).found()


def _derived_again(resources: ResourceSet) -> Iterator[Resource]:
    """The resources, with each derived amount as Commet makes it of the base price and the rate beside it."""
    for resource in resources.values():
        names = _REGIONAL.get(resource.address.kind, {})
        if not any(isinstance(resource.fields.get(name), Derived) for name in names):
            yield resource
            continue
        parent = resources.get(resource.parent) if resource.parent else None
        made: dict[str, Value] = {}
        for name, base_name in names.items():
            base = _field(parent, base_name)
            if isinstance(resource.fields.get(name), Derived):
                made[name] = None if base is None else _converted(base, resource.address, resources)
        # Without a rate, nothing says what else it would be.
        known = {name: value for name, value in made.items() if value or _field(parent, names[name]) is None}
        yield replace(resource, fields={**resource.fields, **known})


def _converted(base: Value, regional: Address, resources: ResourceSet) -> Derived | None:
    """A base amount in the currency of a regional one, where the plan has an exchange rate for it."""
    rate = _field(resources.get(_rate_of(regional)), "rate")
    if not isinstance(base, Money) or not isinstance(rate, Decimal):
        return None
    return Derived(base.converted(rate, addresses.last(regional)))


def _rate_of(regional: Address) -> Address:
    return addresses.exchange_rate(addresses.plan_of(regional).key, addresses.last(regional))


def _field(resource: Resource | None, name: str) -> Value:
    return resource.fields.get(name) if resource else None


@dataclass(frozen=True)
class _Moves:
    old: ResourceSet
    new: ResourceSet

    def found(self) -> Iterator[AmountMove]:
        for resource in self.new.values():
            was = self.old.get(resource.address)
            if resource.address.kind in _REGIONAL:
                yield from self._regional(was, resource)
            elif was is not None:
                yield from self._own(was, resource)
            elif plan := self.old.get(addresses.plan_of(resource.address)):
                yield from _appears(resource, plan)
        for resource in self.old.values():
            if resource.address.kind in _REGIONAL and resource.address not in self.new:
                yield from self._currency_gone(resource)

    def _own(self, was: Resource, becomes: Resource) -> Iterator[AmountMove]:
        """The moves of an object that was there and stays."""
        match becomes.address.kind:
            case addresses.PRICE:
                names = ("price", "included_balance", "included_credits")
                yield from (move for name in names for move in field_move(was, becomes, name))
            case addresses.EXCHANGE_RATE:
                yield from field_move(was, becomes, "rate")
            case addresses.FEATURE:
                yield from feature_moves(was, becomes)
            case _:
                pass

    def _regional(self, was: Resource | None, becomes: Resource) -> Iterator[AmountMove]:
        """The moves in one currency."""
        parent = self.old.get(becomes.parent) if becomes.parent else None
        if becomes.address.kind == addresses.REGIONAL_UNIT_PRICE and self._is_put_in(becomes.parent):
            yield from self._put_in(becomes, DISABLED if parent else None)
            if was is None:
                return
        for name, base_name in _REGIONAL[becomes.address.kind].items():
            new = _field(becomes, name)
            if was is not None:
                source = self._source(becomes, name, base_name)
                for move in moved(becomes.address, name, _field(was, name), new):
                    yield replace(move, source=source)
            elif parent is not None:
                base = UNLIMITED if _field(parent, "unlimited") is True else _field(parent, base_name)
                yield from self._new_currency(becomes.address, name, base, new)

    def _is_put_in(self, feature: Address | None) -> bool:
        """Whether a feature that the customers of a plan could not use is enabled."""
        return feature is not None and is_off(self.old.get(feature)) and not is_off(self.new.get(feature))

    def _put_in(self, unit_price: Resource, old: Value) -> Iterator[AmountMove]:
        """A unit price of such a feature; a derived one goes as far as the US dollar one."""
        new = _field(unit_price, "unit_price")
        base = self.new.get(unit_price.parent) if unit_price.parent else None
        if number_of(new) and not (isinstance(new, Derived) and number_of(_field(base, "overage"))):
            yield from moved(unit_price.address, "unit_price", old, new)

    def _new_currency(self, address: Address, name: str, base: Value, new: Value) -> Iterator[AmountMove]:
        """Customers in a currency that is new have had the US dollar amount until now."""
        if base in (None, UNLIMITED):
            yield from moved(address, name, base, new)
        elif old := _converted(base, address, self.old):
            yield from moved(address, name, old, new)
        elif old := _converted(base, address, self.new):
            meaning = f"the currency is new; at its exchange rate, {base} is {old.about}"
            for move in moved(address, name, old, new):
                yield replace(move, sense=Sense.NEW_CURRENCY, meaning=meaning)

    def _source(self, regional: Resource, name: str, base_name: str) -> Address | None:
        """What moved a derived amount, where it was only one of both: the base price or the rate."""
        was = self.old.get(regional.address)
        if not isinstance(_field(was, name), Derived) or not isinstance(_field(regional, name), Derived):
            return None
        rate, parent = _rate_of(regional.address), regional.parent
        changed = [rate] if _field(self.old.get(rate), "rate") != _field(self.new.get(rate), "rate") else []
        if parent and _field(self.old.get(parent), base_name) != _field(self.new.get(parent), base_name):
            changed.append(parent)
        return changed[0] if len(changed) == 1 else None

    def _currency_gone(self, was: Resource) -> Iterator[AmountMove]:
        """Customers in a currency that goes have the US dollar amount from then on, if there still is one."""
        parent = self.new.get(was.parent) if was.parent else None
        if parent is None:
            return
        for name, base_name in _REGIONAL[was.address.kind].items():
            old, base = _field(was, name), _field(parent, base_name)
            new = UNLIMITED if _field(parent, "unlimited") is True else base
            compared = _converted(new, was.address, self.old)
            meaning = "customers who pay in this currency get the US dollar amount" if isinstance(new, Money) else ""
            for move in moved(was.address, name, old, new, compared):
                yield replace(move, meaning=meaning)


def _appears(resource: Resource, plan: Resource) -> Iterator[AmountMove]:
    """The moves of what is new in a plan that is there already: what its customers pay that they have not paid."""
    if resource.address.kind == addresses.PRICE and _field(plan, "is_free") is True:
        yield from moved(resource.address, "price", FREE, resource.fields["price"])


#: What customers pay for the use of a feature, beside the price of the plan.
CHARGES = ("overage", "credits_per_unit", "margin_percent")
_FREE = (None, UNLIMITED, DISABLED)


def feature_moves(was: Resource, becomes: Resource) -> Iterator[AmountMove]:
    """The moves of a feature in a plan.

    Customers of the plan get a feature that is enabled at once, with all that it costs. One that is disabled they lose.
    """
    included = DISABLED if is_off(becomes) and not is_off(was) else value_of(becomes, "included_amount")
    if included != DISABLED or value_of(was, "included_amount") not in (None, 0):
        yield from moved(becomes.address, "included_amount", value_of(was, "included_amount"), included)
    is_enabled = is_off(was) and not is_off(becomes)
    for name in CHARGES:
        old = value_of(was, name)
        # A slip in an amount shows also where its feature is enabled with it.
        if number_of(old) or not is_enabled:
            yield from _charge(becomes, name, old)
        if is_enabled and number_of(value_of(becomes, name)):
            yield from _charge(becomes, name, DISABLED)


def is_off(feature: Resource | None) -> bool:
    """Whether a feature is there, and disabled."""
    return feature is not None and feature.fields.get("enabled") is False


def value_of(feature: Resource, name: str) -> Value:
    """An amount of a feature; a mark where the feature is unlimited."""
    limited = name not in ("included_amount", "overage") or feature.fields.get("unlimited") is not True
    return feature.fields.get(name) if limited else UNLIMITED


def _charge(becomes: Resource, name: str, old: Value) -> Iterator[AmountMove]:
    """A move of what is paid; neither what is unlimited nor what stops at its limit costs more than the other."""
    new = value_of(becomes, name)
    if not (old in _FREE and new in _FREE):
        yield from moved(becomes.address, name, old, new)
