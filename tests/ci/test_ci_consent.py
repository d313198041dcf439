"""A guard that says no, allowed from the pull request: by whom, for which commit, and until when."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from ci.actions import nothing_strange
from ci.hub import AUTHOR, REPOSITORY, TOKEN, Hub, Storage
from ci.serving import Fault, Reply, serving
from ci.test_ci_stories import price
from ci.world import YAML, Pull, World
from cli.running import rows
from commetctl.cli.options import ALLOWABLE
from commetctl_ci.consent import GUARDS, consent
from commetctl_ci.github import GitHub
from commetctl_ci.trouble import Trouble

pytestmark = pytest.mark.process

#: A price that moves by more than a run may move one.
DOUBLED = YAML.replace("price: 49", "price: 98")
LINE = "commetctl: allow price_change"
GRAPHQL = "POST /graphql"


HEAD = "1" * 40


@pytest.fixture
def reviewed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A GitHub with a pull request that was merged, for scripts in this process."""
    hub = Hub(Storage())
    hub.opened.append({"number": 7, "merged_at": "2026-01-02T00:00:00Z"})
    with serving(hub):
        for name, value in (("API_URL", hub.url), ("GRAPHQL_URL", f"{hub.url}/graphql"), ("TOKEN", TOKEN)):
            monkeypatch.setenv(f"GITHUB_{name}", value)
        yield hub
    nothing_strange(hub)


def allowed() -> tuple[str, ...]:
    return consent(GitHub(REPOSITORY), 7, HEAD).words


def opened(shop: World, yaml: str = DOUBLED) -> Pull:
    """A pull request that a guard refuses, and its plan."""
    pull = shop.open_pull(yaml)
    assert shop.plan(pull).code == 0
    return pull


def test_the_guards_that_a_review_can_name_are_those_of_the_command_line() -> None:
    assert GUARDS == ALLOWABLE


def test_a_review_allows_what_a_guard_refuses_and_the_merge_applies_it(shop: World) -> None:
    pull = opened(shop)
    (comment,) = shop.hub.comments_on(7)
    assert "would refuse" in comment
    assert f"approve commit {pull.head} in a review with `{LINE}` on a line of its own" in comment
    shop.hub.review(7, "maria", f"Agreed with sales.\r\n\r\n{LINE}\r\n", pull.head)

    again = shop.plan(pull, kind="pull_request_review")
    assert again.code == 0
    said = f"**Allowed by `maria`**, who approved commit {pull.head}: `--allow price_change`."
    (comment,) = shop.hub.comments_on(7)
    assert said in comment
    assert said in again.summary
    assert "would refuse" not in comment
    assert price(shop) == 4900

    done = shop.apply(shop.merge(pull))
    assert (done.code, price(shop)) == (0, 9800), done.log
    assert said in done.summary
    assert "This is the plan of pull request #7." in done.summary


def test_a_review_has_an_object_replaced_and_the_merge_applies_the_plan_of_it(shop: World) -> None:
    addons = (
        "addons:\n  more: {name: More, feature: calls, consumption_model: credits, credit_cost: 2, base_price: 5}\n"
    )
    first = shop.open_pull(YAML + addons, branch="addons")
    shop.plan(first)
    assert shop.apply(shop.merge(first)).code == 0
    pull = opened(shop, YAML + addons.replace("credit_cost: 2", "credit_cost: 3"))
    (comment,) = shop.hub.comments_on(pull.number)
    line = "commetctl: replace addon.calls"
    assert f"approve commit {pull.head} in a review with `{line}` on a line of its own" in comment
    shop.hub.review(pull.number, "maria", line, pull.head)

    shop.plan(pull, kind="pull_request_review")
    (comment,) = shop.hub.comments_on(pull.number)
    assert f"**Allowed by `maria`**, who approved commit {pull.head}: `--replace addon.calls`." in comment
    assert "🔁" in comment
    done = shop.apply(shop.merge(pull))
    assert done.code == 0, done.log
    assert [row["creditCost"] for row in rows(shop.url, "/addons")] == [3]


def test_without_a_review_the_guard_refuses(shop: World) -> None:
    done = shop.apply(shop.merge(opened(shop)))
    assert (done.code, price(shop)) == (4, 4900)
    assert "--allow price_change" in done.summary


def test_another_push_voids_what_was_allowed(shop: World) -> None:
    pull = opened(shop)
    shop.hub.review(7, "maria", LINE, pull.head)
    shop.push(pull, DOUBLED.replace("98", "480"))
    ran = shop.plan(pull)
    assert "Allowed by" not in ran.summary
    assert "would refuse" in shop.hub.comments_on(7)[0]
    assert (shop.apply(shop.merge(pull)).code, price(shop)) == (4, 4900)


