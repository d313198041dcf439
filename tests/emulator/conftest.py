"""Fixtures: emulators in memory, with any quirks, and a client for each."""

from collections.abc import Callable, Iterator

import pytest

from commetctl.emulator import Emulator, create_app
from emulator.client import NEW, OLD, Api

MakeApi = Callable[..., Api]


@pytest.fixture
def make_api() -> Iterator[MakeApi]:
    apps: list[Emulator] = []

    def make(version: str = NEW, **quirks: str) -> Api:
        apps.append(create_app(":memory:", quirks=quirks))
        return Api(apps[-1], version)

    yield make
    for app in apps:
        app.close()


@pytest.fixture
def api(make_api: MakeApi) -> Api:
    """The current version."""
    return make_api()


@pytest.fixture(params=[NEW, OLD])
def each(request: pytest.FixtureRequest, make_api: MakeApi) -> Api:
    """One version of either generation."""
    return make_api(request.param)
