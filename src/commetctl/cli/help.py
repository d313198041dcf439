"""`commetctl help`: the help of a command, and topics that concern several commands."""

import textwrap
from collections.abc import Callable, Mapping
from typing import Any

import click

from commetctl.cli.report import Result, reporting


def _words(context: click.Context, _parameter: click.Parameter, begun: str) -> list[Any]:
    from click.shell_completion import CompletionItem

    from commetctl.cli import COMMANDS

    known = [] if context.params.get("words") else [*COMMANDS, *_TOPICS]
    return [CompletionItem(word) for word in known if word.startswith(begun)]


@click.command()
@click.argument("words", nargs=-1, metavar="[COMMAND|TOPIC]", shell_complete=_words)
@reporting("help")
def help(words: tuple[str, ...]) -> Result:  # noqa: A001  (what everybody types)
    """Say what COMMAND takes, as its --help does, or what there is to know about TOPIC.

    \b
    addresses    how the objects of a catalog are called, for --target, --replace and --allow-delete
    codes        the codes of errors, warnings and remarks
    environment  the environment variables that are read
    exit-codes   what a run exits with
    skill        how an assistant proposes a change; the text of a skill file
    """
    if len(words) == 1 and words[0] in _TOPICS:
        return Result(_TOPICS[words[0]]())
    context = click.get_current_context().find_root()
    for word in words:
        group = context.command
        command = group.get_command(context, word) if isinstance(group, click.Group) else None
        if command is None:
            known = "`commetctl help` lists the commands, `commetctl help --help` the topics"
            raise click.UsageError(f"`{' '.join(words)}` is neither a command nor a topic; {known}")
        context = click.Context(command, context, info_name=word)
    return Result(context.get_help())


def _addresses() -> str:
    from commetctl.reference.kinds import kinds

    return _table({kind.address: f"such as {kind.example}" for kind in kinds() if kind.address})


def _codes() -> str:
    from commetctl.cli.present import style
    from commetctl.reference.codes import themes
    from commetctl.reference.explained import codes_text

    return codes_text(themes(), style(None))


def _environment() -> str:
    from commetctl.core.environment import VARIABLES

    return _table(VARIABLES)


def _exits() -> str:
    from commetctl.core.exits import EXITS

    return _table({str(code): text for code, text in EXITS.items()})


def _skill() -> str:
    from commetctl.usecases.scaffold import skill

    return skill().rstrip()


def _table(rows: Mapping[str, str]) -> str:
    from commetctl.cli.present import style

    column = max(map(len, rows)) + 2
    lines = []
    for name, text in rows.items():
        first, *more = textwrap.wrap(text, max(style(None).width - column, 20), break_on_hyphens=False)
        lines += [f"{name.ljust(column)}{first}", *(" " * column + line for line in more)]
    return "\n".join(lines)


#: The topics, each by its name.
_TOPICS: Mapping[str, Callable[[], str]] = {
    "addresses": _addresses,
    "codes": _codes,
    "environment": _environment,
    "exit-codes": _exits,
    "skill": _skill,
}
