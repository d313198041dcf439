"""The diagnosis: everything that a plan and an apply need, checked in the order in which they need it."""

import os
import shutil
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from commetctl.api.destinations import checked_key, checked_url, is_loopback
from commetctl.apply.journal import Journals
from commetctl.catalog import Catalog, load
from commetctl.core.contract import CONTRACTS, DEFAULT_VERSION
from commetctl.core.errors import CommetctlError
from commetctl.core.policy import Mode
from commetctl.core.text import counted
from commetctl.review.lint import lint
from commetctl.usecases.account import Account
from commetctl.usecases.doctor.check import LIBRARIES, Check, Status, failed, ok, skipped, versions, warning
from commetctl.usecases.doctor.lists import Lists

#: The variable that each CI system sets, and the name of the system.
_CI = {"GITHUB_ACTIONS": "GitHub Actions", "GITLAB_CI": "GitLab CI", "CI": "a CI system"}
_LISTS = "`commetctl validate` lists them"


def diagnose(file: Path, api_version: str | None, account: Account, journals: Path, key_from: str) -> Iterator[Check]:
    """All checks, by GET requests only. `key_from` is the variable that holds the key, empty for a key file."""
    yield from _machine(journals, os.environ)
    catalog = None
    try:
        catalog = load(file, api_version, account.environment)
        warnings = len(lint(catalog))
        if warnings:
            yield warning("catalog", f"{catalog.title} is valid, with {counted(warnings, 'warning')}", _LISTS)
        else:
            yield ok("catalog", f"{catalog.title} is valid")
    except CommetctlError as error:
        yield failed("catalog", error, _LISTS)
    before = list(_access(account, key_from))
    yield from before
    if any(check.status is Status.FAILED for check in before):
        yield skipped("account", "was not checked, because of the failure above")
    else:
        yield from _account(catalog, api_version, account)


def _access(account: Account, key_from: str) -> Iterator[Check]:
    """Where the account is, and the key to it."""
    if account.local:
        yield ok("key", "none is needed with --local")
        return
    try:
        url = checked_url(account.api_url)
        yield ok("address", url)
        yield _proxy(url)
    except CommetctlError as error:
        yield failed("address", error)
    try:
        mode = Mode(None, checked_key(account.key))
        word = "its prefix does not show its mode" if mode.proven is None else f"{mode.word} by its prefix"
        where = f" in {key_from}" if key_from else ""
        yield ok("key", f"found{where}, and looks like a Commet key: {word}")
    except CommetctlError as error:
        yield failed("key", error)


def _account(catalog: Catalog | None, api_version: str | None, account: Account) -> Iterator[Check]:
    contract = catalog.contract if catalog else CONTRACTS[api_version or DEFAULT_VERSION]
    sections, declared = (catalog.sections, catalog.mode) if catalog else ((), None)
    try:
        with account.client(contract) as client:
            yield from Lists(client, sections, declared, account.key, bool(account.local)).checks()
    except CommetctlError as error:
        yield failed("commet", error)


def _machine(journals: Path, environment: Mapping[str, str]) -> Iterator[Check]:
    """The checks of the installed programs, and of the journals of earlier runs."""
    found = versions()
    yield ok("commetctl", f"{found['commetctl']} on Python {found['python']}, {found['platform']}")
    yield ok("libraries", ", ".join(f"{name} {found[name]}" for name in LIBRARIES))
    yield _git(environment)
    yield _ci(environment)
    yield from _journals(journals)


def _git(environment: Mapping[str, str]) -> Check:
    if not shutil.which("git", path=environment.get("PATH")):
        return warning("git", "is not installed", "sources that begin with `git:`, as in `--base git:main`, require it")
    folder = Path.cwd()
    held = any((path / ".git").exists() for path in (folder, *folder.parents))
    return ok("git", f"installed; this folder is in {'a' if held else 'no'} repository")


def _ci(environment: Mapping[str, str]) -> Check:
    found = next((name for variable, name in _CI.items() if environment.get(variable, "") not in ("", "false")), None)
    return ok("ci", f"runs in {found}" if found else "none")


def _journals(folder: Path) -> Iterator[Check]:
    nearest = next((path for path in (folder, *folder.absolute().parents) if path.exists()), Path("/"))
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        reason = "is not a folder" if not nearest.is_dir() else "is not writable"
        hint = "make it writable, or choose another with `apply --journal`"
        yield failed("journals", CommetctlError(f"{nearest} {reason}, and nothing is applied without a journal", hint))
        return
    died = [past for past in Journals(folder).runs() if past.interrupted]
    if died:
        began = f"{died[-1].started:%Y-%m-%d %H:%M:%S} UTC"
        message = (
            f"{folder} has {counted(len(died), 'run')} that did not end or is still in progress; the last began {began}"
        )
        yield warning("journals", message, "run the same `apply` again: it finishes the run")
    else:
        yield ok("journals", f"{folder} is writable, and every run in it ended")


def _proxy(url: str) -> Check:
    """The proxy to an address, by its host alone: its user part may hold a password."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    found = urllib.request.getproxies()
    via = found.get(parts.scheme) or found.get("all") or ""
    if is_loopback(host):
        return ok("proxy", "none: requests to this machine never go through a proxy")
    if not via:
        return ok("proxy", "none is set")
    try:
        named = urlsplit(via if "://" in via else f"//{via}")
        where = f"{named.hostname}:{named.port}" if named.port else named.hostname
    except ValueError:
        where = None
    if not where:
        return warning(
            "proxy", "the environment contains an address that is not valid", "check HTTPS_PROXY and ALL_PROXY"
        )
    if urllib.request.proxy_bypass(host):
        return ok("proxy", f"{where} is set, but NO_PROXY excludes {host}")
    return ok("proxy", f"{host} is reached through {where}")
