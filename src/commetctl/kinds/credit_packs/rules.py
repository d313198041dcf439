"""The rules of credit packs in the file: amounts, and which pack of the account an entry means."""

from collections import Counter
from collections.abc import Iterator, Mapping

from commetctl.core.money import Money
from commetctl.kinds.credit_packs.spec import CreditPackSpec
from commetctl.kinds.section import Finding, Sheet


def findings(sheet: Sheet, section: str) -> Iterator[Finding]:
    """What is wrong with the packs of a file, beyond the shape of each."""
    entries: Mapping[str, CreditPackSpec] = sheet.sections[section]
    for key, spec in entries.items():
        if problem := Money(spec.price).problem(sheet.contract.credit_pack_scale):
            yield Finding((section, key, "price"), "bad_amount", problem)
        if spec.previous_name == spec.name:
            yield Finding((section, key, "previous_name"), "same_name", "is the name itself", "remove `previous_name`")
    yield from _in_a_circle(entries, section)
    yield from _shared(entries, section, "previous_name")
    yield from _shared(entries, section, "id")


def _shared(entries: Mapping[str, CreditPackSpec], section: str, field: str) -> Iterator[Finding]:
    used = Counter(value for spec in entries.values() if (value := getattr(spec, field)))
    for key, spec in entries.items():
        if used[getattr(spec, field)] > 1:
            yield Finding((section, key, field), "duplicate", f"another pack has the same `{field}`")


def _in_a_circle(entries: Mapping[str, CreditPackSpec], section: str) -> Iterator[Finding]:
    """Packs that take the names of each other: Commet has the same names before and after that."""
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
                "the packs take the names of each other, so Commet looks the same before and after",
                "give one of them a name of its own first, apply, and give it its last name then",
            )
