"""`commetctl emulator`: a local Commet API on a socket."""

import signal
import sys
from collections import Counter
from contextlib import closing
from datetime import datetime
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import click

from commetctl.cli.dates import Moment
from commetctl.cli.declaring import SHOW, Does, Page, combined, command, option
from commetctl.cli.environments import DEFAULT_DATABASE, place
from commetctl.core import exits

if TYPE_CHECKING:
    from commetctl.emulator import Emulator, Fault


def _database(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str:
    return str(place(DEFAULT_DATABASE)) if value is None else value


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


#: The groups of its options.
_WHERE, _HOW = "Where it runs", "How it behaves"
PAGE = Page(
    (Does.CHANGES_FILE,),
    (exits.DONE, exits.FAILED),
    {
        "commetctl emulator": "run it on port 8377; its state is in .commet/local.db",
        "commetctl emulator --db :memory: --port 0": "keep nothing, on a free port",
        "commetctl emulator --clock 2027-01-01": "move its clock to that day, bill what is due before, and exit",
        "commetctl emulator --fault 503@w2": "answer the second write with 503",
    },
)

#: Where it listens, and keeps its state.
_listening = combined(
    option(_WHERE, "--host", default="127.0.0.1", show_default=True, help="The address to listen on."),
    option(
        _WHERE,
        "--port",
        default=8377,
        show_default=True,
        type=click.IntRange(0, 65535),
        metavar="PORT",
        help="The port to listen on; 0 picks a free one.",
    ),
    option(
        _WHERE,
        "--db",
        "database",
        callback=_database,
        show_default=str(DEFAULT_DATABASE),
        metavar="FILE",
        help="The SQLite file that keeps the state, created when missing; `:memory:` keeps none.",
    ),
)
#: What it does instead of serving.
_moving = option(
    _HOW,
    "--clock",
    "target",
    type=Moment(),
    metavar="TIME",
    help="Move the clock of FILE forward, bill what is due, and exit.",
)
#: What it does otherwise than the real one, or leaves open.
_behaviour = combined(
    option(
        _HOW,
        "--quirk",
        "quirks",
        multiple=True,
        metavar="NAME=VALUE",
        callback=_pairs,
        help="Choose a behaviour that Commet's documentation leaves open.",
    ),
    option(
        _HOW,
        "--fault",
        "faults",
        multiple=True,
        metavar="SPEC",
        callback=_faults,
        help="Make requests fail: KIND[:ARGUMENT][@WHEN], such as 503@w2 for the second write.",
    ),
    option(
        _HOW,
        "--fault-seed",
        "seed",
        default=0,
        show_default=True,
        metavar="N",
        help="The seed for faults that fail a share of the requests.",
    ),
)


@command(PAGE)
@_listening
@_behaviour
@_moving
@option(SHOW, "-v", "--verbose", is_flag=True, help="Log every request to stderr.")
def emulator(
    host: str,
    port: int,
    database: str,
    quirks: dict[str, str],
    faults: "list[Fault]",
    seed: int,
    target: datetime | None,
    verbose: bool,
) -> None:
    """Run a local Commet API.

    It prints its URL once it accepts connections, and accepts every key that begins with ck_ or rk_. Point a Commet SDK
    at that URL, or commetctl with `--api-url`.
    """
    from commetctl.core.text import printable
    from commetctl.emulator import EmulatorError, create_app, with_faults
    from commetctl.emulator.server import base_url, is_loopback, start

    try:
        app = create_app(database, quirks=quirks)
        if target is not None:
            _move(app, database, target)
            return
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


#: What a move of the clock did, in the words for one and for many.
_OUTCOMES = {
    "renewed": ("renewal was billed", "renewals were billed"),
    "trial_ended": ("trial ended", "trials ended"),
    "canceled": ("subscription was canceled", "subscriptions were canceled"),
}


def _move(app: "Emulator", database: str, target: datetime) -> None:
    """Move the clock of an application, say what that did, and close it; EmulatorError when it is past the target."""
    from commetctl.core.text import listed

    with closing(app):
        if database == ":memory:":
            raise click.UsageError("`--clock` moves the clock of a database file: name one with `--db`")
        done = Counter(deadline.outcome for deadline in app.move_clock(target))
    told = [f"{done[name]} {one if done[name] == 1 else many}" for name, (one, many) in _OUTCOMES.items() if done[name]]
    click.echo(f"The clock is at {target:%Y-%m-%d %H:%M} UTC; {listed(told) or 'nothing was due'}.")


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(exits.INTERRUPTED if number == signal.SIGINT else exits.DONE)
