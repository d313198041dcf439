"""The ids of a run: by address, and the other way round."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from commetctl.apply.ids import Ids
from commetctl.core.resource import Address

ONE, TWO, THREE = (Address("plan", name) for name in ("one", "two", "three"))


def test_the_owners_of_an_id_are_all_that_have_it_now() -> None:
    ids = Ids({ONE: "a", TWO: "a"})
    assert ids.owners("a") == {ONE, TWO}
    assert ids.owners("b") == frozenset()
    ids.add(TWO, "b")
    ids.add(THREE, "b")
    assert dict(ids) == {ONE: "a", TWO: "b", THREE: "b"}
    assert ids.owners("a") == {ONE}
    assert ids.owners("b") == {TWO, THREE}


@pytest.fixture
def often_interrupted() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_threads_may_ask_while_others_add(often_interrupted: None) -> None:
    ids = Ids({})

    def create(thread: int) -> None:
        for number in range(500):
            ids.add(Address("plan", f"{thread}-{number}"), f"{thread}-{number}")
            assert ids.owners(f"{thread}-{number}") == {Address("plan", f"{thread}-{number}")}

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(create, range(4)))
    assert len(ids) == 2000
