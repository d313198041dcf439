"""The plan that was approved: from the pushed commit to its pull request, to the artifact that its run left."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from commetctl_ci.archive import member
from commetctl_ci.event import sha as checked
from commetctl_ci.github import GitHub

PLAN = "plan.json"


@dataclass(frozen=True)
class Missing(Exception):
    """There is no such plan, and why."""

    why: str
    pull: int = 0


@dataclass(frozen=True)
class Pull:
    """A merged pull request."""

    number: int
    head: str


def merged_by(hub: GitHub, commit: str, branch: str) -> Pull:
    """The pull request that brought a commit to a branch. Raises Missing where there is none, or no telling which."""
    if not branch:
        raise Missing("the run is not for a branch")
    rows = [
        row
        for row in hub.api.pages(f"{hub.root}/commits/{commit}/pulls?per_page=100")
        if row.get("merged_at") and _at(row, "base", "ref") == branch and _is(hub, _at(row, "base", "repo"))
    ]
    rows = [row for row in rows if row.get("merge_commit_sha") == commit] or rows
    if not rows:
        raise Missing(f"no pull request brought commit {commit} to {branch}")
    if len(rows) > 1:
        raise Missing(f"more than one pull request brought commit {commit} to {branch}")
    number = int(rows[0]["number"])
    if not _is(hub, _at(rows[0], "head", "repo")):
        raise Missing(f"pull request #{number} came from a fork, and those are planned without a key", number)
    return Pull(number, checked(_at(rows[0], "head", "sha")))


def plan_of(hub: GitHub, pull: Pull, name: str) -> bytes:
    """The plan that was made for a pull request as it was merged. Raises Missing where there is none."""
    rows = hub.api.pages(f"{hub.root}/actions/artifacts?per_page=100&name={quote(name, safe='')}", "artifacts")
    found = [row for row in rows if row.get("name") == name and _at(row, "workflow_run", "head_sha") == pull.head]
    fresh = sorted((row for row in found if row.get("expired") is False), key=_age, reverse=True)
    for row in fresh:
        if _trusted(hub, row, pull.head):
            return member(hub.api.download(f"{hub.root}/actions/artifacts/{int(row['id'])}/zip"), PLAN)
    why = "has expired" if found and not fresh else "was not found"
    raise Missing(f"the artifact {name} of pull request #{pull.number} {why}", pull.number)


def _trusted(hub: GitHub, artifact: dict[str, Any], head: str) -> bool:
    """Whether an artifact is from this repository's own run for a pull request at that commit."""
    run_id = _at(artifact, "workflow_run", "id")
    if not isinstance(run_id, int):
        return False
    run = hub.api.call("GET", f"{hub.root}/actions/runs/{run_id}").data
    return (
        isinstance(run, dict)
        and run.get("event") == "pull_request"
        and run.get("head_sha") == head
        and _is(hub, run.get("repository"))
        and _is(hub, run.get("head_repository"))
    )


def _age(row: dict[str, Any]) -> tuple[str, int]:
    return str(row.get("created_at") or ""), int(row["id"])


def _is(hub: GitHub, repository: Any) -> bool:
    return isinstance(repository, dict) and str(repository.get("full_name")).lower() == hub.repository.lower()


def _at(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
