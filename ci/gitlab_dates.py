"""In a job of GitLab, before a plan: whether the dates of the changes that the merge request adds are yet to come.

    gitlab_dates.py [OPTION...]

Of the options of the plan, it takes those that `commetctl validate` has, and ends as that does.
"""

import os
import subprocess
import sys
from pathlib import Path

from commetctl_ci.checkout import environment, source
from commetctl_ci.event import sha
from commetctl_ci.gitlab import variable
from commetctl_ci.offline import checkable
from commetctl_ci.runner import refused_by
from commetctl_ci.settings import CHANGES


def main(words: list[str]) -> int:
    """Compare them with what the merge request began from; nothing is run where the catalog has none."""
    file = os.environ.get("COMMET_FILE") or "commet.yaml"
    if not (Path(file).parent / CHANGES).is_dir():
        return 0
    base = source(Path(), sha(variable("CI_MERGE_REQUEST_DIFF_BASE_SHA")), file)
    command = ["commetctl", "validate", f"--file={file}", "--base", base, *checkable(words[1:])]
    ended = subprocess.run(command, env=environment(key=False), check=False)  # noqa: S603 - no shell
    return ended.returncode


if __name__ == "__main__":
    sys.exit(refused_by(lambda: main(sys.argv)))
