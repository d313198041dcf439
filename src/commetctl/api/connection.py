"""One connection with one key: sends a request once, and returns JSON or raises an error that says what to do."""

import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any, cast

import httpx

from commetctl import __version__
from commetctl.api.answers import api_error, cleaned, parsed
from commetctl.api.destinations import BASE, checked_key, checked_url, is_loopback
from commetctl.api.pacing import TRANSIENT, moment, retry_after
from commetctl.api.rows import LARGEST_ROW, Answer, TooLong
from commetctl.core.call import Json
from commetctl.core.contract import Row
from commetctl.core.errors import CommetctlError, Unreachable

_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
#: The most bytes of an answer, unpacked; a catalog takes less.
LARGEST_ANSWER = 64 * 1024 * 1024
#: The same for a list whose rows are not kept; a million subscriptions take less.
LARGEST_LIST = 1024 * 1024 * 1024
#: How many bytes of an answer are read at once. Compressed bytes may grow a thousandfold.
_PART, _PACKED_PART = 16 * 1024, 1024
#: Replaces the key where an answer repeats it.
HIDDEN = "[the API key]"
#: Failures before any part of the request was sent.
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)


class Connection:
    """Sends requests to one host with one key; safe to use from several threads.

    Redirects are never followed, so the key reaches no other host. Certificates are always verified. Proxies of the
    environment are honoured, except for requests to this machine. The key is removed from every answer, so nothing that
    is made from answers can hold it.
    """

    def __init__(self, api_url: str, key: str, transport: httpx.BaseTransport | None = None) -> None:
        """Raises NotPermitted for text that is no key, and CommetctlError for an address that is not safe."""
        self._host = checked_url(api_url)
        self._key = checked_key(key)
        #: How many seconds the clock of this machine is behind the API's; None where the last answer gave no time.
        self.clock_skew: float | None = None
        #: The time of the last answer, by the clock of the API; None where it gave none.
        self.time: datetime | None = None
        self.emulator = ""
        try:
            self._http = httpx.Client(
                base_url=self._host + BASE,
                headers={"x-api-key": self._key, "User-Agent": f"commetctl/{__version__}"},
                timeout=_TIMEOUT,
                transport=transport,
                verify=_tls() if self._host.startswith("https:") else _trusting_nobody(),
                follow_redirects=False,
                # Requests to this machine are not encrypted, and a proxy would see the key.
                trust_env=not is_loopback(httpx.URL(self._host).host),
            )
        except (ValueError, ImportError, OSError, httpx.InvalidURL):
            # The cause may name a proxy with its password, so it is not repeated.
            raise CommetctlError(
                "the proxy or the certificates from the environment cannot be used",
                "check HTTPS_PROXY, ALL_PROXY and NO_PROXY, which must be http or https addresses, and SSL_CERT_FILE",
                code="bad_environment",
            ) from None

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def request(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        *,
        query: Mapping[str, str] | None = None,
        body: Json = None,
    ) -> httpx.Request:
        """A request that is ready to be sent."""
        return self._http.build_request(method, path, params=query, json=body, headers=dict(headers))

    def answer(self, request: httpx.Request, path: str) -> tuple[httpx.Response, bytes]:
        """Send a request once: its answer, and the body. Raises Unreachable, which names the path, where none came."""
        with self.opened(request) as response:
            return response, _read(request.method, path, response)

    @contextmanager
    def opened(self, request: httpx.Request) -> Iterator[httpx.Response]:
        """Send a request once, with its answer open for the block. Raises Unreachable where none comes or it breaks."""
        with self._reaching(request.method), closing(self._http.send(request, stream=True)) as response:
            self.time = _time(response.headers.get("date"))
            self.clock_skew = self.time.timestamp() - time.time() if self.time else None
            self.emulator = response.headers.get("commet-emulator", "")
            yield response

    def rows(self, path: str, response: httpx.Response, largest: int) -> tuple[Answer, Iterator[Row]]:
        """The list in an open answer of at most `largest` bytes, and its rows as they arrive.

        Raises what `content` raises: at once for an error of the API, and while the rows are read for anything else.
        """
        if not response.is_success:
            self.content("GET", path, response, _read("GET", path, response))
        answer = Answer(_within(largest, f"GET {path}", _unpacked(response)), self._key, HIDDEN)
        return answer, self._read_rows(path, response, answer)

    def _read_rows(self, path: str, response: httpx.Response, answer: Answer) -> Iterator[Row]:
        problem: Unreachable | None = None
        try:
            yield from answer
        except TooLong:
            problem = _too_large(f"GET {path} answered an object of", LARGEST_ROW)
        except ValueError:
            problem = self._not_json("GET", path, response, is_empty=False)
        if problem:
            # Raised here, because in the handler it would keep the error of the parser, which quotes the rows.
            raise problem

    @contextmanager
    def _reaching(self, method: str) -> Iterator[None]:
        """Turn a failure of the network into an error that says what to do."""
        try:
            yield
        except httpx.TimeoutException as error:
            raise Unreachable(
                f"{self._host} did not answer in time",
                "run it again: it is not known whether the last request took effect"
                if method != "GET"
                else "try again",
                transient=True,
                unsent=isinstance(error, _UNSENT),
            ) from None
        except httpx.HTTPError as error:
            # The message of httpx names the host and the cause, which may quote a line of the answer.
            raise Unreachable(
                f"{self._host} cannot be reached: {self._hidden(str(error))}",
                "check --api-url, the network and the proxy settings",
                # A certificate that is not trusted now will not be trusted a second later.
                transient="CERTIFICATE_VERIFY_FAILED" not in str(error),
                unsent=isinstance(error, _UNSENT),
            ) from None

    def content(self, method: str, path: str, response: httpx.Response, body: bytes) -> Any:
        """The data in an answer. Raises ApiError for an error of the API, and Unreachable for any other answer."""
        if response.has_redirect_location:
            raise Unreachable(
                f"{self._host} redirects to {self._hidden(response.headers['location'])}, and the key is never "
                "sent to another host",
                "give the final address with --api-url",
                code="redirect",
            )
        if response.is_success and not body:
            return None
        try:
            content = cleaned(parsed(body), self._key, HIDDEN)
        except ValueError:
            if response.status_code != 429:
                raise self._not_json(method, path, response, is_empty=not body) from None
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
            # A page with status 200 comes from another server and will come again, except in the middle of a run.
            transient=response.status_code in TRANSIENT or what == BROKEN or (response.is_success and method != "GET"),
        )

    def _hidden(self, text: str) -> str:
        """Text from an answer without the key, which some servers repeat."""
        return text.replace(self._key, HIDDEN)


