"""The guard `mode`: the organization must be the one that the file and the flags mean."""

from collections.abc import Iterator

from commetctl.core.errors import Refused
from commetctl.core.permissions import Mode
from commetctl.review.guards.subject import Subject


def guard(subject: Subject) -> Iterator[Refused]:
    """Why the organization is not the one to write to, if it is not."""
    if refused := refusal(subject.mode):
        yield refused


def refusal(mode: Mode) -> Refused | None:
    """Why an organization is not the one that the file and the flags mean, if it is not."""
    reason = _wrong(mode)
    return Refused(*reason, code="mode") if reason else None


def _wrong(mode: Mode) -> tuple[str, str] | None:
    if mode.declared == "sandbox" and mode.proven is True:
        return "the file says `mode: sandbox`, and the key belongs to a live organization", "use a sandbox key"
    if mode.declared == "live" and mode.proven is False:
        return "the file says `mode: live`, and the key belongs to a sandbox", "use a live key"
    if mode.expected and mode.proven is None:
        return (
            "nothing proves that the organization is live: it is empty, and the key does not say",
            "use a key that begins with `ck_live_` or `rk_live_`",
        )
    if mode.declared is None and mode.proven is True and not mode.allow_live:
        return (
            "the key belongs to a live organization, and the file does not say `mode: live`",
            "add `mode: live` to the file, or give `--live`",
        )
    return None
