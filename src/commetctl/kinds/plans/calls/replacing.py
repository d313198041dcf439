"""What replaces what: the changes that are made before a plan, a price, a currency or a feature is taken away."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from commetctl.core.change import Change, Update, begins, ends
from commetctl.core.resource import Address, Resource
from commetctl.kinds.plans import addresses, ledger

#: What replaces each other in a plan; any other kind goes only with an object of one of these.
_SORTS = {
    addresses.PRICE: "price",
    addresses.FEATURE: "feature",
    addresses.REGIONAL_PRICE: "currency",
    addresses.REGIONAL_UNIT_PRICE: "currency",
    addresses.EXCHANGE_RATE: "currency",
}


def replacements(changes: Sequence[Change]) -> dict[Address, tuple[Address, ...]]:
    """For each change that takes something away, those that put something of its sort in its place.

    A plan is replaced by all plans that become public; what belongs to a plan, only within the plan.
    """
    come: dict[tuple[Address | None, str], list[Address]] = defaultdict(list)
    for change in changes:
        if begins(change, _is_had) or _reprices(change):
            come[_group(change.address)].append(change.address)
    shared = {group: tuple(found) for group, found in come.items()}
    groups = ((change.address, _group(change.address)) for change in changes if ends(change, _is_had))
    return {address: shared[group] for address, group in groups if group in shared}


def step_names(replaced_by: Iterable[Address]) -> frozenset[str]:
    """The names of the steps that carry out some changes, the closing ones included."""
    return frozenset(name for address in replaced_by for name in (str(address), closing(address)))


def closing(address: Address) -> str:
    """The name of the step that closes a plan."""
    return f"{address} (closing)"


def _is_had(resource: Resource) -> bool:
    """Whether customers have an object: its plan is public, it is enabled. What is not known counts as had."""
    fields = resource.fields
    return fields.get("visibility") != "private" and fields.get("enabled") is not False


def _reprices(change: Change) -> bool:
    return change.address.kind == addresses.PRICE and isinstance(change, Update) and not change.names <= ledger.OWN


def _group(address: Address) -> tuple[Address | None, str]:
    sort = _SORTS.get(address.kind)
    return (addresses.plan_of(address), sort) if sort else (None, "plan")
