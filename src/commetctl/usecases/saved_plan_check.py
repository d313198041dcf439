"""Whether a saved plan is what would be done now: same target, file, account and requests, and not used before."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from commetctl.apply.earlier_runs import EarlierRun
from commetctl.apply.journal import Journals
from commetctl.core.environment import NAME
from commetctl.core.errors import Refused
from commetctl.core.money import DERIVED
from commetctl.core.resource import UNKNOWN
from commetctl.core.snapshot import listed, moves
from commetctl.planning.reconcile import Options
from commetctl.usecases.plan import Prepared
from commetctl.usecases.saved_plans import Present, SavedPlan, tampered

#: Keys of a plan that depend on where the file is, and not on what it declares.
_PLACES = frozenset({"id", "origin"})
#: How much the clocks of two machines may differ.
_CLOCKS = timedelta(minutes=10)


def check_options(plan: SavedPlan, options: Options) -> None:
    """Raise Refused unless the command line has exactly the options that the plan was made with.

    A plan file is data that somebody else may have made: it does not choose what is deleted.
    """
    given, needed = option_words(options), option_words(plan.options)
    if given == needed:
        return
    lacking = [words for words in needed if words not in given]
    surplus = [words for words in given if words not in needed]
    said = [f"was made with `{' '.join(lacking)}`, which this command lacks"] if lacking else []
    said += [f"was made without `{' '.join(surplus)}`, which this command has"] if surplus else []
    hint = f"review the plan, and then apply it with `{' '.join(lacking)}`" if lacking else ""
    hint += " and without the others; or" if lacking and surplus else "; or" if lacking else "leave them out, or"
    raise Refused(
        f"{plan.path} {'; it '.join(said)}",
        f"{hint} make the plan again with `commetctl plan --out`",
        code="plan_options",
    )


def option_words(options: Options) -> list[str]:
    """The options as words for a shell, each once and in one order."""
    chosen = {"--target": options.targets, "--replace": options.replace}
    named = [f"{option} {shlex.quote(text)}" for option, found in chosen.items() for text in sorted({*map(str, found)})]
    return [*(["--prune"] if options.prune else []), *named]


def check_unspent(plan: SavedPlan, journals: Journals) -> None:
    """Raise Refused for a plan that was applied before, as far as journals tell."""
    if use_of(plan, journals) is Use.APPLIED:
        raise Refused(
            f"{plan.path} was already applied, and a saved plan can be applied once",
            "make a new one with `commetctl plan --out`",
            code="plan_spent",
        )


class Use(Enum):
    """Whether a saved plan was applied, as far as journals tell; the value is the word in machine output."""

    NOT_YET = "not_used"
    BEGUN = "begun"
    APPLIED = "applied"


def use_said(plan: SavedPlan, journals: Journals) -> str:
    """The same for people, with the run."""
    runs = [past for past in _runs(plan, journals) if past.wrote or past.did_all]
    if not runs:
        return "no, as far as the journals here tell"
    run = f"run {runs[-1].run_id[:8]} on {runs[-1].started:%Y-%m-%d %H:%M:%S} UTC"
    if use_of(plan, journals) is Use.APPLIED:
        return f"applied by {run}; a plan works once"
    return f"begun by {run} and not completed; applying it again does the rest"


def use_of(plan: SavedPlan, journals: Journals) -> Use:
    """Whether a plan was applied, as far as journals tell."""
    runs = _runs(plan, journals)
    if any(past.did_all for past in runs):
        return Use.APPLIED
    return Use.BEGUN if any(past.wrote for past in runs) else Use.NOT_YET


def check(plan: SavedPlan, prepared: Prepared, journals: Journals) -> None:
    """Raise Refused unless what is about to be done is what was saved."""
    _check_same(plan, Present.of(prepared), begun=any(past.wrote for past in _runs(plan, journals)))


def _runs(plan: SavedPlan, journals: Journals) -> list[EarlierRun]:
    return [past for past in journals.runs() if past.plan == plan.id]


def _check_same(saved: SavedPlan, present: Present, *, begun: bool) -> None:
    """Refuse a plan that is not what would be done now.

    A plan that was `begun` here and interrupted may be continued, if nothing has moved but what it moves itself: the
    file is the same, so it ends in the same state.
    """
    if not _same_target(saved.target, present.target, begun=begun):
        raise Refused(
            f"{saved.path} is for {target_said(saved.target)}, but this is {target_said(present.target)}",
            _to_the_target(saved.target, present.target),
            code="plan_target",
        )
    if moved := list(moves(saved.config, present.config)):
        raise _stale(saved, "does not match the catalog any more: " + listed(moved))
    planned = {*_addresses(saved.plan), *present.restored}
    moved = [
        move
        for move in moves(saved.live, present.live)
        if not (begun and move.address in planned and _is_own(move.address, saved, present))
    ]
    if moved:
        raise _stale(saved, "does not match the account any more: " + listed(moved))
    if not begun:
        _check_unused(saved, present)
    if begun:
        if more := sorted(set(_addresses(present.plan)) - planned):
            raise _stale(saved, "does not cover all changes that are needed now: " + ", ".join(more))
    elif _essence(saved.plan) != _essence(dict(present.plan)):
        raise tampered(saved.path, "its changes do not follow from the catalog and the account")


def _check_unused(saved: SavedPlan, present: Present) -> None:
    """Refuse a plan that may have been applied and undone since: the account then looks as it did before.

    A plan without changes can be applied at any time.
    """
    if not _items(present.plan.get("changes")):
        return
    if saved.newest != present.newest:
        what = (
            "may have been applied and undone: the account looks as it did, but its newest change was at "
            f"{saved.newest or 'an unknown time'} and is now at {present.newest or 'an unknown time'}"
        )
        raise _stale(saved, what)
    if present.lifetime is None:
        return
    age = datetime.now(UTC) - _made(saved)
    if not -_CLOCKS < age <= present.lifetime:
        what = (
            f"was made at {saved.made}, and the account has no change with a time that would show whether it was "
            f"applied and undone since. Such a saved plan is valid for {_span(present.lifetime)}"
        )
        raise _stale(saved, what, code="plan_expired")


def _span(time: timedelta) -> str:
    """A time span in whole hours, or in whole days from two days on."""
    hours = time // timedelta(hours=1)
    return f"{hours} hours" if hours < 48 else f"{hours // 24} days"


def _made(saved: SavedPlan) -> datetime:
    try:
        made = datetime.fromisoformat(saved.made)
        return made.astimezone(UTC) if made.tzinfo else made.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise tampered(saved.path, "it does not say when it was made") from None


def _stale(saved: SavedPlan, why: str, code: str = "plan_stale") -> Refused:
    return Refused(f"{saved.path} {why}", "make the plan again with `commetctl plan --out`", code=code)


def _to_the_target(saved: Mapping[str, Any], present: Mapping[str, Any]) -> str:
    """What to do about a saved plan that is for something else than the command."""
    wanted, given = saved.get("environment"), present.get("environment")
    if wanted == given or not (wanted is None or NAME.fullmatch(str(wanted))):
        return "name the account that it is for, or make the plan again with `commetctl plan --out`"
    return f"apply it with `--env {wanted}`" if wanted else f"apply it without the environment `{given}`"


def target_said(target: Mapping[str, Any]) -> str:
    """The account that a plan is for, in a few words."""
    livemode = target.get("livemode")
    mode = ("live" if livemode else "sandbox") if isinstance(livemode, bool) else "unknown mode"
    environment = f", environment {target['environment']}" if "environment" in target else ""
    return f"{mode}, {target.get('api_url')} ({target.get('api_version')}){environment}"


def _same_target(saved: Mapping[str, Any], present: Mapping[str, Any], *, begun: bool) -> bool:
    """Whether the account is the same. An empty account does not reveal its mode until the plan was begun."""
    learned = begun and saved.get("livemode") is None
    return {**saved, **({"livemode": present.get("livemode")} if learned else {})} == dict(present)


def _addresses(plan: Mapping[str, Any]) -> Iterator[str]:
    for change in _changes(plan):
        yield str(change.get("address"))
        yield from map(str, _items(change.get("along")))


def _changes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (change for change in _items(plan.get("changes")) if isinstance(change, Mapping))


def _is_own(address: str, saved: SavedPlan, present: Present) -> bool:
    """Whether an object is as the plan found it, as the plan leaves it, or in between.

    One that the plan replaces has another id, once it is created again.
    """
    before, now, wanted = saved.live.get(address), present.live.get(address), saved.config.get(address, {})
    if before is None or now is None:
        return True
    anew = any(change.get("address") == address and change.get("replaced") for change in _changes(saved.plan))
    return all(
        text in (before.get(name), wanted.get(name), UNKNOWN.value) or text.endswith(DERIVED) or (anew and name == "id")
        for name, text in now.items()
    )


def _items(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _essence(value: Any) -> Any:
    """A plan without the keys that depend on where the file is."""
    if isinstance(value, dict):
        return {key: _essence(item) for key, item in value.items() if key not in _PLACES}
    return [_essence(item) for item in value] if isinstance(value, list | tuple) else value
