"""The heading of a review: what is compared, on which account, and when."""

from dataclasses import dataclass
from datetime import datetime

from commetctl.core.values import moment_text

#: What a live account is called, so that it stands out without colour too.
LIVE = "LIVE"


@dataclass(frozen=True)
class Heading:
    """What is compared, on which account, and when it was read.

    `mode` is `live`, `sandbox`, `unknown mode` or `local`, and empty where no account is read. `place` is the host, or
    the database of the embedded Commet. `version` is the API version.
    """

    files: str = ""
    mode: str = ""
    environment: str = ""
    place: str = ""
    version: str = ""
    at: datetime | None = None
    #: The moment as of which the catalog is taken, where that is not now.
    as_of: datetime | None = None

    @property
    def account(self) -> str:
        """`LIVE production (commet.co)`, `sandbox (commet.co)`, `local Commet (.commet/local.db)`."""
        if not self.mode:
            return ""
        word = LIVE if self.mode == "live" else "local Commet" if self.mode == "local" else self.mode
        return " ".join(filter(None, (word, self.environment, f"({self.place})")))

    @property
    def badge(self) -> str:
        """`LIVE`, `SANDBOX`, `LOCAL`: the mode, so that it is seen; empty where no account is read."""
        return self.mode.upper()

    def parts(self, *, whole: bool) -> list[str]:
        """The environment, the place and the files; with `whole`, the API version too."""
        version = f"API version {self.version}" if whole and self.version else ""
        as_of = f"as of {moment_text(self.as_of)}" if self.as_of else ""
        return [part for part in (self.environment, self.place, self.files, as_of, version) if part]

    @property
    def time(self) -> str:
        """`2026-11-24 09:00 UTC`; empty where no account is read."""
        return f"{self.at:%Y-%m-%d %H:%M} UTC" if self.at else ""

    def __str__(self) -> str:
        """Everything in one line: `commet.yaml → LIVE production (commet.co), 2026-11-24 09:00 UTC`."""
        files = f"{self.files} as of {moment_text(self.as_of)}" if self.as_of else self.files
        of = f"{files} → {self.account}" if self.account else files
        return f"{of}, {self.time}" if self.time else of
