"""Whole stories: from a pull request to the account, and what happens on the way."""

import pytest

from ci.hub import BOT
from ci.world import DEARER, YAML, World
from cli.running import rows, send

pytestmark = pytest.mark.process

MARKER = "<!-- commetctl:./commet.yaml: -->"
DEAREST = YAML.replace("price: 49", "price: 69")


def price(shop: World) -> int:
    found: int = rows(shop.url, "/plans?includePrivate=true")[0]["prices"][0]["price"]
    return found


def change_in_dashboard(shop: World, cents: int) -> None:
    plan = rows(shop.url, "/plans?includePrivate=true")[0]
    send(shop.url, "PATCH", f"/plans/{plan['id']}/prices/{plan['prices'][0]['id']}", {"price": cents})


def test_a_pull_request_from_its_first_plan_to_its_end(shop: World) -> None:
    pull = shop.open_pull(DEARER)
    first = shop.plan(pull)
    assert (first.code, first.outputs["changes"]) == (0, "true")
    (comment,) = shop.hub.comments_on(7)
    assert comment.startswith(MARKER + "\n")
    assert "59.00" in comment
    assert comment.rstrip().splitlines()[-1].startswith(f"Commit {pull.head}, plan {first.outputs['plan-id']}")
    assert first.uploads[0][0] == f"commetctl-plan-{pull.head}"
    assert "59.00" in first.summary

    second = shop.plan(shop.push(pull, DEAREST))
    (comment,) = shop.hub.comments_on(7)
    assert "69.00" in comment
    assert "59.00" not in comment
    assert pull.head in comment
    assert price(shop) == 4900

    merged = shop.merge(pull)
    done = shop.apply(merged)
    assert (done.code, price(shop)) == (0, 6900), done.log
    assert "This is the plan of pull request #7." in done.summary
    assert "1 change applied and verified." in done.summary
    assert done.outputs["plan-id"] == second.outputs["plan-id"]

    again = shop.apply(merged)
    assert (again.code, price(shop)) == (4, 6900)
    assert "was already applied, and a saved plan can be applied once" in again.summary
    assert "run the plan job of pull request #7 again" in again.summary


def test_on_a_fresh_machine_a_plan_that_was_applied_is_stale(shop: World) -> None:
    pull = shop.open_pull(DEARER)
    shop.plan(pull)
    merged = shop.merge(pull)
    assert shop.apply(merged).code == 0
    shop.git("clean", "-qfdx")
    again = shop.apply(merged)
    assert again.code == 4
    assert "does not match the account any more" in again.summary


def test_on_a_fresh_machine_a_plan_that_was_applied_and_undone_is_stale(shop: World) -> None:
    pull = shop.open_pull(DEARER)
    shop.plan(pull)
    merged = shop.merge(pull)
    assert shop.apply(merged).code == 0
    change_in_dashboard(shop, 4900)
    shop.git("clean", "-qfdx")
    again = shop.apply(merged)
    assert (again.code, price(shop)) == (4, 4900)
    assert "may have been applied and undone" in again.summary
    assert "run the plan job of pull request #7 again" in again.summary


def test_the_options_of_a_plan_are_given_to_both_jobs(shop: World) -> None:
    pull = shop.open_pull(DEARER)
    shop.plan(pull, extra_args="--prune")
    merged = shop.merge(pull)
    alone = shop.apply(merged)
    assert (alone.code, price(shop)) == (4, 4900)
    assert "was made with `--prune`, which this command lacks" in alone.summary
    assert shop.apply(merged, extra_args="--prune --allow price_change").code == 0
    assert price(shop) == 5900


@pytest.mark.parametrize(
    "option", ["--allow-delete", "--replace", "--journal", "--target", "--local", "--api-key-file"]
)
def test_an_option_that_lacks_its_value_does_not_take_the_plan_for_it(shop: World, option: str) -> None:
    pull = shop.open_pull(DEARER)
    shop.plan(pull)
    # The plan is stale: only an apply without it would change the price now.
    change_in_dashboard(shop, 5500)
    done = shop.apply(shop.merge(pull), extra_args=option)
    assert (done.code != 0, price(shop)) == (True, 5500), done.log


def test_somebody_changed_the_dashboard_in_between(shop: World) -> None:
    pull = shop.open_pull(DEARER)
    shop.plan(pull)
    change_in_dashboard(shop, 5500)
    done = shop.apply(shop.merge(pull))
    assert (done.code, price(shop)) == (4, 5500)
    assert "does not match the account any more" in done.summary
    assert "open a new pull request" in done.summary
    assert any(command.startswith("error title=commetctl::") for command in done.commands)


