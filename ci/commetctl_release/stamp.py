"""Puts the origin of a release into its files: the links of the README, and the workflows that people copy.

A checkout does not know where it is published, so these files contain placeholders. For a release, the placeholders are
replaced with its repository, commit and tag, in a copy of the source, before the archives are built.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from commetctl_ci.trouble import Trouble

#: The placeholders in the files that people copy.
PLACEHOLDER = "your-org/commetctl"
NO_COMMIT = "0" * 40
_ADVICE = re.compile(rf"^# Replace {PLACEHOLDER} .*\n(?:# .+\n)*#\n", re.MULTILINE)
_PINNED = re.compile(rf'{NO_COMMIT}("? +# )v\d+\.\d+\.\d+')
_LINK = re.compile(r"(!?\[(?:[^][]|!\[[^][]*\]\([^)]*\))*\])\((?![a-z+]+:|#)([^)\s]+)\)")
#: What only the tests of the pages read.
_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_URLS = """
[project.urls]
Documentation = "{tree}/docs/index.md"
Changelog = "{tree}/CHANGELOG.md"
Repository = "{repository}"
Issues = "{repository}/issues"
"""


@dataclass(frozen=True)
class Origin:
    """The GitHub repository, the commit and the tag of a release."""

    repository: str
    commit: str
    tag: str

    def __post_init__(self) -> None:
        """Refuse text that could break out of the files that it is put into."""
        if not re.fullmatch(r"https://[a-z0-9.-]+/[A-Za-z0-9-]+/[A-Za-z0-9._-]+", self.repository):
            raise Trouble(f"not a GitHub repository: {self.repository}")
        if not re.fullmatch(r"[0-9a-f]{40}", self.commit):
            raise Trouble(f"not a commit: {self.commit}")
        if not re.fullmatch(r"v[0-9][0-9a-z.]*", self.tag):
            raise Trouble(f"not a release tag: {self.tag}")

    @property
    def name(self) -> str:
        """OWNER/NAME, as in `uses:`."""
        return "/".join(self.repository.split("/")[-2:])

    def page(self, path: str, how: str = "blob") -> str:
        """The address of a file at the commit."""
        return f"{self.repository}/{how}/{self.commit}/{path}"


def stamp(source: Path, origin: Origin) -> None:
    """Put the origin into a copy of the source."""
    _change(source / "README.md", lambda text: _named(absolute(_COMMENT.sub("", text), origin), origin))
    urls = _URLS.format(tree=f"{origin.repository}/blob/{origin.commit}", repository=origin.repository)
    _change(
        source / "pyproject.toml", lambda text: text.replace("\n[project.scripts]\n", f"{urls}\n[project.scripts]\n")
    )
    for path in sorted((source / "examples/ci").rglob("*.y*ml")):
        _change(path, lambda text: _named(_ADVICE.sub("", text), origin))


def absolute(text: str, origin: Origin) -> str:
    """Markdown with absolute links, which work on any site."""

    def link(found: re.Match[str]) -> str:
        how = "raw" if found[1].startswith("!") else "blob"
        return f"{_LINK.sub(link, found[1])}({origin.page(found[2], how)})"

    return _LINK.sub(link, text)


def _named(text: str, origin: Origin) -> str:
    text = text.replace("docs/ci.md of commetctl", origin.page("docs/ci.md"))
    text = text.replace(f"https://git.example/{PLACEHOLDER}", origin.repository)
    text = _PINNED.sub(rf"{origin.commit}\1{origin.tag}", text.replace(PLACEHOLDER, origin.name))
    return re.sub(r"^( +rev: )v\S+$", rf"\1{origin.tag}", text, flags=re.MULTILINE)


def _change(path: Path, how: Callable[[str], str]) -> None:
    before = path.read_text("utf-8")
    after = how(before)
    if after == before:
        raise Trouble(f"{path.name} contains no placeholder to replace")
    path.write_text(after, "utf-8")
