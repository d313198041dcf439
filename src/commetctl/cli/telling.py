"""Telling: errors and warnings as text; problems of the catalog with their places, other errors with a hint."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from commetctl.core.errors import ApiError, CommetctlError, InvalidCatalog
from commetctl.render.problems import concise_lines, problem_lines
from commetctl.render.terminal import Style

if TYPE_CHECKING:
    from commetctl.cli.report import Result

_SILENCE = "to allow one where it is meant: `# commetctl: ignore=CODE reason` at the end of its line"


def told(result: "Result", style: Style, *, quiet: bool, every: bool) -> Iterator[str]:
    """The lines about the errors and warnings of a result; with `quiet`, errors only, one line for each problem."""
    if result.findings and not quiet:
        yield from problem_lines(result.findings, "warning", style, every=every)
        yield from labelled("hint", _SILENCE, style)
    warnings = () if quiet else result.warnings
    for severity, errors in (("warning", warnings), ("error", result.errors)):
        for _, group in groupby(errors, key=_kind):
            yield from _group(tuple(group), severity, style, quiet=quiet, every=every)


def concise(result: "Result") -> "tuple[list[str], Result]":
    """A line for each problem and warning of the catalog, and the result without them."""
    lines = list(concise_lines(result.findings, "warning"))
    for severity, errors in (("warning", result.warnings), ("error", result.errors)):
        for error in errors:
            lines += concise_lines(error.problems, severity) if isinstance(error, InvalidCatalog) else ()
    warnings, errors = (
        [error for error in errors if not isinstance(error, InvalidCatalog)]
        for errors in (result.warnings, result.errors)
    )
    return lines, replace(result, text="", findings=[], warnings=warnings, errors=errors)


def error_lines(error: CommetctlError, severity: str, style: Style) -> Iterator[str]:
    """An error that is no problem of a catalog: what is wrong, what to do, and what Commet's support asks for."""
    about = f"{error.address}: " if error.address else ""
    yield from labelled(severity, f"{about}{error.message}", style)
    for label, text in more(error).items():
        yield from labelled(label, text, style)


def more(error: CommetctlError) -> dict[str, str]:
    """What is said below an error, each under its label."""
    found = {"hint": error.hint}
    if isinstance(error, ApiError):
        found |= {"request id": error.request_id, "see": error.doc_url}
    return {label: text for label, text in found.items() if text}


def _kind(error: CommetctlError) -> str:
    """Problems of several catalogs are counted together, unless an error says more about them."""
    return "problems" if isinstance(error, InvalidCatalog) and not error.summary else str(id(error))


def _group(errors: Sequence[CommetctlError], severity: str, style: Style, *, quiet: bool, every: bool) -> Iterator[str]:
    problems = [found for error in errors if isinstance(error, InvalidCatalog) for found in error.problems]
    if quiet:
        yield from concise_lines(problems, severity)
    else:
        yield from problem_lines(problems, severity, style, every=every)
    for error in errors:
        if not isinstance(error, InvalidCatalog) or (error.summary and not quiet):
            yield from error_lines(error, severity, style)


def labelled(label: str, text: str, style: Style) -> Iterator[str]:
    """`error: …`, wrapped at words, with the label in its colour."""
    first, *rest = style.wrapped(f"{label}: {text}", 0)
    color = label if label in ("error", "warning", "hint") else "dim"
    yield first.replace(f"{label}:", style.paint(color, f"{label}:"), 1)
    yield from rest
