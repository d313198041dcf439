"""What is wrong with the promo codes of a file, beyond the shape of each, and what is probably not meant."""

from collections.abc import Iterator, Mapping
from typing import Any

from commetctl.core.money import Money, Scale
from commetctl.core.text import listed
from commetctl.kinds.currencies import OTHER_VERSION
from commetctl.kinds.offers.rules import amounts_of, phase_paths
from commetctl.kinds.offers.spec import OfferSpec, PhaseSpec
from commetctl.kinds.plans.entries.currencies import currencies_sold
from commetctl.kinds.promo_codes.spec import DiscountSpec, PromoCodeSpec
from commetctl.kinds.section import Finding, Sheet


def findings(sheet: Sheet, section: str, *, has_offers: bool) -> Iterator[Finding]:
    """The rules of each code; `has_offers` says whether the API version has offers."""
    entries: Mapping[str, PromoCodeSpec] = sheet.sections[section]
    version = sheet.contract.version
    for key, spec in entries.items():
        if has_offers and spec.discount:
            message = f"API version {version} has offers instead"
            hint = "declare the discount as a phase under `offers:`, and name it as `offer`"
            yield Finding((section, key, "discount"), "not_in_version", message, hint)
        if not has_offers and spec.offer:
            message = f"API version {version} has no offers"
            yield Finding((section, key, "offer"), "not_in_version", message, f"write `discount`, or {OTHER_VERSION}")
        if has_offers and not spec.offer and not spec.discount:
            yield _missing((section, key), "offer")
        if not has_offers and not spec.discount and not spec.offer:
            yield _missing((section, key), "discount")
        yield from _discount((section, key, "discount"), spec.discount)
        yield from _interval((section, key, "billing_interval"), spec, sheet)
        yield from _twice((section, key, "plans"), spec)
        yield from _trial((section, key, "offer"), spec, sheet)


def _missing(path: tuple[str, ...], name: str) -> Finding:
    return Finding(path, "missing_key", f"`{name}` is required", f"add `{name}:`", ((*path, name),))


def _discount(path: tuple[str, ...], spec: DiscountSpec | None) -> Iterator[Finding]:
    if spec and spec.percent is not None and spec.percent >= 100:
        # SDK 7.10.0, promo codes: less than 10000 basis points.
        yield Finding((*path, "percent"), "bad_amount", "must be less than 100", "Commet accepts at most 99.99")
    if spec and spec.amount is not None:
        problem = Money(spec.amount).problem(Scale.MINOR) or ("" if spec.amount else "discounts nothing")
        if problem:
            hint = "" if spec.amount else "write an amount above 0"
            yield Finding((*path, "amount"), "bad_amount", problem, hint)


def _interval(path: tuple[str, ...], spec: PromoCodeSpec, sheet: Sheet) -> Iterator[Finding]:
    interval = spec.billing_interval
    if interval and interval not in sheet.contract.intervals:
        message = f"`{interval}` is not an interval of API version {sheet.contract.version}"
        yield Finding(path, "interval_not_in_version", message, OTHER_VERSION)


def _twice(path: tuple[str, ...], spec: PromoCodeSpec) -> Iterator[Finding]:
    for index, plan in enumerate(spec.plans or ()):
        if plan in (spec.plans or [])[:index]:
            yield Finding((*path, str(index)), "duplicate", f"`{plan}` is listed twice", "remove one of them")


def _offer_of(spec: PromoCodeSpec, sheet: Sheet) -> OfferSpec | None:
    found: OfferSpec | None = sheet.sections.get("offers", {}).get(spec.offer or "")
    return found


def _trial(path: tuple[str, ...], spec: PromoCodeSpec, sheet: Sheet) -> Iterator[Finding]:
    offer = _offer_of(spec, sheet)
    if offer and all(phase.type == "free_trial" for phase in offer.phases):
        # Guide, promo codes: a trial counts only where a discount follows it.
        message = f"the offer `{spec.offer}` is only a trial, and a promo code needs a discount after it"
        hint = f"add a phase to `offers.{spec.offer}`, or name another offer"
        yield Finding(path, "trial_alone", message, hint, phase_paths(("offers", str(spec.offer))))


def offer_currency(sheet: Sheet) -> Iterator[Finding]:
    """Phases that lack an amount in a currency in which a plan of a code is sold."""
    plans: Mapping[str, Any] = sheet.sections.get("plans", {})
    reported: set[tuple[str, ...]] = set()
    for code, spec in sheet.sections.get("promo_codes", {}).items():
        offer = _offer_of(spec, sheet)
        sold = {key: currencies_sold(plans[key]) for key in spec.plans or plans if key in plans}
        for index, phase in enumerate(offer.phases if offer else ()):
            path = ("offers", str(spec.offer), "phases", str(index), phase.type)
            if path not in reported and (lacking := _lacking(phase, sold)):
                reported.add(path)
                said = listed([f"{currency.upper()} ({plan})" for currency, plan in lacking.items()])
                message = f"has no amount in {said}, in which plans of the promo code `{code}` are sold"
                hint = "a checkout in such a currency cannot use the offer: add the amount"
                yield Finding(path, "offer_currency", message, hint)


def _lacking(phase: PhaseSpec, sold: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """The currencies in which a phase has no amount, each with a plan that is sold in it."""
    has = {currency for _, currency, _ in amounts_of(phase)}
    every = {currency: plan for plan, currencies in sold.items() for currency in sorted(currencies)}
    return {currency: plan for currency, plan in sorted(every.items()) if has and currency not in has}
