"""What the lists of an account tell: what the key may read, the mode, the clock, the ledger. One GET for each list."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from commetctl.api.client import Client
from commetctl.core.contract import SUBSCRIPTIONS, Listing, Row, Rows
from commetctl.core.errors import ApiError, CommetctlError, NotPermitted
from commetctl.core.policy import Mode
from commetctl.core.text import counted
from commetctl.kinds import SECTIONS
from commetctl.kinds.section import Section
from commetctl.review.guards.objects import wrong_mode
from commetctl.usecases.doctor.check import Check, failed, ok, skipped, warning

#: How much the clock of this machine may differ from Commet's, in seconds.
_MOST_SKEW = 60
_VERSIONS = ("endpoint_not_available", "endpoint_deprecated")


@dataclass
class Lists:
    """The checks that need the lists of an account. `declared` is the mode in the file."""

    client: Client
    sections: Sequence[Section]
    declared: str | None
    key: str = field(repr=False)
    local: bool = False
    _rows: dict[str, Rows] = field(default_factory=dict)
    _denied: dict[str, CommetctlError] = field(default_factory=dict)

    def checks(self) -> Iterator[Check]:
        """All checks of the account."""
        stopped = self._read()
        yield from self._reached(stopped)
        if stopped:
            yield skipped("account", "was not checked, because of the failure above")
            return
        yield from (self._permission(section) for section in SECTIONS if section.name in self._asked)
        yield self._subscriptions()
        yield self._mode()
        yield from self._older()
        yield self._clock()
        yield from self._ledger()

    @property
    def _asked(self) -> set[str]:
        """The names of the sections whose lists were asked for."""
        return {*self._rows, *self._denied}

    def _read(self) -> CommetctlError | None:
        """Read each list that a plan reads once; the error after which reading on is pointless, if there is one.

        Where the file declares no section or cannot be read, that is all of them.
        """
        names = {section.name for section in self.sections or SECTIONS}
        # What a section refers to stands above it.
        for section in reversed(SECTIONS):
            if section.name not in names or not section.listings(self.client.contract):
                continue
            try:
                rows = self._rows[section.name] = self.client.list(section.listings(self.client.contract)[0])
                names |= set(section.refers([rows]))
            except CommetctlError as error:
                if not _is_forbidden(error):
                    return error
                self._denied[section.name] = error
        return None

    def _reached(self, stopped: CommetctlError | None) -> Iterator[Check]:
        version = self.client.contract.version
        if stopped is None or isinstance(stopped, NotPermitted) or getattr(stopped, "code", "") in _VERSIONS:
            yield ok("commet", "answers")
        if stopped is None:
            yield ok("access", "the key is accepted")
            yield ok("api version", f"{version} is available")
        elif isinstance(stopped, NotPermitted):
            yield failed("access", stopped)
        else:
            yield failed("api version" if stopped.code in _VERSIONS else "commet", stopped)

    def _permission(self, section: Section) -> Check:
        name = f"read {section.name}".replace("_", " ")
        if section.name in self._denied:
            return failed(name, self._denied[section.name])
        return ok(name, f"allowed; there {_are(len(self._rows[section.name]))}")

    def _subscriptions(self) -> Check:
        name = "read subscriptions"
        try:
            # The first page is enough to know whether the list may be read.
            next(self.client.digest(Listing(SUBSCRIPTIONS, {"limit": "1"}), _some), None)
        except CommetctlError as error:
            if not _is_forbidden(error):
                return warning(name, error.message, error.hint)
            hint = (
                "plans cannot count the subscriptions that a change touches, and every deletion has to be "
                "allowed by address"
            )
            return warning(name, "the key does not have this permission", hint)
        return ok(name, "allowed")

    def _mode(self) -> Check:
        rows = [row for part in self._rows.values() for row in part if isinstance(row.get("livemode"), bool)]
        mode = Mode(rows[-1]["livemode"] if rows else None, self.key, None if self.local else self.declared)
        by_key = Mode(None, self.key).proven
        if self.local:
            return ok("mode", "the embedded Commet, where any catalog can be tried")
        if refused := wrong_mode(mode):
            if self.declared and mode.proven is not None:
                return failed("mode", refused)
            return warning("mode", refused.message, refused.hint)
        if mode.proven is None:
            return warning(
                "mode", "it is not known whether the account is live: it is empty, and the key does not show its mode"
            )
        if by_key is not None and by_key is not mode.proven:
            return warning(
                "mode", f"the key's prefix disagrees; the API's answers say {mode.word}, which is what counts"
            )
        return ok("mode", f"{mode.word}; the catalog declares {self.declared or 'nothing'}")

    def _older(self) -> Iterator[Check]:
        """Whether the newer version of the API can be read, for fields that the older one leaves out."""
        for section in SECTIONS:
            for listing in section.listings(self.client.contract)[1:]:
                if not self._rows.get(section.name):
                    continue
                try:
                    self.client.list(listing)
                    yield ok(
                        "newer version",
                        f"{listing.version} can also be read, for the fields that the older version leaves out",
                    )
                except CommetctlError as error:
                    hint = f"existing prices cannot be changed without it: use `--api-version {listing.version}`"
                    yield warning("newer version", error.message, hint)

    def _clock(self) -> Check:
        skew = self.client.clock_skew
        if skew is None:
            return skipped("clock", "the answers contain no time")
        if abs(skew) <= _MOST_SKEW:
            return ok("clock", "matches Commet's clock, within a minute")
        side = "behind" if skew > 0 else "ahead of"
        hint = "set the clock: the renewal dates in a plan depend on it"
        return warning("clock", f"{round(abs(skew))} s {side} Commet's clock", hint)

    def _ledger(self) -> Iterator[Check]:
        for section in SECTIONS:
            rows = self._rows.get(section.name)
            found = None if rows is None else section.ledgers(rows)
            if rows is None or found is None:
                continue
            if found.damaged:
                hint = "fields that Commet does not return are `unknown` there until an apply writes them again"
                yield warning("ledger", "cannot be read on " + ", ".join(map(str, found.damaged)), hint)
            else:
                yield ok("ledger", f"{found.held} of {counted(len(rows), section.top.name)} have a record")


def _is_forbidden(error: CommetctlError) -> bool:
    return isinstance(error, ApiError) and (error.code == "forbidden" or error.status == 403)


def _are(count: int) -> str:
    return "is 1" if count == 1 else f"are {count}"


def _some(rows: Iterable[Row]) -> bool:
    return any(True for _ in rows)
