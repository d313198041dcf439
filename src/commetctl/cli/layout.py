"""The page of `--help`, and its short form `-h`: a sentence, examples, options in groups, exit codes, docs."""

import sys
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import click

from commetctl.cli import declaring
from commetctl.cli.declaring import Page
from commetctl.core import exits

#: How wide a page may be, in columns, and how wide the left part of a list.
_WIDEST, _LEFT, _LEFT_OF_EXAMPLES = 100, 28, 54
#: How many groups of options the short form has.
_FIRST = 2
#: The page that has every command, in the source and in the site.
REFERENCE = "docs/reference/cli.md"
#: The exit codes in a word or two.
_WORDS = {
    exits.DONE: "done",
    exits.FAILED: "failed",
    exits.PENDING: "changes pending",
    exits.INVALID: "invalid catalog",
    exits.REFUSED: "refused",
    exits.PARTLY: "partly applied",
    exits.NOT_PERMITTED: "no access",
}


def json_asked() -> bool:
    """Whether the command line asks for JSON, also where it cannot be parsed."""
    words = sys.argv
    return "--format=json" in words or ("--format", "json") in pairwise(words)


def _print_page(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    if json_asked():
        from commetctl.cli.describing import document

        click.echo(document([context]))
    else:
        click.echo(page_text(context, short=parameter.name == "short_help"))
    context.exit()


def _print_page_alone() -> None:
    context = click.get_current_context()
    if context.invoked_subcommand is None:
        click.echo(page_text(context))


def _only_with_help(_context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value == "json":
        raise click.UsageError("this command writes JSON only with `--help`")


def _flag(name: str, parameter: str, text: str) -> click.Option:
    return click.Option(
        [name, parameter], is_flag=True, is_eager=True, expose_value=False, callback=_print_page, help=text
    )


class Formatter(click.HelpFormatter):
    """A formatter that breaks no word at a hyphen: an option or a name is to be copied."""

    _NEVER_BROKEN = "\u2011"

    def write_text(self, text: str) -> None:
        """A paragraph."""
        super().write_text(text.replace("-", self._NEVER_BROKEN))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = _LEFT, col_spacing: int = 2) -> None:
        """A list of names, each with a text."""
        found = [(name, text.replace("-", self._NEVER_BROKEN)) for name, text in rows]
        super().write_dl(found, col_max, col_spacing)

    def getvalue(self) -> str:
        """What was written."""
        return super().getvalue().replace(self._NEVER_BROKEN, "-")


class Paged(click.Command):
    """A command whose help is its page: `--help` prints all of it, `-h` the most used part."""

    def __init__(self, *args: Any, page: Page | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.page = page or Page()
        self._help = _flag("--help", "help", "Show this page, and exit.")
        self._short = _flag("-h", "short_help", "Show the short form of this page, and exit.")
        kind = click.Choice(["text", "json"])
        self._format = click.Option(
            ["--format", "help_format"], type=kind, hidden=True, expose_value=False, callback=_only_with_help
        )

    def get_help_option(self, _ctx: click.Context) -> click.Option:
        """The option `--help`."""
        return self._help

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """All parameters, with those of help; `--help --format json` works on every command."""
        own = any("--format" in item.opts for item in self.params)
        return [*super().get_params(ctx), self._short, *(() if own else (self._format,))]

    def get_help(self, ctx: click.Context) -> str:
        """The whole page."""
        return page_text(ctx)


class Command(Paged):
    """A command with a page."""


class Group(Paged, click.Group):
    """A group of commands, which prints its page when none of them is named."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more, invoke_without_command=True)
        self.callback = _print_page_alone

    def sections(self) -> dict[str, dict[str, str]]:
        """The commands by group, each with its sentence."""
        return {"Commands": {name: declaring.sentence(found) for name, found in self.commands.items()}}

    def topics(self) -> dict[str, str]:
        """The topics of `commetctl help`, each with what it is about."""
        return {}


def page_text(context: click.Context, *, short: bool = False) -> str:
    """The page of a command, whole or in short."""
    command, path = context.command, declaring.path_of(context)
    first, *rest = declaring.paragraphs(command)
    formatter = Formatter(max_width=_WIDEST)
    formatter.write_text(first)
    formatter.write_paragraph()
    formatter.write_usage(path, " ".join(command.collect_usage_pieces(context)))
    examples = declaring.page_of(command).examples
    if examples:
        with formatter.section("Examples"):
            formatter.write_dl([*examples.items()], col_max=_LEFT_OF_EXAMPLES)
    for part in () if short else rest:
        formatter.write_paragraph()
        formatter.write_text(part)
    sections = command.sections() if isinstance(command, Group) else {}
    for title, commands in sections.items():
        _list(formatter, title, commands.items())
    _options(context, formatter, short=short)
    if not short:
        _list(formatter, "Topics", command.topics().items() if isinstance(command, Group) else ())
    formatter.write_paragraph()
    for line in _last(context, path, short=short):
        formatter.write_text(line)
    return formatter.getvalue().rstrip("\n")


def _list(formatter: click.HelpFormatter, title: str, rows: Iterable[tuple[str, str]]) -> None:
    if found := [*rows]:
        with formatter.section(title):
            formatter.write_dl(found, col_max=_LEFT)


def _options(context: click.Context, formatter: click.HelpFormatter, *, short: bool) -> None:
    groups = declaring.grouped(context.command)
    first = [*groups][:_FIRST]
    for title, items in groups.items():
        if not short or title in first:
            _list(formatter, title, [_row(item, context) for item in items])


def _row(item: click.Option, context: click.Context) -> tuple[str, str]:
    """An option and what it does."""
    slash = "/" if item.secondary_opts else ", "
    head = f"{slash.join(declaring.names(item))} {declaring.metavar(item)}".rstrip()
    default, variables = declaring.default(item, context), declaring.variables(item)
    more = [f"one of: {', '.join(declaring.choices(item))}"] if item.metavar and declaring.choices(item) else []
    more += [f"default: {default}"] if default else []
    more += [f"env: {variables}"] if variables else []
    more += ["may be repeated"] if item.multiple else []
    return head, f"{item.help or ''}  [{'; '.join(more)}]" if more else item.help or ""


def _last(context: click.Context, path: str, *, short: bool) -> list[str]:
    """Exit codes, and where there is more."""
    if short:
        return [f"All of it: {path} --help"]
    command = context.command
    if isinstance(command, click.Group):
        return [f"The options of a command: {path} COMMAND -h, in short, or --help", f"Docs: {REFERENCE}"]
    codes = ", ".join(f"{code} {_WORDS[code]}" for code in sorted(declaring.page_of(command).exits))
    anchor = path.replace(" ", "-")
    return [f"Exit codes: {codes}", f"Docs: {REFERENCE}#{anchor}, commetctl help exit-codes"]
