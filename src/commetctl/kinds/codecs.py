"""How values are written in requests and read from answers: one function each way, by what the value is.

A reader raises TypeError, ValueError, LookupError or AttributeError for any other value.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from commetctl.core.call import Body
from commetctl.core.contract import Contract
from commetctl.core.money import LARGEST_WIRE_INTEGER, Money, UnitPrice
from commetctl.core.resource import Value
from commetctl.core.values import time_text
from commetctl.kinds.scalars import without_nulls
from commetctl.kinds.wire import WireField

#: The decimal places of the smallest exchange rate: a JSON number keeps no more digits than these.
_FINEST = 15


def text(value: Any, _: Contract) -> Value:
    """Text, or none where it is empty: the API does not document which of the two it gives back."""
    if value is not None and not isinstance(value, str):
        raise TypeError(value)
    return value or None


def prose(value: Any, contract: Contract) -> Value:
    """Text for people, with `\\n` between its lines and without white space at its ends.

    Forms of the dashboard add both, nobody sees them, and a file does not keep them.
    """
    found = text(value, contract)
    return found.replace("\r\n", "\n").replace("\r", "\n").strip() or None if isinstance(found, str) else found


def whole(value: Any) -> int:
    """A whole number of an answer."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(value)
    if abs(value) > LARGEST_WIRE_INTEGER:
        raise ValueError(value)
    return value


def read_rate(value: Any) -> Decimal:
    """An exchange rate of an answer."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(value)
    if not Decimal(1).scaleb(-_FINEST) <= value < LARGEST_WIRE_INTEGER:
        raise ValueError(value)
    return Decimal(value)


def count(value: Any, _: Contract) -> Value:
    """A whole number, or none."""
    return None if value is None else whole(value)


def count_or_zero(value: Any, _: Contract) -> Value:
    """A whole number for which the API may answer null."""
    return 0 if value is None else whole(value)


def flag(value: Any, _: Contract | None = None) -> Value:
    """A boolean for which the API may answer null."""
    if value is not None and not isinstance(value, bool):
        raise TypeError(value)
    return bool(value)


def is_label(value: object) -> bool:
    """Whether the file can say a value of metadata: text, a boolean, a whole number that JSON keeps exactly."""
    return isinstance(value, str | bool) or (isinstance(value, int) and abs(value) <= LARGEST_WIRE_INTEGER)


def read_labels(value: Any, _: Contract) -> Value:
    """Metadata; a key whose value is null is a key that was removed."""
    found = {} if value is None else value
    if not isinstance(found, dict) or not all(is_label(item) for item in found.values() if item is not None):
        raise TypeError(value)
    return {key: item for key, item in found.items() if item is not None}


def public(value: Any, _: Contract) -> Body:
    """Whether a visibility is public."""
    return bool(value == "public")


def read_public(value: Any, contract: Contract) -> Value:
    """The same from an answer."""
    return "public" if flag(value, contract) else "private"


#: Labels of the reader's own, which are written as a whole.
METADATA = WireField(
    "metadata", "metadata", lambda labels, _: dict(labels), read_labels, cleared={}, make=without_nulls
)


def time(value: datetime, _: Contract) -> Body:
    """A moment."""
    return time_text(value)


def read_time(value: Any, _: Contract) -> Value:
    """The same from an answer, or none."""
    if value is None:
        return None
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment.astimezone(UTC)


def price(value: Money, contract: Contract) -> Body:
    """An amount of a plan price or a regional price."""
    return value.to_wire(contract.price_scale)


def read_price(value: Any, contract: Contract, currency: str = "usd") -> Money | None:
    """The same from an answer."""
    return None if value is None else Money.from_wire(whole(value), currency, contract.price_scale)


def balance(value: Money, contract: Contract) -> Body:
    """An included balance, in US dollars or in the currency of a regional price."""
    return value.to_wire(contract.balance_scale)


def read_balance(value: Any, contract: Contract, currency: str = "usd") -> Money | None:
    """The same from an answer."""
    return None if value is None else Money.from_wire(whole(value), currency, contract.balance_scale)


def market_price(value: Money, contract: Contract) -> Body:
    """An amount of a market price."""
    return value.to_wire(contract.market_price_scale)


def read_market_price(value: Any, contract: Contract, currency: str) -> Money:
    """The same from an answer."""
    return Money.from_wire(whole(value), currency, contract.market_price_scale)


def unit_price(value: UnitPrice, contract: Contract) -> Body:
    """The price of one unit of a feature."""
    return value.to_wire(contract.unit_price_scale)


def read_unit_price(value: Any, contract: Contract, currency: str = "usd") -> UnitPrice:
    """The same from an answer."""
    return UnitPrice.from_wire(whole(value), currency, contract.unit_price_scale)


def pack_price(value: Money, contract: Contract) -> Body:
    """The price of a credit pack."""
    return value.to_wire(contract.credit_pack_scale)


def read_pack_price(value: Any, contract: Contract) -> Value:
    """The same from an answer."""
    return Money.from_wire(whole(value), "usd", contract.credit_pack_scale)


def addon_price(value: Money, contract: Contract) -> Body:
    """The base price of an add-on."""
    return value.to_wire(contract.addon_scale)


def read_addon_price(value: Any, contract: Contract) -> Value:
    """The same from an answer."""
    return Money.from_wire(whole(value), "usd", contract.addon_scale)
