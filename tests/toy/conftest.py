"""Coupons are a kind, and Commet has them, for one test."""

from collections.abc import Iterator

import pytest

import harness
from commetctl import kinds
from toy.toy_kind import COUPONS
from toy.toy_server import COUPONS as SERVED


@pytest.fixture
def known() -> Iterator[None]:
    """Register the kind: one line in the client, one in the emulator."""
    kinds.SECTIONS.append(COUPONS)
    harness.SERVED.append(SERVED)
    yield
    kinds.SECTIONS.remove(COUPONS)
    harness.SERVED.remove(SERVED)
