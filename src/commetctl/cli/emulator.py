"""`commetctl emulator`: a local Commet API on a socket."""

import signal
import sys
from contextlib import closing
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import click

from commetctl.core import exits

if TYPE_CHECKING:
    from commetctl.emulator import Fault


def _pairs(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for value in values:
        name, equals, chosen = value.partition("=")
        if not equals:
            raise click.BadParameter(f"{value!r} is not of the form NAME=VALUE")
        pairs[name] = chosen

    from commetctl.emulator import EmulatorError
    from commetctl.emulator.quirks import resolve

    try:
        resolve(pairs)
    except EmulatorError as error:
        raise click.BadParameter(str(error)) from error
    return pairs


def _faults(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> "list[Fault]":
    from commetctl.emulator import EmulatorError, Fault

    try:
        return [Fault.parse(value) for value in values]
    except EmulatorError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8377, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 picks a free one."
)
@click.option(
    "--db",
    "database",
    default=".commet/local.db",
    show_default=True,
    metavar="FILE",
    help='SQLite file that keeps the state, created when missing; ":memory:" keeps none.',
)
@click.option(
    "--quirk",
    "quirks",
    multiple=True,
    metavar="NAME=VALUE",
    callback=_pairs,
    help="Choose a behaviour that Commet's documentation leaves open. Repeatable.",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="SPEC",
    callback=_faults,
    help="Make requests fail: KIND[:ARGUMENT][@WHEN], for example 503@w2 for the second write. Repeatable.",
)
@click.option(
    "--fault-seed", "seed", default=0, show_default=True, help="What the faults that strike a share are drawn from."
)
@click.option("-v", "--verbose", is_flag=True, help="Log every request to stderr.")
def emulator(
    host: str, port: int, database: str, quirks: dict[str, str], faults: "list[Fault]", seed: int, verbose: bool
) -> None:
    """Run a local Commet API.

    It accepts every key that starts with ck_ or rk_ and prints its URL once it accepts connections. Point any Commet
    SDK, or commetctl itself, at that URL.
    """
    from commetctl.core.text import printable
    from commetctl.emulator import EmulatorError, create_app, with_faults
    from commetctl.emulator.server import base_url, is_loopback, start

    try:
        app = create_app(database, quirks=quirks)
        server = start(with_faults(app, faults, seed) if faults else app, host, port, verbose=verbose)
    except EmulatorError as error:
        click.echo(printable(f"error: {error}"), err=True)
        sys.exit(exits.FAILED)
    if not is_loopback(server):
        click.echo(f"warning: {host} is reachable from other machines, and every API key is accepted", err=True)
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    with closing(app), server:
        click.echo(base_url(server))
        server.serve_forever()


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(exits.INTERRUPTED if number == signal.SIGINT else exits.DONE)
