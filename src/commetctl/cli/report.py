"""Reporting: the one place where the result of a command is printed, and where every error becomes an exit code."""

import errno
import functools
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commetctl.cli.streams import forced_color, unwritable
from commetctl.core import exits

if TYPE_CHECKING:
    from commetctl.core.errors import CommetctlError, Problem
    from commetctl.reading import Reading


@dataclass
class Result:
    """The result of a command, before it is printed: the text for people, and the content of the JSON document.

    A value of the content may be a function, which is called if the document is asked for. `errors`, `warnings` and
    `findings`, which are the warnings about the catalog, go to stderr, after the text; in JSON they are diagnostics.
    """

    text: str = ""
    content: dict[str, Any] = field(default_factory=dict)
    exit_code: int = exits.DONE
    errors: list["CommetctlError"] = field(default_factory=list)
    warnings: list["CommetctlError"] = field(default_factory=list)
    findings: list["Problem"] = field(default_factory=list)
    diagnostics: list[dict[str, Any]] = field(default_factory=list)
    #: What `apply` would refuse; the text says it itself, every other format adds it to the warnings.
    refused: list["CommetctlError"] = field(default_factory=list)
    #: What formats other than text and JSON are made of.
    reading: "Reading | None" = None
    #: Whether what is scheduled comes in place of what is to be done now.
    timeline: bool = False
    #: A page in HTML, where it is not made of a reading.
    page: str = ""
    #: What to do next, in lines that text, Markdown and the log of GitHub end with.
    closing: list[str] = field(default_factory=list)

    @property
    def whole_text(self) -> str:
        """The text with what to do next."""
        from commetctl.core.text import printable

        return "\n".join([self.text, *([""] if self.closing else []), *map(printable, self.closing)])


def reporting(
    command: str, *, talks: bool = False, dry_run: str = "", untouched: str = ""
) -> Callable[[Callable[..., Result]], Callable[..., None]]:
    """Turn a function that returns a Result into a click callback that prints it and exits.

    The function is called with every option but `output_format`, `quiet`, `every` and `summary`, which are for printing
    alone. One that `talks` while it works gets `silent`, which says whether it must not. `dry_run` is the command that
    it is with `--dry-run`. `untouched` is what a question that is left with Ctrl-C means.
    """

    def decorate(function: Callable[..., Result]) -> Callable[..., None]:
        @functools.wraps(function)
        def callback(
            *,
            output_format: str = "text",
            quiet: bool = False,
            every: bool = False,
            summary: Path | None = None,
            **options: Any,
        ) -> None:
            if talks:
                options["silent"] = quiet or output_format != "text"
            # Without this, click takes the colours out again wherever the output is not a terminal.
            asked = options.get("color")
            click.get_current_context().color = forced_color() if asked is None else asked
            result = _guarded(function, options, untouched, document=output_format == "json")
            name = dry_run if options.get("dry_run") and dry_run else command
            if summary:
                _summarize(summary, name, result)
            sys.exit(_written(name, result, output_format, quiet=quiet, every=every))

        return callback

    return decorate


def _written(command: str, result: Result, output_format: str, *, quiet: bool, every: bool) -> int:
    """Print a result; its exit code, or that of output that cannot be written."""
    try:
        _print(command, result, output_format, quiet=quiet, every=every)
        sys.stdout.flush()
    except OSError as error:
        status = unwritable(error)
        with suppress(OSError):
            # What went wrong is known nowhere else.
            _print_text(Result(errors=result.errors), quiet=True)
        return status
    return result.exit_code


def _guarded(function: Callable[..., Result], options: dict[str, Any], untouched: str, *, document: bool) -> Result:
    try:
        result = function(**options)
        if document:
            result.content = {key: value() if callable(value) else value for key, value in result.content.items()}
        return result
    except click.Abort:
        return _interrupted(f"interrupted; {untouched}" if untouched else "interrupted")
    except KeyboardInterrupt:
        # Where it comes from anywhere but a question, what was done is not known here.
        return _interrupted("interrupted", "run it again to go on" if untouched else "")
    except (click.ClickException, BrokenPipeError):
        # The reader of what the command was showing has gone: it ends without a word, as other programs do.
        raise
    except Exception as error:
        from commetctl.core.errors import CommetctlError

        if isinstance(error, CommetctlError):
            return Result(exit_code=error.exit_code, errors=[error])
        if isinstance(error, OSError):
            failure = _error(f"reading or writing failed: {error.strerror}", "", "io")
            return Result(exit_code=exits.FAILED, errors=[failure])
        return Result(exit_code=exits.BUG, errors=[bug(error)])


