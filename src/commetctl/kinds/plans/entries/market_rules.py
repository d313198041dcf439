"""What makes market prices and variants wrong although each of their values is right.

Sources: the API reference for prices, which says that a variant overrides only markets of its base price.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from commetctl.core.money import EXPONENTS, Money
from commetctl.core.text import nearest, the_only_near
from commetctl.core.values import KeyPath
from commetctl.kinds.currencies import OTHER_VERSION
from commetctl.kinds.plans import addresses
from commetctl.kinds.plans.entries.checks import PlanChecks
from commetctl.kinds.plans.price_spec import MarketPriceSpec, PriceSpec, VariantSpec
from commetctl.kinds.scalars import is_line
from commetctl.kinds.section import Finding


@dataclass(frozen=True)
class MarketRules(PlanChecks):
    """The rules for what one plan costs by market."""

    def findings(self) -> Iterator[Finding]:
        """Everything that is wrong with the market prices and the variants of the plan."""
        for interval, price in self.spec.prices.items():
            found = list(self._price(("prices", interval), price))
            yield from self._sayable(("prices", interval), price) or found

    def _sayable(self, path: KeyPath, price: PriceSpec) -> list[Finding]:
        """What says that nothing of the sort may be here: none of it is judged then."""
        places = [(*path, name) for name in ("market_prices", "variants") if getattr(price, name)]
        if not self.sheet.contract.market_prices:
            message = f"does not exist in API version {self.sheet.contract.version}"
            return [self._at(at, "markets_not_in_version", message, OTHER_VERSION) for at in places]
        if addresses.MARKETS in self.sheet.sections:
            return []
        message, hint = "needs markets, and the catalog has no `markets:`", "declare the markets under `markets:`"
        found = [self._at(at, "no_markets", message, hint) for at in places]
        return [replace(finding, lacks=((addresses.MARKETS,),)) for finding in found]

    def _price(self, path: KeyPath, price: PriceSpec) -> Iterator[Finding]:
        yield from self._markets((*path, "market_prices"), price.market_prices)
        for name, variant in price.variants.items():
            yield from self._variant((*path, "variants", name), name, variant, price)

    def _markets(self, path: KeyPath, prices: Mapping[str, MarketPriceSpec]) -> Iterator[Finding]:
        declared = self.sheet.keys.get(addresses.MARKETS, frozenset())
        for market, price in prices.items():
            at = (*path, market)
            if market not in declared:
                near = nearest(market, declared)
                hint = f"did you mean `{near}`?" if near else "declare it under `markets:`"
                message = f"`{market}` is not declared under `markets:`"
                found = self._at(at, "unknown_market", message, hint, fix=the_only_near(market, declared))
                yield replace(found, lacks=((addresses.MARKETS, market),))
            yield from self._currency((*at, "currency"), price.currency)
            if price.currency in EXPONENTS:
                amount = Money(price.price, price.currency)
                yield from self._sendable((*at, "price"), amount, self.sheet.contract.market_price_scale)

    def _variant(self, path: KeyPath, name: str, variant: VariantSpec, base: PriceSpec) -> Iterator[Finding]:
        if not is_line(name) or "/" in name:
            hint = "write it on one line, without `/` and without white space at its ends"
            yield self._at(path, "bad_variant_name", f"`{name}` cannot be the name of a variant", hint)
        if not variant.market_prices:
            hint = "add a market price, or remove the variant"
            lacks = ((*path, "market_prices"),)
            message = "has no market price, so it would be the same as its base price"
            yield self._at(path, "variant_without_markets", message, hint, lacks)
        yield from self._markets((*path, "market_prices"), variant.market_prices)
        for market in variant.market_prices:
            if market not in base.market_prices:
                yield self._at(
                    (*path, "market_prices", market),
                    "market_not_in_base",
                    f"its base price has no market price for `{market}`; a variant can only use the markets of its "
                    "base price",
                    "add it to the `market_prices` of the price, or remove it here",
                    ((*path[:2], "market_prices", market),),
                )
