"""From the spec of a plan to its flat resources."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from commetctl.core.money import Derived, Money, UnitPrice
from commetctl.core.resource import Address, Resource, Value
from commetctl.kinds.plans import addresses
from commetctl.kinds.plans.price_spec import MarketPriceSpec, PriceSpec, VariantSpec
from commetctl.kinds.plans.spec import PlanFeatureSpec, PlanSpec
from commetctl.kinds.section import Sheet


@dataclass(frozen=True)
class Expansion:
    """One plan of a sheet, to be expanded."""

    code: str
    spec: PlanSpec
    sheet: Sheet

    @property
    def address(self) -> Address:
        """The plan's own address."""
        return addresses.plan(self.code)

    def resources(self) -> Iterator[Resource]:
        """The plan, then what belongs to it, in the order of the file."""
        yield self._resource(self.address, self._plan_fields(), (), ())
        for currency, rate in self.spec.exchange_rates.items():
            address = addresses.exchange_rate(self.code, currency)
            yield self._child(address, {"rate": rate}, self.address, ("exchange_rates", currency))
        for interval, price in self.spec.prices.items():
            yield from self._price(interval, price)
        for feature_code, feature in self.spec.features.items():
            yield from self._feature(feature_code, feature)

    def _plan_fields(self) -> dict[str, Value]:
        spec = self.spec
        return {
            "name": spec.name,
            "description": spec.description,
            "consumption_model": spec.consumption_model,
            "visibility": spec.visibility,
            "is_free": spec.is_free,
            "block_on_exhaustion": spec.block_on_exhaustion,
            "metadata": {key: value for key, value in spec.metadata.items() if value is not None},
            "protect": spec.lifecycle.protect,
        }

    def _price(self, interval: str, spec: PriceSpec) -> Iterator[Resource]:
        address, path = addresses.price(self.code, interval), ("prices", interval)
        price, balance = Money(spec.price), _money(spec.included_balance)
        fields: dict[str, Value] = {
            "price": price,
            "trial_days": spec.trial_days,
            "is_default": interval == self.spec.default_interval(),
            "included_credits": spec.included_credits,
            "included_balance": balance,
            "protect": spec.lifecycle.protect,
        }
        yield self._child(address, fields, self.address, path)
        for currency, regional in spec.regional_prices.items():
            written: dict[str, Value] = {
                "price": Money(regional.price, currency),
                "included_balance": _money(regional.included_balance, currency),
                "protect": regional.lifecycle.protect,
            }
            yield self._regional(
                addresses.regional_price(self.code, interval, currency),
                written,
                address,
                (*path, "regional_prices", currency),
            )
        for currency, rate in self.spec.exchange_rates.items():
            if currency not in spec.regional_prices:
                derived: dict[str, Value] = {
                    "price": Derived(price.converted(rate, currency)),
                    "included_balance": Derived(balance.converted(rate, currency)) if balance else None,
                    "protect": False,
                }
                target = addresses.regional_price(self.code, interval, currency)
                yield self._regional(target, derived, address, ("exchange_rates", currency))
        yield from self._market_prices(address, spec.market_prices, path)
        for name, variant in spec.variants.items():
            yield from self._variant(addresses.variant(address, name), variant, (*path, "variants", name))

    def _variant(self, address: Address, spec: VariantSpec, path: tuple[str, ...]) -> Iterator[Resource]:
        base = addresses.base_of(address)
        yield self._child(address, {"protect": spec.lifecycle.protect}, base, path)
        yield from self._market_prices(address, spec.market_prices, path, base)

    def _market_prices(
        self, of: Address, specs: Mapping[str, MarketPriceSpec], path: tuple[str, ...], base: Address | None = None
    ) -> Iterator[Resource]:
        """The market prices of a price, or of a variant, each of which needs the one of its `base`."""
        for market, spec in specs.items():
            refs = [addresses.market_price(base, market)] if base else []
            refs += self._market(market)
            fields: dict[str, Value] = {
                "price": Money(spec.price, spec.currency),
                "protect": spec.lifecycle.protect,
            }
            address = addresses.market_price(of, market)
            yield self._child(address, fields, of, (*path, "market_prices", market), *refs)

    def _market(self, handle: str) -> list[Address]:
        """The market, whose address is its name; none where only a part of the file is read, which lacks it."""
        declared = self.sheet.sections.get(addresses.MARKETS, {})
        return [Address(addresses.MARKET, declared[handle].name)] if handle in declared else []

    def _feature(self, feature_code: str, spec: PlanFeatureSpec) -> Iterator[Resource]:
        address, path = addresses.feature(self.code, feature_code), ("features", feature_code)
        overage = UnitPrice(spec.overage.unit_price) if spec.overage else None
        fields: dict[str, Value] = {
            "enabled": spec.enabled,
            "included_amount": spec.included_amount,
            "unlimited": spec.unlimited,
            "overage": overage,
            "credits_per_unit": spec.credits_per_unit,
            "pricing_mode": spec.pricing_mode,
            "margin_percent": spec.margin_percent,
            "protect": spec.lifecycle.protect,
        }
        yield self._child(address, fields, self.address, path, addresses.catalog_feature(feature_code))
        if not (spec.overage and overage):
            return
        written = spec.overage.regional_prices
        for currency, rate in self.spec.exchange_rates.items():
            value: Value = Derived(overage.converted(rate, currency))
            at: tuple[str, ...] = ("exchange_rates", currency)
            if currency in written:
                value = UnitPrice(written[currency], currency)
                at = (*path, "overage", "regional_prices", currency)
            target = addresses.regional_unit_price(self.code, feature_code, currency)
            yield self._regional(target, {"unit_price": value}, address, at)

    def _regional(self, address: Address, fields: dict[str, Value], parent: Address, path: tuple[str, ...]) -> Resource:
        currency = addresses.last(address)
        rate = (addresses.exchange_rate(self.code, currency),) if currency in self.spec.exchange_rates else ()
        return self._child(address, fields, parent, path, *rate)

    def _child(
        self, address: Address, fields: dict[str, Value], parent: Address, path: tuple[str, ...], *refs: Address
    ) -> Resource:
        return self._resource(address, fields, (parent, *refs), path, parent)

    def _resource(
        self,
        address: Address,
        fields: dict[str, Value],
        refs: tuple[Address, ...],
        path: tuple[str, ...],
        parent: Address | None = None,
    ) -> Resource:
        return Resource(address, fields, refs, parent, self.sheet.origin(("plans", self.code, *path)))


def _money(amount: Decimal | None, currency: str = "usd") -> Money | None:
    return None if amount is None else Money(amount, currency)
