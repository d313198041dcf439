"""What a price has beside the amounts that the file can declare: market prices, and variants with market prices."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from commetctl.core.money import Money


@dataclass(frozen=True)
class Markets:
    """Amounts that Commet charges in some countries in place of the price itself.

    `unknown` says that there are others, in a form or a currency that this version does not know.
    """

    amounts: tuple[Money, ...] = ()
    unknown: bool = False

    def __bool__(self) -> bool:
        return bool(self.amounts) or self.unknown


@dataclass(frozen=True)
class Beside:
    """The market prices of a base price, and those of each of its variants by the id of the variant.

    A variant costs what its base price costs, outside of the markets that it overrides. (Reference: add a price.)
    """

    markets: Markets = field(default_factory=Markets)
    variants: Mapping[str, Markets] = field(default_factory=dict)
