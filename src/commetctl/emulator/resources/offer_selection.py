"""Which offer a new subscription gets: the one that the request names, that of a promo code, or that of its price."""

from collections.abc import Iterator
from typing import NamedTuple

from commetctl.emulator import wire
from commetctl.emulator.errors import ApiError, Problem, conflict, invalid
from commetctl.emulator.resource import Context, refuse
from commetctl.emulator.resources import offer_phases, offers, promo_codes
from commetctl.emulator.store import Row
from commetctl.emulator.wire import JsonObject

# The keys that select what a customer gets, which exclude each other (guides, introductory offers and discounts).
_CONTROLS = ("offerId", "promoCode", "customTrialDays", "skipTrial")
# With one of these a customer is no new one (guide, introductory offers).
_HAS_PLAN = "SELECT 1 FROM subscription WHERE livemode = ? AND customer_id = ? AND status IN ('active', 'past_due')"
_REDEEMED = """
SELECT 1 FROM offer_application JOIN subscription ON subscription.id = subscription_id
WHERE promo_code_id = ? AND customer_id = ?
"""


class Selection(NamedTuple):
    """An offer that a subscription is to get: what selected it, its name and phases, and its promo code if any."""

    source: str
    offer_id: str | None
    name: str
    phases: list[JsonObject]
    code_id: str | None = None

    @property
    def trial_days(self) -> int | None:
        """The days of its trial; None when it has none."""
        first = self.phases[0]
        return int(first["durationDays"]) if first["type"] == "free_trial" else None


class Priced(NamedTuple):
    """The price that a customer buys, if the plan has one, and the currency that they pay."""

    row: Row | None
    currency: str


class Named(NamedTuple):
    """The offer and the promo code that a request names, each of which exists."""

    offer: Row | None
    code: Row | None


def named(ctx: Context, body: JsonObject) -> Named:
    """What a request to create a subscription names; not found, or a validation error when it names too much."""
    if "cardPromotionId" in body:
        raise conflict("card_promotions_not_available", "this account has no card promotions")
    if ctx.version.is_new:
        _refuse_several(body)
    return Named(
        ctx.find("offer", body["offerId"]) if "offerId" in body else None,
        promo_codes.named(ctx, body["promoCode"]) if "promoCode" in body else None,
    )


def _refuse_several(body: JsonObject) -> None:
    sent = [name for name in _CONTROLS if body.get(name, False) is not False]
    if len(sent) > 1 and sent[0] in ("offerId", "promoCode"):
        raise invalid(*(Problem(name, f"cannot be combined with {sent[0]}") for name in sent[1:]))


def skips_trial(body: JsonObject) -> bool:
    """Whether a request is for no trial that comes by itself: it says so, or pays in advance."""
    return bool(body.get("skipTrial")) or _pays_ahead(body)


def _pays_ahead(body: JsonObject) -> bool:
    return body.get("prepaidPeriods", 1) > 1 or bool(body.get("cancelAtPeriodEnd"))


def _refuse_ahead(body: JsonObject, chosen: Selection, price: Row | None) -> None:
    """An offer without a trial, counted in the interval of the price, is all that can be paid in advance (guide)."""
    field = {"direct": "offerId", "promo_code": "promoCode"}.get(chosen.source, "customTrialDays")
    is_other = any(not _is_billed(price, phase.get("durationInterval")) for phase in chosen.phases)
    refuse(
        (
            _pays_ahead(body) and chosen.trial_days is not None,
            field,
            "a trial cannot be combined with paying in advance",
        ),
        (
            body.get("prepaidPeriods", 1) > 1 and is_other,
            "prepaidPeriods",
            "the offer applies to another billing interval",
        ),
    )


def selected(ctx: Context, given: Named, price: Priced, customer_id: str, body: JsonObject) -> Selection | None:
    """The offer of a new subscription; a refusal when the one that the request names cannot be applied to it."""
    chosen = _selected(ctx, given, price, customer_id, body)
    if chosen is not None:
        _refuse_ahead(body, chosen, price.row)
    return chosen


def _selected(ctx: Context, given: Named, price: Priced, customer_id: str, body: JsonObject) -> Selection | None:
    automatic = _introductory(ctx, price, customer_id, body)
    if given.offer is not None:
        return direct(ctx, given.offer, price)
    if given.code is None:
        return automatic or _custom(price.row, body)
    if automatic is not None:
        raise conflict("intro_offer_active", "the introductory offer of the price applies", param="promoCode")
    return _of_code(ctx, given.code, price, customer_id)


