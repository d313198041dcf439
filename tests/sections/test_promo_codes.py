"""Promo codes: their plans, which Commet never gives back, what becomes of a code, and the version without offers."""

import itertools
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commetctl.core.change import Failed, Update
from commetctl.core.errors import InvalidCatalog
from commetctl.core.resource import UNKNOWN, Address, Value
from commetctl.render.terminal import Style, outcome_line
from commetctl.usecases.compare import compared
from harness import Planned, Shop

PLANS = "version: 1\nplans:\n  pro: {name: Pro}\n  team: {name: Team}\n"
HALF = "  half: {name: Half off, phases: [{percentage: {percent: 50, cycles: 3}}], metadata: {campaign: spring}}\n"
SPRING = Address("promo_code", "SPRING")


def codes(*lines: str, offers: str = HALF) -> str:
    listed = "\n" + "".join(f"  {line}\n" for line in lines) if lines else " {}\n"
    return f"{PLANS}offers:\n{offers}promo_codes:{listed}"


TWO = codes("SPRING: {offer: half, plans: [pro, team]}", "FRIENDS: {offer: half}")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with Shop(tmp_path, database=tmp_path / "commet.db") as made:
        yield made


@pytest.fixture
def older(tmp_path: Path) -> Iterator[Shop]:
    with Shop(tmp_path, "2026-07-11", database=tmp_path / "commet.db") as made:
        yield made


def really(shop: Shop) -> dict[str, Value]:
    """The plans that each code counts for in Commet, which no request tells; none for all."""
    with sqlite3.connect(shop.database) as db:
        plans = dict(db.execute("SELECT id, code FROM plan"))
        rows = db.execute("SELECT code, plan_ids FROM promo_code").fetchall()
    db.close()
    return {code: tuple(sorted(plans[id_] for id_ in json.loads(ids))) or None for code, ids in rows}


def known(planned: Planned) -> dict[str, Value]:
    """The plans of each code as far as they are known."""
    found = planned.live.resources.items()
    return {address.key: r.fields["plans"] for address, r in found if address.kind == "promo_code"}


def changed(planned: Planned, address: Address = SPRING) -> dict[str, tuple[Value, Value]]:
    (change,) = [change for change in planned.changeset.changes if change.address == address]
    assert isinstance(change, Update)
    return {item.path: (item.before, item.after) for item in change.fields}


def notices(planned: Planned) -> list[tuple[str, str, str]]:
    return [(notice.code, notice.message, notice.hint) for notice in planned.changeset.notices]


def by_dashboard(shop: Shop, code: str = "SPRING", **fields: Any) -> None:
    """A code of another client, for the plans `pro` and `team`."""
    shop.make(codes())
    ids = [row["id"] for row in shop.send("GET", "/plans?includePrivate=true")["data"]]
    (offer,) = shop.send("GET", "/offers")["data"]
    shop.send("POST", "/promo-codes", {"code": code, "offerId": offer["id"], "planIds": ids, **fields})


# What is sent, and what is remembered.


def test_the_plans_of_codes_are_remembered_with_their_offer(shop: Shop) -> None:
    shop.make(TWO)
    assert really(shop) == {"SPRING": ("pro", "team"), "FRIENDS": None}
    planned = shop.plan(TWO)
    assert (planned.actions, notices(planned)) == ([], [])
    assert known(planned) == really(shop)


def test_the_memory_is_no_label_of_the_file(shop: Shop) -> None:
    shop.make(TWO)
    (offer,) = [r for r in shop.plan(TWO).live.resources.values() if r.address.kind == "offer"]
    assert offer.fields["metadata"] == {"campaign": "spring"}
    (row,) = shop.send("GET", "/offers")["data"]
    assert json.loads(row["metadata"]["commetctl"]) == {
        "v": 1,
        "o": {"promo_code/SPRING": {"plans": ["pro", "team"]}, "promo_code/FRIENDS": {"plans": None}},
    }


