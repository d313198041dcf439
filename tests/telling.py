"""What is said of a problem, and where, whatever the layout: for tests that are about the words and the places."""

from collections.abc import Iterable, Iterator

from commetctl.core.errors import Problem


def as_told(problems: Iterable[Problem]) -> Iterator[str]:
    """Each problem as `file:line:column: address: what is wrong`, its hint on a line of its own."""
    for problem in problems:
        yield ": ".join(filter(None, (str(problem.origin or ""), problem.address, problem.message)))
        if problem.hint:
            yield f"  hint: {problem.hint}"


def warned(findings: Iterable[Problem]) -> Iterator[str]:
    """The same for warnings, with `warning:` and the code."""
    for found in findings:
        parts = (str(found.origin or ""), "warning", found.address, f"{found.message} [{found.code}]")
        yield ": ".join(filter(None, parts))
        if found.hint:
            yield f"  hint: {found.hint}"
