"""Configurations, what they become, and what is said about it.

`sdk-VERSION-NAME.ts` is the source; `.json` is what `npx tsx -e 'import config from "./NAME.ts";
console.log(JSON.stringify(config, null, 2))'` printed beside that version of @commet/node. `.json` alone is by hand.
`.yaml` is the catalog, and `.txt` what the command says.
"""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One configuration and the unit that it needs, if any."""

    name: str
    unit: str | None = None

    @property
    def json(self) -> Path:
        """The configuration."""
        return FOLDER / f"{self.name}.json"

    @property
    def arguments(self) -> list[str]:
        """How the command is called."""
        return ["--from", self.json.name, *(["--amounts", self.unit] if self.unit else [])]

    def expected(self, ending: str) -> str:
        """What it becomes."""
        return (FOLDER / f"{self.name}.{ending}").read_text("utf-8")


CASES = (
    Case("sdk-5.3.0-everything", "rate"),
    Case("sdk-5.5.1-nothing-to-choose"),
    Case("sdk-7.7.0-dollars", "major"),
    Case("sdk-7.10.0-models", "minor"),
    Case("contract-1-cents"),
    Case("unknown-keys", "minor"),
)
