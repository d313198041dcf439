"""`commetctl pull`: write what Commet has into the catalog."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commetctl.cli import migrating, options
from commetctl.cli.report import reporting
from commetctl.cli.result import Result
from commetctl.core import exits

if TYPE_CHECKING:
    from commetctl.catalog import Catalog
    from commetctl.cli.session import Account
    from commetctl.core.errors import CommetctlError
    from commetctl.core.resource import Address
    from commetctl.kinds.section import Live
    from commetctl.review.scales import Balances
    from commetctl.usecases.pull import Pulled


@click.command()
@options.catalog_file()
@migrating.source()
@options.target()
@options.effort()
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="ADDRESS",
    help="Only this object, what belongs to it, and what it needs; may be repeated.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 2 when the file would change.")
@click.option("--dry-run", is_flag=True, help="Write nothing; print what would change in the file, as a patch.")
@click.option("--yes", is_flag=True, help="Do not ask; needed where there is no terminal.")
@options.verbose()
@options.output()
@reporting("pull", talks=True)
def pull(
    *,
    file: Path,
    source: Path | None,
    amounts: str | None,
    api_version: str | None,
    targets: tuple[str, ...],
    check: bool,
    dry_run: bool,
    yes: bool,
    verbose: bool,
    silent: bool,
    **rest: Any,
) -> Result:
    """Write what Commet has into the catalog: a new file, or the changes alone into one that is there.

    Comments, order and layout of the file stay. Only the sections that the file has are pulled.
    """
    if source is not None or amounts:
        return migrating.migrate(source, amounts, file=file, api_version=api_version, dry_run=dry_run)
    from commetctl.cli.rewriting import write_all
    from commetctl.cli.session import Account
    from commetctl.core.text import printable

    wanted = _addresses(targets)
    account = Account(**rest, verbose=verbose, silent=silent)
    pulled, result = prepared_pull(file, api_version, account, wanted)
    if not pulled.changed:
        return result
    if check:
        result.exit_code = exits.PENDING
        return result
    if dry_run:
        result.text = _patch(pulled) if pulled.main.before is not None else _patch_of_new(file, pulled)
        return result
    reasons = _another(result)
    if not reasons and not yes and pulled.main.before is not None:
        reasons = _unconfirmed(result, pulled, silent=silent)
    if reasons:
        result.exit_code, result.errors = exits.REFUSED, reasons
        return result
    written = _written(file, pulled)
    write_all(written)
    names = ", ".join(printable(str(path)) for path in written)
    result.text += ("\n\n" if result.text else "") + f"  Written to {names}"
    return result


def _another(result: Result) -> "list[CommetctlError]":
    """Why nothing is written into a file that is for an organization of another mode; instead of the warning."""
    from commetctl.core.errors import Refused

    found = [warning for warning in result.warnings if warning.code == "wrong_mode"]
    result.warnings = [warning for warning in result.warnings if warning not in found]
    hint = "check the key; to take the prices of another organization over, pull into a new file with `-f FILE`"
    return [Refused(warning.message, hint, code=warning.code) for warning in found]


def _written(file: Path, pulled: "Pulled") -> dict[Path, tuple[bytes | None, bytes]]:
    """What to write, before and after; a new catalog comes with the schema that editors read."""
    from commetctl.usecases.scaffold import with_schema

    if pulled.main.before is None:
        made = with_schema(file.parent, file.name, pulled.main.after.decode())
        return {file.parent / name: (None, text.encode()) for name, text in reversed(made.items())}
    return {Path(each.name): (each.before, each.after) for each in pulled.changed}


def prepared_pull(
    file: Path, api_version: str | None, account: "Account", targets: "tuple[Address, ...]"
) -> "tuple[Pulled, Result]":
    from commetctl.cli.pulled import told
    from commetctl.core.permissions import Mode
    from commetctl.usecases.balances import assumption
    from commetctl.usecases.pull import pull as pull_into

    old = _there(file, api_version, account.environment)
    if old is None:
        catalog, live, balances = account_for_new(str(file), api_version, account)
    else:
        catalog, (live, balances) = old, _account(old, account)
        if balances.contradiction:
            # The amounts would be a hundred times too large or too small.
            raise balances.contradiction
    mode = Mode(live.livemode, account.key, None if account.local else catalog.mode)
    pulled = pull_into(catalog, live, proven=mode.proven, targets=targets, new=old is None)
    result = told(pulled, catalog, account, mode, live)
    result.warnings += assumption(balances, live)
    return pulled, result


def _there(file: Path, api_version: str | None, environment: str) -> "Catalog | None":
    """The catalog that is there, all files of which may be rewritten; None where there is none yet."""
    from commetctl.catalog import load
    from commetctl.cli.rewriting import content
    from commetctl.core.errors import CommetctlError

    if content(file) is None:
        if not environment:
            return None
        hint = "make it from one account, by `commetctl pull` without `--env`; then write what this environment changes"
        raise CommetctlError(f"{file} does not exist, and an environment is an overlay of it", hint, code="no_file")
    catalog = load(file, api_version, environment)
    for part in catalog.assembly.parts[1:]:
        content(Path(part.name))
    return catalog


def _account(catalog: "Catalog", account: "Account") -> "tuple[Live, Balances]":
    from commetctl.usecases.balances import pulled_balances
    from commetctl.usecases.plan import read

    with account.client(catalog.contract) as client:
        live = read(catalog, client)[0]
        return live, pulled_balances(client, live)


def account_for_new(name: str, api_version: str | None, account: "Account") -> "tuple[Catalog, Live, Balances]":
    """An empty catalog beside the account, in the scales of prices and of balances that the account proves."""
    from commetctl.core.errors import Refused
    from commetctl.core.money import Scale
    from commetctl.usecases.pull import nothing

    scale = None
    try:
        live, balances = _account(nothing(name, api_version), account)
    except Refused as error:
        if error.code != "price_scale":
            raise
        scale = Scale.MINOR
        live, balances = _account(nothing(name, api_version, scale), account)
    if balances.contradiction:
        live, balances = _account(nothing(name, api_version, scale, balances.proven), account)
    return nothing(name, api_version, scale, balances.proven), live, balances


def _patch(pulled: "Pulled") -> str:
    from commetctl.core.text import printable

    return "\n".join(printable(line) for line in pulled.patch().split("\n"))


def _patch_of_new(file: Path, pulled: "Pulled") -> str:
    """All of a new catalog; the schema beside it is the same for everybody."""
    from commetctl.core.text import printable
    from commetctl.usecases.pull.files import File

    _, text = _written(file, pulled)[file]
    return "\n".join(printable(line) for line in File(str(file), None, text).patch().split("\n"))


def _unconfirmed(result: Result, pulled: "Pulled", *, silent: bool) -> "list[CommetctlError]":
    """Show what would be written and ask; a refusal when nobody says yes."""
    from commetctl.core.errors import Refused

    if not silent:
        click.echo(f"{result.text}\n\n{_patch(pulled)}")
        click.echo(err=True)
        result.text = ""
    if not (options.is_terminal(sys.stdin) and options.is_terminal(sys.stderr)):
        return [Refused("there is no terminal to ask on", "give `--yes` to write without asking", code="not_confirmed")]
    answer = click.prompt("Type yes to write this", default="", show_default=False, err=True)
    return [] if answer.strip() == "yes" else [Refused("nothing was written", code="not_confirmed")]


def _addresses(texts: tuple[str, ...]) -> "tuple[Address, ...]":
    from commetctl.core.errors import CommetctlError
    from commetctl.core.resource import Address

    try:
        return tuple(Address.parse(text) for text in texts)
    except ValueError as error:
        raise CommetctlError(str(error), "see the addresses that `commetctl plan` prints", code="bad_address") from None
