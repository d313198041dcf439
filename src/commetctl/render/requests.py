"""The requests of a changeset, with a placeholder for every id that does not exist yet."""

import json
from collections.abc import Iterator, Mapping

from commetctl.core.call import ApiCall, Json, Ref, fill
from commetctl.core.changeset import Changeset
from commetctl.core.resource import Address
from commetctl.core.text import printable


def request_document(call: ApiCall, ids: Mapping[Address, str]) -> dict[str, Json]:
    """One request as data: method, path, and the body where there is one."""

    def identify(ref: Ref) -> str:
        return ids.get(ref.address, f"{{{ref.address}}}")

    path = "/" + "/".join(identify(part) if isinstance(part, Ref) else part for part in call.path)
    document: dict[str, Json] = {"method": call.method, "path": path}
    return document if call.body is None else document | {"body": fill(call.body, identify)}


def requests_of(changeset: Changeset, address: Address, ids: Mapping[Address, str]) -> Iterator[str]:
    """The requests of a change, one a line; a request that serves several changes appears with each."""
    for step in changeset.steps_for(address):
        for call in step.calls:
            document = request_document(call, ids)
            body = f" {json.dumps(document['body'], ensure_ascii=False)}" if "body" in document else ""
            yield printable(f"{document['method']} {document['path']}{body}")
