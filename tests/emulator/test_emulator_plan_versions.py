"""The quirk `plan_versions`: the list of versions, and subscriptions that keep what they accepted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from commetctl.emulator import create_app

HEAD = {"x-api-key": "ck_sandbox_test"}


class Api:
    """An emulator, and requests to it in a version of the API."""

    def __init__(self, database: Path, quirk: str = "on") -> None:
        self.app = create_app(database, quirks={"plan_versions": quirk})
        self._http = httpx.Client(transport=httpx.WSGITransport(self.app), base_url="http://127.0.0.1/api/v1")

    def __call__(self, method: str, path: str, body: Any = None, version: str = "2026-08-27") -> Any:
        return self._http.request(method, path, json=body, headers={**HEAD, "Commet-Version": version}).json()

    def close(self) -> None:
        self.app.close()


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    api = Api(tmp_path / "on.db")
    yield api
    api.close()


def a_plan(api: Api, model: str = "credits") -> tuple[str, str]:
    plan = api("POST", "/plans", {"name": "Pro", "code": "pro", "consumptionModel": model})["id"]
    price = {"billingInterval": "monthly", "price": 4900, "includedCredits": 100}
    return plan, api("POST", f"/plans/{plan}/prices", price)["id"]


def test_only_its_own_api_version_has_the_list(api: Api) -> None:
    plan, price = a_plan(api)
    found = api("GET", f"/plans/{plan}/versions", version="2026-10-04")
    assert (found["object"], found["hasMore"]) == ("list", False)
    (main,) = found["data"]
    assert (main["object"], main["planId"], main["number"], main["status"]) == ("plan_version", plan, 1, "published")
    assert (main["publication"], main["isMain"]) == ("main", True)
    assert [item["id"] for item in main["terms"]["prices"]] == [price]
    for version in ("2026-08-27", "2026-07-31"):
        assert api("GET", f"/plans/{plan}/versions", version=version)["error"]["code"] == "endpoint_not_available"
    assert api("GET", "/plans/pln_none/versions", version="2026-10-04")["error"]["code"] == "plan_not_found"


def test_without_the_quirk_no_version_has_it(tmp_path: Path) -> None:
    api = Api(tmp_path / "off.db", "off")
    plan, _ = a_plan(api)
    found = api("GET", f"/plans/{plan}/versions", version="2026-10-04")
    assert found["error"]["code"] == "endpoint_not_available"
    api.close()


@pytest.mark.parametrize("quirk", ["off", "on"])
def test_an_edit_changes_existing_subscriptions_only_without_versions(tmp_path: Path, quirk: str) -> None:
    api = Api(tmp_path / "both.db", quirk)
    plan, price = a_plan(api)
    first = api("POST", "/subscriptions", {"customerId": "a", "planId": plan})["id"]
    api("PATCH", f"/plans/{plan}/prices/{price}", {"price": 5900, "includedCredits": 50})
    feature = api("POST", "/features", {"name": "Calls", "code": "calls", "type": "usage"})["id"]
    api("POST", f"/plans/{plan}/features", {"featureId": feature, "includedAmount": 5})
    second = api("POST", "/subscriptions", {"customerId": "b", "planId": plan})["id"]
    kept, new = (api("GET", f"/subscriptions/{found}") for found in (first, second))
    assert (new["plan"]["basePrice"], new["credits"]["included"], len(new["features"])) == (5900, 50, 1)
    has = (kept["plan"]["basePrice"], kept["credits"]["included"], len(kept["features"]))
    assert has == ((4900, 100, 0) if quirk == "on" else (5900, 100, 1)), "fewer credits count from the next period on"
    api.close()


def test_the_history_begins_with_the_terms_in_use(tmp_path: Path) -> None:
    before = Api(tmp_path / "switch.db", "off")
    plan, price = a_plan(before)
    subscription = before("POST", "/subscriptions", {"customerId": "a", "planId": plan})["id"]
    pack = before("POST", "/credit-packs", {"name": "Small", "credits": 10, "price": 900})["id"]
    before.close()
    after = Api(tmp_path / "switch.db")
    after("PATCH", f"/plans/{plan}/prices/{price}", {"price": 5900})
    assert after("GET", f"/subscriptions/{subscription}")["plan"]["basePrice"] == 4900
    # Packs that were on sale still are; a new pack is in no version.
    new = after("POST", "/credit-packs", {"name": "Large", "credits": 99, "price": 5000})["id"]
    bought = after("POST", f"/subscriptions/{subscription}/credits", {"creditPackId": pack})
    refused = after("POST", f"/subscriptions/{subscription}/credits", {"creditPackId": new})
    assert (bought["credits"], refused["error"]["code"]) == (10, "credit_pack_not_found")
    (main,) = after("GET", f"/plans/{plan}/versions", version="2026-10-04")["data"]
    assert [item["id"] for item in main["terms"]["creditPacks"]] == [pack]
    after.close()
