"""`commetctl help`: the help of a command, and topics that concern several commands."""

import textwrap
from collections.abc import Callable, Mapping
from typing import Any

import click

from commetctl.cli import options
from commetctl.cli.declaring import SHOW, Page, command, option
from commetctl.cli.report import Result, reporting
from commetctl.core import exits


def _words(context: click.Context, _parameter: click.Parameter, begun: str) -> list[Any]:
    from click.shell_completion import CompletionItem

    from commetctl.cli import COMMANDS

    known = [] if context.params.get("words") else [*COMMANDS, *_TEXTS]
    return [CompletionItem(word) for word in known if word.startswith(begun)]


PAGE = Page(
    exits=(exits.DONE,),
    examples={
        "commetctl help plan": "the same as `commetctl plan --help`",
        "commetctl help exit-codes": "a topic; `commetctl help` lists them",
        "commetctl help commands --format json": "every command, for programs",
        "commetctl help --man plan | man -l -": "as a manual page",
    },
)


@command(PAGE)
@click.argument("words", nargs=-1, metavar="[COMMAND|TOPIC]", shell_complete=_words)
@option(SHOW, "--man", is_flag=True, help="Print the manual page of COMMAND, for `man -l -`.")
@options.output_format()
@reporting("help")
def help(words: tuple[str, ...], *, man: bool) -> Result:  # noqa: A001  (what everybody types)
    """Show the help of a command, or a topic.

    The whole help of a command is what its `--help` prints; `-h` prints the most used part.
    """
    if len(words) == 1 and words[0] in _TEXTS and not man:
        text = _TEXTS[words[0]]()
        return Result(text, _described(()) if words[0] == _ALL else {"topic": {"name": words[0], "text": text}})
    context = _context(words)
    if man:
        from commetctl.cli.man import man_page

        return Result(man_page(context), _described(words))
    return Result(context.get_help(), _described(words))


def _context(words: tuple[str, ...]) -> click.Context:
    """The context of the command that these words call; raises UsageError where there is none."""
    context = click.get_current_context().find_root()
    for word in words:
        group = context.command
        found = group.get_command(context, word) if isinstance(group, click.Group) else None
        if found is None:
            known = "`commetctl help` lists both"
            raise click.UsageError(f"`{' '.join(words)}` is neither a command nor a topic; {known}")
        context = click.Context(found, context, info_name=word)
    return context


def _described(words: tuple[str, ...]) -> dict[str, Any]:
    """The content of the JSON document, which imports every command; without words, and only where it is asked for."""
    if click.get_current_context().params.get("output_format") != "json":
        return {}
    from commetctl.cli.describing import described

    return {"commands": described([_context(words)])}


def _addresses() -> str:
    from commetctl.reference.kinds import kinds

    return _table({kind.address: f"such as {kind.example}" for kind in kinds() if kind.address})


def _codes() -> str:
    from commetctl.cli.present import style
    from commetctl.reference.codes import themes
    from commetctl.reference.explained import codes_text

    return codes_text(themes(), style(None))


def _commands() -> str:
    from commetctl.cli.declaring import page_of, path_of, said
    from commetctl.cli.describing import runnable

    found = [*runnable(click.get_current_context().find_root())]
    return _table({path_of(each).partition(" ")[2]: said(page_of(each.command).does) for each in found})


def _environment() -> str:
    from commetctl.core.environment import VARIABLES

    return _table(VARIABLES)


def _exits() -> str:
    return _table({str(code): text for code, text in exits.EXITS.items()})


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


#: The topic that is all commands.
_ALL = "commands"
#: The text of each topic; the list of them is in `commetctl.cli`.
_TEXTS: Mapping[str, Callable[[], str]] = {
    "addresses": _addresses,
    "codes": _codes,
    _ALL: _commands,
    "environment": _environment,
    "exit-codes": _exits,
    "skill": _skill,
}
