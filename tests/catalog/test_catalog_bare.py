"""A key with nothing after it, and a number with a comma: errors at their place, wherever a value can stand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commetctl.catalog import load
from commetctl.catalog.loading import parse
from commetctl.core.errors import InvalidCatalog, Problem
from commetctl.core.separators import separated

Keys = tuple[str, ...]

#: Every setting, every field and every open mapping of the file, as it is written.
EVERYTHING: dict[str, Any] = {
    "version": "1",
    "api_version": "2026-07-11",
    "mode": "sandbox",
    "price_scale": "rate",
    "policy": {"max_price_change": "50%", "max_deletes": "5", "max_updates": "off"},
    "features": {
        "calls": {
            "name": "Calls", "type": "usage", "unit_name": "call", "description": "Requests",
            "lifecycle": {"protect": "true"},
        },
        "sso": {"name": "SSO", "type": "boolean"},
    },
    "plans": {
        "pro": {
            "name": "Pro", "description": "For teams", "consumption_model": "metered", "visibility": "public",
            "is_free": "false", "block_on_exhaustion": "false", "metadata": {"tier": "2", "90": "x"},
            "prices": {
                "monthly": {
                    "price": "49.00", "trial_days": "14", "is_default": "true",
                    "regional_prices": {"eur": "45.00", "brl": {"price": "249.00", "lifecycle": {"protect": "true"}}},
                    "lifecycle": {"protect": "true"},
                },
            },
            "features": {
                "calls": {
                    "enabled": "true", "included_amount": "1000", "pricing_mode": "fixed",
                    "overage": {"unit_price": "0.002", "regional_prices": {"brl": "0.011"}},
                    "lifecycle": {"protect": "true"},
                },
                "sso": "true",
            },
            "exchange_rates": {"brl": "5.20", "eur": "0.92"},
            "lifecycle": {"protect": "true"},
        },
    },
    "credit_packs": {
        "small": {
            "name": "Small", "credits": "500", "price": "12.00", "description": "A few", "is_active": "true",
            "previous_name": "Tiny", "id": "cpk_1",
        },
    },
}  # fmt: skip


def paths(data: dict[str, Any], above: Keys = ()) -> Iterator[Keys]:
    for key, value in data.items():
        yield (*above, key)
        if isinstance(value, dict):
            yield from paths(value, (*above, key))


PATHS = list(paths(EVERYTHING))


def in_lines(data: dict[str, Any], blank: Keys = (), above: Keys = ()) -> Iterator[tuple[Keys, str]]:
    """Each key on a line of its own, that of `blank` with nothing after it."""
    for key, value in data.items():
        here = (*above, key)
        pad = "  " * len(above) + ("'90'" if key == "90" else key) + ":"
        nested = isinstance(value, dict)
        yield here, pad if nested or here == blank else f"{pad} {value}"
        if nested and here != blank:
            yield from in_lines(value, blank, here)


def in_braces(value: Any, blank: Keys, above: Keys = ()) -> str:
    """The same in braces on one line; the key of `blank` is marked."""
    if above == blank:
        return ""
    if not isinstance(value, dict):
        return str(value)
    parts = []
    for key, item in value.items():
        here = (*above, key)
        mark = "@" if here == blank else ""
        parts.append(f"{mark}{_quoted(key)}: {in_braces(item, blank, here)}")
    return "{" + ", ".join(parts) + "}"


def _quoted(key: str) -> str:
    return "'90'" if key == "90" else key


def problems(text: str) -> list[Problem]:
    with pytest.raises(InvalidCatalog) as caught:
        parse("commet.yaml", text.encode())
    return list(caught.value.problems)


def places(found: list[Problem]) -> list[tuple[str, int, int]]:
    return [(item.code, item.origin.line, item.origin.column) for item in found if item.origin]


def test_everything_is_valid_as_it_is() -> None:
    text = "\n".join(line for _, line in in_lines(EVERYTHING))
    assert parse("commet.yaml", text.encode()).mode == "sandbox"
    parse("commet.yaml", in_braces(EVERYTHING, ("none",)).encode())


@pytest.mark.parametrize("blank", PATHS, ids=".".join)
def test_a_key_with_nothing_after_it_is_an_error_in_lines(blank: Keys) -> None:
    lines = list(in_lines(EVERYTHING, blank))
    row = [path for path, _ in lines].index(blank)
    (found,) = [item for item in problems("\n".join(line for _, line in lines)) if item.code == "bare_key"]
    assert found.message == f"nothing is written after `{'.'.join(blank)}`"
    assert places([found]) == [("bare_key", row + 1, 2 * len(blank) - 1)]
    assert "remove the key" in found.hint


@pytest.mark.parametrize("blank", PATHS, ids=".".join)
def test_a_key_with_nothing_after_it_is_an_error_in_braces(blank: Keys) -> None:
    marked = in_braces(EVERYTHING, blank)
    found = problems(marked.replace("@", ""))
    assert ("bare_key", 1, marked.index("@") + 1) in places(found)
    assert not [item for item in found if item.code == "missing_key"], "it is there, and said to have no value"


@pytest.mark.parametrize("blank", [path for path in PATHS if path != ("version",)], ids=".".join)
def test_null_still_stands_for_a_key_that_is_not_there(blank: Keys) -> None:
    """Required keys are missing then; nothing is said of a value that was forgotten."""
    text = "\n".join(line + " null" if path == blank else line for path, line in in_lines(EVERYTHING, blank))
    # One mistake that is there in any case, so that there are problems to look at.
    found = problems(f"{text}\nbogus: 1\n")
    assert ("unknown_key", text.count("\n") + 2, 1) in places(found)
    assert "bare_key" not in [item.code for item in found]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("plans:\n  pro:\n    name: Pro\n    prices:\n      # monthly: {price: 49.00}\n", 4, 5),
        ("plans:\n  pro:   # name: Pro\n", 2, 3),
        ("features:\n", 1, 1),
        ("include:\n", 1, 1),
        ("nmae:\n", 1, 1),
        ("plans: {pro: {name: Pro, metadata: {a, b: x}}}\n", 1, 37),
        ("plans: {pro: {name: Pro, metadata: {? a, b: x}}}\n", 1, 39),
        ("plans: {pro: {name: Pro, description: &text }}\n", 1, 26),
        ("plans: {pro: {name: Pro, description: !!null }}\n", 1, 26),
    ],
)
def test_nothing_is_nothing_in_whatever_form(text: str, line: int, column: int) -> None:
    assert ("bare_key", line + 1, column) in places(problems(f"version: 1\n{text}"))


def test_nothing_behind_an_anchor_is_told_once() -> None:
    text = "version: 1\nplans:\n  a: &a\n    name: A\n    description:\n  b:\n    <<: *a\n    name: B\n"
    assert places(problems(text)) == [("bare_key", 5, 5)]


def test_every_key_with_nothing_after_it_is_told_at_once_beside_other_mistakes() -> None:
    text = "version: 1\nfeatures:\nplans:\n  pro:\n    name:\n    nmae:\n    prices: {monthly: {price: x}}\n"
    assert places(problems(text)) == [
        ("bare_key", 2, 1), ("bare_key", 5, 5), ("bare_key", 6, 5), ("unknown_key", 6, 5), ("amount", 7, 31),
    ]  # fmt: skip


def test_an_included_file_and_an_overlay_say_it_too(tmp_path: Path) -> None:
    (tmp_path / "commet.yaml").write_text("version: 1\ninclude: [more.yaml]\nplans: {pro: {name: Pro}}\n")
    (tmp_path / "more.yaml").write_text("version: 1\nfeatures:\n  sso: {name: SSO, type: boolean, description: }\n")
    (tmp_path / "commet.live.yaml").write_text(
        "version: 1\nplans:\n  pro:\n    metadata: {seats: 1,500}\n    prices:\n"
    )
    with pytest.raises(InvalidCatalog) as caught:
        load(tmp_path / "commet.yaml", environment="live")
    found = [
        (Path(item.origin.file).name, item.code, item.origin.line) for item in caught.value.problems if item.origin
    ]
    assert found == [
        ("more.yaml", "bare_key", 3), ("commet.live.yaml", "decimal_comma", 4), ("commet.live.yaml", "bare_key", 5),
    ]  # fmt: skip


# Commas in numbers


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("45,90", "write `45.90`"),
        ("45,9", "write `45.9`"),
        ("-5,2", "write `5.2`; it cannot be negative"),
        ("0,011", "write `0.011`"),
        ("0,5", "write `0.5`"),
        ("1234,567", "write `1234.567`"),
        ("1,500", "write `1500` if the comma separates thousands, or `1.500` if it stands before decimals"),
        ("1,234,567", "write `1234567`"),
        ("1,234.56", "write `1234.56`"),
        ("1.234,56", "write `1234.56`"),
        ("1.234.567,8", "write `1234567.8`"),
        ("€45,90", "write `45.90`"),
        ("45,90 EUR", "write `45.90`"),
        ("12,5%", "write `12.5%`"),
        ("$49", "write `49`"),
        ("49 €", "write `49`"),
        ("R$ 249", "write `249`"),
        ("EUR 49,00", "write `49.00`"),
        ("49.00 usd", "write `49.00`"),
        ("$1.500", "write `1500` if the point separates thousands, or `1.500` if it stands before decimals"),
        ("−49", "write `49`; it cannot be negative"),
        ("49٫00", "write `49.00`"),
        ("1٬234٫50", "write `1234.50`"),
        ("49，00", "write `49.00`"),
        ("30%", None),
        ("-5", None),
        ("3 days", None),
        ("1,2,3", "write digits with at most one point"),
        ("1.5,20", "write digits with at most one point"),
        ("45.90", None),
        ("a,b", None),
        ("1, 2 and 3", None),
        (",5", None),
        ("5,", None),
        ("9" * 70 + ",5", None),
    ],
)
def test_what_a_comma_may_have_meant(text: str, hint: str | None) -> None:
    found = separated(text)
    assert (found and found.hint) == hint


@pytest.mark.parametrize(("text", "hint"), [("1,500", "write `1500`"), ("1,5", "write digits alone"), ("5", None)])
def test_where_only_a_whole_number_can_stand_no_decimals_were_meant(text: str, hint: str | None) -> None:
    found = separated(text, whole=True)
    assert (found and found.hint) == hint


def is_number(path: Keys) -> bool:
    """Whether an amount, a rate or a count stands there; a label may be any text."""
    value: Any = EVERYTHING
    for key in path:
        value = value[key]
    known = path[-2:-1] != ("metadata",) and path[0] not in ("version", "policy")
    return known and isinstance(value, str) and value.replace(".", "").isdecimal()


#: The keys of whole numbers.
WHOLE = ("trial_days", "included_amount", "credits")
NUMBERS = [path for path in PATHS if is_number(path)]


def with_number(path: Keys, number: str, data: dict[str, Any] = EVERYTHING) -> dict[str, Any]:
    """The same with another number at a path."""
    key, *rest = path
    return data | {key: with_number(tuple(rest), number, data[key]) if rest else number}


def test_there_are_numbers_of_every_kind() -> None:
    assert {path[-1] for path in NUMBERS} >= {
        "price", "trial_days", "eur", "brl", "included_amount", "unit_price", "credits"
    }  # fmt: skip
    assert len(NUMBERS) == 11


@pytest.mark.parametrize("number", ["45,90", "1,500", "1,234,567", "1,234.56", "1.234,56", "45, 90"])
@pytest.mark.parametrize("path", NUMBERS, ids=".".join)
def test_a_comma_in_braces_is_named_at_the_number(path: Keys, number: str) -> None:
    marked = in_braces(with_number(path, "@"), ("none",))
    found = problems(marked.replace("@", number))
    shown = number.replace(" ", "")
    (comma,) = [item for item in found if item.code == "decimal_comma"]
    assert places([comma]) == [("decimal_comma", 1, marked.index("@") + 1)]
    assert comma.message.startswith(f"`{shown}` has a comma")
    meant = separated(shown, whole=path[-1] in WHOLE)
    assert meant
    assert comma.hint.startswith(meant.hint)
    assert not {item.code for item in found} & {"bare_key", "unknown_key", "duplicate_key", "unknown_currency"}


@pytest.mark.parametrize("number", ["45,90", "1,500", "'45,90'", '"1,234.56"', "1.234,56"])
@pytest.mark.parametrize("path", NUMBERS, ids=".".join)
def test_a_comma_in_lines_or_in_quotes_is_named_at_the_number(path: Keys, number: str) -> None:
    lines = list(in_lines(with_number(path, number)))
    row = [known for known, _ in lines].index(path)
    column = lines[row][1].index(number) + 1
    found = problems("\n".join(line for _, line in lines))
    (comma,) = [item for item in found if item.code == "decimal_comma"]
    assert places([comma]) == [("decimal_comma", row + 1, column)]
    meant = separated(number.strip("'\""), whole=path[-1] in WHOLE)
    assert meant
    assert comma.hint == meant.hint


def test_two_prices_with_the_same_cents_are_two_commas_and_no_key_twice() -> None:
    text = "plans: {pro: {name: P, prices: {monthly: {price: 49,90, regional_prices: {eur: 45,90, brl: 9,90}}}}}"
    assert [code for code, _, _ in places(problems(f"version: 1\n{text}"))] == ["decimal_comma"] * 3


@pytest.mark.parametrize(
    "text",
    ["metadata: {seats: 1,500}", "metadata: {a: 5, 90}", "metadata: {price: €45,90}", "metadata: {price: EUR 45,90}"],
)
def test_a_label_that_a_comma_has_cut_is_told(text: str) -> None:
    assert [code for code, _, _ in places(problems(f"version: 1\nplans: {{pro: {{name: P, {text}}}}}"))] == [
        "decimal_comma"
    ]


@pytest.mark.parametrize("text", ["metadata: {a: 5, 90: x}", "metadata: {a: '1,500'}", "description: From 1, to 9"])
def test_a_comma_that_is_meant_is_none_of_these(text: str) -> None:
    lines = f"version: 1\nplans:\n  pro:\n    name: P\n    {text}\n"
    assert len(parse("commet.yaml", lines.encode()).desired) == 1


@pytest.mark.parametrize("written", ["max_price_change: 12,5%", "max_deletes: 1,5%"])
def test_a_limit_with_a_comma_says_what_to_write(written: str) -> None:
    (found,) = problems(f"version: 1\npolicy:\n  {written}\n")
    assert found.hint == f"write `{written.split()[1].replace(',', '.')}`"


@pytest.mark.parametrize(
    ("written", "cut"),
    [
        ("metadata: {price: +45,90}", "+45,90"),
        ("metadata: {price: about 45,90}", "about 45,90"),
        ("metadata: {price: 45,-}", "45,-"),
        ("metadata: {price: '45',90}", "45,90"),
        ("metadata: {tier: fast, cheap}", "fast, cheap"),
        ("metadata: {tier: v1,5}", "v1,5"),
        ("metadata: {seats: 5, tier}", None),
        ("metadata: {seats: 5, tier:}", None),
        ("metadata: {tier}", None),
    ],
)
def test_a_comma_that_may_have_made_the_key_is_named(written: str, cut: str | None) -> None:
    found = problems(f"version: 1\nplans: {{pro: {{name: P, {written}}}}}")
    (hint,) = [problem.hint for problem in found if problem.code == "bare_key"]
    assert ("a comma ends it here" in hint) is (cut is not None)
    assert cut is None or f"if `{cut}` is one value" in hint


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        (("plans",), "write `{}` to declare that there are none, or remove the key to leave those in Commet unmanaged"),
        (("plans", "pro"), "write a value, or remove the key"),
        (("plans", "pro", "prices"), "write `{}` for none, or remove the key"),
        (("plans", "pro", "prices", "monthly"), "write a value, or remove the key"),
        (("plans", "pro", "prices", "monthly", "regional_prices", "eur"), "write a value, or remove the key"),
        (("plans", "pro", "features", "api"), "write `true` to include it, or remove the key"),
        (("plans", "pro", "features", "api", "overage"), "write a value, or remove the key"),
        (("plans", "pro", "metadata"), "write `{}` for none, or remove the key"),
        (("plans", "pro", "metadata", "tier"), "write a value, or remove the key"),
        (("plans", "pro", "lifecycle"), "write `{}` for none, or remove the key"),
        (("policy", "max_deletes"), "write a value, or remove the key"),
        (("mode",), "write a value, or remove the key"),
    ],
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else "",
)
def test_the_way_out_is_what_the_place_may_hold(path: Keys, hint: str) -> None:
    lines = "".join(f"{'  ' * depth}{key}:\n" for depth, key in enumerate(path))
    (bare,) = [problem for problem in problems(f"version: 1\n{lines}") if problem.code == "bare_key"]
    assert bare.hint == hint
