"""The inputs of the action, as the steps in action.yml hand them over: by environment, never by text of a script."""

import hashlib
import json
import os
import re
import shlex
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from commetctl_ci.trouble import Trouble

PREFIX = "COMMETCTL_CI_"
#: The folder beside the catalog with the dated changes.
CHANGES = "changes"
_FILE = "settings.json"
COMMANDS = ("plan", "apply", "due", "drift")
#: What the action sets itself; a second one would change what it reads, saves or says.
_TAKEN = (
    *("-f", "--file", "--out", "--format", "--base", "--detailed-exitcode", "--yes", "-q", "--quiet", "--summary"),
    "--due",
)


@dataclass(frozen=True)
class Settings:
    """What was asked for, checked."""

    command: str
    file: str
    directory: str
    environment: str
    comment: str
    without_plan: str
    label: str
    fail_on_drift: bool
    extra: tuple[str, ...]
    #: The workflow file that makes the plans; empty for the one that runs.
    plan_workflow: str = ""
    #: The merged pull request whose plan is to be applied; 0 for the one of the commit.
    pull: int = 0

    @property
    def place(self) -> Path:
        """The folder that commetctl works in."""
        return _root() / self.directory

    @property
    def name(self) -> str:
        """What tells this catalog and account from others in the same repository."""
        return f"{self.directory}/{self.file}:{self.environment}"

    @property
    def marker(self) -> str:
        """The hidden first line of what is ours."""
        return marker(self.name)

    @property
    def dated(self) -> Path:
        """The folder with the dated changes."""
        return (self.place / self.file).parent / CHANGES

    def is_dated(self, path: str) -> bool:
        """Whether a file, as seen from the root of the repository, is in that folder."""
        return is_dated(path, Path(self.directory, self.file))

    def may_hold(self, path: str) -> bool:
        """Whether a file may be of the catalog: the main file, which has any name, a YAML file, or what holds one.

        In the folder with the dated changes, a file of any other name makes the catalog invalid.
        """
        return self._is_named_so(path) or self.is_dated(path) or path in self._linked or self._is_submodule(path)

    def _is_named_so(self, path: str) -> bool:
        return path.endswith((".yaml", ".yml")) or Path(path).name == Path(self.file).name

    @cached_property
    def _linked(self) -> frozenset[str]:
        """The files that links beside the catalog and below lead to, as seen from the root of the repository."""
        files = (self.place / self.file).parent.rglob("*")
        links = (file for file in files if file.is_symlink() and self._is_named_so(file.name))
        return frozenset(os.path.relpath(os.path.realpath(link), os.path.realpath(_root())) for link in links)

    def _is_submodule(self, path: str) -> bool:
        """Whether what changed is a repository in a folder: git and GitHub name no files in it."""
        return (_root() / path).is_dir()

    def artifact(self, sha: str) -> str:
        """The name under which the plan for a commit is kept; a second catalog or account has another."""
        first = (self.directory, self.file, self.environment) == (".", "commet.yaml", "")
        return f"commetctl-plan-{sha}" + ("" if first else "-" + hashlib.sha256(self.name.encode()).hexdigest()[:8])


def _root() -> Path:
    """The folder of the repository."""
    return Path(os.environ.get("GITHUB_WORKSPACE") or ".")


def marker(name: str) -> str:
    """A hidden line with a name in it; nothing in the name can end the comment that the line is."""
    safe = re.sub(r"[^\w./: @+-]|--+", lambda found: "".join(f"%{ord(c):02X}" for c in found[0]), name)
    return f"<!-- commetctl:{safe} -->"


def is_dated(path: str, file: Path) -> bool:
    """Whether a file is in the folder with the dated changes, beside the catalog `file`."""
    folder = Path(os.path.normpath(file.parent / CHANGES))
    return path.startswith(f"{folder.as_posix()}/")


def is_scheduled(markdown: str) -> bool:
    """Whether a plan has dated changes to come."""
    return re.search(r"^### Scheduled\b", markdown, re.MULTILINE) is not None


