"""Manual pages, made of what commands declare; in the language of troff, with the macros of man(7)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import click

from commetctl import __version__
from commetctl.cli import declaring
from commetctl.cli.describing import described, runnable
from commetctl.core.environment import VARIABLES
from commetctl.core.exits import EXITS


def man_pages() -> dict[str, str]:
    """Every manual page by the name of its file: `commetctl.1`, `commetctl-plan.1`."""
    from commetctl.cli import group

    root = click.Context(group, info_name="commetctl")
    return {f"{_dashed(context)}.1": man_page(context) for context in (root, *runnable(root))}


def man_page(context: click.Context) -> str:
    """The manual page of a command, or of a group of commands."""
    group = context.command
    lines = _group(context, group) if isinstance(group, click.Group) else _command(context)
    name = _dashed(context)
    head = [f'.TH {_text(name.upper())} 1 "" "commetctl {__version__}" "commetctl"', ".SH NAME"]
    head += [f"{_text(name)} \\- {_text(declaring.sentence(context.command).rstrip('.'))}"]
    return "\n".join([*head, *lines])


def _dashed(context: click.Context) -> str:
    return declaring.path_of(context).replace(" ", "-")


def _group(context: click.Context, group: click.Group) -> Iterator[str]:
    path = declaring.path_of(context)
    yield from (".SH SYNOPSIS", _usage(path, group.collect_usage_pieces(context)))
    yield from _examples(declaring.page_of(group).examples)
    yield ".SH COMMANDS"
    for found in runnable(context):
        yield from _item(f"\\fB{_text(_dashed(found))}\\fP(1)", declaring.sentence(found.command))
    yield from _exits(EXITS)
    yield ".SH ENVIRONMENT"
    for name, text in VARIABLES.items():
        yield from _item(f"\\fB{_text(name)}\\fP", text)


def _command(context: click.Context) -> Iterator[str]:
    (found,) = described([context])
    path = declaring.path_of(context)
    yield from (".SH SYNOPSIS", _usage(path, context.command.collect_usage_pieces(context)), ".SH DESCRIPTION")
    yield _text(found["about"])
    for part in found["details"]:
        yield from (".PP", _text(part))
    yield from (".PP", _text(f"It {declaring.said(declaring.page_of(context.command).does)}."))
    yield from _options(found["options"])
    yield from _exits({code: EXITS[code] for code in found["exit_codes"]})
    yield from _examples({item["command"]: item["about"] for item in found["examples"]})
    yield from (".SH SEE ALSO", "\\fBcommetctl\\fP(1)")


def _options(items: list[dict[str, Any]]) -> Iterator[str]:
    group = ""
    if items:
        yield ".SH OPTIONS"
    for item in items:
        if item["group"] != group:
            group = item["group"]
            yield f".SS {_text(group)}"
        names = ", ".join(f"\\fB{_text(name)}\\fP" for name in item["names"])
        more = [f"Default: {item['default']}."] if item["default"] else []
        more += [f"Environment: {item['env']}."] if item["env"] else []
        more += [f"One of: {', '.join(item['choices'])}."] if "choices" in item else []
        more += ["May be repeated."] if item["repeatable"] else []
        value = f" \\fI{_text(item['value'])}\\fP" if item["value"] else ""
        yield from _item(names + value, " ".join([item["help"], *more]))


def _exits(codes: Mapping[int, str]) -> Iterator[str]:
    yield ".SH EXIT STATUS"
    for code, text in codes.items():
        yield from _item(f"\\fB{code}\\fP", text)


def _examples(examples: Mapping[str, str]) -> Iterator[str]:
    if examples:
        yield ".SH EXAMPLES"
    for command, about in examples.items():
        yield from _item(f"\\fB{_text(command)}\\fP", about)


def _item(head: str, text: str) -> tuple[str, str, str]:
    return ".TP", head, _text(text)


def _usage(path: str, pieces: list[str]) -> str:
    return f"\\fB{_text(path)}\\fP {_text(' '.join(pieces))}"


def _text(text: str) -> str:
    """Text as troff takes it for text: code is bold, and no line is a request."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = re.sub(r"`([^`\n]+)`", r"\\fB\1\\fP", text)
    text = "".join(sign if sign.isascii() else f"\\[u{ord(sign):04X}]" for sign in text)
    return re.sub(r"^(?=[.'])", r"\\&", text, flags=re.MULTILINE)
