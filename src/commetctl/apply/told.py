"""What a journal says for people: the account, the changes that were to be made, and what became of each.

Only words of the form that commetctl writes are taken from it. Journals of earlier versions say less.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from commetctl.core.change import Applied, Change, Failed, Outcome, deed
from commetctl.core.environment import NAME
from commetctl.core.resource import Address

#: What is done with an object.
ACTIONS = ("create", "update", "delete", "replace")
#: What became of a change.
RESULTS = ("applied", "failed", "skipped")
_MODES = ("live", "sandbox", "unknown mode")


@dataclass(frozen=True)
class Told:
    """A run for people. What its journal does not say is empty, or None.

    `actions` are the changes that were to be made, by address; `results` what became of them, once the run has ended.
    """

    environment: str = ""
    mode: str = ""
    api_version: str = ""
    catalog: str = ""
    actions: Mapping[str, str] = field(default_factory=dict)
    finished: datetime | None = None
    results: Mapping[str, str] | None = None
    #: The codes of the errors of what failed, by address.
    codes: Mapping[str, str] = field(default_factory=dict)
    #: The moment of the catalog that was applied, where that has dated changes.
    as_of: datetime | None = None

    @classmethod
    def among(cls, lines: Sequence[Mapping[str, Any]]) -> Self:
        """What the lines of a journal say, the first of which is its head."""
        about = _mapping(lines[0].get("about"))
        ended: Mapping[str, Any] = next((line for line in reversed(lines) if "at" in line and "finished" in line), {})
        outcomes = [
            item
            for item in _items(ended.get("outcomes"))
            if _word(item.get("outcome"), RESULTS) and _is_address(item.get("address"))
        ]
        environment = str(about.get("environment", ""))
        return cls(
            environment if NAME.fullmatch(environment) else "",
            _word(about.get("mode"), _MODES),
            str(about.get("api_version", ""))[:40],
            str(about.get("catalog", "")),
            {
                address: word
                for address, word in _mapping(about.get("actions")).items()
                if _word(word, ACTIONS) and _is_address(address)
            },
            _moment(ended.get("at")),
            {item["address"]: item["outcome"] for item in outcomes} if ended else None,
            {item["address"]: str(item["code"])[:60] for item in outcomes if "code" in item},
            _moment(about.get("as_of")),
        )

    @property
    def applied(self) -> Counter[str]:
        """How many changes of each action were applied."""
        results = self.results or {}
        return Counter(word for address, word in self.actions.items() if results.get(address) == "applied")


def actions(changes: Iterable[Change]) -> dict[str, str]:
    """What is to be done, by address, for the head of a journal."""
    return {str(change.address): deed(change) for change in changes}


def results(outcomes: Iterable[Outcome]) -> list[dict[str, str]]:
    """What became of each change, for the last line of a journal: no text of an answer is kept."""
    return [_result(outcome) for outcome in outcomes]


def _result(outcome: Outcome) -> dict[str, str]:
    address = str(outcome.change.address)
    if isinstance(outcome, Failed):
        return {"address": address, "outcome": "failed", "code": outcome.error.code}
    return {"address": address, "outcome": "applied" if isinstance(outcome, Applied) else "skipped"}


def _word(value: Any, known: Sequence[str]) -> str:
    return value if isinstance(value, str) and value in known else ""


def _is_address(value: Any) -> bool:
    with suppress(ValueError):
        return isinstance(value, str) and bool(Address.parse(value))
    return False


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _items(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _moment(value: Any) -> datetime | None:
    with suppress(TypeError, ValueError):
        return datetime.fromisoformat(value).astimezone(UTC)
    return None
