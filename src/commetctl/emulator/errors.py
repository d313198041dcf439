"""The API's error codes with their types and HTTP statuses, and the exceptions that carry them."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class EmulatorError(Exception):
    """The emulator cannot start: a bad quirk or fault, or a file that is not one of its databases."""


class ConnectionDropped(ConnectionResetError):
    """Raised from a WSGI call that is to end without an answer: whoever serves it resets the connection."""


class Problem(NamedTuple):
    """One field of a request that is wrong, as listed in `details` of a validation error."""

    field: str
    message: str


# Types are those of the official error reference (SDK 9.7.0). It gives no HTTP statuses; apart from 401, 403, 404,
# 409 and 429, which follow from the types, they are our choice.
CODES: Mapping[str, tuple[str, int]] = {
    "validation_error": ("validation_error", 400),
    "invalid_json": ("validation_error", 400),
    "unauthorized": ("authentication_error", 401),
    "forbidden": ("authentication_error", 403),
    "endpoint_not_available": ("not_found_error", 404),
    "feature_not_found": ("not_found_error", 404),
    "plan_not_found": ("not_found_error", 404),
    "plan_group_not_found": ("not_found_error", 404),
    "price_not_found": ("not_found_error", 404),
    "credit_pack_not_found": ("not_found_error", 404),
    "subscription_not_found": ("not_found_error", 404),
    "offer_not_found": ("not_found_error", 404),
    "promo_code_not_found": ("not_found_error", 404),
    "duplicate": ("conflict_error", 409),
    "feature_already_exists": ("conflict_error", 409),
    "feature_in_use": ("conflict_error", 409),
    "price_in_use": ("conflict_error", 409),
    "no_prices_configured": ("conflict_error", 409),
    "idempotency_key_mismatch": ("conflict_error", 409),
    "idempotency_in_progress": ("conflict_error", 409),
    "internal_error": ("internal_error", 500),
    "rate_limited": ("rate_limit_error", 429),
}


class ApiError(Exception):
    """A refusal that the API answers with one of its documented codes."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        param: str | None = None,
        problems: Sequence[Problem] = (),
        status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.param = param
        self.problems = tuple(problems)
        self.type, default_status = CODES[code]
        self.status = default_status if status is None else status

    def body(self) -> dict[str, Any]:
        """The error object, with the optional keys only where there is something to say."""
        error: dict[str, Any] = {"type": self.type, "code": self.code, "message": self.message}
        if self.param is not None:
            error["param"] = self.param
        if self.problems:
            error["details"] = [problem._asdict() for problem in self.problems]
        return error


def invalid(*problems: Problem) -> ApiError:
    """A validation error that lists every field that is wrong."""
    summary = "; ".join(f"{field}: {message}" if field else message for field, message in problems)
    return ApiError("validation_error", summary, param=problems[0].field or None, problems=problems)
