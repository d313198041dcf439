"""`commetctl diff`: what changes between two catalogs, offline?"""

from typing import Any

import click

from commetctl.cli import options
from commetctl.cli.formats import REVIEWS
from commetctl.cli.report import reporting
from commetctl.cli.result import Result

_PENDING = 2


@click.command()
@click.argument("before", default="", metavar="[BEFORE]")
@click.argument("after", default="", metavar="[AFTER]")
@options.api_version()
@click.option("--prune", is_flag=True, help="As `apply --prune` does: delete what AFTER does not declare any more.")
@options.strict()
@options.exitcode()
@options.color()
@options.verbose()
@options.output(*REVIEWS)
@reporting("diff")
def diff(before: str, after: str, *, prune: bool, strict: bool, detailed_exitcode: bool, **rest: Any) -> Result:
    """Show what applying AFTER would change where BEFORE was applied; needs no key and no network.

    Each is a file, `git:REV:PATH`, `git:REV` for the same path as the other, or /dev/null for nothing at all. A file
    alone is compared with the last commit, a revision alone with the file as it is now.
    """
    from commetctl.catalog import load_from
    from commetctl.catalog.source import GIT, NOTHING
    from commetctl.cli.present import reviewed
    from commetctl.lint import checked
    from commetctl.offline import compared
    from commetctl.render.document import plan_document

    version = rest.pop("api_version")
    if before and not after and not before.startswith(GIT):
        # A file alone is the one that is asked about.
        before, after = "", before
    before, after = before or f"{GIT}HEAD", after or str(options.DEFAULT_FILE)
    paths = [source for source in (after, before) if not source.startswith(GIT) and source != NOTHING]
    beside = paths[0] if paths else str(options.DEFAULT_FILE)
    new = load_from(after, version, beside=beside)
    old = load_from(before, version, beside=beside)
    review = compared(old, new, prune=prune)
    content = {
        "compared": {"before": old.file, "after": new.file, "api_version": new.contract.version},
        "plan": plan_document(review, new.desired),
    }
    result = reviewed(review, content, **rest)
    result.findings = checked(new, review.changeset.changes, strict=strict)
    pending = review.changeset.changes or review.changeset.blocked
    result.exit_code = _PENDING if detailed_exitcode and pending else 0
    return result
