"""The page of the codes that commetctl can print."""

from collections.abc import Iterator

from pagetext import made_from, paragraphs, wrapped

from commetctl.reference.codes import Code, Sort, meanings, themes

_HEAD = """\
# Codes

Every message of commetctl has a code: a word that stays the same when the wording of the message changes. In JSON it
is the `code` of a [diagnostic](../cli.md#json), in text it stands in brackets after a warning about the catalog, and
`commetctl explain CODE` prints what is here.

| sort | what it is | exit code |
|---|---|---|
"""


def page() -> str:
    """The page for the codes as they are."""
    sorts = "".join(f"| {sort.value} | {sort.about} | {sort.exit_code} |\n" for sort in Sort)
    more = "Where a code has another exit code than its sort, it says so. A warning leaves the exit code as it is."
    return paragraphs([_HEAD + sorts, more, *_sections(), made_from("src/commetctl/reference/paragraphs")])


def _sections() -> Iterator[str]:
    seen: set[str] = set()
    for theme in themes():
        yield f"## {theme.title}"
        yield wrapped(theme.about)
        for code in theme.codes:
            if code.name not in seen:
                seen.add(code.name)
                yield f"### `{code.name}`"
                yield from _meanings(meanings(code.name))


def _meanings(found: tuple[Code, ...]) -> Iterator[str]:
    for code in found:
        yield wrapped(f"*{_sort(code)}*: {code.text}")


def _sort(code: Code) -> str:
    exits = f", exit code {code.exit_code}" if code.exit_code != code.sort.exit_code else ""
    return code.sort.value.capitalize() + exits
