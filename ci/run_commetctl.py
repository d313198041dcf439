"""The one step with the API key: runs commetctl, and leaves what it said for the next step. Talks to nobody itself."""

import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from commetctl_ci import checkout, event
from commetctl_ci.offline import checkable, comparable, left_out
from commetctl_ci.results import Done, approved, plan_id
from commetctl_ci.runner import annotate, output, pass_on, say, step
from commetctl_ci.settings import PREFIX, Settings, folder, is_scheduled, settings

_PLAN = "plan.json"
_WHOLE = "whole.md"
_ANNOTATION = re.compile(r"::(error|warning) ")
_MOST_ANNOTATIONS = 10
_UNAFFECTED = "### Pricing: nothing to plan\n\nThis pull request changes no YAML file, so no catalog."
#: What a refusal names as its way past, and a blocked change as its way out.
_WAY_PAST = re.compile(r"`--(allow(?:-delete)?) ([\w./-]+)`", re.ASCII)
_WAY_OUT = re.compile(r"^ *- Way out: .*or apply with `--(replace) ([\w./-]+)`$", re.ASCII | re.MULTILINE)


def main() -> int:
    """Run, keep, and say in the log; how it ends is up to the last step."""
    asked, place = settings(), folder()
    done = {"plan": _plan, "apply": _apply, "due": _due, "drift": _drift}[asked.command](asked, place)
    done.keep(place)
    say(f"{(done.whole or done.out).rstrip()}\n{done.err}")
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
    changed = checkout.changed(asked.place, pull.base) if pull else None
    if changed is not None and not any(map(asked.may_hold, changed)):
        return Done("plan", 0, _UNAFFECTED, "", markdown=True)
    if pull and (wrong := _wrong_dates(asked, pull)):
        return wrong
    if pull and pull.foreign:
        return _compared(asked, place, pull.base)
    saved, people = place / _PLAN, approved(place)
    words = ["plan", f"--file={asked.file}", "--detailed-exitcode", f"--out={saved}", *people.words, *asked.extra]
    done = _shown(asked, place, words, notes=people.notes)
    notes = done.notes + (_consent_wanted(pull.head, done) if pull else ())
    return replace(done, plan=plan_id(saved), notes=notes, scheduled=_schedules(asked, changed, done))


def _schedules(asked: Settings, changed: list[str] | None, done: Done) -> bool:
    """Whether a plan has dated changes, and the pull request is about them, or what it changes is not known.

    What others have scheduled is in every plan until its date: a comment on each pull request would not be read.
    """
    return is_scheduled(done.whole or done.out) and (changed is None or any(map(asked.is_dated, changed)))


def _wrong_dates(asked: Settings, pull: event.PullRequest) -> Done | None:
    """What `validate` refuses of changes that the pull request dates; None where nothing, or the base is not known.

    Only that finds a new change whose date has passed: to a plan, it is one that is due.
    """
    if not asked.dated.is_dir() or not (onto := checkout.merged_onto(asked.place, pull)):
        return None
    base = checkout.source(asked.place, onto, asked.file)
    words = ["validate", f"--file={asked.file}", "--base", base, *checkable(asked.extra)]
    done = _run(asked, words, key=False)
    if done.code == 3:
        _point_out(asked, [*words, "--format", "github"])
    return done if done.code else None


def _compared(asked: Settings, place: Path, base: str) -> Done:
    """The catalog compared with the one at `base`, without a key: with the overlay and the options of a plan."""
    note = (
        "This pull request gets no key, so this compares the file with the one it branched from, and not with "
        "Commet. Nothing is saved, and nothing of it can be applied by merging."
    )
    notes = [note]
    if lacking := left_out(asked.extra):
        notes.append(f"Left out of `extra-args`, as it is about an account: {_code(' '.join(lacking))}.")
    file = asked.file if not asked.file.startswith("-") else f"./{asked.file}"
    words = ["diff", checkout.source(asked.place, base, file), file, "--detailed-exitcode", *comparable(asked.extra)]
    return _shown(asked, place, words, key=False, notes=tuple(notes))


def _consent_wanted(head: str, done: Done) -> tuple[str, ...]:
    """How a reviewer allows what the guards would refuse; nothing where they refuse nothing."""
    if "`apply` would refuse" not in done.err:
        return ()
    found = [*_WAY_PAST.findall(done.err), *_WAY_OUT.findall(done.out)]
    lines = [f"`commetctl: {verb} {name}`" for verb, name in dict.fromkeys(found)]
    if not lines:
        return ()
    listed = " and ".join(lines)
    return (f"**To allow it with this change,** approve commit {head} in a review with {listed} on a line of its own.",)


