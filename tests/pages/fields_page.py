"""The page of the kinds of object and their fields: what `explain` knows, each thing once."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from effects_lines import anchor
from pagetext import code, listed, made_from, paragraphs, prose, wrapped

from commetctl.core.contract import CONTRACTS, INTERVALS, Contract
from commetctl.core.money import EXPONENTS
from commetctl.reference import words
from commetctl.reference.kinds import Field, Kind, kinds

_HEAD = """\
# Fields

Every kind of object and every field, as you write it, with an example value. `commetctl explain KIND.FIELD` prints the
same and more: all limits, and what a change means for existing customers."""

_TYPES = """\
- *text* is not empty and has no spaces at its ends. A name is on one line.
- *amount* is 0 or more, as on a price tag: `49.00`. It has the decimals of its currency, and a price per unit four.
- *percentage* and *whole number* are 0 or more, unless another limit is given. A percentage has at most two decimals.
- *time* has a time zone: `2027-01-31T23:59:59Z` is in UTC.

A *code* identifies an object in Commet and never changes; a *key* is your own name for it in the catalog. In the API, a
field has the same name in camel case, unless its section says otherwise: `trial_days` is `trialDays`."""

_SHARED = "Fields of several kinds. Each kind lists those that it has."
_SECTIONS = "Without a section, its objects are unmanaged. An empty section declares that there are none."
#: The fields that are described once for all kinds, in the order of reading.
_COMMON = ("previous_name", "id", "lifecycle", "lifecycle.protect")
#: The longest example that is written out.
_LONGEST = 60


def page() -> str:
    """The page for the models as they are."""
    known = kinds()
    parts = [_HEAD, wrapped(f"{', '.join(f'[`{kind.name}`](#{kind.name})' for kind in known)}.")]
    parts += ["## Types", _TYPES, "## Shared fields", _SHARED, _list(_shared().values())]
    for kind in known:
        parts += _kind(kind)
    intervals = "".join(f"- {code(name)}: {words.interval(name)}\n" for name in INTERVALS)
    parts += ["## Intervals", intervals, "## Currencies", wrapped(" ".join(_currencies()))]
    return paragraphs([*parts, made_from("src/commetctl/reference/kinds.py")])


def _shared() -> dict[str, Field]:
    """The fields that several kinds have, as they are described for any object."""
    found = {item.path: _of_any(item) for kind in reversed(kinds()) for item in kind.fields if item.path in _COMMON}
    return {path: found[path] for path in _COMMON}


def _of_any(item: Field) -> Field:
    return replace(item, description=re.sub(r"\bthe (market|offer|plan group|pack)\b", "the object", item.description))


def _is_shared(item: Field) -> bool:
    return item.path in _COMMON and _of_any(item).description == _shared()[item.path].description


def _kind(kind: Kind) -> Iterator[str]:
    place = f" In the file: {code(kind.place)}." if "." in kind.place else ""
    address = f" Address: {code(kind.address)}, such as {code(kind.example)}." if kind.address else ""
    yield f"## `{kind.name}`"
    yield wrapped(kind.about + place + address)
    yield _list(item for item in kind.fields if not _is_shared(item))
    if shared := [code(item.path) for item in kind.fields if _is_shared(item)]:
        yield f"[Shared](#shared-fields): {listed(shared)}."
    yield wrapped(" ".join(_below(kind)))


def _below(kind: Kind) -> Iterator[str]:
    """What is said below the fields of a kind, in sentences."""
    if kind.name == "catalog":
        yield _SECTIONS
    if named := [f"{code(item.path)} is {code(other)}" for item in kind.fields if (other := _other_name(item))]:
        yield f"In the API, {listed(named)}."
    never = {item.path: item.returned.partition(": ")[2] for item in kind.fields if item.returned.startswith("never")}
    for way in dict.fromkeys(never.values()):
        yield f"The API never returns {listed([code(path) for path in never if never[path] == way], 'or')}: {way}."
    fixed = {item.path: item.fixed for item in kind.fields if item.fixed}
    for way in dict.fromkeys(fixed.values()):
        yield f"{listed([code(path) for path in fixed if fixed[path] == way])} cannot change after creation: {way}."
    if kind.permanent:
        yield f"Permanent: {kind.permanent}."
    if kind.effects or any(item.effects for item in kind.fields):
        yield f"[Effects](../effects.md#{anchor(kind.name)}) of a change on existing customers."


def _other_name(item: Field) -> str:
    """The name of a field in the API, where it is not the one in the file."""
    first, *others = item.path.split("_")
    found = re.search(r"`(\w+)`", item.returned)
    usual = first + "".join(map(str.capitalize, others))
    return found[1] if found and found[1] != usual and "." not in item.path else ""


def _list(items: Iterable[Field]) -> str:
    return "".join(_item(f"{_written(item)}: {_facts(item)}. {_meaning(item)}") for item in items)


def _item(text: str) -> str:
    """One item of a list, in lines."""
    return f"- {wrapped(text, 118)}\n".replace("\n", "\n  ").rstrip(" ")


def _written(item: Field) -> str:
    example = next(iter(item.examples), "")
    if len(example) > _LONGEST:
        example = f"{example[0]}…{example[-1]}"
    return code(f"{item.path}: {example}".rstrip(": "))


def _facts(item: Field) -> str:
    """The type, with the limits that the type alone does not have, and the default."""
    type_ = item.type.removeprefix("one of ")
    type_ = type_ if type_ == item.type else listed([code(word) for word in type_.split(", ")], "or")
    found = re.search(r"^at most \d+ (?:characters|items)|^0 to 1000\b", item.limits)
    limit = "1 or more" if item.limits.startswith("1 to") else found[0] if found else ""
    counted = item.unit and item.type in ("amount", "whole number")
    unit = f" ({item.unit.partition(',')[0].removeprefix('of ')})" if counted else ""
    default = item.default if item.leads else code(item.default)
    default = {"required": "required", "none": ""}.get(item.default, f"default {default}")
    return ", ".join(fact for fact in (type_ + unit, limit, default) if fact)


def _meaning(item: Field) -> str:
    if item.path in {kind.place.partition(".")[0] for kind in kinds()} and item.leads:
        return f"{words.first_sentence(item.description)}: [`{item.leads}`](#{item.leads})."
    leads = f" See [`{item.leads}`](#{item.leads})." if item.leads else ""
    return prose(item.description) + leads


def _currencies() -> Iterator[str]:
    for digits in sorted(set(EXPONENTS.values()), reverse=True):
        names = ", ".join(code(name) for name in sorted(EXPONENTS) if EXPONENTS[name] == digits)
        yield f"With {digits} decimals: {names}." if digits else f"Whole amounts only: {names}."
    yield from filter(None, map(_lacking, CONTRACTS.values()))


def _lacking(contract: Contract) -> str:
    lacking = ", ".join(code(name) for name in sorted(EXPONENTS) if name not in contract.currencies)
    return f"Not in API version {contract.version}: {lacking}." if lacking else ""
