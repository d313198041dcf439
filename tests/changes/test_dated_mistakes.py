"""Changes that are wrong: each mistake is said once, at its place, with what to write."""

from pathlib import Path

import pytest

from changes.dated import BASE, RAISED, WAS, change, said, told

_FORM = (
    "  hint: write a date such as 2027-01-01, which is 00:00 UTC, or a time with an offset: 2027-01-01T00:00:00+01:00"
)
_NO_MOMENT = "`change.effective` must be a date, or a time with an offset"
_NO_DAY = "`change.effective` is not a day of the calendar"
_WORD = f"version: 1\n{RAISED}\n"


@pytest.mark.parametrize(
    ("moment", "wrong"),
    [
        ("2027-01-01T00:00:00", "`change.effective` has no offset from UTC, so it is another moment in each time zone"),
        ("01-02", "`change.effective` has no year"),
        ("1.2.", "`change.effective` has no year"),
        ("1 January", _NO_MOMENT),
        ("20270101", _NO_MOMENT),
        ("tomorrow", _NO_MOMENT),
        ("2027-W01-1T00:00:00Z", _NO_MOMENT),
        ("20270101T000000Z", _NO_MOMENT),
        ('"2027-01-01x00:00:00Z"', _NO_MOMENT),
        ("2027-01-01T25:00:00Z", _NO_MOMENT),
        ("2027-02-29", _NO_DAY),
        ("2100-02-29", _NO_DAY),
        ("2027-04-31", _NO_DAY),
        ("2027-13-01", _NO_DAY),
        ("0000-01-01", _NO_DAY),
        ("9999-12-31T23:00:00-05:00", "`change.effective` is not a moment of the calendar"),
        ("0001-01-01T00:00:00+05:00", "`change.effective` is not a moment of the calendar"),
    ],
)
def test_what_is_no_moment(tmp_path: Path, moment: str, wrong: str) -> None:
    hint = "  hint: check the day and the month" if wrong is _NO_DAY else _FORM
    assert said(tmp_path, change(f"effective: {moment}")) == [f"changes/raise.yaml:2:21: {wrong}", hint]


