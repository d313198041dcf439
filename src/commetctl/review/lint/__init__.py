"""Lint: what is probably not meant in a catalog that is valid, found without Commet.

Each rule is a function of a Sheet, or of the changes to an account, and its findings have its name as their code. To
add one, write it in the file of its family or in one of its own, and add it here and to `docs/lint.md`.
"""

from collections.abc import Callable, Iterable, Sequence

from commetctl.catalog.catalog import Catalog, problem
from commetctl.core.change import Change
from commetctl.core.errors import InvalidCatalog, Problem
from commetctl.kinds.section import Finding, Sheet
from commetctl.review.lint.amounts import odd_cents
from commetctl.review.lint.currencies import currency_missing, public_without_price
from commetctl.review.lint.features import dearer_includes_less, unused_feature
from commetctl.review.lint.intervals import interval_proportion, yearly_dearer
from commetctl.review.lint.names import near_duplicate_name
from commetctl.review.lint.overlays import overlay_repeats
from commetctl.review.lint.regional import regional_off_rate
from commetctl.review.lint.silence import ABOUT_COMMENTS, Silence
from commetctl.review.lint.trials import trial_shortens

__all__ = ["ABOUT_COMMENTS", "CHANGE_RULES", "FILE_RULES", "RULES", "Unclean", "checked", "lint"]

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

#: Rules about the files, which need more than what they declare.
FILE_RULES: tuple[tuple[str, Callable[[Catalog], Iterable[Finding]]], ...] = (("overlay_repeats", overlay_repeats),)

#: Rules about what changes, which need something to compare the catalog with.
CHANGE_RULES: tuple[tuple[str, Callable[[Iterable[Change]], Iterable[Finding]]], ...] = (
    ("trial_shortens", trial_shortens),
)


class Unclean(InvalidCatalog):
    """The catalog is valid and has warnings, where none are allowed."""

    code = "unclean_catalog"

    def __init__(self, file: str, problems: list[Problem]) -> None:
        super().__init__(file, problems)
        count = "1 warning" if len(problems) == 1 else f"{len(problems)} warnings"
        self.message = f"{file} is valid but has {count}, which `--strict` does not allow"
        self.hint = "correct them, or say with `# commetctl: ignore=CODE reason` which of them are meant"


def lint(catalog: Catalog, changes: Sequence[Change] | None = None) -> list[Problem]:
    """Every warning that no comment silences, in the order of the file; also about `changes`, where there are any."""
    rules = {name for name, _ in (*RULES, *FILE_RULES)}
    about_changes = {name for name, _ in CHANGE_RULES}
    # A comment about a change is of use only while there is that change, so nobody is told to remove it.
    silence = Silence(catalog.ignores, rules | about_changes, rules)
    found = [finding for _, rule in RULES for finding in rule(catalog.sheet)]
    found += [finding for _, file_rule in FILE_RULES for finding in file_rule(catalog)]
    found += [finding for _, change_rule in CHANGE_RULES for finding in change_rule(changes or ())]
    problems = [problem(finding, catalog.sheet.origin(finding.path)) for finding in silence.among(found)]
    problems += silence.problems()
    return catalog.assembly.document.in_order(problems)


def checked(catalog: Catalog, changes: Sequence[Change] | None = None, *, strict: bool) -> list[Problem]:
    """The warnings of a catalog and of `changes`; raises Unclean for the first one on, where `strict` allows none."""
    found = lint(catalog, changes)
    if found and strict:
        raise Unclean(catalog.file, found)
    return found
