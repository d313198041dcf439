"""The versions that a report of a bug needs."""

import platform
from importlib.metadata import PackageNotFoundError, version

from commetctl import __version__

LIBRARIES = ("click", "httpx", "pydantic", "ruamel.yaml")


def versions() -> dict[str, str]:
    """What a report of a bug needs: commetctl, Python, the platform and the libraries."""
    found = {"commetctl": __version__, "python": platform.python_version(), "platform": platform.platform()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not known"
    return found
