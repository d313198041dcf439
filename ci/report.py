"""The last step: tells people, and ends as commetctl did. Has the token of GitHub, and no key."""

import os
from dataclasses import dataclass, replace

from commetctl_ci import checkout, event
from commetctl_ci.github import GitHub
from commetctl_ci.results import Done, kept
from commetctl_ci.runner import annotate, output, step, summarize
from commetctl_ci.settings import PREFIX, Settings, folder, settings
from commetctl_ci.trouble import Trouble
from commetctl_ci.wording import comment, summary


@dataclass(frozen=True)
class _Issue:
    """An issue that stays open as long as Commet is not as the catalog says, and when and with what words."""

    name: str
    #: The exit code with which it is opened or updated; with 0 it is closed, and with any other it stays as it is.
    code: int
    title: str
    what: str
    gone: str
    todo: str


_DRIFT = _Issue(
    "drift",
    2,
    "Commet is not as {} says",
    "drift",
    "The drift is gone: Commet is as the file says.",
    "To keep what Commet has, change the file in a pull request. To have the file's state back, apply it again.",
)
_OVERDUE = _Issue(
    "overdue",
    4,
    "A dated change is overdue: Commet is not as {} says",
    "refusal",
    "Nothing is overdue: every change whose date has come is applied, or was taken back.",
    "The job tries again every time it runs. To allow what a guard refuses, name it under `allow:` of the change in "
    "a pull request, or run the job by hand with the option above as `extra-args`. To put the change off or to take "
    "it back, edit or delete its file.",
)


def main() -> int:
    """Write the summary, then the comment or the issue; the exit code of commetctl, or 1 where telling failed."""
    asked, done = settings(), kept(folder())
    if os.environ.get(PREFIX + "UPLOADED") == "failure":
        note = "**The plan could not be kept as an artifact, so merging cannot apply it. Run the job again.**"
        done = replace(done, code=1, notes=(*done.notes, note))
    told = {"plan": _on_pull_request, "apply": _nobody, "due": _on_due, "drift": _on_drift}[asked.command]
    try:
        problem = told(asked, done)
    finally:
        summarize(summary(done, asked.environment))
    if problem:
        annotate("warning", problem)
        summarize(problem)
    if done.code == 2:
        return 1 if asked.command == "drift" and asked.fail_on_drift else 0
    return done.code


def _nobody(_asked: Settings, _done: Done) -> str:
    return ""


def _on_pull_request(asked: Settings, done: Done) -> str:
    """The comment on the pull request; what is to be said where there may be none."""
    pull = event.pull_request()
    if pull is None or asked.comment == "never":
        return ""
    if pull.foreign:
        return "No comment was written: the token of a pull request from a fork or from Dependabot may not."
    last = f"Commit {pull.head}" + (f", plan {done.plan}" if done.plan else ", no plan") + _link()
    text = comment(done, asked.marker, asked.environment, last)
    try:
        create = asked.comment == "always" or done.code != 0 or done.scheduled
        url = GitHub(event.repository()).comment(pull.number, asked.marker, text, create=create)
    except Trouble as trouble:
        if not trouble.forbidden:
            raise
        return (
            f"No comment was written: {trouble.message}. The job needs `permissions: {{pull-requests: write}}`, "
            "or `comment: never`."
        )
    output(comment_url=url)
    return ""


def _on_drift(asked: Settings, done: Done) -> str:
    return _told(_DRIFT, asked, done)


def _on_due(asked: Settings, done: Done) -> str:
    return _told(_OVERDUE, asked, done)


def _told(issue: _Issue, asked: Settings, done: Done) -> str:
    """The issue: opened, updated, or closed; a run that failed leaves it as it is."""
    if done.code not in (0, issue.code):
        return ""
    marker = asked.marker.replace("<!-- commetctl:", f"<!-- commetctl-{issue.name}:", 1)
    title = issue.title.format(asked.file) + (f" ({asked.environment})" if asked.environment else "")
    commit = f"Commit {checkout.commit(asked.place) or event.commit()}"
    try:
        hub = GitHub(event.repository())
        if done.code == 0:
            url = hub.close_issue(marker, f"{issue.gone} {commit}{_link()}")
        else:
            last = f"{issue.todo}\n\n{commit}"
            url = hub.issue(marker, title, comment(done, marker, asked.environment, last), asked.label)
    except Trouble as trouble:
        if trouble.forbidden or trouble.status == 410:
            hint = "The job needs `permissions: {issues: write}`, and the repository needs issues."
            raise Trouble(f"the {issue.what} is in the summary only: {trouble.message}. {hint}") from None
        raise
    output(issue_url=url)
    return ""


def _link() -> str:
    url = event.run_url()
    return f", [run]({url})" if url else ""


if __name__ == "__main__":
    step(main)
