"""The scales of amounts on which sources differ: which requests depend on them, and what the account proves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from heapq import nlargest
from typing import Any, NamedTuple

from commetctl.api.client import Client
from commetctl.core.call import Body, resolved
from commetctl.core.changeset import Changeset
from commetctl.core.contract import SUBSCRIPTION, SUBSCRIPTIONS, V2026_08_27, Contract, Listing, Row
from commetctl.core.errors import ApiError, NotPermitted, Refused, Unreachable
from commetctl.core.money import Money, Scale
from commetctl.core.resource import Resource
from commetctl.kinds.codecs import whole
from commetctl.kinds.plans import addresses, wire
from commetctl.kinds.plans.answers.older import OlderPlans
from commetctl.kinds.sides import Live
from commetctl.kinds.wire import word
from commetctl.planning.live import as_described

#: The names of amounts in the price scale and in the balance scale, in requests about plans.
PRICE, BALANCE = "price", "includedBalance"
#: The most subscriptions that are read.
_MOST = 3
_PER_MINOR = Scale.RATE.per_unit("usd") // Scale.MINOR.per_unit("usd")

#: Each scale in words.
WORDS = {Scale.MINOR: "the minor unit of the currency", Scale.RATE: "ten-thousandths"}


def sends(changeset: Changeset, *names: str) -> bool:
    """Whether a request about a plan carries an amount under one of these names, changed or restated."""
    calls = (call for step in changeset.steps for call in step.calls)
    return any(call.path[0] == "plans" and _carries(call.body, names) for call in calls)


def _carries(body: Body, names: Sequence[str]) -> bool:
    match body:
        case str():
            return False
        case Mapping():
            # Metadata is the user's own, whatever its keys are called.
            inner = ((name, value) for name, value in body.items() if name != "metadata" and value is not None)
            return any(name in names or _carries(value, names) for name, value in inner)
        case Sequence():
            return any(_carries(item, names) for item in body)
        case _:
            return False


@dataclass(frozen=True)
class Balances:
    """What is known about the scale of included balances: `scale` is assumed, `proven` is what the account shows.

    `stated` says that the file chose `scale`. If a scale is proven, `proof` is the proof in words, and `shown` the
    amount that the dashboard shows then.
    """

    scale: Scale = Scale.MINOR
    stated: bool = False
    proven: Scale | None = None
    proof: str = ""
    shown: str = ""

    @property
    def settled(self) -> bool:
        """Whether the file states or the account proves the scale."""
        return self.stated or self.proven is not None

    @property
    def contradiction(self) -> Refused | None:
        """The refusal if the account proves another scale than the assumed one."""
        if self.proven in (None, self.scale):
            return None
        return Refused(
            f"`included_balance` is read as {WORDS[self.scale]}, but the account shows otherwise: {self.proof}",
            f"if the dashboard shows {self.shown} for that balance, set `balance_scale: {self.proven.value}` in "
            "the catalog; if it does not, change the balance in the dashboard and report this",
            code="balance_scale",
        )


class _Sample(NamedTuple):
    """A subscription to a plan with a balance; `since` is the earliest time at which the balance was set."""

    since: str
    subscription: str
    plan: str


class _Verdict(NamedTuple):
    scale: Scale | None
    proof: str = ""
    shown: str = ""


def has_prices(resources: Iterable[Resource]) -> bool:
    """Whether there is a price, whose integer may mean one of two amounts."""
    return any(resource.address.kind == addresses.PRICE for resource in resources)


def has_balances(resources: Iterable[Resource]) -> bool:
    """Whether a price includes a balance other than zero, which is the same in every scale."""
    values = (resource.fields.get("included_balance") for resource in resources)
    return any(isinstance(value, Money) and value.amount for value in values)


def assumed(contract: Contract) -> Balances:
    """What is known about balances before anything is read."""
    return Balances(contract.balance_scale, contract.balance_scale_stated)


def known_balances(client: Client, live: Live) -> Balances:
    """What a few subscriptions prove about the scale of balances; performs one list call and at most six GETs.

    Commet gives the balance of a subscription in rate scale, so comparing it with the balance that its price includes
    shows the scale of the latter. This proves nothing if the plan was changed after the balance was set, if the balance
    is in another currency, if two subscriptions disagree, or if something cannot be read. Raises NotPermitted for a key
    that is not accepted at all.
    """
    known = assumed(client.contract)
    priced = [r for r in live.resources.values() if r.address.kind == addresses.PRICE and has_balances([r])]
    plans = {live.ids[plan] for price in priced if (plan := addresses.plan_of(price.address)) in live.ids}
    try:
        found = [verdict for verdict in _verdicts(client, frozenset(plans)) if verdict] if plans else []
    except NotPermitted as error:
        if error.code != "forbidden":
            raise
        return known
    except (ApiError, Unreachable, KeyError, TypeError, ValueError, AttributeError):
        # A failed or unexpected answer about a customer proves nothing, and none of it is shown.
        return known
    if len({verdict.scale for verdict in found}) != 1:
        return known
    scale, proof, shown = found[0]
    return Balances(known.scale, known.stated, scale, proof, shown)


def why_unproven(live: Live) -> tuple[str, str]:
    """Why no price of the account proves the scale of prices, and what else to do about it."""
    prices = [r.fields["price"] for r in live.resources.values() if r.address.kind == addresses.PRICE]
    also = "; or create one price in the dashboard, to compare the scale with"
    if not prices:
        return "the account has no price to compare", also
    if not any(isinstance(price, Money) and price.amount for price in prices):
        return "every price of the account is zero, which is the same in every scale", also
    return "version 2026-08-27, which would show it, does not return the prices of the account", ""


def prove_scale(client: Client, plan_id: str) -> None:
    """Read one plan in the chosen API version and in the newer one, and compare its prices.

    Raises Refused if the account does not use the chosen scale; does nothing if the newer version cannot be read.
    """
    call = client.contract.call(wire.GET_PLAN, plan=plan_id)
    try:
        newer = client.send(resolved(call), version=V2026_08_27.version)
    except ApiError:
        return
    older = client.send(resolved(call))
    with as_described("plan", client.contract):
        OlderPlans([older], [newer], client.contract).prove_scale()


def _verdicts(client: Client, plans: frozenset[str]) -> list[_Verdict | None]:
    samples: list[_Sample] = []
    listing = Listing(SUBSCRIPTIONS, {"status": "active"})
    for page in client.digest(listing, partial(_latest, plans)):
        samples = nlargest(_MOST, [*samples, *page])
    rows = {
        plan: client.send(resolved(client.contract.call(wire.GET_PLAN, plan=plan)))
        for plan in {s.plan for s in samples}
    }
    return [
        _verdict(rows[sample.plan], client.send(resolved(client.contract.call(SUBSCRIPTION, subscription=sample[1]))))
        for sample in samples
    ]


def _latest(plans: frozenset[str], rows: Iterable[Row]) -> list[_Sample]:
    """The subscriptions to these plans whose balance was set last, and so is most likely still that of the price."""
    wanted = (row for row in rows if row["plan"]["id"] in plans)
    return nlargest(_MOST, (_Sample(_since(row), word(row["id"]), word(row["plan"]["id"])) for row in wanted))


def _since(subscription: Row) -> str:
    period = subscription.get("currentPeriod") or {}
    return max(str(period.get("start") or ""), str(subscription.get("createdAt") or ""))


def _verdict(plan: Row, subscription: Row) -> _Verdict | None:
    """What one subscription proves: None for nothing, and a verdict without a scale if no scale fits."""
    price, balance = _price(plan, subscription), subscription.get("balance")
    if price is None or balance is None or subscription.get("planGrant") or balance["currency"].lower() != "usd":
        return None
    if datetime.fromisoformat(plan["updatedAt"]) > datetime.fromisoformat(_since(subscription)):
        return None
    included, held = whole(price[BALANCE] or 0), whole(balance["included"])
    if not included:
        return None
    scale = {included: Scale.RATE, included * _PER_MINOR: Scale.MINOR}.get(held)
    if scale is None:
        return _Verdict(None)
    shown = str(Money.from_wire(held, "usd", Scale.RATE))
    name = f"{plan['code']}/{price['billingInterval']}"
    proof = f"the integer of {name} is {included}, and a subscription to it holds {held} ten-thousandths, {shown}"
    return _Verdict(scale, proof, shown)


def _price(plan: Row, subscription: Row) -> Mapping[str, Any] | None:
    """The base price that a subscription is on; None if that is not certain."""
    found = [
        price
        for price in plan["prices"] or ()
        if price.get("inheritsFromPriceId") is None
        and price["billingInterval"] == subscription.get("billingInterval")
        and subscription.get("priceId") in (None, price.get("id"))
    ]
    return found[0] if len(found) == 1 else None
