"""Configurations that are wrong, or meant to do harm: every problem at its place, and nothing worse than that."""

import json
import time
from typing import Any

import pytest

from commetctl.core.errors import CommetctlError, InvalidCatalog, Refused
from commetctl.core.files import LARGEST_FILE
from commetctl.usecases.migration import Unit, migrate
from commetctl.usecases.migration.reading import dotted

PRICE = '{"features": {}, "plans": {"pro": {"name": "Pro", "prices": [{"interval": "monthly", "amount": %s}]}}}'


def convert(content: bytes | str, unit: Unit | None = Unit.MINOR) -> str:
    data = content.encode() if isinstance(content, str) else content
    return migrate("c.json", data, unit, file="commet.yaml").content.decode()


def problems(content: bytes | str, unit: Unit | None = Unit.MINOR) -> list[str]:
    """Each problem as `line:column message`."""
    with pytest.raises(InvalidCatalog) as caught:
        convert(content, unit)
    return [f"{p.origin.line}:{p.origin.column} {p.message}" for p in caught.value.problems if p.origin]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "1:1 is not JSON: a value is missing here"),
        ("export default defineConfig({", "1:1 is not JSON: a value is missing here"),
        ("{'a': 1}", "1:2 is not JSON: a key in double quotes is missing here"),
        ('{"a" 1}', "1:6 is not JSON: a `:` is missing here"),
        ('{"a": 1,}', "1:9 is not JSON: there is a `,` before `}`"),
        ('{"a": [1 2]}', "1:10 is not JSON: a `,` or `]` is missing here"),
        ('{"a": 1', "1:8 is not JSON: a `,` or `}` is missing here"),
        ('{}\n{"b": 1}', "2:1 is not JSON: there is more text after the end of the JSON"),
        (
            '{"a": "b\n"}',
            "1:7 is not JSON: the text that begins here does not end, or has a character that JSON does not allow",
        ),
        ('{"a": 01}', "1:8 is not JSON: a `,` or `}` is missing here"),
        ('{"a": NaN}', "1:7 is a value that JSON does not have"),
        ('{"a": -Infinity}', "1:7 is a value that JSON does not have"),
        ("[" * 100_000, "1:26 is nested more than 24 levels deep"),
        ('{"a":' * 100_000, "1:126 is nested more than 24 levels deep"),
        (b" " * (LARGEST_FILE + 1), "1:1 is larger than 8 MB"),
        (b'{"a": "\xff"}', "1:8 is not UTF-8 text"),
        ("{}".encode("utf-16"), "1:1 is UTF-16 text"),
        ("null", "1:1 must be an object of keys and values"),
        ("[]", "1:1 must be an object of keys and values"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_no_configuration(content: bytes | str, said: str) -> None:
    assert problems(content) == [said]


@pytest.mark.parametrize("version", ["2", "0", '"1"', "true", "null", "1.5"])
def test_of_a_later_version_nothing_else_is_said(version: str) -> None:
    assert problems(f'{{"schemaVersion": {version}, "features": 5}}') == ["1:2 `schemaVersion` must be 1"]


def test_a_mark_of_utf8_is_no_harm() -> None:
    assert convert(b'\xef\xbb\xbf{"features": {}, "plans": {}}').endswith("features: {}\n\nplans: {}\n")


def test_a_key_that_is_there_twice_is_an_error_wherever_it_is() -> None:
    content = (
        '{"features": {}, "plans": {"pro": {"name": "Pro",\n"prices": [], "prices": []}},\n"icon": {"a": 1, "a": 2}}'
    )
    assert problems(content) == [
        "2:15 `plans.pro.prices` is declared twice: the first is in line 2",
        "3:18 `icon.a` is declared twice: the first is in line 3",
    ]


@pytest.mark.parametrize(
    ("amount", "unit", "said"),
    [
        (
            "490050",
            Unit.RATE,
            "490050 cannot be right: as rate it is 49.005 USD, and an amount in USD has at most 2 digits",
        ),
        ("4.99", Unit.RATE, "4.99 cannot be right: as rate it must be a whole number"),
        ("4.99", Unit.MINOR, "4.99 cannot be right: as minor it must be a whole number"),
        ("49.900000000000006", Unit.MAJOR, "49.900000000000006 cannot be right: as major it is 49.900000000000006 USD"),
        ("-1", Unit.MINOR, "-1 cannot be right: as minor it is -0.01 USD, and an amount cannot be negative"),
        ("9007199254740992", Unit.MINOR, "9007199254740992 cannot be right: as minor it is 90071992547409.92 USD"),
        ("9" * 41, Unit.MINOR, f"{'9' * 40}… is not a number that can be an amount"),
        ("9" * 500_000, Unit.MINOR, f"{'9' * 40}… is not a number that can be an amount"),
        ("1e999999999", Unit.MINOR, "1e999999999 is not a number that can be an amount"),
        ("1e-999999999", Unit.MINOR, "1e-999999999 is not a number that can be an amount"),
        ("null", Unit.MINOR, "null is not a number that can be an amount"),
        ('"4900"', Unit.MINOR, "4900 is not a number that can be an amount"),
        ("true", Unit.MINOR, "true is not a number that can be an amount"),
        ("[4900]", Unit.MINOR, "an array is not a number that can be an amount"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_an_amount_that_cannot_be(amount: str, unit: Unit, said: str) -> None:
    (found,) = problems(PRICE % amount, unit)
    assert found.partition(": ")[2].startswith(said)


@pytest.mark.parametrize(("amount", "unit"), [("4.9e5", Unit.RATE), ("4900.0", Unit.MINOR), ("49.00", Unit.MAJOR)])
def test_a_number_is_what_it_is_however_it_is_written(amount: str, unit: Unit) -> None:
    assert "monthly: {price: 49.00}" in convert(PRICE % amount, unit)


def test_no_unit_is_guessed_even_where_one_reading_alone_is_possible() -> None:
    with pytest.raises(Refused) as caught:
        convert(PRICE % "4.99", None)
    assert caught.value.message == (
        "nothing in c.json shows the unit of its amounts: `plans.pro.prices[0].amount` 4.99 is impossible as rate, "
        "impossible as minor, 4.99 USD as major"
    )
    assert caught.value.hint == (
        "compare one with the dashboard, and give `--amounts rate` or `--amounts minor` or `--amounts major`"
    )


MISTAKES = """\
{
  "schemaVersion": 1,
  "features": {
    "API-calls": {"name": "API calls", "type": "usage"},
    "sso": {"name": "Single sign-on ", "type": "bool"},
    "seats": {"type": "seats", "unitName": 5},
    "exports": "yes"
  },
  "plans": {
    "pro": {
      "name": "Pro",
      "isPublic": "no",
      "defaultInterval": "daily",
      "prices": [
        {"interval": "monthly", "amount": 4900, "amountInCents": 4900},
        {"interval": "monthly", "amount": 4900},
        {"interval": "annual", "trialDays": 1.5},
        {"interval": 5, "amount": 4900},
        "free"
      ],
      "features": {
        "seats": {"included": 5, "unlimited": true, "overage": {}},
        "sso": {"included": -1},
        "nothing": true,
        "exports": null
      }
    },
    "free": {"name": "Pro", "isFree": true, "prices": [{"interval": "one_time", "amount": 0, "trialDays": 3}]},
    "team": {"name": "Team", "features": {"API-calls": {"overage": {"unitPrice": 0.5}}}}
  }
}
"""

SAID = """\
4:5 `features["API-calls"]`: `API-calls` is not a code
5:13 `features.sso.name`: begins or ends with white space
5:40 `features.sso.type` must be one of: boolean, usage, seats, quota
6:5 `features.seats.name` is required
6:32 `features.seats.unitName` must be text; put it in quotes
7:5 `features.exports` must be an object of keys and values
12:7 `plans.pro.isPublic` must be true or false
15:9 `plans.pro.prices[0]` has both `amount` and `amountInCents`
16:10 `plans.pro.prices[1].interval`: the plan already has a price for `monthly`
17:9 `plans.pro.prices[2]` has neither `amount` nor `amountInCents`
17:10 `plans.pro.prices[2].interval`: `annual` is not a billing interval
17:32 `plans.pro.prices[2].trialDays` must be a whole number
18:10 `plans.pro.prices[3].interval` must be the name of an interval
19:9 `plans.pro.prices[4]` must be an object of keys and values
22:19 `plans.pro.features.seats.included`: `unlimited` already includes any amount
22:53 `plans.pro.features.seats.overage.unitPrice` is required
22:53 `plans.pro.features.seats.overage`: an unlimited feature has no overage
22:53 `plans.pro.features.seats.overage`: an overage needs a consumption model
23:17 `plans.pro.features.sso.included` must be at least 0
24:9 `plans.pro.features.nothing`: `nothing` is not declared under `features:`
25:9 `plans.pro.features.exports` must be true, false or an object
28:57 `plans.free.prices[0].interval`: a free plan has no prices
28:94 `plans.free.prices[0].trialDays`: a one-time price has no trial
29:5 `plans.team.prices` is required
29:43 `plans.team.features["API-calls"]`: a usage feature needs a consumption model
29:57 `plans.team.features["API-calls"].overage`: an overage needs a consumption model
29:69 `plans.team.features["API-calls"].overage.unitPrice`: 0.5 cannot be right: as rate it must be a whole number
"""


def test_all_mistakes_are_said_at_once_and_each_at_its_place() -> None:
    found = "".join(f"{line}\n" for line in problems(MISTAKES))
    assert found == SAID


@pytest.mark.parametrize("sign", ["\x1b]0;title\x07", "\u202e", "\x9b2J", "\u2028"])
def test_a_key_that_a_terminal_would_obey_is_only_a_key(sign: str) -> None:
    data: Any = {"features": {sign: {"name": "Calls", "type": "usage"}}, "plans": {}}
    (found,) = problems(json.dumps(data))
    assert "is not a code" in found
    data = {"features": {}, "plans": {}, sign: sign}
    assert sign not in convert(json.dumps(data))


def test_half_a_character_is_an_error() -> None:
    assert problems('{"features": {"a": {"name": "\\ud800", "type": "usage"}}, "plans": {}}') == [
        "1:29 contains half of a surrogate pair"
    ]


def test_keys_that_are_something_to_a_script_are_keys() -> None:
    data = (
        '{"features": {"__proto__": {"name": "A", "type": "boolean"}, "constructor": {"name": "B", "type": "boolean"}},'
    )
    text = convert(data + '"plans": {}}')
    assert '"__proto__": {name: A, type: boolean}\n  constructor: {name: B, type: boolean}' in text


def test_text_that_is_something_to_yaml_is_text() -> None:
    names = ["on", "1.5", "a: b", "# c", "- d", "&e", "*f", "!g", "null", "${h}", "'i'", '"j"', "<<", "k\u00e9"]
    data: dict[str, Any] = {
        "features": {f"f{n}": {"name": x, "type": "boolean"} for n, x in enumerate(names)},
        "plans": {},
    }
    migrated = migrate("c.json", json.dumps(data).encode(), None, file="commet.yaml")
    assert [resource.fields["name"] for resource in migrated.catalog.desired.values()] == names


def test_a_large_configuration_takes_no_long() -> None:
    features = {f"f{n}": {"name": f"F {n}", "type": "boolean"} for n in range(4000)}
    plans = {f"p{n}": {"name": f"P {n}", "prices": [{"interval": "monthly", "amount": n}]} for n in range(2000)}
    begun = time.monotonic()
    convert(json.dumps({"features": features, "plans": plans}))
    # A few seconds on a slow machine; what is squared in the number of entries takes minutes.
    assert time.monotonic() - begun < 60


def test_many_unknown_keys_take_no_long() -> None:
    begun = time.monotonic()
    content = json.dumps({"features": {}, "plans": {}, **{f"k{n}": n for n in range(50_000)}})
    assert len(migrate("c.json", content.encode(), None, file="commet.yaml").notes) == 50_000
    assert time.monotonic() - begun < 30


def test_paths_are_as_one_writes_them() -> None:
    assert dotted(("plans", "my-plan", "prices", 0, "$x", "1")) == 'plans["my-plan"].prices[0].$x["1"]'


def test_errors_are_reported_not_raised() -> None:
    assert issubclass(InvalidCatalog, CommetctlError)
