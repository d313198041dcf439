"""The ledger: what the API never gives back, in the memory of the plan that it belongs to."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from commetctl.core.change import Change, Delete, Update
from commetctl.core.resource import UNKNOWN, Address, ResourceSet, Value
from commetctl.kinds.memory import Entries
from commetctl.kinds.plans import addresses

#: The fields that Commet has no place for: they are stored here alone.
OWN = frozenset({"protect"})

#: The fields that the API accepts and never gives back in a read, by the consumption model that they matter for.
UNREAD = {"credits": ("credits_per_unit",), "balance": ("pricing_mode", "margin_percent")}


def unread_fields(model: object, feature_type: object) -> tuple[str, ...]:
    """Which fields of a plan feature no read of the API reveals; a boolean feature has none of them."""
    return () if feature_type == "boolean" else UNREAD.get(str(model), ())


def entry(entries: Entries, address: Address, refs: Iterable[Address] = ()) -> dict[str, Any]:
    """What is remembered about one object; `refs` are what it refers to."""
    return entries.get(key(address, refs), {})


def wanted(plan: Address, after: ResourceSet, types: Mapping[str, object]) -> Entries:
    """What the ledger holds once an account is as `after` says; `types` are those of the features, by code."""
    model = after[plan].fields["consumption_model"]
    entries: Entries = {}
    for resource in (after[plan], *after.below(plan)):
        names: tuple[str, ...] = ()
        if resource.address.kind == addresses.FEATURE:
            names = unread_fields(model, types.get(addresses.last(resource.address)))
        fields = {name: _stored(resource.fields[name]) for name in names if resource.fields[name] is not UNKNOWN}
        if resource.fields.get("protect"):
            fields["protect"] = True
        if fields:
            entries[key(resource.address, resource.refs)] = fields
    return entries


def before(entries: Entries, changes: Iterable[Change]) -> Entries:
    """The entries without the values that the changes are about to make untrue."""
    left = {key: dict(fields) for key, fields in entries.items()}
    for change in changes:
        fields = left.get(key_of(change), {})
        match change:
            case Update(names=names, replaced=False):
                for name in names - OWN:
                    fields.pop(name, None)
            case _:
                # What is remembered of an object that does not exist yet is about an earlier one.
                fields.clear()
    return {key: fields for key, fields in left.items() if fields}


def recall(remembered: Mapping[str, Any], names: Iterable[str]) -> dict[str, Value]:
    """The unread fields of a live plan feature: what the ledger remembers, unknown where it does not."""
    return {name: _restored(name, remembered[name]) if name in remembered else UNKNOWN for name in names}


def key(address: Address, refs: Iterable[Address] = ()) -> str:
    """The address without the plan's code, which the plan's own ledger does not need to repeat.

    A market is named as Commet has it: its key in the file is nothing that another file knows.
    """
    parts = [address.kind, *address.key.split("/")[1:]]
    if market := addresses.market_of(refs):
        parts[-1] = market.key
    return "/".join(parts)


def key_of(change: Change) -> str:
    """The key of what a change is about."""
    resource = change.before if isinstance(change, Delete) else change.after
    return key(resource.address, resource.refs)


def _stored(value: Value) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def _restored(name: str, value: Any) -> Value:
    if name != "margin_percent" or value is None:
        return value if isinstance(value, str | int | None) else UNKNOWN
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return UNKNOWN