def given() -> Settings:
    """Read and check the inputs, as the first step has them. Raises Trouble for one that cannot be meant."""
    directory = os.path.normpath(_text("DIRECTORY") or ".")
    if Path(directory).is_absolute() or Path(directory).parts[:1] == ("..",):
        raise Trouble("working-directory has to be a folder of the repository")
    found = Settings(
        command=_choice("COMMAND", COMMANDS),
        file=_text("FILE") or "commet.yaml",
        directory=directory,
        environment=_text("ENVIRONMENT"),
        comment=_choice("COMMENT", ("changes", "always", "never")),
        without_plan=_choice("WITHOUT_PLAN", ("refuse", "apply")),
        label=_text("ISSUE_LABEL"),
        fail_on_drift=_choice("FAIL_ON_DRIFT", ("false", "true")) == "true",
        extra=_words(_text("EXTRA_ARGS")),
        plan_workflow=_workflow(_text("PLAN_WORKFLOW")),
        pull=_number("PULL_REQUEST"),
    )
    if found.pull and found.command != "apply":
        raise Trouble("pull-request is for `apply`: it names the merged pull request whose plan is applied")
    if not found.place.is_dir():
        raise Trouble(f"there is no folder {directory}: check out the repository first, or correct working-directory")
    return found


def keep(found: Settings, place: Path) -> None:
    """Leave them for the steps that follow."""
    (place / _FILE).write_text(json.dumps(asdict(found)), encoding="utf-8")


def settings() -> Settings:
    """The inputs as the first step left them."""
    found = json.loads((folder() / _FILE).read_text("utf-8"))
    return Settings(**{**found, "extra": tuple(found["extra"])})


def folder() -> Path:
    """Where the steps leave things for each other."""
    found = Path(os.environ.get(PREFIX + "FOLDER") or "")
    if not (found.is_absolute() and (found / _FILE).is_file()):
        raise Trouble("the step that installs commetctl has not run")
    return found


def _text(name: str) -> str:
    value = os.environ.get(PREFIX + name, "").strip()
    if any(ord(character) < 32 for character in value.replace("\n", " " if name == "EXTRA_ARGS" else "\n")):
        raise Trouble(f"{_input(name)} has to be one line of plain text")
    return value


def _choice(name: str, allowed: tuple[str, ...]) -> str:
    value = _text(name)
    if value not in allowed:
        raise Trouble(f"{_input(name)} has to be one of: {', '.join(allowed)}")
    return value


def _number(name: str) -> int:
    """The number of a pull request, also with `#` before it; 0 for none."""
    value = _text(name).removeprefix("#")
    if value and not re.fullmatch(r"[1-9][0-9]{0,9}", value):
        raise Trouble(f"{_input(name)} has to be the number of a pull request")
    return int(value or "0")


def _words(text: str) -> tuple[str, ...]:
    """The words as a shell would split them; nothing is expanded or run."""
    try:
        words = tuple(shlex.split(text))
    except ValueError as error:
        raise Trouble(f"extra-args cannot be split into words: {error}") from None
    for word in words:
        if word.partition("=")[0] in _TAKEN or re.match(r"-[a-z]*[fq]", word):
            raise Trouble(f"extra-args may not hold {word.partition('=')[0]}: the action sets that itself")
        if word == "--help" or re.match(r"-[a-z]*h", word):
            raise Trouble(f"extra-args may not hold {word}: commetctl would print its help, and do nothing else")
    return words


def _workflow(text: str) -> str:
    """A path from the root of the repository; a bare name is in the folder that all workflows are in."""
    if not text:
        return ""
    found = text if "/" in text else f".github/workflows/{text}"
    if not re.fullmatch(r"\.github/workflows/[\w. -]+\.ya?ml", found):
        raise Trouble("plan-workflow has to be a file in .github/workflows")
    return found


def _input(name: str) -> str:
    return {"DIRECTORY": "working-directory"}.get(name, name.lower().replace("_", "-"))
