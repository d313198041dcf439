"""Problems of a catalog as people read them: on a terminal, in a log, in an editor and in CI."""

import re
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from cli.running import Ended, run
from commetctl.render.terminal import columns

CATALOG = """\
version: 1
mode: sandbx
plans:
  pro:
    name: Pro
    descripton: For teams
    prices:
      monthly: {price: 49.005, is_default: true, regional_prices: {eur: 45,90}}
      yearly: {price:\t"1,639.00"}
  team: {name: "チーム プラン", visibility: hidden}  # key: ck_live_N0body0ughtT0SeeThis
"""
NARROW = """\
error[bad_value]: `mode` must be one of: sandbox,
  live
  --> commet.yaml:2:7   mode
   |
 2 | mode: sandbx
   |       ^^^^^^ sandbox

error[unknown_key]: `descripton` is not a known
  key
  --> commet.yaml:6:5   plans.pro.descripton
   |
 6 |     descripton: For teams
   |     ^^^^^^^^^^ description

error[bad_amount]: `price`: an amount in USD has
  at most 2 digits after the point
  --> commet.yaml:8:24
      plans.pro.prices.monthly.price
   |
 8 |       monthly: {price: 49.005, is_default: t…
   |                        ^^^^^^

error[decimal_comma]: `45,90` has a comma: between
  braces, the text after it is a key without a
  value
  --> commet.yaml:8:73
      plans.pro.prices.monthly.regional_prices.eur
   |
 8 | … true, regional_prices: {eur: 45,90}}
   |                                ^^^^^ 45.90
  hint: write `45.90`; or write a value after
    `90:`

error[decimal_comma]: `price` has a comma, and a
  number here has at most a point
  --> commet.yaml:9:23
      plans.pro.prices.yearly.price
   |
 9 |       yearly: {price:   "1,639.00"}
   |                         ^^^^^^^^^^ 1639.00

error[bad_value]: `visibility` must be one of:
  public, private
  --> commet.yaml:10:39   plans.team.visibility

6 problems in commet.yaml
explain one: commetctl explain bad_value
"""

MANY = "version: 1\nfeatures:\n" + "".join(f"  f{number}: {{name: F{number}, tpye: usage}}\n" for number in range(57))
PAINT = re.compile("\x1b\\[[0-9;]+m")


def checked(folder: Path, *arguments: str, text: str = CATALOG, env: Mapping[str, str] | None = None) -> Ended:
    (folder / "commet.yaml").write_text(text, encoding="utf-8")
    return run(folder, "validate", *arguments, env=env)


def test_a_problem_shows_its_line_with_the_value_marked(tmp_path: Path) -> None:
    narrow = checked(tmp_path, env={"COLUMNS": "50"})
    assert (narrow.code, narrow.out, narrow.err) == (3, "", NARROW)
    log = checked(tmp_path)
    # In a log, what is wrong is on one line, for whoever looks for it.
    assert "error[bad_value]: `mode` must be one of: sandbox, live\n  --> commet.yaml:2:7   mode\n" in log.err
    assert log.err.endswith("\n6 problems in commet.yaml; explain one: commetctl explain bad_value\n")
    colored = checked(tmp_path, "--color", env={"COLUMNS": "50"})
    assert PAINT.sub("", colored.err) == NARROW
    assert colored.err.startswith("\x1b[1;31merror[bad_value]:\x1b[0m ")
    assert "\x1b[1;31m^^^^^^ sandbox\x1b[0m" in colored.err


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_nothing_is_wider_than_the_terminal(width: int, tmp_path: Path) -> None:
    long = CATALOG + f"  far: {{name: {'x' * 500}, features: {{{'y' * 300}: true}}, prices: {{monthly: 5}}}}\n"
    lines = checked(tmp_path, text=long, env={"COLUMNS": str(width)}).err.splitlines()
    # A word is never broken, nor is a place, which may be copied.
    assert [line for line in lines if columns(line) > width and " | " in line] == []
    assert [line for line in lines if columns(line) > width and " " in line.strip().replace("hint: ", "")] == []


