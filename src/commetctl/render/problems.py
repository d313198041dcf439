"""The problems of a catalog as lines that editors and people can follow to their place."""

from collections.abc import Iterator

from commetctl.errors import InvalidCatalog


def problem_lines(error: InvalidCatalog) -> Iterator[str]:
    """Each problem as `file:line:column: address: what is wrong`, its hint on a line of its own."""
    for problem in error.problems:
        parts = [str(problem.origin) if problem.origin else "", problem.address, problem.message]
        yield ": ".join(part for part in parts if part)
        if problem.hint:
            yield f"  hint: {problem.hint}"
