"""`commetctl doctor`: what is wrong with the setup here?"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from commetctl.cli import environments, options
from commetctl.cli.declaring import OF_ACCOUNT, READS, Page, command
from commetctl.cli.report import Result, reporting

if TYPE_CHECKING:
    from commetctl.render.terminal import Style
    from commetctl.usecases.doctor.check import Check

#: A doctor reports failures that may pass, instead of waiting for them to pass.
_RETRIES, _MAX_WAIT = 1, 5.0
_SIGNS = {"ok": "ok", "warning": "~", "failed": "failed", "skipped": "bold"}
_SEVERITIES = {"warning": "warning", "failed": "error"}


PAGE = Page(
    READS,
    OF_ACCOUNT,
    {
        "commetctl doctor": "check the catalog, the key and the account here",
        "commetctl doctor --env production": "check what an environment needs",
    },
)


@command(PAGE)
@options.catalog_file
@options.target
@options.output_format()
@options.color
@reporting("doctor")
def doctor(file: Path, api_version: str | None, color: bool | None, **rest: Any) -> Result:
    """Check everything that a plan needs, and say what is wrong.

    It only reads. The exit code is that of the first thing that is wrong.
    """
    from commetctl.cli.present import style
    from commetctl.cli.session import Session
    from commetctl.core.environment import variable
    from commetctl.usecases.doctor.check import versions, worst
    from commetctl.usecases.doctor.diagnosis import diagnose

    session = Session(**rest, retries=_RETRIES, max_wait=_MAX_WAIT, silent=True)
    key_from = "" if session.api_key_file else variable("COMMET_API_KEY", session.environment)[1]
    found = list(diagnose(file, api_version, session, environments.place(environments.DEFAULT_JOURNALS), key_from))
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
