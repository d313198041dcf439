"""The client: one authenticated connection to one version of the Commet API."""

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from commetctl import __version__
from commetctl.api.content import parsed
from commetctl.api.errors import api_error
from commetctl.core.address import Address
from commetctl.core.call import ApiCall, Json, Ref, fill
from commetctl.core.contract import Contract
from commetctl.errors import CommetctlError, NotPermitted, Unreachable
from commetctl.sections.section import Listing, Rows

#: The path below which every version of the API lives.
_BASE = "/api/v1"
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_MOST_PAGES = 10_000
_KEY = re.compile(r"(ck|rk)_[!-~]+\Z")

#: Called with (method, path, status) after each answer.
Watch = Callable[[str, str, int], None]


class Client:
    """Sends calls with the key and the version of the contract, and turns every kind of failure into an error.

    Redirects are never followed, so the key reaches no other host. Proxies of the environment are honoured.
    """

    def __init__(
        self,
        api_url: str,
        key: str,
        contract: Contract,
        *,
        transport: httpx.BaseTransport | None = None,
        watch: Watch | None = None,
    ) -> None:
        """Raises NotPermitted for a key that cannot be one, and CommetctlError for an address that is not safe."""
        self.contract = contract
        self._host = checked_url(api_url)
        self._key = checked_key(key)
        self._watch = watch
        try:
            self._http = httpx.Client(
                base_url=self._host + _BASE,
                headers={"x-api-key": self._key, "User-Agent": f"commetctl/{__version__}"},
                timeout=_TIMEOUT,
                transport=transport,
                follow_redirects=False,
                # What stays on this machine goes through no proxy: unencrypted, it would show the key there.
                trust_env=not _is_loopback(urlsplit(self._host).hostname or ""),
            )
        except (ValueError, ImportError, OSError, httpx.InvalidURL):
            # The cause may name a proxy with its password, so it is not repeated.
            raise CommetctlError(
                "the proxy or the certificates that the environment names cannot be used",
                "check HTTPS_PROXY, ALL_PROXY and NO_PROXY, which must be http or https addresses, and SSL_CERT_FILE",
                code="bad_environment",
            ) from None

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def send(
        self, call: ApiCall, ids: Mapping[Address, str], idempotency_key: str = "", *, version: str | None = None
    ) -> Any:
        """Send a call, in another version where one is given, and return its answer without envelope or None.

        Raises ApiError for an error of the API and Unreachable when no answer of the API came.
        """

        def identify(ref: Ref) -> str:
            return ids[ref.address]

        path = "/" + "/".join(quote(identify(p) if isinstance(p, Ref) else p, safe="") for p in call.path)
        body = None if call.body is None else fill(call.body, identify)
        return _unwrapped(self._request(call.method, path, body=body, idempotency_key=idempotency_key, version=version))

    def list(self, listing: Listing) -> Rows:
        """All rows of a list, every page of it.

        Raises Unreachable when the API says that there is more and does not say how to get it: such a list must not be
        taken for a whole one.
        """
        _, path = self.contract.operations[listing.operation]
        query = dict(listing.query)
        rows: list[Mapping[str, Any]] = []
        followed: set[str] = set()
        for _ in range(_MOST_PAGES):
            answer = self._request("GET", path, query=query, version=listing.version)
            page = answer.get("data") if isinstance(answer, dict) else None
            if not isinstance(page, list) or not all(isinstance(row, Mapping) for row in page):
                raise Unreachable(
                    f"GET {path} did not answer a list of objects",
                    "check that --api-url points at the Commet API",
                    code="not_a_list",
                )
            rows += page
            if not answer.get("hasMore"):
                return rows
            cursor = str(answer.get("nextCursor") or "")
            if not cursor or cursor in followed or not page:
                break
            followed.add(cursor)
            query["cursor"] = cursor
        raise Unreachable(
            f"GET {path} has more rows than it gives, and no way to the rest",
            "an incomplete list cannot be compared; report this to Commet support",
            code="incomplete_list",
        )

    def _request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Json = None,
        version: str | None = None,
        idempotency_key: str = "",
    ) -> Any:
        headers = {"Commet-Version": version or self.contract.version}
        if idempotency_key and method in ("POST", "PUT", "PATCH"):
            headers["Idempotency-Key"] = idempotency_key
        try:
            response = self._http.request(method, path, params=query, json=body, headers=headers)
        except httpx.TimeoutException:
            raise Unreachable(
                f"{self._host} did not answer in time",
                "try again; nothing is known of the last request" if method != "GET" else "try again",
            ) from None
        except httpx.HTTPError as error:
            # The message of httpx names the host and the cause, never a header.
            raise Unreachable(
                f"{self._host} cannot be reached: {error}", "check --api-url, the network and the proxy settings"
            ) from None
        if self._watch:
            self._watch(method, path, response.status_code)
        return self._content(method, path, response)

    def _content(self, method: str, path: str, response: httpx.Response) -> Any:
        if response.has_redirect_location:
            raise Unreachable(
                f"{self._host} redirects to {self._hidden(response.headers['location'])}, and the key is sent nowhere "
                "else",
                "give the final address with --api-url",
                code="redirect",
            )
        if response.is_success and not response.content:
            return None
        try:
            content = parsed(response.content)
        except ValueError:
            raise Unreachable(
                f"{method} {path} answered {response.status_code} with {_what(response)} instead of JSON",
                "check that --api-url points at the Commet API",
                code="not_json",
            ) from None
        if not response.is_success:
            error = api_error(method, path, response.status_code, content, response.headers.get("x-request-id", ""))
            for name in ("message", "code", "request_id", "doc_url"):
                setattr(error, name, self._hidden(getattr(error, name)))
            raise error
        return content

    def _hidden(self, text: str) -> str:
        """Text of the other side without the key, which some servers repeat."""
        return text.replace(self._key, "[the API key]")


