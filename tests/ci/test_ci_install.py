"""The installing step, for real but without the network: what it would fetch is there already, except commetctl."""

import os
import site
import subprocess
import sys
from pathlib import Path

import pytest

from ci.actions import ROOT, outputs

pytestmark = pytest.mark.process


def present(folder: Path) -> Path:
    """Everything that is installed here but commetctl and pip, as a folder to import from."""
    folder.mkdir()
    for item in Path(site.getsitepackages()[0]).iterdir():
        if not item.name.lower().startswith(
            ("commetctl", "_commetctl", "_editable", "pip", "setuptools", "__pycache__")
        ):
            (folder / item.name).symlink_to(item)
    return folder


def test_commetctl_is_installed_from_the_checkout_of_the_action(tmp_path: Path) -> None:
    output = tmp_path / "output"
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(present(tmp_path / "packages"))}
    env |= {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PYTHONDONTWRITEBYTECODE": "1"}
    env |= {"RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(output), "GITHUB_WORKSPACE": str(tmp_path)}
    env |= {f"COMMETCTL_CI_{name}": value for name, value in (("COMMAND", "plan"), ("COMMENT", "never"))}
    env |= {"COMMETCTL_CI_WITHOUT_PLAN": "refuse", "COMMETCTL_CI_FAIL_ON_DRIFT": "false"}
    words = [sys.executable, str(ROOT / "ci/install.py")]
    # What was pushed may hold anything, and none of it is run.
    pushed = tmp_path / "pushed"
    pushed.mkdir()
    for name in ("pip", "venv", "ensurepip", "hatchling", "json", "sitecustomize", "commetctl", "commetctl_ci"):
        (pushed / f"{name}.py").write_text("raise SystemExit('pwned')\n", encoding="utf-8")
    ended = subprocess.run(words, cwd=pushed, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    installed = Path(outputs(output.read_text("utf-8"))["commetctl"])
    assert installed.is_relative_to(tmp_path)
    said = subprocess.run(
        [str(installed), "--version"], env=env, capture_output=True, text=True, timeout=60, check=True
    )
    assert "commetctl" in said.stdout
    where = [str(installed.parent / "python"), "-c", "import commetctl; print(commetctl.__file__)"]
    found = subprocess.run(where, env=env, capture_output=True, text=True, timeout=60, check=True)
    assert Path(found.stdout.strip()).is_relative_to(installed.parents[1])


def test_what_cannot_be_installed_is_said(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "RUNNER_TEMP": str(tmp_path), "PIP_NO_INDEX": "1"}
    env |= {"PIP_CONFIG_FILE": os.devnull, "GITHUB_OUTPUT": str(tmp_path / "output"), "GITHUB_WORKSPACE": str(tmp_path)}
    env |= {f"COMMETCTL_CI_{name}": value for name, value in (("COMMAND", "plan"), ("COMMENT", "never"))}
    env |= {"COMMETCTL_CI_WITHOUT_PLAN": "refuse", "COMMETCTL_CI_FAIL_ON_DRIFT": "false"}
    words = [sys.executable, str(ROOT / "ci/install.py")]
    ended = subprocess.run(words, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 1
    assert "::error title=commetctl::commetctl could not be installed" in ended.stdout
    assert not (tmp_path / "output").exists()
