"""Lint: what is probably not meant in a catalog that is valid, found without Commet.

Each rule is a function of a Sheet, and its findings have its name as their code. To add one, write it in the file of
its family or in one of its own, and add it here and to `docs/lint.md`.
"""

from collections.abc import Callable, Iterable

from commetctl.catalog.catalog import Catalog, problem
from commetctl.errors import InvalidCatalog, Problem
from commetctl.lint.amounts import odd_cents
from commetctl.lint.currencies import currency_missing, public_without_price
from commetctl.lint.features import dearer_includes_less, unused_feature
from commetctl.lint.intervals import interval_proportion, yearly_dearer
from commetctl.lint.names import near_duplicate_name
from commetctl.lint.regional import regional_off_rate
from commetctl.lint.silence import ABOUT_COMMENTS, Silence
from commetctl.sections.section import Finding, Sheet

__all__ = ["ABOUT_COMMENTS", "RULES", "Unclean", "checked", "lint"]

#: In the order in which they are reported where the place is the same.
RULES: tuple[tuple[str, Callable[[Sheet], Iterable[Finding]]], ...] = (
    ("public_without_price", public_without_price),
    ("currency_missing", currency_missing),
    ("yearly_dearer", yearly_dearer),
    ("interval_proportion", interval_proportion),
    ("regional_off_rate", regional_off_rate),
    ("odd_cents", odd_cents),
    ("dearer_includes_less", dearer_includes_less),
    ("unused_feature", unused_feature),
    ("near_duplicate_name", near_duplicate_name),
)


class Unclean(InvalidCatalog):
    """The catalog is valid and has warnings, where none are allowed."""

    code = "unclean_catalog"

    def __init__(self, file: str, problems: list[Problem]) -> None:
        super().__init__(file, problems)
        count = "1 warning" if len(problems) == 1 else f"{len(problems)} warnings"
        self.message = f"{file} is valid but has {count}, which `--strict` does not allow"
        self.hint = "correct them, or say with `# commetctl: ignore=CODE reason` which of them are meant"


def lint(catalog: Catalog) -> list[Problem]:
    """Every warning that no comment silences, in the order of the file."""
    silence = Silence(catalog.ignores, [name for name, _ in RULES])
    findings = silence.among(finding for _, rule in RULES for finding in rule(catalog.sheet))
    problems = [problem(finding, catalog.sheet.origin(finding.path)) for finding in findings]
    problems += silence.problems()
    return sorted(problems, key=lambda found: (found.origin.line, found.origin.column) if found.origin else (0, 0))


def checked(catalog: Catalog, *, strict: bool) -> list[Problem]:
    """The warnings of a catalog; raises Unclean for the first one on, where `strict` allows none."""
    found = lint(catalog)
    if found and strict:
        raise Unclean(catalog.file, found)
    return found
