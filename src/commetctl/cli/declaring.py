"""What a command declares: what it does, examples, exit codes, and the group of each option.

Help, the JSON that describes commands, the man pages and the reference are made of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import click

from commetctl.core import exits

Decorator = Callable[[Any], Any]

#: The groups of options, in the order of a page; a command may have groups of its own, which come first.
WHAT, MAY, SHOW, CI, CONNECTION = (
    "What to look at",
    "What may happen",
    "How to show it",
    "For CI",
    "Connection",
)
GROUPS = (WHAT, MAY, SHOW, CI, CONNECTION)


class Does(StrEnum):
    """What a command may do; the value is its word in JSON."""

    #: It reads the catalog, the account, or both.
    READS = "reads"
    #: It writes files: the catalog, or a file that it is asked for. The folder `.commet` is commetctl's own.
    CHANGES_FILE = "changes_file"
    #: It sends requests that write.
    CHANGES_COMMET = "changes_commet"
    #: It may delete objects in Commet.
    DELETES = "deletes"


READS = (Does.READS,)
#: What each of them means.
MEANINGS = {
    Does.READS: "reads the catalog or the account",
    Does.CHANGES_FILE: "writes files",
    Does.CHANGES_COMMET: "changes Commet",
    Does.DELETES: "may delete objects in Commet",
}
#: The exit codes of what reads a catalog, and of what reads an account too.
OF_FILES = (exits.DONE, exits.FAILED, exits.INVALID)
OF_ACCOUNT = (*OF_FILES, exits.REFUSED, exits.NOT_PERMITTED)
#: The exit codes of every command.
OF_ALL = (exits.USAGE, exits.BUG, exits.INTERRUPTED)
#: The command that prints the schema of what `--format json` writes.
RESULTS_SCHEMA = "commetctl schema --results"


@dataclass(frozen=True)
class Page:
    """What a command declares beside its options; each example comes with what it is for."""

    does: Sequence[Does] = ()
    exits: Sequence[int] = (exits.DONE, exits.FAILED)
    examples: Mapping[str, str] = field(default_factory=dict)


class Option(click.Option):
    """An option in a group of the page.

    `also` are names that work and are not shown, `env` the variables that it is read from otherwise, and `does` what a
    command may do with it and not without.
    """

    def __init__(
        self,
        *args: Any,
        group: str = "",
        also: Sequence[str] = (),
        env: str = "",
        does: Sequence[Does] = (),
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.group, self.also, self.env, self.does = group, tuple(also), env, tuple(does)


def combined(*decorators: Decorator) -> Decorator:
    """Several options as one decorator, in this order."""

    def decorate(function: Any) -> Any:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


def option(group: str, *names: str, also: Sequence[str] = (), **more: Any) -> Decorator:
    """The decorator for an option in a group."""
    return click.option(*names, *also, cls=Option, group=group, also=also, **more)


def command(page: Page) -> Callable[[Any], click.Command]:
    """The decorator for a command with its page."""
    from commetctl.cli.layout import Command

    return click.command(cls=Command, page=page)


def page_of(declared: click.Command) -> Page:
    """The page of a command; an empty one where it declares none."""
    found = getattr(declared, "page", None)
    return found if isinstance(found, Page) else Page()


def path_of(context: click.Context) -> str:
    """The words that call a command: `commetctl packs purchase`."""
    above = f"{path_of(context.parent)} " if context.parent else ""
    return f"{above}{context.info_name}"


def said(does: Sequence[Does]) -> str:
    """What a command does, in words."""
    if not does:
        return "reads nothing and writes nothing"
    return ", ".join(MEANINGS[each] for each in does) + (", and writes nothing" if tuple(does) == READS else "")


def sentence(declared: click.Command) -> str:
    """The first paragraph of the help of a command, in one line."""
    return paragraphs(declared)[0]


def paragraphs(declared: click.Command) -> list[str]:
    """The help of a command by paragraphs, each in one line unless it is to stay as it is written (click's `\\b`)."""
    from inspect import cleandoc

    found = cleandoc(declared.help or "").split("\n\n")
    return [part if part.startswith("\b") else " ".join(part.split()) for part in found]


def grouped(declared: click.Command) -> dict[str, list[click.Option]]:
    """The options of a command that are shown, by group, in the order of a page."""
    found: dict[str, list[click.Option]] = {}
    for item in declared.params:
        if isinstance(item, click.Option) and not item.hidden:
            found.setdefault(getattr(item, "group", "") or MAY, []).append(item)
    return dict(sorted(found.items(), key=lambda pair: GROUPS.index(pair[0]) if pair[0] in GROUPS else -1))


def names(item: click.Option) -> list[str]:
    """The names of an option that are shown; those that turn it off come last."""
    return [name for name in (*item.opts, *item.secondary_opts) if name not in getattr(item, "also", ())]


def metavar(item: click.Option) -> str:
    """What stands for the value of an option; empty for a flag."""
    if item.is_flag or item.count or item.metavar:
        return item.metavar or ""
    found = choices(item)
    return f"[{'|'.join(found)}]" if found else item.type.name.upper()


def shown(item: click.Argument) -> str:
    """What stands for an argument."""
    return item.metavar or (item.name or "").upper()


def choices(item: click.Parameter) -> list[str]:
    """The values that an option or argument may have, where they can be listed."""
    return [str(choice) for choice in item.type.choices] if isinstance(item.type, click.Choice) else []


def default(item: click.Option, context: click.Context) -> str:
    """The default of an option as it is shown; empty where none is."""
    if isinstance(item.show_default, str):
        return item.show_default
    found = item.get_default(context, call=False)
    if not item.show_default or found is None or callable(found):
        return ""
    if item.is_flag:
        return (item.opts if found else item.secondary_opts)[0]
    return f"{found:g}" if isinstance(found, float) else str(found)


def variables(item: click.Option) -> str:
    """The environment variables that an option is read from; empty for none."""
    return getattr(item, "env", "") or (item.envvar if isinstance(item.envvar, str) else "")
