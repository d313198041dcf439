"""What looks right in a file and is not: each is an error that names its true cause, at its place."""

import unicodedata

import pytest

from commetctl.catalog.loading import parse
from commetctl.core.errors import InvalidCatalog, Problem
from commetctl.core.spaces import SIGNS

PLAN = "version: 1\nplans:\n  pro:\n    name: Pro\n"
Place = tuple[str, int, int]


def problems(text: str | bytes) -> list[Problem]:
    try:
        parse("commet.yaml", text if isinstance(text, bytes) else text.encode())
    except InvalidCatalog as error:
        return list(error.problems)
    return []


def places(text: str | bytes) -> list[Place]:
    return [(item.code, item.origin.line, item.origin.column) for item in problems(text) if item.origin]


# Spaces that are none. `@` is where one stands.

SPACED = {
    "before a value": PLAN + "    is_free: @true\n",
    "behind a value": PLAN + "    is_free: true@\n",
    "before a value between braces": PLAN + "    prices: {monthly: {price: @49.00}}\n",
    "behind a value between braces": PLAN + "    prices: {monthly: {price: 49.00@, trial_days: 5}}\n",
    "in a word": PLAN + "    visibility: pub@lic\n",
    "in a quoted word": PLAN + '    visibility: "public@"\n',
    "behind a colon": PLAN + "    is_free:@true\n",
    "behind the colon of the only key": "version: 1\nplans:\n  pro:\n    name:@Pro\n",
    "behind a colon with more below": "version: 1\nplans:\n  pro:\n    name:@Pro\n    is_free: true\n",
    "behind a colon between braces": "version: 1\nplans: {pro: {name:@Pro}}\n",
    "behind the colon of a section": "version: 1\nplans:@{}\n",
    "at the end of the line of a key": "version: 1\nplans:@\n  pro: {name: Pro}\n",
    "alone behind a colon": "version: 1\nplans:\n  pro:\n    name: Pro\n    description: @\n",
    "before a key": PLAN + "    @is_free: true\n",
    "behind a key": PLAN + "    is_free@: true\n",
    "in a key": PLAN + "    is_@free: true\n",
    "in a quoted key": PLAN + "    metadata: {'ti@er': 2}\n",
    "in the indentation": PLAN + "  @ is_free: true\n",
    "in the indentation of what a key holds": PLAN + "    prices:\n    @ monthly: {price: 5}\n",
    "in place of the indentation": PLAN + "@@@@is_free: true\n",
    "before a comment": PLAN + "    is_free: true@# always\n",
    "behind a dash": "version: 1\ninclude:\n  -@more.yaml\nplans: {}\n",
    "in a setting": "version: 1\nmode: sand@box\nplans: {}\n",
    "before a text": PLAN + "    description: @For teams\n",
    "behind a text of two lines": PLAN + "    description: For\n      teams@\n",
}


@pytest.mark.parametrize("sign", ["\u00a0", "\u200b", "\u3000"])
@pytest.mark.parametrize("name", SPACED)
def test_a_space_that_is_none_is_named_where_it_stands(name: str, sign: str) -> None:
    begun = SPACED[name].partition("@")[0]
    (found,) = problems(SPACED[name].replace("@", sign))
    assert f"U+{ord(sign):04X} ({unicodedata.name(sign).lower()})" in found.message
    assert found.hint.startswith("use an ordinary space, or remove it")
    assert found.origin
    place = (found.origin.line, found.origin.column)
    assert (found.code, *place) == ("odd_space", begun.count("\n") + 1, len(begun) - begun.rfind("\n"))


@pytest.mark.parametrize("sign", SIGNS)
def test_every_such_space_is_named(sign: str) -> None:
    assert places(PLAN + f"    is_free: {sign}true\n") == [("odd_space", 5, 14)]
    assert places(PLAN + f"    {sign}is_free: true\n") == [("odd_space", 5, 5)]


@pytest.mark.parametrize(
    "lines",
    [
        "    description: 10\u00a0% off, «\u202fnow\u202f»\n",
        '    description: "Prix\u00a0: 10\u202f€"\n',
        "    description: |-\n      Prix\u00a0: ceci\n      \u00a0– cela\n",
        '    metadata: {"a\\u00a0": "\\u00a0b"}\n',
        "    is_free: true  # Prix\u00a0: rien\n",
        "    # \u00a0 nothing:\u00a0here\n",
        "    metadata: {a: x\u200by}\n",
    ],
)
def test_inside_a_text_it_is_a_sign_like_any_other(lines: str) -> None:
    assert problems(PLAN + lines) == []


