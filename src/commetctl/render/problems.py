"""Problems of a catalog for people: each with its place, the line it is in, and the value underlined."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from commetctl.core.errors import Problem
from commetctl.core.resource import Origin
from commetctl.core.secrets import may_hold_secret
from commetctl.core.text import counted, printable
from commetctl.render.excerpt import Excerpt
from commetctl.render.terminal import Style, columns

#: How many problems are shown, unless all of them are asked for.
MOST = 20
#: Columns of a line of the file at most, however wide the terminal is.
WIDEST = 200
#: A hint that says no more than the fix has at most as many words besides it.
_FEW_WORDS = 3


def problem_lines(problems: Sequence[Problem], severity: str, style: Style, *, every: bool = False) -> Iterator[str]:
    """Problems with an excerpt of the file, the first few unless `every` one is wanted, and how many there are.

    `severity` is `error` or `warning`.
    """
    shown = problems if every else problems[:MOST]
    digits = max((len(str(found.origin.line)) for found in shown if found.origin), default=1)
    for problem in shown:
        yield from _block(problem, severity, style, max(digits, 2))
        yield ""
    if left := len(problems) - len(shown):
        yield f"… and {left} more; all of them: --all"
    if problems:
        yield from _closing(problems, severity, style)


def concise_lines(problems: Sequence[Problem], severity: str) -> Iterator[str]:
    """A line for each problem: `file:line:column: message [code]`, and for warnings `warning:` before the message."""
    for problem in problems:
        place = f"{problem.origin}: " if problem.origin else ""
        word = "" if severity == "error" else f"{severity}: "
        line = printable(f"{place}{word}{problem.message} [{problem.code}]")
        # A line that begins with `::` is a command to GitHub's runner, and files are named by whoever writes a catalog.
        yield re.sub("^:(?=:)", r"\\x3a", line)


def _block(problem: Problem, severity: str, style: Style, digits: int) -> Iterator[str]:
    head = f"{severity}[{problem.code}]:"
    first, *rest = style.wrapped(f"{head} {problem.message}", 0)
    yield first.replace(head, style.paint(severity, head), 1)
    yield from rest
    if problem.origin:
        yield from _place(problem.origin, problem.path, style, digits)
    shown = list(_excerpt(problem.origin, severity, style, digits, problem.fix)) if problem.origin else []
    yield from shown
    if problem.hint and not (shown and problem.fix and _says_no_more(problem.hint, problem.fix)):
        yield from _hint(problem.hint, style)


def _hint(hint: str, style: Style) -> Iterator[str]:
    first, *rest = style.wrapped(f"hint: {hint}", 2)
    yield first.replace("hint:", style.paint("hint", "hint:"), 1)
    yield from rest


def _says_no_more(hint: str, fix: str) -> bool:
    """Whether a hint only says to write the fix: `did you mean `prices`?`"""
    before, quoted, after = hint.partition(f"`{fix}`")
    return bool(quoted) and len(before.split()) <= _FEW_WORDS and not after.strip("?. ")


def _place(origin: Origin, path: str, style: Style, digits: int) -> Iterator[str]:
    arrow, place, path = f"{' ' * digits}-->", printable(str(origin)), printable(path)
    line = f"{arrow} {place}"
    if path and columns(f"{line}   {path}") <= style.width:
        line, path = f"{line}   {path}", ""
    yield line.replace("-->", style.paint("dim", "-->"), 1)
    if path:
        yield from _broken(path, " " * (digits + 4), style.width)


def _broken(path: str, pad: str, width: int) -> Iterator[str]:
    """A path in as many lines as it needs, broken before its points."""
    line = pad
    for part in re.split(r"(?=\.)", path):
        if line != pad and columns(line + part) > width:
            yield line
            line = pad
        line += part
    yield line


def _excerpt(origin: Origin, severity: str, style: Style, digits: int, fix: str) -> Iterator[str]:
    """The line of a place with the value underlined; nothing where it is not known, or may hold a secret."""
    line = origin.lines.line(origin.line) if origin.lines else ""
    if not line.strip() or may_hold_secret(line):
        return
    number, bar = f"{origin.line:>{digits}} ", f"{' ' * digits} |"
    excerpt = Excerpt.of(line, origin, min(style.width, WIDEST) - digits - 3, fix)
    marks = style.paint(severity, f"{'^' * excerpt.width} {excerpt.fix}".rstrip())
    yield style.paint("dim", bar)
    yield f"{style.paint('dim', f'{number}|')} {excerpt.text}".rstrip()
    yield f"{style.paint('dim', bar)} {' ' * excerpt.before}{marks}"
    if fix and not excerpt.fix:
        yield f"{style.paint('dim', bar)} {style.paint(severity, printable(fix))}"


def _closing(problems: Sequence[Problem], severity: str, style: Style) -> Iterator[str]:
    """How many there are and where, and how to have one explained."""
    noun = "problem" if severity == "error" else "warning"
    files = Counter(found.origin.file for found in problems if found.origin)
    if len(files) == 1:
        said = f"{counted(len(problems), noun)} in {next(iter(files))}"
    else:
        parts = ", ".join(f"{count} in {file}" for file, count in files.items())
        said = f"{counted(len(problems), noun)}{f': {parts}' if parts else ''}"
    explain = f"explain one: commetctl explain {problems[0].code}"
    if columns(f"{printable(said)}; {explain}") <= style.width:
        yield printable(f"{said}; {explain}")
    else:
        yield from style.wrapped(said, 0)
        yield explain
