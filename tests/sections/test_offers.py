"""Offers in plans and requests: phases, times, names, what other clients left, and what guards see."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from commetctl.core.change import Update
from commetctl.core.resource import ABSENT, UNKNOWN
from commetctl.reading import reading_of
from commetctl.render.markdown import plan_markdown
from commetctl.render.text import plan_text
from commetctl.review.guards import refusals
from harness import Planned, Shop

TRIAL, HALF = "{free_trial: {days: 14}}", "{percentage: {percent: 50, cycles: 3}}"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with Shop(tmp_path) as made:
        yield made


def offers(*lines: str) -> str:
    return "version: 1\noffers:" + ("\n" + "".join(f"  {line}\n" for line in lines) if lines else " {}\n")


def launch(phases: str = f"[{TRIAL}, {HALF}]", more: str = "") -> str:
    return offers(f"launch: {{name: Launch, phases: {phases}{more}}}")


def changes(planned: Planned) -> dict[str, tuple[Any, Any]]:
    """What an update of one offer changes."""
    (change,) = planned.changeset.changes
    assert isinstance(change, Update)
    return {item.path: (item.before, item.after) for item in change.fields}


EVERY = (
    f"[{TRIAL}, {HALF}, {{amount_off: {{amounts: {{usd: 10.00, jpy: 1500}}, cycles: 2}}}}, "
    "{fixed_price: {prices: {usd: 19.00, clp: 9000}, cycles: 12, interval: monthly}}, {percentage: {percent: 33.33}}]"
)
SENT = (
    '[{"type": "free_trial", "durationDays": 14}, {"type": "percentage", "durationCycles": 3, "percentage": 5000}, '
    '{"type": "amount_off", "durationCycles": 2, "amounts": [{"currency": "jpy", "amount": 1500}, '
    '{"currency": "usd", "amount": 1000}]}, {"type": "fixed_price", "durationCycles": 12, "prices": '
    '[{"currency": "clp", "amount": 9000}, {"currency": "usd", "amount": 1900}], "durationInterval": "monthly"}, '
    '{"type": "percentage", "durationCycles": null, "percentage": 3333}]'
)


def test_phases_are_sent_in_basis_points_and_minor_units_and_read_back(shop: Shop) -> None:
    assert shop.calls(launch(EVERY)) == [
        f'POST /offers {{"name": "Launch", "phases": {SENT}, "active": true, "metadata": {{}}}}'
    ]
    assert shop.plan(launch(EVERY)).actions == []


def test_an_update_sends_all_of_an_offer(shop: Shop) -> None:
    shop.make(launch(more=", starts_at: 2027-01-01T00:00:00Z, metadata: {campaign: spring}"))
    text = launch(f"[{TRIAL}, {HALF}]", ", ends_at: 2027-02-01T01:00:00+01:00, active: false")
    assert changes(shop.plan(text)).keys() == {"starts_at", "ends_at", "active", "metadata.campaign"}
    assert shop.calls(text) == [
        'PATCH /offers/{offer.Launch} {"name": "Launch", "phases": [{"type": "free_trial", "durationDays": 14}, '
        '{"type": "percentage", "durationCycles": 3, "percentage": 5000}], "startsAt": null, '
        '"endsAt": "2027-02-01T00:00:00Z", "active": false, "metadata": {}}'
    ]
    assert shop.plan(text).actions == []


@pytest.mark.parametrize(
    ("phases", "shown"),
    [
        (
            f"[{TRIAL}, {{percentage: {{percent: 40, cycles: 3}}}}]",
            {"phases.1.percentage.percent": (Decimal(50), Decimal(40))},
        ),
        (f"[{TRIAL}, {{percentage: {{percent: 50}}}}]", {"phases.1.percentage.cycles": (3, ABSENT)}),
        (f"[{TRIAL}]", {"phases.1": ({"percentage": {"percent": Decimal(50), "cycles": 3}}, ABSENT)}),
        (
            f"[{TRIAL}, {HALF}, {HALF}]",
            {"phases.2": (ABSENT, {"percentage": {"percent": Decimal(50), "cycles": 3}})},
        ),
        (
            f"[{HALF}]",
            {
                "phases.0": ({"free_trial": {"days": 14}}, {"percentage": {"percent": Decimal(50), "cycles": 3}}),
                "phases.1": ({"percentage": {"percent": Decimal(50), "cycles": 3}}, ABSENT),
            },
        ),
    ],
)
def test_what_differs_in_the_phases_is_told_by_its_place(shop: Shop, phases: str, shown: dict[str, Any]) -> None:
    shop.make(launch())
    assert changes(shop.plan(launch(phases))) == shown
    shop.make(launch(phases))
    assert shop.plan(launch(phases)).actions == []


def test_phases_read_as_words_and_are_data_in_json(shop: Shop) -> None:
    shop.make(launch())
    planned = shop.plan(launch("[{amount_off: {amounts: {usd: 10.00, eur: 9.00}, cycles: 2}}]"))
    text = plan_text(reading_of(planned.review))
    assert "free_trial (days 14) → amount_off (amounts (9.00 EUR, 10.00 USD), cycles 2)" in text
    assert "phases.1" in text
    assert "percentage (percent 50, cycles 3) → not set" in text
    (change,) = json.loads(json.dumps(planned.document))["changes"]
    assert [field["after"] for field in change["fields"]] == [
        {"amount_off": {"amounts": {"eur": "9.00", "usd": "10.00"}, "cycles": 2}},
        None,
    ]
    markdown = plan_markdown(reading_of(planned.review))
    assert "phases.1 | percentage (percent 50, cycles 3) | **not set** |" in markdown


def test_two_phases_that_swap_are_not_nothing(shop: Shop) -> None:
    one, other = HALF, "{percentage: {percent: 20, cycles: 3}}"
    shop.make(launch(f"[{one}, {other}]"))
    assert changes(shop.plan(launch(f"[{other}, {one}]"))).keys() == {
        "phases.0.percentage.percent",
        "phases.1.percentage.percent",
    }


def test_a_moment_in_another_zone_is_the_same_moment(shop: Shop) -> None:
    shop.make(launch(more=", starts_at: 2027-01-01T00:00:00Z"))
    assert shop.plan(launch(more=', starts_at: "2027-01-01T02:00:00+02:00"')).actions == []


def test_a_rename_keeps_the_offer_and_a_name_can_be_used_again(shop: Shop) -> None:
    shop.make(launch())
    (before,) = shop.send("GET", "/offers")["data"]
    renamed = offers(
        f"launch: {{name: Old launch, previous_name: Launch, phases: [{HALF}]}}",
        f"next: {{name: Launch, phases: [{TRIAL}]}}",
    )
    assert [call.partition(" {")[0] for call in shop.calls(renamed)] == [
        "PATCH /offers/{offer.Old launch}",
        "POST /offers",
    ]
    names = {row["id"]: row["name"] for row in shop.send("GET", "/offers")["data"]}
    assert names[before["id"]] == "Old launch"
    assert sorted(names.values()) == ["Launch", "Old launch"]
    assert shop.plan(renamed).actions == []


def test_an_offer_that_leaves_the_file_is_deleted_on_demand(shop: Shop) -> None:
    shop.make(launch())
    shop.remember_ids(launch())
    assert shop.plan(offers()).unmanaged == ["offer.Launch"]
    assert shop.calls(offers(), prune=True) == ["DELETE /offers/{offer.Launch}"]


def posted(shop: Shop, **fields: Any) -> None:
    """An offer of another client."""
    phases = [
        {"type": "free_trial", "durationDays": 14},
        {"type": "percentage", "durationCycles": 3, "percentage": 5000},
    ]
    shop.send("POST", "/offers", {"name": "Launch", "phases": phases, **fields})


def test_labels_that_the_file_cannot_say_are_in_the_way_of_a_replacement(shop: Shop) -> None:
    posted(shop, metadata={"sizes": [1, 2]})
    (blocked,) = shop.plan(launch()).changeset.blocked
    assert '`metadata: {"sizes": [1, 2]}`' in blocked.reason
    assert shop.plan(launch()).actions == ["! offer.Launch"]


def test_an_offer_with_an_unknown_phase_is_neither_changed_nor_deleted(shop: Shop) -> None:
    posted(shop)
    shop.recorder.inner = Answering(shop.recorder.inner)
    for text in (launch(), offers()):
        planned = shop.plan(text, prune=True)
        assert planned.actions == ["! offer.Launch"]
        (offer,) = (r for r in planned.live.resources.values() if r.address.kind == "offer")
        assert offer.fields["phases"] is UNKNOWN


class Answering(httpx.BaseTransport):
    """Commet with a sort of phase that is not known here."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        content = self.inner.handle_request(request).read().replace(b'"free_trial"', b'"gift_card"')
        return httpx.Response(200, content=content)


