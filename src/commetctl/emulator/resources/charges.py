"""What a subscription is charged when one of its periods begins: its price at that time, less its offer."""

from typing import NamedTuple

from commetctl.emulator import wire
from commetctl.emulator.resource import Context
from commetctl.emulator.resources import offer_applications, plan_versions
from commetctl.emulator.store import Row
from commetctl.emulator.wire import JsonObject


class Charge(NamedTuple):
    """Amounts in minor units, and what the line of the discount says when there is one."""

    currency: str
    subtotal: int
    discount: int = 0
    reduction: JsonObject | None = None


def of(ctx: Context, subscription: Row) -> Charge:
    """The charge for a period that begins now."""
    currency, value = plan_versions.charged(ctx, subscription)
    price = wire.to_minor(value, currency)
    discount = offer_applications.current(ctx, subscription)
    if discount is None or not (discount.is_share or currency == subscription["currency"]):
        # An amount is not used in another currency (guide, promotional offers).
        return Charge(currency, price)
    total = discount.charged(price)
    if total >= price:
        # A fixed price can also be higher.
        return Charge(currency, total)
    return Charge(currency, price, price - total, _line(discount, price - total))


def _line(discount: offer_applications.Discount, off: int) -> JsonObject:
    """The line of a discount: a share in basis points, or an amount in minor units (our choice)."""
    return {
        "lineType": "promo_code_discount" if discount.source == "promo_code" else "discount",
        "description": discount.name,
        "discountType": "percentage" if discount.is_share else "amount",
        "discountValue": discount.phase["percentage"] if discount.is_share else off,
        "discountName": discount.name,
        "amount": -off,
    }
