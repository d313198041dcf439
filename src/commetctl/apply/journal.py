"""The journal: one file for each run, in which every request is on the disk before it is sent.

It says what a run that was killed had under way, so that the next one sends the same request under the same
`Idempotency-Key`: whichever of the two arrives first is carried out, and the other gets its answer. It holds
addresses, digests and those keys, the amounts that a step clears and writes back, and what became of each change;
never the API key, and no text of an answer.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from commetctl.apply import journal_file
from commetctl.apply.earlier_runs import FORMAT, EarlierRun, Unfinished, document, read
from commetctl.apply.told import results
from commetctl.core.call import Request, digest
from commetctl.core.change import Outcome
from commetctl.core.errors import CommetctlError, Refused
from commetctl.core.resource import Resource

_SUFFIX = ".jsonl"
#: How many journals of runs that ended are kept.
_KEPT = 20
#: How long a request of an interrupted run may still be on its way. Later, its key could bring an outdated answer.
_ON_ITS_WAY = timedelta(hours=1)
#: How long the journal of an interrupted run is kept.
_FORGOTTEN = timedelta(days=7)


def key_of(run_id: str, step: str, number: int) -> str:
    """The idempotency key of a request: one for each call of each step of a run.

    A key made from the content would, within a day, answer a change that was reverted and is sent again with
    yesterday's answer.
    """
    return f"commetctl-{hashlib.sha256(f'{run_id}:{step}:{number}'.encode()).hexdigest()[:40]}"


@dataclass
class Journal:
    """The journal of one run, open for writing; safe to use from several threads.

    `inherited` maps the steps and fingerprints of requests that earlier runs left in doubt to their keys. `interrupted`
    are the runs on the same target that were killed.
    """

    path: Path
    run_id: str
    inherited: Mapping[tuple[str, str], str]
    descriptor: int
    interrupted: tuple[EarlierRun, ...] = ()

    def open(self, started: datetime, **about: Any) -> None:
        """Note what the run is about."""
        self._note({"format": FORMAT, "run": self.run_id, "started": started.isoformat(), **about})

    def begin(self, step: str, number: int, request: Request, *, anew: bool = False) -> str:
        """Note a request before it is sent; its key, which is that of an earlier run where that left it in doubt.

        Another step may send the same request again because something happened in between: it needs a key of its own.
        So does a request that makes `anew` what this run has deleted: under the earlier key, it would be answered
        and not carried out.
        """
        fingerprint = request.fingerprint
        inherited = None if anew else self.inherited.get((step, fingerprint))
        key = inherited or key_of(self.run_id, step, number)
        self._note({"begin": key, "step": step, "method": request.method, "request": fingerprint})
        return key

    def end(self, key: str, result: str) -> None:
        """Note that the fate of a request is known."""
        # Where that cannot be noted, or a power cut takes the line, the next run has the request in doubt, which does
        # no harm.
        with suppress(CommetctlError):
            self._note({"end": key, "result": result}, forced=False)

    def prepare(self, step: str, resources: Iterable[Resource]) -> None:
        """Note what a step of several calls leaves in the end, before its first call, which forces it to the disk."""
        self._note({"prepare": step, "leaves": document(resources)}, forced=False)

    def complete(self, step: str) -> None:
        """Note that all calls of a step are done."""
        # Where that cannot be noted, what the step left is there, and the next run has nothing to write back.
        with suppress(CommetctlError):
            self._note({"complete": step}, forced=False)

    def finish(self, result: str, outcomes: Iterable[Outcome] = (), *, follows: bool = True) -> None:
        """Note how the run ended, and what became of its changes.

        If it `follows` on the interrupted runs, those are settled too.
        """
        at = datetime.now(UTC).isoformat(timespec="seconds")
        self._note({"finished": result, "at": at, "outcomes": results(outcomes)})
        for run in self.interrupted if follows else ():
            with suppress(OSError):
                journal_file.append(run.path, {"finished": f"followed by {self.run_id}"})

    def _note(self, line: Mapping[str, Any], *, forced: bool = True) -> None:
        """Write a line, and force it to the disk with all those before it; one that is not forced follows with them."""
        try:
            journal_file.write(self.descriptor, line)
            if forced:
                journal_file.force(self.descriptor)
        except OSError as error:
            raise _unusable(self.path, error) from None


@dataclass(frozen=True)
class Journals:
    """All journals in one folder."""

    folder: Path

    @contextmanager
    def opened(  # noqa: PLR0913 - all that a journal says of its run
        self,
        run_id: str,
        target: Mapping[str, Any],
        plan: str | None = None,
        *,
        config: str = "",
        changes: Iterable[str] = (),
        whole: Iterable[str] = (),
        now: datetime | None = None,
        alone: Mapping[str, Any] | None = None,
        about: Mapping[str, Any] | None = None,
    ) -> Iterator[Journal]:
        """A new journal, open during the run: of the saved plan with that id, for the catalog with that digest.

        `about` is kept for people, as `Told` reads it.

        One run at a time works on what `alone` names, which is the target by default. Raises Refused when another run
        does in this folder, and CommetctlError when no journal can be written.
        """
        at = now or datetime.now(UTC)
        path = self.folder / f"{at:%Y%m%dT%H%M%S%f}-{run_id[:8]}{_SUFFIX}"
        descriptor, claim = self._claimed(path, target, alone)
        with claim:
            runs = self.runs()
            mine = _of(runs, target)
            interrupted = tuple(run for run in mine if run.interrupted)
            # What the last run that ended left in doubt counts too.
            journal = Journal(path, run_id, _on_their_way([*mine[-1:], *interrupted], at), descriptor, interrupted)
            head = {"target": dict(target), "config": config, "about": dict(about or {})}
            journal.open(at, **head, plan=plan, changes=list(changes), whole=list(whole))
            journal_file.sync(self.folder)
            _prune(runs, at)
            yield journal

    def unfinished(self, target: Mapping[str, Any], config: Callable[[], str]) -> Unfinished:
        """What runs of the same catalog, with the same options, began on a target and did not finish.

        `config` is only called if there is such a run, as the digest of a large catalog takes time.
        """
        found = Unfinished()
        for run in reversed(_of(self.runs(), target)):
            if run.did_all:
                break
            if run.wrote and run.config == config():
                restores = {**run.restores, **found.restores}
                completed = found.completed | run.completed
                found = Unfinished(found.changes | run.changes, found.whole | run.whole, restores, completed)
        return found

    def interrupted(self, target: Mapping[str, Any]) -> list[EarlierRun]:
        """The runs on a target that were killed, or are still at work."""
        return [run for run in _of(self.runs(), target) if run.interrupted]

    def runs(self) -> list[EarlierRun]:
        """The runs that left a journal here, oldest first; one that cannot be read tells nothing."""
        return [run for run in self.read().values() if run]

    def read(self) -> dict[Path, EarlierRun | None]:
        """The run of each journal here, oldest first; None for a journal that cannot be read."""
        return {path: read(path) for path in sorted(self.folder.glob(f"*{_SUFFIX}"))}

    def _claimed(self, path: Path, target: Mapping[str, Any], alone: Mapping[str, Any] | None) -> tuple[int, ExitStack]:
        """A new file, and what keeps it open and other runs out."""
        only = digest(dict(target if alone is None else alone)).removeprefix("sha256:")[:16]
        with ExitStack() as stack:
            try:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                stack.enter_context(journal_file.occupied(self.folder / f"{only}.lock"))
                return stack.enter_context(journal_file.created(path)), stack.pop_all()
            except BlockingIOError:
                raise self._busy(target) from None
            except OSError as error:
                raise _unusable(path, error) from None

    def _busy(self, target: Mapping[str, Any]) -> Refused:
        at_work = self.interrupted(target)
        since = f" since {at_work[-1].started:%Y-%m-%d %H:%M:%S} UTC" if at_work else ""
        return Refused(
            f"another run on this account is in progress in this folder{since}", "wait until it ends", code="busy"
        )


def on_its_way(run: EarlierRun, now: datetime) -> bool:
    """Whether the next run sends what this one left in doubt under the same keys."""
    return now - run.started < _ON_ITS_WAY


def _on_their_way(runs: Iterable[EarlierRun], now: datetime) -> dict[tuple[str, str], str]:
    return {request: key for run in runs if on_its_way(run, now) for request, key in run.in_doubt.items()}


def _of(runs: Iterable[EarlierRun], target: Mapping[str, Any]) -> list[EarlierRun]:
    return [run for run in runs if run.target == dict(target)]


def _prune(runs: Iterable[EarlierRun], now: datetime) -> None:
    old = [run for run in runs if run.interrupted and now - run.started > _FORGOTTEN]
    done = [run for run in runs if not run.interrupted]
    for run in (*old, *done[: max(0, len(done) - _KEPT)]):
        run.path.unlink(missing_ok=True)


def _unusable(path: Path, error: OSError) -> CommetctlError:
    return CommetctlError(
        f"the journal {path} cannot be written: {error.strerror}",
        "nothing is applied without a journal: make the folder writable, or choose another with --journal",
        code="journal",
    )
