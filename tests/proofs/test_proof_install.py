"""The wheel as people install it, with tools of their own and without the checkout: the demo runs with it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from commetctl import __version__
from commetctl.usecases.scaffold import SKILL

ROOT = Path(__file__).parents[2]
#: Made by `make .sdk/install/ready`: uv and pipx, and wheels of all that commetctl needs.
FETCHED = ROOT / ".sdk/install"

pytestmark = [
    pytest.mark.proof,
    pytest.mark.process,
    pytest.mark.skipif(not (FETCHED / "ready").exists(), reason="make .sdk/install/ready"),
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, in a folder beside nothing but its source archive."""
    out = tmp_path_factory.mktemp("release") / "out"
    words = [sys.executable, "ci/release.py", "build", str(out)]
    subprocess.run(words, cwd=ROOT, capture_output=True, timeout=120, check=True)
    return next(out.glob("*.whl"))


def environment(home: Path, *path: Path) -> Mapping[str, str]:
    """A home of its own, no network, and no way to the checkout; `path` comes before what every system has."""
    env = {"HOME": str(home), "PATH": os.pathsep.join([*map(str, path), "/usr/bin", "/bin"])}
    env |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(FETCHED / "wheels"), "PIP_CONFIG_FILE": os.devnull}
    return env | {"UV_NO_INDEX": "1", "UV_FIND_LINKS": str(FETCHED / "wheels"), "UV_OFFLINE": "1", "UV_NO_CONFIG": "1"}


def ran(home: Path, *words: str, path: tuple[Path, ...] = (), env: Mapping[str, str] | None = None) -> str:
    """What a command printed, which has to succeed."""
    given = {**environment(home, *path), **(env or {})}
    ended = subprocess.run(words, cwd=home, env=given, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def demo(home: Path, folder: Path) -> None:
    """Run the demo with the commetctl of a folder, and see that it is the wheel's."""
    shutil.copytree(ROOT / "examples", home / "examples")
    said = ran(home, "sh", "examples/demo.sh", path=(folder, Path(sys.executable).resolve().parent))
    assert "Done. The file and Commet agree" in said
    assert __version__ in ran(home, "commetctl", "--version", path=(folder,))
    # What lies beside the modules was installed too.
    assert ran(home, "commetctl", "help", "skill", path=(folder,)) == (ROOT / SKILL).read_text("utf-8")
    ran(home, "commetctl", "init", "shop", path=(folder,))
    assert (home / "shop/.github/workflows/pricing.yml").is_file()
    assert (folder / "commetctl").resolve().is_relative_to(home)


def test_a_clean_environment_by_the_script_of_releases(wheel: Path, tmp_path: Path) -> None:
    env = environment(tmp_path)
    words = [sys.executable, str(ROOT / "ci/release.py"), "try", str(wheel.parent)]
    ended = subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stderr
    assert "Done. The file and Commet agree" in ended.stdout


def test_uv_tool_install_and_uvx(wheel: Path, tmp_path: Path) -> None:
    tools = FETCHED / "tools/bin"
    ran(tmp_path, "uv", "tool", "install", "--python", sys.executable, str(wheel), path=(tools,))
    demo(tmp_path, tmp_path / ".local/bin")
    words = ("uvx", "--python", sys.executable, "--from", str(wheel), "commetctl", "--version")
    assert __version__ in ran(tmp_path, *words, path=(tools,))


def test_pipx_install(wheel: Path, tmp_path: Path) -> None:
    env = {"PIPX_HOME": str(tmp_path / "pipx"), "PIPX_BIN_DIR": str(tmp_path / "bin"), "PIPX_DEFAULT_BACKEND": "pip"}
    env |= {"PIPX_MAN_DIR": str(tmp_path / "man")}
    words = ("pipx", "install", "--python", sys.executable, str(wheel))
    ran(tmp_path, *words, path=(FETCHED / "tools/bin",), env=env)
    demo(tmp_path, tmp_path / "bin")
    assert (tmp_path / "man/man1/commetctl-plan.1").read_bytes() == (ROOT / "docs/man/commetctl-plan.1").read_bytes()