@pytest.mark.parametrize(
    ("head", "wrong"),
    [
        ("{effective: {}}", "2:21: `change.effective` must not be empty"),
        ("{effective: [2027-01-01]}", f"2:21: {_NO_MOMENT}"),
        ("{effective: null}", "2:10: `change.effective` is required"),
        ("{why: x}", "2:1: `change.effective` is required"),
        ("[]", "2:9: `change` must be a mapping of keys to values"),
        ("2027-01-01", "2:9: `change` must be a mapping of keys to values"),
        ("null", "2:1: `change` is required: without a date the file is no change"),
        ("", "2:1: nothing is written after `change`"),
        ("\n  effective:", "3:3: nothing is written after `change.effective`"),
        ("\n  effective:\n    live:", "4:5: nothing is written after `change.effective.live`"),
        ("{effective: {live: now}}", "2:10: `change.effective` has dates only for `live`"),
        ("{effective: {Live: now}}", "2:21: `change.effective` has `Live`, which is not the name of an environment"),
        ("{effective: {live: 01-02}}", "2:28: `change.effective.live` has no year"),
        ("{effective: now, whyy: x}", "2:26: `change.whyy` is not a known key"),
        ("{effective: now, effective: never}", "2:26: `effective` is declared twice: the first is in line 2"),
        (
            "{effective: now, existing: none}",
            "2:36: `change.existing` must be `at_renewal`, `keep`, or a moment such as `{from: 2027-03-01}`",
        ),
        ("{effective: now, existing: {from: 2027-02-30}}", "2:36: `change.existing` is not a day of the calendar"),
        ("{effective: now, announced: 1.12.}", "2:37: `change.announced` has no year"),
        ("{effective: now, announced: 2026-12-01T00:00:00Z}", "2:37: `change.announced` must be a date"),
        ("{effective: now, notice: -1}", "2:34: `change.notice` must be at least 0"),
        ("{effective: now, notice: 30 days}", "2:34: `change.notice` must be a whole number"),
        ("{effective: now, was: []}", "2:31: `change.was` must be a mapping of keys to values"),
        ("\n  effective: ${COMMETCTL_VAR_nowhere}", "3:14: `COMMETCTL_VAR_nowhere` is not set"),
    ],
)
def test_a_head_that_is_wrong(tmp_path: Path, head: str, wrong: str) -> None:
    lines = said(tmp_path, f"version: 1\nchange: {head}\n{RAISED}\n")
    assert [line for line in lines if not line.startswith("  hint")] == [f"changes/raise.yaml:{wrong}"]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (_WORD, "1:1: `change` is required: without a date the file is no change"),
        (f"change: {{effective: 2027-01-01}}\n{RAISED}\n", "1:1: `version` is required"),
        (change(content=""), "2:1: `change` has no content: the file has no objects"),
        (change(content="x-note: mine"), "2:1: `change` has no content: the file has no objects"),
        ("", "1:1: is empty"),
        ("- pro\n", "1:1: must be a mapping of keys to values"),
        ("a: [}\n", "1:5: "),
        (change(content=f"mode: live\n{RAISED}"), "3:1: `mode` cannot be here: "),
        (change(content=f"policy: {{max_deletes: 5}}\n{RAISED}"), "3:1: `policy` cannot be here: "),
        (change(content=f"include: [more.yaml]\n{RAISED}"), "3:1: `include` cannot be here: "),
        (change(content=f"api_version: 2026-08-27\n{RAISED}"), "3:1: `api_version` cannot be here: "),
        (change(content="plnas: {}"), "3:1: from 2027-01-01 on: `plnas` is not a known key"),
        (
            change(content="plans: {team: null}"),
            "3:9: from 2027-01-01 on: `plans.team` is not in commet.yaml, so there is nothing to remove",
        ),
        (
            change(content="plans: {pro: {features: {api: true}}}"),
            "3:26: plan_feature.pro/api: from 2027-01-01 on: `api` is not declared under `features:`",
        ),
        (
            change("effective: 2027-01-01T09:30:00+01:00", "plans: {pro: {prices: {monthly: {price: -1}}}}"),
            "3:41: plan_price.pro/monthly: from 2027-01-01 08:30 UTC on: `price` cannot be negative",
        ),
    ],
)
def test_a_file_that_is_no_change_or_has_no_valid_future(tmp_path: Path, text: str, wrong: str) -> None:
    [line, *_] = [line for line in said(tmp_path, text) if not line.startswith("  hint")]
    assert line.startswith(f"changes/raise.yaml:{wrong}")


def test_a_future_that_is_wrong_is_said_at_its_place_whatever_comes_before_it(tmp_path: Path) -> None:
    """One change takes a feature away, and a later one, which is right today, uses it."""
    changes = {
        "a.yaml": change("effective: 2027-01-01", "features: {sso: null}\nplans: {pro: {features: {sso: null}}}"),
        "b.yaml": change("effective: 2027-02-01", "plans: {pro: {features: {sso: true}}}"),
    }
    assert told(tmp_path, changes) == [
        "changes/b.yaml:3:26: plan_feature.pro/sso: from 2027-02-01 on: `sso` is not declared under `features:`",
        "  hint: declare it under `features:`",
    ]


_AGAIN = "  hint: read both; if the change still fits, renew `was`: `commetctl schedule changes/raise.yaml`"
_TEAM = "plans: {team: {name: Team, prices: {monthly: {price: 59.00}}}}"


