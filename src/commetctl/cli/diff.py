"""`commetctl diff`: what changes between two catalogs, offline, or between two organizations?"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from commetctl.cli import environments, options
from commetctl.cli.formats import REVIEWS
from commetctl.cli.report import reporting
from commetctl.cli.result import Result
from commetctl.core import exits

if TYPE_CHECKING:
    from commetctl.catalog import Catalog
    from commetctl.core.errors import Problem
    from commetctl.render.review import Review

# The ENV of cli.organizations, which is not imported here: `--help` must stay instant.
_ENV = "env:"


@click.command()
@click.argument("before", default="", metavar="[BEFORE]")
@click.argument("after", default="", metavar="[AFTER]")
@options.environment()
@options.api_version()
@click.option("--local", is_flag=True, help="Of `env:NAME`, take the embedded Commet instead of the account.")
@options.effort()
@click.option("--prune", is_flag=True, help="As `apply --prune` does: delete what AFTER does not declare any more.")
@options.strict()
@options.exitcode()
@options.color()
@options.verbose()
@options.output(*REVIEWS)
@reporting("diff", talks=True)
def diff(
    before: str,
    after: str,
    *,
    environment: str,
    api_version: str | None,
    local: bool,
    prune: bool,
    strict: bool,
    detailed_exitcode: bool,
    **rest: Any,
) -> Result:
    """Show what applying AFTER would change where BEFORE was applied; needs no key and no network.

    Each is a file, `git:REV:PATH`, `git:REV` for the same path as the other, or /dev/null for nothing at all. A file
    alone is compared with the last commit, a revision alone with the file as it is now.

    Two organizations are compared as they are, by `env:NAME env:NAME`, with the keys of both environments.
    """
    from commetctl.cli.present import reviewed
    from commetctl.render.document import plan_document

    effort = {name: rest.pop(name) for name in ("retries", "max_wait", "silent")}
    sources = (before, after)
    if any(source.startswith(_ENV) for source in sources):
        _check_usage(sources, environment=environment, prune=prune)
        found = _of_organizations(before, after, api_version, local=local, effort=effort)
    elif local:
        raise click.UsageError("`--local` is for organizations: `env:NAME env:NAME`")
    else:
        found = _of_files(before, after, environment, api_version, prune=prune)
    names = {"before": found.before, "after": found.after, "api_version": found.new.contract.version}
    content = {"compared": names, "plan": plan_document(found.review, found.new.desired)}
    changeset = found.review.changeset
    result = reviewed(found.review, content, **rest)
    result.findings = found.findings(strict=strict)
    # What could not be compared is not known to be the same.
    pending = changeset.changes or changeset.blocked or (changeset.notices and not found.written)
    result.exit_code = exits.PENDING if detailed_exitcode and pending else exits.DONE
    return result


@dataclass(frozen=True)
class _Compared:
    """Two sides, what they are called, and what applying the second would change."""

    before: str
    after: str
    new: "Catalog"
    review: "Review"
    #: Whether there are lines that a warning could point to.
    written: bool

    def findings(self, *, strict: bool) -> "list[Problem]":
        """What is probably not meant in the second side."""
        from commetctl.review.lint import checked

        return checked(self.new, self.review.changeset.changes, strict=strict) if self.written else []


def _of_files(before: str, after: str, environment: str, api_version: str | None, *, prune: bool) -> _Compared:
    from commetctl.catalog import load_from
    from commetctl.catalog.source import GIT, NOTHING
    from commetctl.usecases.compare import compared

    if before and not after and not before.startswith(GIT):
        # A file alone is the one that is asked about.
        before, after = "", before
    before, after = before or f"{GIT}HEAD", after or str(environments.DEFAULT_FILE)
    paths = [source for source in (after, before) if not source.startswith(GIT) and source != NOTHING]
    beside = paths[0] if paths else str(environments.DEFAULT_FILE)
    new = load_from(after, api_version, environment, beside=beside)
    old = load_from(before, api_version, environment, beside=beside)
    return _Compared(old.file, new.file, new, compared(old, new, prune=prune), written=True)


def _of_organizations(
    before: str, after: str, api_version: str | None, *, local: bool, effort: dict[str, Any]
) -> _Compared:
    from commetctl.usecases.compare import compared
    from commetctl.usecases.compare_accounts import account_of, evened, organization, told_apart

    accounts = [account_of(source, local=local, **effort) for source in (before, after)]
    told_apart(*accounts)
    one, other = (organization(account, api_version) for account in accounts)
    old, new, notices = evened(one, other)
    # What one of them lacks is a difference, and there is nothing that only one of them manages.
    review = compared(old, new, prune=True)
    changeset = replace(review.changeset, notices=(*one.notices, *other.notices, *notices, *review.changeset.notices))
    title = f"{one.title} → {other.title} ({new.contract.version})"
    same = "both have the same" + (", as far as they are compared" if changeset.notices else "")
    review = replace(review, changeset=changeset, title=title, same=same)
    return _Compared(before, after, new, review, written=False)


def _check_usage(sources: tuple[str, str], *, environment: str, prune: bool) -> None:
    if not all(source.startswith(_ENV) for source in sources):
        message = "an organization is compared with another one, `env:NAME env:NAME`; with a file, by `plan --env NAME`"
        raise click.UsageError(message)
    if environment or prune:
        raise click.UsageError("`--env` and `--prune` are for files: organizations are compared as a whole")
