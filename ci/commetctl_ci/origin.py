"""Where an artifact comes from: which run of which workflow made it, and for which pull request.

Anybody who can push a branch can upload an artifact under any name, also for a commit that somebody else's pull request
has as its head. So nothing is believed of the artifact: GitHub is asked about the run that made it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

from commetctl_ci.event import PULL_REQUESTS
from commetctl_ci.github import GitHub
from commetctl_ci.trouble import NoList, Trouble

_PLAIN = re.compile(r"[\w./-]{1,200}", re.ASCII)
_ENDINGS = (".yml", ".yaml")
_RETARGETED = ("base_ref_changed", "automatic_base_change_succeeded")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Missing(Exception):
    """There is no such plan, and why."""

    why: str
    pull: int = 0


@dataclass(frozen=True)
class Pull:
    """A merged pull request: its number, its last commit, the branch it came from, and the one it was merged into."""

    number: int
    head: str
    branch: str
    base: str


class _Refused(Exception):
    """An artifact that is not taken, and why."""


@dataclass
class Origins:
    """Judges artifacts by the runs that made them; `reasons` say why some are not taken, each once."""

    hub: GitHub
    pull: Pull
    #: The path of the workflow file that makes plans; empty where it is not known.
    workflow: str
    reasons: list[str] = field(default_factory=list)

    def taken(self, artifacts: Sequence[Row]) -> list[Row]:
        """Those that the workflow made for the pull request. Raises Missing where there is no telling which those are.

        GitHub names the pull requests of a run only while they are open. Where it names some, those count; where it
        names none, as after a merge, other pull requests of the branch have to be ruled out. They are looked for in
        either case, since one that is closed is not named.
        """
        runs = list(self._runs(artifacts))
        named = [pair for pair in runs if pair[1].get("pull_requests")]
        taken = [pair for pair in named or runs if self._can_only_be_ours(pair[1])]
        paths = {_path(run) for _, run in taken}
        if len(paths) > 1:
            raise Missing(
                f"more than one workflow made a plan for pull request #{self.pull.number}, and which one counts is not "
                "known: set `plan-workflow`",
                self.pull.number,
            )
        return [artifact for artifact, _ in taken]

    def _runs(self, artifacts: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
        for artifact in artifacts:
            try:
                yield artifact, self._checked(artifact)
            except _Refused as refused:
                self._because(str(refused))

    def _checked(self, artifact: Row) -> Row:
        """The run that made an artifact. Raises _Refused where it is not one that makes plans for the pull request."""
        run_id = at(artifact, "workflow_run", "id")
        if not _is_number(run_id) or not _is_number(artifact.get("id")):
            raise _Refused("one names no run")
        run = self._run(run_id)
        if not isinstance(run, dict) or run.get("id", run_id) != run_id:
            raise _Refused(f"run {run_id} is not known")
        if not (is_home(self.hub, run.get("repository")) and is_home(self.hub, run.get("head_repository"))):
            raise _Refused(f"run {run_id} is of another repository")
        if run.get("event") not in PULL_REQUESTS or run.get("head_sha") != self.pull.head:
            raise _Refused(f"run {run_id} is not for a pull request with commit {self.pull.head}")
        # A run that has not ended has the conclusion null; only servers of old leave the key out.
        if run.get("conclusion", "success") != "success":
            raise _Refused(f"run {run_id} did not end with success")
        self._check_workflow(run_id, run)
        self._check_pull(run_id, run)
        return run

    def _run(self, run_id: int) -> Any:
        try:
            return self.hub.api.call("GET", f"{self.hub.root}/actions/runs/{run_id}").data
        except Trouble as trouble:
            if trouble.status == 404:
                return None
            raise

    def _check_workflow(self, run_id: int, run: Row) -> None:
        path = _path(run)
        if self.workflow and path != self.workflow:
            made = f"is of the workflow {path}" if _PLAIN.fullmatch(path) else "is of another workflow"
            raise _Refused(f"run {run_id} {made}, and plans are made by {self.workflow} (`plan-workflow` names it)")

    def _check_pull(self, run_id: int, run: Row) -> None:
        if run.get("head_branch", self.pull.branch) != self.pull.branch:
            raise _Refused(f"run {run_id} is for another branch")
        rows = [row for row in run.get("pull_requests") or [] if self._is_here(row)]
        if not run.get("pull_requests"):
            return
        ours = [row for row in rows if at(row, "number") == self.pull.number]
        if not ours:
            raise _Refused(f"run {run_id} is for another pull request")
        if len(rows) > 1:
            raise _Refused(f"run {run_id} may be for another pull request of the same branch")
        if at(ours[0], "base", "ref") not in (None, self.pull.base):
            raise _Refused(f"run {run_id} is for a merge into another branch")

    def _is_here(self, row: Any) -> bool:
        """Whether a pull request is of this repository: GitHub names those of forks too, by numbers of their own."""
        url = at(row, "url")
        return not isinstance(url, str) or f"/repos/{self.hub.repository}/pulls/".lower() in url.lower()

    def _can_only_be_ours(self, run: Row) -> bool:
        """Whether a run of our branch was made for our pull request, as it was merged.

        A server that has no such lists says no more than which pull requests it names.
        """
        made = str(run.get("created_at") or "")
        try:
            others, retargeted = self._others, self._retargeted
        except NoList:
            if not run.get("pull_requests"):
                raise
            return True
        if any(self._may_own(row, made) for row in others):
            self._because("a plan may be for another pull request of the same branch: open a new one, of a new branch")
            return False
        if any(str(row.get("created_at") or "") >= made for row in retargeted):
            self._because("the pull request was for another base branch when its plan was made: open a new one")
            return False
        return True

    def _may_own(self, row: Row, made: str) -> bool:
        """Whether a run of that time may be for another pull request: it was open then, or was closed at our commit.

        GitHub writes all times in one form, which sorts as text.
        """
        opened, closed = str(row.get("created_at") or ""), str(row.get("closed_at") or "")
        frozen = at(row, "head", "sha") == self.pull.head
        return not made or (opened <= made and (not closed or closed >= made or frozen))

    @cached_property
    def _retargeted(self) -> list[Row]:
        """When our pull request was made one for another branch."""
        if not self.pull.branch:
            return []
        rows = self.hub.api.pages(f"{self.hub.root}/issues/{self.pull.number}/events?per_page=100")
        return [row for row in rows if row.get("event") in _RETARGETED]

    @cached_property
    def _others(self) -> list[Row]:
        """All other pull requests, open or not, that ever came from the branch of ours."""
        if not self.pull.branch:
            return []
        head = quote(f"{self.hub.repository.partition('/')[0]}:{self.pull.branch}", safe="")
        rows = self.hub.api.pages(f"{self.hub.root}/pulls?state=all&per_page=100&head={head}")
        return [row for row in rows if row.get("number") != self.pull.number and self._is_same_branch(row)]

    def _is_same_branch(self, row: Row) -> bool:
        return at(row, "head", "ref") == self.pull.branch and is_home(self.hub, at(row, "head", "repo"))

    def _because(self, reason: str) -> None:
        if reason not in self.reasons:
            self.reasons.append(reason)


def _path(run: Row) -> str:
    """The file of a run's workflow, without the revision that GitHub may write after it.

    A file may have an `@` in its name, to look like another with a revision; its name ends as that of every workflow.
    """
    path = str(run.get("path") or "")
    file, revised, _ = path.rpartition("@")
    return file if revised and not path.endswith(_ENDINGS) else path


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_home(hub: GitHub, repository: Any) -> bool:
    """Whether a repository in an answer is the one that the workflow runs in."""
    return isinstance(repository, dict) and str(repository.get("full_name")).lower() == hub.repository.lower()


def at(value: Any, *names: str) -> Any:
    """What is at a path of an answer; None where there is nothing."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
