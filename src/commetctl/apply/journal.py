"""The journal: one file for each run, in which every request is noted, and forced to the disk, before it is sent.

It says what a run that was killed had under way, so that the next one sends the same request under the same
`Idempotency-Key`: whichever of the two arrives first is carried out, and the other gets its answer. It holds addresses,
digests and those keys, and the amounts that a step clears and writes back; never the API key.
"""

import errno
import hashlib
import json
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from commetctl.apply.earlier_runs import FORMAT, Past, is_private, read
from commetctl.apply.restoring import document
from commetctl.core.call import ApiCall, digest
from commetctl.core.errors import CommetctlError, Refused
from commetctl.core.resource import Address, Resource

_SUFFIX = ".jsonl"
#: How many journals of runs that ended are kept.
_KEPT = 20
#: How long a request of a run that died may still be on its way. Later, its key would rather answer with the past.
_ON_ITS_WAY = timedelta(hours=1)
#: How long the journal of a run that died is kept.
_FORGOTTEN = timedelta(days=7)


@dataclass
class Keys:
    """The idempotency keys of one run, noted nowhere: one for each request of each step.

    A key made from content would, within a day, answer a change that was reverted and is made again with yesterday's
    answer.
    """

    run_id: str

    def begin(self, step: str, number: int, call: ApiCall, request: str) -> str:
        """The key of a request."""
        return f"commetctl-{hashlib.sha256(f'{self.run_id}:{step}:{number}'.encode()).hexdigest()[:40]}"

    def end(self, key: str, result: str) -> None:
        """Nothing: nobody reads it."""

    def prepare(self, step: str, resources: Iterable[Resource]) -> None:
        """Nothing: nobody reads it."""

    def complete(self, step: str) -> None:
        """Nothing: nobody reads it."""


@dataclass
class Journal:
    """The journal of one run, open for writing; safe to use from several threads."""

    path: Path
    keys: Keys
    inherited: Mapping[str, str]
    descriptor: int
    died: tuple[Past, ...] = ()
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self, started: datetime, **about: Any) -> None:
        """Note what the run is about."""
        self._note({"format": FORMAT, "run": self.keys.run_id, "started": started.isoformat(), **about})

    def begin(self, step: str, number: int, call: ApiCall, request: str) -> str:
        """Note a request before it is sent; its key, which is that of an earlier run where that left it in doubt."""
        key = self.inherited.get(request) or self.keys.begin(step, number, call, request)
        self._note({"begin": key, "step": step, "method": call.method, "request": request})
        return key

    def end(self, key: str, result: str) -> None:
        """Note that the fate of a request is known."""
        # Where that cannot be noted, it is in doubt for the next run, which does no harm.
        with suppress(CommetctlError):
            self._note({"end": key, "result": result})

    def prepare(self, step: str, resources: Iterable[Resource]) -> None:
        """Note what a step of several calls leaves in the end, before its first call."""
        self._note({"prepare": step, "leaves": document(resources)})

    def complete(self, step: str) -> None:
        """Note that all calls of a step are done."""
        # Where that cannot be noted, what the step left is there, and the next run has nothing to put right.
        with suppress(CommetctlError):
            self._note({"complete": step})

    def finish(self, result: str, *, follows: bool = True) -> None:
        """Note that the run came to its end, and let go of those that did not, if it `follows` on them."""
        self._note({"finished": result})
        for past in self.died if follows else ():
            with suppress(OSError):
                _append(past.path, {"finished": f"followed by {self.keys.run_id}"})

    def _note(self, line: Mapping[str, Any]) -> None:
        with self._lock:
            try:
                os.write(self.descriptor, _line(line))
                os.fsync(self.descriptor)
            except OSError as error:
                raise _unusable(self.path, error) from None


