"""Pages: written to a file that commetctl may replace, and opened in the browser of this machine, if it has one."""

import os
import sys
from pathlib import Path

#: One of these is set where a window can be opened.
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
#: How many bytes of a file are searched for its generator.
_HEAD = 4096


def write_page(path: Path, html: str) -> None:
    """Write a page over nothing, or over a page that commetctl wrote. Raises CommetctlError for anything else."""
    from commetctl.core.files import write_own

    write_own(path, html.encode(), "a page that commetctl wrote", _is_page)


def said(what: str, path: Path, *, opens: bool) -> str:
    """Where the page is; opens it where that is asked for, and says so where there is no browser."""
    from commetctl.core.text import printable

    text = f"{what} is in {path}"
    if opens:
        text += ", and open in the browser" if _opened(path) else "; there is no browser here to open it in"
    return printable(text)


def _opened(path: Path) -> bool:
    import webbrowser

    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in _SCREENS):
        # A browser inside the terminal would take it over.
        return False
    try:
        return webbrowser.open(path.resolve().as_uri())
    except (webbrowser.Error, OSError):
        return False


def _is_page(path: Path) -> bool:
    from commetctl.render.page import GENERATOR

    with path.open("rb") as file:
        return f'<meta name="generator" content="{GENERATOR} '.encode() in file.read(_HEAD)
