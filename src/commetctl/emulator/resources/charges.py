"""What a subscription is charged when one of its periods begins: its price at that time, less its offer."""

from typing import NamedTuple

from commetctl.emulator import wire
from commetctl.emulator.resource import Context
from commetctl.emulator.resources import offer_applications, plan_versions
from commetctl.emulator.store import Row
from commetctl.emulator.wire import JsonObject


class Charge(NamedTuple):
    """Amounts in rate scale, and what the line of the discount says when there is one."""

    currency: str
    subtotal: int
    discount: int
    reduction: JsonObject | None


def of(ctx: Context, subscription: Row) -> Charge:
    """The charge for a period that begins now."""
    price, currency = plan_versions.accepted(ctx, subscription)["base_price"], "usd"
    discount = offer_applications.current(ctx, subscription)
    if discount is None:
        return Charge(currency, price, 0, None)
    total = wire.from_minor(discount.charged(wire.to_minor(price, currency)), currency)
    if total >= price:
        # A fixed price can also be higher.
        return Charge(currency, total, 0, None)
    return Charge(currency, price, price - total, _reduction(discount, wire.to_minor(price - total, currency)))


def _reduction(discount: offer_applications.Discount, off: int) -> JsonObject:
    """The line of a discount: a share in basis points, or an amount in minor units (our choice)."""
    is_share = discount.phase["type"] == "percentage"
    return {
        "lineType": "promo_code_discount" if discount.source == "promo_code" else "discount",
        "discountType": "percentage" if is_share else "amount",
        "discountValue": discount.phase["percentage"] if is_share else off,
        "discountName": discount.name,
    }
