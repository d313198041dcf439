"""A page as a script: its commands run in one folder, and the page comes back with what they printed.

- In a ```console block, `$ ` begins a command, and what follows is what stdout and stderr show of it. A line such as
  `… the plan again …` stands for any lines. `commetctl emulator` is another terminal: it stays until the next one.
- A ```diff block is an edit of commet.yaml, hunks being parted by `@@`. After `<!-- file: NAME -->` it is one of NAME,
  and any other block is a file of that name.
- After `<!-- run -->` a ```sh block is run as well, and what it prints is not shown.

Moments, ids and ports differ from run to run, and are not compared. `python -m docs_walk.walk` writes the pages anew.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from emulator.serving import Served, emulator_server
from starting import standby

DOCS = Path(__file__).parents[2] / "docs"
START = DOCS / "getting-started.md"
HOWTO = sorted((DOCS / "howto").glob("*.md"))
#: Where the pages say that the emulator is.
ADDRESS = "http://127.0.0.1:8377"

BLOCK = re.compile(
    r"^(?:<!-- (?:file: (?P<name>\S+)|(?P<run>run)) -->\n)?```(?P<kind>\w+)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
COMMAND = re.compile(r"^\$ (?P<line>(?:.*\\\n)*.*\n)(?P<output>(?:(?!\$ ).*\n)*)", re.MULTILINE)
ANY = re.compile(r" *… .* …")
PASSING = (
    (re.compile(r"\b\w{3} \w{3} \d+ \d\d:\d\d:\d\d 20\d\d [+-]\d{4}\b"), "WHEN"),
    (re.compile(r"\b(cpk|cus|ftr|pln|pp|req|sub)_[0-9a-f]{20}\b"), r"\1_ID"),
    (re.compile(r"\b20\d\d-\d\d-\d\d\b(?!\))"), "DATE"),
    (re.compile(r"\b\d\d:\d\d:\d\d\b"), "TIME"),
    (re.compile(r"(?<=\[main )[0-9a-f]{7,}\b"), "COMMIT"),
)
TIMEOUT = 120


def settled(text: str) -> str:
    """Without what differs from run to run."""
    for pattern, word in PASSING:
        text = pattern.sub(word, text)
    return text.strip("\n")


def same(page: str, printed: str) -> bool:
    """Whether that was printed, whatever stands for any lines."""
    lines = settled(page).split("\n")
    pattern = "".join(r"(?:.*\n)*?" if ANY.fullmatch(line) else re.escape(line) + "\n" for line in lines)
    return re.fullmatch(pattern, settled(printed) + "\n") is not None


def edited(text: str, diff: str) -> str:
    """A file after a patch, each hunk of which fits in one place."""
    for hunk in re.split(r"^@@.*\n", diff, flags=re.MULTILINE):
        lines = hunk.splitlines(keepends=True)
        before, after = ("".join(line[1:] or "\n" for line in lines if line[0] in f" {sign}\n") for sign in "-+")
        assert text.count(before) == 1, f"no one place for this:\n{hunk}"
        text = text.replace(before, after)
    return text


class Walk:
    """A folder with a shell and an emulator in it. Goes on where another walk ended, if one is given."""

    def __init__(self, folder: Path, after: "Walk | None" = None) -> None:
        self.folder = folder / "walk"
        self._emulator: Served | None = None
        self._end = ExitStack()
        self._program = folder / "bin" / "commetctl"
        self._program.parent.mkdir()
        self._program.write_text(f'#!/bin/sh\nexec {standby()} "$@"\n', encoding="utf-8")
        self._program.chmod(0o755)
        self._status, self._state = 0, "cd ."
        if after is None:
            self.folder.mkdir()
        else:
            after.stop()
            shutil.copytree(after.folder, self.folder)
            self._state = after._state.replace(str(after.folder), str(self.folder))
            self._serve([])

    def play(self, page: str) -> str:
        """The page with what its commands print now."""
        return BLOCK.sub(self._block, page)

    def stop(self) -> None:
        self._end.close()
        self._emulator = None

    def _block(self, block: re.Match[str]) -> str:
        if block["run"]:
            printed = self._do(block["body"])
            assert self._status == 0, printed
        elif block["kind"] == "console":
            return block[0].replace(block["body"], COMMAND.sub(self._command, block["body"]))
        elif block["kind"] == "diff":
            file = self._here() / (block["name"] or "commet.yaml")
            file.write_text(edited(file.read_text("utf-8"), block["body"]), "utf-8")
        elif block["name"]:
            (self._here() / block["name"]).write_text(block["body"], "utf-8")
        return block[0]

    def _command(self, command: re.Match[str]) -> str:
        printed = self._do(command["line"])
        if same(command["output"], printed):
            return command[0]
        more = "\n" if f"\n{command['output']}".endswith("\n\n") else ""
        return f"$ {command['line']}{printed}{more}"

    def _do(self, line: str) -> str:
        return self._serve(shlex.split(line)[2:]) if line.startswith("commetctl emulator") else self._run(line)

    def _serve(self, options: list[str]) -> str:
        # At the same address again, as far as this walk is concerned.
        port = ["--port", self._emulator.url.rpartition(":")[2]] if self._emulator else []
        self.stop()
        (self.folder / ".commet").mkdir(exist_ok=True)
        served = emulator_server(self.folder / ".commet" / "local.db", *port, *options)
        self._emulator = self._end.enter_context(served)
        return f"{ADDRESS}\n"

    def _here(self) -> Path:
        return Path(self._run("pwd").strip())

    def _run(self, line: str) -> str:
        """What a terminal shows of a command, which leaves its folder, variables and status to the next one."""
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as left:
            keep = f"status=$?; {{ export -p; printf 'cd %s' \"$PWD\"; }} > {left.name}; exit $status"
            script = f"set -a\n{self._state}\n(exit {self._status})\n{line}\n{keep}"
            real = self._emulator.url if self._emulator else ADDRESS
            ended = subprocess.run(
                ["sh", "-c", script.replace(ADDRESS, real)],
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                timeout=TIMEOUT,
                check=False,
            )
            self._status, self._state = ended.returncode, left.read().replace(real, ADDRESS)
        return ended.stdout.replace(real, ADDRESS)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name in ("LANG", "TMPDIR")}
        names = {
            f"GIT_{who}_{what}": "shop@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        git = {**names, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        path = os.pathsep.join([*map(str, (self._program.parent, Path(sys.executable).parent)), os.environ["PATH"]])
        return {**kept, **git, "PATH": path, "HOME": str(self.folder), "COLUMNS": "100", "NO_COLOR": "1"}


def main() -> None:
    """Write every page as it is now."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as ends:
        first: Walk | None = None
        for page in (START, *HOWTO):
            Path(folder, page.stem).mkdir()
            walk = Walk(Path(folder, page.stem), first)
            ends.callback(walk.stop)
            page.write_text(walk.play(page.read_text("utf-8")), "utf-8")
            walk.stop()
            first = first or walk


if __name__ == "__main__":
    main()
