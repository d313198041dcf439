"""Which organization may be written to, by the file, the flag, the answers and the key."""

import pytest

from commetctl.core.changeset import Changeset
from commetctl.core.policy import Mode
from commetctl.kinds.sides import Live
from commetctl.review.guards import ALLOWABLE, Allowed, Subject, refusals
from commetctl.review.review import Review

EMPTY = Changeset((), (), {})
SANDBOX_KEY, LIVE_KEY, OLD_KEY = "ck_sandbox_x", "ck_live_x", "ck_x"


@pytest.mark.parametrize(
    ("livemode", "key", "declared", "allow_live", "refused"),
    [
        # What the answers say counts, whatever the key looks like.
        (False, OLD_KEY, None, False, ""),
        (False, OLD_KEY, "sandbox", False, ""),
        (False, LIVE_KEY, "live", False, "belongs to a sandbox"),
        (False, OLD_KEY, None, True, ""),
        (True, OLD_KEY, "live", False, ""),
        (True, OLD_KEY, "sandbox", False, "belongs to a live account"),
        (True, OLD_KEY, "sandbox", True, "belongs to a live account"),
        (True, OLD_KEY, None, False, "does not declare `mode: live`"),
        (True, SANDBOX_KEY, None, False, "does not declare `mode: live`"),
        (True, OLD_KEY, None, True, ""),
        # An empty organization says nothing: the key's prefix does, if it is a new one.
        (None, SANDBOX_KEY, None, False, ""),
        (None, SANDBOX_KEY, "live", False, "belongs to a sandbox"),
        (None, LIVE_KEY, "live", False, ""),
        (None, LIVE_KEY, "sandbox", False, "belongs to a live account"),
        (None, LIVE_KEY, None, False, "does not declare `mode: live`"),
        (None, "rk_live_x", None, True, ""),
        # Where nothing says it, a run that is meant for a live organization is refused.
        (None, OLD_KEY, "live", False, "nothing proves that the account is live"),
        (None, OLD_KEY, None, True, "nothing proves that the account is live"),
        (None, OLD_KEY, "sandbox", False, ""),
        (None, OLD_KEY, None, False, ""),
    ],
)
def test_only_the_organization_that_is_meant_is_written_to(
    livemode: bool | None, key: str, declared: str | None, allow_live: bool, refused: str
) -> None:
    mode = Mode(livemode, key, declared, allow_live)
    found = refusals(Subject(Review(EMPTY), Live(), mode, allowed=Allowed(frozenset({*ALLOWABLE, "mode"}))))
    assert [refused in refusal.message for refusal in found] == ([True] if refused else [])
    assert all(refusal.hint and refusal.code == "mode" and refusal.exit_code == 4 for refusal in found)


@pytest.mark.parametrize(
    ("livemode", "key", "declared", "allow_live", "expected"),
    [
        (True, OLD_KEY, "live", False, True),
        (True, OLD_KEY, None, True, True),
        (False, OLD_KEY, None, True, False),
        (None, OLD_KEY, "sandbox", False, False),
        (None, OLD_KEY, None, False, False),
    ],
)
def test_every_answer_is_held_to_what_is_meant(
    livemode: bool | None, key: str, declared: str | None, allow_live: bool, expected: bool
) -> None:
    assert Mode(livemode, key, declared, allow_live).expected is expected
