"""S01 to S03: where the key comes from, and everywhere that it does not go."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.hostile import EMPTY, Reply, hostile
from cli.running import KEY, Ended, run, write
from commetctl.cli.report import bug
from security.serving import serving

YAML = "version: 1\nfeatures:\n  calls: {name: Calls, type: usage}\ncredit_packs: {}\n"


def left_behind(folder: Path) -> str:
    """All that is written in a folder."""
    return "".join(path.read_text("utf-8", "replace") for path in folder.rglob("*") if path.is_file())


def silent_about(ended: Ended, folder: Path, secret: str = KEY) -> bool:
    return secret not in ended.out + ended.err + left_behind(folder)


@pytest.mark.parametrize("words", [["--api-key", KEY], [f"--api-key={KEY}"], ["-k", KEY], ["--key", KEY], [KEY, KEY]])
@pytest.mark.parametrize("form", ["text", "json"])
def test_s01_no_option_takes_the_key_and_one_in_the_wrong_place_is_not_repeated(
    tmp_path: Path, words: list[str], form: str
) -> None:
    write(tmp_path)
    ended = run(tmp_path, "plan", *words, "--format", form, key=None)
    assert ended.code == 64
    assert silent_about(ended, tmp_path)


@pytest.mark.parametrize(
    ("words", "env", "code"),
    [
        (["--api-key-file", KEY], {}, 6),
        (["--api-url", KEY], {}, 1),
        (["--api-url", f"https://{KEY}@commet.co"], {}, 1),
        ([], {"COMMET_API_VERSION": KEY}, 64),
        ([], {"COMMET_API_URL": KEY}, 1),
    ],
)
def test_s01_a_key_that_is_taken_for_something_else_is_not_repeated(
    tmp_path: Path, words: list[str], env: dict[str, str], code: int
) -> None:
    write(tmp_path)
    ended = run(tmp_path, "plan", *words, env=env)
    assert ended.code == code
    assert silent_about(ended, tmp_path)


def test_s01_of_a_key_file_no_more_is_read_than_a_key_can_be(tmp_path: Path) -> None:
    write(tmp_path)
    ended = run(tmp_path, "plan", "--api-key-file", "/dev/zero", "--api-url", "http://127.0.0.1:9", key=None)
    assert (ended.code, "the API key is not a Commet key" in ended.err) == (6, True)


def row(**fields: object) -> Reply:
    whole = {"id": "ftr_1", "code": "calls", "name": "Calls", "type": "usage", "livemode": False}
    return Reply({"data": [whole | fields], "hasMore": False})


def error(**fields: object) -> Reply:
    return Reply({"error": {"code": "bad", "message": "no", **fields}}, 400, {"x-request-id": KEY})


ECHOES: dict[str, Reply] = {
    "in a message": error(message=f"bad key {KEY}"),
    "in a code": error(code=KEY),
    "in details": error(details=[{"field": KEY, "message": KEY}]),
    "in an address": error(doc_url=f"https://commet.co/{KEY}"),
    "escaped": Reply('{"error": {"message": "' + "".join(f"\\u{ord(sign):04x}" for sign in KEY) + '"}}', 400),
    "as a page": Reply(f"<html>{KEY}", 500, {"content-type": f"text/{KEY}"}),
    "in a redirect": Reply("", 302, {"location": f"https://evil.invalid/?{KEY}"}),
    "in a broken header": Reply("", 200, {f"not a header {KEY}": "x"}),
    "as a name": row(name=KEY),
    "as a code of an object": row(code=KEY.lower().replace("-", "_")),
    "as a value of another type": row(name=[KEY]),
    "as a key": row(metadata={KEY: 1}, name={KEY: 1}),
}


@pytest.mark.parametrize("words", [["plan", "--prune", "--out", "plan.json"], ["apply", "--yes", "--prune"]])
@pytest.mark.parametrize("reply", ECHOES.values(), ids=ECHOES)
def test_s02_a_server_that_repeats_the_key_does_not_get_it_into_a_log_or_a_file(
    tmp_path: Path, reply: Reply, words: list[str]
) -> None:
    write(tmp_path, YAML)
    with hostile(lambda _method, path: reply if path.startswith("/features") else EMPTY) as server:
        for form in ("text", "json"):
            ended = run(tmp_path, *words, "-v", "--format", form, "--retries", "0", "--api-url", server.url)
            assert ended.code != 70
            assert silent_about(ended, tmp_path)
    assert all(headers["x-api-key"] == KEY for headers in server.headers)


def test_s02_a_server_that_repeats_the_key_instead_of_http_does_not_get_it_into_a_log(tmp_path: Path) -> None:
    write(tmp_path)
    with serving(lambda said: [said]) as server:
        ended = run(tmp_path, "plan", "-v", "--retries", "0", "--api-url", server.url)
    assert KEY.encode() in server.heard[0]
    assert (ended.code, silent_about(ended, tmp_path)) == (1, True)


def test_s02_a_bug_is_kept_in_a_private_file_without_keys_passwords_and_escapes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    try:
        raise ValueError(f"{KEY} at https://user:pa55word@proxy \x1b[31m \ud800")
    except ValueError as found:
        said = bug(found)
    (log,) = tmp_path.iterdir()
    text = log.read_text("utf-8")
    assert str(log) in said.hint
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert "[removed] at https://[removed]@proxy \\x1b[31m \\ud800" in text
    assert not any(secret in text for secret in (KEY, "pa55word", "\x1b"))


def test_s02_a_bug_that_cannot_be_kept_is_still_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    said = bug(ValueError(KEY))
    assert "could not be kept" in said.hint
    assert KEY not in said.message + said.hint


REDIRECTS: dict[str, Callable[[str], str]] = {
    "the same host": lambda url: f"{url}/api/v1/elsewhere",
    "another port": lambda url: "http://127.0.0.1:1/",
    "another host": lambda url: "https://evil.invalid/",
    "without encryption": lambda url: "http://commet.co/",
    "a path": lambda url: "/api/v1/features?again",
    "no address": lambda url: "http://[",
}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("to", REDIRECTS.values(), ids=REDIRECTS)
def test_s03_no_redirect_is_followed(tmp_path: Path, status: int, to: Callable[[str], str]) -> None:
    write(tmp_path)
    with hostile(lambda _method, _path: Reply("", status, {"location": to(server.url)})) as server:
        ended = run(tmp_path, "plan", "--retries", "0", "--api-url", server.url)
    assert (ended.code, len(server.requests)) == (1, 1)
    assert "the key is never sent to another host" in ended.err


def test_s03_a_redirect_of_a_write_is_not_followed_either(tmp_path: Path) -> None:
    def answer(method: str, _path: str) -> Reply:
        return EMPTY if method == "GET" else Reply("", 307, {"location": other.url})

    write(tmp_path)
    with hostile(EMPTY) as other, hostile(answer) as server:
        ended = run(tmp_path, "apply", "--yes", "--retries", "0", "--api-url", server.url)
    assert (ended.code, len(server.writes), other.requests) == (1, 1, [])
