"""The account that a use case works on: where it is, and how it is opened."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from os import environ
from typing import Any

from commetctl.api.client import Client
from commetctl.api.destinations import same_place
from commetctl.core.call import digest
from commetctl.core.contract import Contract
from commetctl.core.policy import Mode
from commetctl.review.heading import Heading


@dataclass(frozen=True)
class Account(ABC):
    """Where an account is. `local` is the database of the embedded Commet, None for an account of Commet itself."""

    api_url: str
    local: str | None = None
    environment: str = ""
    #: How many requests of an apply may be under way at once.
    parallelism: int = 1

    @property
    @abstractmethod
    def key(self) -> str:
        """The API key. Raises NotPermitted where there is none."""

    @abstractmethod
    def client(self, contract: Contract) -> AbstractContextManager[Client]:
        """A client for the block. Raises NotPermitted without a key, CommetctlError for a database that is none."""

    @property
    def place(self) -> str:
        """The place of the account, for a heading."""
        return f"local Commet in {self.local}" if self.local else self.api_url

    @property
    def host(self) -> str:
        """The place in short: `commet.co`, `http://127.0.0.1:8000`, `.commet/local.db`."""
        return self.local or self.api_url.removeprefix("https://").rstrip("/")

    def titled(self, mode: Mode) -> str:
        """The account, for a sentence: its mode and its place; the embedded Commet has no mode."""
        return self.place if self.local else f"{mode.word}, {self.place}"

    def heading(
        self,
        files: str,
        mode: Mode,
        contract: Contract,
        *,
        now: datetime | None = None,
        as_of: datetime | None = None,
    ) -> Heading:
        """The heading of a review of this account, as it is now, and of the files as of a moment, if one is given.

        `now` is the time of the account, where that is known.
        """
        word = "local" if self.local else mode.word
        return Heading(files, word, self.environment, self.host, contract.version, now or _now(), as_of)

    def mode(self, livemode: bool | None, declared: str | None, *, allow_live: bool = False) -> Mode:
        """The mode of the account, of which the answers say `livemode`, and the file what is `declared`."""
        # The embedded Commet is neither live nor a sandbox: any catalog may be rehearsed on it.
        return Mode(livemode, self.key, None if self.local else declared, allow_live)

    def document(self, contract: Contract, mode: Mode) -> dict[str, Any]:
        """The account for machine output."""
        return {
            "api_url": f"local:{self.local}" if self.local else self.api_url,
            "api_version": contract.version,
            "livemode": mode.proven,
            **({"environment": self.environment} if self.environment else {}),
        }

    def journaled(self, contract: Contract, mode: Mode) -> dict[str, object]:
        """What the journals of an account have in common: its address and mode, and a digest of address and key.

        Nothing else tells two accounts at one address apart before either is changed.
        """
        url, account = self.identity
        return {"api_url": url, "livemode": mode.expected, "account": account}

    @property
    def identity(self) -> tuple[str, str]:
        """Its address, and a digest of address and key."""
        url = f"local:{self.local}" if self.local else self.api_url
        return url, digest([url if self.local else same_place(self.api_url), self.key])


def _now() -> datetime:
    """The time for a heading: that of SOURCE_DATE_EPOCH, the convention for outputs that are to be reproduced."""
    wanted = environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(wanted), UTC) if wanted.isascii() and wanted.isdigit() else datetime.now(UTC)
