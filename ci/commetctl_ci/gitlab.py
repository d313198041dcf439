"""GitLab: the one note of a merge request, and the plan that was made for one."""

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from commetctl_ci.approved import PLAN
from commetctl_ci.origin import Missing
from commetctl_ci.trouble import Trouble
from commetctl_ci.web import Api

TOKEN = "COMMETCTL_GITLAB_TOKEN"  # noqa: S105 - the name of a variable


def variable(name: str) -> str:
    """A variable that GitLab sets. Raises Trouble where it did not."""
    if not (found := os.environ.get(name, "")):
        raise Trouble(f"{name} is not set: this is for jobs of GitLab")
    return found


class GitLab:
    """The project of the pipeline, seen with one token."""

    def __init__(self) -> None:
        self.api = Api(variable("CI_API_V4_URL"), {"PRIVATE-TOKEN": variable(TOKEN)})
        self.project = int(variable("CI_PROJECT_ID"))
        self.root = f"/projects/{self.project}"

    def note(self, merge_request: int, marker: str, body: str, *, create: bool) -> None:
        """Update our note on a merge request, or write it."""
        path = f"{self.root}/merge_requests/{merge_request}/notes"
        me = self.api.call("GET", "/user").data["id"]
        ours = (row for row in self.api.pages(f"{path}?per_page=100&sort=asc") if _is_ours(row, me, marker))
        if found := next(ours, None):
            self.api.call("PUT", f"{path}/{int(found['id'])}", {"body": body})
        elif create:
            self.api.call("POST", path, {"body": body})

    def merged_by(self, commit: str, branch: str) -> tuple[int, str]:
        """Number and head of the merge request that brought a commit to a branch. Raises Missing."""
        rows = [
            row
            for row in self.api.pages(f"{self.root}/repository/commits/{quote(commit, safe='')}/merge_requests")
            if row.get("state") == "merged" and row.get("target_branch") == branch
        ]
        exact = [row for row in rows if commit in (row.get("merge_commit_sha"), row.get("squash_commit_sha"))]
        rows = exact or rows
        if len(rows) != 1:
            raise Missing(f"{len(rows) or 'no'} merge requests brought commit {commit} to {branch}")
        number = int(rows[0]["iid"])
        if rows[0].get("source_project_id") != self.project:
            raise Missing(f"merge request !{number} came from a fork, and those are planned without a key", number)
        return number, str(rows[0]["sha"])

    def plan_of(self, number: int, head: str, job: str) -> bytes:
        """The plan that the job made in a pipeline of a merge request as it was merged. Raises Missing."""
        for pipeline in self._pipelines(number, head):
            path = f"{self.root}/pipelines/{pipeline}/jobs?per_page=100"
            ids = [int(row["id"]) for row in self.api.pages(path) if (row["name"], row["status"]) == (job, "success")]
            if ids:
                return self._artifact(max(ids), number)
        raise Missing(f"no job {job} of merge request !{number} has made a plan of commit {head}", number)

    def _artifact(self, job: int, number: int) -> bytes:
        try:
            return self.api.download(f"{self.root}/jobs/{job}/artifacts/{PLAN}")
        except Trouble as trouble:
            if trouble.status == 404:
                raise Missing(f"the plan of merge request !{number} has expired", number) from None
            raise

    def _pipelines(self, number: int, head: str) -> Iterator[int]:
        """Those of this project for the head, the newest first; a fork's run is of the fork."""
        rows = self.api.pages(f"{self.root}/merge_requests/{number}/pipelines?per_page=100")
        yield from sorted(
            (
                int(row["id"])
                for row in rows
                if (row.get("sha"), row.get("source")) == (head, "merge_request_event")
                and row.get("project_id", self.project) == self.project
            ),
            reverse=True,
        )


def _is_ours(row: dict[str, Any], me: int, marker: str) -> bool:
    body = row.get("body")
    first = body.splitlines()[0].rstrip() if isinstance(body, str) and body else ""
    author = row.get("author")
    return isinstance(author, dict) and author.get("id") == me and first == marker and not row.get("system")
