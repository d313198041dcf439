"""What the plans of a group must have in common: one consumption model, and the same currencies.

Source: the guide to plan groups of SDK 9.7.0; for the model, Commet's skills.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from commetctl.core.contract import INTERVALS
from commetctl.core.resource import UNKNOWN, Address, ResourceSet
from commetctl.core.text import listed
from commetctl.core.values import KeyPath
from commetctl.kinds.plans import addresses
from commetctl.kinds.plans.entries.currencies import written_currencies
from commetctl.kinds.plans.spec import PlanSpec


@dataclass(frozen=True)
class Terms:
    """What counts of a plan: its model, None for none, and its currencies beside US dollars, None without a price."""

    model: str | None
    currencies: frozenset[str] | None


@dataclass(frozen=True)
class Misfit:
    """A plan that does not go with the first plan of its group: its position, the code of the problem, and why.

    `lacks` are the paths in the plans that would make it go with the other one.
    """

    position: int
    code: str
    message: str
    hint: str
    lacks: tuple[KeyPath, ...] = ()


def declared(plan: PlanSpec) -> Terms:
    """The terms of a plan in the file."""
    return Terms(plan.consumption_model, written_currencies(plan) if plan.prices else None)


def read(plan: Address, resources: ResourceSet) -> Terms | None:
    """The terms of a plan of an account; None for one that is not there, or of which they are not known."""
    if plan not in resources or (model := resources[plan].fields.get("consumption_model")) is UNKNOWN:
        return None
    below = list(resources.below(plan))
    kinds = (addresses.REGIONAL_PRICE, addresses.EXCHANGE_RATE)
    currencies = frozenset(addresses.last(part.address) for part in below if part.address.kind in kinds)
    is_priced = any(part.address.kind == addresses.PRICE for part in below)
    return Terms(model if isinstance(model, str) else None, currencies if is_priced else None)


def misfits(plans: Sequence[str], terms: Mapping[str, Terms]) -> Iterator[Misfit]:
    """The plans of a group that do not go with those before them; plans without terms are passed over."""
    modelled = priced = ""
    for position, code in enumerate(plans):
        if code not in terms:
            continue
        mine = terms[code]
        if modelled and mine.model != terms[modelled].model:
            message = f"`{code}` {_has(mine.model)}, and `{modelled}` in the same group {_has(terms[modelled].model)}"
            hint = "put plans with another consumption model into a group of their own"
            lacks = tuple(("plans", plan, "consumption_model") for plan in (code, modelled))
            yield Misfit(position, "group_models", message, hint, lacks)
        modelled = modelled or code
        if mine.currencies is not None:
            if priced and mine.currencies != terms[priced].currencies:
                message = f"`{code}` {_lacks(mine, terms[priced], priced)}"
                hint = "give all plans of the group the same currencies, by regional prices or exchange rates"
                lacking = mine.currencies ^ (terms[priced].currencies or frozenset())
                places = tuple(_places((code, priced), sorted(lacking)))
                yield Misfit(position, "group_currencies", message, hint, places)
            priced = priced or code


def _places(plans: Sequence[str], currencies: Sequence[str]) -> Iterator[KeyPath]:
    """Where each of some plans could have each of some currencies."""
    for plan, currency in product(plans, currencies):
        yield ("plans", plan, "exchange_rates", currency)
        yield from (("plans", plan, "prices", interval, "regional_prices", currency) for interval in INTERVALS)


def _has(model: str | None) -> str:
    return f"has `consumption_model: {model}`" if model else "has no consumption model"


def _lacks(mine: Terms, first: Terms, code: str) -> str:
    own, other = mine.currencies or frozenset(), first.currencies or frozenset()
    parts = [
        f"is not sold in {_upper(other - own)}, and `{code}` in the same group is" if other - own else "",
        f"is sold in {_upper(own - other)}, and `{code}` in the same group is not" if own - other else "",
    ]
    return "; it ".join(filter(None, parts))


def _upper(currencies: frozenset[str]) -> str:
    return listed([currency.upper() for currency in sorted(currencies)])
