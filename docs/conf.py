"""The documentation as a site: what `make site` builds with Sphinx, out of the same pages that a repository shows.

The pages stay plain Markdown: the navigation is made of the lists in `index.md`, and whatever they link to is checked.
"""

import re
from pathlib import Path

from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[1]
_START = "docs/index"
_PAGE = '<!doctype html><meta charset="utf-8"><title>commetctl</title><meta http-equiv="refresh" content="0; url={0}">'

project = "commetctl"
html_title = "commetctl"
copyright = "the authors of commetctl, Apache License 2.0"  # noqa: A001  (what Sphinx calls it)
root_doc = _START
# The source is the whole repository, so that a page may link to the README and to an example.
include_patterns = ["*.md", "docs/**.md", "examples/**.md", "skills/**.md"]
exclude_patterns = ["build", "dist", "src", "tests", ".*", "**/.*"]
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
nitpicky = True

myst_heading_anchors = 6
# What Markdown of GitHub has too; that other builders than that of HTML lack it is nothing to warn of.
myst_enable_extensions = ["strikethrough"]
suppress_warnings = ["myst.strikethrough"]
# Options begin with two hyphens, and code keeps its quotes.
smartquotes = False
highlight_language = "none"

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
# A summary of each hit would need a server.
html_show_search_summary = False
html_theme_options = {"navigation_with_keys": False}


def setup(app: Sphinx) -> None:
    """What Sphinx calls first."""
    app.connect("source-read", _read)
    app.connect("build-finished", _finished)


def _read(_app: Sphinx, name: str, source: list[str]) -> None:
    folder = (ROOT / name).parent
    source[0] = re.sub(r"\[([^][]+)\]\(([^)#:\s]+)\)", lambda link: _link(folder, link), source[0])
    if name == _START:
        source[0] += "".join(_navigation(source[0]))


def _link(folder: Path, link: re.Match[str]) -> str:
    """A link as it is, but to a folder, which a site does not show: to its page if it has one, else the text alone."""
    if not (folder / link[2]).is_dir():
        return link[0]
    page = f"{link[2].rstrip('/')}/README.md"
    return f"[{link[1]}]({page})" if (folder / page).is_file() else link[1]


def _navigation(text: str) -> list[str]:
    """A hidden list of pages for each heading that has a list of links."""
    sections = re.split(r"^## +(.+)$", text, flags=re.MULTILINE)[1:]
    return [_section(title, body) for title, body in zip(sections[::2], sections[1::2], strict=True)]


def _section(title: str, body: str) -> str:
    entries = [
        f"{text} <{'/' + target.removeprefix('../') if target.startswith('../') else target}>"
        for text, target in re.findall(r"^- \[(.+)\]\(([^)]+)\.md\)$", body, re.MULTILINE)
    ]
    return "\n\n```{toctree}\n:hidden:\n:caption: " + title + "\n\n" + "\n".join(entries) + "\n```\n"


def _finished(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.name == "html":
        out = Path(app.outdir)
        (out / "index.html").write_text(_PAGE.format(f"{_START}.html"), "utf-8")
        _for_assistants(out, [f"{name}.md" for name in app.env.found_docs])


def _for_assistants(out: Path, pages: list[str]) -> None:
    """At the root, the list of all pages as Markdown, and each of them beside its HTML."""
    for name in pages:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        # The comments are for the tests: commands that a page leaves out.
        text = re.sub(r"<!--.*?-->\n?", "", (ROOT / name).read_text("utf-8"), flags=re.DOTALL)
        (out / name).write_text(text, "utf-8")
    text = (ROOT / "docs/llms.txt").read_text("utf-8")
    text = re.sub(r"\]\((\.\./)?(?![a-z]+:)", lambda link: "](" if link[1] else "](docs/", text)
    (out / "llms.txt").write_text(text, "utf-8")
