"""GitHub at its worst: busy, refusing, and full of artifacts that are not the plan that was approved."""

import json
import re
from typing import Any

import pytest

from ci.hub import ALL, REPOSITORY, TOKEN
from ci.serving import Fault, Reply
from ci.test_ci_stories import price
from ci.world import DEARER, Pull, World
from cli.running import KEY

pytestmark = pytest.mark.process

COMMENTS = rf"/repos/{REPOSITORY}/issues/7/comments"
#: More plans than a comment has room for.
MANY = "".join(
    f"  p{n}: {{name: Plan {n}, prices: {{monthly: {{price: {n}, is_default: true}}, yearly: {{price: {n * 9}}}}}}}\n"
    for n in range(1, 301)
)
STRANGER = {"full_name": "stranger/pricing"}
DEAREST = DEARER.replace("59", "69")


def test_a_busy_server_is_asked_again(shop: World) -> None:
    shop.hub.fail(f"GET {COMMENTS}", 429, Retry_After="0")
    shop.hub.fail(f"GET {COMMENTS}", 502)
    shop.hub.fail(f"POST {COMMENTS}", 403, Retry_After="0")
    assert shop.plan(shop.open_pull(DEARER)).code == 0
    assert len(shop.hub.comments_on(7)) == 1


@pytest.mark.parametrize("arrives", [True, False])
def test_a_comment_of_which_nobody_knows_is_looked_for_and_not_written_twice(shop: World, *, arrives: bool) -> None:
    shop.hub.fail(f"POST {COMMENTS}", 502, arrives=arrives)
    assert shop.plan(shop.open_pull(DEARER)).code == 0
    assert len(shop.hub.comments_on(7)) == 1
    assert shop.hub.lines("POST").count(f"POST {COMMENTS}") == (1 if arrives else 2)


@pytest.mark.parametrize("status", [422, 500])
def test_a_comment_that_cannot_be_written_fails_the_job(shop: World, status: int) -> None:
    shop.hub.fail(f"POST {COMMENTS}", status, times=9)
    ran = shop.plan(shop.open_pull(DEARER))
    assert ran.code == 1
    assert "59.00" in ran.summary
    assert f"told to fail with {status}" in ran.commands[-1]


def test_a_token_that_may_not_comment_leaves_the_summary(shop: World) -> None:
    shop.hub.rights = ALL - {"comment"}
    ran = shop.plan(shop.open_pull(DEARER))
    assert ran.code == 0
    assert "permissions: {pull-requests: write}" in ran.commands[0]
    assert "No comment was written" in ran.summary
    assert not shop.hub.comments


def test_a_token_that_may_not_open_issues_is_an_error(shop: World) -> None:
    shop.hub.rights = ALL - {"issues"}
    shop.commit(DEARER)
    ran = shop.drift()
    assert ran.code == 1
    assert "permissions: {issues: write}" in ran.commands[0]
    assert "59.00" in ran.summary


def test_the_token_of_a_person_updates_the_comment_of_that_person(shop: World) -> None:
    shop.hub.login = "Octavia"
    pull = shop.open_pull(DEARER)
    shop.plan(pull)
    shop.plan(shop.push(pull, DEAREST))
    assert len(shop.hub.comments_on(7, "Octavia")) == 1


def test_two_accounts_have_two_comments_and_two_plans(shop: World) -> None:
    pull = shop.open_pull(DEARER)
    names = {shop.plan(pull, environment=label).uploads[0][0] for label in ("", "sandbox", "live")}
    assert len(names) == len(shop.hub.comments_on(7)) == 3
    assert "## sandbox" in shop.hub.comments_on(7)[1]
    assert shop.apply(shop.merge(pull), environment="sandbox").code == 0
    assert price(shop) == 5900


def test_a_plan_of_any_length_has_a_comment_that_fits(shop: World) -> None:
    ran = shop.plan(shop.open_pull(DEARER + MANY))
    assert ran.code == 0
    (comment,) = shop.hub.comments_on(7)
    assert len(comment) < 65_536
    assert comment.count("<details>") == comment.count("</details>")
    assert comment.rstrip().splitlines()[-1].startswith("Commit ")
    assert "Not shown here, because it would not fit" in comment
    # The summary of the run, and its log, have all of it.
    for whole in (ran.summary, ran.log):
        assert "Not shown here" not in whole
        assert {f"`plan_price.p{n}/yearly`" for n in range(1, 301)} <= set(re.findall(r"`plan_price[^`]+`", whole))


