"""Variables in values: what they stand for, and every way to be wrong."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commetctl.catalog.document import parse
from commetctl.catalog.variables import LONGEST, escaped, substituted
from commetctl.core.errors import InvalidCatalog
from environments.files import loaded, told

SET = {
    "COMMETCTL_VAR_price": "49.00",
    "COMMETCTL_VAR_NAME": "Pro: for # teams, {all} of them",
    "COMMETCTL_VAR_days": "14",
    "COMMETCTL_VAR_yes": "true",
    "COMMETCTL_VAR_EMPTY": "",
    "COMMETCTL_VAR_LONG": "x" * (LONGEST + 1),
    "COMMETCTL_VAR_odd": "a\nb: c",
    "SECRET": "ck_live_never",
}


def value(text: str) -> object:
    return parse("commet.yaml", f"x: {text}\n".encode(), SET).data["x"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("${COMMETCTL_VAR_NAME}", "Pro: for # teams, {all} of them"),
        ('"${COMMETCTL_VAR_NAME}!"', "Pro: for # teams, {all} of them!"),
        ("${COMMETCTL_VAR_days}", 14),
        ('"${COMMETCTL_VAR_days}"', "14"),
        ("1${COMMETCTL_VAR_days}", 114),
        ("${COMMETCTL_VAR_yes}", True),
        ("'${COMMETCTL_VAR_yes}'", "true"),
        ("${COMMETCTL_VAR_odd}", "a\nb: c"),
        ("$${COMMETCTL_VAR_days}", "${COMMETCTL_VAR_days}"),
        ("$$${COMMETCTL_VAR_days}", "$${COMMETCTL_VAR_days}"),
        # Nothing else is looked up, and nothing else is touched.
        ("${SECRET} ${HOME} $COMMETCTL_VAR_days", "${SECRET} ${HOME} $COMMETCTL_VAR_days"),
    ],
)
def test_a_variable_stands_for_what_is_written_there(written: str, meant: object) -> None:
    found = value(written)
    assert (found, type(found)) == (meant, type(meant))


def test_an_amount_is_exact_through_a_variable() -> None:
    assert str(value("${COMMETCTL_VAR_price}")) == "49.00"


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        ("${COMMETCTL_VAR_x}", "`COMMETCTL_VAR_x` is not set", "set COMMETCTL_VAR_x in the environment"),
        ("${COMMETCTL_VAR_EMPTY}", "`COMMETCTL_VAR_EMPTY` is empty", "set COMMETCTL_VAR_EMPTY in the environment"),
        ("${COMMETCTL_VAR_PRICE}", "`COMMETCTL_VAR_PRICE` is not set", "did you mean `${COMMETCTL_VAR_price}`?"),
        (
            "${COMMETCTL_VAR_LONG}",
            "`COMMETCTL_VAR_LONG` holds more than 4096 characters",
            "check the value of the variable",
        ),
        *(
            (
                wrong,
                f"`{wrong}` is not a variable",
                "variables are written `${COMMETCTL_VAR_name}`, with only letters, ",
            )
            for wrong in ("${COMMETCTL_VAR_a-b}", "${COMMETCTL_VAR_}", "${COMMETCTL_VAR_x:-1}", "${COMMETCTL_VAR_days")
        ),
    ],
)
def test_one_that_is_wrong_is_an_error_at_its_place(written: str, message: str, hint: str) -> None:
    (problem,) = parse("commet.yaml", f"x: {written}\n".encode(), SET).problems
    assert (str(problem.origin), problem.message) == ("commet.yaml:1:4", message)
    assert problem.hint.startswith(hint)


def test_a_variable_in_a_key_is_an_error() -> None:
    (problem,) = parse("commet.yaml", b"'${COMMETCTL_VAR_days}': 1\n", SET).problems
    assert (problem.code, problem.message) == ("bad_variable", "a variable cannot be used in a key")


def test_one_between_braces_needs_quotes_which_is_said() -> None:
    with pytest.raises(InvalidCatalog) as error:
        parse("commet.yaml", b"x: {price: ${COMMETCTL_VAR_price}}\n", SET)
    (problem,) = error.value.problems
    assert problem.hint == "put a variable between braces in quotes"
    assert problem.origin
    assert (problem.origin.text, problem.fix) == ("${COMMETCTL_VAR_price}", '"${COMMETCTL_VAR_price}"')


def test_nothing_else_is_said_of_a_value_that_is_not_known(tmp_path: Path) -> None:
    lines = told(
        tmp_path,
        {
            "commet.yaml": "version: 1\nmode: ${COMMETCTL_VAR_nowhere}\nplans:\n  pro:\n    name: Pro\n"
            "    prices: {monthly: {price: '${COMMETCTL_VAR_nowhere}', trial_days: x}}\n"
        },
    )
    assert [line for line in lines if not line.startswith("  hint")] == [
        "commet.yaml:2:7: `COMMETCTL_VAR_nowhere` is not set",
        "commet.yaml:6:31: `COMMETCTL_VAR_nowhere` is not set",
        "commet.yaml:6:71: plan_price.pro/monthly: `trial_days` must be a whole number",
    ]


def test_the_environment_of_the_process_is_what_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMETCTL_VAR_name", "From outside")
    catalog = loaded(
        tmp_path, {"commet.yaml": "version: 1\nfeatures: {a: {name: '${COMMETCTL_VAR_name}', type: usage}}\n"}
    )
    assert [resource.fields["name"] for resource in catalog.desired.values()] == ["From outside"]


@given(st.lists(st.sampled_from(["$", "{", "}", "${", "COMMETCTL_VAR_", "days", "x", " "])))
def test_what_is_escaped_reads_back_as_it_was(parts: list[str]) -> None:
    text = "".join(parts)
    found = substituted(escaped(text), SET)
    assert (found.text, found.troubles) == (text, ())


@pytest.mark.parametrize("held", ["null", "~", "NULL"])
def test_nothing_through_a_variable_is_an_error(held: str) -> None:
    """A field that is left out has its default, and a key that an overlay takes away is deleted."""
    found = parse("commet.yaml", b"x: ${COMMETCTL_VAR_x}\n", {"COMMETCTL_VAR_x": held})
    assert [problem.message for problem in found.problems] == [
        f"`${{COMMETCTL_VAR_x}}` comes to `{held}`, which is nothing"
    ]
    assert parse("commet.yaml", b"x: '${COMMETCTL_VAR_x}'\n", {"COMMETCTL_VAR_x": held}).data == {"x": held}
