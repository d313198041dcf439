"""The section of promo codes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from commetctl.core.call import Body, Step
from commetctl.core.change import Change, Update, narrowed
from commetctl.core.changeset import Notice
from commetctl.core.contract import V2026_07_11, Contract, Rows
from commetctl.core.contract import Row as Answer
from commetctl.core.resource import UNKNOWN, Address, Resource, ResourceSet
from commetctl.core.text import listed
from commetctl.core.values import time_text
from commetctl.kinds.codecs import count, read_time, text, time
from commetctl.kinds.crud import Crud
from commetctl.kinds.effects import ANY, GONE, NEW, NEW_ONLY, NONE, OLDER, ON, TODAY, Row
from commetctl.kinds.kind import Kind, Unlisted
from commetctl.kinds.promo_codes import discounts, remembered, rules
from commetctl.kinds.promo_codes.remembered import PLANS
from commetctl.kinds.promo_codes.spec import PromoCodeSpec
from commetctl.kinds.routes import routes
from commetctl.kinds.section import Entries, Finding, KeyForm, Sheet
from commetctl.kinds.sides import Found, Known, Live, Read, Sides
from commetctl.kinds.wire import WireField

#: What is remembered of a code beside its resource: how often it was redeemed.
_REDEEMED = "redeemed"


class _PromoCodes(Crud):
    def check(self, sheet: Sheet) -> Iterator[Finding]:
        has_offers = sheet.contract.version not in OLDER
        # That a version has no offers is all there is to say of one.
        yield from (found for found in super().check(sheet) if has_offers or found.path[2:] != ("offer",))
        yield from rules.findings(sheet, self.name, has_offers=has_offers)

    def read(self, answers: Sequence[Rows | None], contract: Contract, ids: Mapping[str, Address]) -> Read:
        read = super().read(answers, contract, ids)
        redeemed = [(row.get("code"), row.get("redemptionCount")) for row in answers[0] or ()]
        counts = {self.address(code): {_REDEEMED: n} for code, n in redeemed if isinstance(code, str)}
        return replace(read, memory=counts)

    def found(self, row: Answer, contract: Contract, ids: Mapping[str, Address]) -> Found:
        return super().found(discounts.gathered(row), contract, ids)

    def creation(self, after: Resource, contract: Contract) -> dict[str, Any]:
        body: Mapping[str, Body] = super().creation(after, contract)
        return discounts.spread(body)

    def adopt(self, entries: Entries, desired: ResourceSet, live: Live) -> tuple[Live, tuple[Notice, ...]]:
        """The address finds every code; notices say which declared ones nobody can redeem any more."""
        live, notices = super().adopt(entries, desired, live)
        mine = [r for r in desired.values() if r.address.kind == self.kind.name and r.address in live.resources]
        over = [notice for resource in mine for notice in _over(resource, live)]
        codes = {a: r for a, r in live.resources.items() if a.kind == self.kind.name}
        known = {a: self._recalled(r, desired.get(a), live) for a, r in codes.items()}
        left = [r.address for r in known.values() if r.unread]
        live = replace(live, resources=ResourceSet({**live.resources, **known}.values()))
        return live, (*notices, *over, *_uncompared(left))

    def _recalled(self, code: Resource, declared: Resource | None, live: Live) -> Resource:
        """A live code with its plans, as far as they are remembered.

        Those that are not are not compared, unless the offer can remember them from now on, and the file has some or an
        earlier run began to send what it has.
        """
        fields = {**code.fields, PLANS: remembered.recalled(code, live)}
        offer = remembered.offer_of(code)
        remembers = remembered.can_remember(live.resources.get(offer) if offer else None, live)
        sent = remembers and declared and (declared.fields[PLANS] or remembered.was_begun(code, live))
        unread = frozenset({PLANS}) if declared and fields[PLANS] is UNKNOWN and not sent else frozenset[str]()
        return replace(code, fields=fields, refs=self._references.of(fields), unread=unread)

    def applied(self, entries: Entries, desired: ResourceSet) -> Known:
        """What offers remember of codes."""
        return Known(memory=remembered.wanted(r for r in desired.values() if r.address.kind == self.kind.name))

    def as_dependency(self, change: Change, *, begun: bool) -> Change | None:
        """Of an update, the plans: one of them goes once the code does not count for it."""
        return narrowed(change, {PLANS}) if isinstance(change, Update) and not begun else change

    def steps(self, changes: Sequence[Change], sides: Sides) -> Iterator[Step]:
        """The calls of each code, and those that remember what plans were sent."""
        yield from remembered.with_memory(changes, [*super().steps(changes, sides)], sides)


def _uncompared(codes: Sequence[Address]) -> Iterator[Notice]:
    """One notice for all codes whose plans nobody knows."""
    if codes:
        yield Notice(
            "not_compared",
            "Commet does not return the plans of promo codes, and commetctl has no record of those of "
            f"{listed([code.key for code in codes])}: they are not compared",
            f"declare `plans`, and apply with `--target {codes[0]}` to send them",
        )


def _over(code: Resource, live: Live) -> Iterator[Notice]:
    """Why nobody can redeem a code any more, as the file has it."""
    expires, most = code.fields["expires_at"], code.fields["max_redemptions"]
    redeemed = live.memory.get(code.address, {}).get(_REDEEMED)
    if isinstance(expires, datetime) and expires <= datetime.now(UTC):
        hint = "remove it from the catalog to deactivate it, or set a later `expires_at`"
        yield Notice("code_over", f"expired at {time_text(expires)}, so customers cannot redeem it", hint, code.address)
    if isinstance(most, int) and isinstance(redeemed, int) and redeemed >= most:
        hint = "remove it from the catalog to deactivate it, or set a higher `max_redemptions`"
        said = f"was redeemed {redeemed} times, and `max_redemptions` is {most}, so customers cannot redeem it"
        yield Notice("code_over", said, hint, code.address)


_KEPT = "customers who redeemed it keep its terms"
_GUIDE = "guide, promo codes"
_FROM_NOW_ON = f"it applies to redemptions from now on; {_KEPT}"
_NEW_CODE = "declare a new code with what you want, and remove this one from the catalog, which deactivates it"
_NEVER = (
    "never, it is only sent, as `planIds`: commetctl records the plans in the metadata of the offer, except in API "
    "version 2026-07-11"
)
_SOME = Unlisted(
    "API version 2026-07-11 lists only the promo codes that begin with a discount, and only their first phase",
    "deactivate it in the dashboard, or from a file for API version 2026-08-27",
    "choose another code, or declare this one in a file for API version 2026-08-27, with its offer",
)

_EFFECTS = (
    Row("", NEW, NONE, "customers can redeem it from now on", _GUIDE, counts=False),
    Row("", GONE, NEW_ONLY, f"customers can no longer redeem it; {_KEPT}", _GUIDE, counts=False, versions=TODAY),
    *(
        Row(name, ANY, NEW_ONLY, _FROM_NOW_ON, _GUIDE, counts=False)
        for name in ("plans", "billing_interval", "max_redemptions", "expires_at")
    ),
    Row("is_active", ON, NEW_ONLY, "customers can redeem it again", _GUIDE, counts=False),
    Row("is_active", ANY, NEW_ONLY, _FROM_NOW_ON, _GUIDE, counts=False),
)

#: What it means that a field has no value.
_NO_LIMIT = {
    "plans": "without `plans`, it applies to all plans",
    "billing_interval": "without `billing_interval`, it applies to all intervals",
    "max_redemptions": "without `max_redemptions`, it can be redeemed any number of times",
    "expires_at": "without `expires_at`, it never expires",
}


def _unlimited(change: Change, path: str) -> str:
    """What a limit that goes leaves, or one that comes replaces."""
    sides = (change.before, change.after) if isinstance(change, Update) else ()
    return _NO_LIMIT.get(path, "") if any(side.fields[path] is None for side in sides if path in side.fields) else ""


_OLDER = V2026_07_11.version


def _plan_codes(codes: Sequence[str] | None) -> tuple[str, ...] | None:
    return tuple(sorted(codes)) if codes else None


PROMO_CODES = _PromoCodes(
    name="promo_codes",
    about="Codes that customers enter at checkout to get an offer. A code never changes.",
    kind=Kind(
        "promo_code",
        "A code that customers enter at checkout to get an offer.",
        "promo_codes.CODE",
        "CODE",
        "LAUNCH50",
        PromoCodeSpec,
        words=("promo_codes",),
        table=(
            WireField("offer", "offerId", ref="offer", among="offers", by_entry=True),
            WireField(discounts.WIRE, discounts.WIRE, discounts.encode, discounts.decode, make=discounts.made),
            WireField(
                "plans", "planIds", ref="plan", among="plans", many=True, unordered=True, cleared=[], make=_plan_codes
            ),
            WireField("billing_interval", "billingInterval", decode=text),
            WireField("max_redemptions", "maxRedemptions", decode=count),
            WireField("expires_at", "expiresAt", time, read_time),
        ),
        returned={PLANS: _NEVER, "discount": "yes, in API version 2026-07-11"},
        fixed={"offer": _NEW_CODE, "discount": _NEW_CODE},
        unlisted={_OLDER: _SOME},
        gone="deactivated",
        usual={"is_active": True},
        effects=_EFFECTS,
        details=_unlimited,
    ),
    spec=PromoCodeSpec,
    # No request deletes a code. (Reference, promo codes.)
    routes=routes("/promo-codes", in_older=True, paged=True)._replace(delete=None),
    key="code",
    keys=KeyForm(re.compile(r"[A-Z0-9-]+\Z"), "promo code", "use upper-case letters, digits and `-`"),
    uses=("plans", "offers"),
    sends_key=True,
    active="isActive",
    lint={"offer_currency": rules.offer_currency},
)