def _time(date: str | None) -> datetime | None:
    """The time in a `Date` header; None where that cannot be read."""
    try:
        return moment(date or "")
    except (TypeError, ValueError, OverflowError):
        return None


def _tls() -> ssl.SSLContext:
    """Verifies certificates and host names, by what httpx trusts or SSL_CERT_FILE names; nothing turns it off."""
    context = httpx.create_ssl_context()
    # Whoever can read the file that SSLKEYLOGFILE names, and the traffic, could read the key.
    context.keylog_filename = None  # type: ignore[assignment]
    return context


def _trusting_nobody() -> ssl.SSLContext:
    """For addresses without TLS, all on this machine: loading the certificates takes longer than a request."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _read(method: str, path: str, response: httpx.Response) -> bytes:
    """The body of an answer, of which no more than LARGEST_ANSWER is read."""
    return b"".join(_within(LARGEST_ANSWER, f"{method} {path}", response.iter_bytes()))


def _unpacked(response: httpx.Response) -> Iterator[bytes]:
    """The body of an answer in parts that are small however well it was compressed."""
    if response.is_stream_consumed:
        # A transport has read it whole already.
        return response.iter_bytes(_PART)
    size = _PACKED_PART if "content-encoding" in response.headers else _PART
    # A second response makes httpx unpack no more than that at once.
    stream = cast(httpx.SyncByteStream, response.stream)
    packed = (part[at : at + size] for part in stream for at in range(0, len(part), size))
    return httpx.Response(response.status_code, headers=response.headers, content=packed).iter_bytes()


def _within(largest: int, request: str, parts: Iterator[bytes]) -> Iterator[bytes]:
    """The parts of an answer. Raises Unreachable once they are more than `largest` bytes."""
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


#: What an answer is called that claims to be JSON and is not.
BROKEN = "broken data"


def _what(response: httpx.Response) -> str:
    """What an answer that cannot be read is called in the message."""
    kind = response.headers.get("content-type", "no content type").partition(";")[0]
    return BROKEN if kind == "application/json" else str(kind)
