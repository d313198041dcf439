"""What an answer holds: JSON as data, or an error of the API, in both generations, that says what to do."""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from commetctl.core.errors import ApiError, NotPermitted

#: Doubles end before this, so no client writes a larger or smaller number into metadata. Written out, one could fill
#: the memory.
_LARGEST_EXPONENT = 400
#: No answer of the API is nested half as deep. Data that is nested much deeper could not be compared or written either.
DEEPEST = 64
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def parsed(content: bytes) -> Any:
    """A JSON text as data, with exact decimals. Raises ValueError for anything else."""
    text = content.decode("utf-8-sig")
    try:
        data = DECODER.decode(text)
    except RecursionError:
        raise ValueError("is nested too deep") from None
    refuse_half_characters(data, text)
    return data


def refuse_half_characters(data: Any, text: str) -> None:
    """Raise ValueError for the data of a JSON text with half a surrogate pair in it, which cannot be encoded."""
    if _SURROGATE.search(text):
        # Surrogate pairs are characters by now, and what is left raises here.
        json.dumps(data, ensure_ascii=False, default=str).encode()


def cleaned(data: Any, secret: str, substitute: str, depth: int = 0) -> Any:
    """The data with `substitute` for a secret in every text. Raises ValueError where it is nested too deep."""
    if depth > DEEPEST:
        raise ValueError("is nested too deep")
    if isinstance(data, str):
        return data.replace(secret, substitute)
    if isinstance(data, dict):
        return {
            cleaned(name, secret, substitute): cleaned(item, secret, substitute, depth + 1)
            for name, item in data.items()
        }
    if isinstance(data, list):
        return [cleaned(item, secret, substitute, depth + 1) for item in data]
    return data


def _meaningful(number: Decimal) -> Decimal:
    """The number, if it can be compared and written out. Raises ValueError for any other."""
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise ValueError(f"{number} is not a number that makes sense here")
    return number


def _number(text: str) -> Decimal:
    try:
        return _meaningful(Decimal(text))
    except InvalidOperation:
        raise ValueError(f"{text} has an exponent that is out of range") from None


#: Decodes JSON with exact decimals; raises ValueError for numbers that make no sense.
DECODER = json.JSONDecoder(parse_float=_number, parse_constant=_number)

_PERMISSION = {
    "unauthorized": "check COMMET_API_KEY: the key may be revoked, or belong to another account",
    "forbidden": "give the key this permission in the dashboard, or use another key",
}
_HINTS = {
    "duplicate": "an object with that name or code already exists, perhaps deactivated: check the dashboard; to "
    "take over a credit pack, give its `id:`",
    "feature_already_exists": "a feature with that code or name already exists, perhaps deactivated",
    "feature_in_use": "remove the feature from every plan and add-on first",
    "addon_has_activations": "subscriptions have the add-on: deactivate it on each of them in the dashboard first, or "
    "keep it",
    "price_in_use": "customers or other prices depend on it; Commet refuses to remove it",
    "endpoint_not_available": "this API version does not have the operation: see `--api-version`",
    "endpoint_deprecated": "the API version is retired: see `--api-version`",
    "rate_limited": "wait and try again, with a lower `--parallelism`",
    "idempotency_key_mismatch": "the API has already seen the idempotency key of this request with another "
    "request, which should not happen; run the command again, which uses new keys, "
    "and report it if it happens again",
    "idempotency_in_progress": "the API is still processing this request: wait, and run the command again",
}
_BY_STATUS = {401: "unauthorized", 403: "forbidden", 429: "rate_limited"}
#: Stands for the code where an answer has none.
NO_CODE = "unknown_error"
#: The codes that have a meaning here; any other code of Commet is passed on as it is.
TOLD_APART = frozenset({*_PERMISSION, *_HINTS, *_BY_STATUS.values(), NO_CODE})


def api_error(
    method: str, path: str, status: int, content: Any, request_id: str, retry_after: float | None = None
) -> ApiError:
    """The error in an answer. Its kind follows from the code, or from the status where the answer has no code."""
    source = content.get("error") if isinstance(content, Mapping) else None
    if isinstance(source, str):
        source = {"message": source, **content}
    if not isinstance(source, Mapping):
        source = content if isinstance(content, Mapping) else {}
    code = str(source.get("code") or _BY_STATUS.get(status, NO_CODE))
    message = str(source.get("message") or "no message")
    details = "; ".join(_details(source))
    text = f"{method} {path} answered {status} {code}: {message}"
    text += f" ({details})" if details and details not in message else ""
    denied = code in _PERMISSION or source.get("type") == "authentication_error" or status == 401
    hint = _PERMISSION.get(code) or _HINTS.get(code) or (_PERMISSION["unauthorized"] if status == 401 else "")
    return (NotPermitted if denied else ApiError)(
        text,
        hint,
        code=code,
        status=status,
        request_id=request_id,
        doc_url=str(source.get("doc_url") or ""),
        retry_after=retry_after,
    )


def _details(source: Mapping[str, Any]) -> Iterator[str]:
    details = source.get("details")
    for detail in details if isinstance(details, list) else ():
        if isinstance(detail, Mapping):
            yield f"{detail.get('field')}: {detail.get('message')}"
