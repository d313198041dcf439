"""The pictures of the documentation, taken again: PYTHONPATH=tests:tests/render .venv/bin/python -m browser.pictures"""

import html
import re
from pathlib import Path

from golden import files
from playwright.sync_api import sync_playwright

from browser.catalogs import changed, complete, plain
from browser.conftest import FLAGS, chromium
from commetctl.reading import reading_of
from commetctl.render.page import page

IMAGES = Path(__file__).parents[2] / "docs" / "images"
_WIDTH = 120
_COLORS = {"1": "font-weight:700", "2": "opacity:.6", "7": "background:#e8e6df;color:#1b1c1a;border-radius:2px"}
_COLORS |= {"31": "color:#ff8a7a", "32": "color:#8fd6a3", "33": "color:#f2cf7e", "35": "color:#d8a6ff"}
_STYLE = "margin:0;padding:28px 32px;background:#1b1c1a;color:#e8e6df;display:inline-block;font:15px/1.55"
_FONT = "ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace"


def terminal(text: str) -> str:
    """Coloured text of a terminal as HTML."""

    def styled(found: re.Match[str]) -> str:
        style = ";".join(_COLORS[code] for code in found[1].split(";"))
        return f'<span style="{style}">{found[2]}</span>'

    shown = re.sub("\x1b\\[([0-9;]+)m(.*?)\x1b\\[0m", styled, html.escape(text, quote=False))
    return f'<meta charset="utf-8"><body style="margin:0"><pre style="{_STYLE} {_FONT}">{shown}</pre>'


def main() -> None:
    """Take each picture."""
    pages = {
        "plan.png": (terminal(files.text("small", _WIDTH, color=True).rstrip("\n")), "pre", 1400),
        "preview.png": (page(reading_of(plain(complete())), compare=False), "", 1100),
        "preview-changes.png": (page(reading_of(changed()), compare=True), "", 1100),
    }
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), headless=True, args=list(FLAGS))
        for name, (content, part, width) in pages.items():
            tab = running.new_page(viewport={"width": width, "height": 900}, device_scale_factor=2 if part else 1)
            tab.set_content(content)
            path = IMAGES / name
            tab.locator(part).screenshot(path=path) if part else tab.screenshot(path=path)
        running.close()


if __name__ == "__main__":
    main()