def _what(response: httpx.Response) -> str:
    """What an answer that cannot be read is, in a word."""
    if not response.content:
        return "nothing"
    kind = response.headers.get("content-type", "no content type").partition(";")[0]
    return "broken data" if kind == "application/json" else str(kind)


def _unwrapped(content: Any) -> Any:
    """An answer without the envelope that the older generation puts around it."""
    if isinstance(content, dict) and isinstance(content.get("success"), bool) and "data" in content:
        return content["data"]
    return content


def checked_key(key: str) -> str:
    """The key, if it can be one; raises NotPermitted without repeating it."""
    if not _KEY.match(key):
        raise NotPermitted(
            "the API key is not one of Commet: those begin with `ck_` or `rk_` and contain no white space",
            "copy it from the dashboard into COMMET_API_KEY, or a file for --api-key-file",
            code="bad_key",
        )
    return key


def checked_url(url: str) -> str:
    """The address without a trailing slash, if the key may be sent there: by https, or to this machine."""
    try:
        parts = urlsplit(url)
        _ = parts.port
        host = parts.hostname or ""
        # Names that no resolver takes: labels that are empty or too long, and characters that no name has.
        httpx.URL(url).raw_host.decode().encode("idna")
    except (ValueError, httpx.InvalidURL):
        raise _not_an_address() from None
    if not host or parts.scheme not in ("http", "https") or "@" in parts.netloc or parts.query or parts.fragment:
        raise _not_an_address()
    if parts.scheme == "http" and not _is_loopback(host):
        raise CommetctlError(
            f"the key is not sent to {host} without encryption",
            "use https, or http to this machine only",
            code="bad_url",
        )
    return url.rstrip("/").removesuffix(_BASE)


def _not_an_address() -> CommetctlError:
    return CommetctlError(
        "--api-url must be an address such as https://commet.co", "leave it out for the real Commet", code="bad_url"
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
