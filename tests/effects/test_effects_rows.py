"""Every row of the table of effects, in every API version that it is for, against what a case says by hand."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from commetctl.core.change import Update
from commetctl.core.contract import CONTRACTS
from commetctl.core.impact import Effect
from commetctl.core.resource import Address
from commetctl.kinds import every_kind
from commetctl.review.effects import effects
from commetctl.usecases.compare import compared
from effect_cases import CASES, ODD, UNSEEN, Case, Odd, Unseen
from harness import Shop, loaded

TABLE = [row for kind in every_kind() for row in kind.effects]

Effects = Mapping[Address, tuple[Effect, ...]]

SEEN = [(case, version) for case in CASES for version in case.versions]
BUILT = [(case, version) for case in ODD for version in case.versions]
HIDDEN = [(case, version) for case in UNSEEN for version in case.versions]


class Lacking(httpx.BaseTransport):
    """The emulator, but for one key that its answers lack."""

    def __init__(self, inner: httpx.BaseTransport, key: str) -> None:
        self.inner, self.key = inner, key

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        data = json.loads(self.inner.handle_request(request).read())
        return httpx.Response(200, content=json.dumps(without(data, self.key)))


def without(data: Any, key: str) -> Any:
    """JSON data without a key, wherever it is."""
    if isinstance(data, list):
        return [without(item, key) for item in data]
    return {name: without(item, key) for name, item in data.items() if name != key} if isinstance(data, dict) else data


def compared_effects(case: Case, version: str, folder: Path) -> Effects:
    """What is said about the two files of a case."""
    before, after = loaded(folder, case.before, version), loaded(folder, case.after, version)
    review = compared(before, after, prune=True)
    if not (case.switched or case.replaced):
        return review.effects
    changes = review.changeset.changes
    if case.replaced:
        blocked = (item.change for item in review.changeset.blocked)
        changes = tuple(replace(change, replaced=True) for change in blocked if isinstance(change, Update))
    return effects(changes, after.contract, switched=case.switched)


def found_effects(case: Unseen, version: str, folder: Path) -> Effects:
    """What is said about a file that was applied, when Commet does not tell all of it."""
    with Shop(folder, version) as shop:
        shop.make(case.yaml)
        shop.recorder.inner = Lacking(shop.recorder.inner, case.hidden)
        return shop.plan(case.yaml).review.effects


def one(found_by: Effects, case: Case | Odd | Unseen) -> Effect:
    """The effect that a case is about; of what is replaced, what taking it away and making it again mean together."""
    found = [effect for effect in found_by[Address.parse(case.address)] if effect.path == case.field]
    assert len(found) == 1 or (isinstance(case, Case) and case.replaced)
    return found[-1]


def agrees(effect: Effect, case: Case | Odd | Unseen) -> bool:
    """Whether an effect is what a case says by hand."""
    return effect.when is case.when and (case.text in effect.text if case.text else not effect.text)


def name(value: object) -> str:
    """A case in the name of its test."""
    return f"{value.address}:{value.field}" if isinstance(value, Case | Odd | Unseen) else str(value)


@pytest.mark.parametrize(("case", "version"), SEEN, ids=name)
def test_an_edit_means_what_commet_documents(case: Case, version: str, tmp_path: Path) -> None:
    effect = one(compared_effects(case, version, tmp_path), case)
    assert agrees(effect, case), effect


@pytest.mark.parametrize(("case", "version"), HIDDEN, ids=name)
def test_what_is_not_known_is_not_made_up(case: Unseen, version: str, tmp_path: Path) -> None:
    effect = one(found_effects(case, version, tmp_path), case)
    assert agrees(effect, case), effect


def built_effects(case: Odd, version: str) -> Effects:
    """What is said about a change that no file can make."""
    return effects([case.change], CONTRACTS[version])


@pytest.mark.parametrize(("case", "version"), BUILT, ids=name)
def test_what_another_client_has_left_means_what_it_is(case: Odd, version: str) -> None:
    effect = one(built_effects(case, version), case)
    assert agrees(effect, case), effect


def test_every_row_is_reached_in_every_version_that_it_is_for(tmp_path: Path) -> None:
    reached = {(one(compared_effects(case, v, tmp_path), case).row, v) for case, v in SEEN}
    reached |= {(one(found_effects(case, v, tmp_path), case).row, v) for case, v in HIDDEN}
    reached |= {(one(built_effects(case, v), case).row, v) for case, v in BUILT}
    assert reached == {(row.name, version) for row in TABLE for version in row.versions}


def test_a_version_has_one_row_of_a_name() -> None:
    names = [(row.name, version) for row in TABLE for version in row.versions]
    assert len(names) == len(set(names))


def test_every_row_is_for_versions_that_there_are_and_says_who_says_so() -> None:
    assert all(row.versions and row.versions <= CONTRACTS.keys() and row.source for row in TABLE)
