"""The formats of a result for other programs: Markdown, HTML, and what CI systems read."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commetctl.cli.report import Result

#: The formats of a review, beside text and JSON.
REVIEWS = ("markdown", "html", "github", "junit")


def rendered(output_format: str, command: str, result: "Result", limit: int | None = None) -> str:
    """The result in a format of REVIEWS; empty where the format has no word for a failure. `limit` is for Markdown."""
    troubles = [*result.warnings, *result.refused]
    match output_format:
        case "markdown":
            from commetctl.render.markdown import (
                LIMIT,
                failure_markdown,
                next_markdown,
                plan_markdown,
                timeline_markdown,
            )

            limit = limit or LIMIT
            if result.reading is None:
                return failure_markdown(result.errors, limit)
            closing = next_markdown(result.closing)
            room = limit - len(closing.encode())
            if result.timeline:
                return timeline_markdown(result.reading, result.errors, room) + closing
            return plan_markdown(result.reading, result.findings, [*troubles, *result.errors], room) + closing
        case "html":
            from commetctl.render.page import page

            if result.reading is None:
                return result.page
            return page(result.reading, compare=True, timeline=result.timeline)
        case "github":
            return _github(result)
        case _:
            from commetctl.render.ci import junit

            return junit(command, result.reading, result.findings, troubles, result.errors, result.text)


def _github(result: "Result") -> str:
    from commetctl.render.ci import annotations, findings, trouble

    lines = [*findings(result.findings), *trouble([*result.warnings, *result.refused], "warning")]
    lines += trouble(result.errors)
    if result.reading:
        lines += annotations(result.reading)
    if result.text:
        # A line that begins with `::`, however far in, is a command to the runner.
        lines.append(re.sub(r"^(\s*):(?=:)", r"\1\\x3a", result.whole_text, flags=re.MULTILINE))
    return "\n".join(lines)