@pytest.mark.parametrize(
    ("was", "content", "wrong"),
    [
        (
            "plans.pro.prices.monthly: {price: 48.00}",
            RAISED,
            "2:66: commet.yaml:8:24 says 49.00, but this change was written over 48.00",
        ),
        (
            "plans: {pro: {prices: {monthly: {price: 48.00}}}}",
            RAISED,
            "2:72: commet.yaml:8:24 says 49.00, but this change was written over 48.00",
        ),
        (
            "plans.pro.prices.monthly: {price: 49.00}",
            "plans: {pro: {name: Pro 2, prices: {monthly: {price: 59.00}}}}",
            "2:33: `was` says nothing of `plans.pro.name`, which the change replaces",
        ),
        (
            "plans.pro: {name: Pro, prices: {monthly: {price: 49.00}}}",
            RAISED,
            "2:51: `was` names `plans.pro.name`, which the change does not replace",
        ),
        (
            "plans.pro: null",
            RAISED,
            "2:39: commet.yaml:8:24 says 49.00, but this change was written over nothing",
        ),
        (
            "plans.team: {name: Team}",
            _TEAM,
            "2:39: there is no `plans.team`, but this change was written over {name: Team}",
        ),
        ("plans.team: {name: Team}", RAISED, "2:33: `was` says nothing of `plans.pro.prices.monthly.price`, which"),
    ],
)
def test_a_lock_that_does_not_fit(tmp_path: Path, was: str, content: str, wrong: str) -> None:
    first, hint, *_ = said(tmp_path, change(f"effective: 2027-01-01, was: {{{was}}}", content))
    assert first.startswith(f"changes/raise.yaml:{wrong}")
    assert hint == _AGAIN


@pytest.mark.parametrize(
    ("was", "content"),
    [
        ("plans.pro.prices.monthly: {price: 49.00}", RAISED),
        ("plans.pro.prices.monthly.price: 49", RAISED),
        ('plans: {pro: {prices: {monthly: {price: "49.0"}}}}', RAISED),
        ("plans.pro.prices: {monthly: {price: 49.00}}", RAISED),
        ("plans.team: null", _TEAM),
        ("plans.pro.features.sso: true", "plans: {pro: {features: {sso: null}}}"),
        ("plans.pro.features: {sso: true}", "plans: {pro: {features: null}}"),
        ("plans.pro.description: null", "plans: {pro: {description: For teams}}"),
    ],
)
def test_a_lock_that_fits(tmp_path: Path, was: str, content: str) -> None:
    assert said(tmp_path, change(f"effective: 2027-01-01, was: {{{was}}}", content)) == []


def test_each_change_is_locked_to_the_one_before(tmp_path: Path) -> None:
    second = "plans: {pro: {prices: {monthly: {price: 69.00}}}}"
    after = change("effective: 2027-02-01, was: {plans.pro.prices.monthly: {price: 59.00}}", second)
    assert told(tmp_path, {"a.yaml": change(f"effective: 2027-01-01, {WAS}"), "b.yaml": after}) == []
    over_today = change(f"effective: 2027-02-01, {WAS}", second)
    [line, *_] = told(tmp_path, {"a.yaml": change(f"effective: 2027-01-01, {WAS}"), "b.yaml": over_today})
    assert line == ("changes/b.yaml:2:66: changes/a.yaml:3:41 says 59.00, but this change was written over 49.00")


_REMOVED = "plans: {pro: null}"


@pytest.mark.parametrize(
    ("one", "other", "place", "path", "first", "when"),
    [
        (change(), change(), "3:34", "plans.pro.prices.monthly.price", "3:34", "on 2027-01-01"),
        (change(), change(content=_REMOVED), "3:9", "plans.pro", "3:34", "on 2027-01-01"),
        (change(content=_REMOVED), change(), "3:34", "plans.pro.prices.monthly.price", "3:9", "on 2027-01-01"),
        (
            change(),
            change("effective: 2027-01-01T01:00:00+01:00"),
            "3:34",
            "plans.pro.prices.monthly.price",
            "3:34",
            "on 2027-01-01",
        ),
        (
            change("effective: now"),
            change("effective: now"),
            "3:34",
            "plans.pro.prices.monthly.price",
            "3:34",
            "at once",
        ),
    ],
)
def test_the_same_path_twice_at_one_moment(
    tmp_path: Path, one: str, other: str, place: str, path: str, first: str, when: str
) -> None:
    lines = told(tmp_path, {"a.yaml": one, "b.yaml": other})
    assert lines[:2] == [
        f"changes/b.yaml:{place}: `{path}` changes twice {when}: the first is at changes/a.yaml:{first}",
        "  hint: keep one of them, or give one another date",
    ]


