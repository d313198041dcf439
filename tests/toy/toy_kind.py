"""Coupons, a kind of the catalog that only the tests have: one module, registered by one line.

No kind of the catalog has all of this: a reference to another kind, a list of a union, a list of words in order, a
time, amounts in several currencies, a field with one name in requests and another in answers, keys in upper case, an
update that replaces the whole object, deactivation instead of deletion, and an older API version without it.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from commetctl.core.call import Body
from commetctl.core.contract import V2026_07_11, Contract, Route
from commetctl.core.money import Money, Scale
from commetctl.core.resource import Value
from commetctl.kinds.codecs import read_time, time, whole
from commetctl.kinds.crud import Crud
from commetctl.kinds.effects import ANY, GONE, NEW, NEW_ONLY, NONE, OFF, ON, Row, quiet
from commetctl.kinds.kind import Kind
from commetctl.kinds.routes import Routes
from commetctl.kinds.scalars import Amount, Count, Keyed, Name, Percent, Spec, Time
from commetctl.kinds.section import Finding, KeyForm, Sheet
from commetctl.kinds.wire import WireField, plain


class PercentTerm(Spec):
    """A share off each payment."""

    kind: Literal["percent"] = Field(description="What is taken off: a share.", examples=["percent"])
    percent: Percent = Field(
        description="How much is taken off.", examples=["20"], json_schema_extra={"unit": "percent", "maximum": 100}
    )


class AmountTerm(Spec):
    """An amount off each payment."""

    kind: Literal["amount"] = Field(description="What is taken off: an amount.", examples=["amount"])
    amounts: Keyed[Amount] = Field(
        description="How much is taken off, by currency.",
        examples=["{usd: 5.00, eur: 4.50}"],
        json_schema_extra={"keys": "currency", "unit": "of its currency"},
    )


class MonthsTerm(Spec):
    """Months that cost nothing."""

    kind: Literal["months"] = Field(description="What is taken off: whole months.", examples=["months"])
    count: Count = Field(description="How many.", examples=["3"], json_schema_extra={"unit": "months"})


Term = Annotated[PercentTerm | AmountTerm | MonthsTerm, Field(discriminator="kind")]


class CouponSpec(Spec):
    """A coupon of the tests."""

    name: Name = Field(description="What customers read.", examples=["Summer sale"])
    feature: Name | None = Field(default=None, description="The feature that it is about.", examples=["api_calls"])
    expires_at: Time | None = Field(
        default=None, description="When it ends, in UTC.", examples=['"2026-12-01T00:00:00Z"']
    )
    terms: list[Term] = Field(
        default_factory=list, description="What is taken off.", examples=["[{kind: percent, percent: 20}]"]
    )
    tags: list[Name] = Field(default_factory=list, description="Words, in their order.", examples=["[summer, web]"])


def _made_terms(terms: list[Any]) -> tuple[Any, ...]:
    return tuple(map(_made_term, terms))


def _made_term(term: Any) -> dict[str, Any]:
    made: dict[str, Any] = plain(term)
    if "amounts" in made:
        made["amounts"] = {currency: Money(amount, currency) for currency, amount in made["amounts"].items()}
    return made


def _encoded(terms: Any, _: Contract) -> Body:
    return [_encoded_term(term) for term in terms]


def _encoded_term(term: Any) -> dict[str, Body]:
    match term["kind"]:
        case "percent":
            return {"kind": "percent", "basisPoints": int(term["percent"] * 100)}
        case "amount":
            rows = [{"currency": code, "amount": money.to_wire(Scale.MINOR)} for code, money in term["amounts"].items()]
            return {"kind": "amount", "amounts": rows}
        case _:
            return dict(term)


def _decoded(terms: Any, _: Contract) -> Value:
    return tuple(map(_decoded_term, terms))


def _decoded_term(term: Any) -> Any:
    match term["kind"]:
        case "percent":
            return {"kind": "percent", "percent": Decimal(whole(term["basisPoints"])) / 100}
        case "amount":
            rows = {row["currency"]: row["amount"] for row in term["amounts"]}
            amounts = {code: Money.from_wire(whole(amount), code, Scale.MINOR) for code, amount in rows.items()}
            return {"kind": "amount", "amounts": amounts}
        case "months":
            return {"kind": "months", "count": whole(term["count"])}
        case other:
            raise ValueError(other)


def no_terms(sheet: Sheet) -> Iterator[Finding]:
    """Coupons that take nothing off."""
    for code, coupon in sheet.sections.get("coupons", {}).items():
        if not coupon.terms:
            yield Finding(("coupons", code), "no_terms", "takes nothing off", "add a term")


_NOT_THERE = {V2026_07_11.version: None}

COUPONS = Crud(
    name="coupons",
    about="Coupons, by code.",
    kind=Kind(
        "coupon",
        "A coupon of the tests.",
        "coupons.CODE",
        "CODE",
        "SUMMER",
        CouponSpec,
        words=("coupons",),
        table=(
            WireField("name", "name", needed=True),
            WireField("feature", "featureId", read="feature", ref="feature"),
            WireField("expires_at", "expiresAt", time, read_time),
            WireField("terms", "terms", _encoded, _decoded, cleared=[], make=_made_terms),
            WireField("tags", "tags", lambda tags, _: list(tags), lambda tags, _: tuple(tags), cleared=[]),
        ),
        unique=("name",),
        gone="deactivated",
        usual={"is_active": True},
        effects=(
            Row("", NEW, NONE, "no customer has it yet", "the tests", counts=False),
            Row("", GONE, NEW_ONLY, "customers with it keep it", "the tests", counts=False),
            Row("terms", ANY, NEW_ONLY, "customers with it keep its old terms", "the tests", counts=False),
            Row("is_active", ON, NEW_ONLY, "customers can use it again", "the tests", counts=False),
            Row("is_active", OFF, NEW_ONLY, "customers with it keep it", "the tests", counts=False),
            *quiet("name", "feature", "expires_at", "tags"),
        ),
    ),
    spec=CouponSpec,
    routes=Routes(
        list=Route("GET", "/coupons", _NOT_THERE),
        create=Route("POST", "/coupons", _NOT_THERE),
        update=Route("PATCH", "/coupons/{id}", _NOT_THERE),
        delete=Route("POST", "/coupons/{id}/deactivate", _NOT_THERE),
    ),
    key="code",
    sends_key=True,
    keys=KeyForm(re.compile(r"[A-Z0-9_-]+\Z"), "coupon code", "use upper-case letters, digits, `_` and `-`"),
    uses=("features",),
    replaces=True,
    active="isActive",
    for_sale=True,
    lint={"no_terms": no_terms},
)