def test_a_text_in_quotes_that_ends_with_one_is_told() -> None:
    (found,) = problems(PLAN + '    description: "Now\u00a0"\n')
    assert (found.code, found.message) == ("text", "`description`: begins or ends with U+00A0 (no-break space)")


def test_what_else_is_wrong_is_told_beside_it() -> None:
    text = PLAN + "    is_free\u00a0: 5\n    visibility: \u00a0publik\n"
    assert places(text) == [("odd_space", 5, 12), ("bad_value", 5, 15), ("odd_space", 6, 17), ("bad_value", 6, 17)]


def test_a_syntax_error_far_from_one_is_its_own() -> None:
    text = PLAN + "    description: Prix\u00a0:\u00a0ceci\n" + "    # a\n" * 9 + "    metadata: {\n"
    assert [code for code, _, _ in places(text)] == ["yaml_syntax"]
    assert places(PLAN + "    description: Prix\u00a0: ceci\n") == [("yaml_syntax", 5, 18)]


# What ends a line for some and not for others. `@` is where it stands.

TORN = {
    "behind a value": PLAN + "    is_free: true@\n",
    "behind a colon": PLAN + "    is_free:@true\n",
    "between two keys": PLAN + "    is_free: true@    visibility: public\n",
    "in a text": PLAN + "    description: For@teams\n",
    "in a text of several lines": PLAN + "    description: |-\n      For@teams\n",
    "in a comment, with a key behind it": PLAN + "    # is it free?@    is_free: true\n",
    "in a comment behind a value": PLAN + "    is_free: true  # always@\n",
    "in a line of its own": PLAN + "@\n    is_free: true\n",
}


