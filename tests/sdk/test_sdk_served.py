"""Which operations of the official SDKs the emulator serves, and that all others are listed as not served."""

import json
import re

import pytest

from commetctl.emulator import RESOURCES
from commetctl.emulator.errors import ApiError
from commetctl.emulator.routing import PREFIX, find
from commetctl.emulator.unserved import UNSERVED
from commetctl.emulator.versions import VERSIONS, version_for
from sdk.conftest import PINS, ROOT
from sdk.test_sdk_versions import marks

CALL = re.compile(r'_http\.(get|post|put|patch|delete)\(\s*f?"(/[^"]*)"')
RAISED = re.compile(r'(?:ApiError\("(\w+)", |conflict\()"(\w+)"')
PYTHON = [version for version in PINS if not version.startswith("node-")]
NEWEST = PYTHON[-1]


def operations(version: str) -> set[str]:
    """The verbs and paths that an SDK calls, each part of a path that varies being `<>`."""
    folder = ROOT / ".sdk" / version / "commet" / "resources"
    sources = [path.read_text("utf-8") for path in folder.glob("*.py")]
    calls = [found for source in sources for found in CALL.findall(source)]
    return {f"{verb.upper()} {re.sub('{[^}]*}', '<>', path)}" for verb, path in calls}


def answer(operation: str, version: str) -> str:
    """`served`, or the code with which the emulator refuses an operation."""
    verb, path = operation.split(" ")
    try:
        find(RESOURCES, version_for(version), verb, PREFIX + path.replace("<>", "x_1"))
    except ApiError as error:
        return error.code
    return "served"


def listed(version: str) -> set[str]:
    """Every operation of an API version that the emulator serves, or lists as not served."""
    api = version_for(version)
    served = [operation.route_in(api) for resource in RESOURCES for operation in resource.operations]
    others = [route for span, routes in UNSERVED.items() if api.within(*span) for route in routes]
    return {re.sub("<[^>]*>", "<>", route) for route in (*served, *others) if route}


@pytest.mark.parametrize("version", [pytest.param(version, marks=marks(version)) for version in PYTHON])
def test_every_operation_of_an_sdk_is_served_or_listed(version: str) -> None:
    calls = operations(version)
    assert len(calls) > 90
    answers = {call: answer(call, PINS[version]) for call in calls}
    assert {call: said for call, said in answers.items() if said not in ("served", "not_emulated")} == {}


def test_the_emulator_lists_exactly_the_operations_of_the_newest_sdk() -> None:
    assert listed("2026-08-27") == operations(NEWEST)


def test_the_page_counts_what_is_served() -> None:
    calls = operations(NEWEST)
    served = [call for call in calls if answer(call, "2026-08-27") == "served"]
    page = " ".join((ROOT / "docs" / "emulator.md").read_text("utf-8").split())
    assert f"serves {len(served)} of the {len(calls)} operations" in page


def test_every_code_of_the_emulator_is_one_of_commets_with_its_type() -> None:
    """The official command line is left out: its codes are in no reference."""
    folder = ROOT / "src" / "commetctl" / "emulator"
    sources = [path.read_text("utf-8") for path in folder.rglob("*.py") if "cli" not in path.name]
    raised = {found for source in sources for found in RAISED.findall(source)}
    assert len(raised) > 10
    manifest = ROOT / ".sdk" / NEWEST / "commet" / "docs" / "manifest.json"
    references = json.loads(manifest.read_text("utf-8"))["errorReferences"]["entries"]
    known = {(entry["type"], entry["code"]) for entry in references}
    # The one that only a guide names.
    guide = manifest.with_name("documentation") / "sales" / "promo-codes.md"
    known |= {("conflict_error", code) for code in re.findall(r"`(intro_offer_active)`", guide.read_text("utf-8"))}
    assert {(kind or "conflict_error", code) for kind, code in raised} - known == set()


@pytest.mark.parametrize("version", VERSIONS)
def test_no_operation_is_both_served_and_missing(version: str) -> None:
    api = version_for(version)
    for span, routes in UNSERVED.items():
        for route in routes if api.within(*span) else ():
            assert answer(re.sub("<[^>]*>", "<>", route), version) == "not_emulated"
