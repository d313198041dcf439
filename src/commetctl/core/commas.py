"""Numbers with a comma: what was probably meant, since YAML and the catalog know a point alone."""

import re
from collections.abc import Iterator

_SIGNS = "$€£¥"
_NUMBER = re.compile(rf"[{_SIGNS}]? ?(?P<number>-?[0-9][0-9.,]*[0-9]) ?(?P<unit>%|[{_SIGNS}]|[A-Za-z]{{3}})?")
_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
#: Longer than any amount; what is longer is not looked at.
_LONGEST = 60


def comma_hint(text: str, *, whole: bool = False) -> str | None:
    """What to write instead of a number with a comma, which two things may be meant by; None for any other text.

    Where only a `whole` number can stand, decimals were not meant.
    """
    found = _NUMBER.fullmatch(text) if len(text) <= _LONGEST else None
    if not found or "," not in found["number"]:
        return None
    percent = "%" if found["unit"] == "%" else ""
    meant = {
        what: f"`{number}{percent}`" for what, number in _readings(found["number"]) if not whole or number.isdecimal()
    }
    if len(meant) > 1:
        return (
            f"write {meant['thousands']} if the comma separates thousands, or {meant['decimals']} if it stands before "
            "decimals"
        )
    otherwise = "write digits alone" if whole else "write digits with at most one point"
    return f"write {next(iter(meant.values()))}" if meant else otherwise


def _readings(number: str) -> Iterator[tuple[str, str]]:
    """Each way to understand a number with commas, and the number in the catalog's own form."""
    whole, _, rest = number.rpartition(",")
    if _GROUPED.fullmatch(number):
        yield "thousands", number.replace(",", "")
    # `1.234,56`: points between thousands, and one comma.
    grouped = _GROUPED.fullmatch(whole.replace(".", ",")) if "." in whole else whole.lstrip("-").isdecimal()
    if grouped and "," not in whole and rest.isdecimal():
        yield "decimals", f"{whole.replace('.', '')}.{rest}"
