"""A real Chromium, without a network, and pages opened in it from files."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, sync_playwright

# The goldens are scenes for the browser too.
sys.path.append(str(Path(__file__).parents[1] / "render"))

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
#: Milliseconds until something that does not come is missing.
_PATIENCE = 20_000
#: Anything that moves, and every test would have to wait for it.
STILL: dict[str, Any] = {"reduced_motion": "reduce"}


@dataclass
class Opened:
    """A page in a browser, and everything that it asked for, complained of, or said."""

    page: Page
    url: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def plans(self) -> dict[str, str]:
        """The text of each plan that is to be seen, by its code."""
        seen = self.page.locator(".plan:visible").all()
        return {plan.locator(".code").first.inner_text(): plan.inner_text() for plan in seen}

    def choose(self, name: str, value: str) -> None:
        """Click on one of the radio buttons."""
        self.page.locator(f'label:has(input[name="{name}"][value="{value}"])').click()


Open = Callable[..., Opened]


def chromium() -> str | None:
    """Where the browser is; None where there is none."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium with a profile of its own; fails where there is none."""
    path = chromium()
    if path is None:
        pytest.fail("there is no Chromium: install it, on Debian with `apt-get install chromium`", pytrace=False)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, headless=True, args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens HTML as a file. In the end, nothing was asked for but that file, and nobody complained."""
    contexts: list[BrowserContext] = []
    shown: list[Opened] = []

    def show(html: str, **options: Any) -> Opened:
        file = tmp_path / f"{len(shown)}.html"
        file.write_text(html, encoding="utf-8")
        context = browser.new_context(**options)
        context.set_default_timeout(_PATIENCE)
        contexts.append(context)
        found = Opened(context.new_page(), file.as_uri())
        shown.append(found)
        watch(context, found)
        found.page.goto(found.url)
        return found

    yield show
    for found, context in zip(shown, contexts, strict=True):
        context.close()
        assert found.requests == [found.url]
        assert found.complaints == []


def watch(context: BrowserContext, found: Opened) -> None:
    """Note what a page does."""
    context.on("request", lambda request: found.requests.append(request.url))
    context.on("console", lambda message: found.complaints.append(f"console: {message.text}"))
    context.on("weberror", lambda error: found.complaints.append(f"error: {error.error}"))
    context.on("dialog", lambda dialog: refuse(dialog, found))
    context.on("page", lambda page: found.complaints.append("another page") if page is not found.page else None)


def refuse(dialog: Dialog, found: Opened) -> None:
    """Note a dialog, and close it."""
    found.complaints.append(f"dialog: {dialog.message}")
    dialog.dismiss()
