"""Reporting: the one place where the result of a command is printed, and where every error becomes an exit code."""

import errno
import functools
import os
import re
import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commetctl.cli.streams import unwritable
from commetctl.core import exits

if TYPE_CHECKING:
    from commetctl.core.errors import CommetctlError, Problem
    from commetctl.reading import Reading

_SILENCE = "to allow one where it is meant: `# commetctl: ignore=CODE reason` at the end of its line"


@dataclass
class Result:
    """The result of a command, before it is printed: the text for people, and the content of the JSON document.

    `errors`, `warnings` and `findings`, which are the warnings about the catalog, go to stderr, after the text; in JSON
    they are diagnostics.
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

    The function is called with every option but `output_format`, `quiet` and `summary`, which are for printing alone.
    One that `talks` while it works gets `silent`, which says whether it must not. `dry_run` is the command that it is
    with `--dry-run`. `untouched` is what a question that is left with Ctrl-C means.
    """

    def decorate(function: Callable[..., Result]) -> Callable[..., None]:
        @functools.wraps(function)
        def callback(
            *, output_format: str = "text", quiet: bool = False, summary: Path | None = None, **options: Any
        ) -> None:
            if talks:
                options["silent"] = quiet or output_format != "text"
            # Without this, click takes the colours out again wherever the output is not a terminal.
            click.get_current_context().color = options.get("color")
            result = _guarded(function, options, untouched)
            name = dry_run if options.get("dry_run") and dry_run else command
            if summary:
                _summarize(summary, name, result)
            try:
                _print(name, result, output_format, quiet=quiet)
                sys.stdout.flush()
            except OSError as error:
                status = unwritable(error)
                with suppress(OSError):
                    # What went wrong is known nowhere else.
                    _print_text(Result(errors=result.errors), quiet=True)
                sys.exit(status)
            sys.exit(result.exit_code)

        return callback

    return decorate


def _guarded(function: Callable[..., Result], options: dict[str, Any], untouched: str) -> Result:
    try:
        return function(**options)
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


def without_secrets(text: str) -> str:
    """Text without what looks like a key of Commet or like the user and password of an address."""
    return re.sub(r"\b(ck|rk)_[!-~]{4,}|(?<=://)[^/\s@]+(?=@)", "[removed]", text)


def _print(command: str, result: Result, output_format: str, *, quiet: bool) -> None:
    if output_format == "json":
        _print_json(command, result)
    elif output_format == "text":
        _print_text(result, quiet=quiet)
    else:
        from commetctl.cli.formats import rendered

        if page := rendered(output_format, command, result):
            click.echo(page, nl=not page.endswith("\n"))
        if output_format != "github":
            # The page may go to a file: what went wrong is said here too.
            _print_text(replace(result, text=""), quiet=quiet)


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


def _print_text(result: Result, *, quiet: bool) -> None:
    from commetctl.core.text import printable

    if result.text and not quiet:
        click.echo(result.whole_text)
        if result.findings or result.warnings:
            click.echo(err=True)
    lines = [] if quiet else _finding_lines(result.findings)
    warnings = [] if quiet else result.warnings
    lines += [line for warning in warnings for line in error_lines(warning, "warning")]
    lines += [line for error in result.errors for line in error_lines(error, "error")]
    for line in lines:
        click.echo(printable(line), err=True)


def _finding_lines(findings: list["Problem"]) -> list[str]:
    from commetctl.core.text import counted
    from commetctl.render.terminal import finding_lines

    if not findings:
        return []
    count = f"warning: {counted(len(findings), 'warning')} about the catalog"
    return [*finding_lines(findings, "warning"), count, f"hint: {_SILENCE}"]


def error_lines(error: "CommetctlError", severity: str = "error") -> list[str]:
    """An error in lines: what is wrong, what to do about it, and what support asks for."""
    from commetctl.core.errors import ApiError, InvalidCatalog

    if isinstance(error, InvalidCatalog):
        from commetctl.render.terminal import finding_lines, problem_lines
        from commetctl.review.lint import Unclean

        if isinstance(error, Unclean):
            return [*finding_lines(error.problems, severity), f"{severity}: {error.message}", f"hint: {error.hint}"]
        return [*problem_lines(error), f"{severity}: {error.message}"]
    about = f"{error.address}: " if error.address else ""
    lines = [f"{severity}: {about}{error.message}"]
    if error.hint:
        lines.append(f"hint: {error.hint}")
    if isinstance(error, ApiError):
        found = {"request id": error.request_id, "see": error.doc_url}
        lines += [f"{name}: {value}" for name, value in found.items() if value]
    return lines


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
