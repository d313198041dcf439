"""`commetctl pull`: write what Commet has, or what a configuration of the official tool says, into the catalog."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commetctl.cli import environments, options
from commetctl.cli.declaring import MAY, OF_ACCOUNT, READS, WHAT, Does, Page, command, option
from commetctl.cli.report import Result, reporting
from commetctl.core import exits

if TYPE_CHECKING:
    from commetctl.cli.session import Session

_STDIN = _STDOUT = Path("-")
#: What a catalog on stdout is called in messages.
_CALLED = "<stdout>"
#: Options that are about an account, or a file that is there.
_OF_ACCOUNT = ("api_url", "api_key_file", "local", "environment", "retries", "max_wait", "targets", "check")
# The units of migration, which is not imported here: `--help` must stay instant.
UNITS = ("rate", "minor", "major")


PAGE = Page(
    (*READS, Does.CHANGES_FILE),
    (*OF_ACCOUNT, exits.PENDING),
    {
        "commetctl pull": "bring the catalog up to date with the account",
        "commetctl pull --dry-run": "only show what would change in the catalog",
        "commetctl pull -f new.yaml": "write a new catalog",
    },
)


@command(PAGE)
@options.catalog_file
@option(
    WHAT,
    "--from",
    "source",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Start a new catalog from the official tool's configuration as JSON; `-` is stdin.",
)
@option(
    WHAT,
    "--amounts",
    type=click.Choice(UNITS),
    help="The unit of `amount` in that configuration: 49.00 is 490000 (rate), 4900 (minor) or 49 (major).",
)
@options.target
@options.effort
@options.targets
@option(MAY, "--check", is_flag=True, help="Write nothing; exit with 2 when the catalog would change.")
@option(MAY, "--dry-run", is_flag=True, help="Write nothing; print what would change in the catalog, as a patch.")
@options.yes
@options.output()
@options.verbose
@reporting("pull", talks=True, untouched="nothing was written")
def pull(*, source: Path | None, amounts: str | None, file: Path, dry_run: bool, **rest: Any) -> Result:
    """Write what Commet has into the catalog.

    It writes a new catalog, or only the changes into one that is there: comments, order and layout stay, and only the
    sections that it has are pulled. `-f -` writes a new catalog to stdout, and nothing else.
    """
    if file == _STDOUT:
        return _to_stdout(_session(source, amounts, dry_run=dry_run, **rest), rest["api_version"], rest["targets"])
    if source is None and not amounts:
        return _pull(file, dry_run=dry_run, **rest)
    if source is None:
        raise click.UsageError("`--amounts` is for `--from`: what an account has is in no doubt")
    _check_usage()
    if "file" not in options.given() and file.parent != Path():
        # It is a new catalog, and not the one that there is above this folder.
        file = environments.DEFAULT_FILE
    return _migrate(source, amounts, file, rest["api_version"], dry_run=dry_run)


def _pull(
    file: Path, *, api_version: str | None, targets: tuple[str, ...], check: bool, dry_run: bool, yes: bool, **rest: Any
) -> Result:
    from commetctl.cli.console import Console
    from commetctl.cli.present import pulled, style
    from commetctl.cli.session import Session
    from commetctl.core.text import printable
    from commetctl.usecases.pull.prepare import prepare_pull
    from commetctl.usecases.wanted import addresses

    wanted = addresses(targets)
    session = Session(**rest)
    prepared = prepare_pull(file, api_version, session, wanted)
    result = pulled(prepared)
    if not prepared.pulled.changed:
        return result
    if check:
        result.exit_code = exits.PENDING
        return result
    asks = not (yes or prepared.is_new)
    patch = "\n".join(map(printable, prepared.patch().split("\n"))) if dry_run or asks else ""
    if dry_run:
        result.text = patch
        return result
    console = Console(style(None), session.silent, f"{result.text}\n\n{patch}" if asks else result.text)
    reasons = prepared.write(console, yes=yes)
    result.text = result.text if console.text else ""
    if reasons:
        result.exit_code, result.errors = exits.REFUSED, reasons
        # What refuses is no warning besides.
        result.warnings = [warning for warning in result.warnings if warning.code not in {e.code for e in reasons}]
        return result
    names = ", ".join(printable(str(path)) for path in prepared.contents)
    result.text = f"\n  Written to {names}"
    return result


def _to_stdout(session: "Session", api_version: str | None, targets: tuple[str, ...]) -> Result:
    """The catalog of the account as text, and nothing beside it."""
    from commetctl.usecases.pull.prepare import prepare_pull
    from commetctl.usecases.wanted import addresses

    prepared = prepare_pull(Path(_CALLED), api_version, session, addresses(targets), new=True)
    return Result(prepared.pulled.main.after.decode().removesuffix("\n"), warnings=[*prepared.warnings])


def _session(
    source: Path | None, amounts: str | None, *, dry_run: bool, check: bool, yes: bool, **rest: Any
) -> "Session":
    """The session of a pull to stdout. Raises UsageError for options that are about a file."""
    from commetctl.cli.session import Session

    del yes  # There is nothing to ask about.
    if source or amounts or dry_run or check or click.get_current_context().params["output_format"] != "text":
        raise click.UsageError(
            "`-f -` writes the catalog of an account to stdout, and goes with no `--from`, `--check`, `--dry-run` or "
            "`--format json`: give `-f` the name of a file"
        )
    return Session(**{name: value for name, value in rest.items() if name not in ("api_version", "targets")})


def _check_usage() -> None:
    names = {parameter.name: parameter.opts[0] for parameter in click.get_current_context().command.params}
    for name in _OF_ACCOUNT:
        if name in options.given():
            raise click.UsageError(f"`{names[name]}` and `--from` do not go together: a configuration needs no account")


def _migrate(source: Path, amounts: str | None, file: Path, api_version: str | None, *, dry_run: bool) -> Result:
    from commetctl.cli.present import migration_diagnostics, migration_lines
    from commetctl.core.files import LARGEST_FILE
    from commetctl.core.text import printable
    from commetctl.usecases.migration import Unit
    from commetctl.usecases.migration.files import check_free, prepare_migration, read_configuration

    if not dry_run:
        check_free(file)
    if source == _STDIN:
        name, content = "<stdin>", sys.stdin.buffer.read(LARGEST_FILE + 1) if sys.stdin else b""
    else:
        name, content = str(source), read_configuration(source)
    migration = prepare_migration(name, content, Unit(amounts) if amounts else None, file, api_version)
    lines = migration_lines(migration)
    if dry_run:
        lines += ["", *migration.patch().split("\n")]
    else:
        lines += ["", f"  Written to {', '.join(map(str, migration.write()))}", "", *_next(file)]
    return Result("\n".join(map(printable, lines)), diagnostics=migration_diagnostics(migration))


def _next(file: Path) -> list[str]:
    import shlex

    named = [] if environments.is_default(file) else ["-f", str(file)]
    plan, pull = (shlex.join(["commetctl", command, *named]) for command in ("plan", "pull"))
    return [
        "next:",
        f"  {plan}    what differs between the file and the account; sends nothing but GET requests",
        f"  {pull}    takes what the account has and a configuration cannot say: regional prices, credit packs, …",
    ]
