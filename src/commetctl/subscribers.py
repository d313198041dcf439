"""How many subscriptions use what: counts only, nothing about anyone."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from commetctl.api.client import Client
from commetctl.errors import ApiError, NotPermitted, Unreachable
from commetctl.sections.section import Listing, Row

#: Statuses in which nobody is subscribed. A status that is not known here counts as subscribed.
_NOT_SUBSCRIBED = frozenset({"draft", "canceled", "expired"})


class Use(NamedTuple):
    """What a subscription is on. A price or interval of None may be any."""

    plan: str
    price: str | None
    interval: str | None


@dataclass(frozen=True)
class Subscribers:
    """How many subscriptions have which uses: what they are on, and what they are scheduled to move to.

    Where the subscriptions could not be counted, `unknown` says why, and `way_out` what to do, if anything.
    """

    uses: Mapping[frozenset[Use], int] = field(default_factory=dict)
    unknown: str = ""
    way_out: str = ""

    @classmethod
    def nothing_known(cls) -> Self:
        """Before anything was counted."""
        return cls(unknown="they were not counted")

    def of_plan(self, plan_id: str) -> int:
        """How many use a plan."""
        return self._count(lambda use: use.plan == plan_id)

    def of_price(self, plan_id: str, price_id: str | None, interval: str) -> int:
        """How many use the price that a plan has for an interval."""

        def matches(use: Use) -> bool:
            if use.plan != plan_id:
                return False
            if use.price and price_id:
                return use.price == price_id
            # The older generation does not tell the price.
            return use.interval in (interval, None)

        return self._count(matches)

    def _count(self, matches: Callable[[Use], bool]) -> int:
        return sum(count for uses, count in self.uses.items() if any(map(matches, uses)))


def count(client: Client) -> Subscribers:
    """Read the list of subscriptions once and keep the counts.

    A list that the key may not read, or that cannot be read whole, is unknown and no error: it is needed for one
    question only, and that can be answered by hand. Raises NotPermitted for a key that is not accepted at all.
    """
    try:
        rows = client.list(Listing("list_subscriptions"))
        return Subscribers(Counter(frozenset(_uses(row)) for row in rows if row.get("status") not in _NOT_SUBSCRIBED))
    except NotPermitted as error:
        if error.code != "forbidden":
            raise
        return Subscribers(unknown="the key may not read subscriptions", way_out="use a key that may")
    except ApiError as error:
        return Subscribers(unknown=f"the list of subscriptions answered {error.status}", way_out="try again")
    except Unreachable as error:
        # The message of a request that failed names no subscription.
        return Subscribers(unknown=f"their list could not be read whole ({error.code})", way_out="try again")
    except _OddRow:
        return Subscribers(unknown="the list of subscriptions is not as its version describes it")


class _OddRow(Exception):
    """A row that does not say what it should; without the row, which is about someone."""


def _uses(row: Row) -> Iterator[Use]:
    plan = row.get("plan")
    plan_id = _word(plan.get("id")) if isinstance(plan, Mapping) else None
    if plan_id is None:
        raise _OddRow
    yield Use(plan_id, _word(row.get("priceId")), _word(row.get("billingInterval")))
    scheduled = row.get("scheduledPlanChange")
    if isinstance(scheduled, Mapping):
        # Without a new plan it is another interval of the same one.
        plan_id = _word(scheduled.get("newPlanId")) or plan_id
        yield Use(plan_id, None, _word(scheduled.get("newBillingInterval")))


def _word(value: Any) -> str | None:
    if value is None or (isinstance(value, str) and value):
        return value
    raise _OddRow
