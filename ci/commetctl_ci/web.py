"""Requests to the one server that sees the token: tried again where that can do no harm, and nowhere else."""

import ipaddress
import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from typing import Any
from urllib.parse import urljoin, urlsplit

from commetctl_ci.trouble import NoList, Trouble

#: The longest answer that is read, in bytes; a saved plan is never longer either.
LARGEST = 64_000_000
_TIMEOUT = 30
_ATTEMPTS = 4
#: How long to wait for a rate limit, in seconds, before giving up.
_LONGEST_WAIT = 120.0
_PAGES = 100
_REDIRECTS = 3
_REDIRECTED = (301, 302, 303, 307, 308)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Message
    body: bytes

    @property
    def data(self) -> Any:
        """The JSON in it."""
        try:
            return json.loads(self.body) if self.body else None
        except (ValueError, RecursionError):
            raise Trouble("the server answered something that is not JSON") from None


class _AsItIs(urllib.request.HTTPErrorProcessor):
    """Errors and redirects are answers like any other: nothing follows a redirect by itself, the token least of all."""

    def http_response(self, request: Any, response: Any) -> Any:
        return response

    https_response = http_response


@dataclass(frozen=True)
class Api:
    """A server and the headers that open it."""

    base: str
    headers: Mapping[str, str]

    def call(self, method: str, path: str, body: Any = None) -> Answer:
        """One request. Raises Trouble for an error, after trying again where that can do no harm."""
        url = path if path.startswith(("http:", "https:")) else self.base.rstrip("/") + path
        if not _same_server(url, self.base):
            raise Trouble("the server names a page at another address, which is not asked")
        for attempt in range(_ATTEMPTS):
            answer, said = _tried(method, url, self.headers, body)
            if answer and answer.status < 400:
                return answer
            pause = _pause(answer, method, attempt)
            if pause is None or attempt + 1 == _ATTEMPTS:
                raise Trouble(said, answer.status if answer else 0)
            time.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def pages(self, path: str, key: str = "") -> Iterator[dict[str, Any]]:
        """The objects of a list, page by page, as far as the Link header leads."""
        for _ in range(_PAGES):
            answer = self.call("GET", path)
            rows = answer.data.get(key) if key and isinstance(answer.data, dict) else answer.data
            if not isinstance(rows, list):
                raise NoList("the server answered something else than a list")
            yield from (row for row in rows if isinstance(row, dict))
            following = re.search(r'<([^<>]+)>\s*;[^,]*\brel="?next"?', answer.headers.get("Link") or "")
            if not following:
                return
            path = urljoin(self.base, following[1])
        raise Trouble(f"the list has more than {_PAGES} pages")

    def download(self, path: str) -> bytes:
        """A file; where it is stored may be another server, which is not shown the token."""
        status = 0
        for attempt in range(_ATTEMPTS):
            # Asked again each time: an address of the storage holds for a moment only.
            answer, at = self.call("GET", path), self.base.rstrip("/") + path
            for _ in range(_REDIRECTS):
                if answer.status not in _REDIRECTED:
                    break
                at = urljoin(at, answer.headers.get("Location") or "")
                answer = _stored(at)
            if answer.status == 200:
                return answer.body
            status = answer.status
            if status < 500:
                break
            time.sleep(0.5 * 2.0**attempt)
        raise Trouble(f"the artifact cannot be downloaded: the storage answered {status}", status)


def fetch(method: str, url: str, headers: Mapping[str, str], body: Any = None) -> Answer:
    """One request, to https or this machine. Raises OSError when there is no answer, Trouble when it is too long."""
    if not _safe(url):
        raise Trouble("only https addresses are asked, and this machine")
    data = None if body is None else json.dumps(body).encode()
    sent = {"User-Agent": "commetctl-ci", **headers} | ({"Content-Type": "application/json"} if data else {})
    request = urllib.request.Request(url, data, sent, method=method)  # noqa: S310 - checked above
    try:
        with urllib.request.build_opener(_AsItIs()).open(request, timeout=_TIMEOUT) as response:
            found = Answer(response.status, response.headers, response.read(LARGEST + 1))
    except urllib.error.URLError as error:
        raise error.reason if isinstance(error.reason, OSError) else error from None
    if len(found.body) > LARGEST:
        raise Trouble(f"the answer is longer than {LARGEST} bytes")
    return found


def _stored(url: str) -> Answer:
    try:
        return fetch("GET", url, {})
    except (OSError, HTTPException) as error:
        raise Trouble(f"the artifact cannot be downloaded: {type(error).__name__}") from None


def _tried(method: str, url: str, headers: Mapping[str, str], body: Any) -> tuple[Answer | None, str]:
    """An answer if there was one, and what to say of it."""
    try:
        answer = fetch(method, url, headers, body)
    except (OSError, HTTPException) as error:
        return None, f"no answer from {urlsplit(url).hostname}: {type(error).__name__}"
    return answer, f"{method} {urlsplit(url).path} → {answer.status}{_reason(answer)}"


def _pause(answer: Answer | None, method: str, attempt: int) -> float | None:
    """How long to wait before the next attempt; None for no other attempt."""
    backoff = 0.5 * 2.0**attempt
    if answer is None or answer.status in (500, 502, 503, 504):
        # A POST may have been carried out all the same.
        return None if method == "POST" else backoff
    limited = answer.status == 429 or (answer.status == 403 and answer.headers.get("Retry-After"))
    if not limited:
        return None
    after = answer.headers.get("Retry-After") or ""
    seconds = float(after) if re.fullmatch(r"\d{1,6}", after) else backoff
    return seconds if seconds <= _LONGEST_WAIT else None


def _reason(answer: Answer) -> str:
    """What the server says is wrong, on one line and not for ever."""
    try:
        said = json.loads(answer.body).get("message")
    except (ValueError, AttributeError, RecursionError):
        return ""
    return ": " + re.sub(r"[^ -~]+", " ", said)[:200] if isinstance(said, str) else ""


def _same_server(url: str, base: str) -> bool:
    return urlsplit(url)[:2] == urlsplit(base)[:2]


def _safe(url: str) -> bool:
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    return bool(host) and "@" not in parts.netloc and (parts.scheme == "https" or (parts.scheme == "http" and here))
