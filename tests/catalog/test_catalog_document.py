"""The file as YAML: every odd file ends in a clear error at its place, quickly, and nothing in it is ever executed."""

import os
import time
from collections import Counter
from pathlib import Path

import pytest
from catalogs import load_text, problems

from commetctl.catalog import load
from commetctl.catalog.document import parse
from commetctl.catalog.raw import MOST_VALUES
from commetctl.core.errors import CommetctlError, InvalidCatalog
from commetctl.kinds import SECTIONS

BEGIN = "  hint: begin with `version: 1`"
KEYS = ("api_version", "balance_scale", "include", "mode", "policy", "price_scale", "version")
DEEP = "is nested more than 24 levels deep"


def price(text: str) -> str:
    return f"version: 1\nplans: {{pro: {{name: Pro, prices: {{monthly: {{price: {text}}}}}}}}}\n"


SYNTAX: list[tuple[str, str | bytes, list[str]]] = [
    ("empty", "", ["1:1: is empty", "  hint: run `commetctl init`, or write at least `version: 1`"]),
    (
        "comment",
        "# nothing\n",
        ["1:1: is empty", "  hint: run `commetctl init`, or write at least `version: 1`"],
    ),
    ("null", "~", ["1:1: must be a mapping of keys to values", BEGIN]),
    ("list", "- version: 1", ["1:1: must be a mapping of keys to values", BEGIN]),
    ("text", "\n  hello", ["2:3: must be a mapping of keys to values", BEGIN]),
    ("tab", "version: 1\n\tplans: {}", ["2:1: a tab cannot be used for indentation in YAML", "  hint: use spaces"]),
    (
        "two documents",
        "version: 1\n---\nversion: 1\n",
        ["2:1: the file has more than one YAML document", "  hint: remove the `---` line and the text after it"],
    ),
    (
        "colon",
        "version: 1\nmode: a: b",
        ["2:7: the text contains `: ` and has no quotes", '  hint: write `"a: b"`'],
    ),
    ("unclosed", "version: [1", ["1:10: `[` is not closed", "  hint: write `]` where it ends"]),
    (
        "no anchor",
        "version: *v",
        ["1:10: found undefined alias 'v'", "  hint: write its anchor, `&` and the name, above it in the same file"],
    ),
    ("beyond unicode", 'version: 1\nmode: "\\UFFFFFFFF"', ["2:10: is not YAML"]),
    (
        "half a character",
        'version: 1\n"\\ud800": 1',
        [
            "2:1: contains half of a surrogate pair",
            "  hint: write the character itself",
            "2:1: `\ufffd` is not a known key",
            "  hint: known: " + ", ".join(sorted([*KEYS, *(section.name for section in SECTIONS)])),
        ],
    ),
    ("control", "version: 1\nmode: \x01", ["2:7: the character U+0001 is not allowed in YAML", "  hint: remove it"]),
    ("not utf-8", b"version: 1\nmode: \xff", ["2:7: is not UTF-8 text", "  hint: save the file as UTF-8"]),
    (
        "utf-16",
        "version: 1".encode("utf-16"),
        ["1:1: is UTF-16 text, and a catalog is UTF-8", "  hint: save the file as UTF-8"],
    ),
    (
        "yaml 2",
        "%YAML 2.0\n---\nversion: 1",
        [
            "1:1: `%YAML 2.0` is not supported: a catalog is read as YAML 1.2",
            "  hint: remove the line, or write `%YAML 1.2`",
        ],
    ),
    (
        "duplicate",
        "version: 1\nmode: live\nmode: sandbox",
        ["3:1: `mode` is declared twice: the first is in line 2", "  hint: remove one of them"],
    ),
    ("null key", "version: 1\n~: 1", ["2:1: a key must be a word", "  hint: put it in quotes"]),
    ("list key", "version: 1\n? [a]\n: 1", ["2:3: a key must be a word", "  hint: put it in quotes"]),
    (
        "merge of a scalar",
        "version: 1\nplans: {pro: {<<: 5}}",
        ["2:19: `<<` takes a mapping, or a list of them", "  hint: point it at an anchor of a mapping"],
    ),
    (
        "python tag",
        "version: 1\nplans: {pro: {name: !!python/object/apply:os.system ['touch pwned']}}",
        [
            "2:21: the tag `!!python/object/apply:os.system` has no meaning in a catalog",
            "  hint: remove it",
            "2:21: plan.pro: `name` must be text",
        ],
    ),
    (
        "tag on a good value",
        "version: 1\nplans: {pro: {name: !x Pro, is_free: !y true}}",
        [
            "2:21: the tag `!x` has no meaning in a catalog",
            "  hint: remove it",
            "2:38: the tag `!y` has no meaning in a catalog",
            "  hint: remove it",
        ],
    ),
    ("deep flow", "[" * 100_000, [f"1:26: {DEEP}"]),
    ("deep mappings", "{a: " * 3_000, [f"1:98: {DEEP}"]),
    ("deep block", "- " * 3_000, [f"1:51: {DEEP}"]),
    ("recursive alias", "version: 1\nplans: &a {pro: *a}", [f"2:8: {DEEP}"]),
    ("recursive list", "version: 1\nplans: &a [*a]", [f"2:8: {DEEP}"]),
    ("recursive merge", "version: 1\nplans: &a {<<: *a}", [f"2:8: {DEEP}"]),
]