@pytest.mark.parametrize("sign", ["\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("name", TORN)
def test_what_ends_a_line_for_some_is_named_where_it_stands(name: str, sign: str) -> None:
    begun = TORN[name].partition("@")[0]
    found = problems(TORN[name].replace("@", sign))[0]
    assert found.message.startswith(f"U+{ord(sign):04X} (")
    assert found.message.endswith(" ends a line for some YAML readers and not for others")
    assert places(TORN[name].replace("@", sign))[0] == (
        "odd_space", begun.count("\n") + 1, len(begun) - begun.rfind("\n")
    )  # fmt: skip


def test_in_quotes_a_line_separator_is_kept() -> None:
    assert problems(PLAN + '    description: "For\u2028teams"\n') == []
    assert problems(PLAN + '    description: "For\\u0085teams"\n')[0].message.endswith("contains a control character")


# Tabs, and what the parser says in its own words


@pytest.mark.parametrize(
    ("lines", "message", "hint"),
    [
        ("\tis_free: true\n", "a tab cannot be used for indentation in YAML", "use spaces"),
        ("    is_free: true\t\n", "a tab is not allowed here", "use spaces"),
        ("    is_free:\ttrue\n", "a tab is not allowed here", "use spaces"),
        ("... x\n", "the file continues after `...`, which ends a YAML document", "remove the `...`, or"),
        ("    metadata: *labels\n", "found undefined alias 'labels'", "write its anchor, `&` and the name, above it"),
    ],
)
def test_the_parser_is_put_in_words(lines: str, message: str, hint: str) -> None:
    (found,) = problems(PLAN + lines)
    assert (found.code, found.message) == ("yaml_syntax", message)
    assert found.hint.startswith(hint)


# Encodings and byte order marks


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_another_encoding_is_named(encoding: str) -> None:
    (found,) = problems(PLAN.encode(encoding))
    assert (found.code, found.hint) == ("not_utf8", "save the file as UTF-8")
    assert found.message == f"is {encoding[:6].upper()} text, and a catalog is UTF-8"


def test_what_is_no_text_is_not_called_utf_16() -> None:
    assert [item.message for item in problems(b"\x1f\x8b\x08\0\0\0\0\0")] == ["is not UTF-8 text"]


@pytest.mark.parametrize(
    ("text", "line"),
    [("\ufeff\ufeff" + PLAN, 1), ("version: 1\n\ufeffplans: {}\n", 2), (PLAN + "\ufefffeatures: {}\n", 5)],
)
def test_a_byte_order_mark_anywhere_but_at_the_beginning_is_named(text: str, line: int) -> None:
    (found,) = problems(text)
    assert found.message == "U+FEFF (byte order mark) is not a space to YAML"
    assert places(text) == [("odd_space", line, 1)]


# Directives


@pytest.mark.parametrize(
    "head",
    [
        "%YAML 1.2\n---\n",
        "# a\n\n%YAML 1.2 # b\n--- # c\n",
        "%TAG !x! tag:x,2020:\n%YAML 1.2\r\n---\r\n",
        "\ufeff%YAML 1.2\n---\n",
    ],
)
def test_the_directives_of_yaml_1_2_are_accepted(head: str) -> None:
    assert problems(head + PLAN) == []
    assert places(head + PLAN + "    nmae: x\n") == [("unknown_key", head.count("\n") + 5, 5)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("%YAML 1.1\n---\n" + PLAN, ("yaml_directive", 1, 1)),
        ("# a\n%YAML 1.3\n---\n" + PLAN, ("yaml_directive", 2, 1)),
        ("%YAML\n---\n" + PLAN, ("yaml_directive", 1, 1)),
        ("%YAML 1.2\n%YAML 1.2\n---\n" + PLAN, ("yaml_directive", 2, 1)),
        ("%YMAL 1.2\n---\n" + PLAN, ("yaml_directive", 1, 1)),
        ("%YAML\u00a01.2\n---\n" + PLAN, ("odd_space", 1, 6)),
        ("%YAML 1.2\n" + PLAN, ("yaml_directive", 1, 1)),
        ("version: 1\n%YAML 1.2\n---\nplans: {}\n", ("yaml_directive", 2, 1)),
        ("version: 1\n...\n%YAML 1.2\n---\nplans: {}\n", ("yaml_directive", 3, 1)),
    ],
)
def test_any_other_directive_is_named(text: str, place: Place) -> None:
    assert places(text) == [place]


# Merge conflicts

CONFLICT = "<<<<<<< HEAD\n    is_free: true\n||||||| 1234567\n=======\n    is_free: false\n>>>>>>> branch\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_each_conflict_is_named_once(newline: str) -> None:
    text = (PLAN + CONFLICT + "    description: x\n" + CONFLICT).replace("\n", newline)
    assert places(text) == [("conflict_marker", 5, 1), ("conflict_marker", 12, 1)]


@pytest.mark.parametrize("marker", ["<<<<<<< HEAD", "=======", "||||||| 12", ">>>>>>> branch"])
def test_a_marker_that_was_forgotten_is_named(marker: str) -> None:
    (found,) = problems(f"{PLAN}{marker}\n    is_free: true\n")
    assert (found.code, found.message) == ("conflict_marker", f"`{marker[:7]}` is left from a merge conflict")
    assert places(f"{PLAN}{marker}\n    is_free: true\n") == [("conflict_marker", 5, 1)]


def test_a_conflict_that_was_indented_is_named() -> None:
    indented = "".join(f"    {line}\n" for line in CONFLICT.splitlines())
    assert places(PLAN + indented) == [("conflict_marker", 5, 5)]
    assert places(PLAN + "    =======\n") == [("conflict_marker", 5, 5)]


def test_between_braces_markers_would_be_keys() -> None:
    text = "{version: 1,\n<<<<<<< HEAD\nmode: live,\n=======\nmode: sandbox,\n>>>>>>> other\nplans: {}}\n"
    assert places(text) == [("conflict_marker", 2, 1)]


def test_lines_of_a_text_are_no_markers() -> None:
    assert problems(PLAN + "    description: |-\n      One\n      =======\n      <<<<<<< Two\n") == []


# Merges, tags and items with nothing in them

BASES = "version: 1\nx-a: &a {is_free: true}\nx-b: &b {visibility: public}\n"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (BASES + "plans:\n  pro:\n    <<: *a\n    name: Pro\n    <<: *b\n", ("duplicate_key", 8, 5)),
        (BASES + "plans: {pro: {<<: *a, <<: *b, name: Pro}}\n", ("duplicate_key", 4, 23)),
    ],
)
def test_two_merges_in_a_mapping_are_told(text: str, place: Place) -> None:
    assert places(text) == [place]
    assert problems(text)[0].hint == "write one, with a list: `<<: [*one, *other]`"
    assert problems(text.replace("<<: *a", "<<: [*a, *b]").replace("    <<: *b\n", "").replace(", <<: *b", "")) == []


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("!include more.yaml", "remove it; to read another file, list it under `include:` in the main file"),
        ("!Ref Name", "remove it; for a value from the environment, write `${COMMETCTL_VAR_name}`"),
        ("!env NAME", "remove it; for a value from the environment, write `${COMMETCTL_VAR_name}`"),
        ("!other public", "remove it"),
        ("!!binary public", "remove it"),
    ],
)
@pytest.mark.parametrize("shape", ["    visibility: @\n", "    metadata: {a: @}\n"])
def test_a_tag_is_told_with_what_to_write_instead(shape: str, written: str, hint: str) -> None:
    text = PLAN + shape.replace("@", written)
    assert places(text) == [("tag", 5, shape.index("@") + 1)]
    assert problems(text)[0].hint.startswith(hint)


