"""What the journals of earlier runs tell.

A journal is believed: the next run sends the keys in it again, and writes back what it says was cleared. So it has to
be a file that nobody else can read or write, which rules out one that came with a repository; and only words of the
form that commetctl writes are taken from it.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from commetctl.apply.journal_file import content
from commetctl.apply.told import Told
from commetctl.core.money import EXPONENTS, Derived, Money, UnitPrice
from commetctl.core.resource import Address, Resource, Value

#: The version of the format; a journal of another one tells nothing.
FORMAT = 1
#: How a run ends that did everything it was to do.
ALL_DONE = "exit 0"
_KEY = re.compile(r"commetctl-[0-9a-f]{40}\Z")
#: The forms of an amount, by the name that a journal gives them.
_FORMS: Mapping[str, type[Money]] = {"amount": Money, "unit_price": UnitPrice}
_PLAIN = re.compile(r"[0-9]{1,30}(\.[0-9]{1,10})?\Z", re.ASCII)


@dataclass(frozen=True)
class EarlierRun:
    """A run as its journal tells it. `in_doubt` maps the step and fingerprint of each request in doubt to its key."""

    path: Path
    run_id: str
    started: datetime
    target: Mapping[str, Any]
    #: The id of the saved plan that was applied, where it was one.
    plan: str | None
    #: The digest of the catalog, and the addresses of what was to change.
    config: str
    changes: frozenset[str]
    #: Those of the changes that were asked for, or needed by others, and made whole.
    whole: frozenset[str]
    in_doubt: Mapping[tuple[str, str], str]
    #: What steps of several calls were to leave, of the steps that were begun and not completed.
    restores: Mapping[Address, Resource]
    #: The steps of several calls that it completed.
    completed: frozenset[str]
    #: Whether anything was sent at all.
    wrote: bool
    #: How it ended; None where it was killed, or is still at work.
    ended: str | None
    #: What the journal says for people.
    told: Told = field(default_factory=Told)

    @property
    def interrupted(self) -> bool:
        """Whether the run was killed, or is still at work."""
        return self.ended is None

    @property
    def did_all(self) -> bool:
        """Whether the run did everything it was to do."""
        return self.ended == ALL_DONE


@dataclass(frozen=True)
class Unfinished:
    """What earlier runs began: the addresses of their changes, and what they cleared without writing it back.

    `whole` are those changes that were asked for, or needed by others, and made whole, and `completed` the steps of
    several calls that were.
    """

    changes: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    restores: Mapping[Address, Resource] = field(default_factory=dict)
    completed: frozenset[str] = frozenset()


def read(path: Path) -> EarlierRun | None:
    """A run, from as much of its journal as can be read; None where that is no journal."""
    try:
        lines = list(_lines(path))
        head = lines[0]
        if head["format"] != FORMAT:
            return None
        begun = {line["begin"]: (str(line["step"]), str(line["request"])) for line in lines if "begin" in line}
        for line in lines:
            begun.pop(line.get("end"), None)
        ended = [line["finished"] for line in lines if "finished" in line]
        return EarlierRun(
            path,
            str(head["run"]),
            datetime.fromisoformat(head["started"]).astimezone(UTC),
            dict(head["target"]),
            head["plan"],
            str(head["config"]),
            frozenset(str(Address.parse(text)) for text in head["changes"]),
            frozenset(str(Address.parse(text)) for text in head.get("whole", ())),
            {request: key for key, request in begun.items() if _KEY.match(key)},
            _restores(lines),
            frozenset(str(line["complete"]) for line in lines if "complete" in line),
            any("begin" in line for line in lines),
            ended[-1] if ended else None,
            Told.among(lines),
        )
    except (OSError, LookupError, TypeError, ValueError, AttributeError, RecursionError):
        return None


def _restores(lines: Sequence[Mapping[str, Any]]) -> dict[Address, Resource]:
    prepared = {line["prepare"]: restored(line["leaves"]) for line in lines if "prepare" in line}
    for line in lines:
        prepared.pop(line.get("complete"), None)
    return {address: resource for resources in prepared.values() for address, resource in resources.items()}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for text in content(path).splitlines():
        # A line that was cut off by a kill says nothing: its request is in doubt.
        with suppress(ValueError):
            line = json.loads(text)
            if isinstance(line, dict):
                yield line


def document(resources: Iterable[Resource]) -> dict[str, Any]:
    """What a step clears and writes back, as JSON by address, for the run that has to complete it.

    Only regional amounts are cleared by a step that writes them back, so a resource with other values is left out.
    """
    found: dict[str, Any] = {}
    for resource in resources:
        fields = {name: _written(value) for name, value in resource.fields.items()}
        if None not in fields.values():
            refs = [str(ref) for ref in resource.refs]
            found[str(resource.address)] = {"fields": fields, "refs": refs, "parent": str(resource.parent or "")}
    return found


def restored(leaves: Mapping[str, Any]) -> dict[Address, Resource]:
    """The resources of a `document`. Raises ValueError, KeyError, TypeError or AttributeError for anything else."""
    found: dict[Address, Resource] = {}
    for text, item in leaves.items():
        fields = {str(name): _value(value) for name, value in item["fields"].items()}
        refs = tuple(Address.parse(ref) for ref in item["refs"])
        parent = Address.parse(item["parent"]) if item["parent"] else None
        found[Address.parse(text)] = Resource(Address.parse(text), fields, refs, parent)
    return found


def _written(value: Value) -> dict[str, Any] | None:
    match value:
        case Derived(about):
            return {"derived": _written(about)}
        case UnitPrice():
            return {"unit_price": str(value.amount), "currency": value.currency}
        case Money():
            return {"amount": str(value.amount), "currency": value.currency}
        case None | bool():
            return {"value": value}
        case _:
            return None


def _value(written: Mapping[str, Any]) -> Value:
    if "derived" in written:
        about = _value(written["derived"])
        if not isinstance(about, Money):
            raise TypeError(written)
        return Derived(about)
    for name, form in _FORMS.items():
        if name in written:
            return _amount(form, written[name], written["currency"])
    value = written["value"]
    if value is not None and not isinstance(value, bool):
        raise TypeError(value)
    return value


def _amount(form: type[Money], number: Any, currency: Any) -> Money:
    if not isinstance(number, str) or currency not in EXPONENTS:
        raise TypeError(number)
    if not _PLAIN.match(number):
        raise ValueError(number)
    return form(Decimal(number), currency)