def test_two_offers_of_one_name_are_told_apart_by_id(shop: Shop) -> None:
    posted(shop)
    posted(shop)
    (blocked,) = shop.plan(launch()).changeset.blocked
    assert "two of these" in blocked.reason


def test_a_slip_of_two_digits_is_refused_and_a_large_move_too(shop: Shop) -> None:
    shop.make(launch("[{fixed_price: {prices: {usd: 19.00}, cycles: 2}}, {percentage: {percent: 10}}]"))
    text = launch("[{fixed_price: {prices: {usd: 1900.00}, cycles: 2}}, {percentage: {percent: 80}}]")
    found = {refusal.code: refusal.message for refusal in refusals(shop.plan(text).prepared.subject)}
    assert "phases.0.fixed_price.prices.usd" in found["scale"]
    assert "phases.1.percentage.percent" in found["price_change"]


@pytest.mark.parametrize(("number", "requests"), [(60, 1), (100, 1), (101, 2)])
def test_a_list_is_read_in_as_few_requests_as_there_can_be(shop: Shop, number: int, requests: int) -> None:
    for index in range(number):
        phase = {"type": "free_trial", "durationDays": 14}
        shop.send("POST", "/offers", {"name": f"Offer {index}", "phases": [phase]})
    planned = shop.plan(offers())
    read = [request.url for request in shop.recorder.requests if request.url.path.endswith("/offers")]
    assert len(planned.changeset.unmanaged) == number
    assert [url.params["limit"] for url in read] == ["100"] * requests
