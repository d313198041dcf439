"""The site of the documentation, as `make site` built it, opened from its files in a real Chromium."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browser.conftest import STILL

pytestmark = pytest.mark.browser

SITE = Path(__file__).parents[2] / "build" / "site"
PAGES = ("docs/index", "docs/cli", "docs/effects", "docs/guide", "docs/reference/codes", "README")
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Reader:
    """A page in a browser, what it asked for, and what it complained of."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def read(self, name: str) -> None:
        """Open a page of the site, down to its end."""
        self.page.goto(f"{SITE.as_uri()}/{name}", wait_until="load")
        self.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")


@pytest.fixture(params=["light", "dark"])
def phone(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """A small phone. In the end, nothing was asked for but files of the site, and nobody complained."""
    if not SITE.is_dir():
        pytest.fail("there is no site: `make site` builds it", pytrace=False)
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=request.param, **STILL)
    reader = Reader(context.new_page())
    reader.page.on("request", lambda sent: reader.asked.append(sent.url))
    reader.page.on("pageerror", lambda error: reader.complaints.append(str(error)))
    yield reader
    context.close()
    assert [url for url in reader.asked if not url.startswith(SITE.as_uri())] == []
    assert reader.complaints == []


def test_it_reads_well_on_a_phone(phone: Reader, request: pytest.FixtureRequest) -> None:
    for name in PAGES:
        phone.read(f"{name}.html")
        assert phone.page.evaluate(_OVERFLOW) == 0, name
        color = phone.page.evaluate("getComputedStyle(document.body).backgroundColor")
        shade = sum(int(part) for part in color.strip("rgba()").split(",")[:3])
        assert (shade < 200) == ("dark" in request.node.name), (name, color)


def test_the_first_page_leads_to_every_other_one(phone: Reader) -> None:
    phone.page.goto(f"{SITE.as_uri()}/index.html", wait_until="commit")
    phone.page.wait_for_url("**/docs/index.html")
    links = phone.page.locator(".sidebar-tree a.reference.internal").all()
    led = {str(link.evaluate("link => link.href")).partition("#")[0] for link in links}
    pages = {path.as_uri() for path in SITE.rglob("*.html") if path.stem not in ("index", "search", "genindex")}
    assert pages - led == set()
    assert len(pages) > 20


def test_the_search_finds_a_word_without_a_server(phone: Reader) -> None:
    phone.read("search.html?q=overage")
    phone.page.locator("#search-results li").first.wait_for()
    assert phone.page.locator("#search-results li a").count() > 2


def test_assistants_find_every_page_as_markdown() -> None:
    text = (SITE / "llms.txt").read_text("utf-8")
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert len(links) > 20
    assert [link for link in links if not (SITE / link).is_file() or not link.endswith(".md")] == []
    assert [link for link in links if "<!--" in (SITE / link).read_text("utf-8")] == []