@pytest.mark.parametrize(("text", "said"), [case[1:] for case in SYNTAX], ids=[case[0] for case in SYNTAX])
def test_odd_yaml_is_a_clear_error_at_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | bytes, said: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert problems(tmp_path, text) == said
    assert [file.name for file in tmp_path.iterdir()] == ["commet.yaml"], "nothing that a file says is ever executed"


LAUGHS = {
    "values": "a0: &a0 [ha, ha]\n" + "".join(f"a{i}: &a{i} [{f'*a{i - 1},' * 9}]\n" for i in range(1, 20)),
    "mappings": "a0: &a0 {x: ha}\n"
    + "".join(f"a{i}: &a{i} {{{', '.join(f'k{k}: *a{i - 1}' for k in range(9))}}}\n" for i in range(1, 20)),
    "empty merges": "a0: &a0 {}\n" + "".join(f"a{i}: &a{i} {{<<: [{f'*a{i - 1},' * 9}]}}\n" for i in range(1, 20)),
}


@pytest.mark.parametrize("text", LAUGHS.values(), ids=LAUGHS)
def test_a_billion_laughs_is_an_error_and_not_a_hang(tmp_path: Path, text: str) -> None:
    began = time.process_time()
    said = problems(tmp_path, "version: 1\n" + text)
    assert "repeats more than 50000 values through its aliases" in said[0]
    # It took four times as long when the limit was that of all values. Of the processor, which others cannot slow down.
    assert time.process_time() - began < 2


def test_a_file_of_far_too_many_values_is_an_error(tmp_path: Path) -> None:
    text = b"version: 1\nx: [" + b"a," * 10_000 + b"]\n"
    spent = Counter(values=MOST_VALUES - 10_000)
    with pytest.raises(InvalidCatalog) as caught:
        parse("commet.yaml", text, spent=spent)
    assert caught.value.problems[0].message == "has more than 500000 values"


def test_half_of_a_surrogate_pair_in_a_key_hides_nothing_below_it(tmp_path: Path) -> None:
    text = 'version: 1\nplans:\n  p:\n    name: P\n    features:\n      "\\ud800": {what: 10}\n'
    said = problems(tmp_path, text)
    assert "6:7: contains half of a surrogate pair" in said
    assert "6:18: plan_feature.p/\ufffd: `what` is not a known key" in said


def test_a_long_chain_of_merges_is_too_deep(tmp_path: Path) -> None:
    chain = "a0: &a0 {x: 1}\n" + "".join(f"a{i}: &a{i} {{<<: *a{i - 1}}}\n" for i in range(1, 2000))
    assert problems(tmp_path, "version: 1\n" + chain) == [f"2:5: {DEEP}"]


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("\ufeffversion: 1\r\nmode: live\r\n", "live"),
        ("# c\r\n\r\nversion: 1 # c\r\nmode: live", "live"),
        ("--- # c\nversion: 1\nmode: live\n...\n", "live"),
        ("{version: 1, mode: live}", "live"),
        ("version: 1\nmode: &x live\nplans: &x {}\n", "live"),
    ],
    ids=["bom and crlf", "crlf", "markers", "flow", "anchor used twice"],
)
def test_harmless_variants_are_read(tmp_path: Path, text: str, mode: str) -> None:
    assert load_text(tmp_path, text).mode == mode


