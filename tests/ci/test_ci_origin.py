"""Which artifact is the plan of a merged pull request: asked of a GitHub on this machine, in this process."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from ci.hub import REPOSITORY, TOKEN, WORKFLOW, Hub, Storage
from ci.serving import Fault, Reply, serving
from commetctl_ci import event
from commetctl_ci.approved import PLAN, merged_by, plan_of
from commetctl_ci.archive import member
from commetctl_ci.github import GitHub
from commetctl_ci.origin import Missing
from commetctl_ci.trouble import Trouble

HEAD, MERGED = "a" * 40, "b" * 40
NAME = f"commetctl-plan-{HEAD}"
HOME = {"full_name": REPOSITORY}
EVIL = ".github/workflows/evil.yml"
BEFORE, AFTER = "2026-01-01T11:00:00Z", "2026-01-01T13:00:00Z"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A repository in which #7 was merged into main."""
    storage = Storage()
    made = Hub(storage)
    with serving(storage), serving(made):
        for name, value in {"API_URL": made.url, "TOKEN": TOKEN, "REPOSITORY": REPOSITORY}.items():
            monkeypatch.setenv(f"GITHUB_{name}", value)
        row = pull(7, closed_at="2026-01-02T00:00:00Z", merged_at="2026-01-02T00:00:00Z", merge_commit_sha=MERGED)
        made.pulls[MERGED] = [row]
        made.opened.append(row)
        yield made
    assert not made.strange
    assert not storage.strange


def pull(number: int, base: str = "main", **more: Any) -> dict[str, Any]:
    """A pull request of the branch `dearer`, as GitHub lists it."""
    row = {"number": number, "base": {"ref": base, "repo": HOME}, "created_at": BEFORE, "closed_at": None}
    return {**row, "head": {"sha": HEAD, "ref": "dearer", "repo": HOME}, **more}


def named(number: int, base: str = "main", repository: str = REPOSITORY) -> dict[str, Any]:
    """A pull request, as a run names it."""
    return {"number": number, "url": f"https://api.example/repos/{repository}/pulls/{number}", "base": {"ref": base}}


def upload(hub: Hub, text: str, name: str = NAME, **run: Any) -> dict[str, Any]:
    return hub.upload(name, {PLAN: text.encode()}, HEAD, **run)


def taken(workflow: str = WORKFLOW) -> str:
    """The plan that is found."""
    seen = GitHub(REPOSITORY)
    return plan_of(seen, merged_by(seen, MERGED, "main"), NAME, workflow).decode()


def missing(said: str, workflow: str = WORKFLOW) -> None:
    with pytest.raises(Missing) as caught:
        taken(workflow)
    assert said in caught.value.why
    assert caught.value.pull == 7


@pytest.mark.parametrize("rows", [[], [named(7)], [named(7), named(7, "other", "stranger/pricing")]], ids=len)
@pytest.mark.parametrize("path", [WORKFLOW, f"{WORKFLOW}@refs/heads/main", f"{WORKFLOW}@main"])
def test_the_plan_of_the_workflow_is_taken(hub: Hub, path: str, rows: list[Any]) -> None:
    upload(hub, "reviewed", path=path, pull_requests=rows)
    assert taken() == "reviewed"


#: What a run may be beside one of our workflow for our pull request, and what is said where there is no other.
OTHERS: dict[str, tuple[dict[str, Any], str]] = {
    "another workflow": ({"path": EVIL}, f"is of the workflow {EVIL}, and plans are made by {WORKFLOW}"),
    "a name that looks like a revision": ({"path": f"{WORKFLOW}@x.yml"}, "is of another workflow"),
    "that with a revision": ({"path": f"{WORKFLOW}@x.yml@main"}, "is of another workflow"),
    "another case": ({"path": WORKFLOW.upper()}, "is of the workflow"),
    "a path beside": ({"path": f"x/{WORKFLOW}"}, "is of the workflow"),
    "a path that is text": ({"path": "a.yml\n# Approved"}, "is of another workflow"),
    "no path": ({"path": None}, "is of another workflow"),
    "another pull request": ({"pull_requests": [named(8)]}, "is for another pull request"),
    "the number of a fork's": ({"pull_requests": [named(7, repository="x/pricing")]}, "is for another pull request"),
    "two pull requests": ({"pull_requests": [named(7), named(8, "evil-base")]}, "may be for another pull request"),
    "another base": ({"pull_requests": [named(7, "evil-base")]}, "is for a merge into another branch"),
    "another branch": ({"head_branch": "evil"}, "is for another branch"),
    "another event": ({"event": "push"}, "is not for a pull request with commit"),
    "the event of strangers": ({"event": "pull_request_target"}, "is not for a pull request with commit"),
    "another commit": ({"head_sha": "0" * 40}, "is not for a pull request with commit"),
    "a fork": ({"head_repository": {"full_name": "stranger/pricing"}}, "is of another repository"),
    "no repository": ({"head_repository": None}, "is of another repository"),
    "a failed run": ({"conclusion": "failure"}, "did not end with success"),
    "a cancelled run": ({"conclusion": "cancelled"}, "did not end with success"),
    "a run at work": ({"conclusion": None}, "did not end with success"),
    "another run": ({"id": 5}, "is not known"),
}


