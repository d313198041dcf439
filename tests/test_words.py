"""Plain words: phrases that read like a translation, or that name a thing otherwise than the glossary, are out."""

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "commetctl"
PARAGRAPHS = sorted((SOURCE / "reference").rglob("*.toml"))
#: Pages made of the source are held by it.
MADE = {ROOT / "docs" / "effects.md", *(ROOT / "docs" / "reference").iterdir()}
PAGES = [*ROOT.glob("*.md"), *(path for path in sorted((ROOT / "docs").rglob("*.md")) if path not in MADE)]
#: Commet's own command line, whose API has organizations.
COMMETS_OWN = "src/commetctl/emulator/official_cli.py"


class Phrase:
    """What is out: a part that is in all of its forms, their pattern, an example, and what to write instead."""

    def __init__(self, part: str, pattern: str, example: str, instead: str) -> None:
        self.part, self.pattern, self.example, self.instead = part, pattern, example, instead

    @cached_property
    def finder(self) -> re.Pattern[str]:
        """The pattern for texts in lower case."""
        return re.compile(rf"(?<![\w-])(?:{self.pattern})(?![\w-])")

    def is_in(self, text: str) -> bool:
        """Whether a text in lower case has the phrase; quick where it has not."""
        return self.part in text and self.finder.search(text) is not None


ORGANIZATION = Phrase("organi", r"organi[sz]ations?", "a live organization", "account")
OUT = (
    Phrase(
        "who ",
        r"(?:and|or|what|those|that|whether|when) who (?:pays?|is|are|has|have|cancels?)",
        "those who pay in EUR",
        "customers who pay in EUR",
    ),
    Phrase(
        "who ",
        r"(?:^|(?<=[.:;(|] )|(?<=\*\*))who (?:pays?|is|are|has|have|cancels?|may|can)",
        "Who cancels cannot come back",
        "Customers who cancel …",
    ),
    Phrase("who", r"who(?:m|so)?ever", "whoever pays in EUR", "customers who …, anyone who …"),
    Phrase("nobody", r"nobody new", "nobody new can choose it", "new customers cannot choose it"),
    Phrase(" all", r"once and for all|for good and all", "paid once and for all", "pay nothing more"),
    Phrase("along", r"tak(?:e|es|en|ing)(?: \w+)? along", "it takes along its prices", "deletes with it"),
    Phrase("along", r"(?:go|goes|going|gone) along", "what goes along", "deleted with it"),
    Phrase(" go of", r"(?:let|lets|letting) go of", "it lets go of the name", "gives up, removes"),
    Phrase(" told", r"(?:is|are|was|were) told(?! apart)", "the user is told", "prints, reports, gets an error"),
    Phrase("fares", r"fares", "how it fares", "what becomes of it"),
    Phrase(" it not", r"(?:has|have|does|do|is) it not", "a file has it not", "does not have it"),
    Phrase("foret", r"foretells?|foretold", "plan foretells it", "warns of it"),
    Phrase("the way", r"st(?:and|ands|ood) in the way", "what stands in the way", "prevents, blocks"),
    Phrase(" right", r"puts? (?:it|this|that) right", "put it right", "correct, repair"),
    Phrase(" it so", r"makes? it so", "make it so", "apply it"),
    Phrase(" says", r"as the (?:file|catalog) says(?! it)", "Commet is as the file says", "Commet matches the catalog"),
    Phrase(" which", r"tells? which", "Commet does not tell which", "does not report the …"),
    Phrase("known", r"is not a key that is known", "is not a key that is known here", "is not a known key"),
    Phrase("away", r"tak(?:e|es|en|ing)(?: it| them)? away", "it is taken away", "removed, deleted"),
    Phrase(" again", r"(?:made|makes?) again", "taken and made again", "created again"),
    Phrase("taken", r"taken out of the", "taken out of the plan", "removed from the plan"),
    Phrase("what ", r"what (?:goes|stands) (?:with|there)", "what goes with it", "its parts"),
    Phrase(" to be", r"c(?:ome|omes|ame) to be", "it came to be meanwhile", "was created"),
    Phrase("known of", r"nothing is known of", "nothing is known of it", "it is not known whether …"),
    Phrase(" form", r"(?:put|is|are) in form", "the file is in form", "formatted"),
    Phrase("under", r"under the same key", "sent again under the same key", "with the same key"),
    Phrase(" back", r"gives? (?:it|them) back", "Commet does not give it back", "return"),
    ORGANIZATION,
)
_SHOWN = re.compile(r"^ *```.*?```|^>[^\n]*", re.MULTILINE | re.DOTALL)
#: Where a string goes on in the next line, and white space of any length.
_JOINT = re.compile(r"[\"']\s*\n\s*f?[\"']|\s+")


def test_no_text_has_a_phrase_that_is_out() -> None:
    found = list(_finds())
    assert not found, f"{len(found)}:\n" + "\n".join(found)


def test_each_phrase_is_found_in_its_example() -> None:
    assert [phrase.example for phrase in OUT if not phrase.is_in(phrase.example.lower())] == []


def _finds() -> Iterator[str]:
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text("utf-8")
        if any(_phrases(_JOINT.sub(_joined, text))):
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield from _said(f"{path.relative_to(ROOT)}:{node.lineno}", " ".join(node.value.split()))
    for path in PARAGRAPHS + PAGES:
        # What commands print is held by the source.
        prose = _SHOWN.sub("", path.read_text("utf-8"))
        for paragraph in prose.split("\n\n"):
            yield from _said(str(path.relative_to(ROOT)), " ".join(paragraph.split()))


def _said(place: str, text: str) -> Iterator[str]:
    for phrase in _phrases(text):
        if phrase is ORGANIZATION and (place.startswith(COMMETS_OWN) or "Commet organization" in text):
            continue
        yield f"{place}: `{phrase.example}`, in `{text[:200]}`; write: {phrase.instead}"


def _phrases(text: str) -> Iterator[Phrase]:
    lower = text.lower()
    return (phrase for phrase in OUT if phrase.is_in(lower))


def _joined(joint: re.Match[str]) -> str:
    return " " if joint[0].isspace() else ""
