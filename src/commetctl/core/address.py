"""Names for the objects of a catalog: what they are and which one."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, order=True)
class Address:
    """One object of a catalog, such as `plan_price.pro/monthly`: its kind, and its key among that kind.

    The key of a child begins with the key of its parent, so that addresses sort the way a reader expects.
    """

    kind: str
    key: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `kind.key`; a ValueError says that the text is not of that form."""
        kind, dot, key = text.partition(".")
        if not (kind and dot and key):
            raise ValueError(f"`{text}` is not an address; one looks like `plan.pro` or `plan_price.pro/monthly`")
        return cls(kind, key)

    def __str__(self) -> str:
        return f"{self.kind}.{self.key}"
