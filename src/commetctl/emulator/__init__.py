"""A local Commet: the catalog API of both wire generations over one SQLite file."""

from commetctl.emulator.app import Emulator, create_app
from commetctl.emulator.errors import ConnectionDropped, EmulatorError
from commetctl.emulator.faults import Fault, Faulty, with_faults
from commetctl.emulator.quirks import QUIRKS

__all__ = [
    "QUIRKS",
    "ConnectionDropped",
    "Emulator",
    "EmulatorError",
    "Fault",
    "Faulty",
    "create_app",
    "with_faults",
]
