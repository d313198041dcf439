"""How an answer of the API looks on the wire, whoever gives it: JSON, a request id, the envelope of a refusal."""

import secrets

from werkzeug.wrappers import Response

from commetctl.emulator import jsontext
from commetctl.emulator.errors import ApiError
from commetctl.emulator.versions import Contract


def json_response(text: str, status: int) -> Response:
    """A response with a fresh `x-request-id`; `text` is JSON, or empty."""
    response = Response(text, status, content_type="application/json")
    response.headers["x-request-id"] = f"req_{secrets.token_hex(10)}"
    return response


def refusal(contract: Contract, error: ApiError) -> str:
    """The JSON text of a refusal; before 2026-07-24 `success` is said to be false."""
    failed = {} if contract.is_new else {"success": False}
    return jsontext.dumps({**failed, "error": error.body()})