def _interrupted(message: str, hint: str = "") -> Result:
    if sys.stderr and sys.stderr.isatty():
        # The terminal shows ^C, and leaves the cursor behind it.
        click.echo(err=True)
    return Result(exit_code=exits.INTERRUPTED, errors=[_error(message, hint, "interrupted")])


def _error(message: str, hint: str, code: str) -> "CommetctlError":
    from commetctl.core.errors import CommetctlError

    return CommetctlError(message, hint, code=code)


def bug(error: Exception) -> "CommetctlError":
    """A bug: one sentence for the user, the traceback, without the values of variables and without keys, in a file."""
    import tempfile
    import traceback

    from commetctl.core.secrets import without_secrets
    from commetctl.core.text import printable

    message = f"this is a bug in commetctl: {type(error).__name__}"
    # The message of an exception may quote anything, half of a character included.
    lines = "".join(traceback.format_exception(error)).split("\n")
    text = "\n".join(printable(without_secrets(line)) for line in lines)
    try:
        descriptor, name = tempfile.mkstemp(prefix="commetctl-", suffix=".log")
        with os.fdopen(descriptor, "w", encoding="utf-8") as log:
            log.write(text)
    except OSError as trouble:
        return _error(message, f"please report it; its traceback could not be kept: {trouble.strerror}", "bug")
    return _error(message, f"please report it with {name}; it holds no key", "bug")


def _print(command: str, result: Result, output_format: str, *, quiet: bool, every: bool) -> None:
    if output_format == "json":
        _print_json(command, result)
        return
    if output_format == "concise":
        from commetctl.cli.telling import concise

        lines, result = concise(result)
        click.echo("\n".join(lines), nl=bool(lines))
    elif output_format != "text":
        from commetctl.cli.formats import rendered

        if page := rendered(output_format, command, result):
            click.echo(page, nl=not page.endswith("\n"))
        if output_format == "github":
            return
        # The page may go to a file: what went wrong is said here too.
        result = replace(result, text="", warnings=[*result.warnings, *result.refused])
    _print_text(result, quiet=quiet, every=every)


def _summarize(file: Path, command: str, result: Result) -> None:
    """Add the result to a file as Markdown, whole where there is room; where that fails, the result has failed."""
    from commetctl.cli.formats import rendered
    from commetctl.render.markdown import LEAST, LONGEST_SUMMARY

    try:
        with file.open("a", encoding="utf-8") as opened:
            room = LONGEST_SUMMARY - os.fstat(opened.fileno()).st_size
            if room < LEAST:
                raise OSError(errno.EFBIG, "it has no room left; GitHub takes 1 MiB for the summary of a step")
            opened.write(f"{rendered('markdown', command, result, room)}\n")
    except OSError as error:
        failure = _error(f"{file} cannot be written: {error.strerror}", "", "out_unwritable")
        result.exit_code, result.errors = exits.FAILED, [*result.errors, failure]


def _print_text(result: Result, *, quiet: bool, every: bool = False) -> None:
    from commetctl.cli.present import style
    from commetctl.cli.telling import told

    if result.text and not quiet:
        click.echo(result.whole_text)
        if result.findings or result.warnings:
            click.echo(err=True)
    if result.findings or result.warnings or result.errors:
        here = style(click.get_current_context().color, sys.stderr)
        for line in told(result, here, quiet=quiet, every=every):
            click.echo(line, err=True)


def _print_json(command: str, result: Result) -> None:
    from commetctl.core.errors import InvalidCatalog
    from commetctl.core.text import json_text
    from commetctl.render.json_output import diagnostics_of, envelope

    warned = [
        item | {"severity": "warning"}
        for warning in [*result.warnings, *result.refused]
        for item in diagnostics_of(warning)
    ]
    failed = [item for error in result.errors for item in diagnostics_of(error)]
    found = [item | {"severity": "warning"} for item in diagnostics_of(InvalidCatalog("", result.findings))]
    diagnostics = [*result.diagnostics, *found, *warned, *failed]
    document = envelope(command, result.exit_code, diagnostics, **result.content)
    click.echo(json_text(document, indent=2))
