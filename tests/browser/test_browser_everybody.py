"""The page for everybody: axe finds nothing; on a phone, on paper, without scripts, whatever names it has to show."""

from dataclasses import replace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from golden import dates
from golden import hostile as named

from browser.catalogs import HOSTILE, UNSEEN, complete, example, hostile, known, of, plain
from browser.conftest import STILL, Open, Opened
from commetctl.core.text import printable
from commetctl.reading import reading_of
from commetctl.render.page import page

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing(opened: Open, scheme: str, viewport: dict[str, int]) -> None:
    look: dict[str, Any] = {"color_scheme": scheme, "viewport": viewport, **STILL}
    found = opened(page(reading_of(plain(complete())), compare=False), **look)
    accessible(found)
    found.choose("currency", "jpy")
    found.choose("interval", "monthly")
    accessible(found)
    found = opened(page(reading_of(known()), compare=True), **look)
    for view in ("both", "before", "after"):
        found.choose("view", view)
        accessible(found)
    found.page.get_by_label("Changed plans only").check()
    accessible(found)
    accessible(opened(page(dates.dated(), compare=True, timeline=True), **look))


def accessible(found: Opened) -> None:
    """Assert that axe finds nothing wrong, and nothing that it cannot tell."""
    results = Axe().run(found.page).response
    assert [(item["id"], [node["html"] for node in item["nodes"]]) for item in results["violations"]] == []
    assert [(item["id"], [node["html"] for node in item["nodes"]]) for item in results["incomplete"]] == []


@pytest.mark.parametrize("width", [320, 360, 800, 1400])
def test_the_page_never_scrolls_sideways(opened: Open, width: int) -> None:
    for html in (
        page(reading_of(plain(example("ai-product"))), compare=False),
        page(reading_of(known()), compare=True),
        page(dates.dated(), compare=False),
        page(replace(dates.dated(), scheduled=named.reading("z" * 300).scheduled), compare=True, timeline=True),
        page(reading_of(of(hostile([*HOSTILE, UNSEEN, "x" * 300]), "y" * 300)), compare=True),
    ):
        found = opened(html, viewport={"width": width, "height": 800}, **STILL)
        if found.page.locator('input[name="currency"]').count():
            found.choose("currency", "all")
        assert found.page.evaluate("document.documentElement.scrollWidth") <= width


def test_paper_has_all_of_it_and_no_switches(opened: Open) -> None:
    found = opened(page(reading_of(known()), compare=True), **STILL)
    found.page.emulate_media(media="print")
    everything = found.plans()
    assert list(everything) == ["solo", "pro", "team", "old"]
    found.page.emulate_media(media="screen")
    for name, value in (("view", "after"), ("interval", "one_time"), ("currency", "eur")):
        found.choose(name, value)
    found.page.get_by_label("Changed plans only").check()
    found.page.emulate_media(media="print")
    assert found.plans() == everything
    assert not found.page.locator("input:visible").count()
    assert not found.page.get_by_text("Not sold at this interval").first.is_visible()


@pytest.mark.parametrize("compare", [False, True])
def test_without_scripts_everything_is_there(opened: Open, compare: bool) -> None:
    html = page(reading_of(known()), compare=compare)
    found = opened(html, java_script_enabled=False, **STILL)
    # What is only for those who choose, and what is only for those who hear.
    unseen = found.page.locator("body :not(script):not(#controls, #controls *):not(.elsewhere):not(:visible)")
    assert unseen.evaluate_all("found => found.map(each => each.outerHTML)") == []
    assert not found.page.locator("input:visible").count()
    amounts = " ".join(found.page.locator(".plans").first.inner_text().split())
    assert all((said in amounts) is compare for said in ("was 49.00 USD", "was 45.00 EUR"))
    assert all(said in amounts for said in ("59.00 USD", "about 318.60 BRL (derived)", "590.00 USD", "5,000.00 USD"))


@pytest.mark.parametrize("compare", [False, True])
def test_hostile_names_stay_text(opened: Open, compare: bool) -> None:
    texts = [*HOSTILE, UNSEEN]
    found = opened(page(reading_of(of(hostile(texts), HOSTILE[4])), compare=compare), **STILL)
    seen = found.page.locator("body").inner_text()
    for text in (*HOSTILE, printable(UNSEEN)):
        assert " ".join(text.split()) in " ".join(seen.split()), text
    assert found.page.title().endswith(HOSTILE[4])
    assert found.page.locator("img, svg, iframe, object, base, a, form").count() == 0
    assert found.page.locator("script, style").count() == 2
    assert found.page.evaluate("document.querySelectorAll('[onerror], [onload], [onfocus], [autofocus]').length") == 0


def test_no_other_script_or_style_would_run(opened: Open) -> None:
    """The policy of the page holds even for markup that got through."""
    html = page(reading_of(of(complete().desired, "policy")), compare=False)
    wrong = "<script>document.title = 'run'</script><style>h1 { color: red }</style><p style='color: red' id='p'>p</p>"
    found = opened(html.replace("</main>", f"{wrong}</main>"), **STILL)
    assert found.page.title() == "Pricing: policy"
    assert found.page.evaluate("getComputedStyle(document.getElementById('p')).color") != "rgb(255, 0, 0)"
    assert len(found.complaints) == 3
    assert all("Content Security Policy" in complaint for complaint in found.complaints)
    found.complaints.clear()


def test_the_timeline_reads_from_top_to_bottom_on_a_phone(opened: Open) -> None:
    found = opened(page(dates.dated(), compare=True, timeline=True), viewport=PHONE, java_script_enabled=False, **STILL)
    entries = found.page.locator(".timeline > li")
    boxes = [entry.bounding_box() for entry in entries.all()]
    assert [box["x"] for box in boxes if box] == [boxes[0]["x"]] * 3 if boxes[0] else False
    tops = [box["y"] for box in boxes if box]
    assert tops == sorted(tops)
    # The date is on top, and each amount has a line of its own, within the width of the phone.
    for entry in entries.all():
        amounts = [item.bounding_box() for item in entry.locator("dd").all()]
        head = entry.locator("h3").bounding_box()
        assert head
        assert all(box and box["y"] > head["y"] and box["x"] + box["width"] <= PHONE["width"] for box in amounts)
    assert found.page.locator("h2").first.inner_text() == "Scheduled"
