"""`commetctl drift`: what changed in Commet since the catalog was last applied."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from commetctl.cli import options
from commetctl.cli.declaring import OF_ACCOUNT, READS, WHAT, Page, command, option
from commetctl.cli.formats import REVIEWS
from commetctl.cli.report import Result, reporting
from commetctl.core import exits

if TYPE_CHECKING:
    from commetctl.core.resource import Address
    from commetctl.usecases.drift import Drift


_NEWEST = "the newest change in Commet is of"


PAGE = Page(
    READS,
    (*OF_ACCOUNT, exits.PENDING),
    {
        "commetctl drift": "since the catalog was applied last",
        "commetctl drift --base git:v1": "since that revision",
        "commetctl drift --detailed-exitcode": "exit with 2 if there is drift, as in a nightly check",
    },
)


@command(PAGE)
@options.catalog_file
@options.target
@options.effort
@option(WHAT, "--target", "targets", multiple=True, metavar="ADDRESS", help="Only this object and what belongs to it.")
@options.base("The catalog that was applied last: git:REV, or a file.", WHAT)
@options.exitcode
@options.journal
@options.summary
@options.output(*REVIEWS)
@options.verbose
@options.color
@reporting("drift", talks=True)
def drift(
    file: Path,
    targets: tuple[str, ...],
    base: str,
    *,
    api_version: str | None,
    detailed_exitcode: bool,
    journal: Path,
    color: bool | None,
    verbose: bool,
    **rest: Any,
) -> Result:
    """Show what was changed in Commet since the last apply.

    What was applied last is taken from `--base`; else from the newest run in the journals here, where its catalog is in
    the folder or in one of the latest commits; else it is the last commit. Commet does not tell who made a change.
    """
    from commetctl.apply.journal import Journals
    from commetctl.cli.present import reviewed
    from commetctl.cli.session import Session
    from commetctl.reading import reading_of
    from commetctl.usecases.drift import drift as looked_up
    from commetctl.usecases.last_applied import last_applied
    from commetctl.usecases.wanted import addresses

    session = Session(**rest, verbose=verbose)
    known = last_applied(file, base, api_version, session, Journals(journal))
    with session.client(known.catalog.contract) as client:
        found = looked_up(known, session, client, addresses(targets), file)
    content = {"target": session.document(known.catalog.contract, found.mode)}
    result = reviewed(reading_of(found.review), content, color=color, verbose=verbose)
    result.warnings = [*found.warnings]
    _conclude(result, found, session, str(file))
    result.exit_code = exits.PENDING if detailed_exitcode and found.found else exits.DONE
    return result


def _conclude(result: Result, found: "Drift", session: Any, file: str) -> None:
    """Say how to keep what was changed in Commet, and how to change it back: all of it, and each object."""
    from commetctl.cli.proposal import target_words
    from commetctl.render.json_output import pulled_document

    words = target_words(session, found.base.catalog, file)
    keep, undo = (" ".join(["commetctl", command, *words]) for command in ("pull", "apply"))
    changes = found.review.changeset.changes
    base = {
        **result.content["drift"],
        "known_by": found.base.known_by,
        "run": found.base.run.run_id if found.base.run else None,
    }
    if found.newest:
        base["newest"] = found.newest.isoformat(timespec="seconds")
    document = {**base, "changes": pulled_document(changes, [])["changes"]}
    for change, item in zip(changes, document["changes"], strict=True):
        item["keep"] = f"{keep} --target {_quoted(change.address)}"
        if change.address not in found.blocked:
            item["undo"] = f"{undo} --target {_quoted(change.address)}"
    result.content["drift"] = document
    result.closing = [f"compared with {found.base}"] if found.base.known_by else []
    if changes:
        more = ", with what has changed in it since" if found.ahead else ""
        width = max(len(keep), len(undo))
        result.closing += [
            *([f"{_NEWEST} {found.newest:%Y-%m-%d %H:%M:%S} UTC; it does not say who made it"] if found.newest else []),
            f"to keep all   {keep:{width}}   writes what Commet has into {file}",
            f"to undo all   {undo:{width}}   applies {file} again{more}",
            f"for one only  add --target ADDRESS, such as --target {_quoted(changes[0].address)}",
        ]


def _quoted(address: "Address") -> str:
    import shlex

    return shlex.quote(str(address))
