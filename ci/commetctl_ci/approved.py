"""The plan that was approved: from a commit or a number to the pull request, to the artifact that its run left."""

from collections.abc import Callable, Iterator, Sequence
from urllib.parse import quote

from commetctl_ci.archive import member
from commetctl_ci.event import sha as checked
from commetctl_ci.github import GitHub
from commetctl_ci.origin import Missing, Origins, Pull, Row, at, is_home
from commetctl_ci.trouble import Trouble

PLAN = "plan.json"
#: How many merged pull requests are looked through for one that has a plan.
_LATEST = 30
#: How many files GitHub lists of a pull request, and of a push; it leaves out the others and does not say so.
_PULL_FILES, _PUSH_FILES = 3000, 300


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
    return _pull(hub, rows[0], branch)


def named(hub: GitHub, number: int, commit: str, branch: str) -> Pull:
    """The pull request of that number. Raises Missing unless it was merged into the branch, and `commit` has it."""
    try:
        row = hub.api.call("GET", f"{hub.root}/pulls/{number}").data
    except Trouble as trouble:
        if trouble.status == 404:
            raise Missing(f"there is no pull request #{number}") from None
        raise
    if not isinstance(row, dict) or not row.get("merged_at"):
        raise Missing(f"pull request #{number} is not merged", number)
    if not branch or at(row, "base", "ref") != branch or not is_home(hub, at(row, "base", "repo")):
        raise Missing(f"pull request #{number} was not merged into {branch or 'a branch of this run'}", number)
    if not _contains(hub, commit, checked(row.get("merge_commit_sha"))):
        raise Missing(f"commit {commit} does not contain pull request #{number}", number)
    return _pull(hub, row, branch)


def _contains(hub: GitHub, commit: str, merged: str) -> bool:
    """Whether the history of a commit has another; GitHub may have dropped one that was pushed away."""
    try:
        compared = hub.api.call("GET", f"{hub.root}/compare/{merged}...{commit}").data
    except Trouble as trouble:
        if trouble.status == 404:
            return False
        raise
    return at(compared, "status") in ("ahead", "identical")


def latest(hub: GitHub, commit: str, branch: str, artifact: Callable[[str], str], workflow: str) -> tuple[Pull, bytes]:
    """The pull request that was merged into the branch last of all that have a plan, and the plan.

    Which of them were applied is not known here: a plan that was, or that does not fit any more, is refused later.
    Raises Missing where none of the latest has one.
    """
    for number in _merged(hub, branch):
        try:
            pull = named(hub, number, commit, branch)
            return pull, plan_of(hub, pull, artifact(pull.head), workflow)
        except Missing:
            continue
    raise Missing(f"none of the latest pull requests that were merged into {branch} has a plan that can be applied")


def pull_changes(hub: GitHub, number: int, holds: Callable[[str], bool]) -> bool:
    """Whether a pull request may have changed a file of which `holds` is true."""
    return _may_hold(list(hub.api.pages(f"{hub.root}/pulls/{number}/files?per_page=100")), _PULL_FILES, holds)


def push_changes(hub: GitHub, before: str, commit: str, holds: Callable[[str], bool]) -> bool:
    """Whether a push may have changed a file of which `holds` is true; `before` is empty where that is not known."""
    if not before:
        return True
    rows = at(hub.api.call("GET", f"{hub.root}/compare/{before}...{commit}").data, "files")
    return not isinstance(rows, list) or _may_hold(rows, _PUSH_FILES, holds)


def is_current(hub: GitHub, commit: str, branch: str, holds: Callable[[str], bool]) -> bool:
    """Whether a commit is of a branch, and no file of which `holds` is true can have changed there since."""
    try:
        compared = hub.api.call("GET", f"{hub.root}/compare/{commit}...{quote(branch, safe='')}").data
    except Trouble as trouble:
        if trouble.status == 404:
            return False
        raise
    rows = at(compared, "files")
    known = at(compared, "status") in ("ahead", "identical") and isinstance(rows, list)
    return known and not _may_hold(rows, _PUSH_FILES, holds)


def _may_hold(rows: Sequence[Row], most: int, holds: Callable[[str], bool]) -> bool:
    """Whether one of the files counts, by its name or the one it had before, or a full list may lack one that does."""
    names = (str(row[key]) for row in rows for key in ("filename", "previous_filename") if row.get(key))
    return len(rows) >= most or any(map(holds, names))


def _merged(hub: GitHub, branch: str) -> Iterator[int]:
    """The numbers of the pull requests that were merged into a branch, the latest first."""
    path = f"{hub.root}/pulls?state=closed&sort=updated&direction=desc&per_page=100&base={quote(branch, safe='')}"
    rows = [row for row, _ in zip(hub.api.pages(path), range(100), strict=False) if row.get("merged_at")]
    rows.sort(key=lambda row: str(row["merged_at"]), reverse=True)
    yield from (int(row["number"]) for row in rows[:_LATEST])


def _pull(hub: GitHub, row: Row, branch: str) -> Pull:
    number = int(row["number"])
    if not is_home(hub, at(row, "head", "repo")):
        raise Missing(f"pull request #{number} came from a fork, and those are planned without a key", number)
    return Pull(number, checked(at(row, "head", "sha")), str(at(row, "head", "ref") or ""), branch)


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
