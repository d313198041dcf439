"""A small HTTP client for the emulator's tests: any version, any key, in process."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import httpx

from commetctl.emulator import Emulator

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

NEW, OLD = "2026-08-27", "2026-07-11"

# Where the generations differ in path or verb; everything else is the same.
_OLD_ROUTES = {
    "POST /features": "POST /features/manage",
    "PATCH /features": "PUT /features/{}/manage",
    "DELETE /features": "DELETE /features/{}/manage",
    "POST /plans": "POST /plans/manage",
    "PATCH /plans": "PUT /plans/{}/manage",
    "DELETE /plans": "DELETE /plans/{}/manage",
    "POST /credit-packs": "POST /credit-packs/manage",
}


@dataclass(frozen=True)
class Api:
    """A client of one version with one key; `ok` gives the payload without its envelope, `refused` status and code."""

    app: Emulator
    version: str = NEW
    key: str = "ck_sandbox_test"
    headers: dict[str, str] = field(default_factory=dict)
    #: A wrapper of the application, if there is one.
    through: "WSGIApplication | None" = None

    def at(self, version: str) -> "Api":
        return replace(self, version=version)

    def with_key(self, key: str) -> "Api":
        return replace(self, key=key)

    def with_headers(self, **headers: str) -> "Api":
        return replace(self, headers={name.replace("_", "-"): value for name, value in headers.items()})

    @property
    def is_new(self) -> bool:
        return self.version >= "2026-07-24"

    def send(self, method: str, path: str, body: Any = None, *, content: bytes | None = None) -> httpx.Response:
        """Send a request as it is."""
        headers = {"x-api-key": self.key, "Commet-Version": self.version, **self.headers}
        transport = httpx.WSGITransport(app=self.through or self.app)
        with httpx.Client(transport=transport, base_url="http://emulator/api/v1", headers=headers) as client:
            return client.request(method, path, json=body, content=content)

    def write(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Send a request of the new generation, translated when the client has a version of the old one."""
        if not self.is_new:
            collection, _, rest = path[1:].partition("/")
            route = _OLD_ROUTES.get(f"{method} /{collection}") if "/" not in rest else None
            if route is not None:
                method, path = route.format(rest).split(" ")
            elif method == "PATCH":
                method = "PUT"
        return self.send(method, path, body)

    def ok(self, method: str, path: str, body: Any = None) -> Any:
        response = self.write(method, path, body)
        assert response.is_success, response.text
        payload = response.json()
        if self.is_new:
            return payload["data"] if payload.get("object") == "list" else payload
        assert payload["success"] is True
        return payload["data"]

    def refused(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        response = self.write(method, path, body)
        assert not response.is_success, response.text
        return response.status_code, response.json()["error"]["code"]

    def wrong_fields(self, method: str, path: str, body: Any = None) -> list[str]:
        response = self.write(method, path, body)
        error = response.json()["error"]
        assert (response.status_code, error["code"]) == (400, "validation_error"), response.text
        return [detail["field"] for detail in error["details"]]

    def feature(self, code: str = "api_calls", kind: str = "usage", **more: Any) -> str:
        body = {"name": code.replace("_", " "), "code": code, "type": kind, **more}
        return str(self.ok("POST", "/features", body)["id"])

    def plan(self, code: str = "pro", model: str | None = "metered", **more: Any) -> str:
        body = {"name": code.title(), "code": code, **({"consumptionModel": model} if model else {}), **more}
        return str(self.ok("POST", "/plans", body)["id"])

    def price(self, plan: str, interval: str = "monthly", price: int = 4900, **more: Any) -> str:
        body = {"billingInterval": interval, "price": price, **more}
        return str(self.ok("POST", f"/plans/{plan}/prices", body)["id"])

    def market(self, name: str = "Brazil", *countries: str) -> str:
        """A market, which only the newer generation has, whatever the version of the client."""
        body = {"name": name, "countryCodes": list(countries or ("BR",))}
        return str(self.at(NEW).ok("POST", "/markets", body)["id"])

    def attach(self, plan: str, feature: str, **more: Any) -> Any:
        return self.ok("POST", f"/plans/{plan}/features", {"featureId": feature, **more})

    def subscribe(self, plan: str, customer: str = "cus_1", **more: Any) -> Any:
        return self.ok("POST", "/subscriptions", {"planId": plan, "customerId": customer, **more})
