"""`--summary FILE`: the same as Markdown in a file, whole, whatever goes to standard output."""

from pathlib import Path

import pytest

from cli.running import YAML, run, write
from commetctl.render.markdown import LONGEST_SUMMARY

#: More plans than a comment has room for.
MANY = "version: 1\nplans:\n" + "".join(
    f"  p{n}: {{name: Plan {n}, prices: {{monthly: {{price: {n}, is_default: true}}, yearly: {{price: {n * 9}}}}}}}\n"
    for n in range(1, 301)
)


def test_it_is_whole_where_the_comment_is_shortened(tmp_path: Path) -> None:
    write(tmp_path, MANY)
    words = ("--detailed-exitcode", "--format", "markdown", "--summary", "summary.md")
    for command in (("plan", "--local"), ("apply", "--dry-run", "--local"), ("diff", "/dev/null", "commet.yaml")):
        ended = run(tmp_path, *command, *words, key=None)
        assert (ended.code, "**Not shown here" in ended.out) == (2, True)
        whole = (tmp_path / "summary.md").read_text("utf-8")
        assert "**Not shown here" not in whole
        assert whole.count("### Pricing: ") == 1
        assert all(f"`plan_price.p{number}/yearly`" in whole for number in range(1, 301))
        (tmp_path / "summary.md").unlink()


@pytest.mark.parametrize("kind", ["text", "json", "github", "junit", "html"])
def test_it_goes_with_every_format_and_adds_to_what_is_there(tmp_path: Path, kind: str) -> None:
    write(tmp_path)
    (tmp_path / "summary.md").write_text("before\n", encoding="utf-8")
    words = ("plan", "--local", "--format", kind)
    ended = run(tmp_path, *words, "--summary", "summary.md", key=None)
    assert ended == run(tmp_path, *words, key=None)
    markdown = run(tmp_path, "plan", "--local", "--format", "markdown", key=None).out
    assert (tmp_path / "summary.md").read_text("utf-8").split() == ["before", *markdown.split()]


def test_what_is_longer_is_shortened_by_the_same_rules() -> None:
    """Those of `plan --format markdown`, which keep any limit and count what is left out."""
    assert 900_000 < LONGEST_SUMMARY < 1024 * 1024


def test_what_the_file_holds_counts(tmp_path: Path) -> None:
    """GitHub drops a summary of more than 1 MiB as a whole."""
    write(tmp_path, MANY)
    file = tmp_path / "summary.md"
    words = ("diff", "/dev/null", "commet.yaml", "--summary", "summary.md")
    for room, code in ((20_000, 0), (3_000, 1)):
        file.write_bytes(b"x" * (LONGEST_SUMMARY - room))
        ended = run(tmp_path, *words, key=None)
        assert (ended.code, "has no room left" in ended.err) == (code, bool(code))
        assert file.stat().st_size <= LONGEST_SUMMARY + 1
        assert ("**Not shown here" in file.read_text("utf-8")) == (not code)


def test_a_failure_is_in_it_too(tmp_path: Path) -> None:
    write(tmp_path, YAML.replace("usage", "usages"))
    assert run(tmp_path, "plan", "--local", "--summary", "summary.md", key=None).code == 3
    assert "commet.yaml:3:" in (tmp_path / "summary.md").read_text("utf-8")


@pytest.mark.parametrize("place", [".", "none/summary.md", "/dev/full"])
def test_a_summary_that_cannot_be_written_is_exit_1(tmp_path: Path, place: str) -> None:
    write(tmp_path)
    ended = run(tmp_path, "plan", "--local", "--detailed-exitcode", "--summary", place, key=None)
    assert (ended.code, "cannot be written" in ended.err) == (1, True)
    assert "+ Calls" in ended.out
