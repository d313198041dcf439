"""Names that no two entries of a section may share."""

from collections.abc import Iterator

from commetctl.sections.section import Finding, Sheet


def duplicate_names(sheet: Sheet, section: str) -> Iterator[Finding]:
    """Entries that share a name: Commet refuses most of them, and readers would mix up the rest."""
    seen: dict[str, str] = {}
    for key, spec in sheet.sections[section].items():
        if spec.name in seen:
            message = f"`{spec.name}` is already the name of `{seen[spec.name]}`"
            yield Finding((section, key, "name"), "duplicate_name", message, "give each its own name")
        seen.setdefault(spec.name, key)
