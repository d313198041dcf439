"""A local Commet: the catalog API in both of its generations, over one SQLite file."""

from commetctl.emulator.app import Emulator, create_app
from commetctl.emulator.errors import ConnectionDropped, EmulatorError
from commetctl.emulator.faults import Fault, Faulty, with_faults
from commetctl.emulator.quirks import QUIRKS
from commetctl.emulator.resource import Resource
from commetctl.emulator.resources import RESOURCES

__all__ = [
    "QUIRKS",
    "RESOURCES",
    "ConnectionDropped",
    "Emulator",
    "EmulatorError",
    "Fault",
    "Faulty",
    "Resource",
    "create_app",
    "with_faults",
]
