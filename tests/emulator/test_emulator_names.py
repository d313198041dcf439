"""Which names are taken: the quirks that decide it for plans, features and packs."""

from typing import Any, NamedTuple

import pytest

from emulator.client import Api
from emulator.conftest import MakeApi

TAKEN = "Taken"


class Kind(NamedTuple):
    """A kind of object with a name: where it is created, and with what beside the name and the code."""

    collection: str
    body: dict[str, Any]
    refusal: str
    has_code: bool = True

    def create(self, api: Api, code: str, name: str) -> Any:
        return api.write("POST", self.collection, {**self.body, "name": name, **self._code(code)})

    def add(self, api: Api, code: str, name: str) -> str:
        """The path of a new object."""
        answer = self.create(api, code, name)
        assert answer.is_success, answer.text
        payload = answer.json()
        return f"{self.collection}/{payload.get('data', payload)['id']}"

    def _code(self, code: str) -> dict[str, str]:
        return {"code": code} if self.has_code else {}


KINDS = {
    "plan_names": Kind("/plans", {}, "duplicate"),
    "feature_names": Kind("/features", {"type": "usage"}, "feature_already_exists"),
    "pack_names": Kind("/credit-packs", {"credits": 1, "price": 1}, "duplicate", has_code=False),
}


@pytest.mark.parametrize("version", ["2026-07-11", "2026-08-27"])
@pytest.mark.parametrize("quirk", KINDS)
def test_a_name_is_free_or_unique(make_api: MakeApi, quirk: str, version: str) -> None:
    kind = KINDS[quirk]
    for value in ("free", "unique"):
        api = make_api(version, **{quirk: value})
        kind.add(api, "first", TAKEN)
        other = kind.add(api, "other", "Other")
        for answer in (kind.create(api, "third", TAKEN), api.write("PATCH", other, {"name": TAKEN})):
            assert answer.is_success == (value == "free"), answer.text
            if value == "unique":
                error = answer.json()["error"]
                assert (answer.status_code, error["code"], error["param"]) == (409, kind.refusal, "name")


@pytest.mark.parametrize("quirk", KINDS)
def test_an_object_keeps_the_name_that_it_has(make_api: MakeApi, quirk: str) -> None:
    kind, api = KINDS[quirk], make_api(**{quirk: "unique"})
    path = kind.add(api, "first", TAKEN)
    assert api.ok("PATCH", path, {"name": TAKEN})["name"] == TAKEN


@pytest.mark.parametrize("value", ["allowed", "refused"])
@pytest.mark.parametrize("quirk", ["plan_names", "feature_names"])
def test_the_name_of_a_deleted_object_is_free_or_stays_taken(make_api: MakeApi, quirk: str, value: str) -> None:
    kind, api = KINDS[quirk], make_api(**{quirk: "unique", "name_reuse": value})
    api.ok("DELETE", kind.add(api, "first", TAKEN))
    assert kind.create(api, "second", TAKEN).is_success == (value == "allowed")


@pytest.mark.parametrize("value", ["taken", "free"])
def test_an_inactive_pack_keeps_its_name_or_not(make_api: MakeApi, value: str) -> None:
    kind, api = KINDS["pack_names"], make_api(inactive_names=value)
    api.ok("PATCH", kind.add(api, "", TAKEN), {"isActive": False})
    assert kind.create(api, "", TAKEN).is_success == (value == "free")


def test_accounts_do_not_share_names(make_api: MakeApi) -> None:
    api = make_api(plan_names="unique")
    for key in ("ck_sandbox_a", "ck_live_a"):
        api.with_key(key).plan("pro", name=TAKEN)
