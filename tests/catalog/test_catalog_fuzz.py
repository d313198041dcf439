"""Whatever a file holds, loading it gives a catalog or an error that the user can act on, and soon."""

import re
import tempfile
from pathlib import Path

import pytest
from catalogs import load_text
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from commetctl.core.errors import InvalidCatalog, Problem

#: What catalogs and YAML are made of, and what breaks them.
WORDS = [
    "version", "api_version", "mode", "price_scale", "balance_scale", "features", "plans", "credit_packs", "name",
    "type", "prices",
    "monthly", "yearly", "price", "regional_prices", "eur", "jpy", "overage", "unit_price", "exchange_rates",
    "metadata", "consumption_model", "metered", "balance", "included_balance", "margin_percent", "pricing_mode",
    "lifecycle", "protect", "is_default", "unlimited", "usage", "boolean", "2026-08-27", "2026-07-11", "1", "49.00",
    "-1", "1e400", "0.1", ".inf", ".nan", "0x1F", "1_000", "9" * 30, "0." + "1" * 38, "true", "null", "~",
    "yes", "sandbox",
]  # fmt: skip
MARKS = [
    ": ", ":", "\n", "\n  ", "\n    ", "\n      ", "{", "}", "[", "]", ", ", "- ", "? ", "&a ", "*a", "<<: *a", "<<: ",
    "!!str ", "!!python/object:os.system ", "!x ", "| \n", ">-\n", '"', "'", "\\", "\\x", "\\u", "\\ud800",
    "\\UFFFFFFFF", "#", "%", "@", "`", "\t", "\r\n", "---\n", "...\n",
    "%YAML 1.1\n", "%YAML 1.2\n---\n", "%TAG ! x\n", "\ufeff", "\x00", "\x85", "\u2028",
    "\u00a0", "\u3000", "\u200b", "<<: *a\n<<: *a\n", "\n<<<<<<< a\n", "\n=======\n", "\n>>>>>>> a\n", "x-a: ", "!x!y ",
]  # fmt: skip
PIECES = st.lists(st.sampled_from(WORDS + MARKS) | st.text(max_size=4), max_size=40).map("".join)

SCALARS = st.sampled_from(WORDS) | st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=6)
KEYS = st.sampled_from(WORDS)


def flow(value: object) -> str:
    """A drawn value as YAML in flow style, its scalars plain and so of any type."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return str(value)


VALUES = st.recursive(SCALARS, lambda inner: st.dictionaries(KEYS, inner, max_size=5) | st.lists(inner, max_size=3))
TREES = st.dictionaries(KEYS, VALUES, max_size=6).map(
    lambda tree: "version: 1\n" + flow(tree)[1:-1].replace(", ", "\n", 3)
)

FIELDS = ["name", "type", "price", "prices", "features", "overage", "credits", "metadata", "exchange_rates", "monthly"]
SHAPED = st.fixed_dictionaries(
    {},
    optional={
        section: st.dictionaries(
            st.sampled_from(["a", "pro", "1", "X"]), st.dictionaries(st.sampled_from(FIELDS), VALUES)
        )
        for section in ("features", "plans", "credit_packs")
    },
).map(lambda tree: "".join(["version: 1\n", *(f"{key}: {flow(value)}\n" for key, value in tree.items())]))


def said_of(text: str) -> tuple[Problem, ...]:
    """The problems of a text; none for a catalog. Any other exception than InvalidCatalog is a bug."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            load_text(Path(folder), text.encode("utf-8", "surrogatepass"))
        except InvalidCatalog as error:
            return error.problems
    return ()


def check(text: str) -> None:
    problems = said_of(text)
    # YAML breaks lines at more characters than editors do.
    lines = len(re.split("\r\n|[\n\r\x85\u2028\u2029]", text))
    for problem in problems:
        assert problem.message
        assert problem.code
        assert problem.origin is not None, f"{problem.message} is nowhere"
        assert 1 <= problem.origin.line <= lines + 1, problem
        assert problem.origin.column >= 1, problem


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example('version: 1\nplans: {pro: {name: "\\UFFFFFFFF"}}')
@example("version: 1\nplans: &a {<<: *a}")
@example("version: 1\nplans: {pro: {name: A, prices: {monthly: {price: 9e999999999}}}}")
@given(PIECES | TREES | SHAPED)
def test_any_text_is_a_catalog_or_a_clear_error(text: str) -> None:
    check(text)


@pytest.mark.proof
@settings(max_examples=15_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(PIECES | TREES | SHAPED)
def test_any_text_is_a_catalog_or_a_clear_error_a_hundred_times_over(text: str) -> None:
    check(text)
