"""`commetctl init` where it cannot: it says so, overwrites nothing and leaves nothing behind."""

import os
import resource
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.founded import everything, init
from cli.running import command, environment, run
from commetctl.core.errors import CommetctlError
from commetctl.core.files import create_all


def link(path: Path) -> None:
    path.symlink_to("nowhere")


@pytest.mark.parametrize("put", [Path.touch, Path.mkdir, link])
def test_a_catalog_that_is_there_stops_it(put: Callable[[Path], None], tmp_path: Path) -> None:
    put(tmp_path / "commet.yaml")
    ended = init(tmp_path)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "error: commet.yaml already exists, so nothing was written\n"
        "hint: name another folder, or continue with the existing catalog: `commetctl plan`\n"
    )
    assert everything(tmp_path) == ["commet.yaml"]
    assert init(tmp_path, "--format", "json").errors == ["catalog_there"]
    # Nor is an account asked first.
    assert init(tmp_path, "--from-live", "--format", "json").errors == ["catalog_there"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("file", "error: file is not a folder\n"),
        ("file/below", "error: file/below cannot be written: Not a directory\n"),
        ("new/" + "x" * 300, "cannot be written: File name too long\n"),
        ("dangling", "error: dangling is not a folder\n"),
    ],
    ids=["file", "below", "long", "dangling"],
)
def test_a_folder_that_cannot_be_is_an_error(name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "dangling").symlink_to("nowhere")
    ended = init(tmp_path, name)
    assert (ended.code, ended.out) == (1, "")
    assert said in ended.err
    assert "\nhint: " in ended.err
    assert everything(tmp_path) == ["dangling", "file"]


def test_a_workflow_goes_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/.github").symlink_to("../elsewhere")
    ended = init(tmp_path, "shop")
    assert ended.code == 1
    assert "error: shop/.github is not a real folder, so nothing can be written into it\n" in ended.err
    assert everything(tmp_path) == ["elsewhere", "shop", "shop/.github"]
    assert init(tmp_path, "shop", "--ci", "none").code == 0


def test_who_may_not_write_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests: a user without rights where it is root, else the rights of the folder."""
    monkeypatch.chdir(tmp_path)
    tmp_path.chmod(0o555)
    before = os.geteuid()
    try:
        if before == 0:
            os.seteuid(65534)
        with pytest.raises(CommetctlError, match=r"^shop cannot be written: Permission denied"):
            create_all(Path("shop"), {"a": "b"})
        with pytest.raises(CommetctlError, match=r"^a cannot be written: Permission denied"):
            create_all(Path(), {"a": "b"})
    finally:
        os.seteuid(before)
        tmp_path.chmod(0o755)
    assert everything(tmp_path) == []


@pytest.mark.process
def test_a_disk_that_is_full_leaves_nothing_behind(tmp_path: Path) -> None:
    """Files may have 8000 bytes here: the schema does not fit, and all that was made before it goes."""
    (tmp_path / "README.md").write_text("mine")
    # Python would cut its own files at that size too, and read them in every later run.
    env = environment(None, {"PYTHONDONTWRITEBYTECODE": "1"})
    ended = subprocess.run(
        command("init", "."), cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60,
        check=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8000, 8000)),
    )  # fmt: skip
    assert ended.returncode == 1
    assert "error: commet.schema.json cannot be written: File too large\n" in ended.stderr
    assert everything(tmp_path) == ["README.md"]


def test_a_file_that_appears_meanwhile_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("mine")
    with pytest.raises(CommetctlError, match="was created while this ran"):
        create_all(tmp_path, {"new/a": "1", "b": "2"})
    assert everything(tmp_path) == ["b"]
    assert (tmp_path / "b").read_text() == "mine"


def test_from_live_without_a_key_or_an_answer_leaves_nothing_behind(tmp_path: Path) -> None:
    assert init(tmp_path, "shop", "--from-live").code == 6
    words = ("init", "shop", "--from-live", "--retries", "0", "--api-url", "http://127.0.0.1:9")
    assert run(tmp_path, *words).code == 1
    assert everything(tmp_path) == []


@pytest.mark.parametrize(
    "words", [["--from-live", "--template", "fixed"], ["--local"], ["--api-key-file", "key"], ["--max-wait", "3"]]
)
def test_options_that_say_nothing_are_wrong_usage(words: list[str], tmp_path: Path) -> None:
    assert init(tmp_path, ".", *words).code == 64
    assert everything(tmp_path) == []
