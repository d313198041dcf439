"""Formats: a command's result as Markdown, HTML, annotations or a JUnit report, failures included."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commetctl.cli.result import Result

#: What a command that shows a review can write, beside text and JSON.
REVIEWS = ("markdown", "html", "github", "junit")


def rendered(output_format: str, command: str, result: "Result") -> str:
    """The result in a format of REVIEWS; empty where the format has no word for a failure."""
    match output_format:
        case "markdown":
            return _markdown(result)
        case "html":
            return _html(result)
        case "github":
            return _github(result)
        case _:
            from commetctl.render.junit import junit

            return junit(command, result.review, result.findings, result.warnings, result.errors)


def _markdown(result: "Result") -> str:
    from commetctl.render.markdown import failure_markdown, plan_markdown

    if result.review is None:
        return failure_markdown(result.errors)
    return plan_markdown(result.review, result.findings, [*result.warnings, *result.errors])


def _html(result: "Result") -> str:
    if result.review is None:
        return ""
    from commetctl.render.page import page

    return page(result.review, compare=True)


def _github(result: "Result") -> str:
    from commetctl.render.annotations import annotations, findings, trouble

    lines = [*findings(result.findings), *trouble(result.warnings, "warning"), *trouble(result.errors)]
    if result.review:
        lines += annotations(result.review)
    if result.text:
        # A line that begins with `::`, however far in, is a command to the runner.
        lines.append(re.sub(r"^(\s*):(?=:)", r"\1\\x3a", result.text, flags=re.MULTILINE))
    return "\n".join(lines)
