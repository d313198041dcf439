"""The form of a catalog: the order and the manner in which `pull` writes one, with a proof that its meaning stays."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache, partial
from typing import Any

from pydantic import BaseModel, ValidationError

from commetctl.catalog import document
from commetctl.catalog.data import Document
from commetctl.catalog.dated.head import HEAD, HeadSpec
from commetctl.catalog.ignores import is_ignore
from commetctl.catalog.own import PREFIX
from commetctl.catalog.settings import PolicySpec, known
from commetctl.catalog.variables import escaped
from commetctl.core.contract import PER_YEAR
from commetctl.core.errors import InvalidCatalog, Problem, Refused
from commetctl.core.money import EXPONENTS, Money, UnitPrice
from commetctl.core.resource import Origin
from commetctl.core.values import KeyPath, same
from commetctl.kinds import by_name
from commetctl.kinds.model import Described, Type, fields
from commetctl.kinds.scalars import OddNumber, number
from commetctl.kinds.wire import price_tag
from commetctl.yamltext import Unfit
from commetctl.yamltext.form import NOTHING, Form
from commetctl.yamltext.printing import Printable, settled
from commetctl.yamltext.writing import Writer

_INTERVALS = (*PER_YEAR, "one_time")
_ITS_CURRENCY = "of its currency"
_PROBE = Decimal(7)
#: Problems of variables, which do not matter for the form.
_VARIABLES = ("undefined_variable", "bad_variable")


def writer(remarks: Mapping[KeyPath, str]) -> Writer:
    """The writer for values of a catalog, with comments above some paths."""
    return Writer(remarks=remarks, escape=escaped)


def formatted(name: str, content: bytes) -> bytes:
    """The content of a file that is called `name` in its form.

    Raises InvalidCatalog for content that is not valid YAML, and Refused if formatting it would change its meaning.
    """
    before, form = _read(name, content), _form()
    place: Origin | None = None
    # A file with values too odd to rewrite may still get its lines formatted.
    for edited in (True, False):
        try:
            made = Printable(content.decode(), form, is_ignore).formatted(edited=edited)
            if made.text.encode() == content:
                return content
            again = settled(made, form, is_ignore)
            found = again.text.encode()
            place = _difference(before, _read(name, found), form)
        except (Unfit, InvalidCatalog):
            continue
        if place is None and made.remarks == again.remarks:
            return found
    where = f" near line {place.line}" if place else ""
    raise Refused(
        f"{name} is written in a way that cannot be formatted without changing what it means{where}",
        "write it without anchors, tags and merges, one key per line; the file was left unchanged",
        code="not_formattable",
    )


def is_formatted(name: str, content: bytes) -> bool:
    """Whether the content of a valid file is in its form. It takes less time to find out than to format it."""
    text = content.decode()
    try:
        printable = Printable(text, _form(), is_ignore)
    except Unfit:
        return False
    if printable.formatted().text == text:
        return True
    return printable.formatted(edited=False).text == text and formatted(name, content) == content


def _read(name: str, content: bytes) -> Document:
    """The document in content that is valid YAML; raises InvalidCatalog for any other."""
    # Variables are not replaced: their text is formatted.
    found = document.parse(name, content, {})
    problems = [problem for problem in found.problems if problem.code not in _VARIABLES]
    if not isinstance(found.data, dict):
        hint = "begin with `version: 1`"
        problems.append(Problem("not_a_mapping", "must be a mapping of keys to values", hint, found.origin(())))
    if problems:
        raise InvalidCatalog(name, problems)
    return found


def _difference(before: Document, after: Document, form: Form) -> Origin | None:
    """A place at which two documents differ in meaning; None if there is none."""
    own = (path for key, value in before.own.items() for path in _unlike(value, after.own.get(key), NOTHING, key))
    for path in [*_unlike(before.data, after.data, form, ()), *_unlike_objects(before.data, after.data), *own]:
        return before.origin(path)
    for path in (before.bare.keys() ^ after.bare.keys()) | (before.own.keys() ^ after.own.keys()):
        return before.origin(path)
    return Origin(before.file, 1, 1) if _ignores(before) != _ignores(after) else None


def _ignores(read: Document) -> Counter[Any]:
    return Counter((found.codes, found.reason, frozenset(found.paths)) for found in read.ignores)


def _unlike(one: Any, other: Any, form: Form, path: KeyPath) -> Iterator[KeyPath]:
    """Where two values differ, apart from the digits of amounts and an order of keys without meaning."""
    if isinstance(one, dict) and isinstance(other, dict):
        form = form.variant(one.get(form.tag))
        for key in one.keys() & other.keys():
            yield from _unlike(one[key], other[key], form.at(key), (*path, key))
        ordered = form.other is not None and not form.order
        if one.keys() != other.keys() or (ordered and list(one) != list(other)):
            yield path
    elif isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            yield path
        for index, (first, second) in enumerate(zip(one, other, strict=False)):
            yield from _unlike(first, second, form.at(""), (*path, str(index)))
    elif type(one) is not type(other) or not same(one, other):
        texts = [form.number(str(value)) for value in (one, other)]
        if texts[0] is None or texts[0] != texts[1]:
            yield path


def _unlike_objects(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[KeyPath]:
    """The entries that their models read differently."""
    for name, section in by_name().items():
        sides = [held if isinstance(held := data.get(name), dict) else {} for data in (one, other)]
        for key in sides[0]:
            if _modelled(sides[0][key], section.spec) != _modelled(sides[1].get(key), section.spec):
                yield name, key


def _modelled(value: Any, spec: type[BaseModel]) -> BaseModel | None:
    try:
        return spec.model_validate(value)
    except ValidationError:
        return None


def _form() -> Form:
    """The form of a whole file, derived from the models."""
    sections = {name: _entries(section.spec) for name, section in by_name().items()}
    # What `was` holds is kept as it is written: its keys are paths.
    head = Form(order=(*HeadSpec.model_fields, f"{PREFIX}*"), block=True)
    keys = {"policy": _object(PolicySpec, "usd"), HEAD: head, **sections}
    version, *settings = [key for key in known() if key not in sections]
    return Form(keys, order=(version, HEAD, *settings, f"{PREFIX}*", *sections), block=True, sections=True)


@cache
def _entries(spec: type[BaseModel]) -> Form:
    return Form(other=_object(spec, "usd"), block=True)


@cache
def _object(spec: type[BaseModel], currency: str) -> Form:
    """The form of an object whose amounts are in a currency: in the one that it says itself, where it says one."""
    tag = next((item.name for item in fields(spec) if item.type.word == "currency"), "")
    if not tag:
        return _in_currency(spec, currency)
    return replace(_in_currency(spec, ""), tag=tag, tagged={code: _in_currency(spec, code) for code in EXPONENTS})


@cache
def _in_currency(spec: type[BaseModel], currency: str) -> Form:
    """The form of an object whose amounts are in a currency, unless they are in US dollars."""
    # What may not happen to an object is said last.
    described = sorted(fields(spec), key=lambda item: item.name == "lifecycle")
    keys = {item.name: _value(item.type, item, currency) for item in described}
    apart = any(item.extra.get("keys") in _LINED for item in described)
    short = keys.get(_short(spec), NOTHING)
    return Form(keys, order=tuple(keys), merges_first=True, block=apart, apart=apart, number=short.number)


def _value(type_: Type, item: Described, currency: str) -> Form:
    match type_.word:
        case "object" if type_.spec:
            return _object(type_.spec, currency)
        case "union":
            tagged = {tag: _value(variant, item, currency) for tag, variant in type_.variants.items()}
            return Form(tag=type_.tag, tagged=tagged)
        case "list" if type_.item:
            return Form(other=_value(type_.item, item, currency))
        case "mapping" if type_.item:
            return _mapping(type_.item, item)
        case "labels":
            return Form(other=NOTHING)
        case "amount" | "rate":
            in_currency = item.unit == _ITS_CURRENCY
            money = in_currency or item.unit.startswith("US dollars")
            return _number(money=money, of_unit="decimals" in item.extra, currency=currency if in_currency else "usd")
        case _:
            return NOTHING


#: What stands in lines of its own however short it is: prices by interval, and features by code. So do variants by
#: name, which few prices have: a price without any stays on one line.
_LINED = ("interval", "feature code")
_BY_NAME = "name"


def _mapping(type_: Type, item: Described) -> Form:
    """The form of values by currency, by interval, or of objects by another key, each in a line of its own."""
    keyed = item.extra.get("keys")
    if keyed == "currency":
        return Form({code: _value(type_, item, code) for code in EXPONENTS}, other=_value(type_, item, ""))
    order = _INTERVALS if keyed == "interval" else ()
    return Form(other=_value(type_, item, "usd"), order=order, block=keyed in (*_LINED, _BY_NAME))


@cache
def _short(spec: type[BaseModel]) -> str:
    """The field that a number alone stands for in the short form of an object, if it has such a form."""
    found = _modelled(_PROBE, spec)
    return next((name for name in spec.model_fields if found and getattr(found, name) == _PROBE), "")


@cache
def _number(*, money: bool, of_unit: bool, currency: str) -> Form:
    """The form of an amount, of the price of a unit, or of any other number."""
    if currency not in EXPONENTS or not (money or of_unit):
        return Form(number=lambda text: text if _is_plain(text) else None)
    return Form(number=partial(_tagged, of_unit=of_unit, currency=currency))


def _tagged(text: str, *, of_unit: bool, currency: str) -> str | None:
    """A plain number as it is written on a price tag; None for a text that is no amount."""
    if not _is_plain(text):
        return None
    tag = str(price_tag((UnitPrice if of_unit else Money)(Decimal(text), currency)))
    # An author who writes 0.0020 beside 0.0018 means the digits.
    return text if of_unit and len(text.partition(".")[2]) > len(tag.partition(".")[2]) else tag


def _is_plain(text: str) -> bool:
    return not isinstance(number(text), OddNumber) and not text.startswith("-")
