"""Before an apply: fetch the plan that was approved with the pull request. Has the token of GitHub, and no key."""

import json
from typing import Any

from commetctl_ci import event
from commetctl_ci.approved import PLAN, merged_by, plan_of
from commetctl_ci.github import GitHub
from commetctl_ci.origin import Missing
from commetctl_ci.runner import step
from commetctl_ci.settings import folder, settings
from commetctl_ci.trouble import Trouble


def main() -> int:
    """Leave the plan in the shared folder, or the reason why there is none."""
    asked, place = settings(), folder()
    if event.kind().startswith("pull_request"):
        raise Trouble("`apply` is not for pull requests: run it on push, after the merge")
    found: dict[str, Any] = {"why": "", "pull": 0}
    (place / PLAN).unlink(missing_ok=True)
    try:
        hub = GitHub(event.repository())
        pull = merged_by(hub, event.commit(), event.branch())
        found["pull"] = pull.number
        workflow = asked.plan_workflow or event.workflow()
        (place / PLAN).write_bytes(plan_of(hub, pull, asked.artifact(pull.head), workflow))
    except Missing as missing:
        found |= {"why": missing.why, "pull": missing.pull}
    except Trouble as trouble:
        if trouble.status == 403:
            needed = "`permissions: {actions: read, pull-requests: read, contents: read}`"
            raise Trouble(f"{trouble.message}. The job needs {needed}") from None
        raise
    (place / "approved.json").write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    step(main)
