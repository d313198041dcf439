"""Where a run of the benchmarks works, and how thorough it is."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Setting:
    """A folder for everything that is generated, and whether the run is to be quick."""

    folder: Path
    quick: bool = False

    def rounds(self, thorough: int, quick: int) -> int:
        """How many rounds a comparison gets."""
        return quick if self.quick else thorough

    def file(self, name: str, text: str) -> Path:
        """A file with a text, in the folder."""
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path
