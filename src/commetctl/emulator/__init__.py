"""A local Commet: the catalog API of both wire generations over one SQLite file."""

from commetctl.emulator.app import Emulator, create_app
from commetctl.emulator.errors import EmulatorError
from commetctl.emulator.quirks import QUIRKS

__all__ = ["QUIRKS", "Emulator", "EmulatorError", "create_app"]
