"""Proof that writes took: each answer held to what was sent, and everything to what is read back at the end."""

from collections.abc import Iterator, Mapping
from typing import Any

from commetctl.core.call import ApiCall, Body, Json, Ref, fill
from commetctl.core.errors import CommetctlError
from commetctl.core.resource import Address
from commetctl.core.values import same, text
from commetctl.kinds.plans import addresses


def confirm(call: ApiCall, answer: Any, ids: Mapping[Address, str]) -> None:
    """Compare an answer with what was sent; raises a CommetctlError that names every field that differs.

    A field that the answer does not mention is left to the reading back at the end of the run, unless no read ever
    gives it back.
    """

    def identify(ref: Ref) -> str:
        return ids[ref.address]

    got = answer if isinstance(answer, Mapping) else {}
    _check_about(call, got, ids)
    differing = [] if call.method == "DELETE" else list(_differing(fill(call.body or {}, identify), got, ""))
    for name, value in (call.unread or {}).items():
        if name not in got:
            differing.append(f"`{name}` is not in the answer, so it cannot be known to be {_said(value)}")
        elif not _same(fill(value, identify), got[name]):
            differing.append(f"`{name}` was to be {_said(value)} and is {text(got[name])}")
    if differing:
        raise CommetctlError(
            "Commet accepted the request and did not do all of it: " + "; ".join(dict.fromkeys(differing)),
            "compare the object in the dashboard, and report this to Commet support",
            code="ignored_field",
        )


def _check_about(call: ApiCall, got: Mapping[str, Any], ids: Mapping[Address, str]) -> None:
    """Raise CommetctlError for an answer about another object than the one that the call is about."""
    named = {name: ids[item.address] for name, item in call.about.items() if isinstance(item, Ref)}
    wrong = [got[f"{name}Id"] for name, id_ in named.items() if got.get(f"{name}Id", id_) != id_]
    wrong += [got["id"]] if got.get("id") is not None and not _is_its_id(call, got["id"], ids) else []
    wrong += [got[name] for name, key in _marks(call).items() if got.get(name) not in (None, key)]
    if wrong:
        raise CommetctlError(
            f"the API answered about another object ({text(wrong[0])}), so nothing confirms the change",
            "run `commetctl plan` to see what is there",
            code="another_object",
        )


def _is_its_id(call: ApiCall, found: Any, ids: Mapping[Address, str]) -> bool:
    """Whether the id in an answer may be that of the object that the call is about."""
    subject = call.subject
    if call.creates or subject is None:
        return True
    # What is attached to a plan, and a list of amounts, may have an id of its own, but not that of something else.
    if "feature" in call.about or call.path[-1] == "regional":
        mine = {item.address for item in call.about.values() if isinstance(item, Ref)}
        return not any(same(known, found) for address, known in ids.items() if address not in mine)
    return subject not in ids or same(found, ids[subject])


def _marks(call: ApiCall) -> Mapping[str, str]:
    """What tells the object of a call apart in an answer, beside its id."""
    subject = call.subject
    return addresses.marks(subject) if subject else {}


def _differing(sent: Json, got: Any, path: str) -> Iterator[str]:
    if isinstance(sent, Mapping) and isinstance(got, Mapping):
        for name, value in sent.items():
            if name in got:
                yield from _differing(value, got[name], f"{path}.{name}" if path else name)
    elif isinstance(sent, list) and isinstance(got, list):
        for item in sent:
            if not any(not list(_differing(item, other, path)) for other in got):
                yield f"`{path}` lacks {text(item)}"
    elif isinstance(sent, list | Mapping):
        if sent and got is not None:
            yield f"`{path}` was to be {text(sent)} and is {text(got)}"
    elif not _same(sent, got):
        yield f"`{path}` was to be {text(sent)} and is {text(got)}"


def _same(sent: Json, got: Any) -> bool:
    # Text that is emptied may be answered as null, and the other way round: the API does not say which.
    return same(sent, got) or (sent in ("", None) and got in ("", None))


def _said(value: Body) -> str:
    return text(fill(value, lambda ref: str(ref.address)))
