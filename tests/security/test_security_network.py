"""S04 to S07: to whom the key is sent, and by which way."""

import base64
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from cli.hostile import EMPTY as NOTHING
from cli.hostile import Reply, hostile
from cli.running import KEY, Ended, run, started, write
from commetctl.api.destinations import checked_url
from commetctl.core.errors import CommetctlError
from security.serving import CERTIFICATES, EMPTY, serving, whole

PROXIES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")


def planned(folder: Path, url: str, env: Mapping[str, str] | None = None) -> Ended:
    return run(folder, "plan", "--retries", "0", "--api-url", url, env=env)


@pytest.mark.parametrize(
    "url",
    [
        "http://commet.co",
        "http://localhost.",
        "http://127.1",
        "http://2130706433",
        "http://0.0.0.0",
        "http://[::]",
        "http://169.254.169.254",
        "https://user@commet.co",
        f"https://user:{KEY}@commet.co",
        "https://commet.co?",
        "https://commet.co#",
        "ftp://127.0.0.1",
        "file:///dev/null",
        # What one reader of addresses takes for this machine, and another one for a host elsewhere.
        "http://evil.invalid[::1]/",
        "http://[::1]evil.invalid/",
        "http://evil.invalid[127.0.0.1]/",
        "http://127.0.0.1\\.evil.invalid/",
        "http://127.0.0.1\\@evil.invalid/",
        "http://evil.invalid\\@127.0.0.1/",
        "http://localhost\t.evil.invalid/",
        "http://localhost%2eevil.invalid/",
        "http://①②⑦.0.0.1.evil.invalid",
        "http:/\\evil.invalid",
        "http:///evil.invalid",
        " http://evil.invalid",
    ],
)
def test_s04_the_key_is_not_sent_there(url: str) -> None:
    with pytest.raises(CommetctlError) as raised:
        checked_url(url)
    assert raised.value.code == "bad_url"
    assert KEY not in f"{raised.value.message} {raised.value.hint}"


@pytest.mark.parametrize("url", ["http://LOCALHOST:1", "http://127.0.0.1:1/x", "http://[::1]:1", "https://commet.co:1"])
def test_s04_what_is_taken_is_what_is_connected_to(url: str) -> None:
    assert httpx.URL(checked_url(url)).host == urlsplit(url).hostname


def test_s04_without_encryption_nothing_is_sent_not_even_to_a_proxy(tmp_path: Path) -> None:
    write(tmp_path)
    with hostile(NOTHING) as proxy:
        ended = planned(tmp_path, "http://commet.co", dict.fromkeys(PROXIES, proxy.url))
    assert (ended.code, "without encryption" in ended.err, proxy.requests) == (1, True, [])


OFF = {
    name: value
    for value, names in {
        "0": "PYTHONHTTPSVERIFY HTTPX_VERIFY SSL_VERIFY VERIFY_SSL CURL_SSL_VERIFY NODE_TLS_REJECT_UNAUTHORIZED",
        "1": "COMMET_INSECURE COMMETCTL_INSECURE GIT_SSL_NO_VERIFY",
        "false": "COMMET_VERIFY COMMET_TLS_VERIFY SSL_CERT_VERIFY",
        "": "SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE",
    }.items()
    for name in names.split()
}


@pytest.mark.process
@pytest.mark.parametrize(
    ("certificate", "env"),
    [
        ("this_machine", {}),
        ("this_machine", OFF),
        ("this_machine", {"SSL_CERT_FILE": str(CERTIFICATES / "another_host.pem")}),
        ("this_machine", {"REQUESTS_CA_BUNDLE": str(CERTIFICATES / "this_machine.pem")}),
        # Trusted, and for another host.
        ("another_host", {"SSL_CERT_FILE": str(CERTIFICATES / "another_host.pem")}),
    ],
)
def test_s05_a_certificate_that_is_not_trusted_gets_nothing(
    tmp_path: Path, certificate: str, env: dict[str, str]
) -> None:
    write(tmp_path)
    with serving(lambda _said: EMPTY, certificate) as server:
        ended = started(tmp_path, "plan", "--retries", "0", "--api-url", server.url, env=env)
    assert (ended.code, server.connections, server.heard) == (1, 1, [])
    assert "certificate verify failed" in ended.err


@pytest.mark.parametrize("option", ["--insecure", "--no-verify", "--no-verify-ssl", "--skip-tls-verify", "-k"])
def test_s05_no_option_turns_verification_off(tmp_path: Path, option: str) -> None:
    write(tmp_path)
    assert run(tmp_path, "plan", option).code == 64


