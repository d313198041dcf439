"""The answer to a charge, compared with the offer: every field must match, and it must name the credits."""

from collections.abc import Iterator, Mapping
from typing import Any

from commetctl.core.errors import Charged
from commetctl.usecases.purchase.offer import Offer

_HINT = (
    "see in the dashboard what the customer was charged and given, and report this to Commet support; for an hour, the "
    "same command does not charge again"
)


def check_answer(answer: Any, agreed: Offer) -> None:
    """Raise Charged for an answer that is no object, contradicts the offer, or does not say how many credits."""
    who, pack = agreed.subscription, agreed.pack
    if not isinstance(answer, Mapping):
        raise _unclear(agreed, "is no object")
    if answer.get("error") is not None or answer.get("success") is False:
        raise Charged(
            f"{who} may have been charged {pack.price} for {pack.name}: the answer says both success and failure",
            _HINT,
            code="charge_in_doubt",
        )
    if differing := list(_differing(answer, agreed)):
        raise Charged(
            f"{who} was charged for {pack.name}, and the answer is not what was agreed: {'; '.join(differing)}",
            _HINT,
            code="charge_differs",
        )
    if _odd(answer.get("credits")):
        raise _unclear(agreed, "does not say how many credits it bought")


def _unclear(agreed: Offer, what: str) -> Charged:
    return Charged(
        f"{agreed.subscription} was charged {agreed.pack.price} for {agreed.pack.name}, and the answer {what}",
        _HINT,
        code="charge_unclear",
    )


def _differing(answer: Mapping[str, Any], agreed: Offer) -> Iterator[str]:
    """The fields of an answer that contradict the offer; absent fields, and forms that are not known, do not."""
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
