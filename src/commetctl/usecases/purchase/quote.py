"""The quote: what a purchase would charge, to whom, and where; and whether the answer to a charge matches it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from commetctl.api.client import Client
from commetctl.catalog import Catalog
from commetctl.core.call import resolved
from commetctl.core.contract import SUBSCRIPTION, Listing, Rows
from commetctl.core.errors import Charged, CommetctlError, Refused, Unreachable
from commetctl.core.policy import Mode
from commetctl.kinds.credit_packs import CREDIT_PACKS
from commetctl.review.guards.objects import wrong_mode
from commetctl.usecases.purchase.packs import Pack, declared, pack_of

Subscription = dict[str, Any]
_CHECK_HINT = (
    "check in the dashboard what the customer was charged and given, and report this to Commet support; within an "
    "hour, the same command does not charge again"
)


@dataclass(frozen=True)
class Quote:
    """One pack for one subscription, in an account of that mode; `left` are its credits before the purchase."""

    subscription: str
    key: str
    pack: Pack
    mode: Mode
    left: int

    @property
    def terms(self) -> tuple[object, ...]:
        """What the customer agrees to. The credits left are no part of it: they fall with every use."""
        return self.subscription, self.pack, self.mode.livemode


def quote(client: Client, catalog: Catalog, subscription: str, key: str, mode: Mode) -> Quote:
    """The quote for the pack with that key in the file; `mode` is as far as the command line and the file tell.

    Raises what `pack_of` raises, Refused where the account has another mode than the file says or a live customer would
    be charged without `--live`, and CommetctlError for a subscription that has no credits.
    """
    declared(catalog, key)
    rows = client.list(Listing(CREDIT_PACKS.routes.list))
    found = read_subscription(client, catalog, subscription)
    known = replace(mode, livemode=_livemode(rows, found))
    # `_not_allowed` asks for `--live`, which is needed even where the file says `mode: live`.
    if refused := wrong_mode(replace(known, allow_live=True)) or _not_allowed(subscription, known):
        raise refused
    return Quote(subscription, key, pack_of(catalog, key, rows), known, credits_left(found, subscription))


def read_subscription(client: Client, catalog: Catalog, subscription: str) -> Subscription:
    """A subscription in Commet; raises Unreachable for an answer about something else."""
    found = client.send(resolved(catalog.contract.call(SUBSCRIPTION, subscription=subscription)))
    if not isinstance(found, dict) or found.get("id", subscription) != subscription:
        raise Unreachable(
            f"the API's answer about {subscription} is about another object",
            "check that --api-url points at the Commet API",
            code="unexpected_answer",
        )
    return found


def credits_left(found: Subscription, subscription: str) -> int:
    """The credits of a subscription; raises CommetctlError where its plan has none, or the number is missing."""
    balance = found.get("credits")
    if balance is None:
        raise CommetctlError(
            f"{subscription} has no credits: its plan does not use the credits model",
            "packs can only be bought on credits plans",
            code="no_credits",
        )
    left = balance.get("remaining") if isinstance(balance, dict) else None
    if isinstance(left, bool) or not isinstance(left, int):
        raise Unreachable(
            f"the API does not return how many credits {subscription} has left",
            "check that --api-url points at the Commet API, and report this if it does",
            code="unexpected_answer",
        )
    return left


def _livemode(rows: Rows, found: Subscription) -> bool | None:
    """The mode in the answers; None where the subscription does not name it."""
    said = {row["livemode"] for row in (*rows, found) if isinstance(row.get("livemode"), bool)}
    if len(said) > 1:
        raise Refused(
            "Commet's answers contradict each other: some say live, some say sandbox",
            "nothing was charged: report this to Commet support",
            code="mode",
        )
    own = found.get("livemode")
    return own if isinstance(own, bool) else None


def _not_allowed(subscription: str, mode: Mode) -> Refused | None:
    """Why a live customer may not be charged: unlike an apply, a purchase needs the flag even with `mode: live`."""
    if mode.livemode is False or mode.allow_live:
        return None
    says = "is live" if mode.livemode else "may be live: the API does not say"
    return Refused(
        f"{subscription} {says}, so a real customer would be charged", "give `--live` to charge it anyway", code="mode"
    )


def check_answer(answer: Any, agreed: Quote) -> None:
    """Raise Charged for an answer that is no object, contradicts the quote, or does not say how many credits."""
    who, pack = agreed.subscription, agreed.pack
    if not isinstance(answer, Mapping):
        raise _unclear(agreed, "is not an object")
    if answer.get("error") is not None or answer.get("success") is False:
        raise Charged(
            f"{who} may have been charged {pack.price} for {pack.name}: the answer reports both success and failure",
            _CHECK_HINT,
            code="charge_in_doubt",
        )
    if differing := list(_differing(answer, agreed)):
        raise Charged(
            f"{who} was charged for {pack.name}, but the answer differs from what was agreed: {'; '.join(differing)}",
            _CHECK_HINT,
            code="charge_differs",
        )
    if _odd(answer.get("credits")):
        raise _unclear(agreed, "does not show how many credits it bought")


def _unclear(agreed: Quote, what: str) -> Charged:
    return Charged(
        f"{agreed.subscription} was charged {agreed.pack.price} for {agreed.pack.name}, but the answer {what}",
        _CHECK_HINT,
        code="charge_unclear",
    )


def _differing(answer: Mapping[str, Any], agreed: Quote) -> Iterator[str]:
    """The fields of an answer that contradict the quote; absent fields, and forms that are not known, do not."""
    pack = agreed.pack
    given, price = answer.get("credits"), answer.get("price")
    if not _odd(given) and given != pack.credits:
        yield f"it gives {given} credits instead of {pack.credits}"
    if price is not None and (_odd(price) or price != pack.cents):
        yield f"the price is {price!r} in minor units instead of {pack.cents}"
    said = {
        "currency": (pack.price.currency, str(answer.get("currency")).lower()),
        "creditPackId": (pack.id, answer.get("creditPackId")),
        "subscriptionId": (agreed.subscription, answer.get("subscriptionId")),
        "livemode": (agreed.mode.livemode, answer.get("livemode")),
    }
    if _is_of(answer.get("id"), pack.id):
        said["id"] = (pack.id, answer["id"])
    for name, (wanted, found) in said.items():
        if answer.get(name) is not None and found != wanted:
            yield f"`{name}` is {answer[name]!r} instead of {wanted!r}"


def _odd(value: Any) -> bool:
    return isinstance(value, bool) or not isinstance(value, int)


def _is_of(found: Any, id_: str) -> bool:
    """Whether an id is one of a pack, by its prefix; the id of the answer may be that of the grant."""
    return isinstance(found, str) and found.partition("_")[0] == id_.partition("_")[0]