def test_more_than_twenty_are_counted_and_shown_when_asked_for(tmp_path: Path) -> None:
    first = checked(tmp_path, text=MANY).err
    assert first.count("error[") == 20
    assert "\n… and 37 more; all of them: --all\n" in first
    assert first.endswith("\n57 problems in commet.yaml; explain one: commetctl explain unknown_key\n")
    every = checked(tmp_path, "--all", text=MANY).err
    assert (every.count("error["), "more; all" in every) == (57, False)
    assert every.startswith(first.partition("\n… and")[0])
    assert len(checked(tmp_path, "-q", text=MANY).err.splitlines()) == 57
    assert len(checked(tmp_path, "--format", "json", text=MANY).document["diagnostics"]) == 57
    places = [int(line.split(":")[1]) for line in checked(tmp_path, "-q", text=MANY).err.splitlines()]
    assert places == sorted(places)


def test_editors_and_ci_read_a_line_for_each(tmp_path: Path) -> None:
    concise = checked(tmp_path, "--format", "concise")
    lines = concise.out.splitlines()
    assert (concise.code, concise.err, len(lines)) == (3, "", 6)
    assert lines[1] == "commet.yaml:6:5: `descripton` is not a known key [unknown_key]"
    assert checked(tmp_path, "-q").err == concise.out
    github = checked(tmp_path, "--format", "github").out
    assert "::error file=commet.yaml,line=6,col=5,endLine=6,endColumn=15,title=unknown_key plan.pro::" in github
    suite = Xml.fromstring(checked(tmp_path, "--format", "junit").out)  # noqa: S314  (our own)
    assert suite.get("failures") == "7"
    comma = next(
        item for item in checked(tmp_path, "--format", "json").document["diagnostics"] if "45,90" in item["message"]
    )
    expected = {"line": 8, "column": 73, "end_line": 8, "end_column": 78, "fix": "45.90"}
    assert comma.items() >= (expected | {"path": "plans.pro.prices.monthly.regional_prices.eur"}).items()


def test_what_is_valid_passes_in_each_format(tmp_path: Path) -> None:
    valid = "version: 1\nplans: {pro: {name: Pro, prices: {monthly: {price: 49.01}}}}\n"
    warned = checked(tmp_path, "--format", "concise", text=valid)
    assert (warned.code, warned.err) == (0, "")
    assert warned.out == "commet.yaml:2:52: warning: `price`: 49.01 USD ends in unusual cents [odd_cents]\n"
    alone = checked(tmp_path, "--format", "concise", text="version: 1\n")
    assert (alone.code, alone.out, alone.err) == (0, "", "")
    suite = Xml.fromstring(checked(tmp_path, "--format", "junit", text=valid).out)  # noqa: S314  (our own)
    assert (suite.get("failures"), suite.get("tests")) == ("0", "2")
    assert checked(tmp_path, "--format", "github", text=valid).out.startswith(
        "::warning file=commet.yaml,line=2,col=52"
    )


def test_each_problem_is_shown_in_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "plans.yaml").write_text("version: 1\nplans:\n  pro: {name: Pro, visibilty: public}\n")
    (tmp_path / "commet.live.yaml").write_text("version: 1\nplans: {pro: {prices: {monthly: {price: 9.001}}}}\n")
    main = "version: 1\ninclude: [plans.yaml]\nfeatures: {a: {name: A, type: usages}}\n"
    shown = checked(tmp_path, "--env", "live", text=main, env={"COLUMNS": "120"}).err
    assert " 3 | features: {a: {name: A, type: usages}}\n   |                               ^^^^^^ usage\n" in shown
    assert " 3 |   pro: {name: Pro, visibilty: public}\n   |                    ^^^^^^^^^ visibility\n" in shown
    assert " 2 | plans: {pro: {prices: {monthly: {price: 9.001}}}}\n" in shown
    counted = "3 problems: 1 in commet.yaml, 1 in plans.yaml, 1 in commet.live.yaml"
    assert shown.endswith(f"\n{counted}; explain one: commetctl explain bad_value\n")


