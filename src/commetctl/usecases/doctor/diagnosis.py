"""The diagnosis: everything that a plan and an apply need, checked in the order in which they need it."""

import os
from collections.abc import Iterator
from pathlib import Path

from commetctl.api.access import checked_key, checked_url
from commetctl.catalog import Catalog, load
from commetctl.core.contract import CONTRACTS, DEFAULT_VERSION
from commetctl.core.errors import CommetctlError
from commetctl.core.permissions import Mode
from commetctl.core.text import counted
from commetctl.review.lint import lint
from commetctl.usecases.account import Account
from commetctl.usecases.doctor.check import Check, Status, failed, ok, skipped, warning
from commetctl.usecases.doctor.lists import Lists
from commetctl.usecases.doctor.machine import machine, proxy

_LISTS = "`commetctl validate` lists them"


def diagnose(file: Path, api_version: str | None, account: Account, journals: Path, key_from: str) -> Iterator[Check]:
    """All checks, by GET requests only. `key_from` is the variable that holds the key, empty for a key file."""
    yield from machine(journals, os.environ)
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
        yield skipped("account", "was not looked at, because of what failed above")
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
        yield proxy(url)
    except CommetctlError as error:
        yield failed("address", error)
    try:
        mode = Mode(None, checked_key(account.key))
        word = "it does not say its mode" if mode.proven is None else f"{mode.word} by its name"
        where = f" in {key_from}" if key_from else ""
        yield ok("key", f"is there{where}, and looks like one of Commet: {word}")
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
