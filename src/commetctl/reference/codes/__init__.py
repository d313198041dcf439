"""The codes that commetctl can print, and what each means: for `explain CODE`, and for the page that lists them."""

from commetctl.reference.codes import account, catalog, files, guards, plans, pulls, runs, warnings
from commetctl.reference.codes.code import Code, Sort, Theme

__all__ = ["THEMES", "Code", "Sort", "Theme", "codes", "meanings"]

#: In the order of reading.
THEMES: tuple[Theme, ...] = (
    catalog.FILE,
    catalog.VALUES,
    plans.RULES,
    warnings.WARNINGS,
    guards.GUARDS,
    runs.PLANS,
    runs.RUNS,
    account.KEY,
    account.ANSWERS,
    account.COMMET,
    pulls.PULLS,
    pulls.MIGRATION,
    files.FILES,
)


def codes() -> list[str]:
    """Every code once, in the order of reading."""
    return list(dict.fromkeys(code.name for theme in THEMES for code in theme.codes))


def meanings(name: str) -> tuple[Code, ...]:
    """What a code means: more than one thing where it is said of a file and of an answer, say. None for no code."""
    return tuple(code for theme in THEMES for code in theme.codes if code.name == name)
