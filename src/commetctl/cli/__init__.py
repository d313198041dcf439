"""The command line: which commands exist, loaded only when one of them runs."""

import sys
from importlib import import_module
from itertools import pairwise
from typing import Any

import click

from commetctl.cli import streams
from commetctl.core.exits import INTERRUPTED, USAGE

#: What each command does; the module `commetctl.cli.<command>` holds the command under the same name.
COMMANDS = {
    "init": "Make a pricing repository: a catalog, its schema, a workflow.",
    "validate": "Check the catalog without a key and without network.",
    "plan": "Show what `apply` would do; reads only.",
    "apply": "Make Commet as the catalog says, and prove it.",
    "pull": "Write what Commet has into the catalog.",
    "fmt": "Put the catalog into order and form, comments kept.",
    "preview": "Write the catalog, or what changes, as a pricing page in HTML.",
    "diff": "Show what changes between two catalogs, offline, or two organizations.",
    "doctor": "Look at all that a plan needs here, and say what stands in its way.",
    "drift": "Show what was changed in Commet since the catalog was applied last.",
    "show": "Show what the account has, or what a saved plan would do; reads only.",
    "history": "Show what was applied from here, when, and by which saved plan.",
    "explain": "Say what a kind of object, a field or a code is, and what a change means.",
    "schema": "Print the JSON Schema of the catalog file, for editors.",
    "packs": "Use what the catalog declares: buy a credit pack.",
    "emulator": "Run a local Commet API.",
    "completion": "Print the script that makes a shell complete commands and addresses.",
    "help": "Say what a command takes, or what there is to know about a topic.",
}
#: What other tools call a command; spelling alone leads elsewhere, or nowhere.
_ELSEWHERE = {"lint": "validate", "check": "validate"}


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is called, so `--help` stays instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command: Any = getattr(import_module(f"commetctl.cli.{cmd_name}"), cmd_name)
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of that name; raises UsageError, with the nearest name, where there is none."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from commetctl.core.text import nearest

            near = _ELSEWHERE.get(args[0]) or nearest(args[0], COMMANDS)
            ctx.fail(f"No such command {args[0]!r}." + (f" Did you mean {near}?" if near else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda *given: _version(given[0], given[2]),
    help="Show the versions that a report of a bug needs, and exit.",
)
def group() -> None:
    """Pricing as code for Commet: plans, prices, features and credit packs in a reviewed, versioned file."""


def _version(context: click.Context, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    from commetctl.usecases.doctor.check import versions

    found = versions()
    click.echo(f"commetctl, version {found.pop('commetctl')}")
    for name, version in found.items():
        click.echo(f"{name} {version}")
    context.exit()


def _wrong_usage(error: click.ClickException) -> int:
    """Report wrong usage, as a JSON document where one was asked for; the exit code.

    It quotes what was given, which may be a key in the wrong place.
    """
    from commetctl.cli.options import without_risky_names
    from commetctl.core.secrets import without_secrets
    from commetctl.core.text import json_text

    message, context = without_secrets(without_risky_names(error).format_message()), getattr(error, "ctx", None)
    words = sys.argv
    if "--format=json" in words or ("--format", "json") in pairwise(words):
        from commetctl.render.json_output import envelope

        diagnostic = {"severity": "error", "code": "usage", "message": message, "hint": ""}
        click.echo(json_text(envelope(_command(context), USAGE, [diagnostic]), indent=2))
    else:
        _tell_usage(message, context)
    return USAGE


def _tell_usage(message: str, context: click.Context | None) -> None:
    """Tell an error in the words of click, laid out as every other one, and how the command is used."""
    from commetctl.cli.present import style
    from commetctl.cli.telling import labelled

    asked = [word == "--color" for word in sys.argv if word in ("--color", "--no-color")]
    here = style(asked[-1] if asked else None, sys.stderr)
    # A list of choices comes in lines, with tabs.
    text = " ".join(message.split()).removesuffix(".") or "wrong usage"
    lines = list(labelled("error", text[:1].lower() + text[1:], here))
    if context is not None:
        usage = " ".join(context.command.get_usage(context).split()).removeprefix("Usage: ")
        lines += labelled("hint", f"usage: {usage}; more: `{context.command_path} --help`", here)
    for line in lines:
        click.echo(line, err=True, color=here.color or None)


def _command(context: click.Context | None) -> str:
    """The command that a context belongs to, as the document calls it: `plan`, `packs purchase`."""
    names: list[str] = []
    while context and context.parent:
        names.insert(0, context.info_name or "")
        context = context.parent
    return " ".join(names)


def main() -> None:
    """The `commetctl` command. Wrong usage exits with 64: click's own 2 would look like pending changes."""
    streams.prepare()
    try:
        status = _status()
        sys.stdout.flush()
    except OSError as error:
        # Of help, versions, wrong usage and the emulator: the other commands report what they cannot write.
        status = streams.unwritable(error)
    sys.exit(status)


def _status() -> int | None:
    """Run the command of the command line; its exit code."""
    try:
        # The completion scripts of shells use one name, however commetctl was started.
        status: int | None = group.main(standalone_mode=False, complete_var="_COMMETCTL_COMPLETE")
    except click.ClickException as error:
        return _wrong_usage(error)
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    return status
