"""The error answers of the API, in both generations, as errors that say what to do."""

from collections.abc import Iterator, Mapping
from typing import Any

from commetctl.core.errors import ApiError, NotPermitted

_PERMISSION = {
    "unauthorized": "check COMMET_API_KEY: the key may have been revoked, or belong to another organization",
    "forbidden": "give the key that permission in the dashboard, or use another key",
}
_HINTS = {
    "duplicate": "something with that name or code exists already, perhaps deactivated: see it in the dashboard; a "
    "credit pack is found again with `id:`",
    "feature_already_exists": "a feature with that code or name exists already, perhaps deactivated",
    "feature_in_use": "remove the feature from every plan and add-on first",
    "price_in_use": "customers or other prices depend on it; Commet refuses to remove it",
    "endpoint_not_available": "the API version does not have this operation: see `--api-version`",
    "endpoint_deprecated": "the API version is retired: see `--api-version`",
    "rate_limited": "wait and try again, with a lower `--parallelism`",
    "idempotency_key_mismatch": "the API has seen the key of this request with another one, which must not happen; run "
    "the command again, which makes new keys, and report it if it stays",
    "idempotency_in_progress": "the API is still working on this very request: wait, and run the command again",
}
_BY_STATUS = {401: "unauthorized", 403: "forbidden", 429: "rate_limited"}
#: The code of an answer that has none.
NO_CODE = "unknown_error"
#: The codes that are told apart here; any other that Commet answers is passed on as it is.
TOLD_APART = frozenset({*_PERMISSION, *_HINTS, *_BY_STATUS.values(), NO_CODE})


def api_error(
    method: str, path: str, status: int, content: Any, request_id: str, retry_after: float | None = None
) -> ApiError:
    """The error that an answer stands for. Its code counts; the status only where there is none."""
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
