"""From the market prices and variants of a listed plan to resources.

The last part of the address of a market price is the id of the market here: `Plans.adopt` puts the key of the file in
its place, which only the catalog knows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from commetctl.core.contract import Contract, Row
from commetctl.core.money import EXPONENTS
from commetctl.core.resource import UNKNOWN, Address, Resource, ResourceSet, Value
from commetctl.kinds import memory
from commetctl.kinds.codecs import read_market_price
from commetctl.kinds.currencies import OTHER_VERSION
from commetctl.kinds.obstacles import beside, joined, odd_values, unknown_word, wiped
from commetctl.kinds.plans import addresses, ledger
from commetctl.kinds.plans.answers import variants
from commetctl.kinds.scalars import is_line
from commetctl.kinds.sides import Found, Live, Obstacle
from commetctl.kinds.wire import shown, word

_DASHBOARD = "change it in the dashboard"
_ODD_LIST = Obstacle(
    "has market prices in a form that this version of commetctl does not know",
    "upgrade commetctl, or remove them in the dashboard first",
    own=False,
    below=True,
    unknown=True,
    kinds=frozenset(addresses.WITH_MARKETS),
)
_UNMANAGED = Obstacle(
    "it is unmanaged where the catalog has no `markets:`",
    "declare it under its price, and its market under `markets:`; or remove it in the dashboard first",
    unknown=True,
    kept=True,
)
_NO_MARKET = Obstacle("its market is not in the list of markets", _DASHBOARD, unknown=True, kept=True)
_NO_NAME = Obstacle(
    "it has no `metadata.name`, which a catalog needs to declare it",
    "give it a name in the dashboard, or archive it there",
    below=True,
    unknown=True,
    kept=True,
)
_NO_PRICES = Obstacle(
    "it has no market price, which a variant in a catalog needs",
    "archive it in the dashboard",
    own=False,
    unknown=True,
    kept=True,
)


@dataclass(frozen=True)
class MarketReading:
    """The market prices and variants of one listed plan; `ids` are those of the markets."""

    contract: Contract
    remembered: memory.Entries
    ids: Mapping[str, Address]

    def market_prices(self, of: Address, row: Row) -> list[Found]:
        """The market prices of a price, or of a variant."""
        listed = variants.market_prices(row) or ()
        return [self._market_price(of, item) for item in listed if _market_id(item)]

    def obstacle(self, row: Row, found: Sequence[Found]) -> Obstacle | None:
        """In the way of the list in which the market prices of a price or a variant are written."""
        listed = variants.market_prices(row)
        if listed is None or not all(map(_market_id, listed)):
            return _ODD_LIST
        names = [addresses.last(item.resource.address) for item in found]
        lost = {addresses.last(item.resource.address) for item in found if item.obstacle}
        lost |= {name for name in names if names.count(name) > 1}
        return wiped("market prices", lost, kinds=frozenset(addresses.WITH_MARKETS)) if lost else None

    def variants(self, price: Address, row: Row, prices: Sequence[Row]) -> Iterator[Found]:
        """The variants of a price, each with its market prices."""
        for variant in variants.variants(row, prices):
            name = _name(variant)
            address = addresses.variant(price, name or word(variant["id"]))
            found = self.market_prices(address, variant)
            obstacle = joined(
                [
                    None if name else _NO_NAME,
                    self._in_version(),
                    None if variants.market_prices(variant) != [] else _NO_PRICES,
                    self.obstacle(variant, found),
                    beside("an introductory offer") if variants.has_offer(variant) else None,
                ]
            )
            yield Found(self._child(address, {}, price), word(variant["id"]), obstacle)
            yield from found

    def _market_price(self, of: Address, row: Row) -> Found:
        currency, fields = str(row.get("currency")).lower(), dict[str, Value](price=UNKNOWN)
        market = self.ids.get(_market_id(row))
        odd, obstacle = [], None
        if currency not in EXPONENTS:
            obstacle = unknown_word("currency", row.get("currency"))
        else:
            try:
                fields["price"] = read_market_price(row.get("price"), self.contract, currency)
            except (TypeError, ValueError):
                odd.append(shown("price", row.get("price")))
        address = addresses.market_price(of, _market_id(row))
        refs = [addresses.market_price(addresses.base_of(of), _market_id(row))] if of.kind == addresses.VARIANT else []
        refs += [market] if market else []
        known = None if market else self._in_version() or _NO_MARKET
        return Found(self._child(address, fields, of, *refs), obstacle=joined([obstacle, odd_values(odd), known]))

    def _in_version(self) -> Obstacle | None:
        if self.contract.market_prices:
            return None
        reason = f"API version {self.contract.version} has no requests for market prices and variants"
        return Obstacle(reason, OTHER_VERSION, unknown=True, kept=True)

    def _child(self, address: Address, fields: dict[str, Value], parent: Address, *refs: Address) -> Resource:
        fields["protect"] = bool(ledger.entry(self.remembered, address, refs).get("protect"))
        return Resource(address, fields, (parent, *refs), parent)


def _market_id(row: Row) -> str:
    """The id of the market of a row; empty where it has none that could be a part of an address."""
    found = row.get("marketGroupId")
    return found if isinstance(found, str) and "/" not in found else ""


def _name(variant: Row) -> str:
    """The name of a variant; empty where the file could not say it."""
    metadata = variant.get("metadata")
    name = metadata.get("name") if isinstance(metadata, Mapping) else None
    return name if isinstance(name, str) and is_line(name) and "/" not in name else ""


def adopted(live: Live, desired: ResourceSet) -> Live:
    """The account with the market prices at the addresses that the file has for them; without `markets:`, unmanaged."""
    if not any(address.kind in addresses.WITH_MARKETS for address in live.resources):
        return live
    names = {address: _named(resource, live) for address, resource in live.resources.items()}
    live = live.renamed({address: named for address, named in names.items() if named != address})
    resources, obstacles = live.resources, dict(live.obstacles)
    for address in resources if addresses.MARKETS not in live.managed else ():
        if address.kind in addresses.WITH_MARKETS:
            obstacles[address] = joined([obstacles.get(address), _UNMANAGED]) or _UNMANAGED
    kept = ResourceSet(_forgotten(resource, live, desired) for resource in resources.values())
    return replace(live, resources=kept, obstacles=obstacles)


def _named(resource: Resource, live: Live) -> Address:
    address, market = resource.address, addresses.market_of(resource.refs)
    found = live.resources.get(market) if market else None
    handle = found.handle if found else ""
    parent, _, _ = address.key.rpartition("/")
    return Address(address.kind, f"{parent}/{handle}") if handle else address


def _forgotten(resource: Resource, live: Live, desired: ResourceSet) -> Resource:
    """A market price that is remembered by another name of its market: its protection has to be written again."""
    wanted = desired.get(resource.address)
    if addresses.market_of(resource.refs) is None or wanted is None or not wanted.fields["protect"]:
        return resource
    held = live.memory.get(addresses.plan_of(resource.address), {}).get(ledger.key(resource.address, resource.refs), {})
    return replace(resource, fields={**resource.fields, "protect": bool(held.get("protect"))})
