"""Amounts in Markdown: each change on one line, for pages that are too long, and price tables."""

from collections.abc import Iterator, Sequence

from commetctl.core.change import Change, Delete, FieldChange, action, is_replaced
from commetctl.core.money import DERIVED, Derived
from commetctl.core.resource import Address, Value
from commetctl.core.text import field_text, value_text
from commetctl.render.groups import Gone, gone, telling
from commetctl.render.markup import Item, Part, code, folded, table, text
from commetctl.render.pricing import Cell, Line, PlanList, pack_lines, plan_lists
from commetctl.render.sentences import going_said
from commetctl.review.review import Review

_SIGNS = {"create": "➕", "update": "✏️", "delete": "➖"}
_REPLACED = "🔁"
#: The names of amounts that are clear without their name.
PLAIN = frozenset({"price", "rate", "unit_price", "overage"})


def change_line(review: Review, change: Change) -> str:
    """`✏️ plan_price.pro/yearly 490.00 → 590.00 USD +20.4%`"""
    line = f"- {sign(change)} {code(str(change.address))}"
    if isinstance(change, Delete):
        going = text(going_said(review.changeset, change))
        return f"{line} {going}" + "".join(f"; {text(_gone_text(item))}" for item in gone(review, change))
    said = ", ".join(_field(change.address, item) for item in telling(change))
    said = "; ".join(filter(None, (text(going_said(review.changeset, change)), said)))
    return f"{line} {said}" if said else line


def sign(change: Change) -> str:
    """The sign of a change."""
    return _REPLACED if is_replaced(change) else _SIGNS[action(change)]


def _gone_text(item: Gone) -> str:
    """`yearly 490.00 USD, ≈ 450.80 EUR`; the plan is that of the change."""
    about = item.along.key.rpartition("/")[2] if item.along else "was"
    amounts = (amount.removeprefix("price ") for amount in item.amounts)
    return _approximate(f"{about} {', '.join(amounts)}")


def _field(address: Address, item: FieldChange) -> str:
    said = field_text(address, item)
    if isinstance(item.before, Derived) or isinstance(item.after, Derived):
        said = _approximate(said)
    return text(said) if item.path in PLAIN else f"{code(item.path)} {text(said)}"


def _approximate(said: str) -> str:
    return said.replace("about ", "≈ ").replace(f" {DERIVED}", "")


#: If there are more tables than this, they are closed at first.
_OPEN = 6
DERIVED_SAID = "≈ marks amounts that Commet derives from the US dollar amount and the plan's exchange rate."
NOUN = "price table"
#: On a page that is too long, tables of derived amounts come last.
RANK, RANK_DERIVED = 2, 4


def plan_tables(review: Review) -> Iterator[Part]:
    """A table for each plan whose prices or overage prices change."""
    changed = [found for found in plan_lists(review.before, review.after) if _moving(found)]
    for found in changed:
        title = f"{found.name} ({found.code}){_state(found)}"
        body = _plan(found)
        rank = RANK if any(map(_is_moving_itself, found.amounts)) else RANK_DERIVED
        if len(changed) > _OPEN:
            yield folded(f"Prices of {title}", Part(NOUN, [Item(body)], rank=rank))
        else:
            yield Part(NOUN, [Item(f"#### {text(found.name)} {code(found.code)}{_state(found)}\n\n{body}")], rank=rank)
    if any(_is_derived(line) for found in changed for line in found.amounts):
        yield Part("explanation", [Item(DERIVED_SAID)], rank=RANK)


def pack_tables(review: Review) -> Iterator[Part]:
    """A table of the credit packs that change."""
    changed = [line for line in pack_lines(review.before, review.after) if line.is_changed]
    if not changed:
        return
    names = ("credits", "price")
    rows = [[text(line.key), *(_cell(line, name) for name in names)] for line in changed]
    yield Part(NOUN, [Item("#### Credit packs\n\n" + table(["", "credits", "USD"], rows))], rank=RANK)


def _moving(found: PlanList) -> bool:
    return any(line.is_changed for line in found.amounts)


def _state(found: PlanList) -> str:
    return ", new" if found.is_new else ", deleted" if found.is_gone else ""


def _plan(found: PlanList) -> str:
    named = {line.key: line.name.after for line in found.features}
    lines = [(text(line.key.replace("_", "-")), line) for line in found.prices]
    lines += [(f"{text(value_text(named[line.key]))}, overage", line) for line in found.unit_prices]
    lines += [(_market(line), line) for line in found.markets]
    currencies = _currencies(found, [line for _, line in lines])
    rows = [[name, *(_cell(line, currency) for currency in currencies)] for name, line in lines]
    return table(["", *(text(currency.upper()) for currency in currencies)], rows)


def _market(line: Line) -> str:
    """`monthly, Brazil`, or `monthly, variant experiment_b, Brazil`"""
    interval, *variants, _ = line.key.split("/")
    parts = [interval.replace("_", "-"), *(f"variant {name}" for name in variants), value_text(line.name.after)]
    return text(", ".join(parts))


def _currencies(found: PlanList, lines: Sequence[Line]) -> list[str]:
    return list(dict.fromkeys([*found.currencies, *(currency for line in lines for currency in line.cells)]))


def _is_moving_itself(line: Line) -> bool:
    return any(cell.is_changed and not isinstance(cell.after or cell.before, Derived) for cell in line.cells.values())


def _is_derived(line: Line) -> bool:
    return any(isinstance(value, Derived) for cell in line.cells.values() for value in (cell.before, cell.after))


def _cell(line: Line, column: str) -> str:
    cell = line.cells.get(column)
    if cell is None or cell == Cell():
        return ""
    if not cell.is_changed:
        return _amount(cell.after)
    if cell.before is None:
        return f"**{_amount(cell.after)}** (new)"
    if cell.after is None:
        return f"~~{_amount(cell.before)}~~ (gone)"
    percent = f" ({cell.percent})" if cell.percent else ""
    return f"~~{_amount(cell.before)}~~ **{_amount(cell.after)}**{percent}"


def _amount(value: Value) -> str:
    if isinstance(value, Derived):
        return f"≈ {value.about.number()}"
    number = getattr(value, "number", None)
    return number() if number else text(value_text(value))