def test_the_tags_of_yaml_itself_say_what_they_say() -> None:
    assert problems(PLAN + "    is_free: !!bool true\n    metadata: !!map {a: !!str 5}\n") == []


def test_an_item_or_a_merge_with_nothing_in_it_is_told() -> None:
    text = "version: 1\ninclude:\n  -\nplans:\n  pro:\n    <<:\n    name: Pro\n"
    assert places(text) == [("bare_key", 3, 4), ("bare_key", 6, 5)]
    assert [item.message for item in problems(text)] == [
        "nothing is written for `include[0]`", "nothing is written after `<<`"
    ]  # fmt: skip


ANCHOR = "version: 1\nx-n: &n\n"


@pytest.mark.parametrize(
    "text",
    [
        ANCHOR + "plans:\n  pro:\n    name: Pro\n    prices: *n\n    metadata: *n\n",
        ANCHOR + "plans: {pro: {name: Pro, description: *n}}\n",
        ANCHOR + "plans:\n  pro:\n    <<: *n\n    name: Pro\n",
        ANCHOR + "include: [*n]\n",
    ],
)
def test_an_alias_of_nothing_is_told_at_its_anchor(text: str) -> None:
    (found,) = problems(text)
    assert (found.code, found.message) == ("bare_key", "nothing is written after the anchor `&n`")
    assert found.origin
    assert found.origin.line == 2


def test_nothing_is_told_once_where_an_anchor_and_its_alias_are_both_used() -> None:
    assert places(PLAN + "    visibility: &n\n    description: *n\n") == [("bare_key", 5, 5)]
    assert places(PLAN + "    description: !!str\n") == [("bare_key", 5, 5)]
    assert places(PLAN + "    description: !!str ''\n") == [("text", 5, 18)]


# Signs of other scripts. `@` is where one stands.


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        (PLAN + "    is_free@true\n", "："),
        (PLAN + "    is_free@ true\n    visibility: public\n", "："),
        ("version: 1\nplans@\n  pro:\n    name: Pro\n", "："),
        (PLAN + "    prices: {monthly: {price@ 5}}\n", "："),
        (PLAN + "    prices: {monthly: {price: 5@ trial_days: 4}}\n", "，"),
        (PLAN + "    prices: @monthly: {price: 5}}\n", "｛"),
        (PLAN + "    prices: {monthly: {price: 5@\n", "｝"),
        (PLAN + '    description: "Pro@\n', "”"),
        (PLAN + "    description: @Pro: all”\n", "“"),
    ],
)
def test_a_sign_that_looks_like_one_of_yaml_is_named_where_it_stands(text: str, sign: str) -> None:
    begun = text.partition("@")[0]
    (found,) = problems(text.replace("@", sign[0]))
    assert found.message.startswith(f"U+{ord(sign[0]):04X} ({unicodedata.name(sign[0]).lower()}) is not `")
    assert found.origin
    place = (found.origin.line, found.origin.column)
    assert place == (begun.count("\n") + 1, len(begun) - begun.rfind("\n"))


@pytest.mark.parametrize(
    "lines", ["    visibility: “public”\n", "    is_free: ‘true’\n", "    “is_free”: true\n", "    ‘nmae’: x\n"]
)
def test_a_value_or_a_key_in_other_quotes_is_told_with_them(lines: str) -> None:
    (found,) = problems(PLAN + lines)
    sign = next(sign for sign in lines if sign in "“”‘’")
    assert f", and has U+{ord(sign):04X} (" in found.message
    assert found.hint == ("write `'`" if sign in "‘’" else 'write `"`')


def test_a_quote_that_begins_a_text_causes_no_syntax_error_below_it() -> None:
    (found,) = problems(PLAN + "    description: “Best” of all\n    metadata: {a: b\n")
    assert "U+201C" not in found.message


def test_such_signs_are_signs_like_any_other_in_a_text() -> None:
    text = PLAN + "    description: “Pro”, ‘x’：y，z\n    metadata: {a: “b”, “c”: 1}\n"
    assert problems(text) == []


# Documents


