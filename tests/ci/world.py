"""A whole world for the action: a repository of git, a GitHub, a Commet, and a runner between them."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ci.actions import Job, Ran, nothing_strange
from ci.hub import REPOSITORY, TOKEN, WORKFLOW, Hub, Storage
from ci.serving import serving
from cli.running import KEY, run
from emulator.serving import emulator_server
from starting import python, standby

YAML = """\
version: 1
mode: sandbox
features:
  calls: {name: Calls, type: usage}
plans:
  pro: {name: Pro, consumption_model: metered, prices: {monthly: {price: 49}}, features: {calls: {included_amount: 9}}}
"""
DEARER = YAML.replace("price: 49", "price: 59")
_GIT = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.example", "GIT_COMMITTER_NAME": "a"}
_GIT |= {"GIT_COMMITTER_EMAIL": "a@b.example", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
#: Notes every word and variable that a program is started with, and goes on as that program.
_WATCHED = '#!/bin/sh\n{{ printf "%s\\n" "{name} $*"; }} >> "{log}.words"\nenv | sed "s|^|{name} $1 |" >> "{log}.env"\n'


@dataclass
class Pull:
    """A pull request."""

    number: int
    branch: str
    base: str
    head: str
    #: What GitHub checks out for it: the head merged into the base.
    merged: str = ""


@dataclass
class World:
    """All of it, and what may be done in it."""

    folder: Path
    url: str
    hub: Hub
    file: str = "commet.yaml"
    ran: list[Ran] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.repository = self.folder / "repository"
        self.repository.mkdir()
        self.git("init", "-q", "-b", "main")
        self.python = self._watched("python", python())
        self.commetctl = self._watched("commetctl", standby())
        self.hub.contains = self._contains
        self.hub.between = lambda old, new: self.git("diff", "--name-only", f"{old}...{new}").split()

    def git(self, *words: str) -> str:
        env = {**_GIT, "PATH": os.environ["PATH"], "HOME": str(self.folder)}
        ended = subprocess.run(
            ["git", *words], cwd=self.repository, env=env, capture_output=True, text=True, check=True, timeout=30
        )
        return ended.stdout.strip()

    def _contains(self, old: str, new: str) -> bool:
        """Whether a commit is in the history of another."""
        words = ["git", "merge-base", "--is-ancestor", old, new]
        return subprocess.run(words, cwd=self.repository, capture_output=True, check=False, timeout=30).returncode == 0

    def commit(self, yaml: str) -> str:
        """Write the catalog and commit it."""
        file = self.repository / self.file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(yaml, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-qm", "prices", "--allow-empty")
        return self.git("rev-parse", "HEAD")

    def settle(self, yaml: str = YAML) -> None:
        """A main branch with a catalog that is applied."""
        self.commit(yaml)
        self.apply_by_hand()

    def apply_by_hand(self) -> None:
        """Apply what is checked out, from another machine."""
        other = self.folder / "elsewhere"
        other.mkdir(exist_ok=True)
        words = (
            "apply",
            "--yes",
            "--api-url",
            self.url,
            "--journal",
            str(other),
            "-f",
            str(self.repository / self.file),
        )
        assert run(other, *words).code == 0

    def open_pull(self, yaml: str, branch: str = "dearer", number: int = 7) -> Pull:
        base = self.git("rev-parse", "main")
        self.git("checkout", "-q", "-b", branch, "main")
        pull = Pull(number, branch, base, "")
        return self.push(pull, yaml)

    def push(self, pull: Pull, yaml: str) -> Pull:
        """Another commit on its branch."""
        self.git("checkout", "-q", pull.branch)
        pull.head = self.commit(yaml)
        self.git("checkout", "-q", "--detach", "main")
        self.git("merge", "-q", "--no-ff", "--no-edit", pull.head)
        pull.merged = self.git("rev-parse", "HEAD")
        return pull

    def merge(self, pull: Pull, **more: Any) -> str:
        """Squash it into main, as GitHub does; the new commit."""
        self.git("checkout", "-q", "main")
        self.git("merge", "-q", "--squash", pull.head)
        self.git("commit", "-qm", "prices, merged")
        commit = self.git("rev-parse", "HEAD")
        home = {"full_name": REPOSITORY}
        row = {"number": pull.number, "merged_at": "2026-01-02T00:00:00Z", "merge_commit_sha": commit}
        row |= {"base": {"ref": "main", "repo": home}, "head": {"sha": pull.head, "ref": pull.branch, "repo": home}}
        row |= {"created_at": "2026-01-01T00:00:00Z", "closed_at": "2026-01-02T00:00:00Z"}
        self.hub.pulls[commit] = [{**row, **more}]
        self.hub.opened.append({**row, **more})
        return commit

    def plan(self, pull: Pull, *, source: str | None = REPOSITORY, kind: str = "pull_request", **inputs: str) -> Ran:
        """The job on a pull request; what it uploads is kept as GitHub keeps it."""
        self.git("checkout", "-q", "--detach", pull.merged)
        repo = {"full_name": source} if source else None
        head = {"sha": pull.head, "ref": pull.branch, "repo": repo}
        event = {"pull_request": {"number": pull.number, "head": head, "base": {"sha": pull.base}}}
        ran = self.run(kind, pull.merged, f"refs/pull/{pull.number}/merge", event, command="plan", **inputs)
        for name, file in ran.uploads:
            self.hub.upload(name, {file.name: file.read_bytes()}, pull.head, head_branch=pull.branch, event=kind)
        return ran

    def apply(self, commit: str, **inputs: str) -> Ran:
        """The job on a push to main, of one commit unless `before` is another one."""
        before = inputs.pop("before", "") or self.git("rev-parse", f"{commit}^")
        self.git("checkout", "-q", "--detach", commit)
        return self.run("push", commit, "refs/heads/main", {"before": before}, command="apply", **inputs)

    def by_hand(self, commit: str, **inputs: str) -> Ran:
        """The job that somebody started on main."""
        self.git("checkout", "-q", "--detach", commit)
        return self.run("workflow_dispatch", commit, "refs/heads/main", {}, command="apply", **inputs)

    def drift(self, **inputs: str) -> Ran:
        """The job on a schedule."""
        self.git("checkout", "-q", "main")
        return self.run("schedule", self.git("rev-parse", "HEAD"), "refs/heads/main", {}, command="drift", **inputs)

    def due(self, **inputs: str) -> Ran:
        """The other job on a schedule."""
        self.git("checkout", "-q", "main")
        return self.run("schedule", self.git("rev-parse", "HEAD"), "refs/heads/main", {}, command="due", **inputs)

    def run(self, kind: str, sha: str, ref: str, event: dict[str, Any], **inputs: str) -> Ran:
        """Any job."""
        uploads = inputs.pop("uploads", "yes") == "yes"
        temp = self.folder / f"temp{len(self.ran)}"
        temp.mkdir()
        (temp / "event.json").write_text(json.dumps(event), encoding="utf-8")
        env = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        env |= {"GITHUB_ACTIONS": "true", "CI": "true", "GITHUB_EVENT_NAME": kind, "GITHUB_SHA": sha, "GITHUB_REF": ref}
        env |= {"GITHUB_WORKFLOW_REF": f"{REPOSITORY}/{WORKFLOW}@{ref}"}
        env |= {"GITHUB_EVENT_PATH": str(temp / "event.json"), "GITHUB_WORKSPACE": str(self.repository)}
        env |= {"GITHUB_REPOSITORY": REPOSITORY, "GITHUB_API_URL": self.hub.url, "RUNNER_TEMP": str(temp)}
        env |= {"GITHUB_GRAPHQL_URL": f"{self.hub.url}/graphql", "GITHUB_SERVER_URL": "https://github.example"}
        env |= {"GITHUB_RUN_ID": "99", "ACTIONS_RUNTIME_TOKEN": "a-token-of-the-runner", **self.env}
        named = {name.replace("_", "-"): value for name, value in inputs.items()}
        given = {"api-url": self.url, "api-key": KEY, "python": str(self.python), "commetctl": str(self.commetctl)}
        ran = Job({**given, **named}, env, TOKEN, temp, uploads).run()
        self.ran.append(ran)
        return ran

    def started(self, kind: str) -> str:
        """Every word (`words`) or variable (`env`) that a program was started with."""
        file = self.folder / f"started.{kind}"
        return file.read_text("utf-8", errors="replace") if file.exists() else ""

    def _watched(self, name: str, program: str) -> Path:
        file = self.folder / name
        file.write_text(_WATCHED.format(name=name, log=self.folder / "started") + f'exec {program} "$@"\n', "utf-8")
        file.chmod(0o755)
        return file

    def check_secrets(self) -> None:
        """Neither the key nor the token is anywhere that people or other programs look."""
        everything = [self.started("words"), json.dumps([self.hub.comments, self.hub.issues], default=str)]
        everything += [ran.log + ran.summary + json.dumps(ran.outputs) for ran in self.ran]
        everything += [packed.decode("latin-1") for packed in self.hub.storage.archives.values()]
        kept = (file for temp in self.folder.glob("temp*") for file in temp.rglob("*") if file.is_file())
        everything += [file.read_text("latin-1") for file in kept]
        for text in everything:
            assert KEY not in text
            assert TOKEN not in text
        for line in self.started("env").splitlines():
            assert not (KEY in line and not line.endswith(f"COMMET_API_KEY={KEY}"))
            assert not (KEY in line and not line.startswith("commetctl ") and "run_commetctl" not in line)
            assert not (TOKEN in line and "report.py" not in line and "find_plan.py" not in line)
        heard = [*self.hub.requests, *self.hub.storage.requests]
        assert not any(KEY in f"{request.headers}{request.body}{request.path}" for request in heard)


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Ends with a look at what every story has to hold to."""
    storage = Storage()
    hub = Hub(storage)
    with serving(storage), serving(hub), emulator_server(":memory:") as commet:
        made = World(folder, commet.url, hub)
        yield made
    nothing_strange(hub, storage)
    made.check_secrets()
