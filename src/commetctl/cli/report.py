"""Reporting: the one place where a command's result is printed, and where every error becomes an exit code."""

import errno
import functools
import io
import os
import re
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commetctl.cli.result import Result
from commetctl.core import exits

if TYPE_CHECKING:
    from commetctl.core.errors import CommetctlError, Problem

# What to do with a warning that is not one.
_SILENCE = "to allow one where it is meant: `# commetctl: ignore=CODE reason` at the end of its line"


def reporting(command: str, *, talks: bool = False) -> Callable[[Callable[..., Result]], Callable[..., None]]:
    """Turn a function that returns a Result into a click callback that prints it and exits.

    The function is called with every option but `output_format` and `quiet`, which are for printing alone. One that
    `talks` while it works is told by `silent` when it must not.
    """

    def decorate(function: Callable[..., Result]) -> Callable[..., None]:
        @functools.wraps(function)
        def callback(*, output_format: str = "text", quiet: bool = False, **options: Any) -> None:
            if talks:
                options["silent"] = quiet or output_format != "text"
            # Without this, click takes the colours out again wherever the output is not a terminal.
            click.get_current_context().color = options.get("color")
            result = _guarded(function, options)
            try:
                _print(command, result, output_format, quiet=quiet)
                if sys.stdout:
                    sys.stdout.flush()
            except OSError as error:
                sys.exit(_unwritable(error, result))
            sys.exit(result.exit_code)

        return callback

    return decorate


def _guarded(function: Callable[..., Result], options: dict[str, Any]) -> Result:
    try:
        return function(**options)
    except (KeyboardInterrupt, click.Abort):
        return Result(
            exit_code=exits.INTERRUPTED, errors=[_error("interrupted", "run it again to go on", "interrupted")]
        )
    except click.ClickException:
        raise
    except Exception as error:
        from commetctl.core.errors import CommetctlError

        if isinstance(error, CommetctlError):
            return Result(exit_code=error.exit_code, errors=[error])
        if isinstance(error, OSError):
            return Result(
                exit_code=exits.FAILED, errors=[_error(f"reading or writing failed: {error.strerror}", "", "io")]
            )
        return Result(exit_code=exits.BUG, errors=[_bug(error)])


def _error(message: str, hint: str, code: str) -> "CommetctlError":
    from commetctl.core.errors import CommetctlError

    return CommetctlError(message, hint, code=code)


def _bug(error: Exception) -> "CommetctlError":
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


def _unwritable(error: OSError, result: Result) -> int:
    """Say that the result could not be printed, unless nobody listens any more; the exit code."""
    # Or the interpreter tries again at the end, and complains.
    sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    if error.errno != errno.EPIPE:
        click.echo(f"error: the output cannot be written: {error.strerror}", err=True)
    return result.exit_code or exits.FAILED


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
            # Whoever redirects the page to a file still reads what went wrong.
            _print_text(replace(result, text=""), quiet=quiet)


def _print_text(result: Result, *, quiet: bool) -> None:
    from commetctl.core.text import printable

    if result.text and not quiet:
        click.echo(result.text)
    if result.text and (result.findings or result.warnings) and not quiet:
        click.echo(err=True)
    for line in () if quiet else _finding_lines(result.findings):
        click.echo(printable(line), err=True)
    for warning in () if quiet else result.warnings:
        for line in _error_lines(warning, "warning"):
            click.echo(printable(line), err=True)
    for error in result.errors:
        for line in _error_lines(error, "error"):
            click.echo(printable(line), err=True)


def _finding_lines(findings: list["Problem"]) -> list[str]:
    from commetctl.core.text import counted
    from commetctl.render.problems import finding_lines

    if not findings:
        return []
    count = f"warning: {counted(len(findings), 'warning')} about the catalog"
    return [*finding_lines(findings, "warning"), count, f"hint: {_SILENCE}"]


def _error_lines(error: "CommetctlError", severity: str) -> list[str]:
    from commetctl.core.errors import ApiError, InvalidCatalog

    if isinstance(error, InvalidCatalog):
        from commetctl.render.problems import finding_lines, problem_lines
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
    from commetctl.render.document import diagnostics_of, envelope

    warned = [item | {"severity": "warning"} for warning in result.warnings for item in diagnostics_of(warning)]
    failed = [item for error in result.errors for item in diagnostics_of(error)]
    found = [item | {"severity": "warning"} for item in diagnostics_of(InvalidCatalog("", result.findings))]
    diagnostics = [*result.diagnostics, *found, *warned, *failed]
    document = envelope(command, result.exit_code, diagnostics, **result.content)
    click.echo(json_text(document, indent=2))


def usage_error(error: click.ClickException) -> int:
    """Report wrong usage, as a JSON document where one was asked for; the exit code.

    It quotes what was given, which may be a key in the wrong place.
    """
    from commetctl.core.text import json_text, printable

    if "--format=json" in sys.argv or _follows(sys.argv, "--format", "json"):
        from commetctl.render.document import envelope

        message = without_secrets(error.format_message())
        diagnostic = {"severity": "error", "code": "usage", "message": message, "hint": ""}
        command = _command(getattr(error, "ctx", None))
        click.echo(json_text(envelope(command, exits.USAGE, [diagnostic]), indent=2))
    else:
        shown = io.StringIO()
        error.show(shown)
        # A list of choices comes with tabs, which would be written out.
        for line in shown.getvalue().expandtabs(4).splitlines():
            click.echo(printable(without_secrets(line)), err=True)
    return exits.USAGE


def _command(context: click.Context | None) -> str:
    """The command that a context belongs to, as the document calls it: `plan`, `packs purchase`."""
    names: list[str] = []
    while context and context.parent:
        names.insert(0, context.info_name or "")
        context = context.parent
    return " ".join(names)


def _follows(words: list[str], first: str, second: str) -> bool:
    return (first, second) in pairwise(words)