@pytest.mark.parametrize("text", ["---\n", "---\n# a\n", "---\n...\n", "# a\n", ""])
def test_a_file_without_a_value_is_empty(text: str) -> None:
    assert places(text) == [("empty", 1, 1)]


def test_a_second_end_is_no_second_document() -> None:
    assert problems(PLAN + "...\n...\n") == []
    assert problems(PLAN + "... # a\n\n# b\n...\n...") == []
    assert places(PLAN + "...\n...\nversion: 1\n") == [("yaml_syntax", 7, 1)]
    assert places(PLAN + "...\n---\n") == [("yaml_syntax", 6, 1)]


# Numbers between braces that cannot stand where they are


@pytest.mark.parametrize(
    ("lines", "hint"),
    [
        ("metadata: {a: 5,5}", "put it in quotes; or "),
        ("description: 5,5", "put it in quotes; or "),
        ("is_free: 1,0", "remove it: a number is not allowed here; or "),
        ("prices: {monthly: {price: 49, trial_days: 14,00}}", "write digits alone; or "),
        ("prices: {monthly: {price: 49, regional_prices: {eur: 45,00}}}", "write `45.00`; or "),
        ("prices: {monthly: {price: EUR 45,00}}", "write `45.00`; or "),
        ("prices: {monthly: {price: 5, regional_prices: {brl: 4}}}, exchange_rates: {brl: 5,20}", "write `5.20`; or "),
    ],
)
def test_the_hint_of_a_comma_fits_the_place(lines: str, hint: str) -> None:
    (found,) = problems(f"version: 1\nplans: {{pro: {{name: Pro, {lines}}}}}\n")
    assert (found.code, found.hint.startswith(hint)) == ("decimal_comma", True), found.hint


# Keys of the author


def test_keys_of_the_author_hold_what_others_use_and_mean_nothing() -> None:
    text = (
        "version: 1\nx-rates: &rates {eur: 0.9, brl: 5.2}\nx-base: &base\n  visibility: public\n  x-why: 1\n"
        "x-nothing:\nx-odd: {a: !b , <<: 5, n: 1,5, v: '${COMMETCTL_VAR_nowhere}'}\n"
        "policy: {x-note: 1}\nplans:\n  pro:\n    <<: *base\n    name: Pro\n    x-empty:\n    exchange_rates: *rates\n"
        "    prices: {monthly: {price: 49.00, x-note: [1, 2], regional_prices: {eur: {price: 5, x-y: 1}}}}\n"
    )
    plain = (
        "version: 1\nplans:\n  pro:\n    visibility: public\n    name: Pro\n    exchange_rates: {eur: 0.9, brl: 5.2}\n"
        "    prices: {monthly: {price: 49.00, regional_prices: {eur: {price: 5}}}}\n"
    )
    assert parse("commet.yaml", text.encode()).desired == parse("commet.yaml", plain.encode()).desired


def test_what_is_wrong_in_them_is_told_where_it_is_used() -> None:
    text = "version: 1\nx-rates: &rates {eur: 1,5, brl: }\nplans:\n  pro:\n    name: Pro\n    exchange_rates: *rates\n"
    assert places(text)[:2] == [("decimal_comma", 2, 23), ("bare_key", 2, 28)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("version: 1\nplans:\n  x-a: {name: A}\n", ("bad_code", 3, 3)),
        (PLAN + "    prices: {x-a: {price: 1}}\n", ("unknown_interval", 5, 14)),
        ("version: 1\nX-a: 1\nplans: {}\n", ("unknown_key", 2, 1)),
        ("version: 1\nx-a: 1\nx-a: 2\nplans: {}\n", ("duplicate_key", 3, 1)),
    ],
)
def test_where_a_key_is_a_name_there_are_none(text: str, place: Place) -> None:
    assert places(text) == [place]


def test_one_among_plans_is_told_where_it_may_stand() -> None:
    (found,) = problems("version: 1\nplans: {x-base: {visibility: public}, pro: {name: Pro}}\n")
    assert (found.code, str(found.origin)) == ("bad_code", "commet.yaml:2:9")
    assert found.hint.startswith("move it to the top of the file or among the fields of an object")


def test_a_label_and_a_pack_may_begin_like_them() -> None:
    catalog = parse(
        "commet.yaml",
        (PLAN + "    metadata: {x-a: 1}\ncredit_packs: {x-b: {name: B, credits: 1, price: 1}}\n").encode(),
    )
    assert {str(address) for address in catalog.desired} == {"plan.pro", "credit_pack.B"}
    assert next(iter(catalog.desired.values())).fields["metadata"] == {"x-a": 1}