@pytest.mark.parametrize(("run", "said"), OTHERS.values(), ids=OTHERS)
def test_a_newer_plan_of_another_origin_is_passed_over(hub: Hub, run: dict[str, Any], said: str) -> None:
    upload(hub, "FORGED", **run)
    missing(said)
    upload(hub, "reviewed")
    upload(hub, "FORGED", **run)
    assert taken() == "reviewed"


@pytest.mark.parametrize("name", [NAME + "-", NAME + " ", NAME.upper(), f"x{NAME}", NAME + "-1234abcd"])
def test_a_name_that_looks_alike_is_another(hub: Hub, name: str) -> None:
    upload(hub, "FORGED", name)
    hub.faults.append(Fault(f"GET /repos/{REPOSITORY}/actions/artifacts", Reply(200, {"artifacts": hub.artifacts})))
    missing("was not found")


def test_an_artifact_without_its_run_is_in_nobodys_way(hub: Hub) -> None:
    upload(hub, "reviewed")
    forged = upload(hub, "FORGED")
    hub.fail(f"GET /repos/{REPOSITORY}/actions/runs/{forged['workflow_run']['id']}", 404, times=9)
    assert taken() == "reviewed"
    for nonsense in (None, {}, {"id": True, "head_sha": HEAD}, {"id": "1/../2", "head_sha": HEAD}):
        forged["workflow_run"] = nonsense
        assert taken() == "reviewed"


def test_the_newest_plan_of_the_workflow_counts(hub: Hub) -> None:
    upload(hub, "first")
    upload(hub, "second", run_attempt=2)
    assert taken() == "second"
    hub.artifacts[1]["expired"] = True
    assert taken() == "first"
    hub.artifacts[0]["expired"] = True
    missing("has expired")


def test_without_a_known_workflow_all_plans_have_to_be_of_one(hub: Hub) -> None:
    upload(hub, "first")
    upload(hub, "second")
    assert taken(workflow="") == "second"
    upload(hub, "FORGED", path=EVIL)
    missing("more than one workflow made a plan for pull request #7", workflow="")
    assert taken() == "second"


def test_a_run_that_names_ours_goes_before_one_that_names_none(hub: Hub) -> None:
    upload(hub, "reviewed", pull_requests=[named(7)])
    upload(hub, "FORGED")
    assert taken() == "reviewed"


#: Other pull requests of the same branch that may be the one that the plan is of.
RIVALS: dict[str, dict[str, Any]] = {
    "open": {},
    "closed since": {"closed_at": AFTER},
    "closed before at our commit": {"closed_at": BEFORE},
    "another head by now": {"head": {"sha": "c" * 40, "ref": "dearer", "repo": HOME}},
    "times unknown": {"created_at": None},
}


@pytest.mark.parametrize("rival", RIVALS.values(), ids=RIVALS)
@pytest.mark.parametrize("rows", [[], [named(7)]], ids=["none named", "ours named"])
def test_a_plan_that_may_be_of_another_pull_request_is_refused(hub: Hub, rival: dict[str, Any], rows: Any) -> None:
    upload(hub, "FORGED", pull_requests=rows)
    hub.opened.append(pull(8, "evil-base", **rival))
    missing("may be for another pull request of the same branch")