def direct(ctx: Context, offer: Row, price: Priced) -> Selection:
    """An offer that a request names; `offer_not_applicable` when the price of the subscription cannot have it."""
    for is_broken, why in _obstacles(ctx, offer, price):
        if is_broken:
            raise inapplicable("offerId", f"offer {offer['name']!r} {why}")
    return Selection("direct", offer["id"], offer["name"], wire.loads(offer["phases"]))


def _of_code(ctx: Context, code: Row, price: Priced, customer_id: str) -> Selection:
    """The offer of a promo code, or why the customer cannot redeem the code; which code says so is our choice."""
    has_expired = code["expires_at"] is not None and code["expires_at"] <= ctx.now
    is_used_up = code["max_redemptions"] is not None and code["redemption_count"] >= code["max_redemptions"]
    for is_broken, why in (
        (not code["is_active"], "is not active"),
        (has_expired, "has expired"),
        (is_used_up, "has reached its maximum of redemptions"),
    ):
        if is_broken:
            raise conflict("promo_code_expired", f"promo code {code['code']} {why}", param="promoCode")
    (offer,) = ctx.db.all("SELECT * FROM offer WHERE id = ?", code["offer_id"])
    plans, phases = wire.loads(code["plan_ids"]), wire.loads(offer["phases"])
    for is_broken, why in (
        (price.row is not None and bool(plans) and price.row["plan_id"] not in plans, "is not for this plan"),
        (not _is_billed(price.row, code["billing_interval"]), "is not for this billing interval"),
        (ctx.db.first(_REDEEMED, code["id"], customer_id) is not None, "was already redeemed by this customer"),
        (bool(offer["deleted"]), "has an offer that was deleted"),
        (not promo_codes.has_discount(phases), "has an offer without a discount"),
        *((broken, f"has an offer that {why}") for broken, why in _obstacles(ctx, offer, price)),
    ):
        if is_broken:
            raise inapplicable("promoCode", f"promo code {code['code']} {why}")
    return Selection("promo_code", offer["id"], offer["name"], phases, code["id"])


def _is_billed(price: Row | None, interval: str | None) -> bool:
    return price is None or interval in (None, price["billing_interval"])


def _introductory(ctx: Context, price: Priced, customer_id: str, body: JsonObject) -> Selection | None:
    """The introductory offer of a price, for a new customer; where trials are skipped, what is left (our choice)."""
    if price.row is None or price.row["offer_id"] is None or "customTrialDays" in body:
        return None
    if ctx.db.first(_HAS_PLAN, ctx.livemode, customer_id) is not None:
        return None
    offer = ctx.find("offer", price.row["offer_id"])
    if any(is_broken for is_broken, _ in _obstacles(ctx, offer, price)):
        return None
    phases = [
        phase for phase in wire.loads(offer["phases"]) if not (skips_trial(body) and phase["type"] == "free_trial")
    ]
    return Selection("introductory", offer["id"], offer["name"], phases) if phases else None


def _custom(price: Row | None, body: JsonObject) -> Selection | None:
    """The trial that a request gives a customer is an offer without an Offer (guide, trial periods)."""
    days = 0 if body.get("skipTrial") else body.get("customTrialDays", 0)
    if price is None or not days:
        return None
    return Selection("custom", None, f"{days}-day trial", [{"type": "free_trial", "durationDays": days}])


def _obstacles(ctx: Context, offer: Row, bought: Priced) -> Iterator[tuple[bool, str]]:
    """Why an offer cannot be applied to a price, each with whether it is so (guide, promotional offers)."""
    price, currency = bought
    yield price is None, "needs a plan that has a price"
    yield not offer["is_active"], "is not active"
    yield offer["starts_at"] is not None and ctx.now < offer["starts_at"], "begins later"
    yield offer["ends_at"] is not None and offer["ends_at"] <= ctx.now, "has ended"
    amounts = [phase.get("amounts") or phase.get("prices") or [] for phase in wire.loads(offer["phases"])]
    lacks = any(items and all(item["currency"] != currency for item in items) for items in amounts)
    yield lacks, f"has no amount in {currency}, the currency of the subscription"
    scope = offers.price_ids(ctx, offer["id"]) if offer_phases.is_first(ctx) else []
    bases = {price["id"], price["inherits_from"]} if price is not None else set()
    yield bool(scope) and not bases & set(scope), "applies to other prices"


def inapplicable(field: str, message: str) -> ApiError:
    """The refusal of an offer that exists and that a subscription cannot have."""
    return ApiError("validation_error", "offer_not_applicable", message, param=field)