@pytest.mark.parametrize(
    ("plans", "shown", "body"),
    [
        (", plans: [team]", (("pro", "team"), ("team",)), '["{plan.team}"]'),
        ("", (("pro", "team"), None), "[]"),
    ],
)
def test_plans_that_change_are_shown_sent_and_remembered(
    shop: Shop, plans: str, shown: tuple[Value, Value], body: str
) -> None:
    shop.make(TWO)
    text = TWO.replace(", plans: [pro, team]", plans)
    assert changed(shop.plan(text)) == {"plans": shown}
    forgets, sends, remembers = shop.calls(text)
    assert forgets.startswith("PATCH /offers/{offer.Half off}")
    assert '\\"promo_code/SPRING\\":{\\"begun\\"' in forgets
    assert sends == f'PATCH /promo-codes/{{promo_code.SPRING}} {{"planIds": {body}}}'
    assert remembers.startswith("PATCH /offers/{offer.Half off}")
    assert known(shop.plan(text)) == really(shop) == {"SPRING": shown[1], "FRIENDS": None}


def test_the_order_of_plans_is_no_difference(shop: Shop) -> None:
    shop.make(TWO)
    assert shop.plan(TWO.replace("[pro, team]", "[team, pro]")).actions == []


def test_every_write_of_an_offer_repeats_what_it_remembers(shop: Shop) -> None:
    shop.make(TWO)
    text = TWO.replace("percent: 50", "percent: 40").replace("name: Half off", "name: Less, previous_name: Half off")
    (call,) = shop.calls(text)
    assert '\\"promo_code/SPRING\\":{\\"plans\\":[\\"pro\\",\\"team\\"]}' in call
    assert known(shop.plan(text)) == really(shop)


def test_an_offer_and_its_codes_change_one_after_the_other(shop: Shop) -> None:
    """The offer's own update comes first, and no two writes of it are under way at once."""
    shop.make(TWO)
    shop.parallelism = 8
    text = TWO.replace("percent: 50", "percent: 40").replace("[pro, team]", "[pro]").replace("spring", "autumn")
    own, forgets, _, remembers = shop.calls(text)
    assert [call.partition(" {")[0] for call in (own, forgets, remembers)] == ["PATCH /offers/{offer.Half off}"] * 3
    assert '\\"plans\\":[\\"pro\\",\\"team\\"]' in own, "what is true until the next write"
    assert all('"percentage": 4000' in call and '"campaign": "autumn"' in call for call in (own, forgets, remembers))
    assert known(shop.plan(text)) == really(shop)


def test_writes_of_one_offer_wait_for_each_other(shop: Shop) -> None:
    shop.make(TWO)
    text = TWO.replace("percent: 50", "percent: 40").replace("[pro, team]", "[pro]")
    changeset = shop.plan(text.replace("FRIENDS: {offer: half}", "FRIENDS: {offer: half, plans: [pro]}")).changeset
    writes = [step.name for step in changeset.steps if step.name.startswith("offer.")]
    assert writes == ["offer.Half off", "offer.Half off (forgetting)", "offer.Half off (remembering)"]
    assert all(one in changeset.needs[other] for one, other in itertools.pairwise(writes))


# Whatever happens on the way, what is known is right.


