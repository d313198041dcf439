"""A session: the account of the options on the command line, opened with its key."""

import os
import sys
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
from commetctl.catalog.source import FileSource
from commetctl.cli import environments
from commetctl.cli.progress import ReadingLine, can_redraw
from commetctl.core.contract import Contract
from commetctl.core.environment import ENV, NAME, variable, variables
from commetctl.core.errors import CommetctlError, NotPermitted
from commetctl.core.secrets import without_secrets
from commetctl.core.text import printable
from commetctl.usecases.account import Account

_LOCAL_URL = "http://127.0.0.1"
_LOCAL_KEY = "ck_sandbox_local"
#: In bytes, far longer than any key; a device such as /dev/zero has no end.
_LONGEST_KEY = 4096
#: Shorter waits, in seconds, are not reported.
_WORTH_SAYING = 5.0


@dataclass(frozen=True)
class Session(Account):
    """An account as the command line names it, and how hard to try to reach it."""

    api_key_file: Path | None = None
    retries: int = 4
    max_wait: float = 120.0
    verbose: bool = False
    silent: bool = False

    @cached_property
    def key(self) -> str:
        """The API key, read once: a pipe gives it only once. Raises NotPermitted where there is none."""
        if self.local:
            return _LOCAL_KEY
        if self.api_key_file:
            return _key_in(self.api_key_file)
        key, found = variable("COMMET_API_KEY", self.environment)
        own, *_ = names = variables("COMMET_API_KEY", self.environment)
        if self.environment and found != own and own in os.environ:
            # A secret that is missing in CI: COMMET_API_KEY is not meant instead.
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
            hint = "the argument after `--local` is its database file; name the catalog with `-f`"
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
            watch=self._watch if self.verbose else None,
            on_wait=None if self.silent else self._say_wait,
            on_read=None if self.silent or not can_redraw(sys.stderr) else self._line,
        )

    @cached_property
    def _line(self) -> ReadingLine:
        return ReadingLine()

    def _watch(self, method: str, path: str, status: int) -> None:
        self._say(f"{method} {path} → {status}")

    def _say_wait(self, error: CommetctlError, seconds: float) -> None:
        if self.verbose or seconds >= _WORTH_SAYING:
            self._say(f"{error.message}; trying again in {seconds:.1f} s")

    def _say(self, text: str) -> None:
        self._line()
        # A reader that has gone is no reason to stop half way.
        with suppress(OSError):
            click.echo(printable(text), err=True)


def session_of(source: str, *, local: bool, **effort: Any) -> Session:
    """The session of `env:NAME`; raises CommetctlError for an environment that the catalog here does not know."""
    name = source.removeprefix(ENV)
    if not NAME.fullmatch(name):
        hint = f"write `{ENV}` and the name of an environment, such as `{ENV}sandbox`"
        raise CommetctlError(f"`{source}` names no environment", hint, code="bad_source")
    catalog = environments.default_file()
    if catalog.exists():
        # A name that is misspelt would be looked at with the key for everything.
        FileSource(catalog).overlay(name)
    database = environments.database_of(name) if local else None
    return Session(environments.address_of(name), database, name, **effort)


def _key_in(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return stream.read(_LONGEST_KEY).decode().strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        # It may be the key itself, given in place of a file.
        name = without_secrets(str(file))
        raise NotPermitted(
            f"{name} cannot be read: {reason}", "--api-key-file takes the name of a file", code="no_key"
        ) from None
