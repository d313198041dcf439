"""API calls as plain data, and the steps that they form: made by kinds, shown by renderers, sent by apply."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from commetctl.core.footprint import Footprint
from commetctl.core.resource import Address

Json = str | int | float | bool | None | Mapping[str, "Json"] | Sequence["Json"]


@dataclass(frozen=True)
class Ref:
    """The id of an object, known at the latest when the call is sent."""

    address: Address


Body = str | int | float | bool | None | Ref | Mapping[str, "Body"] | Sequence["Body"]


@dataclass(frozen=True)
class ApiCall:
    """One request: its method, its path in segments, its JSON body.

    `creates` is the object whose id the answer brings. `unread` are the body's fields that only this answer can
    confirm, because no read of the API ever gives them back. `leaves` is the call's footprint: every resource that it
    may touch, and how it leaves it. `about` are the objects that the path names, by their placeholders: an answer about
    another object confirms nothing.
    """

    method: str
    path: tuple[str | Ref, ...]
    body: Mapping[str, Body] | None = None
    creates: Address | None = None
    unread: Mapping[str, Body] | None = None
    leaves: tuple[Footprint, ...] = field(default=(), repr=False)
    about: Mapping[str, str | Ref] = field(default_factory=dict, repr=False)
    #: The object that a key in the path names, where no id does.
    keyed: Address | None = None

    @property
    def subject(self) -> Address | None:
        """The object that the call is about: the one that it creates, or the last one that its path names."""
        named = [item.address for item in self.about.values() if isinstance(item, Ref)]
        return self.creates or self.keyed or (named[-1] if named else None)


def fill(value: Body, identify: Callable[[Ref], str]) -> Json:
    """A body with every reference replaced by what `identify` makes of it."""
    if isinstance(value, Ref):
        return identify(value)
    if isinstance(value, Mapping):
        return {key: fill(item, identify) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [fill(item, identify) for item in value]
    return value


def refs(call: ApiCall) -> list[Ref]:
    """Every reference in the path and the body of a call."""
    found = [part for part in call.path if isinstance(part, Ref)]

    def note(ref: Ref) -> str:
        found.append(ref)
        return ""

    fill(call.body or {}, note)
    return found


def resolved(call: ApiCall, ids: Mapping[Address, str]) -> tuple[list[str], Json]:
    """The segments of the path and the body of a call, once every id is known."""

    def identify(ref: Ref) -> str:
        return ids[ref.address]

    path = [identify(part) if isinstance(part, Ref) else part for part in call.path]
    return path, None if call.body is None else fill(call.body, identify)


def fingerprint(call: ApiCall, ids: Mapping[Address, str]) -> str:
    """One string that is the same exactly when two requests are, once every id is known."""
    return digest([call.method, *resolved(call, ids)])


@dataclass(frozen=True)
class Step:
    """Calls that belong together, sent one after the other.

    `covers` are the changes that are done when the step is. `after` names steps that must be done before it, beyond
    what follows from references between resources. A `closing` step comes after everything else of what it covers:
    nothing waits for it because of a reference. `proves_scale` marks a step after which the account can prove what its
    prices mean, where nothing proved it before. `note` is for the reader, never for a decision.
    """

    name: str
    covers: tuple[Address, ...]
    calls: tuple[ApiCall, ...]
    after: frozenset[str] = frozenset()
    closing: bool = False
    proves_scale: bool = False
    note: str = ""


def digest(content: object) -> str:
    """`sha256:…` of anything that JSON can hold, whatever the order of its keys."""
    return "sha256:" + hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
