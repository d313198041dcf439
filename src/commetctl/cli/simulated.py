"""The embedded Commet for a rehearsal: in memory, with a clock that stands still until it is moved."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from commetctl.api.client import Client
from commetctl.api.connection import Connection
from commetctl.core.call import Request
from commetctl.core.contract import V2026_08_27, Contract
from commetctl.usecases.account import Account

if TYPE_CHECKING:
    from commetctl.emulator import Emulator

_URL = "http://127.0.0.1"
_KEY = "ck_sandbox_rehearsal"
_MEMORY = ":memory:"


@dataclass(frozen=True)
class Embedded(Account):
    """An account in memory, with its emulator."""

    app: "Emulator" = field(kw_only=True, repr=False)

    @property
    def key(self) -> str:
        """A key that is none."""
        return _KEY

    @contextmanager
    def client(self, contract: Contract) -> Iterator[Client]:
        """A client in this process."""
        import httpx

        client = Client(Connection(_URL, _KEY, httpx.WSGITransport(self.app)), contract)
        try:
            yield client
        finally:
            client.close()


@contextmanager
def simulated(start: datetime, quirks: Mapping[str, str]) -> Iterator[Account]:
    """An empty account whose clock shows `start`."""
    from commetctl.emulator import create_app

    app = create_app(_MEMORY, quirks=quirks)
    try:
        # The clock only moves forward, and only one that was moved stands still.
        app.clock = lambda: start - timedelta(seconds=1)
        account = Embedded(_URL, _MEMORY, app=app)
        with account.client(V2026_08_27) as client:
            client.send(Request("POST", ("test-clock",), {"frozenTime": start.isoformat(timespec="milliseconds")}))
        yield account
    finally:
        app.close()
