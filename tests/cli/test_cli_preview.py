"""`preview` as a process: where the page goes, and what it never replaces."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from cli.running import environment, run, started, write
from commetctl import __version__

PAGE = "commet-pricing.html"
YAML = """\
version: 1
plans:
  pro: {name: Pro \u2014 f\u00fcr alle, visibility: public, prices: {monthly: {price: 49.00}}}
"""


def test_it_writes_a_page_without_key_and_network(tmp_path: Path) -> None:
    write(tmp_path, YAML)
    ended = run(tmp_path, "preview", key=None)
    assert (ended.code, ended.out, ended.err) == (0, f"the pricing page of commet.yaml is in {PAGE}\n", "")
    html = (tmp_path / PAGE).read_text("ascii")
    assert f'<meta name="generator" content="commetctl {__version__}">' in html
    assert "Pro &#8212; f&#252;r alle" in html
    assert sorted(path.name for path in tmp_path.iterdir()) == [PAGE, "commet.yaml"]


def test_it_replaces_its_own_page_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, YAML)
    page = tmp_path / PAGE
    run(tmp_path, "preview")
    first = page.read_text()
    write(tmp_path, YAML.replace("49.00", "59.00"))
    assert run(tmp_path, "preview").code == 0
    assert page.read_text() == first.replace("49.00", "59.00")
    page.write_text("<html>mine</html>")
    ended = run(tmp_path, "preview")
    assert (ended.code, page.read_text()) == (1, "<html>mine</html>")
    assert "is not a page that commetctl wrote" in ended.err
    page.unlink()
    page.symlink_to(tmp_path / "elsewhere.html")
    assert run(tmp_path, "preview").code == 1
    assert not (tmp_path / "elsewhere.html").exists()
    assert run(tmp_path, "preview", "--out", ".").code == 1


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    write(tmp_path, YAML)
    ended = run(tmp_path, "preview", "--out", "nowhere/page.html", "--format", "json")
    assert ended.errors == ["out_unwritable"]
    os.mkfifo(tmp_path / "pipe")
    assert run(tmp_path, "preview", "--out", "pipe", "--format", "json").errors == ["out_taken"]


@pytest.mark.process
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_stdout_has_the_same_page_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    write(tmp_path, YAML)
    run(tmp_path, "preview")
    ended = started(tmp_path, "preview", "--out", "-", env={"PYTHONIOENCODING": encoding})
    assert ended.out == (tmp_path / PAGE).read_text() + "\n"


def test_a_wrong_catalog_makes_no_page(tmp_path: Path) -> None:
    write(tmp_path, "version: 1\nplans: {pro: {nam: Pro}}\n")
    ended = run(tmp_path, "preview")
    assert ended.code == 3
    assert not (tmp_path / PAGE).exists()


def test_before_and_after_of_files_and_revisions(tmp_path: Path) -> None:
    write(tmp_path, YAML)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "commet.yaml"], ["commit", "-q", "-m", "first"]):
        subprocess.run([*git, *words], cwd=tmp_path, env=environment(), check=True)
    (tmp_path / "old.yaml").write_text(YAML, encoding="utf-8")
    write(tmp_path, YAML.replace("49.00", "59.00"))
    for base in ("old.yaml", "git:HEAD", "git:HEAD:commet.yaml"):
        ended = run(tmp_path, "preview", "--base", base)
        assert ended.code == 0, ended.err
        html = (tmp_path / PAGE).read_text()
        assert "Pricing changes" in html
        assert "+20.4%" in html
    assert run(tmp_path, "preview", "--base", "git:nowhere").code == 1
    assert json.loads(run(tmp_path, "preview", "--format", "json").out)["command"] == "preview"


def test_json_and_the_page_do_not_share_stdout(tmp_path: Path) -> None:
    write(tmp_path, YAML)
    assert run(tmp_path, "preview", "--out", "-", "--format", "json").code == 64


@pytest.mark.process
def test_the_page_is_opened_in_the_browser_where_there_is_one(tmp_path: Path) -> None:
    write(tmp_path)
    browser = tmp_path / "browser"
    browser.write_text('#!/bin/sh\necho "$1" > opened\n')
    browser.chmod(0o700)
    ended = started(tmp_path, "preview", "--open", key=None, env={"BROWSER": f"{browser} %s"})
    assert (ended.code, ended.out.endswith("is in commet-pricing.html, and open in the browser\n")) == (0, True)
    assert (tmp_path / "opened").read_text() == (tmp_path / "commet-pricing.html").as_uri() + "\n"


def test_where_there_is_no_browser_the_page_is_named(tmp_path: Path) -> None:
    write(tmp_path)
    ended = run(tmp_path, "preview", "--open", key=None)
    assert ended.code == 0
    assert ended.out.endswith("is in commet-pricing.html; there is no browser here to open it in\n")
    assert run(tmp_path, "preview", "--open", "--out", "-", key=None).code == 64
