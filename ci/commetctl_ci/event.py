"""What the runner was started for; what goes into a name or an address is checked."""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commetctl_ci.trouble import Trouble

#: The events in which a plan is made: both run the workflow of the pull request, and give no secrets to a fork.
PULL_REQUESTS = ("pull_request", "pull_request_review")
_SHA = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_REPOSITORY = re.compile(r"[\w-][\w.-]*/[\w.-]*[\w-][\w.-]*", re.ASCII)


@dataclass(frozen=True)
class PullRequest:
    """The pull request that a run is for."""

    number: int
    head: str
    base: str
    #: Whether it comes from another repository, or from a bot that gets no secrets.
    foreign: bool


def repository() -> str:
    """`owner/name` of the repository that the workflow runs in."""
    found = os.environ.get("GITHUB_REPOSITORY", "")
    if not _REPOSITORY.fullmatch(found):
        raise Trouble("GITHUB_REPOSITORY does not name a repository")
    return found


def commit() -> str:
    """The commit that the run was started for."""
    return sha(os.environ.get("GITHUB_SHA"))


def before() -> str:
    """The commit that a push replaced as the tip of its branch; empty where there was none."""
    found = _document().get("before")
    return found if isinstance(found, str) and _SHA.fullmatch(found) and found.strip("0") else ""


def branch() -> str:
    """The branch that was pushed to; empty where it was none."""
    ref = os.environ.get("GITHUB_REF", "")
    return ref.removeprefix("refs/heads/") if ref.startswith("refs/heads/") else ""


def default_branch() -> str:
    """The default branch of the repository; empty where the event does not say."""
    if kind() == "schedule":
        # Its event names no repository, and GitHub runs schedules on that branch alone.
        return branch()
    found = _document().get("repository")
    name = found.get("default_branch") if isinstance(found, dict) else None
    return name if isinstance(name, str) else ""


def workflow() -> str:
    """The path of the workflow file that runs, in this repository; empty where the runner does not say."""
    # owner/name/.github/workflows/pricing.yml@refs/heads/main
    found = os.environ.get("GITHUB_WORKFLOW_REF", "").partition("@refs/")[0]
    if not found:
        return ""
    owner = f"{repository()}/"
    if not found.lower().startswith(owner.lower()):
        raise Trouble("the workflow is of another repository: set `plan-workflow` to the one that makes the plans")
    return found[len(owner) :]


def kind() -> str:
    """The name of the event."""
    return os.environ.get("GITHUB_EVENT_NAME", "")


def pull_request() -> PullRequest | None:
    """The pull request of an event in PULL_REQUESTS; None for any other event."""
    if kind() == "pull_request_target":
        raise Trouble(
            "pull_request_target would give the key to what strangers wrote: run the workflow on pull_request"
        )
    if kind() not in PULL_REQUESTS:
        return None
    found: Any = _document().get("pull_request")
    try:
        number, head, base = found["number"], found["head"], found["base"]
        source = (head["repo"] or {}).get("full_name")
        return PullRequest(
            int(number),
            sha(head["sha"]),
            sha(base["sha"]),
            foreign=str(source).lower() != repository().lower() or os.environ.get("GITHUB_ACTOR") == "dependabot[bot]",
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Trouble("the event does not describe a pull request") from None


def run_url() -> str:
    """Where the log of this run is read."""
    server, run = os.environ.get("GITHUB_SERVER_URL", ""), os.environ.get("GITHUB_RUN_ID", "")
    return (
        f"{server}/{repository()}/actions/runs/{run}"
        if re.match(r"https?://[\w.:-]+$", server) and run.isdigit()
        else ""
    )


def sha(value: Any) -> str:
    """A commit id. Raises Trouble for anything else."""
    if not (isinstance(value, str) and _SHA.fullmatch(value)):
        raise Trouble("the event names no commit")
    return value


def _document() -> dict[str, Any]:
    try:
        found = json.loads(Path(os.environ.get("GITHUB_EVENT_PATH", "")).read_text("utf-8"))
    except (OSError, ValueError):
        found = None
    return found if isinstance(found, dict) else {}
