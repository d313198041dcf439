"""The command line: which commands exist, loaded only when one of them runs."""

import gc
import sys
from importlib import import_module
from typing import Any

import click

from commetctl import __version__
from commetctl.cli import streams
from commetctl.cli.declaring import Page, option
from commetctl.cli.layout import Group, json_asked
from commetctl.core.exits import INTERRUPTED, USAGE

#: The commands in groups, each with the sentence that its help begins with; the module `commetctl.cli.<command>` holds
#: the command under the same name.
GROUPS = {
    "Start": {
        "init": "Make a pricing repository: a catalog, its schema and a workflow.",
        "pull": "Write what Commet has into the catalog.",
        "doctor": "Check everything that a plan needs, and say what is wrong.",
    },
    "Check": {
        "validate": "Check the catalog, without a key and without a network.",
        "fmt": "Format the catalog, and keep its comments.",
        "diff": "Show what changes between two catalogs, or between two accounts.",
        "preview": "Write the catalog as a pricing page, in one HTML file.",
        "explain": "Explain a kind of object, a field or a code.",
    },
    "Change": {
        "plan": "Show what `apply` would do.",
        "apply": "Make Commet match the catalog, and verify it.",
        "rehearse": "Prove on an emulator what dated changes do to bills.",
        "schedule": "Write a dated change.",
        "settle": "Fold changes that are past into the catalog.",
        "drift": "Show what was changed in Commet since the last apply.",
        "packs": "Buy a credit pack that the catalog declares.",
    },
    "Look": {
        "show": "Show what the account has, or what a saved plan would do.",
        "history": "Show what was applied from here, when, and by which saved plan.",
    },
    "More": {
        "emulator": "Run a local Commet API.",
        "schema": "Print the JSON Schema of the catalog, for editors.",
        "completion": "Print or install the script by which a shell completes commands.",
        "help": "Show the help of a command, or a topic.",
    },
}
COMMANDS = {name: text for commands in GROUPS.values() for name, text in commands.items()}
#: The topics of `commetctl help`, each with what it is about; their texts are in `commetctl.cli.help`.
TOPICS = {
    "addresses": "What objects are called, for --target, --replace and --allow-delete.",
    "codes": "The codes of errors, warnings and remarks.",
    "commands": "What each command reads and writes.",
    "environment": "The environment variables that are read.",
    "exit-codes": "What a run exits with.",
    "skill": "How an assistant proposes a change: the text of a skill file.",
}
_EXAMPLES = {
    "commetctl init": "start with a template",
    "commetctl plan --local": "see what would change on the embedded Commet, without an account",
    "commetctl apply --local": "change it there",
}
#: After how many more objects than were freed Python looks for cycles.
_ALLOCATIONS = 200_000
#: What other tools call a command; spelling alone leads elsewhere, or nowhere.
_ELSEWHERE = {"lint": "validate", "check": "validate"}


class LazyGroup(Group):
    """A group that imports a command's module when the command is called, so `--help` stays instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order of use."""
        return list(COMMANDS)

    def sections(self) -> dict[str, dict[str, str]]:
        """The commands by group, without importing any."""
        return GROUPS

    def topics(self) -> dict[str, str]:
        """The topics of `commetctl help`."""
        return TOPICS

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


@click.group(cls=LazyGroup, page=Page(examples=_EXAMPLES), subcommand_metavar="[COMMAND]")
@option(
    "Options",
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda *given: _version(given[0], given[2]),
    help="Show the version; `commetctl doctor` shows those of Python and the libraries too.",
)
def group() -> None:
    """Pricing as code for Commet: plans, prices, features and credit packs in a file that is reviewed and versioned."""


def _version(context: click.Context, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        click.echo(f"commetctl {__version__}")
        context.exit()


def _wrong_usage(error: click.ClickException) -> int:
    """Report wrong usage, as a JSON document where one was asked for; the exit code.

    It quotes what was given, which may be a key in the wrong place.
    """
    from commetctl.cli.suggesting import answered
    from commetctl.core.secrets import without_secrets
    from commetctl.core.text import json_text

    message, context = without_secrets(answered(error).format_message()), getattr(error, "ctx", None)
    if json_asked():
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
    # A command keeps most of what it makes until it ends, and makes few cycles: looking for them as often as Python
    # does by default takes a quarter of the time of reading a large catalog.
    gc.set_threshold(_ALLOCATIONS)
    streams.prepare()
    try:
        status = _status()
        sys.stdout.flush()
    except OSError as error:
        # Of help, versions, wrong usage and the emulator: the other commands report what they cannot write.
        status = streams.unwritable(error)
    # What is left goes with the process. Frozen, it is not searched for cycles once more.
    gc.freeze()
    sys.exit(status)


def _status() -> int | None:
    """Run the command of the command line; its exit code."""
    try:
        # One name, however commetctl was started: the completion scripts of shells use it.
        status: int | None = group.main(
            prog_name="commetctl", standalone_mode=False, complete_var="_COMMETCTL_COMPLETE"
        )
    except click.ClickException as error:
        return _wrong_usage(error)
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    return status
