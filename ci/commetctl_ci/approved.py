"""The plan that was approved: from the pushed commit to its pull request, to the artifact that its run left."""

from urllib.parse import quote

from commetctl_ci.archive import member
from commetctl_ci.event import sha as checked
from commetctl_ci.github import GitHub
from commetctl_ci.origin import Missing, Origins, Pull, Row, at, is_home

PLAN = "plan.json"


def merged_by(hub: GitHub, commit: str, branch: str) -> Pull:
    """The pull request that brought a commit to a branch. Raises Missing where there is none, or no telling which."""
    if not branch:
        raise Missing("the run is not for a branch")
    rows = [
        row
        for row in hub.api.pages(f"{hub.root}/commits/{commit}/pulls?per_page=100")
        if row.get("merged_at") and at(row, "base", "ref") == branch and is_home(hub, at(row, "base", "repo"))
    ]
    rows = [row for row in rows if row.get("merge_commit_sha") == commit] or rows
    if not rows:
        raise Missing(f"no pull request brought commit {commit} to {branch}")
    if len(rows) > 1:
        raise Missing(f"more than one pull request brought commit {commit} to {branch}")
    number = int(rows[0]["number"])
    if not is_home(hub, at(rows[0], "head", "repo")):
        raise Missing(f"pull request #{number} came from a fork, and those are planned without a key", number)
    return Pull(number, checked(at(rows[0], "head", "sha")), str(at(rows[0], "head", "ref") or ""), branch)


def plan_of(hub: GitHub, pull: Pull, name: str, workflow: str) -> bytes:
    """The plan that a workflow made for a pull request as it was merged; of several, the newest.

    `workflow` is the path of the file; empty where it is not known, and then all plans have to be of one workflow.
    Raises Missing where there is none, or no telling which.
    """
    rows = hub.api.pages(f"{hub.root}/actions/artifacts?per_page=100&name={quote(name, safe='')}", "artifacts")
    found = [row for row in rows if row.get("name") == name and at(row, "workflow_run", "head_sha") == pull.head]
    fresh = [row for row in found if row.get("expired") is False]
    origins = Origins(hub, pull, workflow)
    taken = origins.taken(fresh)
    if not taken:
        why = "has expired" if found and not fresh else "was not found"
        said = "".join(f"; {reason}" for reason in origins.reasons)
        raise Missing(f"the artifact {name} of pull request #{pull.number} {why}{said}", pull.number)
    newest = max(taken, key=_age)
    return member(hub.api.download(f"{hub.root}/actions/artifacts/{int(newest['id'])}/zip"), PLAN)


def _age(row: Row) -> tuple[str, int]:
    return str(row.get("created_at") or ""), int(row["id"])
