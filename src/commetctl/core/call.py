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

    `creates` is the object whose id the answer brings. `unread` are the fields that only this answer can confirm,
    because no read of the API ever returns them. `leaves` is the call's footprint: every resource that it may touch,
    and how it leaves it.

    An answer about another object confirms nothing. `about` are the objects that the path names, by their placeholders;
    `subject` is the object whose id the answer has, where that is known; `marks` are the fields that tell the object
    apart in the answer, beside its id.
    """

    method: str
    path: tuple[str | Ref, ...]
    body: Mapping[str, Body] | None = None
    creates: Address | None = None
    unread: Mapping[str, Body] | None = None
    leaves: tuple[Footprint, ...] = field(default=(), repr=False)
    about: Mapping[str, str | Ref] = field(default_factory=dict, repr=False)
    subject: Address | None = None
    marks: Mapping[str, str] = field(default_factory=dict, repr=False)


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


@dataclass(frozen=True)
class Request:
    """What goes out for a call: the segments of the path and the body, with every id in its place.

    `unread` are the fields that only the answer can confirm.
    """

    method: str
    path: tuple[str, ...]
    body: Json = None
    unread: Mapping[str, Json] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """One string that is the same exactly when two requests are."""
        return digest([self.method, self.path, self.body])


def resolved(call: ApiCall, ids: Mapping[Address, str] | None = None) -> Request:
    """The request of a call; raises KeyError where an id that it needs is not among `ids`."""
    known = ids or {}

    def identify(ref: Ref) -> str:
        return known[ref.address]

    path = tuple(identify(part) if isinstance(part, Ref) else part for part in call.path)
    body = None if call.body is None else fill(call.body, identify)
    return Request(
        call.method, path, body, {name: fill(value, identify) for name, value in (call.unread or {}).items()}
    )


@dataclass(frozen=True)
class Step:
    """Calls that belong together, sent one after the other.

    `covers` are the changes that are done when the step is. `after` names steps that must be done before it, beyond
    what follows from references between resources. `replaced_by` names steps that replace what
    this one removes: they must be done before it too, unless they need it done first. A `closing` step comes after
    everything else of what it covers: nothing waits for it because of a reference. `proves_scale` marks a step after
    which the account can prove what its prices mean, where nothing proved it before. `whole` are objects that must be
    done before it with all that belongs to them, closing steps included. `note` is for the reader, never for a
    decision.
    """

    name: str
    covers: tuple[Address, ...]
    calls: tuple[ApiCall, ...]
    after: frozenset[str] = frozenset()
    replaced_by: frozenset[str] = frozenset()
    closing: bool = False
    proves_scale: bool = False
    whole: frozenset[Address] = frozenset()
    note: str = ""


def digest(content: object) -> str:
    """`sha256:…` of anything that JSON can hold, whatever the order of its keys."""
    return "sha256:" + hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