def _drift(asked: Settings, place: Path) -> Done:
    words = ["plan", f"--file={asked.file}", "--detailed-exitcode", "--base", "git:HEAD", *asked.extra]
    return _shown(asked, place, words)


def _due(asked: Settings, _place: Path) -> Done:
    done = _run(asked, ["apply", "--due", f"--file={asked.file}", "--yes", *asked.extra])
    if done.code == 3:
        _point_out(asked, ["validate", f"--file={asked.file}", *checkable(asked.extra), "--format", "github"])
    return replace(done, did="apply --due")


def _apply(asked: Settings, place: Path) -> Done:
    people = approved(place)
    why, pull = people.why, f"pull request #{people.pull}" if people.pull else "the pull request"
    options = (f"--file={asked.file}", "--yes")
    if people.unaffected:
        return Done("apply", 0, f"Nothing to apply: {pull} changed no YAML file, so no catalog.", "", markdown=True)
    if not why:
        saved = place / _PLAN
        # What was given comes last: an option that lacks its value would take the plan for it, and apply without one.
        done = _applied(asked, ["apply", str(saved), *options, *people.words, *asked.extra])
        notes = [f"This is the plan of {pull}.", *people.notes]
        if done.code == 4:
            notes.append(
                "**What to do:** if the plan is stale, too old or spent, open a new pull request, or run the plan job "
                f"of {pull} again, read its comment, and then run this job again. Else, see the hint above."
            )
        if done.code == 5:
            notes.append("**What to do:** a new pull request has a plan of the rest. This one is stale now.")
        return replace(done, plan=plan_id(saved), notes=tuple(notes))
    if asked.without_plan == "apply":
        note = f"No approved plan: {why}. `without-plan: apply` lets it be applied as it is now."
        return _applied(asked, ["apply", *options, *asked.extra], notes=(note,))
    message = f"refused: {why}, so nothing was applied"
    hint = (
        f"run the plan job of {pull} again, read its comment, and then run this job again; or open a new pull request; "
        "or set `without-plan: apply`, which applies what nobody has seen"
    )
    return Done("apply", 4, "", f"{message}\nhint: {hint}\n", markdown=False)


def _applied(asked: Settings, words: Sequence[str], *, notes: tuple[str, ...] = ()) -> Done:
    done = _run(asked, words, notes=notes)
    if done.code == 3:
        _point_out(asked, [*words, "--dry-run", "--format", "github"])
    return done


def _shown(
    asked: Settings, place: Path, words: Sequence[str], *, key: bool = True, notes: tuple[str, ...] = ()
) -> Done:
    """Run a command that shows something as Markdown: as short as a comment, and whole."""
    whole = place / _WHOLE
    whole.unlink(missing_ok=True)
    shown = [words[0], "--format=markdown", f"--summary={whole}", *words[1:]]
    done = _run(asked, shown, key=key, notes=notes)
    text = whole.read_text("utf-8") if whole.is_file() else ""
    if done.code == 3:
        _point_out(asked, [*words, "--format", "github"])
    return replace(done, whole=text, markdown=True)


def _run(asked: Settings, words: Sequence[str], *, key: bool = True, notes: tuple[str, ...] = ()) -> Done:
    command = [os.environ[PREFIX + "COMMETCTL"], *words]
    ended = subprocess.run(  # noqa: S603 - no shell, and every word is one argument
        command,
        cwd=asked.place,
        env=checkout.environment(key=key),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    code = ended.returncode if ended.returncode >= 0 else 1
    return Done(words[0], code, ended.stdout, ended.stderr, markdown=False, notes=notes)


def _point_out(asked: Settings, words: Sequence[str]) -> None:
    """Show what is wrong beside the lines of the catalog: commetctl's own annotations, and nothing else of its text."""
    lines = _run(asked, words, key=False).out.splitlines()
    for line in [line for line in lines if _ANNOTATION.match(line)][:_MOST_ANNOTATIONS]:
        pass_on(line, asked.directory)


def _annotate(asked: Settings, done: Done) -> None:
    """Say at the top of the run what failed, unless it is shown beside its lines."""
    if done.code not in (0, 2, 3):
        said = re.search(r"^(?:[Ee]rror|refused): (.*)", done.err, re.MULTILINE)
        annotate("error", said[1] if said else f"commetctl {done.did} failed with exit code {done.code}")


def _code(text: str) -> str:
    """Text of an input as code in Markdown."""
    return f"`{text.replace('`', '')}`"


if __name__ == "__main__":
    step(main)
