"""Discounts of the older generation, where a code has no offer: one object in the file, three fields in the API."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from commetctl.core.call import Body
from commetctl.core.contract import Contract, Row
from commetctl.core.money import Money, Scale
from commetctl.core.resource import Value
from commetctl.kinds.codecs import whole
from commetctl.kinds.promo_codes.spec import DiscountSpec
from commetctl.kinds.wire import plain

#: The fields of the API.
_TYPE, _VALUE, _CYCLES = "discountType", "discountValue", "durationCycles"
#: The one field that stands for them on the way to the table and from it.
WIRE = "discount"


def made(spec: DiscountSpec | None) -> Value:
    """What a resource has for the discount of an entry."""
    terms = plain(spec)
    return terms if not terms or "amount" not in terms else {**terms, "amount": Money(terms["amount"])}


def encode(terms: Mapping[str, Any], _: Contract) -> Body:
    """The discount of a request: basis points, or US cents. (SDK 7.10.0, promo codes; skills.)"""
    if "percent" in terms:
        body: dict[str, Body] = {_TYPE: "percentage", _VALUE: int(terms["percent"] * 100)}
    else:
        body = {_TYPE: "amount", _VALUE: terms["amount"].to_wire(Scale.MINOR)}
    return body | ({_CYCLES: terms["cycles"]} if terms.get("cycles") else {})


def decode(row: Any, _: Contract) -> Value:
    """The discount of an answer; raises ValueError for a type that the file cannot say."""
    if row is None:
        return None
    lasting = {} if row[_CYCLES] is None else {"cycles": whole(row[_CYCLES])}
    match row[_TYPE]:
        case "percentage":
            return {"percent": Decimal(whole(row[_VALUE])) / 100, **lasting}
        case "amount":
            return {"amount": Money.from_wire(whole(row[_VALUE]), "usd", Scale.MINOR), **lasting}
        case other:
            raise ValueError(other)


def spread(body: Mapping[str, Body]) -> dict[str, Body]:
    """A body with the three fields of the API in place of the one."""
    rest = {name: value for name, value in body.items() if name != WIRE}
    terms = body.get(WIRE)
    return {**rest, **terms} if isinstance(terms, Mapping) else rest


def gathered(row: Row) -> Row:
    """A row of either generation with one discount and one offer, each none where the generation has the other."""
    if "offerId" in row:
        return {WIRE: None, **row}
    return {"offerId": None, **row, **({WIRE: row} if _TYPE in row else {})}
