"""The kinds of object that a catalog is made of: where each stands, its address, and everything known of its fields."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from pydantic import BaseModel

from commetctl.catalog.policy import PolicySpec
from commetctl.kinds import SECTIONS as PARTS
from commetctl.kinds.credit_packs import CREDIT_PACKS
from commetctl.kinds.features import FEATURES
from commetctl.kinds.model import Described, fields
from commetctl.kinds.plans import addresses
from commetctl.kinds.plans.spec import OverageSpec, PlanFeatureSpec, PlanSpec, PriceSpec, RegionalPriceSpec
from commetctl.reference import words
from commetctl.reference.returned import returned
from commetctl.reference.settings import ABOUT_INCLUDE, ABOUT_VERSION, SECTIONS, SETTINGS, VERSION
from commetctl.review.effects.row import Row
from commetctl.review.effects.table import TABLE


@dataclass(frozen=True)
class Field:
    """One field of a kind, by its path inside the object.

    `limits` is what its values are kept to, `returned` says whether the API gives it back, `fixed` is the way out where
    it cannot change, and `effects` what a change means for existing customers. `leads` is the kind of what a mapping
    holds.
    """

    path: str
    type: str
    unit: str
    default: str
    description: str
    examples: tuple[str, ...]
    returned: str = ""
    fixed: str = ""
    effects: tuple[Row, ...] = ()
    leads: str = ""
    limits: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of object: `words` are what it can be asked for by, `place` where it stands in the file."""

    name: str
    words: tuple[str, ...]
    about: str
    place: str
    address: str = ""
    example: str = ""
    fields: tuple[Field, ...] = ()
    permanent: str = ""
    effects: tuple[Row, ...] = ()


#: Kind to its other words, the place, the form of its address, an example, and its model.
_OBJECTS: tuple[tuple[str, tuple[str, ...], str, str, str, type[BaseModel]], ...] = (
    ("feature", ("features",), "features.CODE", "CODE", "api_calls", FEATURES.spec),
    (addresses.PLAN, ("plans",), "plans.CODE", "CODE", "pro", PlanSpec),
    (addresses.PRICE, ("prices", "price"), "plans.PLAN.prices.INTERVAL", "PLAN/INTERVAL", "pro/monthly", PriceSpec),
    (
        addresses.REGIONAL_PRICE,
        ("regional_prices",),
        "plans.PLAN.prices.INTERVAL.regional_prices.CURRENCY",
        "PLAN/INTERVAL/CURRENCY",
        "pro/monthly/eur",
        RegionalPriceSpec,
    ),
    (
        addresses.FEATURE,
        ("plan_features",),
        "plans.PLAN.features.FEATURE",
        "PLAN/FEATURE",
        "pro/api_calls",
        PlanFeatureSpec,
    ),
    ("credit_pack", ("credit_packs", "pack", "packs"), "credit_packs.KEY", "NAME", "Starter Pack", CREDIT_PACKS.spec),
)
#: What a mapping of a kind leads to.
_LEADS = {
    ("plan", "prices"): addresses.PRICE,
    ("plan", "features"): addresses.FEATURE,
    ("plan", "exchange_rates"): addresses.EXCHANGE_RATE,
    ("plan_price", "regional_prices"): addresses.REGIONAL_PRICE,
    ("plan_feature", "overage.regional_prices"): addresses.REGIONAL_UNIT_PRICE,
    ("catalog", "features"): "feature",
    ("catalog", "plans"): addresses.PLAN,
    ("catalog", "credit_packs"): "credit_pack",
    ("catalog", "policy"): "policy",
}


@cache
def kinds() -> tuple[Kind, ...]:
    """All kinds, from the file inwards."""
    found = [_catalog(), Kind("policy", (), SECTIONS["policy"], "policy", fields=tuple(_fields("policy", PolicySpec)))]
    for name, others, place, form, example, spec in _OBJECTS:
        kind = Kind(name, others, words.summary(spec), place, f"{name}.{form}", f"{name}.{example}")
        found.append(_with_rules(replace(kind, fields=tuple(_fields(name, spec)))))
    found.insert(-1, _exchange_rate())
    found.insert(-1, _regional_unit_price())
    return tuple(found)


