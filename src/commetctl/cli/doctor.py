"""`commetctl doctor`: what stands in the way here?"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commetctl.cli import options
from commetctl.cli.report import Result, reporting

if TYPE_CHECKING:
    from commetctl.render.terminal import Style
    from commetctl.usecases.doctor.check import Check

#: A doctor reports failures that may pass, instead of waiting for them to pass.
_RETRIES, _MAX_WAIT = 1, 5.0
_SIGNS = {"ok": "ok", "warning": "~", "failed": "failed", "skipped": "bold"}
_SEVERITIES = {"warning": "warning", "failed": "error"}


@click.command()
@options.catalog_file
@options.target
@options.color
@options.output_format()
@reporting("doctor")
def doctor(file: Path, api_version: str | None, color: bool | None, **rest: Any) -> Result:
    """Look at everything that a plan and an apply need, and say what stands in their way: reads only.

    Exits with 0, or as the first thing that failed would make a run exit.
    """
    from commetctl.cli.present import style
    from commetctl.cli.session import Session
    from commetctl.core.environment import variable
    from commetctl.usecases.doctor.check import versions, worst
    from commetctl.usecases.doctor.diagnosis import diagnose

    session = Session(**rest, retries=_RETRIES, max_wait=_MAX_WAIT, silent=True)
    key_from = "" if session.api_key_file else variable("COMMET_API_KEY", session.environment)[1]
    found = list(diagnose(file, api_version, session, options.DEFAULT_JOURNALS, key_from))
    content = {"doctor": {"versions": versions(), "checks": [_document(check) for check in found]}}
    diagnostics = [_diagnostic(check) for check in found if check.status.value in _SEVERITIES]
    return Result(_text(found, style(color)), content, worst(found), diagnostics=diagnostics)


def _text(found: list["Check"], style: "Style") -> str:
    from commetctl.core.text import counted

    longest = max(len(check.name) for check in found)
    lines = []
    for check in found:
        word = style.paint(_SIGNS[check.status.value], check.status.value.ljust(7))
        first, *rest = style.wrapped(check.message, 11 + longest)
        lines += [f"{word}  {check.name.ljust(longest)}  {first.strip()}", *rest]
        lines += style.wrapped(f"hint: {check.hint}", 11 + longest) if check.hint else []
    words = [check.status.value for check in found]
    return "\n".join([*lines, "", f"{words.count('failed')} failed, {counted(words.count('warning'), 'warning')}"])


def _document(check: "Check") -> dict[str, Any]:
    return {"name": check.name, "status": check.status.value, "message": check.message, "hint": check.hint}


def _diagnostic(check: "Check") -> dict[str, Any]:
    severity, message = _SEVERITIES[check.status.value], f"{check.name}: {check.message}"
    return {"severity": severity, "code": "doctor", "message": message, "hint": check.hint}
