"""The page of the command line, made of the commands themselves."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import click
from pagetext import code, made_from, paragraphs, prose, wrapped

from commetctl.cli import group
from commetctl.core.environment import VARIABLES
from commetctl.core.exits import EXITS

_HEAD = """\
# Command line reference

Every command with its arguments and options, as `--help` prints them. How the commands behave is in
[the command line](../cli.md). `-h` and `--help` work on every command."""
#: What click keeps as it is written, down to the next empty line.
_AS_WRITTEN = "\b"


def page() -> str:
    """The page for the commands as they are."""
    found = list(_commands(click.Context(group, info_name="commetctl", **group.context_settings)))
    parts = [_HEAD, "".join(map(_entry, found))]
    for context in found:
        parts += _command(context)
    parts += ["## Exit codes", _table("code", "meaning", {str(number): text for number, text in EXITS.items()})]
    parts += ["## Environment variables", "Options come before variables."]
    parts += ["".join(f"- {code(name)}: {prose(text)}\n" for name, text in VARIABLES.items())]
    return paragraphs([*parts, made_from("src/commetctl/cli")])


def _commands(context: click.Context) -> Iterator[click.Context]:
    """A command and those below it, in the order of `--help`."""
    yield context
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            below = context.command.get_command(context, name)
            assert below is not None
            yield from _commands(click.Context(below, context, info_name=name))


def _path(context: click.Context) -> str:
    above = f"{_path(context.parent)} " if context.parent else ""
    return f"{above}{context.info_name}"


def _entry(context: click.Context) -> str:
    path = _path(context)
    return f"- [`{path}`](#{path.replace(' ', '-')}): {prose(context.command.get_short_help_str(limit=200))}\n"


def _command(context: click.Context) -> Iterator[str]:
    command, path = context.command, _path(context)
    yield f"## {path}"
    yield f"```text\n{' '.join([path, *command.collect_usage_pieces(context)])}\n```"
    yield from _help(command)
    # Without that of `--help`, which is everywhere.
    options = [option for option in command.params if isinstance(option, click.Option) and not option.hidden]
    arguments = [item for item in command.params if isinstance(item, click.Argument) and _allowed(item.type)]
    if arguments:
        yield "Arguments:"
        yield "".join(f"- {code(item.make_metavar(context))}: {_allowed(item.type)}\n" for item in arguments)
    if options:
        yield "Options:"
        yield "".join(_option(option, context) for option in options)


def _help(command: click.Command) -> Iterator[str]:
    for part in inspect.cleandoc(command.help or "").split("\n\n"):
        if part.startswith(_AS_WRITTEN):
            yield "```text\n" + part.removeprefix(_AS_WRITTEN).strip("\n") + "\n```"
        else:
            yield wrapped(prose(" ".join(part.split())))


def _option(option: click.Option, context: click.Context) -> str:
    *names, last = (*option.opts, *option.secondary_opts)
    head = ", ".join(map(code, [*names, f"{last} {_metavar(option, context)}".strip()]))
    said = [_sentence(re.sub(r"\s*\[env: [^\]]*\]", "", option.help or ""))]
    said += [f"{_allowed(option.type).capitalize()}."] if _allowed(option.type) else []
    said += [f"Default: {_default(option, context)}."] if _default(option, context) else []
    said += [f"Environment: {code(_variable(option))}."] if _variable(option) else []
    return f"- {head}: {' '.join(filter(None, said))}\n"


def _metavar(option: click.Option, context: click.Context) -> str:
    match option.type:
        case _ if option.is_flag:
            return ""
        case click.Choice():
            return option.metavar or "WORD"
        case click.IntRange() | click.FloatRange():
            return option.metavar or "N"
        case _:
            return option.make_metavar(context)


def _sentence(text: str) -> str:
    text = prose(text.strip())
    return text if not text or text.endswith(".") else f"{text}."


def _allowed(kind: Any) -> str:
    match kind:
        case click.Choice():
            return "one of " + ", ".join(code(str(choice)) for choice in kind.choices)
        case click.IntRange() | click.FloatRange():
            return f"from {kind.min:g} to {kind.max:g}"
        case _:
            return ""


def _default(option: click.Option, context: click.Context) -> str:
    if isinstance(option.show_default, str):
        return code(option.show_default)
    found = option.get_default(context, call=False)
    if not option.show_default or found is None or callable(found):
        return ""
    if option.is_flag:
        return code((option.opts if found else option.secondary_opts)[0])
    return code(f"{found:g}" if isinstance(found, float) else str(found))


def _variable(option: click.Option) -> str:
    if isinstance(option.envvar, str):
        return option.envvar
    said = re.search(r"\[env: ([A-Z_]+)", option.help or "")
    return said[1] if said else ""


def _table(one: str, other: str, rows: dict[str, str]) -> str:
    return f"| {one} | {other} |\n|---|---|\n" + "".join(f"| {name} | {text} |\n" for name, text in rows.items())
