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

_IN_IT = "customers in this market"
_ADD = "reference, add a price"
#: The request country decides when the checkout opens.
_CHECKOUT = "reference, create a subscription"

_OF_AN_AMOUNT = (
    Row(
        "",
        NEW,
        UNDOCUMENTED,
        "checkouts from these countries use it from now on; Commet does not document what existing customers "
        "there pay at renewal",
        _CHECKOUT,
    ),
    Row("", NEW, NONE, "no customer pays it yet", _ADD, counts=False, given=NEW_PRICE),
    Row("price", UP, RENEWAL, f"{_IN_IT} pay the higher price", CHANGES),
    Row("price", DOWN, RENEWAL, f"{_IN_IT} pay the lower price", CHANGES),
    Row("price", ANY, UNDOCUMENTED, f"what {_IN_IT} pay then, if the currency changes", SILENT),
    Row(
        "price",
        ANY,
        NEW_ONLY,
        "customers who have bought it pay nothing more",
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
        "checkouts from these countries use the price in their currency or in US dollars; Commet does not "
        "document what existing customers there pay at renewal",
        _CHECKOUT,
    ),
)

VARIANT_PRICE = (
    *_OF_AN_AMOUNT,
    Row(
        "",
        GONE,
        UNDOCUMENTED,
        "checkouts from these countries use the market price of the base price; Commet does not document what "
        "existing customers there pay at renewal",
        _CHECKOUT,
    ),
)

VARIANT = (
    Row("", NEW, NONE, "customers can choose it from now on", _ADD, counts=False),
    Row("", GONE, NONE, "its subscribers keep it and are billed as before; new customers cannot choose it", CHANGES),
    *quiet("protect", source=LEDGER),
    *in_a_plan(),
)
