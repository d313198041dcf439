"""S22 to S24: what is listened to, which code runs, and where it comes from."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cli.running import TIMEOUT, environment, run, write
from emulator.process import emulator_process
from every import every
from test_architecture import SOURCE, imports, modules, named, tree

ROOT = SOURCE.parents[1]

#: What runs text or bytes as code, starts programs, or turns verification off.
FORBIDDEN_MODULES = {"pickle", "cPickle", "dill", "marshal", "shelve", "subprocess", "pty", "ctypes", "runpy", "code",
                     "codeop", "yaml", "xml", "telnetlib", "ftplib", "imp"}  # fmt: skip
#: The one program that is run, git, to read a revision of the catalog; and the one use of XML, which is to write it.
EXCEPTIONS = {"catalog/git.py": {"subprocess"}, "render/ci.py": {"xml"}}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__", "system", "popen", "execv", "execve", "execvp", "spawnv",
                   "spawnl", "posix_spawn", "fork", "_create_unverified_context", "mktemp", "loads_all"}  # fmt: skip


@pytest.mark.process
def test_s22_the_emulator_listens_to_this_machine_and_warns_where_it_does_not(tmp_path: Path) -> None:
    with emulator_process(tmp_path / "local.db") as running:
        assert running.url.startswith("http://127.0.0.1:")
        assert "reachable" not in running.stop()
    with emulator_process(tmp_path / "local.db", "--host", "0.0.0.0") as running:  # noqa: S104
        assert "reachable from other machines, and every API key is accepted" in running.stop()


@pytest.mark.process
def test_s22_local_opens_no_socket_and_reads_no_key(tmp_path: Path) -> None:
    write(tmp_path)
    script = (
        "import socket, sys\n"
        "def refuse(*_, **__): raise AssertionError('a socket')\n"
        "socket.socket.connect = socket.socket.bind = refuse\n"
        "sys.argv = ['commetctl', 'apply', '--local', '--yes', '--api-key-file', '/nowhere']\n"
        "from commetctl.cli import main; main()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment("nonsense"), capture_output=True, timeout=TIMEOUT,
        check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr


def calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def test_s23_no_module_runs_what_it_reads() -> None:
    every(modules(), check_runs_nothing, named)


def check_runs_nothing(path: Path) -> None:
    excepted = EXCEPTIONS.get(named(path), set())
    assert not ({name.partition(".")[0] for name in imports(path)} & FORBIDDEN_MODULES) - excepted
    for call in calls(tree(path)):
        function = call.func
        by_name = isinstance(function, ast.Name) and function.id in FORBIDDEN_CALLS
        # `re.compile` is the one of these that means something else.
        reached = isinstance(function, ast.Attribute) and function.attr in FORBIDDEN_CALLS - {"compile"}
        assert not by_name, f"line {call.lineno}"
        assert not reached, f"line {call.lineno}"
        for keyword in call.keywords:
            off = isinstance(keyword.value, ast.Constant) and keyword.value.value is False
            assert not (keyword.arg in ("verify", "check_hostname") and off), f"line {call.lineno}"
            assert keyword.arg != "shell", f"line {call.lineno}"


def test_s23_xml_is_written_and_never_read() -> None:
    text = (SOURCE / "render" / "ci.py").read_text("utf-8")
    used = set(re.findall(r"Xml\.(\w+)", text)) - {"Element"}
    assert used == {"SubElement", "indent", "tostring"}


def test_s23_git_reads_one_object_and_runs_nothing_of_the_repository(tmp_path: Path) -> None:
    """Neither its configuration nor the name of a revision makes a repository's git run a program."""
    write(tmp_path)
    evil = tmp_path / "evil"
    evil.write_text(f"#!/bin/sh\ntouch {tmp_path}/owned\ncat\n")
    evil.chmod(0o755)
    programs = ("core.pager", "core.fsmonitor", "filter.x.smudge", "diff.x.textconv")
    settings = {"alias.cat-file": f"!{evil}", "core.hooksPath": str(tmp_path)} | dict.fromkeys(programs, str(evil))
    (tmp_path / ".gitattributes").write_text("* filter=x diff=x\n")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=x", "-c", "user.email=x@x"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "commet.yaml", ".gitattributes"], check=True)
    subprocess.run([*git, "commit", "-qm", "x"], check=True)
    for name, value in settings.items():
        subprocess.run([*git, "config", name, value], check=True)
    assert run(tmp_path, "diff", key=None).code == 0
    for source in (
        "git:--output=owned",
        "git:-h",
        f"git:--upload-pack={evil}",
        "git:HEAD:/etc/passwd",
        "git::commet.yaml",
    ):
        ended = run(tmp_path, "diff", source, key=None)
        assert (ended.code, "does not name a file in a revision" in ended.err) == (1, True), source
    assert not (tmp_path / "owned").exists()


