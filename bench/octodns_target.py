"""A target for octoDNS that has its records in a JSON file, as an API would answer them."""

import json
import logging
from pathlib import Path
from typing import Any

from octodns.provider.base import BaseProvider
from octodns.record import Record


class JsonProvider(BaseProvider):  # type: ignore[misc]  # octoDNS has no types
    """Reads records; a dry run writes none."""

    SUPPORTS_GEO = False
    SUPPORTS_DYNAMIC = False
    SUPPORTS = frozenset({"A"})
    log = logging.getLogger("JsonProvider")

    def __init__(self, id: str, file: str) -> None:  # noqa: A002 - as octoDNS names it
        super().__init__(id)
        self._file = Path(file)

    def populate(self, zone: Any, target: bool = False, lenient: bool = False) -> bool:
        """Add all records to a zone."""
        for row in json.loads(self._file.read_text("utf-8")):
            zone.add_record(Record.new(zone, row["name"], row, source=self, lenient=lenient), lenient=lenient)
        return True
