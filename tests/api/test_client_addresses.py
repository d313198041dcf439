"""Where the key may be sent, and what becomes of addresses, keys and environments that cannot be used."""

from pathlib import Path

import pytest

from cli.hostile import EMPTY, hostile
from cli.running import KEY, run, write
from commetctl.api.destinations import checked_key, checked_url
from commetctl.core.errors import CommetctlError, NotPermitted


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://commet.co", "https://commet.co"),
        ("https://commet.co/", "https://commet.co"),
        ("https://commet.co/api/v1", "https://commet.co"),
        ("https://commet.co/api/v1/", "https://commet.co"),
        ("https://münchen.invalid", "https://münchen.invalid"),
        ("http://127.0.0.1:8377", "http://127.0.0.1:8377"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:8377", "http://[::1]:8377"),
        ("http://localhost:8377", "http://localhost:8377"),
    ],
)
def test_the_key_may_go_by_https_or_to_this_machine(given: str, used: str) -> None:
    assert checked_url(given) == used


@pytest.mark.parametrize(
    "url",
    [
        "http://commet.co",
        "http://localhost.commet.co",
        "http://127.0.0.1.commet.co",
        "http://0.0.0.0:8377",
        "http://192.168.1.1",
        "http://127.1",
        "HTTP://commet.co",
    ],
)
def test_the_key_goes_nowhere_else_without_encryption(url: str) -> None:
    with pytest.raises(CommetctlError, match="without encryption") as raised:
        checked_url(url)
    assert (raised.value.code, raised.value.exit_code) == ("bad_url", 1)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "commet.co",
        "ftp://commet.co",
        "file:///etc/passwd",
        "https://",
        "https://user@commet.co",
        "https://user:secret@commet.co",
        "https://:secret@commet.co",
        "https://commet.co?x=1",
        "https://commet.co#x",
        "https://commet.co:99999",
        "https://commet.co:port",
        "http://[::1",
        "https://[nonsense]",
        "https://☃.invalid",
        "https://a..b",
        "https://.invalid",
        f"https://{'a' * 64}.invalid",
        "https://commet.co/\x1b[31m",
        "https://commet.co\x00",
    ],
)
def test_what_is_no_address_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(CommetctlError, match=r"--api-url must be an address such as https://commet\.co") as raised:
        checked_url(url)
    assert raised.value.code == "bad_url"
    assert "secret" not in str(vars(raised.value))


@pytest.mark.parametrize("key", ["ck_a", "rk_live_x.plan:rw,feature:r", "ck_" + "x" * 500])
def test_a_key_that_can_be_one_is_taken(key: str) -> None:
    assert checked_key(key) == key


@pytest.mark.parametrize(
    "key", ["", "ck_", "sk_x", "ck_a b", "ck_a\n", "ck_a\r\nX: y", "ck_\x00", "ck_é", " ck_a", "\ufeffck_a"]
)
def test_a_key_that_cannot_be_one_is_refused_without_being_repeated(key: str) -> None:
    with pytest.raises(NotPermitted) as raised:
        checked_key(key)
    assert (raised.value.code, raised.value.exit_code) == ("bad_key", 6)
    assert len(key) < 4 or key not in f"{raised.value.message} {raised.value.hint}"


def test_a_proxy_of_the_environment_is_not_used_on_this_machine(tmp_path: Path) -> None:
    write(tmp_path)
    with hostile(EMPTY) as server, hostile(EMPTY) as proxy:
        names = ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY")
        ended = run(tmp_path, "plan", "--api-url", server.url, env=dict.fromkeys(names, proxy.url))
    assert ended.code == 0
    assert proxy.requests == []
    assert server.headers[0]["x-api-key"] == KEY


def test_a_proxy_of_the_environment_is_used_for_the_internet_and_never_sees_the_key(tmp_path: Path) -> None:
    write(tmp_path)
    with hostile(EMPTY) as proxy:
        ended = run(tmp_path, "plan", "--api-url", "https://nowhere.invalid", env={"HTTPS_PROXY": proxy.url})
    assert ended.code == 1
    assert [request.partition(" ")[0] for request in proxy.requests[:1]] == ["CONNECT"]
    assert KEY not in str(proxy.headers)


@pytest.mark.parametrize(
    "variable", [("HTTPS_PROXY", "nonsense://user:secret@x"), ("SSL_CERT_FILE", "/nowhere/cert.pem")]
)
def test_an_environment_that_cannot_be_used_is_the_users_to_mend(tmp_path: Path, variable: tuple[str, str]) -> None:
    write(tmp_path)
    ended = run(tmp_path, "plan", "--api-url", "https://nowhere.invalid", env=dict([variable]))
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("error: ")
    assert "hint: check " in ended.err
    assert "secret" not in ended.err
