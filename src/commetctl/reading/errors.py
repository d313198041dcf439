"""Errors as lines of text."""

from commetctl.core.errors import ApiError, CommetctlError


def error_said(error: CommetctlError) -> list[str]:
    """What is wrong, what to do about it, and the references that Commet's support asks for."""
    lines = [error.message, error.hint]
    if isinstance(error, ApiError):
        found = {"request id": error.request_id, "see": error.doc_url}
        lines += [f"{name}: {value}" for name, value in found.items() if value]
    return [line for line in lines if line]
