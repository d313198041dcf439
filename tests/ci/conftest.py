"""What the tests of the action share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ci.world import World, world


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[World]:
    """A repository, a GitHub and a Commet, with a catalog on the main branch that is applied."""
    with world(tmp_path) as made:
        made.settle()
        yield made