EDITS = {
    "created": (codes(), TWO),
    "narrower": (TWO, TWO.replace("[pro, team]", "[team]")),
    "wider": (TWO, TWO.replace(", plans: [pro, team]", "")),
    "the other one": (TWO, TWO.replace("FRIENDS: {offer: half}", "FRIENDS: {offer: half, plans: [pro]}")),
    "with the offer": (TWO, TWO.replace("[pro, team]", "[pro]").replace("percent: 50", "percent: 40")),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("arrives", [False, True])
def test_a_run_that_is_cut_off_leaves_the_memory_right_or_without_the_value(
    edit: str, arrives: bool, tmp_path: Path
) -> None:
    before, after = EDITS[edit]
    for writes in range(10):
        database = tmp_path / f"{writes}.db"
        with Shop(tmp_path, database=database) as shop:
            shop.make(before)
            left = shop.cut(after, writes, last_arrives=arrives)
            planned, truth = shop.plan(after), really(shop)
            found = {code: plans for code, plans in known(planned).items() if plans is not UNKNOWN}
            assert found.items() <= truth.items(), writes
            shop.make(after)
            end = shop.plan(after)
            assert end.actions == []
            assert really(shop) == {"SPRING": declared(after, "SPRING"), "FRIENDS": declared(after, "FRIENDS")}, writes
            if not left:
                return
    raise AssertionError("never done")


def declared(text: str, code: str) -> Value:
    line = next(line for line in text.splitlines() if line.strip().startswith(f"{code}:"))
    listed = line.partition("plans: [")[2].partition("]")[0]
    return tuple(listed.split(", ")) if listed else None


def test_what_another_client_chose_is_never_widened_silently(shop: Shop) -> None:
    by_dashboard(shop)
    text = codes("SPRING: {offer: half}")
    planned = shop.plan(text)
    assert planned.actions == []
    assert notices(planned) == [
        (
            "not_compared",
            "Commet does not return the plans of promo codes, and commetctl has no record of those of SPRING: "
            "they are not compared",
            "declare `plans`, and apply with `--target promo_code.SPRING` to send them",
        )
    ]
    assert shop.calls(text.replace("half}", "half, max_redemptions: 9}")) == [
        'PATCH /promo-codes/{promo_code.SPRING} {"maxRedemptions": 9}'
    ]
    assert shop.plan(text, targets=(SPRING,)).actions == ["~ promo_code.SPRING"], "the limit goes"
    assert "plans" not in changed(shop.plan(text, targets=(SPRING,)))
    assert really(shop) == {"SPRING": ("pro", "team")}


def test_one_notice_is_for_all_codes(shop: Shop) -> None:
    by_dashboard(shop)
    (offer,) = shop.send("GET", "/offers")["data"]
    shop.send("POST", "/promo-codes", {"code": "AUTUMN", "offerId": offer["id"]})
    ((_, message, _),) = notices(shop.plan(codes("SPRING: {offer: half}", "AUTUMN: {offer: half}")))
    assert "those of SPRING and AUTUMN: they" in message


def test_plans_that_the_file_says_and_nobody_knows_are_a_change_like_any_other(shop: Shop) -> None:
    by_dashboard(shop)
    text = codes("SPRING: {offer: half, plans: [pro]}")
    planned = shop.plan(text)
    assert changed(planned) == {"plans": (UNKNOWN, ("pro",))}
    assert notices(planned) == []
    shop.make(text)
    assert known(shop.plan(text)) == really(shop) == {"SPRING": ("pro",)}
    assert shop.plan(text).actions == []


def test_a_plan_that_is_gone_is_not_the_new_one_of_its_code(shop: Shop) -> None:
    shop.make(TWO)
    (pro,) = [row["id"] for row in shop.send("GET", "/plans?includePrivate=true")["data"] if row["code"] == "pro"]
    shop.send("DELETE", f"/plans/{pro}")
    assert changed(shop.plan(TWO)) == {"plans": (UNKNOWN, ("pro", "team"))}
    (code,) = [call for call in shop.calls(TWO) if "/promo-codes/" in call]
    assert code == 'PATCH /promo-codes/{promo_code.SPRING} {"planIds": ["{plan.pro}", "{plan.team}"]}'


def test_a_plan_goes_once_no_code_counts_for_it(shop: Shop) -> None:
    shop.make(TWO)
    text = TWO.replace("  pro: {name: Pro}\n", "").replace("[pro, team]", "[team]")
    shop.remember_ids(TWO)
    calls = [call for call in shop.calls(text, prune=True) if "/offers/" not in call]
    assert calls == ['PATCH /promo-codes/{promo_code.SPRING} {"planIds": ["{plan.team}"]}', "DELETE /plans/{plan.pro}"]


SET = {"metadata": "UPDATE offer SET metadata = ?", "phases": "UPDATE offer SET phases = ?"}


@pytest.mark.parametrize(
    "odd",
    [{"metadata": {"sizes": [1, 2]}}, {"phases": [{"type": "percentage", "percentage": 0.5, "durationCycles": None}]}],
)
def test_an_offer_that_is_not_understood_remembers_nothing(shop: Shop, odd: dict[str, Any]) -> None:
    """Its update would replace what is not understood; so the plans are not compared, and nothing is sent."""
    by_dashboard(shop)
    with sqlite3.connect(shop.database) as db:
        for name, value in odd.items():
            db.execute(SET[name], (json.dumps(value),))
    db.close()
    text = codes("SPRING: {offer: half, plans: [pro]}")
    planned = shop.plan(text)
    assert planned.actions == ["! offer.Half off"]
    assert [code for code, _, _ in notices(planned)] == ["not_understood", "not_compared"]
    (blocked,) = shop.plan(text, targets=(SPRING,)).changeset.blocked
    assert blocked.reason.startswith("offer.Half off: Commet answered `")


def test_two_files_are_compared_as_if_the_first_was_applied(shop: Shop) -> None:
    shop.make(TWO)
    text = TWO.replace("[pro, team]", "[team]")
    review = compared(shop.load(TWO), shop.load(text))
    assert [change.address for change in review.changeset.changes] == [SPRING]
    assert [step.name for step in review.changeset.steps] == [step.name for step in shop.plan(text).changeset.steps]


# What becomes of a code.


def test_a_code_that_leaves_the_file_is_deactivated_and_can_come_back(shop: Shop) -> None:
    shop.make(TWO)
    one = codes("FRIENDS: {offer: half}")
    assert shop.plan(one).unmanaged == ["promo_code.SPRING"]
    assert shop.calls(one, prune=True) == ['PATCH /promo-codes/{promo_code.SPRING} {"active": false}']
    assert (shop.plan(one).unmanaged, shop.plan(one, prune=True).actions) == ([], [])
    assert changed(shop.plan(TWO)) == {"is_active": (False, True)}
    assert shop.calls(TWO) == ['PATCH /promo-codes/{promo_code.SPRING} {"active": true}']
    assert known(shop.plan(TWO)) == really(shop)


def test_an_offer_goes_only_with_its_codes(shop: Shop) -> None:
    shop.make(TWO)
    none = PLANS + "offers: {}\n"
    (blocked,) = shop.plan(none, prune=True).changeset.blocked
    assert "still refers to it" in blocked.reason
    shop.remember_ids(TWO)
    assert shop.calls(PLANS + "offers: {}\npromo_codes: {}\n", prune=True) == [
        'PATCH /promo-codes/{promo_code.SPRING} {"active": false}',
        'PATCH /promo-codes/{promo_code.FRIENDS} {"active": false}',
        "DELETE /offers/{offer.Half off}",
    ]


def test_the_offer_of_a_code_never_changes(shop: Shop) -> None:
    shop.make(TWO)
    more = HALF + "  third: {name: A third off, phases: [{percentage: {percent: 33.33}}]}\n"
    text = codes("SPRING: {offer: third, plans: [pro, team]}", "FRIENDS: {offer: half}", offers=more)
    (blocked,) = shop.plan(text).changeset.blocked
    assert (str(blocked.change.address), blocked.reason) == (
        "promo_code.SPRING",
        "`offer` is fixed once created, and is Half off in Commet",
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("expires_at: 2026-01-31T23:59:59Z", "expired at 2026-01-31T23:59:59Z, so customers cannot redeem it"),
        ("max_redemptions: 2", "was redeemed 2 times, and `max_redemptions` is 2, so customers cannot redeem it"),
    ],
)
def test_a_code_that_nobody_can_redeem_any_more_is_noted(shop: Shop, fields: str, said: str) -> None:
    text = TWO.replace("half, plans", f"half, {fields}, plans")
    shop.make(text)
    with sqlite3.connect(shop.database) as db:
        db.execute("UPDATE promo_code SET redemption_count = 2")
    db.close()
    ((code, message, _),) = notices(shop.plan(text))
    assert (code, message) == ("code_over", said)


