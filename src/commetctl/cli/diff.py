"""`commetctl diff`: what changes between two catalogs, offline, or between two accounts?"""

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from commetctl.cli import environments, options
from commetctl.cli.declaring import CONNECTION, MAY, OF_ACCOUNT, READS, Page, command, option
from commetctl.cli.formats import REVIEWS
from commetctl.cli.report import Result, reporting
from commetctl.core import exits
from commetctl.core.environment import ENV

if TYPE_CHECKING:
    from commetctl.usecases.compare import Comparison


PAGE = Page(
    READS,
    (*OF_ACCOUNT, exits.PENDING),
    {
        "commetctl diff": "the catalog, compared with the last commit",
        "commetctl diff git:main": "the catalog, compared with another revision",
        "commetctl diff old.yaml new.yaml": "two files",
        "commetctl diff env:sandbox env:production": "two accounts, with the key of each environment",
    },
)


@command(PAGE)
@click.argument("before", default="", metavar="[BEFORE]")
@click.argument("after", default="", metavar="[AFTER]")
@options.environment
@options.api_version
@option(CONNECTION, "--local", is_flag=True, help="For `env:NAME`, use the embedded Commet instead of the account.")
@options.effort
@option(MAY, "--prune", is_flag=True, help="Show what `apply --prune` would delete: what AFTER no longer declares.")
@options.strict
@options.exitcode
@options.summary
@options.output(*REVIEWS)
@options.verbose
@options.color
@reporting("diff", talks=True)
def diff(
    before: str,
    after: str,
    *,
    strict: bool,
    detailed_exitcode: bool,
    color: bool | None,
    verbose: bool,
    **rest: Any,
) -> Result:
    """Show what changes between two catalogs, or between two accounts.

    For catalogs, it shows what applying AFTER would change where BEFORE was applied, and what AFTER schedules, without
    a key. Each is a file,
    `git:REV:PATH`, `git:REV` for the same path as the other one, or /dev/null. A file alone is compared with the last
    commit; a revision alone, with the file as it is now.
    """
    from commetctl.cli.present import reviewed
    from commetctl.cli.scheduled import scheduled_in
    from commetctl.reading import reading_of
    from commetctl.render.json_scheduled import dated_plan_document
    from commetctl.review.lint import checked

    found = _compared((before, after), **rest)
    names = {"before": found.before, "after": found.after, "api_version": found.new.contract.version}
    reading = reading_of(found.review, scheduled=scheduled_in(found.new))
    content = {"compared": names, "plan": partial(dated_plan_document, reading, found.new.desired)}
    result = reviewed(reading, content, color=color, verbose=verbose)
    if found.of_files:
        result.findings = checked(found.new, found.review.changeset.changes, strict=strict)
    result.exit_code = exits.PENDING if detailed_exitcode and found.differs else exits.DONE
    return result


def _compared(
    sources: tuple[str, str], *, environment: str, api_version: str | None, prune: bool, local: bool, **effort: Any
) -> "Comparison":
    if any(source.startswith(ENV) for source in sources):
        if not all(source.startswith(ENV) for source in sources):
            raise click.UsageError(
                "an account is compared with another one, `env:NAME env:NAME`; with a catalog, by `plan --env NAME`"
            )
        if "environment" in options.given() or prune:
            raise click.UsageError("`--env` and `--prune` are for catalogs: accounts are compared as a whole")
        from commetctl.cli.session import session_of
        from commetctl.usecases.compare_accounts import compare_accounts

        before, after = (session_of(source, local=local, **effort) for source in sources)
        return compare_accounts(before, after, api_version, environments.default_file())
    if local:
        raise click.UsageError("`--local` is for accounts: `env:NAME env:NAME`")
    from commetctl.usecases.compare import compare_files

    # Where both sides are named, it does not matter that a folder has two catalogs.
    default = environments.DEFAULT_FILE if all(sources) else environments.default_file()
    return compare_files(*sources, environment, api_version, str(default), prune=prune)
