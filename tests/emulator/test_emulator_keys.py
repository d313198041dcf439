"""API keys: modes and permissions."""

import pytest

from commetctl.emulator.keys import authenticate
from emulator.client import Api


@pytest.mark.parametrize(
    ("key", "live"),
    [("ck_live_1", True), ("rk_live_1", True), ("ck_sandbox_1", False), ("rk_sandbox_1", False), ("ck_1", False)],
)
def test_modes(key: str, live: bool) -> None:
    assert authenticate(key).livemode == live


@pytest.mark.parametrize("key", ["rk_sandbox_x", "ck_sandbox_x", "ck_sandbox_x.feature:r"])
def test_full_keys_may_do_everything(api: Api, key: str) -> None:
    api.with_key(key).plan()


def test_a_restricted_key_may_do_what_it_grants(each: Api) -> None:
    key = each.with_key("rk_sandbox_x.plan:rw,feature:r")
    key.plan()
    key.ok("GET", "/features")
    body = {"name": "A", "code": "a", "type": "usage"}
    assert key.refused("POST", "/features", body) == (403, "forbidden")
    assert "feature:write" in key.write("POST", "/features", body).json()["error"]["message"]
    assert key.refused("GET", "/credit-packs") == (403, "forbidden")
    assert each.with_key("rk_sandbox_x.").refused("GET", "/plans") == (403, "forbidden")
    assert each.with_key("rk_sandbox_x.nonsense").refused("GET", "/plans") == (403, "forbidden")