def test_the_whole_of_a_change_from_a_fork_is_in_the_summary(shop: World) -> None:
    ran = shop.plan(shop.open_pull(DEARER + MANY), source="stranger/pricing")
    assert "Not shown here" not in ran.summary
    assert "`plan_price.p300/yearly`" in ran.summary


def test_secrets_of_the_whole_job_reach_no_step_that_has_no_use_for_them(shop: World) -> None:
    shop.env = {"COMMET_API_KEY": KEY, "GITHUB_TOKEN": TOKEN}
    assert shop.plan(shop.open_pull(DEARER)).code == 0
    # Where they went is looked at after every test.
    assert f"commetctl plan COMMET_API_KEY={KEY}" in shop.started("env")
    assert "commetctl plan ACTIONS_" not in shop.started("env")
    assert "commetctl plan GITHUB_OUTPUT" not in shop.started("env")


def test_a_next_page_elsewhere_is_not_asked(shop: World) -> None:
    there = {"Link": f'<{shop.hub.storage.url}/comments>; rel="next"'}
    shop.hub.faults.append(Fault(f"GET {COMMENTS}", Reply(200, [], there)))
    ran = shop.plan(shop.open_pull(DEARER))
    assert ran.code == 1
    assert "another address" in ran.commands[0]
    assert not shop.hub.storage.requests


def planned(shop: World) -> tuple[Pull, dict[str, Any], bytes]:
    """A pull request with a plan, its artifact, and what is in it."""
    pull = shop.open_pull(DEARER)
    ran = shop.plan(pull)
    return pull, shop.hub.artifacts[0], ran.uploads[0][1].read_bytes()


FORGED = {"plan.json": b'{"commetctl_plan": 1}'}


def test_artifacts_of_other_runs_are_not_taken(shop: World) -> None:
    pull, artifact, _ = planned(shop)
    strange: tuple[dict[str, Any], ...] = (
        {"head_repository": STRANGER},
        {"repository": STRANGER},
        {"event": "push"},
        {"head_sha": "0" * 40},
    )
    for run in strange:
        shop.hub.upload(artifact["name"], FORGED, pull.head, **run)
    assert shop.apply(shop.merge(pull)).code == 0
    assert price(shop) == 5900


def test_plans_of_another_workflow_are_taken_where_it_is_named(shop: World) -> None:
    pull, artifact, _ = planned(shop)
    shop.hub.runs[artifact["workflow_run"]["id"]]["path"] = ".github/workflows/plans.yml"
    merged = shop.merge(pull)
    refused(shop, merged, "is of the workflow .github/workflows/plans.yml")
    assert shop.apply(merged, plan_workflow="plans.yml").code == 0
    assert price(shop) == 5900


def test_only_the_artifact_of_a_fork_is_no_plan(shop: World) -> None:
    pull, artifact, _ = planned(shop)
    shop.hub.runs[artifact["workflow_run"]["id"]]["head_repository"] = STRANGER
    refused(shop, shop.merge(pull), "was not found")


def test_a_merged_pull_request_of_a_fork_has_no_plan(shop: World) -> None:
    pull, _, _ = planned(shop)
    refused(shop, shop.merge(pull, head={"sha": pull.head, "repo": STRANGER}), "came from a fork")


def test_an_expired_plan_is_no_plan(shop: World) -> None:
    pull, artifact, _ = planned(shop)
    artifact["expired"] = True
    refused(shop, shop.merge(pull), "has expired")


