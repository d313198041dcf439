"""The kinds of object of a catalog, one module or package for each top-level key of the file.

To add one: its module, and its line here. Everything else loops over these.
"""

from collections.abc import Iterator, Mapping

from commetctl.core.amount_move import AmountMove
from commetctl.core.resource import Address, ResourceSet
from commetctl.core.values import KeyPath
from commetctl.kinds.addons import ADDONS
from commetctl.kinds.credit_packs import CREDIT_PACKS
from commetctl.kinds.features import FEATURES
from commetctl.kinds.kind import Kind
from commetctl.kinds.markets import MARKETS
from commetctl.kinds.model import Type
from commetctl.kinds.offers import OFFERS
from commetctl.kinds.plan_groups import PLAN_GROUPS
from commetctl.kinds.plans import PLANS
from commetctl.kinds.promo_codes import PROMO_CODES
from commetctl.kinds.section import Section
from commetctl.kinds.sides import Live, Payments

#: A section may refer only to sections above it: this is the order in which the account is read.
SECTIONS: list[Section] = [
    FEATURES,
    MARKETS,
    OFFERS,
    PLANS,
    PLAN_GROUPS,
    CREDIT_PACKS,
    PROMO_CODES,
    ADDONS,
]


def by_name() -> Mapping[str, Section]:
    """The sections by their key in the file, in its order."""
    return {section.name: section for section in SECTIONS}


def every_kind() -> Iterator[Kind]:
    """The kinds of all sections."""
    return (kind for section in SECTIONS for kind in section.kinds.values())


def section_of(address: Address) -> Section:
    """The section that an object belongs to; raises KeyError for an address of no kind."""
    found = next((section for section in SECTIONS if address.kind in section.kinds), None)
    if found is None:
        raise KeyError(address.kind)
    return found


def kind_of(address: Address) -> Kind | None:
    """The kind of an object; None for one that the file cannot declare."""
    return next((section.kinds[address.kind] for section in SECTIONS if address.kind in section.kinds), None)


def owner(address: Address) -> Address:
    """The top-level object that an object belongs to: itself, or the one with the first part of its key."""
    top = section_of(address).top.name
    return address if address.kind == top else Address(top, address.key.partition("/")[0])


def locate(path: KeyPath) -> tuple[Address, KeyPath] | None:
    """The object that a path of the file leads to or into, and what is left of the path inside it."""
    found = [(kind, keys) for kind in every_kind() if (keys := kind.keys_at(path))]
    if not found:
        return None
    kind, keys = max(found, key=lambda item: len(item[0].path))
    return Address(kind.name, "/".join(keys)), path[len(kind.path) :]


def type_at(path: KeyPath) -> Type | None:
    """What may stand at a path of the file, inside an object of a section; None where it is not known."""
    section = by_name().get(path[0])
    found: Type | None = Type("object", spec=section.spec) if section and len(path) > 1 else None
    for key in path[2:]:
        # A number that is no whole one is a label only as text.
        found = Type("text") if found and found.word == "labels" else found.at(key) if found else None
    return found


def moves(before: ResourceSet, after: ResourceSet) -> tuple[AmountMove, ...]:
    """Every amount that customers pay or get and that differs between two accounts.

    In the order of the account after; what is gone comes last.
    """
    found = [move for section in SECTIONS for move in section.moves(before, after)]
    position = {address: index for index, address in enumerate(after)}
    return tuple(sorted(found, key=lambda move: position.get(move.address, len(position))))


def paid(before: ResourceSet, after: ResourceSet, live: Live) -> Payments:
    """What subscriptions may pay, before and after some changes: subscriptions are to objects of one section."""
    return next(found for section in SECTIONS if (found := section.payments(before, after, live)))