BEFORE, AFTER = "2026-01-01T14:00:00Z", "2026-01-02T00:00:01Z"


@pytest.mark.parametrize(
    ("login", "body", "more"),
    [
        ("stranger", LINE, {"authorCanPushToRepository": False}),
        ("unknown", LINE, {"authorCanPushToRepository": None}),
        (AUTHOR, LINE, {}),
        (AUTHOR.upper(), LINE, {}),
        ("robot", LINE, {"author": {"__typename": "Bot", "login": "robot"}}),
        ("ghost", LINE, {"author": None}),
        ("maria", LINE, {"state": "COMMENTED"}),
        ("maria", LINE, {"state": "CHANGES_REQUESTED"}),
        ("maria", LINE, {"state": "DISMISSED"}),
        ("maria", LINE, {"commit": {"oid": "0" * 40}}),
        ("maria", LINE, {"commit": None}),
        ("maria", LINE, {"lastEditedAt": BEFORE, "editor": {"login": AUTHOR}}),
        ("maria", LINE, {"lastEditedAt": BEFORE, "editor": None}),
        ("maria", LINE, {"lastEditedAt": AFTER, "editor": {"login": "maria"}}),
        ("maria", LINE, {"submittedAt": AFTER}),
        ("maria", LINE, {"submittedAt": None}),
        ("maria", f"> {LINE}", {}),
        *(("maria", f"> quoted{end}{LINE}", {}) for end in "\v\f\x1c\x85\u2028\u2029"),
        ("maria", f"Do not write {LINE} here", {}),
        ("maria", f"<!-- hidden\n{LINE}\n-->", {}),
        ("maria", f"<!-- never ended\n{LINE}", {}),
        ("maria", "commetctl: allow", {}),
        ("maria", "commetctl: allow everything", {}),
        ("maria", "commetctl: allow price", {}),
        ("maria", f"{LINE}\ncommetctl: allow live", {}),
        ("maria", f"{LINE} --prune", {}),
        ("maria", f"{LINE} && true", {}),
        ("maria", "commetctl: allow-delete --yes", {}),
        ("maria", "commetctl: replace --yes", {}),
    ],
)
def test_what_is_no_consent(reviewed: Hub, login: str, body: str, more: dict[str, Any]) -> None:
    reviewed.review(7, login, body, HEAD, **more)
    assert allowed() == ()


def test_a_line_that_cannot_be_meant_is_told(shop: World) -> None:
    pull = opened(shop)
    shop.hub.review(7, "maria", "commetctl: allow price", pull.head)
    ran = shop.plan(pull, kind="pull_request_review")
    said = "The approval of `maria` does not count as consent: it names an unknown guard; there are `scale`, "
    assert said in ran.summary
    assert said in shop.hub.comments_on(7)[0]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (LINE, ("--allow", "price_change")),
        (f"`{LINE}`", ("--allow", "price_change")),
        (LINE.replace(":", ""), ("--allow", "price_change")),
        (
            f"  {LINE}, deletes\r\ncommetctl: allow updates",
            ("--allow", "price_change", "--allow", "deletes", "--allow", "updates"),
        ),
        (f"Fine.\n\n```\n{LINE}\n```\n{LINE}", ("--allow", "price_change")),
        (f"<!-- not this: commetctl: allow deletes -->\n{LINE}", ("--allow", "price_change")),
        ("commetctl: allow-delete plan.old", ("--allow-delete", "plan.old")),
        ("commetctl: replace addon.more", ("--replace", "addon.more")),
        (
            "commetctl: allow-delete plan.old, plan_price.pro/yearly",
            ("--allow-delete", "plan.old", "--allow-delete", "plan_price.pro/yearly"),
        ),
    ],
)
def test_what_is_consent(reviewed: Hub, body: str, words: tuple[str, ...]) -> None:
    reviewed.review(7, "maria", body, HEAD)
    assert allowed() == words


@pytest.mark.parametrize(
    ("second", "counts"),
    [
        ({"state": "COMMENTED", "body": "one more thing"}, True),
        ({"state": "APPROVED", "body": "still fine"}, False),
        ({"state": "CHANGES_REQUESTED", "body": "wait"}, False),
        ({"state": "DISMISSED", "body": LINE}, False),
        ({"state": "APPROVED", "body": "me too", "author": {"__typename": "User", "login": "omar"}}, True),
        ({"state": "CHANGES_REQUESTED", "body": "no", "author": {"__typename": "User", "login": "omar"}}, True),
    ],
)
def test_the_last_word_of_each_person_counts(reviewed: Hub, second: dict[str, Any], *, counts: bool) -> None:
    reviewed.review(7, "maria", LINE, HEAD)
    reviewed.review(7, "maria", "", HEAD, **second)
    assert bool(allowed()) is counts