def test_s23_files_that_look_like_a_repository_are_not_taken_for_one(tmp_path: Path) -> None:
    """Git takes a folder with such files for a repository, and fetches an object that is not there by its `config`."""
    owned = tmp_path / "owned"
    config = f"[core]\nrepositoryformatversion = 1\nbare = false\nworktree = {tmp_path}\n"
    config += f'sshCommand = "touch {owned}; false"\n[extensions]\npartialClone = origin\n'
    config += '[remote "origin"]\nurl = ssh://nobody/nothing\npromisor = true\n'
    write(tmp_path)
    for name, text in {"HEAD": "ref: refs/heads/main\n", "config": config}.items():
        (tmp_path / name).write_text(text)
    for folder in ("objects", "refs"):
        (tmp_path / folder).mkdir()
    ended = run(tmp_path, "diff", f"git:{'1' * 40}", key=None)
    assert (ended.code, "cannot use bare repository" in ended.err) == (1, True)
    assert not owned.exists()


def test_s23_yaml_is_composed_and_never_constructed() -> None:
    text = "".join((SOURCE / "catalog" / name).read_text("utf-8") for name in ("document.py", "syntax.py"))
    assert re.findall(r"YAML\((.*?)\)", text) == ['typ="safe", pure=True']
    assert not re.search(r"\.(load|load_all|dump)\(", text)


@pytest.mark.process
@pytest.mark.parametrize(
    "module", ["click", "httpx", "ruamel", "pydantic", "json", "ssl", "sitecustomize", "commetctl"]
)
def test_s23_a_module_in_the_repository_is_not_run(tmp_path: Path, module: str) -> None:
    write(tmp_path)
    (tmp_path / f"{module}.py").write_text("open('owned', 'w').close()\n")
    program = Path(sys.executable).with_name("commetctl")
    ended = subprocess.run(
        [program, "plan", "--local"], cwd=tmp_path, env=environment(None), capture_output=True, timeout=TIMEOUT,
        check=False,
    )  # fmt: skip
    assert (ended.returncode, (tmp_path / "owned").exists()) == (0, False), ended.stderr


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_s24_every_requirement_is_pinned_with_its_hashes(path: Path) -> None:
    text = re.sub(r"(?m)^\s*#.*\n", "", path.read_text("utf-8")).replace("\\\n", " ")
    requirements = [line for line in text.splitlines() if line.strip()]
    assert requirements
    for line in requirements:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+ ", line), line
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", line), line
    assert "--index-url" not in text
    assert "--trusted-host" not in text


def test_s24_nothing_is_installed_without_its_hash() -> None:
    """But the package itself, which is here and takes nothing along."""
    for line in (ROOT / "Makefile").read_text("utf-8").splitlines():
        if "$(PIP)" in line:
            assert "--require-hashes" in line or ("--no-deps" in line and "--no-build-isolation" in line), line


def test_s24_a_workflow_may_read_and_no_more() -> None:
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        text = path.read_text("utf-8")
        assert re.search(r"(?m)^permissions:( \{\}$|\n  contents: read$)", text), path
        assert "pull_request_target" not in text
        assert "secrets." not in text
