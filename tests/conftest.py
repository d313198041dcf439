"""What every test may use. This folder is on the import path, so `harness` and `drawing` can be imported."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from commetctl.core.contract import CONTRACTS
from harness import Shop
from processes import Watch

_watch = Watch()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Whatever starts a program says so."""
    _watch.begin(item)
    try:
        return (yield)
    finally:
        _watch.end()


@pytest.fixture(params=sorted(CONTRACTS))
def version(request: pytest.FixtureRequest) -> str:
    """Each API version in turn."""
    return str(request.param)


@pytest.fixture
def shop(version: str, tmp_path: Path) -> Iterator[Shop]:
    """An empty sandbox that speaks the version."""
    with Shop(tmp_path, version) as opened:
        yield opened
