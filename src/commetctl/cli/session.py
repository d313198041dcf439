"""A session: the account that a command works on, opened with the key that belongs to it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from commetctl.api.client import Client
from commetctl.api.connection import Connection
from commetctl.api.pacing import Governor, Patience
from commetctl.cli import environments
from commetctl.cli.report import without_secrets
from commetctl.core.contract import Contract
from commetctl.core.errors import CommetctlError, NotPermitted
from commetctl.core.permissions import Mode

_LOCAL_URL = "http://127.0.0.1"
_LOCAL_KEY = "ck_sandbox_local"
#: Far longer than any; a device such as /dev/zero has no end.
_LONGEST_KEY = 4096
#: Waits that are shorter than this, in seconds, are not worth a line.
_WORTH_SAYING = 5.0


@dataclass(frozen=True)
class Account:
    """Where to work, and with how much effort, as the command line says it."""

    api_url: str
    api_key_file: Path | None
    local: str | None
    environment: str = ""
    retries: int = 4
    max_wait: float = 120.0
    parallelism: int = 1
    verbose: bool = False
    silent: bool = False

    @property
    def place(self) -> str:
        """What to call the account in a heading."""
        return f"local Commet in {self.local}" if self.local else self.api_url

    def titled(self, mode: Mode) -> str:
        """The account as headings name it: the kind of organization, and where; the embedded Commet is of no kind."""
        return self.place if self.local else f"{mode.word}, {self.place}"

    def document(self, contract: Contract, mode: Mode) -> dict[str, Any]:
        """The account for machine output."""
        return {
            "api_url": f"local:{self.local}" if self.local else self.api_url,
            "api_version": contract.version,
            "livemode": mode.proven,
            **({"environment": self.environment} if self.environment else {}),
        }

    @cached_property
    def key(self) -> str:
        """The key, read once: a pipe gives it only once. Raises NotPermitted when there is none."""
        if self.local:
            return _LOCAL_KEY
        if self.api_key_file:
            try:
                with self.api_key_file.open("rb") as file:
                    return file.read(_LONGEST_KEY).decode().strip()
            except (OSError, UnicodeDecodeError) as error:
                reason = error.strerror if isinstance(error, OSError) else "it is not text"
                # Who gives the key itself instead of a file must not read it in a log.
                name = without_secrets(str(self.api_key_file))
                raise NotPermitted(
                    f"{name} cannot be read: {reason}", "--api-key-file takes the name of a file", code="no_key"
                ) from None
        key, found = environments.variable("COMMET_API_KEY", self.environment)
        own, *_ = names = environments.variables("COMMET_API_KEY", self.environment)
        if self.environment and found != own and own in os.environ:
            # A secret that CI does not have: the key for everything is not meant.
            raise NotPermitted(f"{own} is empty", "set it, or unset it to use COMMET_API_KEY", code="no_key")
        if not key:
            of_another = not self.environment and any(name.startswith(f"{own}_") for name in os.environ)
            hint = "name the environment with --env, or " if of_another else ""
            hint += (
                f"set {' or '.join(names)}, name a file with --api-key-file, or try it with --local, which needs none"
            )
            raise NotPermitted("there is no API key", hint, code="no_key")
        return key

    @contextmanager
    def client(self, contract: Contract) -> Iterator[Client]:
        """An open client; closes the connection, and the embedded Commet if that is what it is."""
        if self.local is None:
            client = self._client(Connection(self.api_url, self.key), contract)
            try:
                yield client
            finally:
                client.close()
            return
        import httpx

        from commetctl.emulator import EmulatorError, create_app

        try:
            app = create_app(self.local)
        except EmulatorError as error:
            hint = "`--local` takes the word after it for its database; the catalog is named with `-f`"
            raise CommetctlError(f"{self.local} cannot be used: {error}", hint, code="local_database") from None
        client = self._client(Connection(_LOCAL_URL, _LOCAL_KEY, httpx.WSGITransport(app)), contract)
        try:
            yield client
        finally:
            client.close()
            app.close()

    def _client(self, connection: Connection, contract: Contract) -> Client:
        return Client(
            connection,
            contract,
            governor=Governor(self.parallelism),
            patience=Patience(self.retries + 1, self.max_wait),
            watch=_watch if self.verbose else None,
            on_wait=None if self.silent else self._say_wait,
        )

    def _say_wait(self, error: CommetctlError, seconds: float) -> None:
        if self.verbose or seconds >= _WORTH_SAYING:
            _say(f"{error.message}; trying again in {seconds:.1f} s")


def _watch(method: str, path: str, status: int) -> None:
    _say(f"{method} {path} → {status}")


def _say(text: str) -> None:
    from commetctl.core.text import printable

    # Nobody listens any more: no reason to stop half way.
    with suppress(OSError):
        click.echo(printable(text), err=True)
