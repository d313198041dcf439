"""The documentation: every link leads somewhere, every command exists with its options, every catalog is valid."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import pytest

from commetctl.catalog import load
from commetctl.cli import group
from commetctl.core.errors import InvalidCatalog
from commetctl.review.lint import lint

ROOT = Path(__file__).parents[1]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "examples").rglob("*.md")),
]
#: Catalogs that are wrong or odd on purpose, by a line of theirs: what is said of them there.
BROKEN = {("docs/catalog.md", "mode: sandbx"): 3}
WARNED = {("docs/lint.md", "      yearly: {price: 600.00}"): ["yearly_dearer"]}

FENCE = re.compile(r"^ *(?:> ?)*(`{3,}|~{3,})(\w*)\s*$")
HEADING = re.compile(r"^(?:> ?)*#{1,6} +(.+?)(?: +#+)?\s*$")
LINK = re.compile(r"\]\(<?([^)\s>]+)>?(?: \"[^\"]*\")?\)")
REFERENCE = re.compile(r"^\[[^\]]+\]: +(\S+)", re.MULTILINE)
CODE = re.compile(r"(?<!`)(`+)(?!`)((?:(?!\n\n).)+?)(?<!`)\1(?!`)", re.DOTALL)
ENDS = frozenset({"|", "||", "&", "&&", ";", ">", ">>", "<", "2>", "2>&1"})


@dataclass(frozen=True)
class Page:
    """What is prose in a page, and its fenced blocks: language, text, number of the first line."""

    prose: str
    blocks: list[tuple[str, str, int]]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def page(text: str) -> Page:
    """A page in parts. A fence ends with one of its own kind that is at least as long."""
    prose: list[str] = []
    blocks: list[tuple[str, str, int]] = []
    fence: re.Match[str] | None = None
    inside: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        mark = FENCE.match(line)
        if fence is None and mark is not None:
            fence, inside = mark, []
        elif fence is None:
            prose.append(line)
        elif mark is not None and mark[1].startswith(fence[1]) and not mark[2]:
            blocks.append((fence[2], "\n".join(inside), number - len(inside)))
            fence = None
        else:
            inside.append(line)
    assert fence is None, "a fence that never ends"
    return Page("\n".join(prose), blocks)


def slugs(text: str) -> set[str]:
    """The anchors of a page, as GitHub makes them of its headings; the second of one name ends with -1."""
    found: set[str] = set()
    seen: dict[str, int] = {}
    for line in page(text).prose.splitlines():
        if heading := HEADING.match(line):
            shown = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading[1]).strip().lower()
            slug = re.sub(r"[^\w\- ]", "", shown).replace(" ", "-")
            found.add(f"{slug}-{seen[slug]}" if slug in seen else slug)
            seen[slug] = seen.get(slug, 0) + 1
    return found


def links(text: str) -> Iterator[str]:
    """Where a page links to inside of the repository."""
    # Code is no link, but a link may have code as its text.
    prose = CODE.sub("code", page(text).prose)
    for target in [*LINK.findall(prose), *REFERENCE.findall(prose)]:
        if not urlsplit(target).scheme:
            yield target


def dead(path: Path, target: str) -> str | None:
    """What is wrong with a link, if anything is."""
    to, _, anchor = target.partition("#")
    file = (path.parent / unquote(to)).resolve() if to else path
    if not file.is_relative_to(ROOT) or not file.exists():
        return f"{target}: there is no such file"
    if anchor and file.suffix == ".md" and unquote(anchor) not in slugs(file.read_text("utf-8")):
        return f"{target}: there is no such heading"
    return None


def commands(text: str) -> Iterator[str]:
    """Every call of commetctl: after a prompt, in a shell script, and in the middle of a sentence."""
    parts = page(text)
    for language, body, _ in parts.blocks:
        for line in body.replace("\\\n", " ").splitlines():
            if language == "console" and line.startswith("$ commetctl "):
                yield line.removeprefix("$ ")
            elif language == "sh" and line.startswith("commetctl "):
                yield line
    for _, code in CODE.findall(parts.prose):
        if re.match(r"commetctl\s+[a-z-]", code):
            yield " ".join(code.split())


def wrong(line: str) -> str | None:
    """What the command line would not know of a call, if anything."""
    command: click.Command = group
    context = click.Context(command, info_name="commetctl")
    for word in shlex.split(line, comments=True)[1:]:
        if word in ENDS:
            break
        if word.startswith("-") and word != "-":
            known = {name for option in command.get_params(context) for name in (*option.opts, *option.secondary_opts)}
            if word.partition("=")[0] not in known:
                return f"{line}: {context.command_path} has no option {word}"
        elif isinstance(command, click.Group):
            found = command.get_command(context, word)
            if found is None:
                return f"{line}: {context.command_path} has no command {word}"
            command, context = found, click.Context(found, context, info_name=word)
    return None


def catalogs(text: str) -> Iterator[tuple[str, int]]:
    """Every whole catalog of a page, with its line."""
    for language, body, number in page(text).blocks:
        if language == "yaml" and body.startswith("version: 1\n"):
            yield body + "\n", number


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_link_leads_somewhere(path: Path) -> None:
    problems = [dead(path, target) for target in links(path.read_text("utf-8"))]
    assert [problem for problem in problems if problem] == []


#: A module or a folder of the package, as the pages for developers name it.
_MODULE = re.compile(r"`(?:src/commetctl/)?([a-z_]+(?:/[a-z_]+)*(?:/|\.py))`")
_ROOMS = {path.name for path in (ROOT / "src" / "commetctl").iterdir() if path.is_dir()}


@pytest.mark.parametrize("page", ["docs/architecture.md", "CONTRIBUTING.md"])
def test_every_module_that_is_named_exists(page: str) -> None:
    named = _MODULE.findall((ROOT / page).read_text("utf-8"))
    found = [name for name in named if name.partition("/")[0] in _ROOMS]
    assert found
    missing = [name for name in found if not any((ROOT / top / name).exists() for top in ("src/commetctl", "tests"))]
    assert missing == []


def test_the_start_page_leads_to_every_page() -> None:
    """The navigation of the site is made of its lists, and a page that is in none of them is lost."""
    start = ROOT / "docs" / "index.md"
    led = {(start.parent / target).resolve() for target in links(start.read_text("utf-8"))}
    assert set(PAGES) - led == {start}
    items = re.findall(r"^- .*", start.read_text("utf-8"), re.MULTILINE)
    assert [item for item in items if not re.fullmatch(r"- \[[^]]+\]\(\S+\.md\)", item)] == [], "one link to an item"
    assert len(set(items)) == len(items) == len({item.rpartition("(")[2] for item in items})


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_command_exists_with_its_options(path: Path) -> None:
    problems = [wrong(line) for line in commands(path.read_text("utf-8"))]
    assert [problem for problem in problems if problem] == []


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_catalog_is_valid_and_clean_unless_it_is_to_show_a_mistake(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "commet.yaml"
    for body, number in catalogs(path.read_text("utf-8")):
        file.write_text(body, "utf-8")
        where = f"{name_of(path)}:{number}"
        marks = [(name_of(path), line) for line in body.splitlines()]
        if broken := [BROKEN[mark] for mark in marks if mark in BROKEN]:
            with pytest.raises(InvalidCatalog) as caught:
                load(file)
            assert [len(caught.value.problems)] == broken, where
        else:
            warned = [code for mark in marks for code in WARNED.get(mark, [])]
            assert [problem.code for problem in lint(load(file))] == warned, where


def test_the_exceptions_are_still_there() -> None:
    for name, line in [*BROKEN, *WARNED]:
        assert any(line in body.splitlines() for body, _ in catalogs((ROOT / name).read_text("utf-8"))), line


def test_the_pages_have_what_is_looked_for() -> None:
    """Nothing passes because nothing was found."""
    texts = [path.read_text("utf-8") for path in PAGES]
    assert sum(len(list(links(text))) for text in texts) > 100
    assert sum(len(list(commands(text))) for text in texts) > 60
    assert sum(len(list(catalogs(text))) for text in texts) >= 4


SLUGS = [
    ("## The older API, and `price_scale`", "the-older-api-and-price_scale"),
    ('## What "unknown" means', "what-unknown-means"),
    ("### Review, then exactly that ###", "review-then-exactly-that"),
    ("# A [link](x.md) - and a dash", "a-link---and-a-dash"),
    ("> #### Für Überschriften: 1.2", "für-überschriften-12"),
]


@pytest.mark.parametrize(("heading", "slug"), SLUGS)
def test_a_heading_has_the_anchor_that_github_makes(heading: str, slug: str) -> None:
    assert slugs(heading) == {slug}


def test_the_same_heading_again_is_numbered_and_code_has_none() -> None:
    assert slugs("# A\n## A\n```sh\n# B\n```\n# A") == {"a", "a-1", "a-2"}


def test_a_link_to_nothing_is_found() -> None:
    text = "[a](guide.md#nowhere) [`b`](nowhere.md) [c](guide.md#guide) `[d](e.md)` [f](https://x.example/#y)"
    assert [dead(ROOT / "docs/cli.md", target) for target in links(text)] == [
        "guide.md#nowhere: there is no such heading",
        "nowhere.md: there is no such file",
        None,
    ]


def test_a_call_of_what_does_not_exist_is_found() -> None:
    text = (
        "`commetctl plann` `commetctl plan -q`\n```console\n$ commetctl plan \\\n --loca\n$ commetctl packs buy\n```\n"
    )
    assert [wrong(line) for line in commands(text)] == [
        "commetctl plan   --loca: commetctl plan has no option --loca",
        "commetctl packs buy: commetctl packs has no command buy",
        "commetctl plann: commetctl has no command plann",
        None,
    ]


def test_the_documentation_is_short_enough_to_be_read() -> None:
    # The pages that are made of the code have limits of their own.
    made = {ROOT / "docs" / "effects.md", *(ROOT / "docs" / "reference").iterdir()}
    pages = {ROOT / "README.md", *(ROOT / "docs").rglob("*.md")} - made
    words = {page.relative_to(ROOT).as_posix(): len(page.read_text("utf-8").split()) for page in pages}
    assert sum(words.values()) <= 22_500, sorted(words.items(), key=lambda item: -item[1])[:9]
