"""Keys and names of entries: their form, duplicates, and the nearest known word to a misspelt one."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from commetctl.kinds.section import Finding, Section, Sheet

#: Comparing with more words than this takes too long in a file in which every word is wrong.
_MOST_CANDIDATES = 300


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word nearest to a misspelt one; None where none is near."""
    near = get_close_matches(word, sorted(known), 1) if len(known) <= _MOST_CANDIDATES else []
    return near[0] if near else None


def bad_keys(sheet: Sheet, section: Section) -> Iterator[Finding]:
    """Entries whose key does not have the form that the section requires."""
    for key in sheet.sections[section.name]:
        if section.keys and not section.keys.pattern.match(key):
            message = f"`{key}` is not a {section.keys.noun}"
            yield Finding((section.name, key), "bad_code", message, section.keys.hint)


def duplicate_names(sheet: Sheet, section: str) -> Iterator[Finding]:
    """Entries that share a name: Commet refuses most of them, and readers would mix up the rest."""
    seen: dict[str, str] = {}
    for key, spec in sheet.sections[section].items():
        if spec.name in seen:
            message = f"`{spec.name}` is already the name of `{seen[spec.name]}`"
            yield Finding((section, key, "name"), "duplicate_name", message, "give each its own name")
        seen.setdefault(spec.name, key)