def test_a_limit_that_goes_says_what_is_left(shop: Shop) -> None:
    shop.make(TWO)
    (effect,) = shop.plan(TWO.replace(", plans: [pro, team]", "")).review.effects[SPRING]
    assert effect.text.endswith("without `plans`, it applies to all plans")


def test_a_code_that_goes_is_said_to_be_deactivated(shop: Shop) -> None:
    shop.make(TWO)
    outcomes = shop.carry_out(shop.plan(codes("FRIENDS: {offer: half}"), prune=True))
    assert [outcome_line(outcome, Style(color=False)) for outcome in outcomes] == [
        "  ok       promo_code.SPRING deactivated"
    ]


# The version without offers.

OLDER = f"{PLANS}api_version: 2026-07-11\nprice_scale: rate\npromo_codes:\n"
OLD = OLDER + "  SPRING: {discount: {percent: 50, cycles: 3}, plans: [pro]}\n  TEN: {discount: {amount: 10.00}}\n"


def test_a_code_of_the_older_version_has_a_discount_of_its_own(older: Shop) -> None:
    posted = [call for call in older.calls(OLD) if "/promo-codes" in call]
    assert posted == [
        'POST /promo-codes {"code": "SPRING", "planIds": ["{plan.pro}"], "discountType": "percentage", '
        '"discountValue": 5000, "durationCycles": 3}',
        'POST /promo-codes {"code": "TEN", "discountType": "amount", "discountValue": 1000}',
    ]
    assert older.plan(OLD).actions == []


