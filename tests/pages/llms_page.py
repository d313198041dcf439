"""The list of pages for assistants, `llms.txt`: what is in `docs/index.md`, with the first sentence of each page."""

import re
from collections.abc import Iterator
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"

_ASSISTANTS = """\
An assistant that edits a catalog follows [the skill](../skills/commetctl/SKILL.md): it has a read-only key, runs
`commetctl validate` and `commetctl plan`, and opens a pull request. People merge it, and CI applies it.
`commetctl explain CODE` explains the code of any error or warning."""
#: Sections of the contents that can be left out where there is little room, which the format calls optional.
_OPTIONAL = frozenset({"Project"})


def page() -> str:
    """The whole list. Links are relative to the folder `docs`."""
    title, about, *sections = _sections((DOCS / "index.md").read_text("utf-8"))
    kept = [section for section in sections if section[0] not in _OPTIONAL]
    rest = "".join(links for name, links in sections if name in _OPTIONAL)
    parts = [f"# {title[0]}\n", f"> {about[1]}\n", f"{_ASSISTANTS}\n"]
    return "\n".join([*parts, *(f"## {name}\n\n{links}" for name, links in kept), f"## Optional\n\n{rest}"])


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """The title, then what the page is about, then each heading with its list of links."""
    head, *sections = re.split(r"^##? +", text.removeprefix("# "), flags=re.MULTILINE)
    title, _, about = head.partition("\n")
    yield title, ""
    yield "", _first_sentence(about)
    for section in sections:
        name, _, body = section.partition("\n")
        links = re.findall(r"^- \[(.+)\]\(([^)]+\.md)\)$", body, re.MULTILINE)
        yield name, "".join(f"- [{label}]({target}){_note(target)}\n" for label, target in links)


def _note(target: str) -> str:
    text = (DOCS / target).read_text("utf-8")
    sentence = _first_sentence(text)
    return f": {sentence}" if sentence else ""


def _first_sentence(text: str) -> str:
    """The first sentence of prose, without its links; none where a page begins with something else."""
    for paragraph in text.split("\n\n"):
        line = " ".join(paragraph.split())
        if not line or line.startswith(("#", "---", "This page is made from", "<!--", "[!")):
            continue
        plain = re.sub(r"!?\[([^][]*)\]\([^)]*\)", r"\1", line)
        if re.match(r"[\w`*\"]", plain) is None or plain.startswith("```"):
            return ""
        return re.split(r"(?<=[.!?])\s+(?=[A-Z`])|:$", plain)[0]
    return ""