def test_a_key_of_the_mapping_wins_over_a_merged_one_and_keeps_its_place(tmp_path: Path) -> None:
    text = (
        "version: 1\n"
        "plans:\n"
        "  a: &base {name: A, prices: {monthly: &m {price: 1.00, trial_days: 7}}}\n"
        "  b:\n"
        "    name: B\n"
        "    prices: {monthly: {price: 2.001, <<: *m}}\n"
        "    <<: *base\n"
    )
    assert problems(tmp_path, text) == [
        "6:31: plan_price.b/monthly: `price`: an amount in USD has at most 2 digits after the point"
    ]
    fields = load_text(tmp_path, text.replace("2.001", "2")).desired
    assert {str(a): (r.fields["price"], r.fields["trial_days"]) for a, r in fields.items() if a.kind == "plan_price"}[
        "plan_price.b/monthly"
    ][1] == 7


def test_what_is_wrong_in_an_anchor_is_said_once(tmp_path: Path) -> None:
    text = "version: 1\nplans: {a: &a {name: !x A, name: B}, b: {<<: *a, name: B}, c: *a}\n"
    said = problems(tmp_path, text)
    assert len([line for line in said if "has no meaning" in line]) == 1
    assert len([line for line in said if "is declared twice" in line]) == 1


def test_a_huge_file_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    assert problems(tmp_path, b"version: 1\n" + b"# filler\n" * 6_000_000) == [
        "1:1: is larger than 8 MB",
        "  hint: check that it is the catalog; ten thousand lines are about 300 kB",
    ]


def unreadable(path: Path) -> str:
    with pytest.raises(CommetctlError) as caught:
        load(path)
    assert not isinstance(caught.value, InvalidCatalog)
    assert caught.value.code == "no_file"
    return caught.value.message.replace(f"{path.parent}/", "")


def test_what_is_no_file_is_said_so_and_never_waited_for(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    assert unreadable(tmp_path / "missing.yaml") == "missing.yaml does not exist"
    assert unreadable(tmp_path / "folder") == "folder is a directory"
    assert unreadable(tmp_path / "pipe") == "pipe is not a regular file"
    assert unreadable(Path("/dev/zero")) == "zero is not a regular file"
    assert unreadable(tmp_path / "loop") == "loop cannot be read: Too many levels of symbolic links"


def test_a_key_that_looks_like_a_mark_of_the_checker_is_a_key(tmp_path: Path) -> None:
    """Pydantic ends the place of a mistake in a key with `[key]`."""
    plans = "plans: {pro: {name: Pro, prices: {'[key]': {foo: 1}}, exchange_rates: {'[key]': x}, '[key]': 1}}\n"
    with pytest.raises(InvalidCatalog) as caught:
        load_text(tmp_path, "version: 1\n" + plans)
    found = [(problem.code, problem.address) for problem in caught.value.problems]
    assert ("unknown_key", "plan_price.pro/[key]") in found
    assert ("amount", "exchange_rate.pro/[key]") in found
    assert ("unknown_key", "plan.pro") in found


def test_a_value_that_aliases_repeat_is_told_once_and_an_alias_that_does_not_fit_where_it_stands(
    tmp_path: Path,
) -> None:
    text = (
        "version: 1\n"
        "x-name: &name Pro\n"
        "plans:\n"
        "  a: &a {name: A, prices: {monthly: {price: 1.001}}, metadata: {n: *name}}\n"
        "  b: {<<: *a, name: B}\n"
        "  c: {name: C, visibility: *name, features: *name}\n"
    )
    with pytest.raises(InvalidCatalog) as error:
        load_text(tmp_path, text)
    spans = [(item.origin.line, item.origin.text) for item in error.value.problems if item.origin]
    assert spans == [(4, "1.001"), (6, "*name"), (6, "*name")]
    assert [item.path for item in error.value.problems] == [
        "plans.a.prices.monthly.price",
        "plans.c.visibility",
        "plans.c.features",
    ]
