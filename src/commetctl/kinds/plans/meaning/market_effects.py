"""What changes of market prices and of variants mean for existing customers."""

from commetctl.kinds.effects import (
    ANY,
    DOWN,
    GONE,
    LEDGER,
    NEW,
    NEW_ONLY,
    NONE,
    RENEWAL,
    SILENT,
    UNDOCUMENTED,
    UP,
    Row,
    quiet,
)
from commetctl.kinds.plans.meaning.effects import CHANGES, NEW_PRICE, ONCE, ONE_TIME, in_a_plan

_IN_IT = "a customer in this market"
_ADD = "reference, add a price"
#: The request country decides when the checkout opens.
_CHECKOUT = "reference, create a subscription"

_OF_AN_AMOUNT = (
    Row(
        "",
        NEW,
        UNDOCUMENTED,
        "checkouts from these countries have it from now on; what existing customers there pay at renewal is not said",
        _CHECKOUT,
    ),
    Row("", NEW, NONE, "nobody is on it yet", _ADD, counts=False, given=NEW_PRICE),
    Row("price", UP, RENEWAL, f"{_IN_IT} pays the higher price", CHANGES),
    Row("price", DOWN, RENEWAL, f"{_IN_IT} pays the lower price", CHANGES),
    Row("price", ANY, UNDOCUMENTED, f"what {_IN_IT} pays then, where the currency is another one", SILENT),
    Row(
        "price",
        ANY,
        NEW_ONLY,
        f"{_IN_IT} who has bought it has paid once and for all",
        ONCE,
        counts=False,
        given=ONE_TIME,
    ),
    *quiet("protect", source=LEDGER),
    *in_a_plan("price", new=True),
)

MARKET_PRICE = (
    *_OF_AN_AMOUNT,
    Row(
        "",
        GONE,
        UNDOCUMENTED,
        "checkouts from these countries have the price in their currency or in US dollars; what existing customers "
        "there pay at renewal is not said",
        _CHECKOUT,
    ),
)

VARIANT_PRICE = (
    *_OF_AN_AMOUNT,
    Row(
        "",
        GONE,
        UNDOCUMENTED,
        "checkouts from these countries have the market price of the base price; what existing customers there pay at "
        "renewal is not said",
        _CHECKOUT,
    ),
)

VARIANT = (
    Row("", NEW, NONE, "one more price to choose", _ADD, counts=False),
    Row("", GONE, NONE, "its subscribers keep it and are billed what it says; nobody new can choose it", CHANGES),
    *quiet("protect", source=LEDGER),
    *in_a_plan(),
)
