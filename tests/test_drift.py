"""What holds for drift between any two catalogs, and for what is shown of any account."""

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from commetctl.core.change import Create, Delete, Update
from commetctl.render.account import account_text
from commetctl.render.terminal import Style
from commetctl.usecases.contents import contents
from commetctl.usecases.drift import drift
from commetctl.usecases.last_applied import LastApplied
from drawing import as_yaml, catalogs
from test_laws import opened, quirks, versions

UNDONE_BY = {Create: Delete, Delete: Create, Update: Update}


@given(versions, quirks, catalogs(), catalogs(), st.booleans())
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def test_drift_is_the_reverse_of_what_undoes_it(
    version: str, chosen: dict[str, str], first: dict[str, Any], then: dict[str, Any], prune: bool
) -> None:
    with opened(version, chosen) as (shop, needed):
        applied, edited = as_yaml(first, **needed), as_yaml(then, **needed)
        note(applied)
        note(edited)
        shop.make(applied)
        catalog = shop.load(applied)
        base, file = LastApplied(catalog, "git:HEAD", ""), Path(catalog.file)
        assert not drift(base, shop.account, shop.client(catalog), (), file).found
        shop.make(edited, prune=prune)
        found = drift(base, shop.account, shop.client(catalog), (), file).review
        undoing = shop.plan(applied)
        changes = (*undoing.changeset.changes, *(item.change for item in undoing.changeset.blocked))
        expected = {(UNDONE_BY[type(change)], change.address) for change in changes}
        edits = {(type(change), change.address) for change in found.changeset.changes}
        assert expected <= edits
        # Undoing deletes a new object with its parts, so only the edits list those parts.
        assert {kind for kind, _ in edits - expected} <= {Create}
        assert dict(found.after) == dict(undoing.live.resources)
        shown = contents(shop.account, file, version)
        assert shown.unmanaged is not None
        text = account_text(shown.live.resources, shown.unmanaged, Style(width=60))
        assert text.count("unmanaged") == len(shown.unmanaged)