ELSEWHERE = {"sha": "c" * 40, "ref": "dearer", "repo": HOME}
NO_RIVALS: dict[str, dict[str, Any]] = {
    "opened later": {"created_at": AFTER},
    "closed before at another commit": {"closed_at": "2026-01-01T11:30:00Z", "head": ELSEWHERE},
    "of a fork's branch": {"head": {"sha": HEAD, "ref": "dearer", "repo": {"full_name": "stranger/pricing"}}},
}


@pytest.mark.parametrize("other", NO_RIVALS.values(), ids=NO_RIVALS)
def test_a_pull_request_that_cannot_have_made_it_is_in_nobodys_way(hub: Hub, other: dict[str, Any]) -> None:
    upload(hub, "reviewed")
    hub.opened.append(pull(8, "evil-base", **other))
    assert taken() == "reviewed"


@pytest.mark.parametrize("kind", ["base_ref_changed", "automatic_base_change_succeeded"])
def test_a_plan_from_before_the_pull_request_got_its_base_is_refused(hub: Hub, kind: str) -> None:
    upload(hub, "FORGED")
    hub.events[7] = [{"event": "labeled", "created_at": AFTER}, {"event": kind, "created_at": BEFORE}]
    assert taken() == "FORGED"
    hub.events[7].append({"event": kind, "created_at": AFTER})
    missing("was for another base branch when its plan was made")


def test_a_server_that_cannot_list_pull_requests_has_to_name_ours(hub: Hub) -> None:
    hub.faults.append(Fault(f"GET /repos/{REPOSITORY}/pulls", Reply(200, None, raw=b"null"), times=9))
    upload(hub, "reviewed", pull_requests=[named(7)])
    assert taken() == "reviewed"
    hub.runs[hub.artifacts[0]["workflow_run"]["id"]]["pull_requests"] = []
    with pytest.raises(Trouble, match="something else than a list"):
        taken()


def test_a_server_that_fails_is_no_server_that_names_ours(hub: Hub) -> None:
    hub.fail(f"GET /repos/{REPOSITORY}/pulls", 404, times=9)
    upload(hub, "reviewed", pull_requests=[named(7)])
    with pytest.raises(Trouble, match="404"):
        taken()


@pytest.mark.parametrize(
    ("ref", "path"),
    [
        (f"{REPOSITORY}/{WORKFLOW}@refs/heads/main", WORKFLOW),
        (f"{REPOSITORY.upper()}/{WORKFLOW}@refs/tags/a@b", WORKFLOW),
        (f"{REPOSITORY}/.github/workflows/a@b.yml@refs/heads/x", ".github/workflows/a@b.yml"),
        ("", ""),
    ],
)
def test_the_runner_says_which_workflow_it_is(monkeypatch: pytest.MonkeyPatch, ref: str, path: str) -> None:
    monkeypatch.setenv("GITHUB_REPOSITORY", REPOSITORY)
    monkeypatch.setenv("GITHUB_WORKFLOW_REF", ref)
    assert event.workflow() == path


def test_a_workflow_of_another_repository_has_to_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_REPOSITORY", REPOSITORY)
    monkeypatch.setenv("GITHUB_WORKFLOW_REF", f"{REPOSITORY}s/{WORKFLOW}@refs/heads/main")
    with pytest.raises(Trouble, match="set `plan-workflow`"):
        event.workflow()


def packed(name: str = PLAN, method: int = zipfile.ZIP_DEFLATED, text: str = "plan") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr(name, text)
    return made.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_archive_as_github_packs_it_is_read(method: int) -> None:
    assert member(packed(method=method), PLAN) == b"plan"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_no_other_packing_is_undone(method: int) -> None:
    with pytest.raises(Trouble, match="is not packed as GitHub packs it"):
        member(packed(method=method), PLAN)


@pytest.mark.parametrize("name", ["Plan.json", "./plan.json", "plan.json/", "plan.json\\", "ｐlan.json"])
def test_no_other_name_is_the_plan(name: str) -> None:
    with pytest.raises(Trouble, match="does not hold one"):
        member(packed(name), PLAN)


def test_every_damage_to_an_archive_is_trouble_and_nothing_else() -> None:
    whole = packed(text="plan " * 50)
    for place in range(len(whole)):
        for value in (0, 255, whole[place] ^ 1):
            damaged = whole[:place] + bytes([value]) + whole[place + 1 :]
            try:
                member(damaged, PLAN)
            except Trouble:
                continue
