"""Saved plans on the command line: kept by `plan --out`, and agreed with before `apply` carries one out."""

from dataclasses import replace
from pathlib import Path

from commetctl import saved
from commetctl.apply.journal import Journals
from commetctl.cli.prepare import Prepared, Wanted
from commetctl.cli.result import Result
from commetctl.core.snapshot import snapshot
from commetctl.errors import CommetctlError, Refused

_USAGE = 64


def keep(prepared: Prepared, result: Result, path: Path) -> None:
    """Save the plan of a result, and say so in it."""
    choices = prepared.options
    content = saved.make(_now(prepared, result), prune=choices.prune, targets=map(str, choices.targets))
    saved.write(content, path)
    result.content["saved"] = {"file": str(path), "id": content["id"]}


def wanted_by(plan: saved.SavedPlan, wanted: Wanted) -> Wanted:
    """What is asked for when a saved plan is applied: what it was made with."""
    if wanted.prune or wanted.targets:
        error = CommetctlError(
            "a saved plan says itself what is chosen", "leave out `--prune` and `--target`", code="usage"
        )
        error.exit_code = _USAGE
        raise error
    return replace(wanted, prune=plan.choices.prune, targets=plan.choices.targets)


def agree(plan: saved.SavedPlan, path: Path, prepared: Prepared, result: Result, journals: Journals) -> None:
    """Raise Refused unless what is about to be done is what was saved, and has not been done before."""
    runs = [past for past in journals.pasts() if past.plan == plan.id]
    if any(past.did_all for past in runs):
        raise Refused(
            f"{path} was applied before, and a plan works once",
            "make a new one with `commetctl plan --out`",
            code="plan_spent",
        )
    saved.check(plan, path, _now(prepared, result), begun=any(past.wrote for past in runs))


def _now(prepared: Prepared, result: Result) -> saved.Present:
    live = prepared.world.live
    return saved.Present(
        prepared.target(), snapshot(prepared.world.desired), snapshot(live.resources, live.ids), result.content["plan"]
    )
