"""Numbers with a comma, a space or another sign between their digits, and what they were meant to be."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from commetctl.core.spaces import SIGNS, named

MONEY = "$€£¥₹₩₽₺₫₪₴฿"
#: What stands between thousands, besides a comma and a point.
SEPARATORS = f" _'’{SIGNS}"
#: A currency before a number: `$`, `R$ `, `EUR `.
BEFORE = rf"[A-Z]{{0,3}}[{MONEY}] ?|[A-Za-z]{{3}} |[A-Z]{{3}}"
#: Signs of other scripts, and what stands for each in a plain number.
_ALIKE = {"−": "-", "－": "-", "٫": ".", "．": ".", "٬": ",", "，": ","}
_PLAINLY = {ord(sign): plain for sign, plain in _ALIKE.items()}
MINUS = "".join(sign for sign, plain in _ALIKE.items() if plain == "-") + "-"
_NUMBER = re.compile(
    rf"(?P<before>{BEFORE})?(?P<number>-?[0-9]([0-9.,{SEPARATORS}]*[0-9])?) ?(?P<unit>%|[{MONEY}]|[A-Za-z]{{3}})?"
)
_PLAIN = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")
_ODD = re.compile(f"[,{SEPARATORS}]")
_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
_APART = re.compile(
    rf"(?P<whole>-?[1-9][0-9]{{0,2}}(?P<sign>[{SEPARATORS}])[0-9]{{3}}((?P=sign)[0-9]{{3}})*)([.,](?P<rest>[0-9]+))?"
)
_NAMES = {",": "a comma", " ": "a space", "_": "an underscore", "'": "an apostrophe", "’": "an apostrophe"}
#: Longer than any amount; longer text is not examined.
_LONGEST = 60


@dataclass(frozen=True)
class Separated:
    """A number that is not digits with at most one point: what is odd about it, and what to write instead.

    `fix` is the number, where only one can be meant.
    """

    sign: str
    hint: str
    fix: str = ""

    @property
    def code(self) -> str:
        """The code of the problem."""
        return "decimal_comma" if self.sign == "a comma" else "digit_separator"


def separated(value: object, *, whole: bool = False) -> Separated | None:
    """What separates the digits of a number, which may be read in two ways, or stands beside it; None for other values.

    Where only a `whole` number can stand, decimals were not meant. No number of a catalog is negative.
    """
    text = str(value) if isinstance(value, str | Decimal) else ""
    found = _NUMBER.fullmatch(text.translate(_PLAINLY)) if len(text) <= _LONGEST else None
    sign = _sign(found, text, whole=whole) if found else ""
    if not found or not sign:
        return None
    percent = "%" if found["unit"] == "%" else ""
    number = found["number"].removeprefix("-")
    meant = {what: f"`{read}{percent}`" for what, read in _readings(number) if not whole or read.isdecimal()}
    if len(meant) > 1:
        what = "comma" if "," in number else "point"
        hint = (
            f"write {meant['thousands']} if the {what} separates thousands, or {meant['decimals']} if it stands before "
            "decimals"
        )
    else:
        otherwise = "write digits alone" if whole else "write digits with at most one point"
        hint = f"write {next(iter(meant.values()))}" if meant else otherwise
    if number != found["number"]:
        return Separated(sign, f"{hint}; it cannot be negative")
    return Separated(sign, hint, next(iter(meant.values())).strip("`") if len(meant) == 1 else "")


def plain_digits(value: object, *, whole: bool = False) -> str:
    """What to write for a text with digits other than 0 to 9; empty for any other value."""
    text = value if isinstance(value, str) else ""
    odd = next((sign for sign in text if sign.isdecimal() and not sign.isascii()), "")
    if not odd:
        return ""
    meant = "".join(str(unicodedata.decimal(sign, sign)) for sign in unicodedata.normalize("NFKC", text))
    found = separated(meant, whole=whole)
    return f"{named(odd)} is not one of the digits 0 to 9; {found.hint if found else f'write `{meant}`'}"


def _sign(found: re.Match[str], text: str, *, whole: bool) -> str:
    """What is odd in a number as it is written, in words; empty where nothing is."""
    if alike := next((sign for sign in text if sign in _ALIKE), ""):
        return named(alike)
    number = found["number"].removeprefix("-")
    odd = "," if "," in number else next(iter(_ODD.findall(number)), "")
    if odd:
        return _NAMES.get(odd) or named(odd)
    points = number.count(".")
    if points > 1:
        return "more than one point"
    if whole and points and _GROUPED.fullmatch(number.replace(".", ",")):
        return "a point between thousands"
    beside = (found["before"] or found["unit"] or "").strip()
    return "" if beside in ("", "%") else f"`{beside}`"


def _readings(number: str) -> Iterator[tuple[str, str]]:
    """Each way to understand such a number, and the number in the catalog's own form."""
    if _PLAIN.fullmatch(number):
        yield "decimals", number
    if apart := _APART.fullmatch(number):
        rest = f".{apart['rest']}" if apart["rest"] else ""
        yield "thousands", apart["whole"].replace(apart["sign"], "") + rest
        return
    whole, _, rest = number.rpartition(",")
    if _GROUPED.fullmatch(number):
        yield "thousands", number.replace(",", "")
    # `1.234,56`: points between thousands, and one comma.
    grouped = _GROUPED.fullmatch(whole.replace(".", ",")) if "." in whole else whole.lstrip("-").isdecimal()
    if grouped and "," not in whole and rest.isdecimal():
        yield "decimals", f"{whole.replace('.', '')}.{rest}"
    if "," not in number and _GROUPED.fullmatch(number.replace(".", ",")):
        yield "thousands", number.replace(".", "")
