"""The pages of the documentation that are made of the code: `python tests/pages/pages.py` writes all of them anew."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import cli_page
import codes_page
import effects_page
import fields_page
import llms_page

from commetctl.cli.man import man_pages

DOCS = Path(__file__).parents[2] / "docs"
PAGES: dict[str, Callable[[], str]] = {
    "effects.md": effects_page.page,
    "reference/cli.md": cli_page.page,
    "reference/codes.md": codes_page.page,
    "reference/fields.md": fields_page.page,
    # What the other pages begin with is part of it.
    "llms.txt": llms_page.page,
    # What the wheel installs for `man`.
    **{f"man/{name}": partial(str, text) for name, text in man_pages().items()},
}

if __name__ == "__main__":
    for name, made in PAGES.items():
        (DOCS / name).parent.mkdir(exist_ok=True)
        (DOCS / name).write_text(made(), "utf-8")
