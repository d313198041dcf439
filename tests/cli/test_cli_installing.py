"""The completion script in its place, and the manual pages."""

import shutil
import subprocess
from pathlib import Path

import pytest

from cli.running import run
from commetctl.cli.man import man_pages

PLACES = {
    "bash": ".local/share/bash-completion/completions/commetctl",
    "zsh": ".local/share/zsh/site-functions/_commetctl",
    "fish": ".config/fish/completions/commetctl.fish",
}


@pytest.mark.parametrize("shell", PLACES)
def test_the_script_is_written_to_its_place_and_nothing_else(shell: str, tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "SHELL": f"/usr/bin/{shell}"}
    (tmp_path / ".zshrc").write_text("# mine\n")
    place = tmp_path / PLACES[shell]
    ended = run(tmp_path, "completion", "install", key=None, env=env)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"the completion for {shell} is in {place}\n")
    assert ended.out.endswith(f"to undo it: rm {place}\n")
    assert (f"fpath=({place.parent} $fpath)" in ended.out) is (shell == "zsh")
    assert place.read_text() == run(tmp_path, "completion", shell, key=None).out
    again = run(tmp_path, "completion", "install", shell, key=None, env=env | {"SHELL": ""})
    assert (again.code, again.out.startswith(f"{place} is there already\n")) == (0, True)
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted([place, tmp_path / ".zshrc"])
    assert (tmp_path / ".zshrc").read_text() == "# mine\n"


def test_the_folders_that_are_named_otherwise_count(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path / "home"), "XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_DATA_HOME": "relative"}
    assert run(tmp_path, "completion", "install", "fish", key=None, env=env).code == 0
    assert (tmp_path / "config/fish/completions/commetctl.fish").is_file()
    assert run(tmp_path, "completion", "install", "bash", key=None, env=env).code == 0
    assert (tmp_path / "home" / PLACES["bash"]).is_file()


def test_a_file_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / PLACES["bash"]
    place.parent.mkdir(parents=True)
    place.write_text("# mine\n")
    ended = run(tmp_path, "completion", "install", "bash", key=None, env={"HOME": str(tmp_path)})
    assert (ended.code, place.read_text()) == (1, "# mine\n")
    assert "is not a completion script of commetctl" in ended.err


def test_a_shell_that_is_not_known_is_asked_for(tmp_path: Path) -> None:
    for shell in ("/bin/tcsh", ""):
        ended = run(tmp_path, "completion", "install", key=None, env={"SHELL": shell})
        assert (ended.code, "commetctl completion install bash" in ended.err) == (64, True)
    assert "completion install zsh" in run(tmp_path, "completion", "bash", "zsh", key=None).err


def test_there_is_a_manual_page_for_each_command(tmp_path: Path) -> None:
    pages = man_pages()
    assert {"commetctl.1", "commetctl-plan.1", "commetctl-packs-purchase.1"} <= set(pages)
    assert all(text.startswith(".TH COMMETCTL") and text.isascii() for text in pages.values())
    for words, name in (((), "commetctl.1"), (("plan",), "commetctl-plan.1")):
        assert run(tmp_path, "help", "--man", *words, key=None).out == pages[name] + "\n"
    assert "\\fB\\-\\-prune\\fP\nDelete the features" in pages["commetctl-plan.1"]
    # Nothing of this machine, and no date: they are built into the wheel.
    assert pages == man_pages()


@pytest.mark.process
@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_the_manual_pages_are_right_for_troff() -> None:
    text = "\n".join(man_pages().values())
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-z"], input=text, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stderr == ""
