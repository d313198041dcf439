"""The calls that change a plan group: its own fields, then the plans that leave, those that join, and the order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from commetctl.core.call import ApiCall, Body, Ref, Step
from commetctl.core.change import Change, Create, Delete, Update
from commetctl.core.contract import V2026_07_11, Contract, Route
from commetctl.core.footprint import Gone, Put, Set
from commetctl.core.resource import Address, Resource, Value
from commetctl.kinds.plans import addresses
from commetctl.kinds.routes import Routes
from commetctl.kinds.wire import WireField, encode, present

_OLDER = V2026_07_11.version
_ONE = "/plan-groups/{id}"

_DELETE = Route("DELETE", _ONE)
ROUTES = Routes(
    list=Route("GET", "/plan-groups"),
    create=Route("POST", "/plan-groups"),
    update=Route("PATCH", _ONE, {_OLDER: ("PUT", _ONE)}),
    delete=_DELETE,
    # The list does not have the plans of a group in the newer version, and one read of a group has them in every one.
    each=Route("GET", _ONE),
    paged=True,
)
_ADD = Route("POST", f"{_ONE}/plans")
_REMOVE = Route("DELETE", f"{_ONE}/plans/{{plan}}")
_NONE: frozenset[Address] = frozenset()
_REORDER = Route("PUT", f"{_ONE}/plans/reorder")


def step(change: Change, table: Sequence[WireField], contract: Contract, last: int) -> Step:
    """The one step of a change; `table` are the fields that belong to the group itself, `last` its last position.

    A plan joins once all plans of the group are done in whole, with their prices and currencies: Commet refuses one
    whose currencies are not those of the others.
    """
    address, calls = change.address, list(_calls(change, table, contract, last))
    before, after = _members(change)
    joins = not set(after) <= set(before)
    return Step(str(address), (address,), tuple(calls), whole=frozenset(map(addresses.plan, after)) if joins else _NONE)


def _members(change: Change) -> tuple[tuple[str, ...], tuple[str, ...]]:
    before = () if isinstance(change, Create) else _codes(change.before)
    return before, before if isinstance(change, Delete) else _codes(change.after)


def _codes(group: Resource) -> tuple[str, ...]:
    plans = group.fields["plans"]
    return tuple(map(str, plans)) if isinstance(plans, tuple) else ()


def _calls(change: Change, table: Sequence[WireField], contract: Contract, last: int) -> Iterator[ApiCall]:
    address = change.address
    match change:
        case Create(after):
            own = _fields(after, frozenset(after.fields) - {"plans"})
            empty = replace(after, fields={**after.fields, "plans": ()})
            body = encode(table, present(own), own, contract)
            yield contract.call(ROUTES.create, body, leaves=(Put(empty),), creates=address)
            yield from _Membership(address, (), _codes(after), contract, last).calls()
        case Update(before, after, names=names):
            own = _fields(after, names - {"plans"})
            if own:
                body = encode(table, own, own, contract)
                leaves = (Set(address, own),)
                yield contract.call(ROUTES.update, body, leaves=leaves, subject=address, id=Ref(address))
            if "plans" in names:
                yield from _Membership(address, _codes(before), _codes(after), contract, last).calls()
        case Delete():
            yield contract.call(_DELETE, leaves=(Gone(address),), subject=address, id=Ref(address))


def _fields(group: Resource, names: frozenset[str]) -> Mapping[str, Value]:
    return {name: value for name, value in group.fields.items() if name in names}


@dataclass(frozen=True)
class _Membership:
    """The plans of a group before and after a change; `last` is the position of the last one before."""

    group: Address
    before: tuple[str, ...]
    after: tuple[str, ...]
    contract: Contract
    last: int

    def calls(self) -> Iterator[ApiCall]:
        """The fewest calls: those that leave go, those that join come last, and all are put in order if they are not.

        Where a plan comes that joins without a position is not documented, so each has one.
        """
        call, at, now = self.contract.call, Ref(self.group), self.before
        for code in [code for code in self.before if code not in self.after]:
            now = tuple(other for other in now if other != code)
            yield call(_REMOVE, leaves=(self._left(now),), id=at, plan=Ref(addresses.plan(code)))
        for place, code in enumerate([code for code in self.after if code not in self.before], self.last + 1):
            now = (*now, code)
            body: dict[str, Body] = {"planId": Ref(addresses.plan(code)), "sortOrder": place}
            yield call(_ADD, body, leaves=(self._left(now),), id=at)
        if now != self.after:
            order = {"planIds": [Ref(addresses.plan(code)) for code in self.after]}
            yield call(_REORDER, order, leaves=(self._left(self.after),), id=at)

    def _left(self, codes: tuple[str, ...]) -> Set:
        return Set(self.group, {"plans": codes})
