"""What is wrong with entries that stand for an object by its name: which object of the account each one means."""

from collections import Counter
from collections.abc import Iterator

from commetctl.kinds.named.spec import NamedEntries
from commetctl.kinds.section import Finding, Sheet


def findings(sheet: Sheet, section: str, noun: str) -> Iterator[Finding]:
    """What is wrong with the names of a section's entries; `noun` is what one object is called."""
    entries: NamedEntries = sheet.sections[section]
    for key, spec in entries.items():
        if spec.previous_name == spec.name:
            yield Finding(
                (section, key, "previous_name"),
                "same_name",
                "is the same as the current name",
                "remove `previous_name`",
            )
    yield from _in_a_circle(entries, section, noun)
    yield from _shared(entries, (section, "previous_name"), noun)
    yield from _shared(entries, (section, "id"), noun)


def _shared(entries: NamedEntries, at: tuple[str, str], noun: str) -> Iterator[Finding]:
    section, field = at
    used = Counter(value for spec in entries.values() if (value := getattr(spec, field)))
    for key, spec in entries.items():
        if used[getattr(spec, field)] > 1:
            yield Finding((section, key, field), "duplicate", f"another {noun} has the same `{field}`")


def _in_a_circle(entries: NamedEntries, section: str, noun: str) -> Iterator[Finding]:
    """Entries that take the names of each other: Commet has the same names before and after that."""
    renamed = {spec.previous_name: key for key, spec in entries.items() if spec.previous_name not in (None, spec.name)}
    for key, spec in entries.items():
        met, name = set[str](), spec.name
        while (heir := renamed.get(name)) and heir not in met and not entries[heir].id:
            met.add(heir)
            name = entries[heir].name
        if key in met:
            yield Finding(
                (section, key, "previous_name"),
                "rename_circle",
                f"the {noun}s swap names, so Commet looks the same before and after",
                "rename one of them to a third name and apply; then give it its final name",
            )
