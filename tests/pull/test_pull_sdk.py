"""What the official SDK made in its own words is pulled, and nothing is left to do but what Commet does not reveal."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.running import run
from emulator.serving import emulator_server
from sdk.conftest import MakeSdk, Sdk, SdkProcess, make_sdk, sdk_process
from sdk.test_sdk_commetctl import KEY, VERSIONS, YAML, write_with

__all__ = ["SdkProcess", "make_sdk", "sdk_process"]


@pytest.fixture
def url() -> Iterator[str]:
    with emulator_server(":memory:") as running:
        yield running.url


@pytest.fixture(params=sorted(VERSIONS))
def sdk(request: pytest.FixtureRequest, make_sdk: MakeSdk, url: str) -> Sdk:
    """Each version of the SDK on the emulator that commetctl works on."""
    return make_sdk(request.param, url=url, key=KEY)


@pytest.fixture
def commetctl(url: str, tmp_path: Path) -> Callable[..., tuple[int, str]]:
    def ran(*arguments: str) -> tuple[int, str]:
        ended = run(tmp_path, *arguments, "--api-url", url, key=KEY)
        return ended.code, ended.out + ended.err

    return ran


@pytest.mark.process
def test_what_the_sdk_made_is_pulled(sdk: Sdk, commetctl: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    write_with(sdk)
    version = ("--api-version", VERSIONS[sdk.version])
    code, said = commetctl("pull", *version)
    assert code == 0, said
    code, said = commetctl("plan", "--detailed-exitcode", *version)
    assert code == 0, said
    before = (tmp_path / "commet.yaml").read_bytes()
    assert commetctl("pull", "--check", *version)[0] == 0
    assert (tmp_path / "commet.yaml").read_bytes() == before


def test_what_it_made_is_what_the_catalog_says(
    sdk: Sdk, commetctl: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    """The catalog that says the same, by hand, is not changed by a byte."""
    write_with(sdk)
    (tmp_path / "commet.yaml").write_text(YAML, "utf-8")
    code, said = commetctl("pull", "--check", "--api-version", VERSIONS[sdk.version])
    assert code == 0, said
    assert (tmp_path / "commet.yaml").read_text("utf-8") == YAML


def test_what_only_a_write_knows_is_asked_for(
    sdk: Sdk, commetctl: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    images = sdk.call("features.create", name="Images", code="images", type="usage")
    plan = sdk.call("plans.create", name="Studio", code="studio", consumption_model="credits", is_public=False)["id"]
    sdk.call("plans.add_feature", plan, feature_id=images["id"], credits_per_unit=10)
    code, said = commetctl("pull", "--api-version", VERSIONS[sdk.version])
    assert code == 0, said
    text = (tmp_path / "commet.yaml").read_text("utf-8")
    assert "      # Commet does not return `credits_per_unit`: write the real value here\n      images: true\n" in text
    code, said = commetctl("plan", "--api-version", VERSIONS[sdk.version])
    assert code == 0, said
    assert "credits per unit" in said