def test_a_second_apart_or_of_other_values_they_go_together(tmp_path: Path) -> None:
    later = change("effective: 2027-01-01T00:00:01Z", "plans: {pro: {prices: {monthly: {price: 60.00}}}}")
    assert told(tmp_path, {"a.yaml": change(), "b.yaml": later}) == []
    beside = change(content="plans: {pro: {name: Pro 2}}")
    assert told(tmp_path, {"a.yaml": change(), "b.yaml": beside}) == []


@pytest.mark.parametrize(
    ("base", "more", "environment", "wrong"),
    [
        (f"{BASE}change: {{effective: now}}\n", {}, "", "commet.yaml:10:1: `change` cannot be here: it belongs in"),
        (
            f"{BASE}include: [more.yaml]\n",
            {"./more.yaml": "version: 1\nchange: {effective: now}\n"},
            "",
            "more.yaml:2:1: `change` cannot be here: it belongs in a file of its own in changes/",
        ),
        (
            BASE,
            {"./commet.live.yaml": "version: 1\nchange: {effective: now}\n"},
            "live",
            "commet.live.yaml:2:1: `change` cannot be here: it belongs in a file of its own in changes/",
        ),
        (
            f"{BASE}include: [changes/raise.yaml]\n",
            {"raise.yaml": change()},
            "",
            "commet.yaml:10:11: `changes/raise.yaml` is in the folder of dated changes",
        ),
        (
            f"{BASE}include: [./more/../changes/raise.yaml]\n",
            {"raise.yaml": change()},
            "",
            "commet.yaml:10:11: `./more/../changes/raise.yaml` is in the folder of dated changes",
        ),
        (
            BASE,
            {"raise.yaml": change(), "./commet-eu.yml": BASE},
            "",
            "changes/raise.yaml:1:1: is beside two catalogs, commet.yaml and commet-eu.yml, and can be of one only",
        ),
        (
            BASE,
            {"raise.yaml": change("effective: {live: now}"), "./commet.test.yaml": "version: 1\n"},
            "test",
            "changes/raise.yaml:2:10: `change.effective` has no date for the environment `test`",
        ),
    ],
)
def test_a_change_in_the_wrong_place(
    tmp_path: Path, base: str, more: dict[str, str], environment: str, wrong: str
) -> None:
    [line, *_] = told(tmp_path, more, environment, base)
    assert line.startswith(wrong)


def test_catalogs_that_are_no_rivals(tmp_path: Path) -> None:
    """Another catalog may be beside it where there is no change; an overlay and an included file always may."""
    assert told(tmp_path / "none", {"./changes/.gitkeep": "", "./commet-eu.yaml": BASE}) == []
    more = {"raise.yaml": change(), "./commet-more.yaml": "version: 1\n", "./commet.live.yaml": "version: 1\n"}
    assert told(tmp_path / "some", more, base=f"{BASE}include: [commet-more.yaml]\n") == []


def test_more_changes_than_anybody_keeps_apart(tmp_path: Path) -> None:
    changes = {f"{number}.yaml": change(f"effective: 2{number}-01-01") for number in range(100, 301)}
    assert told(tmp_path, changes) == [
        "changes/300.yaml:1:1: is one of more than 200 changes",
        "  hint: move some of them elsewhere, and settle those that are past",
    ]
