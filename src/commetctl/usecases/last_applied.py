"""The catalog that was applied last: as it was named, as a journal here tells, or the last commit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from commetctl.apply.earlier_runs import EarlierRun
from commetctl.apply.journal import Journals
from commetctl.catalog import Catalog, load, load_from
from commetctl.catalog.git import revisions
from commetctl.catalog.revision import GIT, LAST_COMMIT
from commetctl.core.errors import CommetctlError, InvalidCatalog
from commetctl.planning.reconcile import Options
from commetctl.usecases.account import Account
from commetctl.usecases.plan import config_of

#: How many commits are searched for the catalog of a run.
_COMMITS = 20


@dataclass(frozen=True)
class LastApplied:
    """A catalog, the source that it was read from, and how it is known to be the one that was applied last."""

    catalog: Catalog
    source: str
    known_by: str
    #: The run that applied it, where a journal tells.
    run: EarlierRun | None = None

    def __str__(self) -> str:
        return f"{self.source}, {self.known_by}" if self.known_by else self.source


def last_applied(file: Path, base: str, api_version: str | None, account: Account, journals: Journals) -> LastApplied:
    """The catalog that was applied last to an account; `base` names it, else it is looked for.

    Raises CommetctlError where it is not known, and InvalidCatalog where it is not valid.
    """
    if base:
        return LastApplied(_from(base, file, api_version, account), base, "")
    run = _newest(account, journals)
    for source, catalog in _candidates(file, api_version, account, run.told.as_of or run.started) if run else ():
        if run and run.config in _configs(catalog):
            at = f"{run.started:%Y-%m-%d %H:%M:%S}"
            return LastApplied(catalog, source, f"as run {run.run_id[:8]} applied it on {at} UTC", run)
    try:
        catalog = _from(LAST_COMMIT, file, api_version, account)
    except InvalidCatalog:
        raise
    except CommetctlError as error:
        raise CommetctlError(
            f"which catalog was applied last is not known: no journal here tells, and {error.message}",
            "name it with `--base`: `git:REV`, or a file",
            code="no_base",
        ) from None
    why = (
        "the catalog of the last run here is in none of the latest commits"
        if run
        else "no journal here names a later one"
    )
    return LastApplied(catalog, LAST_COMMIT, f"the last commit; {why}")


def _configs(catalog: Catalog) -> set[str]:
    """What journals call a catalog that was applied whole, or of which what is due was."""
    ways = ((prune, due) for prune in (False, True) for due in (False, True))
    return {config_of(catalog.desired, Options(prune), only_due=due) for prune, due in ways}


def _newest(account: Account, journals: Journals) -> EarlierRun | None:
    """The newest run that applied all that it planned to an account."""
    place, key = account.identity
    done = (run for run in reversed(journals.runs()) if run.did_all)
    mine = (run for run in done if (run.target.get("api_url"), run.target.get("account")) == (place, key))
    return next(mine, None)


def _candidates(
    file: Path, api_version: str | None, account: Account, moment: datetime
) -> Iterator[tuple[str, Catalog]]:
    """The catalog as it is in the folder, and as it was in the latest commits; what is not valid is left out.

    Each is taken as of a moment: what was due then is in it.
    """
    try:
        now = load(file, api_version, account.environment, moment=moment)
        yield now.title, now
    except CommetctlError:
        pass
    for revision in revisions(file, _COMMITS):
        source = f"{GIT}{revision}"
        try:
            yield source, _from(source, file, api_version, account, moment)
        except CommetctlError:
            continue


def _from(
    source: str, file: Path, api_version: str | None, account: Account, moment: datetime | None = None
) -> Catalog:
    return load_from(source, api_version, account.environment, beside=str(file), moment=moment)
