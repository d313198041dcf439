"""What commands declare, as data for programs: `COMMAND --help --format json`, `commetctl help commands`, man pages."""

from collections.abc import Iterable, Iterator
from typing import Any

import click

from commetctl.cli import declaring
from commetctl.cli.declaring import OF_ALL, RESULTS_SCHEMA


def document(contexts: Iterable[click.Context]) -> str:
    """The JSON document that describes these commands, and those below them."""
    from commetctl.core import exits
    from commetctl.core.text import json_text
    from commetctl.render.json_output import envelope

    return json_text(envelope("help", exits.DONE, [], commands=described(contexts)), indent=2)


def described(contexts: Iterable[click.Context]) -> list[dict[str, Any]]:
    """Each command that can be run, of these and those below them, as data."""
    return [_described(found) for context in contexts for found in runnable(context)]


def runnable(context: click.Context) -> Iterator[click.Context]:
    """A command, or every command of a group, each in its context."""
    command = context.command
    if not isinstance(command, click.Group):
        yield context
        return
    for name in command.list_commands(context):
        if below := command.get_command(context, name):
            yield from runnable(click.Context(below, context, info_name=name))


def _described(context: click.Context) -> dict[str, Any]:
    command, page = context.command, declaring.page_of(context.command)
    first, *rest = declaring.paragraphs(command)
    path = declaring.path_of(context)
    has_format = any("--format" in item.opts for item in command.params)
    return {
        "name": path.partition(" ")[2],
        "usage": " ".join([path, *command.collect_usage_pieces(context)]),
        "about": first,
        "details": [part.strip("\b\n") for part in rest],
        "does": [does.value for does in page.does],
        "arguments": [_argument(item) for item in command.params if isinstance(item, click.Argument)],
        "options": [
            _option(item, group, context) for group, items in declaring.grouped(command).items() for item in items
        ],
        "exit_codes": sorted({*page.exits, *OF_ALL}),
        "examples": [{"command": text, "about": about} for text, about in page.examples.items()],
        "result_schema": RESULTS_SCHEMA if has_format else None,
    }


def _argument(item: click.Argument) -> dict[str, Any]:
    return {
        "name": item.name,
        "shown": declaring.shown(item),
        "required": item.required,
        "repeatable": item.nargs == -1,
        **_type(item),
    }


def _option(item: click.Option, group: str, context: click.Context) -> dict[str, Any]:
    return {
        "names": declaring.names(item),
        "group": group,
        "help": item.help or "",
        "value": declaring.metavar(item) or None,
        **_type(item),
        "default": declaring.default(item, context) or None,
        "env": declaring.variables(item) or None,
        "required": item.required,
        "repeatable": item.multiple,
        "does": [does.value for does in getattr(item, "does", ())],
    }


def _type(item: click.Parameter) -> dict[str, Any]:
    """The type of a value; for a choice, or a number in a range, what is allowed."""
    choices, kind = declaring.choices(item), item.type
    least, most = getattr(kind, "min", None), getattr(kind, "max", None)
    return {
        "type": "choice" if choices else kind.name.removesuffix(" range"),
        **({"choices": choices} if choices else {}),
        **({"least": least, "most": most} if most is not None else {}),
    }
