"""Dated changes in a pull request: their dates are checked, and the comment says what is scheduled."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ci.test_ci_stories import MARKER, price
from ci.world import DEARER, YAML, Pull, World
from cli.running import send
from commetctl_ci import checkout
from commetctl_ci.event import PullRequest
from commetctl_ci.offline import checkable
from commetctl_ci.settings import is_dated, is_scheduled

pytestmark = pytest.mark.process

FORK = "stranger/pricing"


def dated(effective: str, cents: str = "59.00", **more: str) -> str:
    """A dated change."""
    head = "".join(
        f"  {name}: {value}\n" for name, value in {"effective": effective, "existing": "at_renewal", **more}.items()
    )
    return f"version: 1\nchange:\n{head}plans:\n  pro: {{prices: {{monthly: {{price: {cents}}}}}}}\n"


def write(shop: World, files: Mapping[str, str | None]) -> None:
    """Write files, or delete them."""
    for name, text in files.items():
        file = shop.repository / name
        if text is None:
            file.unlink()
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def pulled(shop: World, files: Mapping[str, str | None], *, branch: str = "dated", number: int = 7) -> Pull:
    """A pull request that changes files beside the catalog, or below."""
    pull = Pull(number, branch, shop.git("rev-parse", "main"), "")
    shop.git("checkout", "-q", "-b", branch, "main")
    return pushed(shop, pull, files)


def pushed(shop: World, pull: Pull, files: Mapping[str, str | None]) -> Pull:
    shop.git("checkout", "-q", pull.branch)
    write(shop, files)
    return shop.push(pull, (shop.repository / shop.file).read_text("utf-8"))


def on_main(shop: World, files: Mapping[str, str | None]) -> str:
    """A commit on the main branch."""
    shop.git("checkout", "-q", "main")
    write(shop, files)
    return shop.commit((shop.repository / shop.file).read_text("utf-8"))


def test_a_pull_request_that_schedules_a_change_is_told_what_comes(shop: World) -> None:
    pull = pulled(shop, {"changes/pro.yaml": dated("2999-01-01")})
    ran = shop.plan(pull)
    assert (ran.code, ran.outputs["changes"]) == (0, "false"), ran.log
    (comment,) = shop.hub.comments_on(7)
    assert comment.startswith(MARKER + "\n")
    assert is_scheduled(comment)
    assert "2999-01-01" in comment
    assert "59.00" in comment
    assert pull.head in comment
    assert is_scheduled(ran.summary)
    # The plan of what is to be done now is empty, and merging applies that.
    assert shop.apply(shop.merge(pull)).code == 0
    assert price(shop) == 4900


def test_what_others_have_scheduled_is_no_reason_for_a_comment(shop: World) -> None:
    on_main(shop, {"changes/pro.yaml": dated("2999-01-01")})
    ran = shop.plan(pulled(shop, {"commet.yaml": YAML + "# no change\n"}))
    assert (ran.code, is_scheduled(ran.summary)) == (0, True), ran.log
    assert not shop.hub.comments_on(7)


@pytest.mark.parametrize(("wish", "comments"), [("always", 1), ("never", 0)])
def test_who_wants_another_rule_has_it(shop: World, wish: str, comments: int) -> None:
    ran = shop.plan(pulled(shop, {"changes/pro.yaml": dated("2999-01-01")}), comment=wish)
    assert (ran.code, len(shop.hub.comments_on(7))) == (0, comments), ran.log


def test_a_change_of_the_date_updates_the_comment_and_so_does_its_end(shop: World) -> None:
    pull = pulled(shop, {"changes/pro.yaml": dated("2999-01-01")})
    shop.plan(pull)
    shop.plan(pushed(shop, pull, {"changes/pro.yaml": dated("2999-02-01")}))
    (comment,) = shop.hub.comments_on(7)
    assert "2999-02-01" in comment
    assert shop.plan(pushed(shop, pull, {"changes/pro.yaml": None, "commet.yaml": YAML + "# end\n"})).code == 0
    (comment,) = shop.hub.comments_on(7)
    assert not is_scheduled(comment)


@pytest.mark.parametrize("source", ["shop/pricing", FORK])
def test_a_new_change_whose_date_has_passed_fails_the_job_before_a_plan(shop: World, source: str) -> None:
    pull = pulled(shop, {"changes/pro.yaml": dated("2020-01-01")})
    ran = shop.plan(pull, source=source)
    assert (ran.code, ran.outputs["exit-code"]) == (3, "3"), ran.log
    assert any(command.startswith("error file=changes/pro.yaml,line=3") for command in ran.commands), ran.commands
    assert "2020-01-01" in ran.summary
    assert "commetctl plan" not in shop.started("words")
    assert f"validate --file=commet.yaml --base git:{pull.base}" in shop.started("words")
    assert "commetctl validate COMMET_API_KEY" not in shop.started("env")
    assert not ran.uploads
    told = shop.hub.comments_on(7)
    assert len(told) == (source != FORK)
    assert all("commetctl validate failed with exit code 3" in comment for comment in told)


def test_one_that_is_on_the_main_branch_is_due_and_fails_nobody(shop: World) -> None:
    on_main(shop, {"changes/pro.yaml": dated("2020-01-01")})
    ran = shop.plan(pulled(shop, {"commet.yaml": YAML + "# no change\n"}))
    assert (ran.code, ran.outputs["changes"]) == (0, "true"), ran.log
    assert "59.00" in shop.hub.comments_on(7)[0]


def test_one_that_was_merged_by_others_since_the_event_named_a_base_fails_nobody(shop: World) -> None:
    pull = pulled(shop, {"commet.yaml": YAML + "# no change\n"})
    on_main(shop, {"changes/pro.yaml": dated("2020-01-01")})
    shop.git("checkout", "-q", "--detach", "main")
    shop.git("merge", "-q", "--no-ff", "--no-edit", pull.head)
    pull.merged = shop.git("rev-parse", "HEAD")
    ran = shop.plan(pull)
    assert ran.code == 0, ran.log


def test_a_new_catalog_may_have_changes_that_are_yet_to_come(shop: World) -> None:
    new = {"eu/commet.yaml": YAML, "eu/changes/pro.yaml": dated("2999-01-01")}
    pull = pulled(shop, new)
    ran = shop.plan(pull, working_directory="eu")
    assert (ran.code, len(shop.hub.comments_on(7))) == (0, 1), ran.log
    wrong = shop.plan(pushed(shop, pull, {"eu/changes/pro.yaml": dated("2020-01-01")}), working_directory="eu")
    assert wrong.code == 3
    assert any(command.startswith("error file=eu/changes/pro.yaml,line=3") for command in wrong.commands)


def test_the_date_of_the_environment_counts(shop: World) -> None:
    on_main(
        shop, {"commet.live.yaml": "version: 1\nmode: sandbox\n", "commet.test.yaml": "version: 1\nmode: sandbox\n"}
    )
    shop.env = {"COMMET_API_KEY_LIVE": "", "COMMET_API_KEY_TEST": ""}
    pull = pulled(shop, {"changes/pro.yaml": dated("{test: 2999-01-01, live: 2020-01-01}")})
    assert shop.plan(pull, extra_args="--env live --retries 0").code == 3
    assert shop.plan(pull, extra_args="--retries 0 --env=test").code == 0


@pytest.mark.parametrize("name", ["notes.txt", "pro.yam", "old/pro.yaml"])
def test_any_file_beside_changes_counts(shop: World, name: str) -> None:
    """A file that is no change makes the catalog invalid, so the job has to look."""
    ran = shop.plan(pulled(shop, {f"changes/{name}": "words\n"}))
    assert "nothing to plan" not in ran.summary
    assert "commetctl validate" in shop.started("words")


def test_a_change_from_its_pull_request_to_its_date(shop: World) -> None:
    date = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    pull = pulled(shop, {"changes/pro.yaml": dated(date)})
    assert shop.plan(pull).code == 0
    assert date in shop.hub.comments_on(7)[0]
    shop.merge(pull)
    assert (shop.due().code, price(shop)) == (0, 4900)
    other = pulled(shop, {"commet.yaml": YAML.replace("Calls", "Requests")}, branch="other", number=8)
    assert shop.plan(other).code == 0
    merged = shop.merge(other)
    send(shop.url, "POST", "/test-clock", {"advanceDays": 3})
    # A plan from before the date does not say what there is to apply now, whether that is done or not.
    assert (shop.apply(merged).code, price(shop)) == (4, 4900)
    assert (shop.due().code, price(shop)) == (0, 5900)
    stale = shop.apply(merged)
    assert (stale.code, price(shop)) == (4, 5900)
    assert "does not match the catalog any more" in stale.summary
    assert shop.drift().outputs["changes"] == "true"


def test_what_is_due_is_applied_and_then_nothing_is(shop: World) -> None:
    on_main(shop, {"changes/pro.yaml": dated("2026-01-01"), "commet.yaml": YAML.replace("Calls", "Requests")})
    ran = shop.due()
    assert (ran.code, price(shop)) == (0, 5900), ran.log
    assert shop.due().code == 0
    # What is not dated waits for its own approval.
    assert shop.drift().outputs["changes"] == "true"
    assert [issue["title"] for issue in shop.hub.issues] == ["Commet is not as commet.yaml says"]


def test_what_is_refused_is_an_issue_until_somebody_allows_it(shop: World) -> None:
    on_main(shop, {"changes/pro.yaml": dated("2026-01-01", "98.00")})
    ran = shop.due()
    assert (ran.code, price(shop)) == (4, 4900), ran.log
    (issue,) = shop.hub.issues
    assert "write `allow: [price_change]` in changes/pro.yaml" in issue["body"]
    head, event = shop.git("rev-parse", "HEAD"), {"repository": {"default_branch": "main"}}
    done = shop.run(
        "workflow_dispatch", head, "refs/heads/main", event, command="due", extra_args="--allow price_change"
    )
    assert (done.code, price(shop), issue["state"]) == (0, 9800, "closed"), done.log


def test_what_is_refused_is_an_issue_until_it_is_taken_back(shop: World) -> None:
    on_main(shop, {"changes/pro.yaml": dated("2026-01-01", "98.00")})
    assert shop.due().code == 4
    on_main(shop, {"changes/pro.yaml": None})
    assert (shop.due().code, shop.hub.issues[0]["state"], price(shop)) == (0, "closed", 4900)


def test_an_invalid_catalog_that_is_due_is_shown_at_its_lines(shop: World) -> None:
    on_main(shop, {"changes/pro.yaml": dated("someday")})
    ran = shop.due()
    assert ran.code == 3
    assert any(command.startswith("error file=changes/pro.yaml,line=3") for command in ran.commands), ran.commands
    assert not shop.hub.issues


def of(pull: Pull) -> PullRequest:
    return PullRequest(pull.number, pull.head, pull.base, foreign=False)


def test_a_pull_request_is_compared_with_what_it_is_merged_onto(shop: World) -> None:
    pull = shop.open_pull(DEARER)
    later = on_main(shop, {"README.md": "words"})
    shop.git("checkout", "-q", "--detach", "main")
    shop.git("merge", "-q", "--no-ff", "--no-edit", pull.head)
    assert checkout.merged_onto(shop.repository, of(pull)) == later
    # Where somebody checks out the branch itself.
    shop.git("checkout", "-q", "--detach", pull.head)
    assert checkout.merged_onto(shop.repository, of(pull)) == pull.base
    # A merge of something else tells nothing about the pull request.
    shop.git("checkout", "-q", "--detach", pull.head)
    shop.git("merge", "-q", "--no-ff", "--no-edit", later)
    assert checkout.merged_onto(shop.repository, of(pull)) == pull.base


@pytest.mark.parametrize("depth", [1, 2])
def test_what_was_not_fetched_is_not_compared(shop: World, depth: int) -> None:
    pull = shop.open_pull(DEARER)
    shallow = shop.folder / "shallow"
    shop.git("branch", "merged", pull.merged)
    shop.git("clone", "-q", "--depth", str(depth), "--branch", "merged", f"file://{shop.repository}", str(shallow))
    assert checkout.merged_onto(shallow, of(pull)) == ("" if depth == 1 else pull.base)
    assert checkout.changed(shallow, "0" * 40) is None
    assert checkout.merged_onto(shop.folder, of(pull)) == ""


@pytest.mark.parametrize(
    ("file", "path", "expected"),
    [
        ("commet.yaml", "changes/a.yaml", True),
        ("./commet.yaml", "changes/a", True),
        ("eu/commet.yaml", "eu/changes/a/b.yaml", True),
        ("eu/../commet.yaml", "changes/a.yaml", True),
        ("eu/commet.yaml", "changes/a.yaml", False),
        ("commet.yaml", "eu/changes/a.yaml", False),
        ("commet.yaml", "changes.yaml", False),
        ("commet.yaml", "changes", False),
    ],
)
def test_which_files_are_changes_with_a_date(file: str, path: str, *, expected: bool) -> None:
    assert is_dated(path, Path(file)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n\n### Scheduled\n\n- b", True),
        ("### Scheduled later", True),
        ("#### Scheduled", False),
        ("x ### Scheduled", False),
    ],
)
def test_how_the_part_of_a_plan_is_found(text: str, *, expected: bool) -> None:
    assert is_scheduled(text) is expected


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["--env", "live", "--prune", "--strict"], ["--env", "live", "--strict"]),
        (["--env=live", "--target", "--strict", "-v"], ["--env=live"]),
        (["--api-version", "2026-08-27", "--allow", "scale"], ["--api-version", "2026-08-27"]),
        (["--retries", "9", "--env"], ["--env"]),
        ([], []),
    ],
)
def test_which_options_of_a_plan_are_checked(given: list[str], kept: list[str]) -> None:
    assert checkable(given) == kept
