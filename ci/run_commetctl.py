"""The one step with the API key: runs commetctl, and leaves what it said for the next step. Talks to nobody itself."""

import json
import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from commetctl_ci import event
from commetctl_ci.results import Done, plan_id
from commetctl_ci.runner import annotate, output, pass_on, say, step
from commetctl_ci.settings import PREFIX, Settings, folder, settings

_PLAN = "plan.json"
#: What commetctl has no business with.
_WITHHELD = ("GITHUB_TOKEN", "GH_TOKEN", "GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE")
_WITHHELD_BY_PREFIX = (PREFIX, "ACTIONS_", "INPUT_")
_ANNOTATION = re.compile(r"::(error|warning) ")
_MOST_ANNOTATIONS = 10


def main() -> int:
    """Run, keep, and say in the log; how it ends is up to the last step."""
    asked, place = settings(), folder()
    done = {"plan": _plan, "apply": _apply, "drift": _drift}[asked.command](asked, place)
    done.keep(place)
    say(f"{done.out.rstrip()}\n{done.err}")
    _annotate(asked, done)
    pull = event.pull_request() if asked.command == "plan" else None
    saved = pull is not None and done.code in (0, 2) and (place / _PLAN).is_file()
    output(
        exit_code=str(done.code),
        changes="true" if done.code == 2 else "false",
        plan_id=done.plan,
        plan_file=str(place / _PLAN) if saved else "",
        artifact=asked.artifact(pull.head) if pull and saved else "",
    )
    return 0


def _plan(asked: Settings, place: Path) -> Done:
    pull = event.pull_request()
    if pull and pull.foreign:
        note = (
            "This pull request gets no key, so this compares the file with the one it branched from, and not with "
            "Commet. Nothing is saved, and nothing of it can be applied by merging."
        )
        file = asked.file if not asked.file.startswith("-") else f"./{asked.file}"
        before = "/dev/null" if _is_new(asked, pull.base, file) else f"git:{pull.base}"
        words = ["diff", before, file, "--format", "markdown", "--detailed-exitcode"]
        return _run(asked, words, key=False, notes=(note,))
    saved = place / _PLAN
    words = ["plan", f"--file={asked.file}", "--format", "markdown", "--detailed-exitcode", f"--out={saved}"]
    done = _run(asked, [*words, *asked.extra])
    return Done(done.did, done.code, done.out, done.err, done.markdown, plan_id(saved))


def _is_new(asked: Settings, base: str, file: str) -> bool:
    """Whether the pull request adds the catalog; False also where that commit was not fetched, which diff will say."""

    def has(name: str) -> bool:
        words = ["git", "cat-file", "-e", name]
        env = _environment(key=False)
        ended = subprocess.run(words, cwd=asked.place, env=env, capture_output=True, check=False)  # noqa: S603 - no shell
        return ended.returncode == 0

    return has(f"{base}^{{commit}}") and not has(f"{base}:./{file}")


def _drift(asked: Settings, _place: Path) -> Done:
    words = ["plan", f"--file={asked.file}", "--format", "markdown", "--detailed-exitcode", "--base", "git:HEAD"]
    return _run(asked, [*words, *asked.extra])


def _apply(asked: Settings, place: Path) -> Done:
    found = json.loads((place / "approved.json").read_text("utf-8"))
    why, pull = found["why"], f"pull request #{found['pull']}" if found["pull"] else "the pull request"
    words = ["apply", f"--file={asked.file}", "--yes"]
    if not why:
        saved = place / _PLAN
        done = _run(asked, [*words, *asked.extra, str(saved)])
        notes = [f"This is the plan of {pull}."]
        if done.code == 4:
            notes.append(
                "**What to do:** if the plan is stale, too old or spent, open a new pull request, or run the plan job "
                f"of {pull} again, read its comment, and then run this job again. Else, see the hint above."
            )
        if done.code == 5:
            notes.append("**What to do:** a new pull request has a plan of the rest. This one is stale now.")
        return Done(done.did, done.code, done.out, done.err, done.markdown, plan_id(saved), tuple(notes))
    if asked.without_plan == "apply":
        note = f"No approved plan: {why}. `without-plan: apply` lets it be applied as it is now."
        return _run(asked, [*words, *asked.extra], notes=(note,))
    message = f"refused: {why}, so nothing was applied"
    hint = (
        f"run the plan job of {pull} again, read its comment, and then run this job again; or open a new pull request; "
        "or set `without-plan: apply`, which applies what nobody has seen"
    )
    return Done("apply", 4, "", f"{message}\nhint: {hint}\n", markdown=False)


def _run(asked: Settings, words: Sequence[str], *, key: bool = True, notes: tuple[str, ...] = ()) -> Done:
    command = [os.environ[PREFIX + "COMMETCTL"], *words]
    ended = subprocess.run(  # noqa: S603 - no shell, and every word is one argument
        command,
        cwd=asked.place,
        env=_environment(key=key),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    code = ended.returncode if ended.returncode >= 0 else 1
    return Done(words[0], code, ended.stdout, ended.stderr, "markdown" in words, notes=notes)


def _environment(*, key: bool) -> dict[str, str]:
    """What commetctl may see: everything but tokens, ways to command the runner, and inputs that were left empty."""
    found = {
        name: value
        for name, value in os.environ.items()
        if name not in _WITHHELD and not name.startswith(_WITHHELD_BY_PREFIX)
    }
    kept = {name: value for name, value in found.items() if value or not name.startswith("COMMET_")}
    return kept if key else {name: value for name, value in kept.items() if not name.startswith("COMMET_API_KEY")}


def _annotate(asked: Settings, done: Done) -> None:
    """Show what is wrong beside the lines of the catalog: commetctl's own annotations, and nothing else of its text."""
    if done.code == 3:
        words = ["plan", f"--file={asked.file}", "--format", "github"]
        lines = _run(asked, [*words, *(asked.extra if done.did == "plan" else ())], key=False).out.splitlines()
        for line in [line for line in lines if _ANNOTATION.match(line)][:_MOST_ANNOTATIONS]:
            pass_on(line, asked.directory)
    elif done.code not in (0, 2):
        said = re.search(r"^(?:[Ee]rror|refused): (.*)", done.err, re.MULTILINE)
        annotate("error", said[1] if said else f"commetctl {done.did} failed with exit code {done.code}")


if __name__ == "__main__":
    step(main)
