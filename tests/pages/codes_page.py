"""The page of the codes that commetctl can print."""

from collections import Counter
from collections.abc import Iterator, Sequence

from pagetext import made_from, paragraphs, wrapped

from commetctl.reference.codes import Code, Sort, Theme, meanings, themes

_HEAD = """\
# Codes

Every message of commetctl has a code, which stays the same when the wording changes. In JSON it is the `code` of a
[diagnostic](../cli.md#json). `commetctl explain CODE` prints what is here, with details.

"""


def page() -> str:
    """The page for the codes as they are."""
    sorts = "".join(f"- *{label(sort)}*, exit code {sort.exit_code}: {sort.about}\n" for sort in Sort)
    more = "Each section says what its codes are. A code of another sort, or with another exit code, says so itself."
    return paragraphs([_HEAD + sorts, more, *_sections(), made_from("src/commetctl/reference/paragraphs")])


def label(sort: Sort) -> str:
    """The word for a sort."""
    return sort.value.capitalize()


def _sections() -> Iterator[str]:
    seen: set[str] = set()
    for theme in themes():
        yield f"## {theme.title}"
        yield wrapped(theme.about)
        for code in theme.codes:
            if code.name not in seen:
                seen.add(code.name)
                yield f"### `{code.name}`"
                yield from _meanings(meanings(code.name), usual(theme))


def usual(theme: Theme) -> Sort:
    """What most codes of a theme are."""
    return Counter(code.sort for code in theme.codes).most_common(1)[0][0]


def _meanings(found: Sequence[Code], usually: Sort) -> Iterator[str]:
    for code in found:
        exits = f"exit code {code.exit_code}" if code.exit_code != code.sort.exit_code else ""
        said = [
            word for word in (label(code.sort) if len(found) > 1 or code.sort is not usually else "", exits) if word
        ]
        first = ", ".join(said)
        yield wrapped(f"*{first[0].upper() + first[1:]}*: {code.gist}" if said else code.gist)
