"""S25 and S26: what others read of a plan is text, and tells nothing about anybody who subscribes."""

import json
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as Xml

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options

from cli.running import run, send, write
from emulator.serving import emulator_server

FORMATS = ("text", "json", "markdown", "html", "github", "junit")
EVIL = "</title></code></details><script>alert(1)</script> <img src=x onerror=alert(2)> [x](http://evil.invalid) @all"


def catalog(price: str, name: str) -> str:
    return f"version: 1\nplans:\n  pro: {{name: {json.dumps(name)}, prices: {{monthly: {{price: {price}}}}}}}\n"


class Reader(HTMLParser):
    """The elements of a page, and its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def shown(folder: Path, output_format: str, name: str = EVIL) -> str:
    """A price that moves, of a plan with a name, in a format."""
    (folder / "before.yaml").write_text(catalog("9.00", name), encoding="utf-8")
    (folder / "after.yaml").write_text(catalog("9.90", name), encoding="utf-8")
    ended = run(folder, "diff", "before.yaml", "after.yaml", "--format", output_format, key=None)
    assert ended.code == 0
    return ended.out


def test_s25_a_name_in_a_comment_is_text_and_calls_nobody(tmp_path: Path) -> None:
    page = shown(tmp_path, "markdown")
    html = read(cmarkgfm.github_flavored_markdown_to_html(page, Options.CMARK_OPT_UNSAFE))
    assert "<script>alert(1)</script>" in html.text
    assert not {tag for tag, _ in html.elements} & {"script", "img", "a"}
    # The comment between keeps the name from being one.
    assert "@all" not in page


def test_s25_a_name_on_the_page_is_text_and_nothing_else_runs(tmp_path: Path) -> None:
    page = read(shown(tmp_path, "html"))
    assert EVIL in page.text
    assert "img" not in {tag for tag, _ in page.elements}
    (policy,) = [
        found["content"] for tag, found in page.elements if found.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert sum(tag == "script" for tag, _ in page.elements) == policy.count("script-src 'sha256-") == 1


def test_s25_a_name_in_annotations_and_reports_is_text(tmp_path: Path) -> None:
    name = "::set-output name=x::y ]]> <evil/> %0A::error::z"
    lines = shown(tmp_path, "github", name).splitlines()
    assert [line.partition(" ")[0] for line in lines if line.lstrip().startswith("::")] == ["::notice", "::notice"]
    suite = Xml.fromstring(shown(tmp_path, "junit", name))  # noqa: S314  (our own)
    assert {element.tag for element in suite.iter()} == {"testsuite", "testcase", "system-out"}


@pytest.mark.parametrize("output_format", FORMATS)
def test_s26_nothing_about_a_subscriber_is_in_any_format(tmp_path: Path, output_format: str) -> None:
    with emulator_server(":memory:") as running:
        write(tmp_path, catalog("9.00", "Pro"))
        assert run(tmp_path, "apply", "--yes", "--api-url", running.url).code == 0
        about = {"customerId": "cus_secret", "name": "Secret Ltd", "planCode": "pro", "billingInterval": "monthly"}
        send(running.url, "POST", "/subscriptions", about)
        write(tmp_path, catalog("9.90", "Pro"))
        words = ["plan", "--api-url", running.url, "--format", output_format, "--out", "plan.json"]
        ended = run(tmp_path, *words, *(["-v"] if output_format == "text" else []))
    assert ended.code == 0
    assert "subscription" in ended.out
    everything = ended.out + ended.err + (tmp_path / "plan.json").read_text("utf-8")
    assert "ecret" not in everything
    assert "sub_" not in everything
