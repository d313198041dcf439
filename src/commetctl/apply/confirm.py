"""Whether an answer confirms its request: it is about the same object, and has every field as it was sent."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from commetctl.apply.ids import Ids
from commetctl.core.call import ApiCall, Json, Ref, Request, refs
from commetctl.core.contract import Contract
from commetctl.core.errors import CommetctlError
from commetctl.core.resource import UNKNOWN, Address
from commetctl.core.text import listed, value_text
from commetctl.core.times import moment
from commetctl.core.values import same, text
from commetctl.kinds import kind_of
from commetctl.kinds.kind import Kind
from commetctl.kinds.wire import understood


def confirm(call: ApiCall, request: Request, answer: Any, ids: Ids, about: Address, contract: Contract) -> None:
    """Compare an answer with what was sent; raises a CommetctlError that names every field that differs.

    A field that the answer does not mention is left to the reading back at the end of the run, unless no read ever
    returns it. Where such a field was not sent and differs, the error has the lines for the file; `about` is the
    object.
    """
    got = answer if isinstance(answer, Mapping) else {}
    _check_about(call, got, ids)
    sent = request.body if isinstance(request.body, Mapping) else {}
    differing = [] if request.method == "DELETE" else list(_differing(sent, got, ""))
    revealed = [name for name, value in request.unread.items() if name in got and not _same(value, got[name])]
    for name, value in request.unread.items():
        if name not in got:
            differing.append(f"the answer does not contain `{name}`, so it is not known whether it is {text(value)}")
        elif name in revealed and name in sent:
            differing.append(f"`{name}` should be {text(value)} and is {text(got[name])}")
    if revealed and not differing and (kind := kind_of(about)):
        raise _revealed(kind, about, revealed, got, request, contract)
    if differing:
        raise CommetctlError(
            "Commet accepted the request but did not do all of it: " + "; ".join(dict.fromkeys(differing)),
            "compare the object in the dashboard, and report this to Commet support",
            code="ignored_field",
        )


def _revealed(
    kind: Kind, about: Address, wires: Sequence[str], got: Mapping[str, Any], request: Request, contract: Contract
) -> CommetctlError:
    """The error for fields that no read gives back, and that the answer to a write shows to be others than declared."""
    table = [column for column in kind.table if column.name in kind.returned]
    values, declared = (understood(table, row, contract)[0] for row in (got, request.unread))
    names = [column.name for column in table if column.wire in wires]
    differing = [
        f"`{name}` is {value_text(values[name])} in Commet and {value_text(declared[name])} in the catalog"
        for name in names
    ]
    lines = [
        f"`{column.name}: {value_text(values[column.name])}`"
        for column in table
        if column.name in names or values[column.name] not in (None, UNKNOWN, kind.usual.get(column.name))
    ]
    ways_out = (kind.way_out(column.name, about) for column in table if column.name in kind.fixed)
    otherwise = next(ways_out, "apply it again")
    return CommetctlError(
        f"{listed(differing)}, which only the answer to a write shows",
        f"if Commet is right, write {listed(lines)}; otherwise {otherwise}",
        code="revealed",
    )


def _check_about(call: ApiCall, got: Mapping[str, Any], ids: Ids) -> None:
    """Raise CommetctlError for an answer about another object than the one that the call is about."""
    named = {f"{name}Id": ids[item.address] for name, item in call.about.items() if isinstance(item, Ref)}
    wrong = [got[name] for name, id_ in named.items() if got.get(name, id_) != id_]
    wrong += [got["id"]] if got.get("id") is not None and not _may_have_id(call, got["id"], ids) else []
    wrong += [got[name] for name, mark in call.marks.items() if got.get(name) not in (None, mark)]
    if wrong:
        raise CommetctlError(
            f"the API answered with another object ({text(wrong[0])}), so the change is not confirmed",
            "run `commetctl plan` to see what is there",
            code="another_object",
        )


def _may_have_id(call: ApiCall, found: Any, ids: Ids) -> bool:
    """Whether the answer to a call may have this id: that of its subject, or one that no other object has."""
    if call.creates:
        return True
    if call.subject is not None and call.subject in ids:
        return same(found, ids[call.subject])
    others = ids.owners(found) if isinstance(found, str) else frozenset()
    return others <= {ref.address for ref in refs(call)}


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
            yield f"`{path}` should be {text(sent)} and is {text(got)}"
    elif not _same(sent, got):
        yield f"`{path}` should be {text(sent)} and is {text(got)}"


def _same(sent: Json, got: Any) -> bool:
    # Text that is emptied may be answered as null, and the other way round: the API does not say which.
    return same(sent, got) or (sent in ("", None) and got in ("", None)) or _same_moment(sent, got)


def _same_moment(sent: Json, got: Any) -> bool:
    """Whether both are times and mean one moment: each side writes as many digits of a second as it likes."""
    found = moment(sent)
    return found is not None and found == moment(got)
