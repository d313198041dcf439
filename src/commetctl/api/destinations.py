"""Where the key may go: what a key looks like, and which addresses it is sent to."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

from commetctl.core.errors import CommetctlError, NotPermitted

#: The path below which every version of the API lives.
BASE = "/api/v1"
_PORTS = {"http": 80, "https": 443}
_KEY = re.compile(r"(ck|rk)_[!-~]+\Z")


def checked_key(key: str) -> str:
    """The key, if it has the form of one; otherwise raises NotPermitted, whose message does not repeat it."""
    if not _KEY.match(key):
        raise NotPermitted(
            "the API key is not a Commet key: those begin with `ck_` or `rk_` and contain no white space",
            "copy it from the dashboard into COMMET_API_KEY, into the variable of the environment, or into a file "
            "for --api-key-file",
            code="bad_key",
        )
    return key


def checked_url(url: str) -> str:
    """The address without a trailing slash, if the key may be sent there: over https, or to this machine.

    Raises CommetctlError for any other.
    """
    try:
        _ = urlsplit(url).port
        # Parsed by the library that connects: if two parsers disagreed on the host, the key could be led elsewhere.
        found = httpx.URL(url)
        # Refuses names that no resolver takes: labels that are empty or too long, and characters that no name has.
        found.raw_host.decode().encode("idna")
    except (ValueError, httpx.InvalidURL):
        raise _not_an_address() from None
    if not found.host or found.scheme not in ("http", "https") or any(sign in url for sign in "@?#"):
        raise _not_an_address()
    if found.scheme == "http" and not is_loopback(found.host):
        raise CommetctlError(
            f"the key is not sent to {found.host} without encryption",
            "use https, or http only to this machine",
            code="bad_url",
        )
    return url.rstrip("/").removesuffix(BASE)


def same_place(url: str) -> str:
    """The address in its canonical spelling, so that two spellings compare equal; raises what `checked_url` raises."""
    found = httpx.URL(checked_url(url))
    host = "loopback" if is_loopback(found.host) else found.host.lower().rstrip(".")
    return f"{found.scheme}://{host}:{found.port or _PORTS[found.scheme]}{found.path.rstrip('/')}"


def _not_an_address() -> CommetctlError:
    return CommetctlError(
        "--api-url must be an address such as https://commet.co", "leave it out to use the real Commet", code="bad_url"
    )


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
