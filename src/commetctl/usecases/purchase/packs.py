"""The pack in Commet for an entry of the file: exactly one, on sale, at the declared price."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commetctl.catalog import Catalog
from commetctl.core.contract import Contract, Row, Rows
from commetctl.core.errors import CommetctlError, Refused, Unreachable
from commetctl.core.money import Money
from commetctl.core.text import nearest
from commetctl.kinds.codecs import whole
from commetctl.kinds.credit_packs.spec import CreditPackSpec
from commetctl.kinds.named.pairing import paired
from commetctl.kinds.wire import word

#: The currency of packs, in every version of the API.
_CURRENCY = "usd"


@dataclass(frozen=True)
class Pack:
    """A pack that Commet sells."""

    id: str
    name: str
    credits: int
    price: Money

    @property
    def cents(self) -> int:
        """The price in minor units, as in the API."""
        return self.price.to_wire(Contract.credit_pack_scale)

    def __str__(self) -> str:
        return f"{self.name} ({self.credits} credits for {self.price})"


def declared(catalog: Catalog, key: str) -> CreditPackSpec:
    """The entry with a key under `credit_packs:`; raises CommetctlError for one that is missing or inactive."""
    entries: Mapping[str, CreditPackSpec] = catalog.sheet.sections.get("credit_packs", {})
    if key not in entries:
        raise _unknown(catalog, key, list(entries))
    if not entries[key].is_active:
        raise CommetctlError(
            f"the catalog declares `{key}` inactive, so it is not for sale",
            "remove `is_active: false`, and run `commetctl apply`",
            code="pack_inactive",
        )
    return entries[key]


def pack_of(catalog: Catalog, key: str, rows: Rows) -> Pack:
    """The pack, among the rows of Commet's list, for a key under `credit_packs:`.

    Raises what `declared` raises, CommetctlError for a pack that is not on sale, and Refused where two packs match, or
    where price, currency or credits in Commet differ from the file.
    """
    spec = declared(catalog, key)
    found = _distinct(_meant(rows, catalog.sheet.sections["credit_packs"], key))
    if len(found) != 1:
        raise _ambiguous(key, spec, [_read(row) for row in found]) if found else _not_sold(spec)
    pack = _read(found[0])
    if differing := list(_differing(spec, pack)):
        raise Refused(
            f"Commet does not sell `{pack.name}` as the catalog declares it: {'; '.join(differing)}",
            "nothing was charged: run `commetctl apply` to sell it as declared, or declare what Commet has under "
            f"`credit_packs.{key}`",
            code="pack_differs",
        )
    return pack


def _meant(rows: Rows, entries: Mapping[str, CreditPackSpec], key: str) -> Rows:
    """The rows of the pack of an entry, paired as by `apply`; raises Refused if it is not known which pack it is."""
    packs: dict[str, list[str]] = {}
    for row in rows:
        packs.setdefault(_word(row, "name"), []).append(_word(row, "id"))
    pairs, spec = paired(entries, packs, "pack"), entries[key]
    if doubt := pairs.doubts.get(spec.name):
        raise Refused(doubt.reason, f"nothing was charged: {doubt.way_out}", code="pack_ambiguous")
    if spec.id:
        return [row for row in rows if row["id"] == spec.id]
    pinned = {other.id for other in entries.values()}
    return [row for row in rows if row["name"] == pairs.names.get(key) and row["id"] not in pinned]


def _distinct(rows: Rows) -> list[Row]:
    """The rows without exact repetitions."""
    return [row for index, row in enumerate(rows) if row not in rows[:index]]


def _word(row: Row, field: str) -> str:
    """The text of a field that every pack has; raises Unreachable where it is missing."""
    try:
        return word(row.get(field))
    except TypeError:
        raise _odd(field, row.get(field)) from None


def _read(row: Row) -> Pack:
    if row.get("isActive", True) is not True:
        # In versions without this field, the list holds active packs only.
        raise CommetctlError(
            f"Commet does not sell `{_word(row, 'name')}`: it is inactive",
            "run `commetctl apply` to sell it as declared",
            code="pack_inactive",
        )
    if row.get("currency", _CURRENCY) != _CURRENCY:
        raise Refused(
            f"Commet sells `{_word(row, 'name')}` in {row['currency']}, but the price in the catalog is in US dollars",
            "nothing was charged: buy it in the dashboard",
            code="pack_differs",
        )
    price = Money.from_wire(_whole(row, "price"), _CURRENCY, Contract.credit_pack_scale)
    return Pack(_word(row, "id"), _word(row, "name"), _whole(row, "credits"), price)


def _whole(row: Row, field: str) -> int:
    try:
        return whole(row.get(field))
    except (TypeError, ValueError):
        raise _odd(field, row.get(field)) from None


def _odd(field: str, value: Any) -> Unreachable:
    return Unreachable(
        f"the API's list of credit packs has `{field}: {value!r}`, which is not a valid value of that field",
        "nothing was charged: check that --api-url points at the Commet API, and report this if it does",
        code="unexpected_answer",
    )


def _differing(spec: CreditPackSpec, pack: Pack) -> Iterator[str]:
    price = Money(spec.price)
    if price != pack.price:
        yield f"the price is {pack.price} in Commet and {price} in the catalog"
    if spec.credits != pack.credits:
        yield f"it holds {pack.credits} credits in Commet and {spec.credits} in the catalog"


def _unknown(catalog: Catalog, key: str, known: Sequence[str]) -> CommetctlError:
    near = nearest(key, known)
    hint = f"did you mean `{near}`?" if near else "declared: " + (", ".join(known) or "none")
    return CommetctlError(f"`{key}` is not a key under `credit_packs:` of {catalog.file}", hint, code="unknown_pack")


def _not_sold(spec: CreditPackSpec) -> CommetctlError:
    named = f" with the id {spec.id}" if spec.id else ""
    return CommetctlError(
        f"Commet does not sell credit_pack.{spec.name}{named}: it is not in its list of active packs",
        "run `commetctl apply` first; to sell an inactive pack again, give its `id:` and `is_active: true`",
        code="pack_not_live",
    )


def _ambiguous(key: str, spec: CreditPackSpec, packs: Sequence[Pack]) -> Refused:
    found = ", ".join(f"{pack.id} ({pack.credits} credits for {pack.price})" for pack in packs)
    if spec.id:
        return Refused(
            f"Commet lists the id {spec.id} more than once, with different content: {found}",
            "nothing was charged: compare the pack in the dashboard, and report this to Commet support",
            code="pack_ambiguous",
        )
    return Refused(
        f"Commet sells {len(packs)} packs called `{packs[0].name}`: {found}",
        f"nothing was charged: name the one to buy with `id:` under `credit_packs.{key}`, or rename the other in the "
        "dashboard",
        code="pack_ambiguous",
    )