@pytest.mark.parametrize(
    "line",
    [
        "    api_key: ck_sandbox_N0body0ughtT0SeeThis",
        "    metadata: {note: 'password: hunter2hunter'}",
        "    secret_key = N0body0ughtT0SeeThis",
        "    metadata: {sk_live_N0body0ughtT0SeeThisKey: 1.5}",
        "    url: https://user:N0body0ught@commet.co",
        "    ck_live_N0body0ught: 1",
        "    name: [AKIAIOSFODNN7EXAMPLE1234]",
    ],
)
def test_a_line_that_may_hold_a_secret_is_not_shown(line: str, tmp_path: Path) -> None:
    text = f"version: 1\nplans:\n  pro:\n{line}\n    name: 5\n"
    shown = checked(tmp_path, text=text)
    assert shown.code == 3
    for form in ([], ["-q"], ["--format", "json"], ["--format", "github"]):
        ended = checked(tmp_path, *form, text=text)
        assert not re.search("N0body|hunter2|EXAMPLE1234", ended.out + ended.err)


@pytest.mark.parametrize(
    "line",
    [
        "    metadata: {stripe: price_1MoBy5LkdIwHu7ixZhnattbh, page: https://a.example/docs/2026/pricing, n: 1.5}",
        "    features: {secrets: unlimited, api_keys: {unlimited: true}, tokens_2026: {x: 1}}",
        "    descripton: Everything in Starter, single sign-on and 20 seats",
    ],
)
def test_ids_links_and_names_are_no_secrets(line: str, tmp_path: Path) -> None:
    shown = checked(tmp_path, text=f"version: 1\nplans:\n  pro:\n    name: Pro\n{line}\n").err
    assert f" 5 | {line}\n" in shown


def test_a_value_of_a_variable_is_not_shown(tmp_path: Path) -> None:
    text = "version: 1\nplans: {pro: {name: Pro, visibility: '${COMMETCTL_VAR_seen}'}}\n"
    ended = checked(tmp_path, text=text, env={"COMMETCTL_VAR_seen": "publik", "COLUMNS": "100"})
    assert "publik" not in ended.out + ended.err
    # The variable is what has to be changed: there is nothing to write in the file.
    assert "${COMMETCTL_VAR_seen}'}}\n   |                                      ^^^^^^^^^^^^^^^^^^^^^^^\n" in ended.err


@pytest.mark.parametrize(
    ("env", "colored"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"CLICOLOR_FORCE": "1"}, True),
        ({"FORCE_COLOR": "0"}, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colours_are_forced_or_not(env: dict[str, str], colored: bool, tmp_path: Path) -> None:
    assert (PAINT.search(checked(tmp_path, env=env).err) is not None) == colored
    assert (PAINT.search(run(tmp_path, "plan", "--bogus", env=env).err) is not None) == colored
    assert PAINT.search(checked(tmp_path, "--no-color", env=env).err) is None
    assert PAINT.search(checked(tmp_path, "--color", env=env).err)


def test_wrong_usage_looks_as_every_error(tmp_path: Path) -> None:
    ended = run(tmp_path, "plan", "--format", "nope", env={"COLUMNS": "60"})
    assert (ended.code, ended.err) == (
        64,
        "error: invalid value for '--format': 'nope' is not one of\n"
        "  'text', 'json', 'markdown', 'html', 'github', 'junit'\n"
        "hint: usage: commetctl plan [OPTIONS]; more: `commetctl plan\n"
        "  --help`\n",
    )


@pytest.mark.parametrize(
    "command",
    [["plan", "--local"], ["apply", "--local", "--yes"], ["diff", "commet.yaml", "commet.yaml"], ["preview"], ["fmt"]],
)
def test_every_command_shows_them_so(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "commet.yaml").write_text("version: 1\nplans: {pro: {name: Pro}, pro: {name: Two}}\n")
    ended = run(tmp_path, *command, env={"COLUMNS": "100"})
    assert ended.code == 3
    assert " 2 | plans: {pro: {name: Pro}, pro: {name: Two}}\n   |                           ^^^\n" in ended.err
