"""What other clients do to an account: the dashboard, an SDK, another tool. Drawn, as raw requests to the emulator."""

import random
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from harness import Shop

#: Ledgers of other versions, damaged ones, and some that remember what is not there.
LEDGERS = (
    "junk",
    "{}",
    '{"v":1,"o":{"plan":{"protect":true},"plan_price/monthly":{"protect":true}}}',
    '{"v":1,"o":{"plan_feature/calls":{"credits_per_unit":7}}}',
    '{"v":1,"o":{"plan_feature/tokens":{"margin_percent":"12.5","pricing_mode":"fixed"}}}',
    '{"v":1,"o":{"regional_price/monthly/eur":{"protect":true}}}',
    None,
    5,
)
#: The same in the metadata of offers.
MEMORIES = (
    "junk",
    '{"v":1,"o":{"promo_code/SPRING":{"plans":["pro"]},"promo_code/FRIENDS":{"plans":null}}}',
    '{"v":1,"o":{"promo_code/SPRING":{"plans":["gone"]},"promo_code/VIP-10":{"begun":true}}}',
    '{"v":1,"o":{"promo_code/SPRING":{"plans":[]},"promo_code/VIP-10":{"plans":7}}}',
    5,
)
Plan = Mapping[str, Any]


class OtherClients:
    """Some drawn edits of an account, each of which the emulator may refuse."""

    def __init__(self, shop: Shop, chance: random.Random) -> None:
        self.shop, self.chance = shop, chance

    def edit(self) -> None:
        """One edit of one plan, or of what it refers to."""
        plans = self._rows("/plans?includePrivate=true")
        if not plans:
            return
        plan = self.chance.choice(plans)
        edits: list[Callable[[Plan], None]] = [
            self._metadata, self._ledger, self._plan_currency, self._add_price, self._visibility, self._feature,
            self._pack, self._foreign, self._offer, self._code,
        ]  # fmt: skip
        if plan["prices"]:
            edits += [self._price, self._regional, self._clear, self._archive, self._default]
        try:
            self.chance.choice(edits)(plan)
        except httpx.HTTPStatusError:
            # What the API refuses, no client has done.
            return

    def _rows(self, path: str) -> list[Any]:
        found: list[Any] = self.shop.send("GET", path)["data"]
        return found

    def _at(self, plan: Plan, *more: str) -> str:
        return "/".join([f"/plans/{plan['id']}", *more])

    def _some_price(self, plan: Plan) -> str:
        return str(self.chance.choice(plan["prices"])["id"])

    def _metadata(self, plan: Plan) -> None:
        value = self.chance.choice([1, "a", {"n": [1, 2]}, 1.5, True])
        metadata = {**(plan["metadata"] or {}), "x": value, "__y": "1"}
        self.shop.send("PATCH", self._at(plan), {"metadata": metadata})

    def _ledger(self, plan: Plan) -> None:
        metadata = {**(plan["metadata"] or {}), "commetctl": self.chance.choice(LEDGERS)}
        self.shop.send("PATCH", self._at(plan), {"metadata": metadata})

    def _regional(self, plan: Plan) -> None:
        override = {
            "currency": self.chance.choice(["eur", "brl", "jpy", "mxn"]),
            "price": self.chance.choice([100, 5000]),
        }
        self.shop.send("PUT", self._at(plan, "prices", self._some_price(plan), "regional"), {"overrides": [override]})

    def _plan_currency(self, plan: Plan) -> None:
        rate = self.chance.choice([0.9, 5.5, 151.0])
        body: dict[str, Any] = {"currency": self.chance.choice(["eur", "brl", "jpy"]), "exchangeRate": rate}
        if plan["prices"] and self.chance.random() < 0.5:
            body["prices"] = [{"priceId": self._some_price(plan), "price": 4200}]
        self.shop.send("PUT", self._at(plan, "regional"), body)

    def _price(self, plan: Plan) -> None:
        body = {"price": self.chance.choice([100, 123400])}
        self.shop.send("PATCH", self._at(plan, "prices", self._some_price(plan)), body)

    def _clear(self, plan: Plan) -> None:
        self.shop.send("DELETE", self._at(plan, "prices", self._some_price(plan), "regional"))

    def _archive(self, plan: Plan) -> None:
        self.shop.send("DELETE", self._at(plan, "prices", self._some_price(plan)))

    def _default(self, plan: Plan) -> None:
        self.shop.send("PUT", self._at(plan, "prices", self._some_price(plan), "default"), {})

    def _add_price(self, plan: Plan) -> None:
        interval = self.chance.choice(["weekly", "monthly", "semiannual", "yearly"])
        body = {"billingInterval": interval, "price": 900, "isDefault": self.chance.random() < 0.3}
        self.shop.send("POST", self._at(plan, "prices"), body)

    def _visibility(self, plan: Plan) -> None:
        self.shop.send("PUT", self._at(plan, "visibility"), {"isPublic": self.chance.random() < 0.5})

    def _feature(self, plan: Plan) -> None:
        feature = self.chance.choice(self._rows("/features"))
        attached = {item["code"] for item in plan["features"]}
        if feature["code"] not in attached:
            self.shop.send("POST", self._at(plan, "features"), {"featureId": feature["id"], "enabled": True})
        elif self.chance.random() < 0.5:
            self.shop.send("DELETE", self._at(plan, "features", feature["id"]))
        else:
            body = {"includedAmount": 33, "overage": {"enabled": self.chance.random() < 0.5, "unitPrice": 500}}
            self.shop.send("PATCH", self._at(plan, "features", feature["id"]), body)

    def _pack(self, _: Plan) -> None:
        packs = self._rows("/credit-packs")
        if packs:
            body = self.chance.choice([{"price": 12300}, {"name": "Another"}, {"isActive": False}])
            self.shop.send("PATCH", f"/credit-packs/{self.chance.choice(packs)['id']}", body)

    def _offer(self, _: Plan) -> None:
        """Replaces an offer by itself with other metadata."""
        offers = self._rows("/offers")
        if not offers:
            return
        offer = self.chance.choice(offers)
        phases = [{k: v for k, v in phase.items() if k != "durationInterval" or v} for phase in offer["phases"]]
        kept = {name: offer[name] for name in ("name", "startsAt", "endsAt", "active")}
        labels = self.chance.choice([{}, {"commetctl": self.chance.choice(MEMORIES)}, {"n": [1]}, {"tier": 2}])
        self.shop.send("PATCH", f"/offers/{offer['id']}", {**kept, "phases": phases, "metadata": labels})

    def _code(self, plan: Plan) -> None:
        edit = self.chance.choice([{"planIds": [plan["id"]]}, {"active": False}, {"maxRedemptions": 3}])
        for code in self._rows("/promo-codes")[:1]:
            self.shop.send("PATCH", f"/promo-codes/{code['id']}", edit)

    def _foreign(self, _: Plan) -> None:
        kind = self.chance.choice(["plan", "feature", "pack"])
        if kind == "plan":
            self.shop.send("POST", "/plans", {"name": "Foreign", "code": "foreign", "isPublic": True})
        elif kind == "feature":
            self.shop.send("POST", "/features", {"name": "Foreign", "code": "foreign", "type": "usage"})
        else:
            self.shop.send("POST", "/credit-packs", {"name": "Foreign", "credits": 5, "price": 500})