def test_a_plan_that_becomes_empty_says_so_in_the_same_comment(shop: World) -> None:
    pull = shop.open_pull(DEARER)
    shop.plan(pull)
    ran = shop.plan(shop.push(pull, YAML + "# no change\n"))
    assert (ran.code, ran.outputs["changes"]) == (0, "false")
    (comment,) = shop.hub.comments_on(7)
    assert "No changes" in comment
    assert pull.head in comment


@pytest.mark.parametrize(("wish", "comments"), [("changes", 0), ("always", 1), ("never", 0)])
def test_without_changes_nothing_is_posted_unless_it_is_asked_for(shop: World, wish: str, comments: int) -> None:
    pull = shop.open_pull(YAML + "# no change\n")
    ran = shop.plan(pull, comment=wish)
    assert ran.code == 0
    assert len(shop.hub.comments_on(7)) == comments
    assert "No changes" in ran.summary
    # Merging it applies nothing, and is no error.
    assert shop.apply(shop.merge(pull)).code == 0


def test_a_plan_that_fails_is_told_in_the_comment_and_fails_the_job(shop: World) -> None:
    pull = shop.open_pull(DEARER)
    shop.plan(pull)
    broken = shop.plan(shop.push(pull, DEARER.replace("usage", "usages")))
    assert broken.code == 3
    (comment,) = shop.hub.comments_on(7)
    assert "failed with exit code 3" in comment
    assert "no plan" in comment.rstrip().splitlines()[-1]
    assert not broken.uploads
    assert any(command.startswith("error file=commet.yaml,line=4") for command in broken.commands)

    refused = shop.plan(shop.push(pull, DEARER), api_key="")
    assert refused.code == 6
    assert "failed with exit code 6" in shop.hub.comments_on(7)[0]
    lost = shop.plan(pull, api_url="http://127.0.0.1:9", extra_args="--retries 0")
    assert lost.code == 1
    assert "failed with exit code 1" in shop.hub.comments_on(7)[0]


def test_a_plan_that_could_not_be_kept_is_no_plan_to_approve(shop: World) -> None:
    ran = shop.plan(shop.open_pull(DEARER), uploads="no")
    assert ran.code == 1
    assert "could not be kept" in shop.hub.comments_on(7)[0]


def test_drift_is_an_issue_that_is_opened_updated_and_closed(shop: World) -> None:
    assert shop.drift().code == 0
    assert not shop.hub.issues
    change_in_dashboard(shop, 5500)
    assert shop.drift().code == 0
    (issue,) = shop.hub.issues
    assert issue["body"].startswith("<!-- commetctl-drift:./commet.yaml: -->\n")
    assert "55.00" in issue["body"]
    assert issue["labels"] == [{"name": "pricing-drift"}]
    change_in_dashboard(shop, 5600)
    assert shop.drift(fail_on_drift="true").code == 1
    (issue,) = shop.hub.issues
    assert "56.00" in issue["body"]
    change_in_dashboard(shop, 4900)
    assert shop.drift().code == 0
    assert issue["state"] == "closed"
    assert "The drift is gone" in shop.hub.comments_on(issue["number"])[0]
    change_in_dashboard(shop, 5500)
    assert shop.drift(issue_label="").code == 0
    assert [issue["state"] for issue in shop.hub.issues] == ["closed", "open"]
    assert shop.hub.issues[1]["user"]["login"] == BOT


def test_a_check_for_drift_that_fails_leaves_the_issue_alone(shop: World) -> None:
    change_in_dashboard(shop, 5500)
    shop.drift()
    assert shop.drift(api_key="").code == 6
    assert [issue["state"] for issue in shop.hub.issues] == ["open"]


@pytest.mark.parametrize("source", ["stranger/pricing", None])
def test_a_fork_is_compared_offline_and_gets_no_comment(shop: World, source: str | None) -> None:
    pull = shop.open_pull(DEARER)
    # Also where somebody lets forks have secrets.
    ran = shop.plan(pull, source=source)
    assert ran.code == 0, ran.log
    assert "59.00" in ran.summary
    assert "gets no key" in ran.summary
    assert "No comment was written" in ran.summary
    assert not ran.uploads
    assert not shop.hub.requests
    assert f"commetctl diff COMMET_API_URL={shop.url}" in shop.started("env")
    assert "commetctl diff COMMET_API_KEY" not in shop.started("env")
    done = shop.apply(shop.merge(pull))
    assert (done.code, price(shop)) == (4, 4900)
