"""What every test may use. This folder is on the import path, so `harness` and `drawing` can be imported."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from commetctl.core.contract import CONTRACTS
from harness import Shop


@pytest.fixture(params=sorted(CONTRACTS))
def version(request: pytest.FixtureRequest) -> str:
    """Each API version in turn."""
    return str(request.param)


@pytest.fixture
def shop(version: str, tmp_path: Path) -> Iterator[Shop]:
    """An empty sandbox that speaks the version."""
    with Shop(tmp_path, version) as opened:
        yield opened