def test_the_newest_of_many_plans_is_taken(shop: World) -> None:
    pull, artifact, plan = planned(shop)
    for _ in range(120):
        shop.hub.upload("commetctl-plan-" + "0" * 40, FORGED, "0" * 40)
    artifact["created_at"] = "2025-01-01T00:00:00Z"
    old = json.loads(plan)
    shop.hub.storage.archives[str(artifact["id"])] = b"not even an archive"
    shop.hub.upload(artifact["name"], {"plan.json": plan}, pull.head)
    done = shop.apply(shop.merge(pull))
    assert (done.code, done.outputs["plan-id"]) == (0, old["id"])


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"../plan.json": b"{}", "/plan.json": b"{}", "a/plan.json": b"{}"}, "does not hold one plan.json"),
        ({}, "does not hold one plan.json"),
        ({"plan.json": b"0" * 64_000_001}, "is longer than"),
    ],
    ids=["elsewhere", "empty", "endless"],
)
def test_an_archive_with_anything_else_is_refused(shop: World, files: dict[str, bytes], said: str) -> None:
    pull, artifact, _ = planned(shop)
    artifact["expired"] = True
    shop.hub.upload(artifact["name"], files, pull.head)
    ran = shop.apply(shop.merge(pull))
    assert ran.code == 1
    assert said in ran.commands[0]
    assert price(shop) == 4900
    assert not (shop.repository / "plan.json").exists()


def test_a_plan_that_was_changed_on_the_way_is_refused_by_commetctl(shop: World) -> None:
    pull, artifact, plan = planned(shop)
    shop.hub.upload(artifact["name"], {"plan.json": plan.replace(b"59.00", b"12.00")}, pull.head)
    done = shop.apply(shop.merge(pull))
    assert (done.code, price(shop)) == (4, 4900)
    assert "damaged or changed by hand" in done.summary


def test_a_download_that_leads_to_plain_http_elsewhere_is_not_followed(shop: World) -> None:
    pull, artifact, _ = planned(shop)
    archive = rf"GET /repos/{REPOSITORY}/actions/artifacts/{artifact['id']}/zip"
    shop.hub.faults.append(Fault(archive, Reply(302, None, {"Location": "http://storage.example/plan"})))
    ran = shop.apply(shop.merge(pull))
    assert ran.code == 1
    assert "only https addresses are asked" in ran.commands[0]


def test_a_busy_storage_is_asked_again(shop: World) -> None:
    pull, artifact, _ = planned(shop)
    shop.hub.storage.fail(f"GET /archives/{artifact['id']}", 503)
    assert shop.apply(shop.merge(pull)).code == 0


def refused(shop: World, commit: str, said: str) -> None:
    done = shop.apply(commit)
    assert (done.code, price(shop)) == (4, 4900)
    assert said in done.summary
    assert "without-plan: apply" in done.summary
    assert any(said in command for command in done.commands)


def test_a_commit_without_a_pull_request_is_refused_or_applied_by_choice(shop: World) -> None:
    shop.git("checkout", "-q", "main")
    commit = shop.commit(DEARER)
    refused(shop, commit, "no pull request brought commit")
    done = shop.apply(commit, without_plan="apply")
    assert (done.code, price(shop)) == (0, 5900)
    assert "No approved plan" in done.summary


@pytest.mark.parametrize(
    "row",
    [{"merged_at": None}, {"base": {"ref": "other", "repo": {"full_name": REPOSITORY}}}, {"base": {"ref": "main"}}],
    ids=["open", "branch", "repository"],
)
def test_a_pull_request_that_was_not_merged_here_is_not_taken(shop: World, row: dict[str, Any]) -> None:
    pull, _, _ = planned(shop)
    refused(shop, shop.merge(pull, **row), "no pull request brought commit")


def test_of_several_pull_requests_the_merged_commit_tells_which(shop: World) -> None:
    pull, _, _ = planned(shop)
    merged = shop.merge(pull)
    (row,) = shop.hub.pulls[merged]
    shop.hub.pulls[merged].insert(0, {**row, "number": 3, "merge_commit_sha": "0" * 40})
    assert "pull request #7" in shop.apply(merged).summary
    shop.git("clean", "-qfdx")
    row["merge_commit_sha"] = "1" * 40
    assert "more than one pull request" in shop.apply(merged).summary


def test_missing_rights_to_find_the_plan_are_named(shop: World) -> None:
    pull, _, _ = planned(shop)
    shop.hub.rights = ALL - {"actions"}
    ran = shop.apply(shop.merge(pull))
    assert ran.code == 1
    assert "actions: read, pull-requests: read" in ran.commands[0]
