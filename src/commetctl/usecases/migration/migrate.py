"""One configuration to one catalog: converted, checked, written, and read back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from commetctl.catalog.catalog import Catalog, parse
from commetctl.catalog.formatting import writer
from commetctl.core.contract import CONTRACTS, DEFAULT_VERSION
from commetctl.core.errors import InvalidCatalog, Refused
from commetctl.core.resource import Origin, ResourceSet
from commetctl.core.values import same
from commetctl.kinds import SECTIONS
from commetctl.kinds.section import Sheet
from commetctl.usecases.migration.checking import checked
from commetctl.usecases.migration.converting import convert
from commetctl.usecases.migration.made import Amount, Converted, Note
from commetctl.usecases.migration.reading import Json, JsonPath, dotted, read
from commetctl.usecases.migration.units import Unit, readings
from commetctl.yamltext.writing import document

_HEAD = """\
The prices of a configuration in code, as `commetctl pull --from` carried them over. Look with `commetctl plan` before
the first apply: what the account has and a configuration cannot say, such as regional prices, would be removed;
`commetctl pull` writes it in here. What else there is to write: `commetctl explain`.

Inside an object that this file declares, the file is the whole truth."""
#: Amounts that a refusal spells out.
_MOST_NAMED = 3


@dataclass(frozen=True)
class Migrated:
    """A catalog made of a configuration: its text, each amount in it, and what there is to look at."""

    catalog: Catalog
    content: bytes
    amounts: tuple[Amount, ...]
    notes: tuple[Note, ...]
    source: Json

    def origin(self, path: JsonPath) -> Origin:
        """Where in the configuration a path is."""
        return self.source.origin(path)


def migrate(name: str, content: bytes, unit: Unit | None, *, file: str, api_version: str | None = None) -> Migrated:
    """The configuration in the content of a file that is called `name`, as a catalog that is to be called `file`.

    Raises InvalidCatalog with all problems of the configuration, and Refused where nobody says the unit of its amounts.
    """
    contract = CONTRACTS[api_version or DEFAULT_VERSION]
    source = read(name, content)
    made = convert(source, unit)
    sheet, problems = checked(source, made, contract)
    if problems:
        raise InvalidCatalog(name, problems)
    if made.open:
        raise _unsaid(name, made.open)
    entries = _entries(sheet)
    text = _written(entries, made, contract.version).encode()
    catalog = _read_back(file, text, entries, contract.version)
    notes = sorted(made.notes, key=lambda note: _position(source.origin(note.path)))
    return Migrated(catalog, text, tuple(made.amounts), tuple(notes), source)


def _position(origin: Origin) -> tuple[int, int]:
    return origin.line, origin.column


def _unsaid(name: str, amounts: Sequence[tuple[JsonPath, int | Decimal]]) -> Refused:
    """Never a guess: releases of the configuration disagree about the unit by a factor of a hundred."""
    named = "; ".join(f"`{dotted(path)}` {readings(value)}" for path, value in amounts[:_MOST_NAMED])
    more = f"; and {len(amounts) - _MOST_NAMED} more" if len(amounts) > _MOST_NAMED else ""
    hint = "compare one with the dashboard, and give " + " or ".join(f"`--amounts {unit.value}`" for unit in Unit)
    return Refused(f"nothing in {name} says the unit of its amounts: {named}{more}", hint, code="amounts_unit")


def _entries(sheet: Sheet) -> dict[str, Any]:
    """The sections as a careful writer has them; what the configuration has no section for is not managed."""
    sections = [section for section in SECTIONS if section.name in sheet.sections]
    resources = ResourceSet(resource for section in sections for resource in section.expand(sheet))
    return {section.name: section.collapse(resources, {}).entries for section in sections}


def _written(entries: Mapping[str, Any], made: Converted, version: str) -> str:
    settings: dict[str, Any] = {"version": 1}
    if version != DEFAULT_VERSION:
        settings["api_version"] = version
    return document(_HEAD, settings, entries, writer(made.remarks))


def _read_back(file: str, text: bytes, entries: Mapping[str, Any], version: str) -> Catalog:
    """The catalog in what is to be written; raises Refused unless it declares exactly what was converted."""
    try:
        catalog = parse(file, text, version)
    except InvalidCatalog:
        catalog = None
    if catalog is None or not same(_entries(catalog.sheet), dict(entries)):
        # Never write something that means something else.
        message = "what would be written does not say what the configuration says"
        raise Refused(message, "please report this", code="not_sayable")
    return catalog
