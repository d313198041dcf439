"""What a run may do: which account it may write to, and how much it may change."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Mode:
    """Whether the account is live or a sandbox, and which of them the run may write to.

    `livemode` is what the API's answers say, and None when nothing was there to say it. `declared` is the file's
    `mode`; `allow_live` is the flag `--live`.
    """

    livemode: bool | None
    key: str = field(repr=False)
    declared: str | None = None
    allow_live: bool = False

    @property
    def proven(self) -> bool | None:
        """Whether the account is live: by the answers, else by the key's prefix, else unknown."""
        if self.livemode is not None:
            return self.livemode
        # Older keys begin with a bare `ck_`, which says nothing.
        return {"live": True, "sandbox": False}.get(self.key.partition("_")[2].partition("_")[0])

    @property
    def may_be_live(self) -> bool:
        """Whether a write could reach a live account: unless it is proven a sandbox, or unproven and declared one.

        What is only declared is proven by the first answer, which ends the run where it is another.
        """
        return self.proven is True or (self.proven is None and self.declared != "sandbox")

    @property
    def word(self) -> str:
        """`live`, `sandbox` or `unknown mode`."""
        return {True: "live", False: "sandbox", None: "unknown mode"}[self.proven]

    @property
    def expected(self) -> bool:
        """Whether the run is intended for a live account."""
        return self.declared == "live" or (self.declared is None and self.allow_live and self.proven is not False)


#: Below this many objects, shares do not count: each object would be a large one.
FEWEST_FOR_SHARES = 10


@dataclass(frozen=True)
class Share:
    """A part of a whole, in percent."""

    percent: Decimal

    def __str__(self) -> str:
        return f"{self.percent.normalize():f}%"


#: A share of the managed objects, or a number of them; None where there is no limit.
Limit = Share | int | None


@dataclass(frozen=True)
class Policy:
    """What one run may do unless the command line allows more; `max_price_change` goes up and down."""

    max_deletes: Limit = Share(Decimal(30))
    max_updates: Limit = Share(Decimal(30))
    max_price_change: Share | None = Share(Decimal(50))
    #: In days, from the announcement of a higher price to the first bill with it; None where nothing is promised.
    min_notice: int | None = None
