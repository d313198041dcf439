"""Migrating: from a configuration of the official tool, printed as JSON, to a catalog; works offline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from commetctl.catalog import Catalog
from commetctl.catalog.formatting import writer
from commetctl.catalog.loading import parse
from commetctl.catalog.validate import broken_rules, validate
from commetctl.core.contract import CONTRACTS, DEFAULT_VERSION, Contract
from commetctl.core.errors import InvalidCatalog, Problem, Refused
from commetctl.core.resource import Origin, ResourceSet
from commetctl.core.text import of_field
from commetctl.core.values import KeyPath, same
from commetctl.kinds import SECTIONS
from commetctl.kinds.section import Finding, Sheet
from commetctl.usecases.migration.configuration import convert
from commetctl.usecases.migration.conversion import Amount, Converted, Note, Unit, digits, readings
from commetctl.usecases.migration.reading import Json, JsonPath, dotted, printing, read
from commetctl.yamltext.writing import document

__all__ = ["Amount", "Migrated", "Note", "Unit", "digits", "dotted", "migrate", "printing"]

_HEAD = """\
The prices of a configuration in code, as `commetctl pull --from` carried them over. Look with `commetctl plan` before
the first apply: what the account has and a configuration cannot say, such as regional prices, would be removed;
`commetctl pull` writes it in here. What else there is to write: `commetctl explain`.

Inside an object that this file declares, the file is the whole truth."""
#: Amounts that a refusal names.
_MOST_NAMED = 3


@dataclass(frozen=True)
class Migrated:
    """A catalog made from a configuration: its text, each amount in it, and notes for the reader."""

    catalog: Catalog
    content: bytes
    amounts: tuple[Amount, ...]
    notes: tuple[Note, ...]
    source: Json

    def origin(self, path: JsonPath) -> Origin:
        """The place of a path in the configuration."""
        return self.source.origin(path)


def migrate(name: str, content: bytes, unit: Unit | None, *, file: str, api_version: str | None = None) -> Migrated:
    """Convert a configuration, the content of a file called `name`, into a catalog called `file`.

    Raises InvalidCatalog with all problems of the configuration, and Refused if the unit of its amounts is unknown.
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
    """The refusal to guess: releases of the configuration disagree about the unit by a factor of a hundred."""
    named = "; ".join(f"`{dotted(path)}` {readings(value)}" for path, value in amounts[:_MOST_NAMED])
    more = f"; and {len(amounts) - _MOST_NAMED} more" if len(amounts) > _MOST_NAMED else ""
    hint = "compare one with the dashboard, and give " + " or ".join(f"`--amounts {unit.value}`" for unit in Unit)
    return Refused(f"nothing in {name} shows the unit of its amounts: {named}{more}", hint, code="amounts_unit")


def _entries(sheet: Sheet) -> dict[str, Any]:
    """The entries of the sections; a section that the configuration lacks is not managed."""
    sections = [section for section in SECTIONS if section.name in sheet.sections]
    resources = ResourceSet(resource for section in sections for resource in section.expand(sheet))
    return {section.name: section.collapse(resources, {}).entries for section in sections}


def _written(entries: Mapping[str, Any], made: Converted, version: str) -> str:
    settings: dict[str, Any] = {"version": 1}
    if version != DEFAULT_VERSION:
        settings["api_version"] = version
    return document(_HEAD, settings, entries, writer(made.remarks))


def _read_back(file: str, text: bytes, entries: Mapping[str, Any], version: str) -> Catalog:
    """The catalog in a text; raises Refused unless it declares exactly what was converted."""
    try:
        catalog = parse(file, text, version)
    except InvalidCatalog:
        catalog = None
    if catalog is None or not same(_entries(catalog.sheet), dict(entries)):
        # Never write something that means something else.
        message = "the file to be written would not declare what the configuration says"
        raise Refused(message, "please report this", code="not_sayable")
    return catalog


#: Names of the catalog that its rules mention, as the configuration calls them.
_CALLED = {
    "consumption_model": "consumptionModel",
    "included_amount": "included",
    "trial_days": "trialDays",
    "is_free": "isFree",
    "unit_name": "unitName",
    "unit_price": "unitPrice",
}


def checked(source: Json, made: Converted, contract: Contract) -> tuple[Sheet, list[Problem]]:
    """The converted sections as a sheet of a catalog, and all problems in the order of the configuration."""
    specs: dict[str, dict[str, Any]] = {}
    findings: list[Finding] = []
    lost = set(made.lost)
    for section in SECTIONS:
        if section.name in made.sections:
            specs[section.name] = {}
            for code, entry in made.sections[section.name].items():
                shaped = validate(entry, section.spec, (section.name, code))
                findings += shaped.findings
                lost |= shaped.lost
                if shaped.spec is not None:
                    specs[section.name][code] = shaped.spec
    # An entry with mistakes is declared all the same, and must not be reported as missing.
    keys = {name: frozenset(path[1] for path in made.places if path[0] == name and len(path) == 2) for name in specs}
    sheet = Sheet(contract, specs, keys, lambda _: None)
    findings += broken_rules(sheet, lost)
    problems = [*made.problems, *(_problem(finding, source, made) for finding in findings)]
    problems.sort(key=lambda problem: (problem.origin.line, problem.origin.column) if problem.origin else (0, 0))
    return sheet, problems


def _problem(finding: Finding, source: Json, made: Converted) -> Problem:
    at = _from(finding.path, made)
    message, path = of_field(dotted(at), _called(finding.message)), dotted(at)
    return Problem(finding.code, message, _called(finding.hint), source.origin(at), path=path)


def _from(path: KeyPath, made: Converted) -> JsonPath:
    """The path of the configuration that a path of the catalog comes from; a missing key is named as it would be."""
    for length in range(len(path), 0, -1):
        if (found := made.places.get(path[:length])) is not None:
            return (*found, *(_CALLED.get(part, part) for part in path[length:]))
    return ()


def _called(text: str) -> str:
    for name, called in _CALLED.items():
        text = text.replace(f"`{name}", f"`{called}")
    return text
