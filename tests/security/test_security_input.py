"""S11 to S15: what a catalog, a file in its place and an answer of the API can hold without doing any harm."""

import gzip
import json
import os
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path

import pytest

from cli.hostile import EMPTY, Reply, hostile
from cli.running import YAML, Ended, run, write
from commetctl.api.connection import LARGEST_ANSWER
from commetctl.core.files import LARGEST_FILE
from security.serving import serving


def billion(depth: int, width: int) -> str:
    lines = ["version: 1", "a0: &a0 [x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join(repeat(f'*a{level - 1}', width))}]" for level in range(1, depth)]
    return "\n".join(lines)


def merging(depth: int) -> str:
    lines = ["version: 1", "a0: &a0 {x: 1}"]
    lines += [f"a{level}: &a{level} {{<<: [*a{level - 1}, *a{level - 1}]}}" for level in range(1, depth)]
    return "\n".join(lines)


BOMBS: dict[str, tuple[str, str]] = {
    "aliases": (billion(12, 10), "too_many_values"),
    "merges": (merging(24), "too_many_values"),
    "an alias of itself": ("version: 1\nfeatures: &a {b: *a}\n", "too_deep"),
    "a merge of itself": ("version: 1\nfeatures: &a {<<: *a}\n", "too_deep"),
    "nested in brackets": ("version: 1\nfeatures: " + "[" * 500_000, "too_deep"),
    "nested in braces": ("version: 1\nfeatures: " + "{a: " * 200_000, "too_deep"),
    "nested in dashes": ("version: 1\nfeatures:\n  " + "- " * 400_000, "too_deep"),
    "large": ("version: 1\nfeatures: " + "x" * LARGEST_FILE, "too_large"),
    "a long number": ("version: " + "9" * 500_000, "unknown_version"),
    "a huge number": ("version: 1e999999999", "unknown_version"),
    "base sixty": ("version: " + ":".join(["59"] * 100_000), "unknown_version"),
}


@pytest.mark.parametrize(("yaml", "code"), BOMBS.values(), ids=BOMBS)
def test_s11_a_bomb_is_an_error_with_a_place(tmp_path: Path, yaml: str, code: str) -> None:
    write(tmp_path, yaml)
    ended = run(tmp_path, "validate", "--format", "json", key=None)
    assert ended.code == 3
    assert code in ended.errors
    assert len(ended.out) < 100_000


ODD: dict[str, tuple[bytes, str]] = {
    "code to call": (b"version: 1\nfeatures: !!python/object/apply:os.system ['touch owned']\n", "tag"),
    "code to call, new": (b"version: 1\nfeatures: !!python/object/new:os.system ['touch owned']\n", "tag"),
    "a name of code": (b"version: 1\nfeatures: !!python/name:os.system\n", "tag"),
    "an include": (b"version: 1\nfeatures: !include /etc/passwd\n", "tag"),
    "an environment variable": (b"version: 1\nfeatures: !env COMMET_API_KEY\n", "tag"),
    "a tag of its own": (b"%TAG ! tag:evil,2000:\n---\nversion: 1\nfeatures: !x {}\n", "tag"),
    "a key twice": (b"version: 1\nfeatures: {}\nfeatures: {}\n", "duplicate_key"),
    "two documents": (b"version: 1\n---\nversion: 1\n", "yaml_syntax"),
    "NUL": (b"version: 1\nfeatures: {a\x00: 1}\n", "yaml_syntax"),
    "an escape": (b"version: 1 # \x1b[31m\n", "yaml_syntax"),
    "latin-1": (b"version: 1 # \xe9\n", "not_utf8"),
    "UTF-16": ("version: 1".encode("utf-16"), "not_utf8"),
    "too long an encoding": (b"version: 1 # \xc0\xaf\n", "not_utf8"),
    "half a character": (b'version: 1\nfeatures: {"\\ud800": {name: A, type: usage}}\n', "not_unicode"),
    "beyond Unicode": (b'version: 1\nfeatures: {"\\UFFFFFFFF": 1}\n', "yaml_syntax"),
}


