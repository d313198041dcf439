"""The files of a migration: the configuration that is read, and the new catalog that is written."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from commetctl.core.errors import CommetctlError, Refused
from commetctl.core.files import LARGEST_FILE, create_all
from commetctl.core.money import UnitPrice
from commetctl.usecases.migration import Migrated, Note, Unit, migrate, printing
from commetctl.usecases.pull.files import File
from commetctl.usecases.scaffold import with_schema

_PLAIN = re.compile(r"[A-Za-z0-9._/-]+")
#: What node runs and commetctl never will.
_CODE = frozenset({".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".jsx"})


@dataclass(frozen=True)
class Migration:
    """A configuration carried over into a new catalog. `files` are what to write, by name: the catalog and its schema.

    `notes` say what to look at, in the configuration and in the choice of the unit.
    """

    file: Path
    migrated: Migrated
    notes: tuple[Note, ...]
    files: dict[str, str]

    def patch(self) -> str:
        """The new catalog, as a unified diff."""
        return File(str(self.file), None, self.files[self.file.name].encode()).patch()

    def write(self) -> list[Path]:
        """Create the files; their paths, the catalog first. Raises CommetctlError where one cannot be created."""
        create_all(self.file.parent, self.files)
        return [self.file.parent / name for name in reversed(self.files)]


def prepare_migration(name: str, content: bytes, unit: Unit | None, file: Path, api_version: str | None) -> Migration:
    """Carry a configuration over, in memory; raises what `migrate` raises."""
    migrated = migrate(name, content, unit, file=str(file), api_version=api_version)
    made = with_schema(file.parent, file.name, migrated.content.decode())
    return Migration(file, migrated, tuple(_notes(migrated, unit)), made)


def check_free(file: Path) -> None:
    """Raise Refused where something is in the place of the new catalog."""
    if os.path.lexists(file):
        hint = "choose another file with `-f FILE`, or see what would be written with `--dry-run`"
        raise Refused(f"{file} already exists, so nothing was written", hint, code="catalog_there")


def read_configuration(source: Path) -> bytes:
    """The content of a configuration, and no more of it than may be read.

    Raises CommetctlError for a file that is code or cannot be read.
    """
    if source.suffix.lower() in _CODE:
        message = f"{source} is code, and commetctl does not run code"
        raise CommetctlError(message, printing(_imported(source)), code="config_is_code")
    try:
        # A pipe is welcome: that is what `<(…)` of a shell is.
        with source.open("rb") as stream:
            return stream.read(LARGEST_FILE + 1)
    except OSError as error:
        hint = "name the printed configuration with `--from FILE`"
        raise CommetctlError(f"{source} cannot be read: {error.strerror}", hint, code="no_file") from None


def _imported(source: Path) -> str:
    """A file as a script imports it, where that needs no care of quotes."""
    name = source.as_posix()
    if not _PLAIN.fullmatch(name):
        return "./commet.config.ts"
    return name if name.startswith(("/", "./", "../")) else f"./{name}"


def _notes(migrated: Migrated, unit: Unit | None) -> list[Note]:
    notes = list(migrated.notes)
    priced = [amount for amount in migrated.amounts if amount.path[-1] == "amount" and amount.was]
    if unit and not priced:
        notes.append(Note((), "unit_unused", f"`--amounts {unit.value}` was not needed: no `amount` depends on it"))
    if unit is Unit.MAJOR and any(isinstance(amount.money, UnitPrice) for amount in migrated.amounts):
        message = "prices were read as dollars and unit prices as ten-thousandths, as in every release"
        notes.append(Note((), "unit_price_scale", message, "check each `unitPrice` above"))
    return notes
