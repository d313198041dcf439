"""Catalogs over several files: the same as in one, each problem in its own file, and no file that is none of theirs."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commetctl.catalog import load
from commetctl.catalog.loading import parse
from drawing import as_yaml, catalogs
from environments.files import loaded, split, told, written

MAIN = "version: 1\ninclude: [features.yaml, plans/pro.yaml]\n"
FEATURES = "version: 1\nfeatures:\n  sso: {name: SSO, type: boolean}\n"
PRO = "version: 1\nplans:\n  pro:\n    name: Pro\n    prices: {monthly: {price: 49.00}}\n    features: {sso: true}\n"
FILES = {"commet.yaml": MAIN, "features.yaml": FEATURES, "plans/pro.yaml": PRO}


def test_the_objects_of_all_files_are_one_catalog(tmp_path: Path) -> None:
    catalog = loaded(tmp_path, FILES)
    places = {str(r.address): str(r.origin).replace(f"{tmp_path}/", "") for r in catalog.desired.values()}
    assert places == {
        "feature.sso": "features.yaml:3:3",
        "plan.pro": "plans/pro.yaml:3:3",
        "plan_price.pro/monthly": "plans/pro.yaml:5:14",
        "plan_feature.pro/sso": "plans/pro.yaml:6:16",
    }
    assert [part.name.replace(f"{tmp_path}/", "") for part in catalog.assembly.parts] == list(FILES)


@settings(max_examples=30, deadline=None)
@given(catalog=catalogs(), data=st.data())
def test_however_it_is_split_it_is_the_same_catalog(
    catalog: dict[str, Any], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    files = split(catalog, lambda names: data.draw(st.sampled_from(names)))
    main = written(tmp_path_factory.mktemp("split"), files)
    assert dict(load(main).desired) == dict(parse("one", as_yaml(catalog).encode()).desired)


PROBLEMS: list[tuple[str, dict[str, str], list[str]]] = [
    (
        "twice",
        {"features.yaml": FEATURES + "plans:\n  pro: {name: Other}\n"},
        [
            "plans/pro.yaml:3:3: `pro` is declared twice: the first is at features.yaml:5:3",
            "  hint: remove one of them",
        ],
    ),
    (
        "in its own file",
        {"plans/pro.yaml": PRO.replace("49.00", "49.001").replace("sso:", "ssso:")},
        [
            "plans/pro.yaml:5:31: plan_price.pro/monthly: `price`: an amount in USD "
            "has at most 2 digits after the point",
            "plans/pro.yaml:6:16: plan_feature.pro/ssso: `ssso` is not declared under `features:`",
            "  hint: did you mean `sso`?",
        ],
    ),
    (
        "settings",
        {"features.yaml": FEATURES + "mode: live\ninclude: []\n"},
        [
            "features.yaml:4:1: `mode` cannot be here: only commet.yaml says it",
            "  hint: move it there",
            "features.yaml:5:1: `include` cannot be here: only commet.yaml says it",
            "  hint: move it there",
        ],
    ),
    (
        "unknown key",
        {"features.yaml": FEATURES + "feature: {}\n"},
        ["features.yaml:4:1: `feature` is not a known key", "  hint: did you mean `features`?"],
    ),
    (
        "no version",
        {"features.yaml": FEATURES.removeprefix("version: 1\n")},
        ["features.yaml:1:1: `version` is required", "  hint: begin the file with `version: 1`"],
    ),
    (
        "another version",
        {"features.yaml": FEATURES.replace("version: 1", "version: 2")},
        ["features.yaml:1:10: `version` must be 1", "  hint: upgrade commetctl to use a later version"],
    ),
    (
        "not YAML, and what it declares is not called missing",
        {"features.yaml": "version: 1\nfeatures: [\n", "plans/pro.yaml": PRO + "  \tx\n"},
        [
            "features.yaml:3:1: expected the node content, but found '<stream end>'",
            "plans/pro.yaml:7:3: a tab cannot be used for indentation in YAML",
        ],
    ),
    (
        "no mapping",
        {"features.yaml": "- a\n"},
        ["features.yaml:1:1: must be a mapping of keys to values", "  hint: begin with `version: 1`"],
    ),
    (
        "a section that is none",
        {"features.yaml": "version: 1\nplans: [pro]\n", "commet.yaml": MAIN + "plans: {}\n"},
        ["features.yaml:2:8: `plans` must be a mapping of keys to values"],
    ),
]


@pytest.mark.parametrize(("files", "lines"), [case[1:] for case in PROBLEMS], ids=[case[0] for case in PROBLEMS])
def test_each_problem_is_told_in_its_own_file(files: dict[str, str], lines: list[str], tmp_path: Path) -> None:
    found = told(tmp_path, FILES | files)
    assert found[: len(lines)] == lines


HINT = "  hint: name a file such as `plans/pro.yaml`, relative to the file that names it"
NAMES = [
    ("/etc/passwd.yaml", "`/etc/passwd.yaml` is not a path in the folder of the catalog, or below it"),
    ("../other.yaml", "`../other.yaml` is not a path in the folder of the catalog, or below it"),
    ("a/../../b.yaml", "`a/../../b.yaml` is not a path in the folder of the catalog, or below it"),
    ("./../a.yaml", "`./../a.yaml` is not a path in the folder of the catalog, or below it"),
    ("a/b.yaml/", "`a/b.yaml/` is not the name of a YAML file"),
    ("“a.yaml”", "`“a.yaml”` is not the name of a YAML file, and has U+201C (left double quotation mark)"),
    ('"a\\\\b.yaml"', "`a\\b.yaml` is not a path in the folder of the catalog, or below it"),
    (".git/config", "`.git/config` is not the name of a YAML file"),
    (".hidden/a.yaml", "`.hidden/a.yaml` is not the name of a YAML file"),
    ("plans/*", "`plans/*` is not the name of a YAML file"),
    ('"a\\0b.yaml"', "`a\0b.yaml` is not a path in the folder of the catalog, or below it"),
    ("secret.txt", "`secret.txt` is not the name of a YAML file"),
]


@pytest.mark.parametrize(("name", "message"), NAMES)
def test_no_file_outside_is_read(name: str, message: str, tmp_path: Path) -> None:
    assert told(tmp_path, {"commet.yaml": f"version: 1\ninclude: [{name}]\n"}) == [f"commet.yaml:2:11: {message}", HINT]


@pytest.mark.parametrize("name", ["sub//a.yaml", "sub/../sub/a.yaml", "./sub/./a.yaml", "none/../sub/a.yaml"])
def test_a_detour_inside_the_folder_is_followed(name: str, tmp_path: Path) -> None:
    files = {"commet.yaml": f"version: 1\ninclude: [{name}]\n", "sub/a.yaml": "version: 1\nplans: {p: {nam: P}}\n"}
    assert told(tmp_path, files)[0].startswith("sub/a.yaml:2:")
    twice = {"commet.yaml": f"version: 1\ninclude: [sub/a.yaml, {name}]\n", "sub/a.yaml": "version: 1\n"}
    assert told(tmp_path, twice)[0] == f"commet.yaml:2:23: `{name}` is read already"


def test_a_space_that_is_none_in_a_name_is_named(tmp_path: Path) -> None:
    found = told(tmp_path, {"commet.yaml": 'version: 1\ninclude: ["a.yaml\u00a0"]\n'})
    assert found[0].endswith("has U+00A0 (no-break space)")
    assert found[1] == "  hint: use an ordinary space, or remove it"


def test_a_link_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.yaml").write_text("version: 1\n", encoding="utf-8")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "a.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    found = told(inside, {"commet.yaml": "version: 1\ninclude: [a.yaml]\n"})
    assert found == ["commet.yaml:2:11: `a.yaml` is a link to a place outside the folder of the catalog", HINT]


def test_a_link_to_itself_cannot_be_read(tmp_path: Path) -> None:
    for name in ("a.yaml", "commet.live.yaml"):
        (tmp_path / name).symlink_to(name)
    said = "cannot be read: Too many levels of symbolic links"
    hint = "  hint: put a file there, or remove it from the list"
    files = {"commet.yaml": "version: 1\ninclude: [a.yaml]\n"}
    assert told(tmp_path, files) == [f"commet.yaml:2:11: a.yaml {said}", hint]
    assert told(tmp_path, {"commet.yaml": "version: 1\n"}, "live") == [f"commet.live.yaml {said}", "  hint: "]


def test_a_file_may_be_named_from_here_and_end_in_yml(tmp_path: Path) -> None:
    files = {
        "commet.yaml": "version: 1\ninclude: [./features.yml, plans/./pro.yaml]\n",
        "features.yml": FEATURES,
        "plans/pro.yaml": PRO,
    }
    assert told(tmp_path, files) == []
    places = [str(item.origin).replace(f"{tmp_path}/", "") for item in loaded(tmp_path, files).desired.values()]
    assert places[:2] == ["features.yml:3:3", "plans/pro.yaml:3:3"]


@pytest.mark.parametrize("link", ["commet.live.yaml", "commet.live.yaml -> gone.yaml"])
def test_an_overlay_that_is_a_link_out_of_the_folder_is_not_read(link: str, tmp_path: Path) -> None:
    inside, target = tmp_path / "inside", link.partition(" -> ")[2] or "secret.yaml"
    inside.mkdir()
    (tmp_path / "secret.yaml").write_text("topsecret: hunter2\n", encoding="utf-8")
    (inside / "commet.live.yaml").symlink_to(tmp_path / target)
    assert told(inside, {"commet.yaml": "version: 1\nplans: {}\n"}, "live") == [
        "commet.live.yaml is a link to a place outside the folder of the catalog", "  hint: put the file itself there"
    ]  # fmt: skip


def test_an_overlay_may_be_a_link_inside_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "commet.live.yaml").symlink_to("shared.yaml")
    files = {"commet.yaml": "version: 1\nplans: {}\n", "shared.yaml": "version: 1\nmode: live\n"}
    assert loaded(tmp_path, files, "live").mode == "live"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("features.yaml", "`include` must be a list of file names"),
        ("[5]", "must be the name of a file"),
        ("[[a.yaml]]", "must be the name of a file"),
        ("[gone.yaml]", "gone.yaml does not exist"),
        ("[commet.yaml]", "`commet.yaml` is read already"),
        ("[ok.yaml, ok.yaml]", "`ok.yaml` is read already"),
        ("[ok.yaml, ./ok.yaml]", "`./ok.yaml` is read already"),
        ("[./commet.yaml]", "`./commet.yaml` is read already"),
        ("[./commet.live.yaml]", "`./commet.live.yaml` is the overlay of an environment"),
        ("[folder.yaml]", "folder.yaml is a directory"),
        ("[commet.live.yaml]", "`commet.live.yaml` is the overlay of an environment"),
    ],
)
def test_a_list_that_is_none_is_told(value: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    found = told(tmp_path, {"commet.yaml": f"version: 1\ninclude: {value}\n", "ok.yaml": "version: 1\n"})
    assert found[0].partition(": ")[2] == message


def test_aliases_are_counted_over_all_files(tmp_path: Path) -> None:
    """Small files must not keep anybody busy together either."""
    many = "version: 1\nx: &a {" + ", ".join(f"k{n}: 1" for n in range(300)) + "}\ny: [" + "*a, " * 90 + "]\n"
    names = ["a.yaml", "b.yaml", "c.yaml"]
    found = told(tmp_path, {"commet.yaml": f"version: 1\ninclude: [{', '.join(names)}]\n"} | dict.fromkeys(names, many))
    assert "repeats more than 50000 values through its aliases" in found[0]


def test_all_files_together_are_no_larger_than_one_may_be(tmp_path: Path) -> None:
    half = "version: 1\n" + "# x\n" * 1_200_000
    found = told(tmp_path, {"commet.yaml": "version: 1\ninclude: [a.yaml, b.yaml]\n", "a.yaml": half, "b.yaml": half})
    assert found[0] == "b.yaml:1:1: is larger than 8 MB"
