"""What is due on a date: applied on the default branch as it is now, and one issue where that is refused."""

import shlex
from typing import Any

import pytest

from ci.actions import Ran
from ci.hub import ALL, BOT
from ci.world import DEARER, YAML, World

pytestmark = pytest.mark.process

MARKER = "<!-- commetctl-overdue:./commet.yaml: -->"
TITLE = "A dated change is overdue: Commet is not as commet.yaml says"
REFUSED = "refused: changes/pro.yaml: plan_price.pro/monthly is 52.00 USD, and was 49.00 USD"


def ending(shop: World, code: int, out: str = "nothing is due", err: str = "") -> str:
    """A commetctl that says so and ends with a code: what the real one makes of an account is for other tests."""
    program = shop.folder / "ending"
    program.write_text(
        f'#!/bin/sh\necho "commetctl $*" >> {shop.folder}/started.words\nenv | sed "s|^|commetctl $1 |" >> '
        f"{shop.folder}/started.env\necho {shlex.quote(out)}\necho {shlex.quote(err)} >&2\nexit {code}\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    return str(program)


def refused(shop: World, **inputs: str) -> Ran:
    return shop.due(commetctl=ending(shop, 4, "1 of 2 due changes applied", REFUSED), **inputs)


def test_what_is_due_is_applied_and_nothing_is_asked_for(shop: World) -> None:
    ran = shop.due(commetctl=ending(shop, 0, "1 change was due and is applied"), extra_args="--env live")
    assert (ran.code, ran.outputs["exit-code"], ran.outputs["changes"]) == (0, "0", "false"), ran.log
    assert "commetctl apply --due --file=commet.yaml --yes --env live" in shop.started("words").splitlines()
    assert "## commetctl apply --due" in ran.summary
    assert "1 change was due and is applied" in ran.summary
    assert not shop.hub.issues
    assert not ran.uploads


def test_a_refused_change_is_an_issue_that_is_opened_updated_and_closed(shop: World) -> None:
    ran = refused(shop)
    assert (ran.code, ran.outputs["exit-code"]) == (4, "4")
    (issue,) = shop.hub.issues
    assert (issue["title"], issue["user"]["login"], issue["labels"]) == (TITLE, BOT, [{"name": "pricing-drift"}])
    assert issue["body"].startswith(
        f"{MARKER}\n**commetctl apply --due failed with exit code 4.** Refused.\n\n```text\n"
    )
    for said in ("1 of 2 due changes applied", REFUSED, "edit or delete its file", shop.git("rev-parse", "HEAD")):
        assert said in issue["body"]
    assert ran.outputs["issue-url"] == issue["html_url"]
    assert ran.commands == [f"error title=commetctl::{REFUSED.removeprefix('refused: ')}"]
    again = shop.due(commetctl=ending(shop, 4, "", REFUSED.replace("52", "53")))
    assert (again.code, len(shop.hub.issues)) == (4, 1)
    assert "53.00" in issue["body"]
    done = shop.due(commetctl=ending(shop, 0))
    assert (done.code, issue["state"]) == (0, "closed")
    assert "Nothing is overdue" in shop.hub.comments_on(issue["number"])[0]
    assert refused(shop, issue_label="").code == 4
    assert [(row["state"], row["labels"]) for row in shop.hub.issues] == [
        ("closed", [{"name": "pricing-drift"}]),
        ("open", []),
    ]


@pytest.mark.parametrize("code", [1, 3, 5, 6, 64, 70])
def test_a_run_that_ends_otherwise_leaves_the_issue_alone(shop: World, code: int) -> None:
    ended = {"commetctl": ending(shop, code, err="error: something else")}
    assert shop.due(**ended).code == code
    assert not shop.hub.issues
    refused(shop)
    body = shop.hub.issues[0]["body"]
    ran = shop.due(commetctl=ending(shop, code, err="error: something else"))
    assert (ran.code, shop.hub.issues[0]["state"], shop.hub.issues[0]["body"]) == (code, "open", body)
    assert "something else" in ran.summary


def test_each_account_has_an_issue_of_its_own_and_drift_has_another(shop: World) -> None:
    refused(shop, environment="production")
    refused(shop, environment="sandbox")
    shop.drift(commetctl=ending(shop, 2, "### drift"))
    assert [issue["title"] for issue in shop.hub.issues] == [
        f"{TITLE} (production)",
        f"{TITLE} (sandbox)",
        "Commet is not as commet.yaml says",
    ]
    shop.due(commetctl=ending(shop, 0), environment="sandbox")
    assert [issue["state"] for issue in shop.hub.issues] == ["open", "closed", "open"]


def test_a_token_that_may_not_open_issues_is_an_error(shop: World) -> None:
    shop.hub.rights = ALL - {"issues"}
    ran = refused(shop)
    assert ran.code == 1
    assert "the refusal is in the summary only" in ran.commands[-1]
    assert "permissions: {issues: write}" in ran.commands[-1]
    assert REFUSED in ran.summary


def event(default: Any) -> dict[str, Any]:
    return {"repository": {"default_branch": default}}


@pytest.mark.parametrize(
    ("kind", "ref", "given"),
    [
        ("workflow_dispatch", "refs/heads/other", event("main")),
        ("push", "refs/heads/other", event("main")),
        ("push", "refs/tags/main", event("main")),
        ("push", "refs/heads/main", {}),
        ("push", "refs/heads/main", event(None)),
        ("push", "refs/heads/main", {"repository": "main"}),
        ("schedule", "refs/tags/v1", {}),
    ],
)
def test_it_is_refused_elsewhere_than_on_the_default_branch(
    shop: World, kind: str, ref: str, given: dict[str, Any]
) -> None:
    ran = shop.run(kind, shop.git("rev-parse", "HEAD"), ref, given, command="due", commetctl=ending(shop, 0))
    assert ran.code == 1
    assert ran.commands == [
        "error title=commetctl::`due` is for the default branch alone: run it on a schedule, or there by hand"
    ]
    nothing_ran(shop)


def nothing_ran(shop: World) -> None:
    assert "commetctl apply --due" not in shop.started("words")


@pytest.mark.parametrize("kind", ["pull_request", "pull_request_review", "pull_request_target"])
def test_it_is_refused_on_a_pull_request(shop: World, kind: str) -> None:
    pull = shop.open_pull(DEARER)
    ran = shop.run(kind, pull.merged, "refs/heads/main", event("main"), command="due", commetctl=ending(shop, 0))
    assert (ran.code, len(ran.commands)) == (1, 1)
    assert "`due` is not for pull requests: run it on a schedule" in ran.commands[0]
    nothing_ran(shop)


def test_somebody_may_run_it_by_hand(shop: World) -> None:
    given = {"command": "due", "commetctl": ending(shop, 0), "extra_args": "--allow price_change"}
    head = shop.git("rev-parse", "HEAD")
    assert shop.run("workflow_dispatch", head, "refs/heads/main", event("main"), **given).code == 0
    assert "--yes --allow price_change" in shop.started("words")


def checked_out(shop: World, commit: str, sha: str = "") -> Ran:
    shop.git("checkout", "-q", "--detach", commit)
    return shop.run("schedule", sha or commit, "refs/heads/main", {}, command="due", commetctl=ending(shop, 0))


def test_what_was_taken_back_since_the_run_began_is_not_applied(shop: World) -> None:
    """A run that waited for another, or is run again, has the files of its beginning."""
    old = shop.git("rev-parse", "main")
    new = shop.commit(DEARER)
    ran = checked_out(shop, old)
    assert ran.code == 1
    assert "is not that of the default branch now" in ran.commands[0]
    nothing_ran(shop)
    # As with `ref: ${{ github.ref }}`, where the run is still of the old commit.
    assert checked_out(shop, new, sha=old).code == 0


def test_what_is_on_another_branch_is_not_applied(shop: World) -> None:
    pull = shop.open_pull(YAML + "# more\n")
    ran = checked_out(shop, pull.head)
    assert ran.code == 1
    assert "is not that of the default branch now" in ran.commands[0]
    nothing_ran(shop)


def test_other_files_may_change_while_it_waits(shop: World) -> None:
    old = shop.git("rev-parse", "main")
    (shop.repository / "README.md").write_text("Prices\n", encoding="utf-8")
    shop.commit(YAML)
    assert checked_out(shop, old).code == 0


@pytest.mark.parametrize(
    ("status", "said"),
    [(403, "The job needs `permissions: {contents: read}`"), (404, "not that of the default branch")],
)
def test_a_branch_of_which_nothing_is_known_is_refused(shop: World, status: int, said: str) -> None:
    shop.hub.fail("GET .*/compare/.*", status, times=9)
    ran = shop.due(commetctl=ending(shop, 0))
    assert ran.code == 1
    assert said in ran.commands[0]
    nothing_ran(shop)


@pytest.mark.parametrize("command", ["plan", "apply", "due", "drift"])
def test_nobody_else_asks_for_what_is_due(shop: World, command: str) -> None:
    head = shop.git("rev-parse", "HEAD")
    ran = shop.run("push", head, "refs/heads/main", {}, command=command, extra_args="--due")
    assert ran.code == 1
    assert "extra-args may not hold --due" in ran.commands[0]
