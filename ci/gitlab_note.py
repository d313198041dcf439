"""In a job of GitLab: writes what `commetctl plan` said as one note on the merge request, which updates itself.

gitlab_note.py FILE.md PLAN.json EXIT_CODE
"""

import os
import sys
from pathlib import Path

from commetctl_ci.checkout import changed
from commetctl_ci.event import sha
from commetctl_ci.gitlab import TOKEN, GitLab, variable
from commetctl_ci.results import Done, plan_id
from commetctl_ci.runner import refused_by
from commetctl_ci.settings import is_dated, is_scheduled, marker
from commetctl_ci.trouble import Trouble
from commetctl_ci.wording import comment

_WORDS = 4


def main(words: list[str]) -> int:
    """Write the note, if there is a token to write it with."""
    if len(words) != _WORDS or not words[3].isdigit():
        raise Trouble("usage: gitlab_note.py FILE.md PLAN.json EXIT_CODE")
    if not os.environ.get(TOKEN):
        sys.stdout.write(f"no note: {TOKEN} is not set\n")
        return 0
    code, plan = int(words[3]), plan_id(Path(words[2]))
    said = Path(words[1]).read_text("utf-8", errors="replace")
    done = Done("plan", code, said, "", markdown=True, plan=plan if code in (0, 2) else "")
    label = os.environ.get("COMMETCTL_ENVIRONMENT", "")
    file = os.environ.get("COMMET_FILE") or "commet.yaml"
    mark = marker(f"./{file}:{label}")
    last = f"Commit {sha(variable('CI_COMMIT_SHA'))}, " + (f"plan {done.plan}" if done.plan else "no plan")
    number = int(variable("CI_MERGE_REQUEST_IID"))
    create = code != 0 or (is_scheduled(said) and _changes_dates(file))
    GitLab().note(number, mark, comment(done, mark, label, last), create=create)
    return 0


def _changes_dates(file: str) -> bool:
    """Whether the merge request changes a file of a dated change; True also where that is not known."""
    base = os.environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA")
    names = changed(Path(), base) if base else None
    return names is None or any(is_dated(name, Path(file)) for name in names)


if __name__ == "__main__":
    sys.exit(refused_by(lambda: main(sys.argv)))
