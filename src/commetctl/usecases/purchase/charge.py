"""The charge: carried out once even if the connection fails, and compared with the quote.

The `Idempotency-Key` of a purchase is in the journal, on the disk, before the request is sent. A purchase that was not
confirmed stays open there: for an hour, the same command sends the same request with the same key, and Commet carries
out one of them. Only after a confirmed purchase is the next one a purchase of its own.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from commetctl.api.answers import NO_CODE
from commetctl.api.client import Client
from commetctl.api.pacing import in_doubt
from commetctl.apply.earlier_runs import ALL_DONE
from commetctl.apply.journal import Journal, Journals, on_its_way
from commetctl.catalog import Catalog
from commetctl.core.call import Request, digest, resolved
from commetctl.core.contract import PURCHASE
from commetctl.core.errors import ApiError, Charged, CommetctlError, Refused
from commetctl.core.text import printable
from commetctl.usecases.purchase.quote import Quote, check_answer, credits_left, read_subscription
from commetctl.usecases.reporter import LIVE_WORD, Reporter, not_agreed

_STEP = "purchase"
_AGAIN = (
    "check in the dashboard what the customer was charged; within an hour, the same command is safe: it sends the "
    "same request with the same key, and Commet charges once for both"
)


@dataclass(frozen=True)
class Purchase:
    """What was bought, and the credits of the subscription before and after.

    `reused` says that an earlier run had sent the request without learning its result.
    """

    quote: Quote
    before: int
    after: int
    reused: bool

    def document(self) -> dict[str, Any]:
        """The purchase for machine output; amounts are text in major units."""
        pack = self.quote.pack
        return {
            "subscription": self.quote.subscription,
            "pack": pack.name,
            "pack_id": pack.id,
            "credits": pack.credits,
            "price": pack.price.number(),
            "currency": pack.price.currency,
            "before": self.before,
            "after": self.after,
            "idempotency_key": "reused" if self.reused else "new",
        }


@dataclass(frozen=True)
class Doubt:
    """An earlier run of the same purchase whose result is not known, or was wrong."""

    since: datetime
    #: Whether its request is sent again under its key; if not, the next request is one of its own.
    taken_up: bool

    def __str__(self) -> str:
        since = f"it is not known whether the same purchase at {self.since:%Y-%m-%d %H:%M:%S} UTC took place"
        if self.taken_up:
            return f"{since}; its request is sent again with the same key, so that the customer is charged once"
        return (
            f"{since}, and it is too old to be repeated safely: check in the dashboard whether the customer was "
            "charged then"
        )


def doubts(journals: Journals, quote: Quote) -> Doubt | None:
    """The last unconfirmed run of the same purchase in the journals."""
    open_ones = [past for past in journals.interrupted(_target(quote)) if past.in_doubt]
    return Doubt(open_ones[-1].started, on_its_way(open_ones[-1], datetime.now(UTC))) if open_ones else None


def check_consent(agreed: Quote, doubt: Doubt | None, reporter: Reporter) -> None:
    """Ask for consent to the charge; raises Refused without it.

    A sandbox charges nobody, so no consent is needed where there is no terminal; unless the same purchase is in doubt
    and its request is not sent again: then somebody has to look first.
    """
    price = agreed.pack.price
    free = agreed.mode.livemode is False and (doubt is None or doubt.taken_up)
    if not reporter.can_ask:
        if free:
            return
        reason = str(doubt or "a live customer would be charged, and there is no terminal to ask on")
        hint = f"give `--yes` to charge {price} without asking"
        raise Refused(f"nothing was charged: {reason}", hint, code="not_confirmed")
    word = LIVE_WORD if agreed.mode.may_be_live else ""
    account = "LIVE" if word else "sandbox"
    question = f"Charge {price} to the customer of {printable(agreed.subscription)} ({account})?"
    if not reporter.confirm(question, word=word, caution=str(doubt or "")):
        raise not_agreed("nothing was charged", word)


def buy(client: Client, catalog: Catalog, agreed: Quote, journals: Journals, again: Callable[[], Quote]) -> Purchase:
    """Charge the agreed price, and check that the credits arrive; `again` reads the quote anew.

    Raises Refused where the quote has changed, an ApiError where Commet refuses the purchase, and Charged where the
    customer was or may have been charged and the result is wrong or not known.
    """
    call = catalog.contract.call(PURCHASE, {"creditPackId": agreed.pack.id}, subscription=agreed.subscription)
    with journals.opened(uuid.uuid4().hex, _target(agreed), alone={"purchases": agreed.subscription}) as journal:
        before = _unmoved(journal, agreed, again)
        request = resolved(call)
        reused = (_STEP, request.fingerprint) in journal.inherited
        key = journal.begin(_STEP, 0, request)
        answer = _sent(client, journal, request, key, agreed)
        check_answer(answer, agreed)
        bought = Purchase(agreed, before, _after(client, catalog, agreed), reused)
        _check_balance(bought)
        journal.end(key, "done")
        journal.finish(ALL_DONE)
    return bought


def _target(quote: Quote) -> dict[str, Any]:
    """What the journals of one purchase have in common.

    Ids are unique: with a renewed key, or another address of the account, it is still the same purchase.
    """
    return {_STEP: digest([quote.subscription, quote.pack.id, quote.pack.cents])}


def _unmoved(journal: Journal, agreed: Quote, again: Callable[[], Quote]) -> int:
    """The credits left right before the charge; raises Refused where the quote has changed meanwhile."""
    try:
        now = again()
        if now.terms != agreed.terms:
            raise Refused(
                f"the pack has changed since it was shown: it was {agreed.pack}, and is now {now.pack}",
                "nothing was charged; run it again to see the pack as it is now",
                code="moved",
            )
    except CommetctlError as error:
        # Nothing was sent, so the requests of earlier runs stay open.
        journal.finish(error.code, follows=False)
        raise
    return now.left


def _sent(client: Client, journal: Journal, request: Request, key: str, agreed: Quote) -> Any:
    """The answer to the charge; a request in doubt stays open in the journal."""
    reused = key in journal.inherited.values()
    try:
        return client.send(request, key)
    except KeyboardInterrupt:
        raise _in_doubt(agreed, CommetctlError("interrupted during the request")) from None
    except CommetctlError as error:
        # A refusal, say of the API key, says nothing about the request of an earlier run under the same key. An answer
        # without a code is not from Commet but from a proxy, perhaps in place of the real one.
        if reused or in_doubt(error) or error.code == NO_CODE:
            raise _in_doubt(agreed, error) from error
        journal.end(key, error.code)
        journal.finish(error.code, follows=False)
        raise


def _in_doubt(agreed: Quote, error: CommetctlError) -> Charged:
    charged = Charged(
        f"{agreed.subscription} may have been charged {agreed.pack.price} for {agreed.pack.name}; it is not known "
        f"whether the purchase took place: {error.message}",
        _AGAIN,
        code="charge_in_doubt",
    )
    if isinstance(error, ApiError):
        charged.status, charged.request_id, charged.doc_url = error.status, error.request_id, error.doc_url
    return charged


def _after(client: Client, catalog: Catalog, agreed: Quote) -> int:
    try:
        return credits_left(read_subscription(client, catalog, agreed.subscription), agreed.subscription)
    except (CommetctlError, KeyboardInterrupt) as error:
        reason = error.message if isinstance(error, CommetctlError) else "interrupted"
        raise Charged(
            f"{agreed.subscription} was charged {agreed.pack.price} for {agreed.pack.name}, but its credits could "
            f"not be read afterwards: {reason}",
            _AGAIN,
            code="charge_not_read_back",
        ) from error


def _check_balance(bought: Purchase) -> None:
    """Raise Charged unless the credits rose by those of the pack, or by none where an earlier run had bought them."""
    pack, gained = bought.quote.pack, bought.after - bought.before
    if gained == pack.credits or (bought.reused and gained == 0):
        return
    raise Charged(
        f"{bought.quote.subscription} was charged {pack.price} for {pack.name}; it had {bought.before} credits and "
        f"has {bought.after}, and the pack gives {pack.credits}",
        f"usage in between also counts; {_AGAIN}",
        code="credits_differ",
    )
