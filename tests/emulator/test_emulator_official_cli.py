"""The endpoints of Commet's own command line, called the way it calls them: login, link, api-key, push."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from emulator.client import Api
from emulator.conftest import MakeApi

FEATURES = {
    "calls": {"name": "API calls", "type": "usage", "unitName": "call"},
    "sso": {"name": "SSO", "type": "boolean"},
}
GRANT = "urn:ietf:params:oauth:grant-type:device_code"


class Cli:
    """What `commet` keeps between its commands: a token, the organization, and a key."""

    def __init__(self, api: Api) -> None:
        self.api = api
        transport = httpx.WSGITransport(app=api.app)
        self._http = httpx.Client(transport=transport, base_url="http://emulator")
        self.token = self.organization = self.key = ""

    def close(self) -> None:
        self._http.close()

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        authorized = headers or {"Authorization": f"Bearer {self.token}"}
        return self._http.request(method, path, json=body, headers=authorized)

    def login(self) -> None:
        started = self.send("POST", "/api/auth/device/code", {"client_id": "commet-cli", "scope": "openid"}).json()
        assert started["verification_uri_complete"].endswith(started["user_code"])
        asked = {"grant_type": GRANT, "device_code": started["device_code"], "client_id": "commet-cli"}
        answers = [self.send("POST", "/api/auth/device/token", asked).json() for _ in range(3)]
        assert [answer.get("error") for answer in answers] == ["authorization_pending", None, "expired_token"]
        self.token = answers[1]["access_token"]

    def link(self, mode: str = "sandbox") -> None:
        answer = self.send("GET", "/api/cli/organizations").json()
        assert answer["success"] is True
        self.organization = {item["slug"]: item["id"] for item in answer["organizations"]}[mode]
        body = {"organizationId": self.organization, "name": "CLI"}
        self.key = self.send("POST", "/api/cli/api-keys", body).json()["apiKey"]

    def push(self, plans: Any, features: Any = None, **more: Any) -> Any:
        config = {**more, "features": FEATURES if features is None else features, "plans": plans}
        return self.send("POST", "/api/cli/push", {"orgId": self.organization, "config": config}).json()

    def read(self, path: str) -> Any:
        """What the command reads with the key that `link` made."""
        return self.api.with_key(self.key).ok("GET", path)


@pytest.fixture
def cli(make_api: MakeApi) -> Iterator[Cli]:
    cli = Cli(make_api())
    cli.login()
    cli.link()
    yield cli
    cli.close()


def plan(amount: str = "amountInCents", price: float = 4900, **more: Any) -> dict[str, Any]:
    """A plan as a configuration has it, with one monthly price."""
    prices = [{"interval": "monthly", amount: price}]
    return {"name": "Pro", "consumptionModel": "metered", "defaultInterval": "monthly", "prices": prices, **more}


def strict(cli: Cli, **plans: Any) -> Any:
    return cli.push(plans, schemaVersion=1)


def done(created: list[str] | None = None, updated: list[str] | None = None) -> dict[str, list[str]]:
    return {"created": created or [], "updated": updated or [], "errors": []}


@pytest.mark.parametrize(
    ("amount", "price", "form"), [("amount", 490_000, {}), ("amountInCents", 4900, {"schemaVersion": 1})]
)
def test_a_push_creates_and_updates_and_deletes_nothing(cli: Cli, amount: str, price: int, form: Any) -> None:
    included = {"sso": True, "calls": {"included": 1000, "overage": {"unitPrice": 20}}}
    pro = plan(amount, price, features=included, sortOrder=2)
    assert cli.push({"pro": pro}, **form) == {
        "success": True,
        "features": done(["calls", "sso"]),
        "plans": done(["pro"]),
    }
    (read,) = cli.read("/plans")
    assert (read["name"], read["sortOrder"], read["prices"][0]["price"]) == ("Pro", 2, 4900)
    assert {item["code"]: item["includedAmount"] for item in read["features"]} == {"sso": None, "calls": 1000}
    assert read["features"][1]["overage"]["unitPrice"] == 20

    assert cli.push({"pro": pro}, **form) == {"success": True, "features": done(), "plans": done()}, "nothing to do"
    changed = {**plan(amount, price * 2), "name": "Pro 2"}
    renamed = {"calls": {**FEATURES["calls"], "name": "Calls"}}
    answer = cli.push({"pro": changed, "team": plan(amount, price)}, renamed, **form)
    assert answer == {"success": True, "features": done(updated=["calls"]), "plans": done(["team"], ["pro"])}
    pro_now, _ = cli.read("/plans")
    assert (pro_now["name"], pro_now["prices"][0]["price"], len(pro_now["features"])) == ("Pro 2", 9800, 2)
    assert [item["name"] for item in cli.read("/features")] == ["Calls", "SSO"]


def test_the_older_form_goes_as_far_as_it_can(cli: Cli) -> None:
    cli.push({}, {"calls": FEATURES["calls"]})
    broken = {"calls": {**FEATURES["calls"], "type": "seats"}, "sso": FEATURES["sso"]}
    answer = cli.push({"half": plan("amount", 150), "pro": plan("amount", 490_000)}, broken)
    assert answer["success"] is False
    assert (answer["features"]["created"], answer["plans"]["created"]) == (["sso"], ["pro"])
    assert [error["code"] for error in answer["features"]["errors"] + answer["plans"]["errors"]] == ["calls", "half"]
    assert [item["code"] for item in cli.read("/plans")] == ["pro"]


def test_the_form_with_a_schema_version_is_applied_as_a_whole_or_not_at_all(cli: Cli) -> None:
    cli.push({}, {"calls": {**FEATURES["calls"], "type": "seats"}})
    answer = strict(cli, pro=plan())
    assert (answer["success"], answer["plans"]) == (False, done())
    (error,) = answer["features"]["errors"]
    assert (error["code"], error["path"]) == ("type_change_blocked", "config.features.calls")
    assert cli.read("/plans") == []
    assert [item["code"] for item in cli.read("/features")] == ["calls"]


METERED = {"consumptionModel": "metered"}
ONE_TIME = {"interval": "one_time", "amountInCents": 1, "trialDays": 1}
MONTHLY = plan()["prices"][0]
#: Plans that the strict form refuses, each with the codes and paths of what is wrong.
REFUSED: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "the older amount": (plan("amount"), {"config_price_field_renamed": "prices[0].amount"}),
    "an unknown key": (plan(trial=3), {"config_field_unknown": "trial"}),
    "no prices": ({"name": "Pro"}, {"config_invalid_value": "prices"}),
    "a fraction": (plan(price=4.5), {"config_invalid_value": "prices[0].amountInCents"}),
    "an interval twice": (plan(prices=[MONTHLY, MONTHLY]), {"duplicate_price_interval": "prices[1].interval"}),
    "a trial of a one-time price": (
        plan(prices=[ONE_TIME], defaultInterval="one_time"),
        {"one_time_trial_not_allowed": "prices[0].trialDays"},
    ),
    "a free plan with prices": (plan(isFree=True), {"free_plan_prices_not_allowed": "prices"}),
    "no default": ({"name": "Pro", "prices": [MONTHLY]}, {"default_interval_required": "defaultInterval"}),
    "another default": (plan(defaultInterval="yearly"), {"default_interval_missing_price": "defaultInterval"}),
    "an unknown feature": (plan(features={"x": True}), {"feature_reference_missing": "features.x"}),
    "usage without a model": (
        {"name": "Pro", "prices": [], "features": {"calls": True}},
        {"usage_feature_requires_consumption_model": "consumptionModel"},
    ),
    "limits of a boolean": (plan(features={"sso": {}}), {"boolean_feature_value_invalid": "features.sso"}),
    "unlimited with limits": (
        plan(features={"calls": {"unlimited": True, "included": 1, "overage": {"unitPrice": 1}}}),
        {
            "unlimited_feature_overage_not_allowed": "features.calls.overage",
            "unlimited_feature_included_not_allowed": "features.calls.included",
        },
    ),
    "overage on credits": (
        plan(consumptionModel="credits", features={"calls": {"overage": {"unitPrice": 1}}}),
        {"overage_consumption_model_invalid": "features.calls.overage"},
    ),
    "overage on a free plan": (
        {"name": "Pro", "isFree": True, "prices": [], **METERED, "features": {"calls": {"overage": {"unitPrice": 1}}}},
        {"free_plan_overage_not_allowed": "features.calls.overage"},
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_with_a_configuration_is_listed_with_its_place(cli: Cli, name: str) -> None:
    broken, expected = REFUSED[name]
    answer = strict(cli, pro=broken)
    assert answer["code"] == "config_invalid"
    assert {issue["code"]: issue["path"] for issue in answer["issues"]} == {
        code: f"config.plans.pro.{path}" for code, path in expected.items()
    }
    assert all(set(issue) == {"code", "path", "expected", "received"} for issue in answer["issues"])
    assert cli.read("/features") == []


def test_two_plans_of_one_name_are_refused_by_the_strict_form_alone(cli: Cli) -> None:
    (issue,) = strict(cli, a=plan(), b=plan())["issues"]
    assert (issue["code"], issue["received"]) == ("duplicate_plan_name", "Pro")
    older = {code: plan("amount", 490_000) for code in "ab"}
    assert cli.push(older)["plans"] == done(["a", "b"])


def test_what_is_fixed_at_creation_is_not_pushed(cli: Cli) -> None:
    strict(cli, pro=plan())
    answer = strict(cli, pro=plan(consumptionModel="balance"))
    assert [error["code"] for error in answer["plans"]["errors"]] == ["plan_immutable"]


def test_a_key_pushes_to_its_own_account_without_naming_it(cli: Cli) -> None:
    config = {"schemaVersion": 1, "features": FEATURES, "plans": {}}
    live = {"x-api-key": "ck_live_1"}
    answer = cli.send("POST", "/api/cli/push", {"config": config}, **live)
    assert answer.json()["features"]["created"] == ["calls", "sso"]
    assert cli.read("/features") == [], "the sandbox is another account"
    assert len(cli.api.with_key("ck_live_1").ok("GET", "/features")) == 2
    other = cli.send("POST", "/api/cli/push", {"config": config, "orgId": cli.organization}, **live)
    assert (other.status_code, other.json()["code"]) == (404, "organization_not_found")


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "code"),
    [
        ("GET", "/api/cli/organizations", {"X-None": "1"}, 401, "unauthorized"),
        ("POST", "/api/cli/push", {"Authorization": "Bearer "}, 400, "validation_error"),
        ("GET", "/api/cli/organizations", {"x-api-key": "rk_sandbox_x.plan:r"}, 403, "forbidden"),
        ("GET", "/api/cli/nowhere", {"Authorization": "Bearer t"}, 404, "not_found"),
    ],
)
def test_refusals_are_flat(cli: Cli, method: str, path: str, headers: dict[str, str], status: int, code: str) -> None:
    answer = cli.send(method, path, **headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) == {"code", "message"}


def test_a_body_that_is_not_json_is_refused(cli: Cli) -> None:
    answer = cli._http.post("/api/cli/push", content=b"{")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_json")


def test_a_login_that_was_not_begun_has_expired(cli: Cli) -> None:
    asked = {"grant_type": GRANT, "device_code": "none", "client_id": "commet-cli"}
    assert cli.send("POST", "/api/auth/device/token", asked).json() == {"error": "expired_token"}
    assert cli.send("POST", "/api/auth/device/token", {**asked, "grant_type": "password"}).status_code == 400
    assert "approves" in cli.send("GET", "/api/auth/device?user_code=AB").json()["message"]
