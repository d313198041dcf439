"""What replaces what: the changes that are made before a plan, a price, a currency or a feature is removed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from commetctl.core.change import Change, Create, Delete, Update, begins, ends
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

    A plan is replaced by all plans that become public; what belongs to a plan, only within the plan. Where no price
    replaces the default one, that waits for all others that go: Commet archives it only as the last of its plan.
    """
    # Without its market price, a customer pays the price itself, and one on a variant that is archived keeps it.
    changes = [change for change in changes if change.address.kind not in addresses.WITH_MARKETS]
    come: dict[tuple[Address | None, str], list[Address]] = defaultdict(list)
    for change in changes:
        if begins(change, _is_had) or _reprices(change):
            come[_group(change.address)].append(change.address)
    shared = {group: tuple(found) for group, found in come.items()}
    groups = ((change.address, _group(change.address)) for change in changes if ends(change, _is_had))
    found = {address: shared[group] for address, group in groups if group in shared}
    for default, others in _archived_last(changes):
        found[default] = (*found.get(default, ()), *others)
    return found


def _archived_last(changes: Iterable[Change]) -> Iterator[tuple[Address, list[Address]]]:
    """Each default price that goes without another in its place, and the prices of its plan that go before it."""
    by_plan: dict[Address, list[Change]] = defaultdict(list)
    for change in changes:
        if change.address.kind == addresses.PRICE:
            by_plan[addresses.plan_of(change.address)].append(change)
    for mine in by_plan.values():
        going = [] if new_default(mine) else [change for change in mine if isinstance(change, Delete)]
        is_default = {change.address: change.before.fields["is_default"] is True for change in going}
        for default in filter(is_default.__getitem__, is_default):
            yield default, [address for address in is_default if not is_default[address]]


def new_default(changes: Iterable[Change]) -> Change | None:
    """The change that makes a price the default of its plan, among the changes of the plan's prices."""
    for change in changes:
        match change:
            case Create(after) if after.fields["is_default"]:
                return change
            case Update(after=after, names=names) if "is_default" in names and after.fields["is_default"]:
                return change
            case _:
                pass
    return None


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
