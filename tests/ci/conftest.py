"""What the tests of the action share."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ci.actions import ROOT
from ci.world import World, world

#: Where the scripts of the action find what they share; last, since `ci` is also the name of this folder.
sys.path.append(str(ROOT / "ci"))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[World]:
    """A repository, a GitHub and a Commet, with a catalog on the main branch that is applied."""
    with world(tmp_path) as made:
        made.settle()
        yield made
