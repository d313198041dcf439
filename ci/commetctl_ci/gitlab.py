"""GitLab: the one note of a merge request, and the plan that was made for one."""

import os
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from commetctl_ci.approved import PLAN
from commetctl_ci.origin import Missing
from commetctl_ci.trouble import Trouble
from commetctl_ci.web import Api

TOKEN = "COMMETCTL_GITLAB_TOKEN"  # noqa: S105 - the name of a variable

#: What GitLab notes when somebody changes the target branch, and when it does so itself as that branch is deleted.
_RETARGETED = re.compile(
    r"changed (automatically )?target branch |deleted the .* branch\. This merge request now targets "
)
_LATEST = datetime.max.replace(tzinfo=UTC)


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
        """The plan that the job made in a pipeline of a merge request as it was merged. Raises Missing.

        A pipeline from before the merge request got its target branch planned a merge into another one.
        """
        found, since = self._pipelines(number, head), self._retargeted(number)
        fresh = [pipeline for pipeline, made in found if since is None or (made is not None and made > since)]
        if found and not fresh:
            raise Missing(
                f"the plan of merge request !{number} was made for another target branch: run a new pipeline for it, "
                "and read its note",
                number,
            )
        for pipeline in fresh:
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

    def _pipelines(self, number: int, head: str) -> list[tuple[int, datetime | None]]:
        """Those of this project for the head, the newest first, and when each began; a fork's run is of the fork."""
        rows = self.api.pages(f"{self.root}/merge_requests/{number}/pipelines?per_page=100")
        found = [
            (int(row["id"]), _time(row.get("created_at")))
            for row in rows
            if (row.get("sha"), row.get("source")) == (head, "merge_request_event")
            and row.get("project_id", self.project) == self.project
        ]
        return sorted(found, key=lambda pair: pair[0], reverse=True)

    def _retargeted(self, number: int) -> datetime | None:
        """When the merge request got its target branch; None where it was opened with it.

        GitLab notes that among the comments, in notes that nobody else can write.
        """
        rows = self.api.pages(f"{self.root}/merge_requests/{number}/notes?per_page=100&sort=asc")
        said = [row for row in rows if row.get("system") is True and _RETARGETED.match(str(row.get("body")))]
        # One without a time has just been made, for all that is known.
        return max((_time(row.get("created_at")) or _LATEST for row in said), default=None)


def _time(value: Any) -> datetime | None:
    """A time in an answer, which may be in any time zone; None for anything else."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else None


def _is_ours(row: dict[str, Any], me: int, marker: str) -> bool:
    body = row.get("body")
    first = body.splitlines()[0].rstrip() if isinstance(body, str) and body else ""
    author = row.get("author")
    return isinstance(author, dict) and author.get("id") == me and first == marker and not row.get("system")
