"""The example with every kind of object: it is valid, applied, pulled and planned, and its page says what is so."""

import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cli.running import run
from commetctl.catalog import Catalog, document, load
from commetctl.core.resource import Address
from commetctl.kinds import SECTIONS
from commetctl.reference.schema import schema
from commetctl.review.lint import lint
from environments.test_env_example import plain

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "company" / "pricing"
PAGE = (EXAMPLE.parent / "README.md").read_text("utf-8")
ENVIRONMENTS = ("sandbox", "production")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE, tmp_path / "pricing")
    return tmp_path / "pricing"


def catalog(environment: str) -> Catalog:
    return load(EXAMPLE / "commet.yaml", environment=environment)


@pytest.mark.parametrize("environment", ["", *ENVIRONMENTS])
def test_it_is_valid_and_clean(environment: str) -> None:
    assert lint(catalog(environment)) == []


@pytest.mark.parametrize("path", sorted(EXAMPLE.rglob("*.yaml")), ids=lambda path: path.name)
def test_each_file_fits_its_schema_and_is_in_form(path: Path) -> None:
    overlay = path.name.count(".") == 2
    Draft202012Validator(schema(overlay=overlay)).validate(plain(document.parse(str(path), path.read_bytes()).data))
    ended = run(EXAMPLE, "fmt", "--check", str(path))
    assert ended.code == 0, ended.out


def test_it_has_every_kind_in_eight_currencies_and_three_markets() -> None:
    desired = catalog("sandbox").desired
    assert {address.kind for address in desired} == {kind for section in SECTIONS for kind in section.kinds}
    assert sum(address.kind == "market" for address in desired) == 3
    regional = {address.key.rpartition("/")[2] for address in desired if address.kind == "regional_price"}
    assert len(regional | {"usd"}) == 8


def test_the_page_names_amounts_of_the_example() -> None:
    desired = catalog("").desired
    team = Address("market_price", "team/monthly/brazil"), Address("market_price", "team/monthly/dach")
    for address in (
        *team,
        Address("regional_price", "team/monthly/gbp"),
        Address("regional_price", "team/monthly/mxn"),
    ):
        amount = desired[address].fields["price"]
        assert str(getattr(amount, "about", amount)) in PAGE, address


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_it_is_applied_pulled_and_planned(folder: Path, environment: str, tmp_path: Path) -> None:
    at = ("--local", str(tmp_path / "commet.db"))
    applied = run(folder, "apply", "--env", environment, "--yes", *at, key=None)
    assert applied.code == 0, applied.err
    assert run(folder, "plan", "--env", environment, "--detailed-exitcode", *at, key=None).code == 0
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    pulled = run(fresh, "pull", "--yes", *at, key=None)
    assert pulled.code == 0, pulled.err
    planned = run(fresh, "plan", "--prune", "--detailed-exitcode", *at, key=None)
    assert planned.code == 0, planned.out
