"""What an archive says about its own origin: links that lead into the repository, and workflows that name it.

A checkout does not know where it is published, and names nobody. A release does: it is given the repository and the
commit, and these replace the placeholders in a copy of the source before that is built.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from commetctl_ci.trouble import Trouble

#: What stands in the files to copy until a release replaces it.
PLACEHOLDER = "your-org/commetctl"
NO_COMMIT = "0" * 40
_ADVICE = re.compile(rf"^# Replace {PLACEHOLDER} .*\n(?:# .+\n)*#\n", re.MULTILINE)
_PINNED = re.compile(rf'{NO_COMMIT}("? +# )v\d+\.\d+\.\d+')
_LINK = re.compile(r"(!?\[(?:[^][]|!\[[^][]*\]\([^)]*\))*\])\((?![a-z+]+:|#)([^)\s]+)\)")
_URLS = """
[project.urls]
Documentation = "{tree}/docs/index.md"
Changelog = "{tree}/CHANGELOG.md"
Repository = "{repository}"
Issues = "{repository}/issues"
"""


@dataclass(frozen=True)
class Origin:
    """The repository on GitHub and the commit that a release is made from, and the tag that it gets."""

    repository: str
    commit: str
    tag: str

    def __post_init__(self) -> None:
        """Refuse what would break out of the text that it is put into."""
        if not re.fullmatch(r"https://[a-z0-9.-]+/[A-Za-z0-9-]+/[A-Za-z0-9._-]+", self.repository):
            raise Trouble(f"this is no repository on GitHub: {self.repository}")
        if not re.fullmatch(r"[0-9a-f]{40}", self.commit):
            raise Trouble(f"this is no commit: {self.commit}")
        if not re.fullmatch(r"v[0-9][0-9a-z.]*", self.tag):
            raise Trouble(f"this is no tag of a release: {self.tag}")

    @property
    def name(self) -> str:
        """The owner and the name, as `uses:` has them."""
        return "/".join(self.repository.split("/")[-2:])

    def page(self, path: str, how: str = "blob") -> str:
        """The address of a file at the commit."""
        return f"{self.repository}/{how}/{self.commit}/{path}"


def stamp(source: Path, origin: Origin) -> None:
    """Put the origin into a copy of the source."""
    _change(source / "README.md", lambda text: _named(absolute(text, origin), origin))
    urls = _URLS.format(tree=f"{origin.repository}/blob/{origin.commit}", repository=origin.repository)
    _change(
        source / "pyproject.toml", lambda text: text.replace("\n[project.scripts]\n", f"{urls}\n[project.scripts]\n")
    )
    for path in sorted((source / "examples/ci").rglob("*.y*ml")):
        _change(path, lambda text: _named(_ADVICE.sub("", text), origin))


def absolute(text: str, origin: Origin) -> str:
    """Markdown whose links to files lead into the repository, so that they work on another site too."""

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
        raise Trouble(f"{path.name} has nothing that a release replaces")
    path.write_text(after, "utf-8")
