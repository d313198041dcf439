"""The table knows every kind, every field and every way that the sections have; what it does not know, it says."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings

from commetctl.catalog.loading import parse
from commetctl.core.change import Change, Create, Delete, FieldChange, Update
from commetctl.core.contract import CONTRACTS, Contract
from commetctl.core.impact import Effect, When
from commetctl.core.money import Derived, Money, UnitPrice
from commetctl.core.resource import ABSENT, Address, Resource, Value
from commetctl.kinds import SECTIONS, every_kind
from commetctl.review.effects import effects, effects_of
from commetctl.usecases.compare import compared
from drawing import as_yaml, catalogs

EXAMPLE = (Path(__file__).parents[2] / "commet.yaml.example").read_bytes()
ALL = parse("commet.yaml.example", EXAMPLE).desired
#: The first of each kind; every resource of a kind has the same fields.
OF_KIND: Mapping[str, Resource] = {resource.address.kind: resource for resource in reversed(list(ALL.values()))}
FIXED = {(kind.name, name) for kind in every_kind() for name in kind.fixed}
#: No object is deleted where the list of a version is not complete.
UNLISTED = {(kind.name, version) for kind in every_kind() for version in kind.unlisted}
PERMANENT = {kind.name for kind in every_kind() if kind.permanent}

MOMENT = datetime(2027, 1, 1, tzinfo=UTC)
#: Fields whose value may be none, with one that it may be instead.
OPTIONAL: Mapping[str, Value] = {
    "description": "Text",
    "unit_name": "call",
    "included_credits": 5,
    "included_balance": Money(Decimal(5)),
    "overage": UnitPrice(Decimal("0.5")),
    "credits_per_unit": 5,
    "included_units": 5,
    "overage_rate": UnitPrice(Decimal("0.5")),
    "starts_at": MOMENT,
    "ends_at": MOMENT,
    "expires_at": MOMENT,
    "billing_interval": "monthly",
    "max_redemptions": 5,
}
FIELDS = sorted(
    (kind, name) for kind, resource in OF_KIND.items() for name in resource.fields if (kind, name) not in FIXED
)


def others(kind: str, name: str) -> list[tuple[Value, Value]]:
    """Pairs of values that a field may have one after the other: up, down, on, off, added, removed and other."""
    if name in OPTIONAL:
        some = OPTIONAL[name]
        return [(None, some), (some, None), *_pairs(some)]
    if name == "visibility":
        return [("private", "public"), ("public", "private")]
    if name == "metadata":
        return [(ABSENT, "1"), ("1", ABSENT), *_pairs("1"), *_pairs(1), (False, True), (True, False)]
    value = OF_KIND[kind].fields[name]
    pairs = _pairs(value.about if isinstance(value, Derived) else value)
    if kind.startswith("regional"):
        # Written out instead of derived, at the same number, and back.
        pairs += [(Derived(after), after) for _, after in pairs if isinstance(after, Money)]
    return pairs


def _pairs(value: Value) -> list[tuple[Value, Value]]:
    """A value before and after another of its type, in both orders."""
    other: Value
    match value:
        case bool():
            other = not value
        case Money():
            other = replace(value, amount=value.amount + 1)
        case int() | Decimal():
            other = value + 1
        case str():
            other = value + "s"
        case tuple():
            other = (*value, "more")
        case datetime():
            other = value + timedelta(days=1)
        case _:
            raise AssertionError(value)
    return [(value, other), (other, value)]


def is_documented(found: Iterable[Effect], change: Change) -> bool:
    """Whether every effect comes from a row about the very kind and field."""
    kind = change.address.kind
    return all(
        effect.row.startswith(f"{kind}.{effect.path.partition('.')[0]} " if effect.path else f"{kind} ")
        for effect in found
    )


contracts = pytest.mark.parametrize("contract", CONTRACTS.values(), ids=list(CONTRACTS))
OF_VERSION = [(CONTRACTS[version], kind) for kind in every_kind() for version in sorted(kind.versions)]


def version_of(value: object) -> object:
    return getattr(value, "version", value)


def test_the_example_has_every_kind_and_every_optional_field() -> None:
    assert set(OF_KIND) == {kind for section in SECTIONS for kind in section.kinds}
    assert all(resource.fields.keys() == OF_KIND[address.kind].fields.keys() for address, resource in ALL.items())
    empty = {name for resource in ALL.values() for name, value in resource.fields.items() if value is None}
    assert empty <= OPTIONAL.keys() | {name for _, name in FIXED}


@pytest.mark.parametrize(
    ("contract", "kind"),
    [(contract, kind.name) for contract, kind in OF_VERSION],
    ids=version_of,
)
def test_a_kind_has_rows_for_new_and_gone(kind: str, contract: Contract) -> None:
    changes: list[Change] = [Create(OF_KIND[kind])]
    if kind not in PERMANENT and (kind, contract.version) not in UNLISTED:
        changes.append(Delete(OF_KIND[kind]))
    for change in changes:
        found = effects_of(change, contract)
        assert len(found) == 1
        assert is_documented(found, change), found


@contracts
def test_a_kind_that_can_be_replaced_says_what_that_means_and_shares_no_name(contract: Contract) -> None:
    """Whether a deleted object keeps a unique name is not known, so it could not be made again under it."""
    found = [kind for kind in every_kind() if kind.replacement]
    assert found
    for kind in found:
        change = Update(OF_KIND[kind.name], OF_KIND[kind.name], (), replaced=True)
        assert is_documented(effects_of(change, contract), change)
        assert kind.replacement
        assert kind.replacement.fields <= kind.fixed.keys()
        assert (*kind.unique, *kind.exclusive) == ()
        assert kind.permanent is None


@pytest.mark.parametrize(
    ("contract", "kind", "name"),
    [(contract, kind.name, name) for contract, kind in OF_VERSION for of, name in FIELDS if of == kind.name],
    ids=version_of,
)
def test_a_field_has_a_row_for_each_way(kind: str, name: str, contract: Contract) -> None:
    resource = OF_KIND[kind]
    path = f"{name}.label" if name == "metadata" else name
    for before, after in others(kind, name):
        change = Update(resource, resource, (FieldChange(path, before, after),))
        found = effects_of(change, contract)
        assert [effect.path for effect in found] == [path]
        assert is_documented(found, change), (before, after, found)


@contracts
def test_what_the_table_does_not_know_is_unknown(contract: Contract) -> None:
    invented = Resource(Address("coupon", "spring"), {"percent": 5})
    price = OF_KIND["plan_price"]
    changes: list[Change] = [
        Create(invented),
        Delete(invented),
        Update(invented, invented, (FieldChange("percent", 5, 6),)),
        Update(price, price, (FieldChange("setup_fee", None, Money(Decimal(5))),)),
    ]
    for change in changes:
        (effect,) = effects_of(change, contract)
        assert (effect.row, effect.when, effect.counts) == ("undocumented", When.UNKNOWN, True)
        assert str(effect) == "not known: what this means for existing customers"


def test_each_field_of_a_change_has_an_effect_of_its_own() -> None:
    feature = OF_KIND["plan_feature"]
    invented = FieldChange("rollover", 0, 1)
    change = Update(feature, feature, (FieldChange("included_amount", 5, 6), invented))
    found = effects([change], next(iter(CONTRACTS.values())))
    assert [(effect.path, effect.when) for effect in found[feature.address]] == [
        ("included_amount", When.AT_ONCE),
        ("rollover", When.UNKNOWN),
    ]


@given(catalogs(), catalogs())
@settings(max_examples=30, deadline=None)
def test_no_change_between_two_catalogs_is_without_a_documented_effect(
    first: dict[str, object], then: dict[str, object]
) -> None:
    for version in CONTRACTS:
        texts = (as_yaml(catalog, api_version=version) for catalog in (first, then))
        before, after = (parse(name, text.encode(), version) for name, text in zip("ab", texts, strict=True))
        review = compared(before, after, prune=True)
        changes = review.changeset.changes
        assert set(review.effects) == {change.address for change in changes}
        for change in changes:
            found = review.effects[change.address]
            paths = [item.path for item in change.fields] if isinstance(change, Update) else [""]
            assert [effect.path for effect in found] == paths
            assert is_documented(found, change), found
