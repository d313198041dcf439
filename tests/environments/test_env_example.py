"""The example with environments, as a user would try it, and the page that tells of it."""

import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cli.running import run
from commetctl.catalog import document, load
from commetctl.reference.schema import schema
from commetctl.review.lint import lint

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "environments" / "pricing"
PAGE = (ROOT / "docs" / "environments.md").read_text("utf-8")


def plain(value: Any) -> Any:
    """Data as JSON readers have it."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return float(value) if isinstance(value, Decimal) else value


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE, tmp_path / "pricing")
    return tmp_path / "pricing"


@pytest.mark.parametrize("environment", ["", "sandbox", "production"])
def test_it_is_valid_and_clean(environment: str) -> None:
    assert lint(load(EXAMPLE / "commet.yaml", environment=environment)) == []


@pytest.mark.parametrize("path", sorted(EXAMPLE.rglob("*.yaml")), ids=lambda path: path.name)
def test_each_file_fits_its_schema_and_is_in_form(path: Path) -> None:
    overlay = path.name.count(".") == 2
    Draft202012Validator(schema(overlay=overlay)).validate(plain(document.parse(str(path), path.read_bytes()).data))
    ended = run(EXAMPLE, "fmt", "--check", str(path))
    assert ended.code == 0, ended.out


def test_the_overlay_of_the_page_is_that_of_the_example() -> None:
    assert f"```yaml\n{(EXAMPLE / 'commet.sandbox.yaml').read_text('utf-8')}```\n" in PAGE
    includes = (EXAMPLE / "commet.yaml").read_text("utf-8").splitlines()[3]
    assert includes.startswith("include: ")
    assert includes in PAGE


def test_a_mistake_in_the_overlay_has_its_place_there(folder: Path) -> None:
    overlay = folder / "commet.sandbox.yaml"
    overlay.write_text(overlay.read_text("utf-8").replace("trial_days: 1", "trial_days: one"), encoding="utf-8")
    assert "commet.sandbox.yaml:8:29" in run(folder, "validate", "--env", "sandbox").err