@pytest.mark.parametrize(("content", "code"), ODD.values(), ids=ODD)
def test_s12_a_catalog_is_data_and_nothing_else(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "commet.yaml").write_bytes(content)
    ended = run(tmp_path, "validate", "--format", "json")
    assert ended.code == 3
    assert code in ended.errors
    assert "root:" not in ended.out
    assert [path.name for path in tmp_path.iterdir()] == ["commet.yaml"]


def pipe(path: Path) -> None:
    os.mkfifo(path)


def zero(path: Path) -> None:
    path.symlink_to("/dev/zero")


def circle(path: Path) -> None:
    path.symlink_to(path.name)


PLACES: dict[str, Callable[[Path], None]] = {
    "a pipe that nobody writes to": pipe,
    "a file without end": zero,
    "a link to itself": circle,
    "a folder": Path.mkdir,
}


@pytest.mark.parametrize("make", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize(
    "words", [["validate", "-f", "it"], ["plan", "--local", "-f", "it"], ["apply", "it", "--local", "--yes"],
              ["plan", "--local", "--out", "it"]]
)  # fmt: skip
def test_s13_what_is_no_file_is_an_error_at_once(
    tmp_path: Path, make: Callable[[Path], None], words: list[str]
) -> None:
    write(tmp_path)
    make(tmp_path / "it")
    ended = run(tmp_path, *words, key=None)
    assert ended.code in (1, 4), ended
    assert (ended.out, ended.err.startswith("error: it ")) == ("", True)


def listed(row: str) -> Reply:
    return Reply('{"hasMore": false, "data": [' + row + "]}")


ANSWERS: dict[str, Reply] = {
    "nested": Reply("[" * 200_000),
    "nested less": listed('{"id": "a", "code": "calls", "name": "A", "x": ' + "[" * 900 + "]" * 900 + "}"),
    "nested a little": listed('{"id": "a", "code": "calls", "name": "A", "x": ' + "[" * 80 + "]" * 80 + "}"),
    "not a number": listed('{"id": NaN}'),
    "infinite": listed('{"id": -Infinity}'),
    "a large number": listed('{"id": 1e999999999}'),
    "many digits": listed('{"id": ' + "9" * 100_000 + "}"),
    "half a character": listed('{"id": "\\ud800"}'),
    "not UTF-8": Reply(b'{"data": ["\xff"]}'),
    "no objects": listed("1, [], null"),
    "no list": Reply({"data": {}}),
    "more without a way": Reply({"data": [{}], "hasMore": True}),
}


def planned(folder: Path, url: str) -> Ended:
    return run(folder, "plan", "--retries", "0", "--api-url", url, "--format", "json")


@pytest.mark.parametrize("reply", ANSWERS.values(), ids=ANSWERS)
def test_s14_an_answer_that_makes_no_sense_is_an_error(tmp_path: Path, reply: Reply) -> None:
    write(tmp_path)
    with hostile(reply) as server:
        ended = planned(tmp_path, server.url)
    assert ended.code == 1
    assert ended.errors[0] in ("not_json", "not_a_list", "incomplete_list", "unexpected_answer")


def test_s14_an_answer_that_unpacks_to_too_much_is_not_unpacked(tmp_path: Path) -> None:
    write(tmp_path)
    packed = gzip.compress(b" " * (LARGEST_ANSWER + 1), 9)
    assert len(packed) < 100_000
    with hostile(Reply(packed, 200, {"content-encoding": "gzip"})) as server:
        assert planned(tmp_path, server.url).errors == ["too_large"]


def test_s14_an_answer_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    def endless(_said: bytes) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n"
        yield from repeat(b" " * 1024 * 1024)

    write(tmp_path)
    with serving(endless) as server:
        assert planned(tmp_path, server.url).errors == ["too_large"]


def test_s14_headers_without_end_are_not_read_to_their_end(tmp_path: Path) -> None:
    def endless(_said: bytes) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        yield from (b"x-%d: y\r\n" % number for number in range(1_000_000))

    write(tmp_path)
    with serving(endless) as server:
        assert planned(tmp_path, server.url).errors == ["unreachable"]


@pytest.mark.parametrize("code", ["a/b", "../x", "/", ""])
def test_s14_a_code_that_would_name_something_else_is_an_error(tmp_path: Path, code: str) -> None:
    write(tmp_path, "version: 1\nplans: {}\n")
    plan = {"id": "pln_1", "code": code, "name": "A", "metadata": {}, "prices": [], "features": [], "exchangeRates": []}
    with hostile(listed(json.dumps(plan | {"livemode": False}))) as server:
        ended = run(tmp_path, "plan", "--prune", "--api-url", server.url, "--format", "json")
    assert (ended.code, ended.errors) == (1, ["unexpected_answer"])


@pytest.mark.parametrize("seconds", ["100000", "99999999999", "9" * 5000, "-1", "Fri, 31 Dec 9999 23:59:59 GMT", "nan"])
def test_s15_an_answer_cannot_make_a_run_wait_for_ever(tmp_path: Path, seconds: str) -> None:
    def answer(method: str, _path: str) -> Reply:
        if method == "GET":
            return EMPTY
        return Reply({"error": {"code": "rate_limited", "message": "no"}}, 429, {"retry-after": seconds})

    write(tmp_path, YAML)
    with hostile(answer) as server:
        words = ["apply", "--yes", "--max-wait", "0.1", "--api-url", server.url]
        ended = run(tmp_path, *words)
    assert ended.code == 1, ended.err
    assert server.writes


def test_s27_a_catalog_reads_no_file_but_its_own(tmp_path: Path) -> None:
    """Not even to quote it in an error: the checkout of a CI job holds a token in `.git/config`."""
    (tmp_path / ".git").mkdir()
    token = "AUTHORIZATION: basic N0body0ughtT0SeeThis"
    for name in (".git/config", "secret.txt", "outside.yaml"):
        (tmp_path / name).write_text(f"[http]\n\textraheader = {token}\n", encoding="utf-8")
    inside = tmp_path / "pricing"
    inside.mkdir()
    (inside / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (inside / "folder").symlink_to(tmp_path)
    names = ["../.git/config", "../outside.yaml", "link.yaml", "folder/outside.yaml", f"{tmp_path}/outside.yaml"]
    write(inside, f"version: 1\ninclude: {json.dumps(names)}\n")
    ended = run(inside, "validate", "--format", "json")
    assert (ended.code, ended.errors) == (3, ["bad_include"] * len(names))
    assert "N0body" not in ended.out + ended.err
    assert "Is a directory" not in ended.out


def test_s27_a_pipe_that_is_included_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    write(tmp_path, "version: 1\ninclude: [pipe.yaml]\n")
    assert run(tmp_path, "validate", "--format", "json").errors == ["bad_include"]


def test_s27_nothing_of_the_environment_is_read_but_its_variables(tmp_path: Path) -> None:
    env = {"COMMETCTL_VAR_NAME": "meant", "SECRET": "N0body0ughtT0SeeThis", "COMMET_API_KEY": "ck_live_N0body"}
    text = "${SECRET} ${COMMET_API_KEY} $SECRET $(SECRET) ${COMMETCTL_VAR_NAME}"
    write(tmp_path, f'version: 1\nfeatures: {{a: {{type: usage, name: "{text}"}}}}\n')
    ended = run(tmp_path, "plan", "--local", "--format", "json", key=None, env=env)
    assert ended.code == 0
    assert "${SECRET} ${COMMET_API_KEY} $SECRET $(SECRET) meant" in ended.out
    assert "N0body" not in ended.out
    for name in ("COMMETCTL_VAR_${SECRET}", "COMMETCTL_VAR_NAME:-${SECRET}", "COMMETCTL_VAR_../SECRET"):
        write(tmp_path, f'version: 1\nfeatures: {{a: {{type: usage, name: "${{{name}}}"}}}}\n')
        ended = run(tmp_path, "plan", "--local", "--format", "json", key=None, env=env)
        assert (ended.code, set(ended.errors), "N0body" in ended.out) == (3, {"bad_variable"}, False)


def test_s27_what_a_variable_holds_is_one_value_and_no_yaml(tmp_path: Path) -> None:
    held = 'x"}}\nplans: {free: {name: Free}}\n# \x1b[2J'
    write(tmp_path, 'version: 1\nfeatures: {a: {type: usage, description: "${COMMETCTL_VAR_x}", name: A}}\n')
    ended = run(tmp_path, "validate", "-v", key=None, env={"COMMETCTL_VAR_x": held})
    assert (ended.code, "plan" in ended.out, "\x1b" in ended.out + ended.err) == (3, False, False)
