"""The problems of a catalog as lines that editors and people can follow to their place."""

from collections.abc import Iterable, Iterator

from commetctl.core.errors import InvalidCatalog, Problem


def problem_lines(error: InvalidCatalog) -> Iterator[str]:
    """Each problem as `file:line:column: address: what is wrong`, its hint on a line of its own."""
    for problem in error.problems:
        yield from _lines(problem, "", problem.message)


def finding_lines(findings: Iterable[Problem], severity: str) -> Iterator[str]:
    """Each finding as `file:line:column: warning: address: what is wrong [code]`, its hint on a line of its own."""
    for problem in findings:
        yield from _lines(problem, severity, f"{problem.message} [{problem.code}]")


def _lines(problem: Problem, severity: str, message: str) -> Iterator[str]:
    parts = [str(problem.origin) if problem.origin else "", severity, problem.address, message]
    yield ": ".join(part for part in parts if part)
    if problem.hint:
        yield f"  hint: {problem.hint}"
