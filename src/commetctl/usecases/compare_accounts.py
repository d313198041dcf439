"""Organizations as catalogs: what the account of an environment has, to be compared with another one or with a file."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from commetctl.api.access import same_place
from commetctl.catalog import Catalog
from commetctl.catalog.assembly import assemble
from commetctl.catalog.source import FileSource
from commetctl.cli import environments
from commetctl.cli.pull import account_for_new
from commetctl.cli.session import Account
from commetctl.core.changeset import Notice
from commetctl.core.errors import CommetctlError, Refused
from commetctl.core.permissions import Mode
from commetctl.core.resource import UNKNOWN, Resource, ResourceSet
from commetctl.kinds.section import Live
from commetctl.usecases.pull import declaring

#: What a source that is an account begins with.
ENV = "env:"


@dataclass(frozen=True)
class Organization:
    """What an account has, as a catalog that declares it; `unknown` are the fields that Commet does not reveal."""

    account: Account
    catalog: Catalog
    mode: Mode
    unknown: dict[tuple[str, str], Resource]
    notices: tuple[Notice, ...]

    @property
    def title(self) -> str:
        """`env:sandbox (sandbox, https://commet.co)`"""
        return f"{self.catalog.file} ({self.account.titled(self.mode)})"


def account_of(source: str, *, local: bool, **effort: Any) -> Account:
    """The account of `env:NAME`; raises CommetctlError for an environment that the catalog here does not know."""
    name = source.removeprefix(ENV)
    if not environments.NAME.fullmatch(name):
        hint = f"write `{ENV}` and the name of an environment, such as `{ENV}sandbox`"
        raise CommetctlError(f"`{source}` names no environment", hint, code="bad_source")
    if environments.DEFAULT_FILE.exists():
        # A name that is misspelt would be looked at with the key for everything.
        FileSource(environments.DEFAULT_FILE).overlay(name)
    url = environments.variable("COMMET_API_URL", name)[0] or environments.DEFAULT_URL
    return Account(url, None, environments.database_of(name) if local else None, name, **effort)


def organization(account: Account, api_version: str | None) -> Organization:
    """What the account has; performs GETs only.

    Raises Refused where it is not of the mode that the overlay of its environment says.
    """
    name = f"{ENV}{account.environment}"
    catalog, live, _ = account_for_new(name, api_version, account)
    mode = Mode(live.livemode, account.key, None if account.local else _declared_mode(account.environment))
    if mode.declared and mode.proven is not None and mode.declared != mode.word:
        message = f"the overlay of `{account.environment}` says `mode: {mode.declared}`, and this organization is "
        raise Refused(f"{message}{mode.word}", "check the key: " + _keys(account), code="wrong_mode")
    try:
        declared, notices = declaring(catalog, live, proven=mode.proven)
    except Refused as error:
        raise Refused(f"{name}: {error.message}", "put it right in the dashboard", code=error.code) from None
    notices = tuple(replace(notice, message=_uncompared(name, notice.message), hint="") for notice in notices)
    return Organization(account, declared, mode, dict(_unknown(live)), tuple(notices))


def told_apart(before: Account, after: Account) -> None:
    """Raise CommetctlError where two environments are the same account: that they do not differ would prove nothing."""
    if before.local:
        same = before.local == after.local
    else:
        same = before.key == after.key and same_place(before.api_url) == same_place(after.api_url)
    if same:
        names = [environments.variables("COMMET_API_KEY", account.environment)[0] for account in (before, after)]
        one = before.environment == after.environment
        raise CommetctlError(
            f"`{ENV}{before.environment}` and `{ENV}{after.environment}` are the same account",
            "name two environments" if one else f"give each a key of its own: {' and '.join(names)}",
            code="same_account",
        )


def evened(before: Organization, after: Organization) -> tuple[Catalog, Catalog, list[Notice]]:
    """Both catalogs, with what one of them does not know as the other has it, and a notice of each such field."""
    old, new = dict(before.catalog.desired), dict(after.catalog.desired)
    notices = []
    for (address, name), resource in {**before.unknown, **after.unknown}.items():
        found = resource.address
        unknown_to = [o.catalog.file for o in (before, after) if (address, name) in o.unknown]
        notices.append(
            Notice(
                "not_compared",
                f"`{name}` is not known of {' and of '.join(unknown_to)}, so it is not compared",
                "Commet does not reveal it: apply a catalog that declares it there, and commetctl remembers it",
                found,
            )
        )
        if found not in old or found not in new:
            continue
        knowing = new if (address, name) in before.unknown else old
        value = knowing[found].fields[name]
        for side in (old, new):
            side[found] = replace(side[found], fields={**side[found].fields, name: value})
    return (
        replace(before.catalog, desired=ResourceSet(old.values())),
        replace(after.catalog, desired=ResourceSet(new.values())),
        notices,
    )


def _uncompared(name: str, message: str) -> str:
    """What a pull has to say of an account, without what it does in the file."""
    return f"{name}: {message.partition('; ')[0]}, which no catalog can say, so it is not compared"


def _unknown(live: Live) -> Iterator[tuple[tuple[str, str], Resource]]:
    for resource in live.resources.values():
        for name, value in resource.fields.items():
            if value is UNKNOWN:
                yield (str(resource.address), name), resource


def _declared_mode(environment: str) -> str | None:
    """The mode that the catalog here says an environment has; None where it says nothing."""
    if not environments.DEFAULT_FILE.exists():
        return None
    data = assemble(FileSource(Path(environments.DEFAULT_FILE)), environment).document.data
    mode = data.get("mode") if isinstance(data, dict) else None
    return mode if mode in ("sandbox", "live") else None


def _keys(account: Account) -> str:
    return " or ".join(environments.variables("COMMET_API_KEY", account.environment))
