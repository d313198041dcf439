"""Two accounts compared: what each of them has, as the catalog that declares it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from commetctl.api.destinations import same_place
from commetctl.catalog import Catalog
from commetctl.catalog.assembly import assemble
from commetctl.catalog.source import FileSource
from commetctl.core.changeset import Notice
from commetctl.core.environment import ENV, variables
from commetctl.core.errors import CommetctlError, Refused
from commetctl.core.policy import Mode
from commetctl.core.resource import UNKNOWN, Resource, ResourceSet
from commetctl.kinds.sides import Live
from commetctl.review.heading import Heading
from commetctl.usecases.account import Account
from commetctl.usecases.compare import Comparison, compared
from commetctl.usecases.pull import declaring
from commetctl.usecases.pull.prepare import read_new

_KEY = "COMMET_API_KEY"


@dataclass(frozen=True)
class _Side:
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


def compare_accounts(before: Account, after: Account, api_version: str | None, file: Path) -> Comparison:
    """Compare what two environments have, as they are; `file` is the catalog here, for its overlays.

    Raises CommetctlError where both are the same account, and Refused where one has another mode than its overlay says.
    """
    _told_apart(before, after)
    one, other = (_side(account, api_version, file) for account in (before, after))
    old, new, notices = _evened(one, other)
    # An object that one account lacks is a difference, and no object is unmanaged.
    review = compared(old, new, prune=True)
    changeset = replace(review.changeset, notices=(*one.notices, *other.notices, *notices, *review.changeset.notices))
    heading = Heading(f"{one.title} → {other.title}", version=new.contract.version)
    same = "both accounts have the same" + (", as far as they can be compared" if changeset.notices else "")
    review = replace(review, changeset=changeset, heading=heading, same=same)
    return Comparison(one.catalog.file, other.catalog.file, new, review, of_files=False)


def _side(account: Account, api_version: str | None, file: Path) -> _Side:
    """What an account has; performs GETs only."""
    name = f"{ENV}{account.environment}"
    catalog, live, _ = read_new(name, api_version, account)
    mode = Mode(live.livemode, account.key, None if account.local else _declared_mode(file, account.environment))
    if mode.declared and mode.proven is not None and mode.declared != mode.word:
        message = f"the overlay of `{account.environment}` declares `mode: {mode.declared}`, but this account is "
        raise Refused(
            f"{message}{mode.word}",
            "check the key: " + " or ".join(variables(_KEY, account.environment)),
            code="wrong_mode",
        )
    try:
        declared, notices = declaring(catalog, live, proven=mode.proven)
    except Refused as error:
        raise Refused(f"{name}: {error.message}", "correct it in the dashboard", code=error.code) from None
    notices = tuple(replace(notice, message=_uncompared(name, notice.message), hint="") for notice in notices)
    return _Side(account, declared, mode, dict(_unknown(live)), tuple(notices))


def _told_apart(before: Account, after: Account) -> None:
    """Raise CommetctlError where two environments are the same account: the comparison would prove nothing."""
    if before.local:
        same = before.local == after.local
    else:
        same = before.key == after.key and same_place(before.api_url) == same_place(after.api_url)
    if same:
        names = [variables(_KEY, account.environment)[0] for account in (before, after)]
        one = before.environment == after.environment
        raise CommetctlError(
            f"`{ENV}{before.environment}` and `{ENV}{after.environment}` are the same account",
            "name two environments" if one else f"give each its own key: {' and '.join(names)}",
            code="same_account",
        )


def _evened(before: _Side, after: _Side) -> tuple[Catalog, Catalog, list[Notice]]:
    """Both catalogs, with fields that one side does not reveal set as on the other, and a notice for each."""
    old, new = dict(before.catalog.desired), dict(after.catalog.desired)
    notices = []
    for (address, name), resource in {**before.unknown, **after.unknown}.items():
        found = resource.address
        unknown_to = [o.catalog.file for o in (before, after) if (address, name) in o.unknown]
        notices.append(
            Notice(
                "not_compared",
                f"`{name}` is not known for {' and for '.join(unknown_to)}, so it is not compared",
                "Commet does not return it: apply a catalog that declares it there, and commetctl keeps a record of it",
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
    """The notice of a pull, without its half about the file."""
    return f"{name}: {message.partition('; ')[0]}, which no catalog can declare, so it is not compared"


def _unknown(live: Live) -> Iterator[tuple[tuple[str, str], Resource]]:
    for resource in live.resources.values():
        for name, value in resource.fields.items():
            if value is UNKNOWN:
                yield (str(resource.address), name), resource


def _declared_mode(file: Path, environment: str) -> str | None:
    """The mode of an environment in the catalog here; None where none is set."""
    if not file.exists():
        return None
    data = assemble(FileSource(file), environment).document.data
    mode = data.get("mode") if isinstance(data, dict) else None
    return mode if mode in ("sandbox", "live") else None
