"""What a step says to the runner: outputs, the summary, the log. No text that was read can command the runner."""

import os
import re
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from commetctl_ci.trouble import Trouble


def say(text: str) -> None:
    """Print text of any origin; while it is printed, the runner takes no commands."""
    if not text:
        return
    token = secrets.token_hex(16)
    sys.stdout.write(f"::stop-commands::{token}\n{text.rstrip()}\n::{token}::\n")
    sys.stdout.flush()


def annotate(level: str, message: str) -> None:
    """Show a message of ours at the top of the run."""
    for character, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
        message = message.replace(character, code)
    sys.stdout.write(f"::{level} title=commetctl::{message}\n")
    sys.stdout.flush()


def pass_on(annotation: str, under: str) -> None:
    """Print an annotation that commetctl made; files in it are named as seen from the folder that it worked in."""
    if under != ".":
        folder = under.replace("%", "%25").replace(",", "%2C").replace(":", "%3A")
        annotation = re.sub(r"^(::\w+ )file=", lambda found: f"{found[1]}file={folder}/", annotation)
    sys.stdout.write(annotation + "\n")


def output(**values: str) -> None:
    """Set outputs of the step; each is one line, or it would set others too."""
    lines = []
    for name, value in values.items():
        if re.search(r"[\x00-\x1f\x7f\x85\u2028\u2029]", value):
            raise Trouble(f"the output {name} would have more than one line")
        lines.append(f"{name.replace('_', '-')}={value}\n")
    _append("GITHUB_OUTPUT", "".join(lines))


def summarize(markdown: str) -> None:
    """Add to the summary of the job."""
    _append("GITHUB_STEP_SUMMARY", markdown.rstrip() + "\n\n")


def step(main: Callable[[], int]) -> None:
    """Run a step; what it cannot do is an error at the top of the run."""
    try:
        code = main()
    except Trouble as trouble:
        annotate("error", trouble.message)
        code = 1
    sys.exit(code)


def refused_by(main: Callable[[], int]) -> int:
    """Run a script elsewhere than on GitHub; what it cannot do is a line on stderr."""
    try:
        return main()
    except Trouble as trouble:
        sys.stderr.write(f"error: {trouble.message}\n")
        return 1


def _append(variable: str, text: str) -> None:
    if name := os.environ.get(variable):
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(text)
