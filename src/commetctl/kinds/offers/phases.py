"""Phases of offers between the file and the API: percentages are basis points, amounts are minor units."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from commetctl.core.call import Body
from commetctl.core.contract import Contract, Row
from commetctl.core.money import Money, Scale
from commetctl.core.resource import Value
from commetctl.kinds.codecs import whole
from commetctl.kinds.offers.spec import PhaseSpec
from commetctl.kinds.wire import part, plain

#: The amounts of a phase: the name of their field, in the file and in the API.
AMOUNTS = {"amount_off": "amounts", "fixed_price": "prices"}


def made(phases: Sequence[PhaseSpec]) -> Value:
    """What a resource has for the phases of an entry."""
    return tuple(_made(phase) for phase in phases)


def _made(phase: PhaseSpec) -> dict[str, Any]:
    terms = plain(phase.terms)
    if name := AMOUNTS.get(phase.type):
        terms[name] = {currency: Money(amount, currency) for currency, amount in sorted(terms[name].items())}
    return {phase.type: terms}


def encode(phases: Sequence[Mapping[str, Any]], _: Contract) -> Body:
    """The phases of a request."""
    return [_encoded(*item) for phase in phases for item in phase.items()]


def _encoded(type_: str, terms: Mapping[str, Any]) -> dict[str, Body]:
    if type_ == "free_trial":
        return {"type": type_, "durationDays": terms["days"]}
    body: dict[str, Body] = {"type": type_, "durationCycles": terms.get("cycles")}
    if type_ == "percentage":
        return {**body, "percentage": int(terms["percent"] * 100)}
    name = AMOUNTS[type_]
    rows = [{"currency": code, "amount": money.to_wire(Scale.MINOR)} for code, money in terms[name].items()]
    return {**body, name: rows} | ({"durationInterval": terms["interval"]} if terms.get("interval") else {})


def decode(phases: Any, contract: Contract) -> Value:
    """The phases of an answer; raises TypeError, ValueError or LookupError for what the file cannot say."""
    return tuple(_decoded(phase, contract) for phase in phases)


def _decoded(phase: Row, contract: Contract) -> Any:
    type_, interval = phase["type"], phase.get("durationInterval")
    if type_ == "free_trial":
        return {type_: {"days": whole(phase["durationDays"])}}
    cycles = phase["durationCycles"]
    lasting = {} if cycles is None else {"cycles": whole(cycles)}
    if interval is not None and (type_ != "fixed_price" or interval not in contract.intervals):
        raise ValueError(interval)
    if type_ == "percentage":
        return {type_: {"percent": Decimal(whole(phase["percentage"])) / 100, **lasting}}
    name = AMOUNTS[type_]
    return {type_: {name: _amounts(phase[name]), **lasting, **({"interval": interval} if interval else {})}}


def _amounts(rows: Any) -> dict[str, Money]:
    found = {part(row["currency"]).lower(): whole(row["amount"]) for row in rows}
    if len(found) != len(rows):
        raise ValueError(rows)
    return {currency: Money.from_wire(found[currency], currency, Scale.MINOR) for currency in sorted(found)}
