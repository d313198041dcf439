"""Another plan: the way to other prices for new customers alone where Commet has one price for all of a plan's."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from commetctl.catalog.assembly import Files
from commetctl.catalog.data import at
from commetctl.catalog.dated.moments import NOW
from commetctl.catalog.dated.patches import patched
from commetctl.core.errors import CommetctlError

_SECTION = "plans"
_PUBLIC, _PRIVATE = "public", "private"
#: What is of one object alone.
_OWN = ("previous_name", "id")


def as_another(content: Mapping[str, Any], code: str, files: Files, moment: datetime) -> dict[str, Any]:
    """The change that adds a plan with the edits of another one, which goes off sale and keeps its prices.

    A private plan stays private, and so does the new one. Names are unique, so the old plan is named after its last
    year, unless the edits name the new one. Raises CommetctlError where the edits are not of one plan that there is.
    """
    edits = content.get(_SECTION)
    if list(content) != [_SECTION] or not isinstance(edits, dict) or len(edits) != 1:
        raise _refused("the edits are not of one plan alone", "edit the prices of one plan at a time")
    [(old, edit)] = edits.items()
    data = files.at(moment).shared
    held = at(data, (_SECTION, old))
    if not isinstance(held, dict) or not isinstance(edit, dict):
        raise _refused(f"there is no plan `{old}` that is edited", "edit the prices of a plan that is in the catalog")
    if at(data, (_SECTION, code)) is not None:
        raise _refused(f"there is a plan `{code}` already", "give the new plan another code")
    new = patched((_SECTION, old), held, edit)
    new = {key: value for key, value in new.items() if value is not None and key not in _OWN}
    hidden = {"visibility": _PRIVATE} if held.get("visibility") == _PUBLIC else {}
    last = (datetime.now(UTC) if moment == NOW else moment) - timedelta(days=moment != NOW)
    named = {} if "name" in edit else {"name": f"{held.get('name', old)} ({last.year})"}
    return {_SECTION: {**({old: {**named, **hidden}} if named or hidden else {}), code: new}}


def _refused(message: str, hint: str) -> CommetctlError:
    return CommetctlError(f"no other plan can be made: {message}", hint, code="not_schedulable")
