"""The phases of offers, in order: a free trial, discounts and fixed prices, each for a while; and their rules."""

from collections.abc import Iterator, Sequence

from commetctl.emulator.resource import Context
from commetctl.emulator.validate import INT32, Field, Integer, ListOf, Record, Text, Union, VersionChoice
from commetctl.emulator.versions import FIRST_NEW
from commetctl.emulator.wire import JsonObject

#: A part of a request, the field that is wrong with it, and why: see `refuse`.
Rule = tuple[bool, str, str]

# The first version in which a phase can be counted in another interval than that of the price (official SDK 9.4.0).
_DURATIONS = "2026-08-27"
# A free string in the reference, stored in lower case (our choice). Amounts are in minor units, and stored so.
_AMOUNT = {
    "currency": Field(Text(pattern="[A-Za-z]{3}", lower=True), required=True),
    "amount": Field(Integer(), required=True),
}
_AMOUNTS = Field(ListOf(Record(_AMOUNT), unique="currency", low=1), required=True)
_SPAN = {
    "durationCycles": Field(Integer(low=1, high=INT32), required=True, nullable=True),
    "durationInterval": Field(VersionChoice("durations"), nullable=True, since=_DURATIONS),
}
_PHASE = Union(
    "type",
    {
        "free_trial": {"durationDays": Field(Integer(low=1, high=INT32), required=True)},
        # In basis points.
        "percentage": {**_SPAN, "percentage": Field(Integer(low=1, high=10_000), required=True)},
        "amount_off": {**_SPAN, "amounts": _AMOUNTS},
        "fixed_price": {**_SPAN, "prices": _AMOUNTS},
    },
)
#: The phases of an offer, in a request.
PHASES = Field(ListOf(_PHASE, low=1, high=10), required=True)


def shown(ctx: Context, phase: JsonObject) -> JsonObject:
    """A phase; its interval is always there, or null, in the versions that have it, but for a trial.

    An open-ended phase has null for its cycles in 2026-07-24 too, where none can be written (our choice).
    """
    fields = {name: value for name, value in phase.items() if name != "durationInterval"}
    if phase["type"] == "free_trial" or ctx.version.name < _DURATIONS:
        return fields
    return {**fields, "durationInterval": phase.get("durationInterval")}


def is_first(ctx: Context) -> bool:
    """Whether the version is the first one with offers, which has rules of its own."""
    return ctx.version.name == FIRST_NEW


def rules(ctx: Context, phases: Sequence[JsonObject]) -> Iterator[Rule]:
    """The rules of the guide (offers) and of the fields' descriptions in the API reference."""
    for index, phase in enumerate(phases):
        at, kind = f"phases.{index}", phase["type"]
        is_open = "durationCycles" in phase and phase["durationCycles"] is None
        yield kind == "free_trial" and index > 0, f"{at}.type", "a free trial can only be the first phase"
        yield is_open and is_first(ctx), f"{at}.durationCycles", "must be an integer"
        is_early = not is_first(ctx) and index < len(phases) - 1
        yield is_open and is_early, f"{at}.durationCycles", "only the last phase can be open-ended"
        has_interval = phase.get("durationInterval") is not None
        yield has_interval and kind != "fixed_price", f"{at}.durationInterval", "only a fixed price can have one"
        too_much = ctx.quirks["full_discount"] == "refused" and phase.get("percentage") == 10_000
        yield too_much, f"{at}.percentage", "must be less than 10000"
        for name in phase.keys() & {"amounts", "prices"}:
            has_dollars = any(item["currency"] == "usd" for item in phase[name])
            yield is_first(ctx) and not has_dollars, f"{at}.{name}", "must have an amount in usd"


def introductory_rules(phases: Sequence[JsonObject]) -> Iterator[Rule]:
    """A trial at most, and after it one finite discount at most (guide, introductory offers)."""
    discounts = [index for index, phase in enumerate(phases) if phase["type"] != "free_trial"]
    for place, index in enumerate(discounts):
        phase, at = phases[index], f"phases.{index}"
        yield phase["type"] == "fixed_price", f"{at}.type", "an introductory offer cannot have a fixed price"
        yield phase["durationCycles"] is None, f"{at}.durationCycles", "an introductory offer has to end"
        yield place > 0, at, "an introductory offer has one discount at most"
