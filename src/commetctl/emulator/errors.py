"""Failures: refusals as the API answers them, and whatever stops the emulator itself."""

from collections.abc import Sequence
from typing import NamedTuple

from commetctl.emulator.versions import WRITES, ApiVersion
from commetctl.emulator.wire import JsonObject, dumps


class EmulatorError(Exception):
    """The emulator cannot start: an unknown quirk or fault, or a file that is not one of its databases."""


class ConnectionDropped(ConnectionResetError):
    """Raised from a WSGI call that ends without an answer; the server resets the connection for it."""


class Problem(NamedTuple):
    """One wrong field of a request, as listed in `details` of a validation error."""

    field: str
    message: str


# Types and codes are those of the official error reference (SDK 9.7.0). It gives no HTTP statuses; apart from 401, 404,
# 409 and 429, which follow from the types, they are our choice.
_STATUSES = {
    "validation_error": 400,
    "authentication_error": 401,
    "not_found_error": 404,
    "conflict_error": 409,
    "rate_limit_error": 429,
    "internal_error": 500,
}

# Where Commet documents its errors, by version and code (official SDK 9.7.0, manifest.json).
_PAGES = "https://commet.co/docs/api-reference"
# The one code that Commet does not have.
_OWN = "not_emulated"
# It has no page about that one, nor about a code that only its guide of promo codes names.
_WITHOUT_PAGE = (_OWN, "intro_offer_active")


class ApiError(Exception):
    """A refusal that the API answers, with a type and a code; the status follows from the type unless it is given."""

    def __init__(
        self,
        kind: str,
        code: str,
        message: str,
        *,
        param: str | None = None,
        problems: Sequence[Problem] = (),
        status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status or _STATUSES[kind]
        #: The error object, with its optional keys only where they have a value.
        self.body: JsonObject = {"type": kind, "code": code, "message": message}
        self.code = code
        if param is not None:
            self.body["param"] = param
        if problems:
            self.body["details"] = [problem._asdict() for problem in problems]

    def text(self, version: ApiVersion) -> str:
        """The body of the answer; before 2026-07-24 with `success`, and before 2026-05-25 flat (official SDK 4.3.0)."""
        page = _PAGES if self.code in _WITHOUT_PAGE else f"{_PAGES}/{version.name}/errors/{self.code}.md"
        documented = {**self.body, "doc_url": page}
        if version.is_new:
            return dumps({"error": documented})
        return dumps({"success": False, **({"error": documented} if version.name >= WRITES else documented)})


def invalid(*problems: Problem) -> ApiError:
    """A validation error that lists every wrong field."""
    summary = "; ".join(f"{field}: {message}" if field else message for field, message in problems)
    return ApiError("validation_error", "validation_error", summary, param=problems[0].field or None, problems=problems)


def missing(kind: str, name: str, what: str = "") -> ApiError:
    """`KIND_not_found`: a request names an object that its account does not have; `what` describes it further."""
    message = f"{what or kind.replace('_', ' ')} {name!r} does not exist in this account"
    return ApiError("not_found_error", f"{kind}_not_found", message)


def unavailable(request: str, version: str) -> ApiError:
    """The refusal of a path or verb that the request's API version does not have (official SDK 9.7.0, errors)."""
    return ApiError("not_found_error", "endpoint_not_available", f"{request} is not available in version {version}")


def not_emulated(request: str) -> ApiError:
    """The refusal of an operation that Commet has and the emulator lacks. No official client retries a 501."""
    message = f"{request} is an operation of Commet that this emulator does not have"
    return ApiError("internal_error", _OWN, message, status=501)


def unknown(request: str, verbs: Sequence[str]) -> ApiError:
    """The refusal of a path that no API version has, or of all but its `verbs` (official SDK 9.7.0, errors)."""
    message = (
        f"is not an operation of the API; its path accepts {', '.join(verbs)}" if verbs else "is not a path of the API"
    )
    return ApiError("not_found_error", "not_found", f"{request} {message}")


def conflict(code: str, message: str, *, param: str | None = None) -> ApiError:
    """The refusal of a request that does not fit what the account has."""
    return ApiError("conflict_error", code, message, param=param)
