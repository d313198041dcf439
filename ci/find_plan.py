"""Before a plan or an apply: what people approved on the pull request. Has the token of GitHub, and no key.

For an apply, that is the plan, and what the reviews allowed; for a plan, what they allow so far. For what is due, it is
the catalog on the default branch.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from commetctl_ci import checkout, event
from commetctl_ci.approved import PLAN, is_current, latest, merged_by, named, plan_of, pull_changes, push_changes
from commetctl_ci.consent import Consent, consent
from commetctl_ci.github import GitHub
from commetctl_ci.origin import Missing, Pull
from commetctl_ci.results import Approved
from commetctl_ci.runner import step
from commetctl_ci.settings import Settings, folder, settings
from commetctl_ci.trouble import Trouble

_NEEDED = {
    "apply": "`permissions: {actions: read, pull-requests: read, contents: read}`",
    "due": "`permissions: {contents: read}`",
}
_WHEN = {"apply": "on push, after the merge", "due": "on a schedule"}


def main() -> int:
    """Leave it in the shared folder, or the reason why there is no plan."""
    asked, place = settings(), folder()
    if asked.command == "plan":
        _so_far().keep(place)
        return 0
    if event.kind().startswith("pull_request"):
        raise Trouble(f"`{asked.command}` is not for pull requests: run it {_WHEN[asked.command]}")
    (place / PLAN).unlink(missing_ok=True)
    try:
        if asked.command == "due":
            _check_branch(asked)
        else:
            _Search(asked, place).found().keep(place)
    except Trouble as trouble:
        if trouble.status == 403:
            raise Trouble(f"{trouble.message}. The job needs {_NEEDED[asked.command]}") from None
        raise
    return 0


def _check_branch(asked: Settings) -> None:
    """Let only what is on the default branch now be applied, and not what was there when the run began to wait."""
    branch = event.branch()
    if not branch or branch != event.default_branch():
        raise Trouble("`due` is for the default branch alone: run it on a schedule, or there by hand")
    commit = checkout.commit(asked.place) or event.commit()
    if not is_current(GitHub(event.repository()), commit, branch, asked.may_hold):
        raise Trouble(
            "the catalog that is checked out is not that of the default branch now: give actions/checkout "
            "`ref: ${{ github.ref }}`, or start a new run"
        )


def _so_far() -> Approved:
    """What the reviews of the pull request allow so far."""
    pull = event.pull_request()
    if pull is None or pull.foreign:
        return Approved()
    allowed = _allowed(lambda: GitHub(event.repository()), pull.number, pull.head)
    return Approved(words=allowed.words, notes=allowed.notes)


def _allowed(hub: Callable[[], GitHub], number: int, head: str) -> Consent:
    """What the reviews allow; nothing, and a note, where they cannot be read: the guards then refuse as ever."""
    try:
        return consent(hub(), number, head)
    except Trouble as trouble:
        return Consent(notes=(f"Whether a review allows anything is not known: {trouble.message}.",))


@dataclass
class _Search:
    """The search for the plan of a run after the merge."""

    asked: Settings
    place: Path
    hub: GitHub = field(default_factory=lambda: GitHub(event.repository()))

    def found(self) -> Approved:
        """The plan, which is left in the folder, or why there is none."""
        try:
            return self._of(self._pull())
        except Missing as missing:
            if event.kind() == "workflow_dispatch" and not self.asked.pull:
                return self._latest()
            if event.kind() == "push" and missing.pull:
                return self._without(missing.pull, missing.why)
            return Approved(why=missing.why, pull=missing.pull)

    def _pull(self) -> Pull:
        """The pull request that is named, or the one of the commit that the run is for."""
        if self.asked.pull:
            return named(self.hub, self.asked.pull, event.commit(), event.branch())
        return merged_by(self.hub, event.commit(), event.branch())

    def _of(self, pull: Pull) -> Approved:
        plan = plan_of(self.hub, pull, self.asked.artifact(pull.head), self._workflow())
        return self._kept(pull, plan)

    def _latest(self) -> Approved:
        """By hand, and no pull request named: others were merged after the one whose plan is to be applied."""
        try:
            found = latest(self.hub, event.commit(), event.branch(), self.asked.artifact, self._workflow())
        except Missing as missing:
            return Approved(why=f"{missing.why}: name the pull request with `pull-request`")
        return self._kept(*found)

    def _kept(self, pull: Pull, plan: bytes) -> Approved:
        allowed = _allowed(lambda: self.hub, pull.number, pull.head)
        (self.place / PLAN).write_bytes(plan)
        return Approved(pull=pull.number, words=allowed.words, notes=allowed.notes)

    def _workflow(self) -> str:
        return self.asked.plan_workflow or event.workflow()

    def _without(self, number: int, why: str) -> Approved:
        """After the merge of a pull request without a plan; one that changed no catalog needs none."""
        if pull_changes(self.hub, number, self.asked.may_hold):
            return Approved(why=why, pull=number)
        if push_changes(self.hub, event.before(), event.commit(), self.asked.may_hold):
            # As where several were merged elsewhere, and pushed at once.
            other = (
                f"pull request #{number} changed no YAML file, and others of the same push may have: run this workflow "
                "by hand with the number of each as `pull-request`"
            )
            return Approved(why=other)
        return Approved(pull=number, unaffected=True)


if __name__ == "__main__":
    step(main)
