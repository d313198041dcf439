"""Faults as data: what they do, when they strike, and their text form `KIND[:ARGUMENT][@WHEN]`."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple, Self

from commetctl.emulator.errors import EmulatorError

# No sensible delay or limit is larger.
_MAX_ARGUMENT = 1_000_000
_COUNTED = re.compile(r"(w?)([1-9]\d{0,8})(-?)([1-9]\d{0,8})?", re.ASCII)
_SHARE = re.compile(r"(w?)(\d{1,3}(?:\.\d{1,9})?)%", re.ASCII)


class Stage(Enum):
    """Where a fault strikes: as a delay beside other faults, instead of the application, or after it has committed."""

    DELAY = auto()
    BEFORE = auto()
    AFTER = auto()


class FaultKind(NamedTuple):
    """A kind of fault; `argument` names its number, which is at least `least`, and is empty without a number."""

    stage: Stage
    argument: str = ""
    least: int = 0
    optional: bool = False


KINDS: Mapping[str, FaultKind] = {
    # Before the application, and inside it, while the idempotency key of the request is in flight.
    "latency": FaultKind(Stage.DELAY, "MS"),
    "slow": FaultKind(Stage.DELAY, "MS"),
    # Refusals of the API.
    "rate": FaultKind(Stage.BEFORE, "N", least=1),
    "429": FaultKind(Stage.BEFORE, "SECONDS", optional=True),
    "500": FaultKind(Stage.BEFORE),
    "503": FaultKind(Stage.BEFORE),
    # Pages of a gateway in front of the API. With 504, the gateway stopped waiting for a request that was served.
    "408": FaultKind(Stage.BEFORE),
    "502": FaultKind(Stage.BEFORE),
    "504": FaultKind(Stage.AFTER),
    "not-json": FaultKind(Stage.AFTER),
    "reset-before": FaultKind(Stage.BEFORE),
    "reset-after": FaultKind(Stage.AFTER),
}


@dataclass(frozen=True)
class When:
    """The requests that a fault strikes, by their numbers from 1 on; `writes` leaves GET out of both."""

    writes: bool = False
    first: int = 1
    last: int | None = None
    percent: float = 100

    @classmethod
    def parse(cls, text: str) -> Self:
        """`3`, `2-5`, `4-`, `10%`, each also with a leading `w`, or `writes`; ValueError for any other text."""
        if text == "writes":
            return cls(writes=True)
        if share := _SHARE.fullmatch(text):
            percent = float(share[2])
            if percent > 100:
                raise ValueError(f"{text} is more than 100%")
            return cls(bool(share[1]), percent=percent)
        counted = _COUNTED.fullmatch(text)
        if counted is None or (counted[4] and not counted[3]):
            raise ValueError(f"{text!r} is not a valid WHEN")
        first = int(counted[2])
        last = int(counted[4]) if counted[4] else None if counted[3] else first
        if last is not None and last < first:
            raise ValueError(f"{text} ends before it begins")
        return cls(bool(counted[1]), first, last)

    def strikes(self, number: int, draw: str) -> bool:
        """Whether it strikes the request with this number; a share is drawn from the text `draw`."""
        if number < self.first or (self.last is not None and number > self.last):
            return False
        return self.percent == 100 or _drawn(draw) < self.percent


@dataclass(frozen=True)
class Fault:
    """One fault: its kind, its number if it has one, and when it strikes; `text` is its spec."""

    kind: str
    argument: int | None
    when: When
    text: str

    def __str__(self) -> str:
        return self.text

    @property
    def stage(self) -> Stage:
        return KINDS[self.kind].stage

    @property
    def seconds(self) -> float:
        """A delay's milliseconds in seconds."""
        return (self.argument or 0) / 1000

    @classmethod
    def parse(cls, text: str) -> Self:
        """A fault from its spec; EmulatorError, which lists the kinds, when the spec is invalid."""
        head, at, moment = text.partition("@")
        kind, colon, argument = head.partition(":")
        try:
            number = _argument(kind, argument if colon else None)
            when = When.parse(moment) if at else When()
        except ValueError as error:
            raise EmulatorError(f"fault {text!r}: {error}; {_usage()}") from error
        return cls(kind, number, when, text)


def _argument(name: str, text: str | None) -> int | None:
    kind = KINDS.get(name)
    if kind is None:
        raise ValueError(f"there is no kind {name!r}")
    if not kind.argument and text is not None:
        raise ValueError(f"{name} takes no argument")
    if text is None:
        if kind.argument and not kind.optional:
            raise ValueError(f"{name} needs an argument, {name}:{kind.argument}")
        return None
    # The length is checked first, since int() has its own message for thousands of digits.
    if not (text.isascii() and text.isdecimal() and len(text) <= 7 and kind.least <= int(text) <= _MAX_ARGUMENT):
        raise ValueError(f"{kind.argument} is a whole number from {kind.least} to {_MAX_ARGUMENT}")
    return int(text)


def _usage() -> str:
    forms = []
    for name, kind in KINDS.items():
        if not kind.argument or kind.optional:
            forms.append(name)
        if kind.argument:
            forms.append(f"{name}:{kind.argument}")
    return f"kinds are {', '.join(forms)}; after an @, WHEN is one of 3, 2-5, 4-, 10%, w3, w2-5, w4-, w10%, writes"


def _drawn(text: str) -> float:
    """A number from 0 up to 100, without 100, that looks random and is always the same for the same text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") * 100 / 2**48
