"""What is scheduled, in a terminal: dates, amounts, customers and refusals, and no text that steers it."""

import re
from dataclasses import replace

import pytest
from golden import dates, files, hostile

from commetctl.cli.scheduled import scheduled_of
from commetctl.core.text import printable
from commetctl.reading import Reading, reading_of
from commetctl.reading.scheduled import in_order
from commetctl.render.schedule import NOTHING
from commetctl.render.terminal import Style, columns
from commetctl.render.text import plan_text

AMOUNTS = ("45.00 → 49.00 USD", "42.00 → 46.00 EUR", "190.00 → 210.00 USD", "19.00 → 20.00 USD")
NEW = ("9,000.00 USD", "8,400.00 EUR", "12,300.00 CAD", "12.00 USD")
#: What a terminal would obey.
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def reading() -> Reading:
    return dates.dated()


def shown(reading: Reading, width: int = 100, *, timeline: bool = False, whole: bool = False) -> str:
    with dates.zone("UTC"):
        return plan_text(reading, Style(width=width), timeline=timeline, whole=whole)


@pytest.mark.parametrize("timeline", [False, True])
@pytest.mark.parametrize("width", [40, 44, 60, 80, 100, 140, 200])
def test_every_amount_is_shown_at_every_width(reading: Reading, width: int, timeline: bool) -> None:
    text = shown(reading, width, timeline=timeline)
    assert [amount for amount in (*AMOUNTS, *NEW) if amount not in text] == []
    # Values and the heads of changes are never broken.
    whole = re.compile(r" {2}[-+~] .*|.* → .*")
    wide = [line for line in text.splitlines()[1:] if columns(line) > width and not whole.fullmatch(line)]
    assert wide == []


def test_the_part_stands_between_todays_and_the_next_command(reading: Reading) -> None:
    today = files.reading("small")
    before = shown(today)
    text = shown(replace(today, scheduled=reading.scheduled))
    commands = "\nnext            commetctl apply"
    assert text.startswith(before.partition("\nnext")[0].rstrip())
    assert text.index("\nScheduled\n") < text.index("2027-01-01") < text.index(commands)
    assert "Scheduled" not in before


def test_dates_are_in_utc_with_the_offset_of_the_terminal_beside_them() -> None:
    times = {"UTC": "", "Asia/Kolkata": " (2027-03-01 14:00 +05:30)", "America/New_York": " (2027-03-01 03:30 -05:00)"}
    for zone, beside in times.items():
        with dates.zone(zone):
            text = plan_text(dates.dated(zone))
        assert f"\n2027-03-01 08:30 UTC{beside} · changes/2027-company.yaml\n" in text


def test_sentences_and_bills_count_from_the_date_on(reading: Reading) -> None:
    text = " ".join(shown(reading).split())
    assert (
        "Team costs more for up to 34 subscriptions from 1 January 2027 on: first bills from "
        "1 January 2027 to 28 January 2027"
    ) in text
    assert "next renewal" not in text.partition("next period ")[0]
    assert " bills first bill" not in text, "the sentence says it"
    assert "notice announcement on 1 December 2026, 31 days before the first bill" in text
    assert "existing existing customers get it from 2027-06-01 on" in text
    assert text.count("notice: plan.company: 2 subscriptions") == 1


def test_the_words_of_both_parts_are_said_once(reading: Reading) -> None:
    assert shown(reading).count("no effect       plan: the plan has no subscribers yet") == 1
    again = replace(reading, meanings=tuple(reading.scheduled[0].reading.meanings), scheduled=reading.scheduled[:1])
    assert shown(again).count("existing customers pay the higher price") == 1


def test_without_counts_it_says_so_once_and_speaks_of_existing_customers() -> None:
    text = shown(dates.dated(rows=None))
    assert text.count("The number of affected subscriptions is not known") == 1
    assert "Team costs more for existing customers from 1 January 2027 on" in text
    assert "\nbills" not in text


def test_the_timeline_is_in_place_of_the_plan_and_by_date(reading: Reading) -> None:
    text = shown(reading, 200, timeline=True)
    days = re.findall(r"^(2027-\d\d-\d\d)(?: 08:30 UTC)?  ", text, re.MULTILINE)
    assert days == sorted(days) == [row.scheduled.when[:10] for row in in_order(reading.scheduled)]
    assert len(days) == 10
    row = r"^2027-01-01 +Team: monthly price in EUR +42.00 → 46.00 EUR +\+9.5% +up to 34 subscriptions +"
    assert re.search(row + r"2027-01-01 to 2027-01-28 +changes/2027-team.yaml:10$", text, re.MULTILINE)
    assert re.search(r"^2027-04-01 +Team: no amount +changes/2027-words.yaml$", text, re.MULTILINE)
    assert "No changes" not in text
    assert "\nrefused by      notice: plan.company: " in text


def test_where_nothing_is_scheduled_the_timeline_says_so() -> None:
    assert shown(reading_of(files.edit("small")), timeline=True).endswith(f"\n\n{NOTHING}")


def test_a_change_that_changes_nothing_says_so() -> None:
    same = {
        "a.yaml": "version: 1\nchange: {effective: 2027-01-01}\nplans: {team: {prices: {monthly: {price: 45.00}}}}\n"
    }
    reading = dates.dated(changes=same)
    assert "\n2027-01-01 · changes/a.yaml\n  No changes: both catalogs declare the same.\n" in f"{shown(reading)}\n"
    assert re.search("^2027-01-01 +No changes: both catalogs", shown(reading, timeline=True), re.MULTILINE)


def test_requests_and_the_id_are_for_those_who_ask(reading: Reading) -> None:
    assert 'PATCH /plans/{plan.team}/prices/{plan_price.team/monthly} {"price": 4900}' in shown(reading, whole=True)
    assert f"plan id         {reading.scheduled[0].id}" in shown(reading, whole=True)
    assert "PATCH" not in shown(reading)


def test_the_id_is_of_what_is_agreed_to_and_of_no_count() -> None:
    def ids(**given: object) -> list[str]:
        return [each.id for each in scheduled_of(dates.ahead(**given)[1])]  # type: ignore[arg-type]

    agreed = ids()
    assert ids(rows=None) == ids(rows=dates.SUBSCRIPTIONS[:3]) == agreed
    moved = dates.CHANGES | {
        "2027-company.yaml": dates.CHANGES["2027-company.yaml"].replace("2027-06-01", "2027-07-01")
    }
    other = ids(changes=moved)
    assert [one == two for one, two in zip(agreed, other, strict=True)] == [True, False, True]


@pytest.mark.parametrize("said", hostile.TEXTS)
@pytest.mark.parametrize("width", [40, 120])
def test_no_text_of_others_steers_the_terminal(said: str, width: int) -> None:
    reading = hostile.reading(said)
    for text in (shown(reading, width, whole=True), shown(reading, width, timeline=True)):
        assert not STEERING.search(text)
        assert printable(said).split() == [
            word for word in printable(said).split() if word in text.replace("\\x3a", ":")
        ]
