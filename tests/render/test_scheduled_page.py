"""What is scheduled, as a page: a list by date, whose times and amounts a program finds too."""

import re
from collections import Counter
from dataclasses import replace

import pytest
from golden import dates, files, hostile
from reading import Reader

from commetctl.core.text import printable
from commetctl.reading import reading_of
from commetctl.render.page import page


def section(html: str) -> Reader:
    """The part of a page about what is scheduled."""
    start = html.index('<section class="scheduled"')
    return Reader(f"<body>{html[start : html.index('</section>', start)]}</section></body>")


def test_each_change_is_an_item_with_its_time_and_its_amounts() -> None:
    read = section(page(dates.dated(), compare=True))
    times = [item for item in read.all("time") if item.within("h3")]
    assert [(item.attributes["datetime"], item.text) for item in times] == [
        ("2027-01-01T00:00:00Z", "1 January 2027"),
        ("2027-03-01T08:30:00Z", "1 March 2027"),
        ("2027-04-01T00:00:00Z", "1 April 2027"),
    ]
    assert all(item.within("li") and item.within("ol") for item in times)
    assert [item.text for item in read.all("del")][:2] == ["was 45.00", "was 42.00"]
    for said in (
        "Monthly price was 45.00 is 49.00 USD +8.9% At renewal, up to 34 subscriptions, 2027-01-01 to 2027-01-28",
        "First bill on 1 January 2027, that of the last customer on 28 January 2027.",
        "Announcement on 1 December 2026, 31 days before the first bill.",
        "Existing customers get it from 2027-06-01 on.",
        "Enterprise is new.",
        "is 12,300.00 CAD",
        "Refused as of its date plan.company: 2 subscriptions",
        "Description was Three agents included is For teams of any size",
    ):
        assert said in read.text, said


def test_it_comes_after_the_summary_and_first_where_it_is_asked_for() -> None:
    reading = replace(files.reading("small"), scheduled=dates.dated().scheduled)
    heads = [item.text for item in Reader(page(reading, compare=True)).all("h2")]
    assert heads[:3] == ["Summary", "Scheduled", "Public plans"]
    assert [item.text for item in Reader(page(reading, compare=True, timeline=True)).all("h2")][:2] == heads[1::-1]
    assert Reader(page(reading, compare=False)).all("h2")[-1].text == "Scheduled"
    without = reading_of(files.edit("small"))
    assert 'class="scheduled"' not in page(without, compare=True)
    assert "Nothing is scheduled." in section(page(without, compare=True, timeline=True)).text


def test_what_is_not_known_is_said_once() -> None:
    text = Reader(page(dates.dated(rows=None), compare=True)).text
    assert text.count("The number of affected subscriptions is not known") == 1
    assert "Team costs more for existing customers from 1 January 2027 on." in text


@pytest.mark.parametrize("said", hostile.TEXTS)
def test_no_text_of_others_is_markup(said: str) -> None:
    made, harmless = (
        section(page(replace(files.reading("small"), scheduled=hostile.reading(f"a{each}b").scheduled), compare=True))
        for each in (said, hostile.HARMLESS)
    )
    assert Counter(item.tag for item in made.elements) == Counter(item.tag for item in harmless.elements)
    # HTML has none of what is no character.
    shown = re.sub("[\ufffe\uffff\U0001fffe]", "", printable(f"a{said}b"))
    assert " ".join(shown.split()) in made.text
