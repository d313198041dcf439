"""What an account has, as text: each plan with tables of its prices and of what it includes, then all else by kind."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from commetctl.core.money import Derived, Money
from commetctl.core.resource import Address, Resource, ResourceSet, Value, noun
from commetctl.core.text import counted, printable
from commetctl.kinds import kind_of
from commetctl.reading.amounts import ABOUT, ABOUT_MEANS, grouped, said
from commetctl.reading.lines import notable
from commetctl.reading.names import field_label
from commetctl.render.pricing import Cell, Line, PlanList, plan_lists
from commetctl.render.tables import facts, table, turned_to_fit, width
from commetctl.render.terminal import Style

#: Fields that are long, and stand last.
_LAST = ("description", "metadata")
_UNMANAGED = "unmanaged"


def account_text(resources: ResourceSet, unmanaged: Collection[Address], style: Style) -> str:
    """All objects: plans, then what stands for itself by kind. `unmanaged` objects are marked."""
    plans = plan_lists(resources, resources)
    listed = {plan.address.kind for plan in plans}
    lines = [line for plan in plans for line in _plan(plan, _usual(plan, resources), unmanaged, style)]
    others: dict[str, list[Resource]] = {}
    for resource in resources.values():
        if resource.parent is None and resource.address.kind not in listed:
            others.setdefault(resource.address.kind, []).append(resource)
    for kind, found in others.items():
        lines += ["", style.paint("bold", noun(kind).capitalize() + "s"), *_objects(found, unmanaged, style)]
    if any(ABOUT in line for line in lines):
        lines += ["", *style.wrapped(f"{ABOUT} {ABOUT_MEANS}", 2)]
    return "\n".join(lines).lstrip("\n")


def account_summary(resources: ResourceSet, unmanaged: Collection[Address] | None, catalog: str) -> str:
    """`3 plans, 2 features; 1 of them is not in commet.yaml (unmanaged)`"""
    kinds = Counter(address.kind for address, resource in resources.items() if resource.parent is None)
    kept = ", ".join(counted(count, noun(kind)) for kind, count in kinds.items()) or "nothing"
    if unmanaged is None:
        return kept
    count = len(unmanaged)
    known = f"{count} of them {'is' if count == 1 else 'are'} not in {catalog} (unmanaged)"
    return f"{kept}; {known if count else f'all of them are in {catalog}'}" if kinds else kept


def _usual(plan: PlanList, resources: ResourceSet) -> Mapping[str, Value]:
    """The values of the parts of a plan that need no mention."""
    kinds = (kind_of(child.address) for child in resources.children(plan.address))
    return {name: value for kind in kinds if kind for name, value in kind.usual.items()}


def _plan(plan: PlanList, usual: Mapping[str, Value], unmanaged: Collection[Address], style: Style) -> Iterator[str]:
    mark = f"  {_UNMANAGED}" if plan.address in unmanaged else ""
    title = noun(plan.address.kind).capitalize()
    yield from ("", style.paint("bold", printable(f"{title} {plan.name} ({plan.code})")) + mark)
    fields = {name: cell.after for name, cell in plan.fields.items() if name != "name" and _says(cell.after)}
    yield from facts([(field_label(name), said(value)) for name, value in _in_order(fields)], style)
    yield from _spaced(_prices(plan, style))
    yield from _spaced(_features(plan, usual, style))
    yield from _spaced(_markets(plan, style))


def _prices(plan: PlanList, style: Style) -> Iterator[str]:
    # Balances have a column for each currency.
    terms = [name for name in _names(line.cells for line in plan.terms) if name != "included_balance"]
    balances = {line.key: line for line in plan.balances}
    held = [currency for currency in plan.currencies if any(currency in line.cells for line in plan.balances)]
    head = [
        "price",
        *(currency.upper() for currency in plan.currencies),
        *(f"balance {currency.upper()}" for currency in held),
        *map(field_label, terms),
    ]
    rows = [
        [
            price.key,
            *_amounts(price, plan.currencies),
            *_amounts(balances.get(price.key), held),
            *(_shown(line.cells[name].after) for name in terms),
        ]
        for price, line in zip(plan.prices, plan.terms, strict=True)
    ]
    yield from turned_to_fit(head, rows, style, right=range(1, len(head))) if rows else ()


def _features(plan: PlanList, usual: Mapping[str, Value], style: Style) -> Iterator[str]:
    names = [name for name in _names((line.cells for line in plan.features), usual) if name != "overage"]
    prices = {line.key: line for line in plan.unit_prices}
    sold = list(dict.fromkeys(currency for line in plan.unit_prices for currency in line.cells))
    head = ["feature", "name", *map(field_label, names), *(f"overage {currency.upper()}" for currency in sold)]
    rows = [
        [
            line.key,
            said(line.name.after) if line.name.after != line.key else "",
            *(_shown(line.cells[name].after, usual.get(name)) for name in names),
            *_amounts(prices.get(line.key), sold),
        ]
        for line in plan.features
    ]
    yield from turned_to_fit(head, rows, style, right=range(2, len(head))) if rows else ()


def _markets(plan: PlanList, style: Style) -> Iterator[str]:
    rows = [
        [line.key, said(line.name.after), ", ".join(said(cell.after) for cell in line.cells.values())]
        for line in plan.markets
    ]
    yield from table(["market price", "market", "amount"], rows, style, right=(2,)) if rows else ()


def _objects(found: Sequence[Resource], unmanaged: Collection[Address], style: Style) -> Iterator[str]:
    shown = [notable(resource) for resource in found]
    if all(fields.get("name") == resource.address.key for resource, fields in zip(found, shown, strict=True)):
        # It is the key.
        shown = [{name: value for name, value in fields.items() if name != "name"} for fields in shown]
    names = [name for name, _ in _in_order(dict.fromkeys(name for fields in shown for name in fields))]
    head = ["key", *map(field_label, names), ""]
    rows = [
        [
            resource.address.key,
            *(_shown(fields[name]) if name in fields else "" for name in names),
            _UNMANAGED if resource.address in unmanaged else "",
        ]
        for resource, fields in zip(found, shown, strict=True)
    ]
    numbers = [
        number
        for number, name in enumerate(names, 1)
        if all(_is_number(fields[name]) for fields in shown if name in fields)
    ]
    if width(head, rows) <= style.width:
        yield from table(head, rows, style, right=numbers)
        return
    for row in rows:
        yield "  " + printable("  ".join(filter(None, (row[0], row[-1]))))
        yield from facts([*zip(head[1:-1], row[1:-1], strict=True)], style, indent=4)


def _names(rows: Iterable[Mapping[str, Cell]], usual: Mapping[str, Value] | None = None) -> list[str]:
    """The names of the cells that say something in any row, in the order in which they first do."""
    found: dict[str, None] = {}
    for cells in rows:
        found |= {name: None for name, cell in cells.items() if _shown(cell.after, (usual or {}).get(name))}
    return list(found)


def _amounts(line: Line | None, currencies: Sequence[str]) -> list[str]:
    cells = line.cells if line else {}
    return [_amount(cells[currency].after) if currency in cells else "" for currency in currencies]


def _amount(value: Value) -> str:
    """An amount below the name of its currency: `1,900.00`, `≈ 45.08`."""
    match value:
        case Derived(about):
            return f"{ABOUT} {grouped(about.number())}"
        case Money():
            return grouped(value.number())
        case _:
            return _shown(value)


def _shown(value: Value, usual: Value = None) -> str:
    return said(value) if _says(value) and value != usual else ""


def _says(value: Value) -> bool:
    return value not in (None, False, "", {}, ())


def _is_number(value: Value) -> bool:
    return isinstance(value, int | Money | Derived) and not isinstance(value, bool)


def _in_order(fields: Mapping[str, Value]) -> list[tuple[str, Value]]:
    """The fields, the long ones last."""
    return sorted(fields.items(), key=lambda item: _LAST.index(item[0]) + 1 if item[0] in _LAST else 0)


def _spaced(lines: Iterator[str]) -> list[str]:
    found = list(lines)
    return ["", *found] if found else []
