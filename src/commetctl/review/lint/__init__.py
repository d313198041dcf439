"""Lint: what is probably not meant in a catalog that is valid, found without Commet.

Each rule is a function of a Sheet, or of the changes to an account, and its findings have its name as their code. The
rules about one kind stand with the kind; those about files and about names of all kinds stand here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from commetctl.catalog.catalog import Catalog, problem
from commetctl.core.change import Change
from commetctl.core.errors import InvalidCatalog, Problem
from commetctl.kinds import SECTIONS
from commetctl.kinds.section import Finding
from commetctl.review.lint.names import near_duplicate_name
from commetctl.review.lint.overlays import overlay_repeats
from commetctl.review.lint.silence import ABOUT_COMMENTS, Silence

__all__ = ["ABOUT_COMMENTS", "Unclean", "change_rules", "checked", "lint", "rules"]

#: Rules about the files, which need more than what they declare.
FILE_RULES: Mapping[str, Callable[[Catalog], Iterable[Finding]]] = {"overlay_repeats": overlay_repeats}


def rules() -> tuple[str, ...]:
    """The codes of all rules about a catalog."""
    own = dict.fromkeys(name for section in SECTIONS for name in section.lint)
    return (*own, near_duplicate_name.__name__, *FILE_RULES)


def change_rules() -> tuple[str, ...]:
    """The codes of the rules about changes, which need something to compare the catalog with."""
    return tuple(dict.fromkeys(name for section in SECTIONS for name in section.lint_changes))


class Unclean(InvalidCatalog):
    """The catalog is valid and has warnings, where none are allowed."""

    code = "unclean_catalog"

    def __init__(self, file: str, problems: list[Problem]) -> None:
        count = "1 warning" if len(problems) == 1 else f"{len(problems)} warnings"
        message = f"{file} is valid but has {count}, which `--strict` does not allow"
        hint = "correct them, or say with `# commetctl: ignore=CODE reason` which of them are meant"
        super().__init__(file, problems, message=message, hint=hint)


def lint(catalog: Catalog, changes: Sequence[Change] | None = None) -> list[Problem]:
    """Every warning that no comment silences, in the order of the file; also about `changes`, where there are any."""
    # A comment about a change is of use only while there is that change, so it is never reported as unused.
    silence = Silence(catalog.ignores, {*rules(), *change_rules()}, set(rules()))
    found = [finding for section in SECTIONS for rule in section.lint.values() for finding in rule(catalog.sheet)]
    found += near_duplicate_name(catalog.sheet)
    found += [finding for file_rule in FILE_RULES.values() for finding in file_rule(catalog)]
    about_changes = (rule for section in SECTIONS for rule in section.lint_changes.values())
    found += [finding for rule in about_changes for finding in rule(changes or ())]
    problems = [problem(finding, catalog.assembly.document) for finding in silence.among(found)]
    problems += silence.problems()
    return catalog.assembly.document.in_order(problems)


def checked(catalog: Catalog, changes: Sequence[Change] | None = None, *, strict: bool) -> list[Problem]:
    """The warnings of a catalog and of `changes`; raises Unclean for the first one on, where `strict` allows none."""
    found = lint(catalog, changes)
    if found and strict:
        raise Unclean(catalog.file, found)
    return found
