"""`commetctl pull --from`: the official tool's configuration into a new catalog; no key, no network."""

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from commetctl.cli import environments, options
from commetctl.cli.result import Result

if TYPE_CHECKING:
    from commetctl.usecases.migration import Amount, Migrated, Note

_STDIN = Path("-")
_PLAIN = re.compile(r"[A-Za-z0-9._/-]+")
#: What node runs and commetctl never will.
_CODE = frozenset({".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".jsx"})
#: Options that say something of an account or of a file that is there, and what they are called.
_OF_ACCOUNT = ("api_url", "api_key_file", "local", "environment", "retries", "max_wait", "targets", "check")
# The units of migration, which is not imported here: `--help` must stay instant.
_UNITS = ("rate", "minor", "major")


def source() -> options.Decorator[Any]:
    """What to pull from instead of an account, and the unit of its amounts."""

    def decorate(function: Any) -> Any:
        unit = click.option(
            "--amounts",
            type=click.Choice(_UNITS),
            help="The unit of `amount` in that configuration: 49.00 is 490000 as rate, 4900 as minor, 49 as major.",
        )
        origin = click.option(
            "--from",
            "source",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Instead of an account, the official tool's configuration as JSON (- for stdin), into a new file.",
        )
        return origin(unit(function))

    return decorate


def migrate(source: Path | None, amounts: str | None, *, file: Path, api_version: str | None, dry_run: bool) -> Result:
    """Write the catalog that a configuration stands for into a new file, and say what became of everything in it.

    Raises click.UsageError for options that do not go together, CommetctlError for a file that cannot be read, Refused
    where a file is there, and what migration raises.
    """
    _check_usage(source)
    from commetctl.cli import founding
    from commetctl.core.errors import Refused
    from commetctl.core.text import printable
    from commetctl.usecases.migration import Unit
    from commetctl.usecases.migration import migrate as converted
    from commetctl.usecases.pull.files import File
    from commetctl.usecases.scaffold import with_schema

    assert source is not None  # noqa: S101  (or the usage is wrong)
    if os.path.lexists(file) and not dry_run:
        hint = "name another file with `-f FILE`, or look at what would be written with `--dry-run`"
        raise Refused(f"{file} is there already, so nothing was written", hint, code="catalog_there")
    name, content = _content(source)
    migrated = converted(name, content, Unit(amounts) if amounts else None, file=str(file), api_version=api_version)
    lines = _lines(migrated, amounts)
    made = with_schema(file.parent, file.name, migrated.content.decode())
    if dry_run:
        lines += ["", *File(str(file), None, made[file.name].encode()).patch().split("\n")]
    else:
        founding.make(file.parent, made)
        names = ", ".join(str(file.parent / name) for name in reversed(made))
        lines += ["", f"  Written to {names}", "", *_next(file)]
    return Result("\n".join(map(printable, lines)), diagnostics=_diagnostics(migrated, amounts))


def _check_usage(source: Path | None) -> None:
    context = click.get_current_context()
    if source is None:
        raise click.UsageError("`--amounts` is for `--from`: what an account has is in no doubt")
    names = {parameter.name: parameter.opts[0] for parameter in context.command.params}
    for name in _OF_ACCOUNT:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"`{names[name]}` and `--from` do not go together: a configuration needs no account")


def _content(source: Path) -> tuple[str, bytes]:
    """What a configuration is called, and its content, so far as it may be read."""
    from commetctl.core.errors import CommetctlError
    from commetctl.usecases.migration import LARGEST_FILE, printing

    if source == _STDIN:
        return "<stdin>", sys.stdin.buffer.read(LARGEST_FILE + 1) if sys.stdin else b""
    if source.suffix.lower() in _CODE:
        message = f"{source} is code, and commetctl does not run code"
        raise CommetctlError(message, printing(_imported(source)), code="config_is_code")
    try:
        # A pipe is welcome: that is what `<(…)` of a shell is.
        with source.open("rb") as stream:
            return str(source), stream.read(LARGEST_FILE + 1)
    except OSError as error:
        hint = "name the printed configuration with `--from FILE`"
        raise CommetctlError(f"{source} cannot be read: {error.strerror}", hint, code="no_file") from None


def _imported(source: Path) -> str:
    """A file as a script imports it, where that needs no care of quotes."""
    name = source.as_posix()
    if not _PLAIN.fullmatch(name):
        return "./commet.config.ts"
    return name if name.startswith(("/", "./", "../")) else f"./{name}"


def _lines(migrated: "Migrated", amounts: str | None) -> list[str]:
    from commetctl.core.text import counted
    from commetctl.usecases.migration import digits, dotted

    sections = migrated.catalog.sheet.sections
    contents = ", ".join(
        counted(len(sections[name]), noun) for name, noun in (("features", "feature"), ("plans", "plan"))
    )
    lines = [f"{migrated.source.file} → {migrated.catalog.file} ({migrated.catalog.contract.version})", ""]
    lines.append(f"  carried over: {contents}, {counted(len(migrated.amounts), 'amount')}")
    rows = [(dotted(amount.path), digits(amount.was), _became(amount)) for amount in migrated.amounts]
    widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    lines += [f"    {path:{widths[0]}}  {was:>{widths[1]}} → {became}" for path, was, became in rows]
    notes = _notes(migrated, amounts)
    if notes:
        lines += ["", f"  to look at: {len(notes)}"]
    for note in notes:
        lines.append(f"    {dotted(note.path)}: {note.message}" if note.path else f"    {note.message}")
        lines += [f"      hint: {note.hint}"] if note.hint else []
    return lines


def _became(amount: "Amount") -> str:
    return f"{amount.money}  ({amount.unit.value})" if amount.unit else f"{amount.money}"


def _notes(migrated: "Migrated", amounts: str | None) -> "list[Note]":
    """What there is to look at: in the configuration, and in the choice of the unit."""
    from commetctl.core.money import UnitPrice
    from commetctl.usecases.migration import Note

    notes = list(migrated.notes)
    priced = [amount for amount in migrated.amounts if amount.path[-1] == "amount" and amount.was]
    if amounts and not priced:
        notes.append(Note((), "unit_unused", f"`--amounts {amounts}` was not needed: no `amount` depends on it"))
    if amounts == "major" and any(isinstance(amount.money, UnitPrice) for amount in migrated.amounts):
        message = (
            "prices were read as dollars, and unit prices as ten-thousandths, which is what they are in every release"
        )
        notes.append(Note((), "unit_price_scale", message, "check each `unitPrice` above"))
    return notes


def _next(file: Path) -> list[str]:
    import shlex

    named = [] if file == environments.DEFAULT_FILE else ["-f", str(file)]
    plan, pull = (shlex.join(["commetctl", command, *named]) for command in ("plan", "pull"))
    return [
        "next:",
        f"  {plan}    what differs between the file and the account; sends nothing but GET requests",
        f"  {pull}    takes what the account has and a configuration cannot say: regional prices, credit packs, …",
    ]


def _diagnostics(migrated: "Migrated", amounts: str | None) -> list[dict[str, Any]]:
    """What was carried over, and what there is to look at, for machines."""
    from commetctl.usecases.migration import digits, dotted

    found = []
    for resource in migrated.catalog.desired.values():
        if resource.parent is None:
            section = "features" if resource.address.kind == "feature" else "plans"
            path = (section, resource.address.key)
            message = f"`{dotted(path)}` is in the catalog"
            document = {"severity": "info", "code": "carried", "message": message, "hint": ""}
            found.append(document | {"address": str(resource.address)} | _place(migrated, path))
    for amount in migrated.amounts:
        message = f"`{dotted(amount.path)}` {digits(amount.was)} → {_became(amount)}"
        document = {"severity": "info", "code": "carried", "message": message, "hint": ""}
        found.append(document | {"address": str(amount.address)} | _place(migrated, amount.path))
    for note in _notes(migrated, amounts):
        message = f"`{dotted(note.path)}`: {note.message}" if note.path else note.message
        document = {"severity": "warning", "code": note.code, "message": message, "hint": note.hint}
        found.append(document | (_place(migrated, note.path) if note.path else {}))
    return found


def _place(migrated: "Migrated", path: Any) -> dict[str, Any]:
    origin = migrated.origin(path)
    return {"file": origin.file, "line": origin.line, "column": origin.column}
