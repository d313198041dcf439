"""In a job of GitLab, before an apply: fetches the plan that was reviewed with the merge request of this commit.

    gitlab_plan.py PLAN.json

Ends with 4 where there is none, unless COMMETCTL_WITHOUT_PLAN=apply; then the file is missing.
"""

import os
import sys
from pathlib import Path

from commetctl_ci.event import sha
from commetctl_ci.gitlab import GitLab, variable
from commetctl_ci.origin import Missing
from commetctl_ci.runner import refused_by
from commetctl_ci.trouble import Trouble

_REFUSED = 4


def main(words: list[str]) -> int:
    """Fetch it, or say why not."""
    if len(words) != 2:
        raise Trouble("usage: gitlab_plan.py PLAN.json")
    target = Path(words[1])
    target.unlink(missing_ok=True)
    try:
        lab = GitLab()
        number, head = lab.merged_by(sha(variable("CI_COMMIT_SHA")), variable("CI_COMMIT_BRANCH"))
        target.write_bytes(lab.plan_of(number, sha(head), os.environ.get("COMMETCTL_PLAN_JOB") or "pricing:plan"))
    except Missing as missing:
        if os.environ.get("COMMETCTL_WITHOUT_PLAN") == "apply":
            sys.stdout.write(f"no reviewed plan: {missing.why}. Applying what is there now\n")
            return 0
        sys.stdout.write(
            f"refused: {missing.why}, so nothing is applied\n"
            "hint: open a new merge request, or run the plan job of that one again and then this one; "
            "COMMETCTL_WITHOUT_PLAN=apply applies what nobody has seen\n"
        )
        return _REFUSED
    sys.stdout.write(f"this is the plan of merge request !{number}\n")
    return 0


if __name__ == "__main__":
    sys.exit(refused_by(lambda: main(sys.argv)))
