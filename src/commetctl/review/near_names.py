"""The lint rule `near_duplicate_name`: two objects whose names are easily confused."""

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher

from commetctl.core.text import appearance, json_text, printable
from commetctl.kinds import by_name
from commetctl.kinds.section import Finding, Sheet

#: One letter in ten: a plural, a hyphen, a typing mistake. Names that differ on purpose differ in a word.
NEAR = 0.9
#: Comparing every pair of more or longer names would take too long; those are compared for equality only.
MOST, LONGEST = 300, 100

# Numbers, short words and signs distinguish names on purpose: Team 5, Tier II, Storage GB, Business+.
_MARK = re.compile(r"\w*\d\w*|[ivx]+|\w{1,2}|[^\w\s]")
_TOKEN = re.compile(r"\w+|[^\w\s]")


def near_duplicate_name(sheet: Sheet) -> Iterator[Finding]:
    """Objects whose name is nearly that of an earlier object of the same section."""
    for section, entries in sheet.sections.items():
        seen = _Seen()
        for key, spec in entries.items() if "name" in by_name()[section].spec.model_fields else ():
            if (like := seen.like(spec.name)) is not None:
                message = f"`{printable(spec.name)}` is {_how(spec.name, *like)}"
                hint = "give them names that cannot be confused, or remove one of them"
                yield Finding((section, key, "name"), "near_duplicate_name", message, hint)
            seen.add(key, spec.name)


def _how(name: str, other: str, like: str) -> str:
    """How a name is like that of another object."""
    if name == like:
        return f"also the name of `{other}`"
    if appearance(name) == appearance(like):
        return f"written {json_text(name)}, which looks the same as the name of `{other}`, {json_text(like)}"
    return f"almost `{printable(like)}`, the name of `{other}`"


class _Seen:
    """The names of a section so far, in the forms in which they are compared."""

    def __init__(self) -> None:
        self._folded: dict[str, tuple[str, str]] = {}
        #: Each with what distinguishes it, its key and the name.
        self._plain: list[tuple[str, list[str], tuple[str, str]]] = []

    def add(self, key: str, name: str) -> None:
        """Remember a name."""
        self._folded.setdefault(_folded(name), (key, name))
        if len(self._plain) < MOST and len(name) <= LONGEST:
            plain = _plain(name)
            self._plain.append((plain, _marks(plain), (key, name)))

    def like(self, name: str) -> tuple[str, str] | None:
        """The key and name of the first object with nearly this name."""
        if found := self._folded.get(_folded(name)):
            return found
        if len(self._plain) == MOST or len(name) > LONGEST:
            return None
        plain = _plain(name)
        marks, matcher = _marks(plain), SequenceMatcher(None, "", plain, autojunk=False)
        for other, other_marks, found in self._plain:
            if other_marks != marks:
                continue
            matcher.set_seq1(other)
            # The quick ratios are upper bounds of the exact one.
            if matcher.real_quick_ratio() >= NEAR and matcher.quick_ratio() >= NEAR and matcher.ratio() >= NEAR:
                return found
        return None


def _plain(name: str) -> str:
    """A name without differences that only the eye sees: case, and other code points for the same letter."""
    return unicodedata.normalize("NFKC", name).casefold()


def _folded(name: str) -> str:
    """A name without spaces and punctuation, except between digits: 1.5 is not 15."""
    plain = _plain(name)
    around = zip(f" {plain}", plain, f"{plain[1:]} ", strict=False)
    return "".join(sign for before, sign, after in around if not _is_silent(sign, before, after))


def _is_silent(sign: str, before: str, after: str) -> bool:
    kind = unicodedata.category(sign)[0]
    return kind in "ZC" or (kind == "P" and not (before.isdigit() and after.isdigit()))


def _marks(plain: str) -> list[str]:
    return [token for token in _TOKEN.findall(plain) if _MARK.fullmatch(token)]