def test_a_review_that_its_author_edited_counts(reviewed: Hub) -> None:
    reviewed.review(7, "maria", LINE, HEAD, lastEditedAt=BEFORE, editor={"login": "maria"})
    assert allowed() == ("--allow", "price_change")


def test_what_was_allowed_for_another_base_branch_does_not_count(shop: World) -> None:
    pull = opened(shop)
    shop.hub.review(7, "maria", LINE, pull.head)
    moved = {"event": "base_ref_changed", "created_at": "2026-01-01T13:30:00Z"}
    shop.hub.events[7] = [moved]
    again = shop.plan(pull)
    assert "Allowed by" not in again.summary
    shop.hub.runs[max(shop.hub.runs)]["created_at"] = "2026-01-01T13:40:00Z"
    merged = shop.merge(pull)
    done = shop.apply(merged)
    assert (done.code, price(shop)) == (4, 4900)
    assert "--allow price_change" in done.summary, "the plan is taken, and nothing is allowed"
    shop.hub.review(7, "maria", LINE, pull.head, submittedAt="2026-01-01T13:50:00Z")
    assert (shop.apply(merged).code, price(shop)) == (0, 9800)


def test_the_reviews_of_many_pages_are_read(reviewed: Hub) -> None:
    for number in range(150):
        reviewed.review(7, f"person{number}", "fine", HEAD, state="COMMENTED")
    reviewed.review(7, "maria", LINE, HEAD, submittedAt=BEFORE)
    assert allowed() == ("--allow", "price_change")


def reviews_read(nodes: list[Any], changes: Iterable[Any] = ()) -> dict[str, Any]:
    """An answer with all that is asked for."""
    pull = {"reviews": {"nodes": nodes, "pageInfo": {"hasNextPage": False}}, "timelineItems": {"nodes": [*changes]}}
    return {"data": {"repository": {"pullRequest": pull}}}


@pytest.mark.parametrize(
    "answer",
    [
        {"data": None, "errors": [{"message": "Resource not accessible by integration"}]},
        {"data": {"repository": None}},
        {"data": {"repository": {"pullRequest": {"reviews": None, "timelineItems": {"nodes": []}}}}},
        {"data": {"repository": {"pullRequest": {"reviews": {"nodes": [], "pageInfo": {}}, "timelineItems": None}}}},
        reviews_read([None]),
        reviews_read([], changes=[None]),
        reviews_read([]) | {"errors": [{"message": "timeout", "path": ["repository", "pullRequest", "mergedAt"]}]},
        ["not an object"],
    ],
)
def test_a_part_that_may_not_be_read_is_no_consent(reviewed: Hub, answer: Any) -> None:
    reviewed.review(7, "maria", LINE, HEAD)
    reviewed.faults.append(Fault(GRAPHQL, Reply(200, answer)))
    with pytest.raises(Trouble, match="does not say who reviewed"):
        allowed()


def test_a_change_of_the_base_at_an_unknown_time_voids_what_was_allowed(reviewed: Hub) -> None:
    reviewed.review(7, "maria", LINE, HEAD)
    reviewed.events[7] = [{"event": "base_ref_changed", "created_at": None}]
    assert allowed() == ()


def test_reviews_that_cannot_be_read_allow_nothing(shop: World) -> None:
    pull = opened(shop)
    shop.hub.review(7, "maria", LINE, pull.head)
    merged = shop.merge(pull)
    shop.hub.fail(GRAPHQL, 502, times=9)
    done = shop.apply(merged)
    assert (done.code, price(shop)) == (4, 4900)
    assert "Whether a review allows anything is not known" in done.summary
    shop.hub.faults.clear()
    assert shop.apply(merged).code == 0


def test_nothing_is_allowed_for_what_nobody_has_seen(shop: World) -> None:
    """Without the plan of the pull request, its reviews do not count."""
    pull = opened(shop)
    shop.hub.review(7, "maria", LINE, pull.head)
    shop.hub.artifacts.clear()
    done = shop.apply(shop.merge(pull), without_plan="apply")
    assert (done.code, price(shop)) == (4, 4900)
    assert "Allowed by" not in done.summary