def test_s05_a_certificate_that_the_environment_trusts_is_good_and_its_secrets_are_not_written_down(
    tmp_path: Path,
) -> None:
    """What is refused above is refused for the certificate, and for nothing else."""
    write(tmp_path)
    env = {"SSL_CERT_FILE": str(CERTIFICATES / "this_machine.pem"), "SSLKEYLOGFILE": str(tmp_path / "secrets")}
    with serving(lambda _said: EMPTY, "this_machine") as server:
        ended = planned(tmp_path, server.url, env)
    assert ended.code == 0, ended.err
    assert f"x-api-key: {KEY}".encode() in server.heard[0]
    assert "SECRET" not in (tmp_path / "secrets").read_text() if (tmp_path / "secrets").exists() else True


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "ALL_PROXY"])
def test_s06_a_proxy_sees_the_host_and_not_the_key(tmp_path: Path, variable: str) -> None:
    write(tmp_path)
    with serving(lambda _said: whole(b"", status=b"502 Bad Gateway")) as proxy:
        address = proxy.url.replace("//", "//user:pa55word@")
        ended = planned(tmp_path, "https://nowhere.invalid", {variable: address})
    (said,) = proxy.heard
    assert said.startswith(b"CONNECT nowhere.invalid:443 HTTP/1.1\r\n")
    assert base64.b64encode(b"user:pa55word") in said
    assert KEY.encode() not in said
    assert (ended.code, "pa55word" in ended.out + ended.err) == (1, False)


def test_s06_a_proxy_that_answers_for_the_host_is_found_out(tmp_path: Path) -> None:
    """It says that the tunnel is open and speaks in the tunnel itself: TLS does not believe it."""
    write(tmp_path)
    with serving(lambda _said: [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n{}"]) as proxy:
        ended = planned(tmp_path, "https://nowhere.invalid", {"HTTPS_PROXY": proxy.url})
    assert ended.code == 1
    assert KEY.encode() not in b"".join(proxy.heard)


@pytest.mark.parametrize("certificate", ["", "this_machine"])
def test_s06_no_proxy_is_asked_for_what_stays_on_this_machine(tmp_path: Path, certificate: str) -> None:
    write(tmp_path)
    with serving(lambda _said: EMPTY, certificate) as server, serving(lambda _said: EMPTY) as proxy:
        env = dict.fromkeys(PROXIES, proxy.url) | {"SSL_CERT_FILE": str(CERTIFICATES / "this_machine.pem")}
        ended = planned(tmp_path, server.url, env)
    assert (ended.code, proxy.connections) == (0, 0), ended.err


def test_s07_nothing_of_the_home_or_the_repository_adds_to_a_request(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login someone password pa55word\ndefault login a password b\n")
    (tmp_path / ".netrc").chmod(0o600)
    settings = "COMMET_API_KEY=ck_sandbox_other\nCOMMET_API_URL=http://127.0.0.1:9\n"
    for name in (".env", ".commetrc", "commet.toml", "commetctl.toml", ".commet.yaml", ".commet"):
        (tmp_path / name).write_text(settings)
    env = {"HOME": str(tmp_path), "NETRC": str(tmp_path / ".netrc"), "USERPROFILE": str(tmp_path)}
    with hostile(NOTHING) as server:
        ended = planned(tmp_path, server.url, env)
    assert ended.code == 0, ended.err
    assert server.headers[0]["x-api-key"] == KEY
    assert not {"authorization", "cookie", "proxy-authorization"} & set(server.headers[0])


@pytest.mark.parametrize("key", ["api_url", "api_key", "api_key_file", "proxy", "include", "extends", "journal", "out"])
def test_s07_the_catalog_says_neither_where_nor_with_which_key(tmp_path: Path, key: str) -> None:
    code = "bad_include" if key == "include" else "unknown_key"
    with hostile(NOTHING) as elsewhere, hostile(NOTHING) as server:
        write(tmp_path, f"version: 1\n{key}: {elsewhere.url}\nfeatures: {{}}\n")
        ended = run(tmp_path, "plan", "--api-url", server.url, "--format", "json")
    assert (ended.code, ended.errors, elsewhere.requests) == (3, [code], [])


def test_s07_an_answer_does_not_lead_the_next_request_away(tmp_path: Path) -> None:
    """Neither a cookie, nor a cursor, nor an id that is a path."""
    write(tmp_path, "version: 1\nfeatures: {}\n")
    pages = iter(["https://evil.invalid/", "../../../x", "a&b=c#d", ""])

    def answer(_method: str, _path: str) -> Reply:
        page = next(pages, "")
        row = {"id": "../../x?y#z", "code": "old", "name": "Old", "type": "usage", "livemode": False}
        return Reply({"data": [row], "hasMore": bool(page), "nextCursor": page})

    with hostile(answer) as server:
        run(tmp_path, "apply", "--yes", "--prune", "--retries", "0", "--api-url", server.url)
    assert all(request.split("?")[0].endswith("/api/v1/features") for request in server.requests[:4])
    assert [
        request for request in server.writes if not request.startswith("DELETE /api/v1/features/..%2F..%2Fx%3Fy%23z")
    ] == []


@pytest.mark.parametrize("id_", [".", ".."])
def test_s07_an_id_that_leads_out_of_its_path_is_refused(tmp_path: Path, id_: str) -> None:
    write(tmp_path, "version: 1\ncredit_packs: {}\n")
    row = {"id": id_, "name": "Old", "credits": 1, "price": 1, "livemode": False}
    with hostile(Reply({"data": [row], "hasMore": False})) as server:
        ended = run(tmp_path, "apply", "--yes", "--prune", "--api-url", server.url, "--format", "json")
    assert (ended.code, ended.errors, server.writes) == (1, ["bad_id"], [])
