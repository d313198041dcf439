"""What is wrong with the offers of a file, beyond the shape of each, and what is probably not meant."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from commetctl.core.money import Money, Scale
from commetctl.core.values import KeyPath
from commetctl.kinds import memory
from commetctl.kinds.amount_slips import Tag, odd
from commetctl.kinds.currencies import unknown_currency
from commetctl.kinds.offers.phases import AMOUNTS
from commetctl.kinds.offers.spec import MOST_PHASES, OfferSpec, PhaseSpec
from commetctl.kinds.section import Finding, Sheet


def findings(sheet: Sheet, section: str) -> Iterator[Finding]:
    """The rules of each offer."""
    entries: Mapping[str, OfferSpec] = sheet.sections[section]
    for key, spec in entries.items():
        # Without a phase that has a mistake of its own, the others are in other places.
        for finding in _of_phases((section, key), spec, sheet):
            yield replace(finding, lacks=phase_paths((section, key)))
        if spec.starts_at and spec.ends_at and spec.ends_at <= spec.starts_at:
            yield Finding((section, key, "ends_at"), "bad_times", "must be after `starts_at`", "correct one of the two")
        yield from memory.reserved((section, key), spec.metadata)


def phase_paths(entry: KeyPath) -> tuple[KeyPath, ...]:
    """The places of all phases that an entry may have."""
    return tuple((*entry, "phases", str(index)) for index in range(MOST_PHASES))


def _of_phases(entry: KeyPath, spec: OfferSpec, sheet: Sheet) -> Iterator[Finding]:
    yield from _phases(entry, spec)
    for index, phase in enumerate(spec.phases):
        yield from _amounts((*entry, "phases", str(index)), phase, sheet)


def _phases(entry: KeyPath, spec: OfferSpec) -> Iterator[Finding]:
    last = len(spec.phases) - 1
    for index, phase in enumerate(spec.phases):
        at = (*entry, "phases", str(index), phase.type)
        if phase.type == "free_trial" and index:
            yield Finding(at, "bad_phases", "only the first phase can be a trial", "move it to the front, or remove it")
        elif phase.type != "free_trial" and index < last and getattr(phase.terms, "cycles", None) is None:
            message = "never ends, so the phases after it are never reached"
            yield Finding(at, "bad_phases", message, "add `cycles`; only the last phase may have no end")


def _amounts(path: KeyPath, phase: PhaseSpec, sheet: Sheet) -> Iterator[Finding]:
    for at, currency, amount in amounts_of(phase):
        place = (*path, *at)
        if currency not in sheet.contract.currencies:
            yield from unknown_currency(place, currency, sheet.contract)
        elif problem := Money(amount, currency).problem(Scale.MINOR):
            yield Finding(place, "bad_amount", problem)
        elif not amount and phase.type == "amount_off":
            yield Finding(place, "bad_amount", "discounts nothing", "write an amount above 0, or remove the currency")


def amounts_of(phase: PhaseSpec) -> Iterator[tuple[KeyPath, str, Decimal]]:
    """The amounts of a phase: the place in it, the currency, the number."""
    name = AMOUNTS.get(phase.type)
    for currency, amount in (getattr(phase.terms, name) if name else {}).items():
        yield (phase.type, name or "", currency), currency, amount


def odd_cents(sheet: Sheet) -> Iterator[Finding]:
    """Amounts of offers whose digits are probably not what was meant."""
    offers: Mapping[str, OfferSpec] = sheet.sections.get("offers", {})
    return odd(
        Tag(("offers", key, "phases", str(index), *at), (phase.type, currency), Money(amount, currency))
        for key, spec in offers.items()
        for index, phase in enumerate(spec.phases)
        for at, currency, amount in amounts_of(phase)
    )