def _with_rules(kind: Kind) -> Kind:
    permanent = {name: ": ".join(rule) for part in PARTS for name, rule in part.permanent.items()}
    return replace(kind, permanent=permanent.get(kind.name, ""), effects=_effects(kind.name, ""))


def _fields(kind: str, spec: type[BaseModel], above: str = "") -> Iterator[Field]:
    for item in fields(spec):
        yield _field(kind, item, above + item.name)
        if item.type.spec:
            yield from _fields(kind, item.type.spec, f"{above}{item.name}.")


def _field(kind: str, item: Described, path: str) -> Field:
    name = _resource_field(path)
    return Field(
        path,
        words.type_of(item),
        item.unit,
        words.default(item),
        item.description,
        item.examples,
        returned(kind, path),
        _fixed(kind, name),
        _effects(kind, name),
        _LEADS.get((kind, path), ""),
        words.limits(item),
    )


def _resource_field(path: str) -> str:
    """The field of the resource that a path of the file becomes."""
    return {"overage.unit_price": "overage", "lifecycle.protect": "protect"}.get(path, path)


def _fixed(kind: str, name: str) -> str:
    return next((part.fixed[kind][name] for part in PARTS if name in part.fixed.get(kind, {})), "")


def _effects(kind: str, name: str) -> tuple[Row, ...]:
    return tuple(row for row in TABLE if (row.kind, row.field) == (kind, name))


def _catalog() -> Kind:
    settings = [Field("version", "whole number", "", "required", ABOUT_VERSION, (str(VERSION),))]
    for setting in SETTINGS:
        one_of = "one of " + ", ".join(setting.choices)
        example = f'"{setting.choices[0]}"' if setting.name == "api_version" else setting.choices[0]
        settings.append(Field(setting.name, one_of, "", setting.default or "none", setting.description, (example,)))
    settings.append(Field("include", "list of files", "", "none", ABOUT_INCLUDE, ("[features.yaml, plans/pro.yaml]",)))
    for name, about in SECTIONS.items():
        default = "the defaults of its fields" if name == "policy" else "not managed"
        settings.append(Field(name, "mapping", "", default, about, (), leads=_LEADS["catalog", name]))
    about = "The whole file: what it is for, and the sections in it."
    return Kind("catalog", ("file",), about, "the top of the file", fields=tuple(settings))


def _exchange_rate() -> Kind:
    item = next(item for item in fields(PlanSpec) if item.name == "exchange_rates")
    kind = addresses.EXCHANGE_RATE
    rate = _value(kind, "rate", "exchange rate", item, "5.20")
    return _with_rules(
        Kind(
            kind,
            ("exchange_rates", "rate"),
            "How much of a currency one US dollar is, for all derived amounts of a plan.",
            "plans.PLAN.exchange_rates.CURRENCY",
            f"{kind}.PLAN/CURRENCY",
            f"{kind}.pro/brl",
            (rate,),
        )
    )


def _regional_unit_price() -> Kind:
    item = next(item for item in fields(OverageSpec) if item.name == "regional_prices")
    kind = addresses.REGIONAL_UNIT_PRICE
    price = _value(kind, "unit_price", "amount", item, "0.011")
    return _with_rules(
        Kind(
            kind,
            ("regional_unit_prices", "unit_price"),
            "What one unit beyond the included amount costs in one currency.",
            "plans.PLAN.features.FEATURE.overage.regional_prices.CURRENCY",
            f"{kind}.PLAN/FEATURE/CURRENCY",
            f"{kind}.pro/api_calls/brl",
            (price,),
        )
    )


def _value(kind: str, name: str, type_: str, item: Described, example: str) -> Field:
    """The one value of a kind that is written as a value alone."""
    back, rows, bounds = returned(kind, name), _effects(kind, name), words.limits(item)
    return Field(name, type_, item.unit, "required", item.description, (example,), back, effects=rows, limits=bounds)
