"""`commetctl doctor`: what stands in the way here?"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commetctl.cli import environments, options
from commetctl.cli.report import reporting
from commetctl.cli.result import Result

if TYPE_CHECKING:
    from commetctl.catalog import Catalog
    from commetctl.cli.session import Account as Session
    from commetctl.render.style import Style
    from commetctl.usecases.doctor import Check

#: A doctor does not outlast bad moments, but tells of them.
_RETRIES, _MAX_WAIT = 1, 5.0
_SIGNS = {"ok": "ok", "warning": "~", "failed": "failed", "skipped": "bold"}


@click.command()
@options.catalog_file()
@options.target()
@options.color()
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to write the result.",
)
@reporting("doctor")
def doctor(file: Path, api_version: str | None, color: bool | None, **account: Any) -> Result:
    """Look at everything that a plan and an apply need, and say what stands in their way: reads only.

    Exits with 0, or as the first thing that failed would make a run exit.
    """
    from commetctl.cli.present import style
    from commetctl.usecases.doctor import Status
    from commetctl.usecases.doctor.check import worst
    from commetctl.usecases.doctor.versions import versions

    found = list(_checks(file, api_version, account))
    content = {"doctor": {"versions": versions(), "checks": [_document(check) for check in found]}}
    severities = {Status.WARNING: "warning", Status.FAILED: "error"}
    diagnostics = [
        {
            "severity": severities[item.status],
            "code": "doctor",
            "message": f"{item.name}: {item.message}",
            "hint": item.hint,
        }
        for item in found
        if item.status in severities
    ]
    return Result(_text(found, style(color)), content, worst(found), diagnostics=diagnostics)


def _checks(file: Path, api_version: str | None, target: dict[str, Any]) -> Iterator["Check"]:
    import os

    from commetctl.catalog import load
    from commetctl.core.errors import CommetctlError
    from commetctl.core.text import counted
    from commetctl.review.lint import lint
    from commetctl.usecases.doctor.check import failed, ok, warning
    from commetctl.usecases.doctor.machine import machine

    yield from machine(options.DEFAULT_JOURNALS, os.environ)
    catalog = None
    try:
        catalog = load(file, api_version, target["environment"])
        warnings = len(lint(catalog))
        if warnings:
            message = f"{catalog.title} is valid, with {counted(warnings, 'warning')}"
            yield warning("catalog", message, "`commetctl validate` lists them")
        else:
            yield ok("catalog", f"{catalog.title} is valid")
    except CommetctlError as error:
        yield failed("catalog", error, "`commetctl validate` lists them")
    yield from _account(catalog, api_version, target)


def _account(catalog: "Catalog | None", api_version: str | None, target: dict[str, Any]) -> Iterator["Check"]:
    from commetctl.cli.session import Account as Session
    from commetctl.core.contract import CONTRACTS, DEFAULT_VERSION
    from commetctl.core.errors import CommetctlError
    from commetctl.usecases.doctor import Status
    from commetctl.usecases.doctor.account import Account
    from commetctl.usecases.doctor.check import failed, skipped

    session = Session(**target, retries=_RETRIES, max_wait=_MAX_WAIT, silent=True)
    before = list(_way(session))
    yield from before
    if any(check.status is Status.FAILED for check in before):
        yield skipped("account", "was not looked at, because of what failed above")
        return
    contract = catalog.contract if catalog else CONTRACTS[api_version or DEFAULT_VERSION]
    sections, declared = (catalog.sections, catalog.mode) if catalog else ((), None)
    try:
        with session.client(contract) as client:
            yield from Account(client, sections, declared, session.key, bool(session.local)).checks()
    except CommetctlError as error:
        yield failed("commet", error)


def _way(session: "Session") -> Iterator["Check"]:
    """Where the account is, and what opens it."""
    from commetctl.api.access import checked_key, checked_url
    from commetctl.core.errors import CommetctlError
    from commetctl.core.permissions import Mode
    from commetctl.usecases.doctor.check import failed, ok
    from commetctl.usecases.doctor.machine import proxy

    if session.local:
        yield ok("key", "none is needed with --local")
        return
    try:
        url = checked_url(session.api_url)
        yield ok("address", url)
        yield proxy(url)
    except CommetctlError as error:
        yield failed("address", error)
    try:
        mode = Mode(None, checked_key(session.key))
        word = "it does not say its mode" if mode.proven is None else f"{mode.word} by its name"
        where = "" if session.api_key_file else f" in {environments.variable('COMMET_API_KEY', session.environment)[1]}"
        yield ok("key", f"is there{where}, and looks like one of Commet: {word}")
    except CommetctlError as error:
        yield failed("key", error)


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