@dataclass(frozen=True)
class Unfinished:
    """What earlier runs began: the addresses of their changes, and what they cleared without writing it back.

    `whole` are those changes that were asked for, or needed by others, and made whole.
    """

    changes: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    restores: Mapping[Address, Resource] = field(default_factory=dict)


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
    ) -> Iterator[Journal]:
        """A new journal, for as long as the run takes: of a saved plan, if it is one, for a catalog with that digest.

        One run at a time is at work on what `alone` names: the target, unless another name is given. Raises Refused
        when another one is at work here, and CommetctlError when no journal can be written.
        """
        at = now or datetime.now(UTC)
        path = self.folder / f"{at:%Y%m%dT%H%M%S%f}-{run_id[:8]}{_SUFFIX}"
        with ExitStack() as stack:
            try:
                self._make_folder()
                only = digest(dict(target if alone is None else alone)).removeprefix("sha256:")[:16]
                stack.enter_context(_occupied(self.folder / f"{only}.lock"))
                descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
                stack.callback(os.close, descriptor)
                if not is_private(descriptor):
                    # The next run would not believe it.
                    raise PermissionError(errno.EPERM, "what is written there cannot be kept from others")
            except BlockingIOError:
                raise self._busy(target) from None
            except OSError as error:
                raise _unusable(path, error) from None
            everything = self.pasts()
            pasts = _of(everything, target)
            died = tuple(past for past in pasts if past.died)
            # What the last one that came to its end left in doubt counts too.
            inherited = _on_their_way([*pasts[-1:], *died], at)
            journal = Journal(path, Keys(run_id), inherited, descriptor, died)
            journal.open(at, target=dict(target), plan=plan, config=config, changes=list(changes), whole=list(whole))
            self._sync_folder()
            _prune(everything, at)
            yield journal

    def unfinished(self, target: Mapping[str, Any], config: str) -> Unfinished:
        """What runs of the same catalog, asked for in the same way, began on a target and did not bring to the end."""
        found = Unfinished()
        for past in reversed(_of(self.pasts(), target)):
            if past.did_all:
                break
            if past.wrote and past.config == config:
                found = Unfinished(
                    found.changes | past.changes, found.whole | past.whole, {**past.restores, **found.restores}
                )
        return found

    def died(self, target: Mapping[str, Any]) -> list[Past]:
        """The runs on a target that never came to their end, or are still at work."""
        return [past for past in _of(self.pasts(), target) if past.died]

    def pasts(self) -> list[Past]:
        """The runs that left a journal here, oldest first; one that cannot be read tells nothing."""
        found = (read(path) for path in sorted(self.folder.glob(f"*{_SUFFIX}")))
        return [past for past in found if past]

    def _make_folder(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _sync_folder(self) -> None:
        # Or the file itself could be gone after a power cut, with all that is in it.
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _busy(self, target: Mapping[str, Any]) -> Refused:
        at_work = self.died(target)
        since = f" since {at_work[-1].started:%Y-%m-%d %H:%M:%S} UTC" if at_work else ""
        return Refused(f"another run on this account is at work in this folder{since}", "wait for its end", code="busy")


def _of(pasts: Iterable[Past], target: Mapping[str, Any]) -> list[Past]:
    return [past for past in pasts if past.target == dict(target)]


def _prune(pasts: Iterable[Past], now: datetime) -> None:
    old = [past for past in pasts if past.died and now - past.started > _FORGOTTEN]
    done = [past for past in pasts if not past.died]
    for past in (*old, *done[: max(0, len(done) - _KEPT)]):
        past.path.unlink(missing_ok=True)


def on_its_way(past: Past, now: datetime) -> bool:
    """Whether what a run left in doubt is taken up under its keys by the next one."""
    return now - past.started < _ON_ITS_WAY


def _on_their_way(pasts: list[Past], now: datetime) -> dict[str, str]:
    return {request: key for past in pasts if on_its_way(past, now) for request, key in past.in_doubt.items()}


def _line(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode() + b"\n"


def _append(path: Path, content: Mapping[str, Any]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
    try:
        # A line that the other one died over is closed first.
        os.write(descriptor, b"\n" + _line(content))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _occupied(path: Path) -> Iterator[None]:
    """Keep others out for the block; the system lets them in again when the process is gone, however it ended.

    Raises BlockingIOError when another process is in. The file itself stays: taking it away would let two in.
    """
    import fcntl

    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _unusable(path: Path, error: OSError) -> CommetctlError:
    return CommetctlError(
        f"the journal {path} cannot be written: {error.strerror}",
        "nothing is written without it: make the folder writable, or name another with --journal",
        code="journal",
    )
