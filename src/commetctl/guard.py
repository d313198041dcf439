"""The guards: reasons not to apply a changeset at all, found before the first write."""

from dataclasses import dataclass

from commetctl.core.changeset import Changeset
from commetctl.errors import Refused


@dataclass(frozen=True)
class Mode:
    """Which organization the account is, and which one the run may write to.

    `livemode` is what the API's answers say, and None when nothing was there to say it. `declared` is the file's
    `mode`; `allow_live` is the flag `--live`.
    """

    livemode: bool | None
    key: str
    declared: str | None = None
    allow_live: bool = False

    @property
    def proven(self) -> bool | None:
        """Whether the organization is live: by the answers, else by the key's prefix, else unknown."""
        if self.livemode is not None:
            return self.livemode
        # Older keys begin with a bare `ck_`, which says nothing.
        return {"live": True, "sandbox": False}.get(self.key.partition("_")[2].partition("_")[0])

    @property
    def word(self) -> str:
        """`live`, `sandbox` or `unknown mode`."""
        return {True: "live", False: "sandbox", None: "unknown mode"}[self.proven]

    @property
    def expected(self) -> bool:
        """Whether the run is meant for a live organization."""
        return self.declared == "live" or (self.declared is None and self.allow_live and self.proven is not False)


def refusals(changeset: Changeset, mode: Mode) -> list[Refused]:
    """Every reason not to go on."""
    return [*_blocked(changeset), *wrong_mode(mode)]


def _blocked(changeset: Changeset) -> list[Refused]:
    count = len(changeset.blocked)
    if not count:
        return []
    some = "1 change is blocked" if count == 1 else f"{count} changes are blocked"
    return [
        Refused(
            f"{some}, so nothing is applied", "see the way out of each, or apply others with `--target`", code="blocked"
        )
    ]


def wrong_mode(mode: Mode) -> list[Refused]:
    """Why the organization is not the one to write to, if it is not."""

    def refuse(message: str, hint: str) -> list[Refused]:
        return [Refused(message, hint, code="mode")]

    if mode.declared == "sandbox" and mode.proven is True:
        return refuse("the file says `mode: sandbox`, and the key belongs to a live organization", "use a sandbox key")
    if mode.declared == "live" and mode.proven is False:
        return refuse("the file says `mode: live`, and the key belongs to a sandbox", "use a live key")
    if mode.expected and mode.proven is None:
        return refuse(
            "nothing proves that the organization is live: it is empty, and the key does not say",
            "use a key that begins with `ck_live_` or `rk_live_`",
        )
    if mode.declared is None and mode.proven is True and not mode.allow_live:
        return refuse(
            "the key belongs to a live organization, and the file does not say `mode: live`",
            "add `mode: live` to the file, or give `--live`",
        )
    return []
