"""One connection with one key: a request goes out once, and an answer is JSON or an error that says what to do."""

import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, cast

import httpx

from commetctl import __version__
from commetctl.api.access import BASE, checked_key, checked_url, is_loopback
from commetctl.api.content import cleaned, parsed
from commetctl.api.errors import api_error
from commetctl.api.retry import TRANSIENT, retry_after
from commetctl.api.rows import LARGEST_ROW, NOT_JSON, Answer, TooLong
from commetctl.core.call import Json
from commetctl.core.contract import Row
from commetctl.core.errors import CommetctlError, Unreachable

_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
#: What an answer may hold once it is unpacked; a catalog is less.
LARGEST_ANSWER = 64 * 1024 * 1024
#: The same for a list whose rows are not held; a million subscriptions are less.
LARGEST_LIST = 1024 * 1024 * 1024
#: How many bytes of an answer are looked at at once. What is packed may grow a thousandfold.
_PART, _PACKED_PART = 16 * 1024, 1024
#: What stands for the key where the other side repeats it.
HIDDEN = "[the API key]"
#: What a body that was read and unpacked does not have any more.
_TRANSFER = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})
#: What fails before anything of the request has left.
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)


class Connection:
    """Sends requests to one host with one key; safe to use from several threads.

    Redirects are never followed, so the key reaches no other host. Certificates are always verified. Proxies of the
    environment are honoured, except for what stays on this machine. The key is taken out of whatever comes back, so
    nothing that is made of answers can hold it.
    """

    def __init__(self, api_url: str, key: str, transport: httpx.BaseTransport | None = None) -> None:
        """Raises NotPermitted for a key that cannot be one, and CommetctlError for an address that is not safe."""
        self._host = checked_url(api_url)
        self._key = checked_key(key)
        #: How many seconds the clock of this machine is behind what the last answer said; None where none said.
        self.clock_skew: float | None = None
        try:
            self._http = httpx.Client(
                base_url=self._host + BASE,
                headers={"x-api-key": self._key, "User-Agent": f"commetctl/{__version__}"},
                timeout=_TIMEOUT,
                transport=transport,
                verify=_tls() if self._host.startswith("https:") else _trusting_nobody(),
                follow_redirects=False,
                # What stays on this machine goes through no proxy: unencrypted, it would show the key there.
                trust_env=not is_loopback(httpx.URL(self._host).host),
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

    def answer(
        self, method: str, path: str, *, query: Mapping[str, str] | None, body: Json, headers: Mapping[str, str]
    ) -> httpx.Response:
        """Send a request once; raises Unreachable when no answer came."""
        with self.opened(method, path, query=query, body=body, headers=headers) as response:
            return _read(method, path, response)

    @contextmanager
    def opened(
        self, method: str, path: str, *, query: Mapping[str, str] | None, body: Json, headers: Mapping[str, str]
    ) -> Iterator[httpx.Response]:
        """Send a request once, and keep its answer open; raises Unreachable when it does not come, or breaks."""
        with (
            self._reaching(method),
            self._http.stream(method, path, params=query, json=body, headers=dict(headers)) as response,
        ):
            self.clock_skew = _skew(response.headers.get("date"))
            yield response

    def rows(self, path: str, response: httpx.Response, largest: int) -> tuple[Answer, Iterator[Row]]:
        """An open answer to a GET that is no larger than that, and its rows as they come in.

        Raises the errors that `content` raises: at once for an error of the API, and from the rows for what is not
        from it.
        """
        if not response.is_success:
            self.content("GET", path, _read("GET", path, response))
        answer = Answer(_within(largest, f"GET {path}", _unpacked(response)), self._key, HIDDEN)
        return answer, self._read_rows(path, response, answer)

    def _read_rows(self, path: str, response: httpx.Response, answer: Answer) -> Iterator[Row]:
        problem: Unreachable | None = None
        try:
            yield from answer
        except TooLong:
            problem = _too_large(f"GET {path} answered an object of", LARGEST_ROW)
        except NOT_JSON:
            problem = self._not_json("GET", path, response, is_empty=False)
        if problem:
            # Out here, so that it does not keep the error of the parser, which has the text of rows with it.
            raise problem

    @contextmanager
    def _reaching(self, method: str) -> Iterator[None]:
        """Turn what goes wrong on the way into an error that says what to do."""
        try:
            yield
        except httpx.TimeoutException as error:
            raise Unreachable(
                f"{self._host} did not answer in time",
                "run it again: nothing is known of the last request" if method != "GET" else "try again",
                transient=True,
                unsent=isinstance(error, _UNSENT),
            ) from None
        except httpx.HTTPError as error:
            # The message of httpx names the host and the cause, which may be a line that the other side sent.
            raise Unreachable(
                f"{self._host} cannot be reached: {self._hidden(str(error))}",
                "check --api-url, the network and the proxy settings",
                # A certificate that is not trusted will not be trusted a second later either.
                transient="CERTIFICATE_VERIFY_FAILED" not in str(error),
                unsent=isinstance(error, _UNSENT),
            ) from None

    def content(self, method: str, path: str, response: httpx.Response) -> Any:
        """What an answer holds; raises ApiError for an error of the API, and Unreachable for what is not from it."""
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
            content = cleaned(parsed(response.content), self._key, HIDDEN)
        except ValueError:
            if response.status_code != 429:
                raise self._not_json(method, path, response, is_empty=not response.content) from None
            content = None
        if not response.is_success:
            asked = retry_after(response.headers.get("retry-after"), response.headers.get("date"))
            request_id = response.headers.get("x-request-id", "")
            error = api_error(method, path, response.status_code, content, request_id, asked)
            for name in ("message", "code", "request_id", "doc_url"):
                setattr(error, name, self._hidden(getattr(error, name)))
            raise error
        return content

    def _not_json(self, method: str, path: str, response: httpx.Response, *, is_empty: bool) -> Unreachable:
        what = self._hidden("nothing" if is_empty else _what(response))
        return Unreachable(
            f"{method} {path} answered {response.status_code} with {what} instead of JSON",
            "check that --api-url points at the Commet API",
            code="not_json",
            # A page with status 200 is rather another server than a bad moment, except in the middle of a run.
            transient=response.status_code in TRANSIENT or what == BROKEN or (response.is_success and method != "GET"),
        )

    def _hidden(self, text: str) -> str:
        """Text of the other side without the key, which some servers repeat."""
        return text.replace(self._key, HIDDEN)


def _skew(date: str | None) -> float | None:
    """How many seconds the clock of this machine is behind a `Date`; None for one that cannot be understood."""
    try:
        said = parsedate_to_datetime(date or "")
        return (said if said.tzinfo else said.replace(tzinfo=UTC)).timestamp() - time.time()
    except (TypeError, ValueError, OverflowError):
        return None


def _tls() -> ssl.SSLContext:
    """Certificates and host names are verified, by what httpx trusts or SSL_CERT_FILE names; nothing turns it off."""
    context = httpx.create_ssl_context()
    # Who reads what SSLKEYLOGFILE names, and the traffic, would read the key.
    context.keylog_filename = None  # type: ignore[assignment]
    return context


def _trusting_nobody() -> ssl.SSLContext:
    """For an address without TLS, which is on this machine: to read all certificates takes longer than a request."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _read(method: str, path: str, response: httpx.Response) -> httpx.Response:
    """An answer with its body, which is not read further than any can be long."""
    body = b"".join(_within(LARGEST_ANSWER, f"{method} {path}", response.iter_bytes()))
    headers = [(name, value) for name, value in response.headers.raw if name.lower() not in _TRANSFER]
    return httpx.Response(response.status_code, headers=headers, content=body)


def _unpacked(response: httpx.Response) -> Iterator[bytes]:
    """The body of an answer in parts that are small however it was packed."""
    size = _PACKED_PART if "content-encoding" in response.headers else _PART
    # In a response of its own, so that httpx unpacks no more than that at once.
    stream = cast(httpx.SyncByteStream, response.stream)
    packed = (part[at : at + size] for part in stream for at in range(0, len(part), size))
    return httpx.Response(response.status_code, headers=response.headers, content=packed).iter_bytes()


def _within(largest: int, request: str, parts: Iterator[bytes]) -> Iterator[bytes]:
    """The parts of an answer, and no further than any can be long."""
    total = 0
    for part in parts:
        total += len(part)
        if total > largest:
            raise _too_large(f"{request} answered", largest)
        yield part


def _too_large(what: str, most: int) -> Unreachable:
    return Unreachable(
        f"{what} more than {most // 1024**2} MB", "check that --api-url points at the Commet API", code="too_large"
    )


#: An answer that calls itself JSON and is not.
BROKEN = "broken data"


def _what(response: httpx.Response) -> str:
    """What an answer that cannot be read is, in a word."""
    kind = response.headers.get("content-type", "no content type").partition(";")[0]
    return BROKEN if kind == "application/json" else str(kind)
