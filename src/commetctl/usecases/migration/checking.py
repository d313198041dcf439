"""Holding what was converted to the rules of a catalog, in the words of the configuration."""

from collections.abc import Iterator
from typing import Any

from commetctl.catalog.validate import validate
from commetctl.core.contract import Contract
from commetctl.core.errors import Problem
from commetctl.kinds import SECTIONS
from commetctl.kinds.section import Finding, Path, Sheet
from commetctl.usecases.migration.made import Converted
from commetctl.usecases.migration.reading import Json, JsonPath, dotted

#: What the configuration calls what a rule of the catalog may name.
_CALLED = {
    "consumption_model": "consumptionModel",
    "included_amount": "included",
    "trial_days": "trialDays",
    "is_free": "isFree",
    "unit_name": "unitName",
    "unit_price": "unitPrice",
}


def checked(source: Json, made: Converted, contract: Contract) -> tuple[Sheet, list[Problem]]:
    """What was converted as sections of a catalog, and all that is wrong with it, in the order of the configuration."""
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
    # Also what has mistakes of its own is there, so that nobody calls it missing.
    keys = {name: frozenset(path[1] for path in made.places if path[0] == name and len(path) == 2) for name in specs}
    sheet = Sheet(contract, specs, keys, lambda _: None)
    findings += _broken_rules(sheet, lost)
    problems = [*made.problems, *(_problem(finding, source, made) for finding in findings)]
    problems.sort(key=lambda problem: (problem.origin.line, problem.origin.column) if problem.origin else (0, 0))
    return sheet, problems


def _broken_rules(sheet: Sheet, lost: set[Path]) -> Iterator[Finding]:
    for section in SECTIONS:
        if section.name in sheet.sections:
            for finding in section.check(sheet):
                if not any(path[:length] in lost for path in finding.lacks for length in range(len(path) + 1)):
                    yield finding


def _problem(finding: Finding, source: Json, made: Converted) -> Problem:
    at = _from(finding.path, made)
    return Problem(
        finding.code, f"`{dotted(at)}`: {_called(finding.message)}", _called(finding.hint), source.origin(at)
    )


def _from(path: Path, made: Converted) -> JsonPath:
    """Where in the configuration a path of the catalog comes from; what is missing there is named as it would be."""
    for length in range(len(path), 0, -1):
        if (found := made.places.get(path[:length])) is not None:
            return (*found, *(_CALLED.get(part, part) for part in path[length:]))
    return ()


def _called(text: str) -> str:
    for name, called in _CALLED.items():
        text = text.replace(f"`{name}", f"`{called}")
    return text
