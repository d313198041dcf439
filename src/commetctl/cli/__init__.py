"""The command line: which commands exist, loaded only when one of them runs."""

from importlib import import_module
from typing import Any

import click

from commetctl import __version__

COMMANDS = {
    "emulator": "run a local Commet API",
}


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is called, so `--help` stays instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: Any = getattr(import_module(f"commetctl.cli.{name}"), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup)
@click.version_option(__version__, prog_name="commetctl")
def main() -> None:
    """Pricing as code for Commet."""