def test_the_older_version_sends_plans_with_another_change_or_for_a_target(older: Shop) -> None:
    older.make(OLD)
    text = OLD.replace("[pro]", "[team]")
    planned = older.plan(text)
    assert planned.actions == []
    ((code, message, _),) = notices(planned)
    assert (code, "those of SPRING and TEN:" in message) == ("not_compared", True)
    assert really(older)["SPRING"] == ("pro",)
    assert changed(older.plan(text, targets=(SPRING,))) == {"plans": (UNKNOWN, ("team",))}
    older.make(text, targets=(SPRING,))
    assert really(older)["SPRING"] == ("team",)
    limited = OLD.replace("[pro]", "[pro, team], max_redemptions: 5").replace("10.00}", "10.00}, max_redemptions: 5")
    assert changed(older.plan(limited)) == {"plans": (UNKNOWN, ("pro", "team")), "max_redemptions": (None, 5)}
    older.make(limited)
    assert really(older) == {"SPRING": ("pro", "team"), "TEN": None}


@pytest.mark.parametrize("old", ["percent: 50", "amount: 10.00", "cycles: 3"])
def test_the_discount_of_a_code_never_changes(older: Shop, old: str) -> None:
    older.make(OLD)
    name, _, number = old.partition(": ")
    (blocked,) = older.plan(OLD.replace(old, f"{name}: {float(number) + 1:.0f}")).changeset.blocked
    assert blocked.reason.startswith("`discount")
    assert "fixed once created" in blocked.reason


def test_the_older_version_neither_deactivates_nor_adds_on_the_word_of_its_list(older: Shop) -> None:
    older.make(OLD)
    (one, other) = older.plan(OLDER[:-1] + " {}\n", prune=True).changeset.blocked
    assert one.reason == other.reason
    assert one.reason == (
        "API version 2026-07-11 lists only the promo codes that begin with a discount, and only their first phase"
    )
    assert one.hint == "deactivate it in the dashboard, or from a file for API version 2026-08-27"


def test_a_code_that_the_older_version_does_not_list_may_exist(older: Shop) -> None:
    trial = [
        {"type": "free_trial", "durationDays": 7},
        {"type": "percentage", "durationCycles": None, "percentage": 100},
    ]
    offer = older.send("POST", "/offers", {"name": "Hidden", "phases": trial})
    older.send("POST", "/promo-codes", {"code": "SPRING", "offerId": offer["id"]})
    planned = older.plan(OLD)
    (noted,) = [notice for notice in planned.changeset.notices if notice.code == "may_exist"]
    assert noted.message.startswith("promo_code.SPRING and promo_code.TEN may already be in Commet: API version")
    outcomes = {str(outcome.change.address): outcome for outcome in older.carry_out(planned)}
    failed = outcomes["promo_code.SPRING"]
    assert isinstance(failed, Failed)
    assert failed.error.message == (
        "promo_code.SPRING already exists in Commet, which did not list it: API version 2026-07-11 lists only the "
        "promo codes that begin with a discount, and only their first phase"
    )
    assert failed.error.hint == (
        "choose another code, or declare this one in a file for API version 2026-08-27, with its offer"
    )
    assert failed.error.code == "duplicate"


def test_semiannual_codes_are_not_in_the_older_version(older: Shop) -> None:
    with pytest.raises(InvalidCatalog) as error:
        older.load(OLD.replace("amount: 10.00}", "amount: 10.00}, billing_interval: semiannual"))
    (problem,) = error.value.problems
    assert problem.code == "interval_not_in_version"


def test_a_code_of_the_older_version_has_an_offer_in_the_newer_one(older: Shop) -> None:
    """The emulator names that offer like the code; what the older version sent is remembered nowhere."""
    older.make(OLD)
    older.version = "2026-08-27"
    offers = (
        "  spring: {name: SPRING, phases: [{percentage: {percent: 50, cycles: 3}}]}\n"
        "  ten: {name: TEN, phases: [{amount_off: {amounts: {usd: 10.00}}}]}\n"
    )
    text = codes("SPRING: {offer: spring, plans: [pro]}", "TEN: {offer: ten}", offers=offers)
    planned = older.plan(text)
    assert planned.actions == ["~ promo_code.SPRING"]
    assert changed(planned) == {"plans": (UNKNOWN, ("pro",))}
    older.make(text)
    assert older.plan(text).actions == []
    older.version = "2026-07-11"
    assert older.plan(OLD).actions == []
