"""`preview` as a process: where the page goes, and what it never replaces."""

import json
import os
import re
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


CHANGE = """\
version: 1
change: {effective: 2050-01-01, announced: 2049-12-01, why: list prices}
plans: {pro: {prices: {monthly: {price: 59.00}}}}
"""


def dated(folder: Path) -> None:
    """A catalog with an overlay that lowers its price, and a change for a date that raises it."""
    write(folder, YAML)
    (folder / "commet.sale.yaml").write_text("version: 1\nplans: {pro: {prices: {monthly: {price: 39.00}}}}\n")
    (folder / "changes").mkdir()
    (folder / "changes" / "2050.yaml").write_text(CHANGE)


def amounts(folder: Path, *words: str) -> tuple[str, str]:
    """The page that a command writes: the part of what is scheduled, and everything else."""
    ended = run(folder, "preview", *words, key=None)
    assert ended.code == 0, ended.err
    html = (folder / PAGE).read_text("ascii")
    before, _, rest = html.partition('<section class="scheduled"')
    scheduled, _, after = rest.partition("</section>")
    return scheduled, before.partition("</style>")[2] + after


def test_what_is_scheduled_is_on_the_page_and_as_of_its_date_in_the_prices(tmp_path: Path) -> None:
    dated(tmp_path)
    scheduled, today = amounts(tmp_path)
    assert '<time datetime="2050-01-01T00:00:00Z">1 January 2050</time>' in scheduled
    for said in (
        "49.00",
        "59.00 USD",
        "+20.4%",
        "changes/2050.yaml",
        "list prices",
        "Announcement on 1 December 2049.",
    ):
        assert said in scheduled, said
    assert "for existing customers from 1 January 2050 on." in scheduled
    assert ("49.00" in today, "59.00" in today) == (True, False)
    scheduled, then = amounts(tmp_path, "--at", "2050-01-01")
    assert (scheduled, "49.00" in then, "59.00" in then) == ("", False, True)
    assert "as of 2050-01-01" in then
    assert amounts(tmp_path, "--at", "2049-12-31T23:59:59Z")[1].count("49.00") == today.count("49.00")
    assert run(tmp_path, "preview", "--at", "2050-01-01T00:00", key=None).code == 64


def test_the_file_itself_as_the_base_shows_what_the_date_changes(tmp_path: Path) -> None:
    dated(tmp_path)
    scheduled, html = amounts(tmp_path, "--at", "2050-01-01", "--base", "commet.yaml")
    assert scheduled == ""
    assert "+20.4%" in html
    assert "from 1 January 2050 on" in html
    assert "No changes" in amounts(tmp_path, "--base", "commet.yaml")[1]


def test_an_overlay_is_on_both_sides_only_where_both_have_it(tmp_path: Path) -> None:
    dated(tmp_path)
    # The file itself shows what the overlay changes, and another file without that overlay has none.
    assert "-20.4%" in amounts(tmp_path, "--env", "sale", "--base", "commet.yaml")[1]
    old = "old/commet.yaml"
    (tmp_path / "old").mkdir()
    (tmp_path / old).write_text(YAML, encoding="utf-8")
    assert "-20.4%" in amounts(tmp_path, "--env", "sale", "--base", old)[1]
    (tmp_path / "old" / "commet.sale.yaml").write_text((tmp_path / "commet.sale.yaml").read_text())
    assert "No changes" in amounts(tmp_path, "--env", "sale", "--base", old)[1]
    # An environment that the catalog does not have is a slip.
    assert run(tmp_path, "preview", "--env", "sail", "--base", old, key=None).code == 1


def test_a_date_of_the_environment_alone_is_known_on_both_sides(tmp_path: Path) -> None:
    dated(tmp_path)
    change = tmp_path / "changes" / "2050.yaml"
    change.write_text(CHANGE.replace("effective: 2050-01-01", "effective: {sale: 2050-01-01}"))
    assert "-20.4%" in amounts(tmp_path, "--env", "sale", "--base", "commet.yaml")[1]


def test_an_overlay_in_git_counts_from_the_revision_that_has_it(tmp_path: Path) -> None:
    write(tmp_path, YAML)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "commet.yaml"], ["commit", "-q", "-m", "first"]):
        subprocess.run([*git, *words], cwd=tmp_path, env=environment(), check=True)
    dated(tmp_path)
    assert "-20.4%" in amounts(tmp_path, "--env", "sale", "--base", "git:HEAD")[1]
    for words in (["add", "."], ["commit", "-q", "-m", "second"]):
        subprocess.run([*git, *words], cwd=tmp_path, env=environment(), check=True)
    assert "No changes" in amounts(tmp_path, "--env", "sale", "--base", "git:HEAD")[1]


def test_diff_shows_what_the_second_side_schedules_and_lays_overlays_by_the_same_rule(tmp_path: Path) -> None:
    dated(tmp_path)
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "commet.yaml").write_text(YAML, encoding="utf-8")
    ended = run(tmp_path, "diff", "old/commet.yaml", "commet.yaml", key=None)
    assert "No changes: both catalogs declare the same." in ended.out
    part = ended.out.partition("\nScheduled\n")[2]
    assert re.search(r"^2050-01-01(?: \(.+\))? · changes/2050.yaml · list prices$", part, re.MULTILINE)
    assert "49.00 → 59.00 USD" in part
    other = run(tmp_path, "diff", "commet.yaml", "old/commet.yaml", key=None)
    assert "Scheduled" not in other.out
    document = json.loads(run(tmp_path, "diff", "old/commet.yaml", "commet.yaml", "--format", "json", key=None).out)
    assert [each["file"] for each in document["plan"]["scheduled"]] == ["changes/2050.yaml"]
    assert [each["customers"] for each in document["plan"]["scheduled"]] == [None]
    for base in ("commet.yaml", "old/commet.yaml"):
        ended = run(tmp_path, "diff", base, "commet.yaml", "--env", "sale", key=None)
        assert "49.00 → 39.00 USD" in ended.out, ended.err
